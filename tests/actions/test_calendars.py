"""The calendar file in an appointment's room, and what a private feed holds."""

import hashlib
from base64 import b64decode
from datetime import timedelta

from icalendar import Calendar, Event

from bot.actions import absence, booking, calendars
from bot.actions.booking import cancel, withdraw
from bot.actions.due import do_due
from bot.actions.handover import hand_over
from bot.actions.moving import Moved, move
from bot.actions.ports import Transaction
from bot.actions.rooms import RoomKind
from bot.calendars.writing import feed
from bot.config.entries import EntryKind
from bot.domain.booking import NewAppointment, Party, State, new_appointment
from bot.domain.ids import OfficialId, RoomId, UserId
from bot.domain.language import Language
from tests.support.town import (
    BENEFITS,
    CHILDREN,
    CITIZEN,
    INSPECTOR,
    NOW,
    PERMIT,
    STRANGER,
    TUESDAY,
    Town,
    local,
    minutes,
)


def digest(user: str) -> str:
    """Of a token that stands for the user's."""
    return hashlib.sha256(user.encode()).hexdigest()


def files(town: Town) -> list[tuple[str, str, Event]]:
    """Name, method and event of every file, in the order of queueing."""
    found = []
    for room, kind, _, payload in town.outbox():
        if kind == "attach":
            assert (room, payload["media_type"]) == (RoomKind.APPOINTMENT, "text/calendar")
            calendar = Calendar.from_ical(b64decode(str(payload["data"])))
            assert calendar.walk("VTIMEZONE")
            (event,) = calendar.events
            found.append((str(payload["name"]), str(calendar["METHOD"]), event))
    return found


def test_the_file_of_a_booking_says_when_where_and_how(town: Town) -> None:
    town.do(lambda tx: tx.facts.set(calendars.PUBLIC_ADDRESS, "https://palvelu.example"))
    town.do(lambda tx: tx.facts.set(calendars.SERVICE_ACCOUNT, "@palvelu:localhost"))
    booked = town.booked()
    ((name, method, event),) = files(town)
    assert (name, method) == (f"aika-{booked.number}.ics", "PUBLISH")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{booked.number}@localhost", 0, "CONFIRMED")
    assert (event.start, event.end) == (booked.start, booked.end)
    assert event["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert event["SUMMARY"] == "Rakennusluvat"
    for words in (booked.number, f"!peru {booked.number}", f"!siirrä {booked.number}", "avaa Matrix-sovelluksessasi"):
        assert words in str(event["DESCRIPTION"])
    assert str(event["LOCATION"]).startswith("https://palvelu.example/#/room/%23huone-")
    assert event["ORGANIZER"] == "matrix:u/palvelu:localhost"


def test_the_file_comes_after_the_welcome(town: Town) -> None:
    town.booked()
    kinds = [kind for room, kind, _, _ in town.outbox() if room == RoomKind.APPOINTMENT]
    assert kinds == ["open", "invite", "invite", "say", "attach"]


def test_the_file_speaks_the_citizens_language(town: Town) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.SV, chosen=True))
    booked = town.booked()
    ((name, _, event),) = files(town)
    assert name == f"tid-{booked.number}.ics"
    assert f"!avboka {booked.number}" in str(event["DESCRIPTION"])


def test_a_move_raises_the_sequence_of_the_same_entry(town: Town) -> None:
    booked = town.booked()
    assert isinstance(town.do(lambda tx: move(tx, CITIZEN, booked.number, local(12, 13), NOW)), Moved)
    (_, _, first), (_, method, second) = files(town)
    assert (method, second["UID"], second["SEQUENCE"]) == ("PUBLISH", first["UID"], 1)
    assert second.start == local(12, 13)


def test_another_official_raises_the_sequence_too(town: Town) -> None:
    booked = town.booked(service=BENEFITS)
    officials = town.do(lambda tx: tx.directory.services[BENEFITS].officials)
    actor = town.do(lambda tx: tx.directory.user_of(tx.directory.officials[booked.official]))
    other = next(o for o in officials if o != booked.official)
    town.do(lambda tx: hand_over(tx, actor, booked.number, other, NOW))
    assert [event["SEQUENCE"] for _, _, event in files(town)] == [0, 1]


def test_a_cancellation_calls_the_entry_off_whoever_cancels(town: Town) -> None:
    for user, start in ((CITIZEN, TUESDAY), (INSPECTOR, local(12, 11))):
        booked = town.booked(start)
        town.do(lambda tx, user=user, number=booked.number: cancel(tx, user, number, NOW))  # type: ignore[misc]  # the usual way to bind a loop's value
        _, method, event = files(town)[-1]
        assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
        assert event["UID"] == f"{booked.number}@localhost"


def test_what_falls_through_by_absence_or_withdrawal_is_called_off_too(town: Town) -> None:
    first, second = town.booked(), town.booked(local(12, 11))
    town.do(lambda tx: absence.cancel(tx, first, Party.SERVICE, NOW))
    town.do(lambda tx: withdraw(tx, second, NOW, service_stays=True))
    found = [(method, str(event["UID"])[:6]) for _, method, event in files(town)[2:]]
    assert found == [("CANCEL", first.number), ("CANCEL", second.number)]


def test_a_reminder_brings_the_file_where_the_room_came_late(town: Town) -> None:
    """As for the later times of a series; who has the file already gets none."""
    town.booked()
    late = town.do(lambda tx: tx.appointments.add(_wanted(tx), NOW, Party.OFFICIAL))
    town.do(lambda tx: booking.plan_reminders(tx, late, NOW))
    town.do(lambda tx: do_due(tx, late.start - timedelta(hours=23)))
    assert [str(event["UID"])[:6] for _, _, event in files(town)][1:] == [late.number]


def _wanted(tx: Transaction) -> NewAppointment:
    service = tx.directory.services[PERMIT]
    return new_appointment(service, service.officials[0], CITIZEN, local(12, 11))


def test_a_file_is_sent_once_for_each_sequence(town: Town) -> None:
    booked = town.booked()
    town.do(lambda tx: calendars.attach(tx, booked, NOW + minutes(5)))
    assert len(files(town)) == 1


def test_a_confidential_units_entry_tells_the_unit_only(town: Town) -> None:
    town.change(EntryKind.SERVICE, CHILDREN, bring=dict.fromkeys(("fi", "sv", "en"), "salainen paperi"))
    town.booked(local(12, 9), STRANGER, CHILDREN)
    ((_, _, event),) = files(town)
    unit, service = town.do(
        lambda tx: (tx.directory.units[tx.directory.services[CHILDREN].unit], tx.directory.services[CHILDREN])
    )
    assert event["SUMMARY"] == unit.name.fi
    written = event.to_ical().decode().casefold()
    assert service.name.fi.casefold() not in written
    assert "salainen" not in written


def test_a_room_that_is_made_is_named_by_its_id(town: Town) -> None:
    town.do(lambda tx: tx.facts.set(calendars.PUBLIC_ADDRESS, "https://palvelu.example"))
    booked = town.booked()
    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(booked.id)))
    assert room is not None
    town.do(lambda tx: tx.rooms.opened(room.lane, RoomId("!abc")))
    entry = town.do(lambda tx: calendars.entry_of(tx, booked, Language.FI, NOW))
    assert entry.url == "https://palvelu.example/#/room/%21abc"


def numbers(town: Town, user: UserId, days: int = 0) -> list[str]:
    """What a person's feed holds, so many days from now."""
    town.do(lambda tx: tx.feeds.renew(user, digest(user), NOW))
    found = town.do(lambda tx: calendars.feed(tx, digest(user), NOW + timedelta(days=days)))
    assert found is not None
    return [entry.uid.partition("@")[0] for entry in found.entries]


def test_a_feed_holds_a_citizens_own_and_an_officials_own_and_served(town: Town) -> None:
    served, other = town.booked(), town.booked(service=BENEFITS, citizen=STRANGER)
    own = town.booked(local(12, 11), citizen=INSPECTOR, service=BENEFITS)
    assert numbers(town, CITIZEN) == [served.number]
    assert numbers(town, STRANGER) == [other.number]
    assert numbers(town, INSPECTOR) == [served.number, own.number]


def test_an_official_who_books_with_themself_sees_it_once(town: Town) -> None:
    assert len([town.booked(citizen=INSPECTOR, service=PERMIT)]) == len(numbers(town, INSPECTOR))


def test_a_feed_keeps_cancelled_ones_as_cancelled_for_thirty_days(town: Town) -> None:
    booked = town.booked()
    town.do(lambda tx: cancel(tx, CITIZEN, booked.number, NOW))
    for user in (CITIZEN, INSPECTOR):
        assert numbers(town, user, days=30) == [booked.number]
        assert numbers(town, user, days=32) == []
    found = town.do(lambda tx: calendars.feed(tx, digest(CITIZEN), NOW))
    assert found is not None
    assert [entry.status for entry in found.entries] == ["CANCELLED"]
    assert b"STATUS:CANCELLED" in feed(found.entries, found.name, found.zone, NOW)


def test_a_feed_holds_no_holds_and_what_became_of_visits_changes_nothing(town: Town) -> None:
    first, second = town.booked(), town.booked(local(12, 11))
    town.do(lambda tx: tx.appointments.mark(first, State.VISITED, Party.OFFICIAL, NOW))
    town.do(lambda tx: tx.appointments.mark(second, State.NO_SHOW, Party.OFFICIAL, NOW))
    assert numbers(town, CITIZEN) == numbers(town, INSPECTOR) == [first.number, second.number]


def test_a_token_of_nobody_has_no_feed(town: Town) -> None:
    assert town.do(lambda tx: calendars.feed(tx, digest(CITIZEN), NOW)) is None


def test_feeds_are_found_by_index(town: Town) -> None:
    queries: list[str] = []

    def work(tx: object) -> None:
        appointments = tx.appointments  # type: ignore[attr-defined]  # a transaction of the storage
        appointments._db.conn.set_trace_callback(queries.append)
        appointments.visited_since(CITIZEN, NOW)
        appointments.served_since(OfficialId("rakennustarkastaja"), NOW)
        appointments._db.conn.set_trace_callback(None)

    town.do(work)
    plans = [str(detail) for query in queries for *_, detail in town.rows(f"EXPLAIN QUERY PLAN {query}")]
    assert len(plans) == 4
    assert all(plan.startswith("SEARCH") for plan in plans), plans
