"""The whole round of an official's own calendar: a real TLS server, real storage, and what citizens are offered."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.actions import own_calendar
from bot.actions.own_calendar import PATIENCE, PERIOD
from bot.actions.ports import Transaction
from bot.actions.rooms import RoomKind
from bot.actions.search import slots_on
from bot.calendar_round import CalendarRound
from bot.calendars.limits import Unreadable
from bot.config.entries import EntryKind
from bot.domain.ids import OfficialId, RoomId
from bot.domain.own_calendar import Trouble
from bot.storage.transaction import SqlTransaction
from bot.web.fetching import Fetcher, FetchLimits, NotFetched, Reason
from tests.support.tls import Trust, trust_for
from tests.support.town import INSPECTOR, NOW, PERMIT, TUESDAY, ZONE, Town, open_town
from tests.web.fetch_server import HOST, Answer, Server, fetcher, saying, serving

OFFICIAL = OfficialId("rakennustarkastaja")
BUSY = ("DTSTART;TZID=Europe/Helsinki:20270112T090000", "DTEND;TZID=Europe/Helsinki:20270112T100000")
"""Tuesday from nine to ten."""


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trust_for(HOST, tmp_path_factory.mktemp("tls"))


def calendar(*lines: str, uid: str = "1") -> bytes:
    event = ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT") if lines else ()
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *event, "END:VCALENDAR", "")).encode()


@dataclass
class Desk:
    """An official who has a direct room; `now` is what the round believes."""

    town: Town
    now: datetime = NOW
    queued: list[datetime] = field(default_factory=list)

    def set(self, address: str) -> None:
        def work(tx: Transaction) -> None:
            own_calendar.set_address(tx, tx.directory.officials[OFFICIAL], address, self.now)

        self.town.do(work)

    def round(self, make: Callable[[], Fetcher]) -> CalendarRound:
        return CalendarRound(self.town.store, make, lambda: self.now, queued=lambda: self.queued.append(self.now))

    async def read(self, trust: Trust, answer: Answer, *, times: int = 1) -> Server:
        """The server at the address answers so, as many rounds, one period after the other."""
        async with serving(trust, answer) as server:
            if self.town.do(lambda tx: tx.feeds.source(OFFICIAL)) is None:
                self.set(f"https://{HOST}/own.ics")
            reader = self.round(lambda: _Nearby(trust, server))
            for _ in range(times):
                assert await reader.once() == 1
                self.now += PERIOD
        return server

    def free(self) -> list[str]:
        """Local starts that are offered on Tuesday."""
        service = self.town.do(lambda tx: tx.directory.services[PERMIT])
        day = TUESDAY.astimezone(ZONE).date()
        found = self.town.do(lambda tx: slots_on(tx, service, day, NOW))
        return [f"{slot.start.astimezone(ZONE):%H:%M}" for slot in found]

    def told(self) -> list[str]:
        return [
            str(payload["body"]) for room, kind, _, payload in self.town.outbox() if (room, kind) == ("direct", "say")
        ]


class _Nearby(Fetcher):
    """Asks the test's server, whatever port an address names."""

    def __init__(self, trust: Trust, server: Server) -> None:
        self._inner = fetcher(trust, server)
        self._port_there = server.port

    async def fetch(self, address: str, limits: FetchLimits) -> bytes | NotFetched:
        return await self._inner.fetch(address.replace(HOST, f"{HOST}:{self._port_there}"), limits)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_town(tmp_path) as town:
        town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, INSPECTOR, RoomId("!direct"), NOW))
        yield Desk(town)


async def test_busy_times_are_not_offered_and_come_back_when_the_entry_is_gone(desk: Desk, trust: Trust) -> None:
    assert "09:00" in desk.free()
    await desk.read(trust, saying(calendar(*BUSY)))
    assert not {"09:00", "09:15", "09:30", "09:45"} & set(desk.free())
    assert "10:00" in desk.free()
    await desk.read(trust, saying(calendar()))
    assert "09:00" in desk.free()


async def test_the_official_hears_once_that_it_works(desk: Desk, trust: Trust) -> None:
    await desk.read(trust, saying(calendar(*BUSY)), times=3)
    (said,) = desk.told()
    assert "Siinä on varattuja aikoja edessä: 1." in said
    assert desk.queued


async def test_ending_the_reading_frees_the_time(desk: Desk, trust: Trust) -> None:
    await desk.read(trust, saying(calendar(*BUSY)))
    desk.town.do(lambda tx: own_calendar.end(tx, tx.directory.officials[OFFICIAL]))
    assert "09:00" in desk.free()
    assert await desk.round(Fetcher).once() == 0


async def test_failures_keep_what_was_read_and_the_third_is_told_once(desk: Desk, trust: Trust) -> None:
    await desk.read(trust, saying(calendar(*BUSY)))
    await desk.read(trust, saying(b"", status="503 Service Unavailable"), times=PATIENCE - 1)
    assert len(desk.told()) == 1
    await desk.read(trust, saying(b"", status="503 Service Unavailable"), times=3)
    _, said = desk.told()
    for words in ("ei onnistu", "ei anna kalenteria", "pysyvät voimassa", "!kalenteri osoite pois"):
        assert words in said
    assert "09:00" not in desk.free()
    await desk.read(trust, saying(calendar(*BUSY)))
    assert "luetaan" in desk.told()[-1]


async def test_the_first_reading_that_fails_is_told_at_once(desk: Desk, trust: Trust) -> None:
    await desk.read(trust, saying(b"<html>"), times=4)
    (said,) = desk.told()
    assert "ei ole kalenteria" in said
    assert "pysyvät voimassa" not in said


async def test_an_address_that_has_come_to_lead_into_a_closed_network_is_told_at_once(desk: Desk, trust: Trust) -> None:
    await desk.read(trust, saying(calendar(*BUSY)))

    async def inside(_host: str, _port: int) -> list[str]:
        return ["10.0.0.7"]

    await desk.round(lambda: Fetcher(lookup=inside)).once()
    said = desk.told()[-1]
    assert "suljettuun verkkoon" in said
    assert "Yritän uudelleen" not in said
    assert "09:00" not in desk.free()


async def test_what_is_not_understood_is_told_once(desk: Desk, trust: Trust) -> None:
    await desk.read(trust, saying(calendar("DTSTART:nonsense")), times=2)
    (said,) = desk.told()
    assert "En ymmärtänyt kalenterisi kaikkia merkintöjä" in said


async def test_our_own_appointments_that_come_back_block_nothing(desk: Desk, trust: Trust) -> None:
    booked = desk.town.booked()
    await desk.read(trust, saying(calendar(*BUSY, uid=f"{booked.number}@localhost")))
    assert desk.town.rows("SELECT count(*) FROM block") == [(0,)]
    await desk.read(trust, saying(calendar(*BUSY, uid=f"{booked.number}@elsewhere.example")))
    assert desk.town.rows("SELECT count(*) FROM block") == [(1,)]


async def test_an_address_that_was_changed_meanwhile_is_not_overwritten(desk: Desk, trust: Trust) -> None:
    desk.set(f"https://{HOST}/own.ics")

    async def answer(writer: asyncio.StreamWriter) -> None:
        desk.set(f"https://{HOST}/other.ics")
        await saying(calendar(*BUSY))(writer)

    await desk.read(trust, answer)
    assert "09:00" in desk.free()
    assert desk.told() == []


async def test_a_kill_in_the_middle_of_reading_loses_no_reading(desk: Desk, trust: Trust) -> None:
    asked = asyncio.Event()

    async def silent(_writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with serving(trust, silent) as server:
        desk.set(f"https://{HOST}/own.ics")
        reading = asyncio.create_task(desk.round(lambda: _Nearby(trust, server)).once())
        await asked.wait()
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
    desk.now += PERIOD
    await desk.read(trust, saying(calendar(*BUSY)))
    assert "09:00" not in desk.free()


async def test_the_round_waits_for_what_is_planned_and_reads_it_when_woken(desk: Desk, trust: Trust) -> None:
    async with serving(trust, saying(calendar(*BUSY))) as server:
        reader = desk.round(lambda: _Nearby(trust, server))
        running = asyncio.create_task(reader.run())
        try:
            desk.set(f"https://{HOST}/own.ics")
            reader.wake.set()
            async with asyncio.timeout(20):
                while not desk.queued:  # noqa: ASYNC110 -- what is looked at is written by the round
                    await asyncio.sleep(0.01)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    assert "09:00" not in desk.free()


async def test_no_address_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def broken() -> Fetcher:
        raise ValueError(f"https://{HOST}/secret.ics")

    desk.set(f"https://{HOST}/secret.ics")
    await desk.round(broken).once()
    assert "a calendar could not be read: ValueError" in caplog.text
    assert HOST not in caplog.text
    assert "katkesi tai oli virheellinen" in desk.told()[0]


def test_every_reason_has_its_name() -> None:
    assert {reason.value for reason in [*Reason, *Unreadable]} <= set(Trouble)


def test_an_official_who_is_gone_is_read_no_more(desk: Desk) -> None:
    desk.set(f"https://{HOST}/own.ics")
    (due,) = desk.town.do(lambda tx: own_calendar.take(tx, NOW))
    desk.town.do(remove)
    desk.town.do(lambda tx: own_calendar.keep(tx, due, Trouble.TOO_SLOW, NOW))
    assert desk.town.do(lambda tx: own_calendar.take(tx, NOW + PERIOD)) == []
    assert desk.town.do(lambda tx: tx.feeds.sources()) == []
    assert desk.told() == []


def remove(tx: SqlTransaction) -> None:
    """Takes the official and what depends on them out of the directory."""
    gone = {(EntryKind.OFFICIAL, str(OFFICIAL))}
    left = {key: entry for key, entry in tx.entries.current().items() if key not in gone}
    for (kind, _), entry in left.items():
        if kind is EntryKind.SERVICE:
            entry["officials"] = [o for o in entry["officials"] if o != OFFICIAL]  # type: ignore[union-attr]  # a list of ids
    kept = {key: e for key, e in left.items() if key[0] is not EntryKind.SERVICE or e["officials"]}
    tx.entries.replace(kept, kept)


def test_after_a_day_of_downtime_it_is_read_once(desk: Desk) -> None:
    desk.set(f"https://{HOST}/own.ics")
    later = NOW + timedelta(days=1)
    assert desk.town.do(lambda tx: tx.jobs.take_due(later)) == []
    assert len(desk.town.do(lambda tx: own_calendar.take(tx, later))) == 1
    assert desk.town.do(lambda tx: own_calendar.take(tx, later)) == []
    assert desk.town.do(lambda tx: tx.jobs.next_due()) is None
