"""A service that has been in use for a while: thousands of bookings in its file before it starts.

Written through `bot.storage`, with neither rooms nor reminders, which the bookings of a real town have already
had sent or have yet to come.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from pathlib import Path

from bot.actions.ports import SlotLost
from bot.actions.search import days_ahead, slots_on
from bot.config.reading import read
from bot.config.state import StateFolder
from bot.domain.availability import Calendar, offered, slots_of_day
from bot.domain.booking import NewAppointment, new_appointment
from bot.domain.directory import Directory
from bot.domain.ids import ServiceId, UserId
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction

FUTURE_DAYS, PAST_DAYS = 60, 400
TAKEN_AHEAD = 3
"""In the days ahead every third time of an official is taken; in the days behind every one was."""
CITIZENS = 3000


def fill(state: StateFolder, config: Path, number: int) -> None:
    """Seeds the file as the service does at its first start, and books."""
    configuration = read(config)
    now = datetime.now(UTC)
    with Database(state.database, state.backup) as store:

        def work(tx: SqlTransaction) -> None:
            tx.entries.replace(configuration.entries, configuration.entries)
            booked = sum(islice(_booked(tx, configuration.directory, now), number))
            if booked < number:
                raise RuntimeError(f"only {booked} bookings fit into the calendar")

        store.transact_now(work)


def _booked(tx: SqlTransaction, directory: Directory, now: datetime) -> Iterator[int]:
    """One for each that was booked; where a buffer reaches into the next time, that one is left out."""
    for new in _bookings(directory, now.date()):
        with suppress(SlotLost):
            tx.appointments.add(new, now)
            yield 1


def _bookings(directory: Directory, today: date) -> Iterator[NewAppointment]:
    """Half of them, at most, ahead: an official's last service in the file stands for all that they give."""
    service_of = {official: service for service in directory.services.values() for official in service.officials}
    calendar = Calendar((), directory.closures, directory.municipality.time_zone)
    days = [*range(1, FUTURE_DAYS), *range(-1, -PAST_DAYS, -1)]
    citizen = 0
    for shift, (official, service) in product(days, service_of.items()):
        day = today + timedelta(days=shift)
        starts = offered(service, slots_of_day(service, [directory.officials[official]], day, calendar))
        for slot in list(starts)[:: TAKEN_AHEAD if shift > 0 else 1]:
            citizen = (citizen + 1) % CITIZENS
            user = UserId(f"@asukas{citizen}:{directory.municipality.server_name}")
            yield new_appointment(service, official, user, slot.start)


async def free_starts(store: Database, service_id: ServiceId, number: int) -> list[str]:
    """Free starts after today, as a person would type them; none of them takes another's time."""
    now = datetime.now(UTC)

    def work(tx: SqlTransaction) -> list[str]:
        service, zone = tx.directory.services[service_id], tx.directory.municipality.time_zone
        days = islice(days_ahead(tx, service, now), 1, None)
        slots = (slot for day in days for slot in offered(service, slots_on(tx, service, day, now)))
        return [f"{slot.start.astimezone(zone):%Y-%m-%d %H:%M}" for slot in islice(slots, number)]

    return await store.transact(work)
