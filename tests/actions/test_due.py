from datetime import datetime, timedelta

import pytest

from bot.actions import notify
from bot.actions.booking import cancel
from bot.actions.due import Done, do_due
from bot.config.entries import EntryKind
from bot.domain.booking import Appointment
from bot.domain.ids import ServiceId, UserId
from bot.storage.transaction import SqlTransaction
from tests.support.town import BENEFITS, CITIZEN, INSPECTOR, NOW, PERMIT, TUESDAY, Town, local, minutes

WEDNESDAY = local(13, 9)
DAY_BEFORE = WEDNESDAY - timedelta(hours=24)
SOON = WEDNESDAY - minutes(10)


def remind(town: Town, now: datetime) -> Done:
    return town.do(lambda tx: do_due(tx, now))


def said(town: Town) -> list[dict[str, object]]:
    return [payload for _, _, key, payload in town.outbox() if ":reminder:" in key]


def test_each_is_said_when_due_and_exactly_once(town: Town) -> None:
    town.booked(WEDNESDAY)
    assert remind(town, DAY_BEFORE - timedelta(seconds=1)) == Done(0, 0)
    assert remind(town, DAY_BEFORE) == Done(1, 0)
    assert remind(town, DAY_BEFORE) == remind(town, DAY_BEFORE + minutes(60)) == Done(0, 0)
    assert remind(town, SOON) == Done(1, 0)
    assert remind(town, WEDNESDAY + timedelta(days=6)) == Done(0, 0)
    assert len(said(town)) == 2
    assert said(town)[0]["mention"] == [CITIZEN, INSPECTOR]


def test_the_next_one_due_is_known(town: Town) -> None:
    assert town.do(lambda tx: tx.jobs.next_due()) is None
    town.booked(WEDNESDAY)
    assert town.do(lambda tx: tx.jobs.next_due()) == DAY_BEFORE
    remind(town, DAY_BEFORE)
    assert town.do(lambda tx: tx.jobs.next_due()) == SOON


def test_a_late_reminder_is_said_and_a_stale_one_is_dropped(town: Town) -> None:
    town.booked(WEDNESDAY)
    town.booked(WEDNESDAY, service=BENEFITS)
    assert remind(town, WEDNESDAY - timedelta(hours=2)) == Done(2, 0)
    assert remind(town, WEDNESDAY + minutes(5) + timedelta(seconds=1)) == Done(0, 2)


def test_a_day_of_downtime_gives_no_flood(town: Town) -> None:
    for n in range(6):
        town.booked(TUESDAY + minutes(30 * n), UserId(f"@c{n}:localhost"))
    assert remind(town, TUESDAY + timedelta(days=1)) == Done(0, 12)
    assert said(town) == []


def test_a_cancelled_appointment_reminds_nobody(town: Town) -> None:
    found = town.booked(WEDNESDAY)
    town.do(lambda tx: cancel(tx, CITIZEN, found.number, NOW))
    assert town.rows("SELECT count(*) FROM job WHERE kind IN ('day-before', 'soon')") == [(0,)]
    assert remind(town, WEDNESDAY).done == 0
    assert said(town) == []


def test_what_was_said_stays_marked_after_a_cancellation(town: Town) -> None:
    found = town.booked(WEDNESDAY)
    remind(town, DAY_BEFORE)
    town.do(lambda tx: cancel(tx, CITIZEN, found.number, DAY_BEFORE + minutes(1)))
    assert town.rows("SELECT kind FROM job WHERE kind NOT IN ('close', 'forget')") == [("day-before",)]


def test_a_batch_is_bounded_and_the_rest_follows(town: Town) -> None:
    town.booked(WEDNESDAY)
    with_many = "INSERT INTO job (subject, kind, due, stale) VALUES (?, 'soon', ?, ?)"

    def add(n: int) -> None:
        town.do(lambda tx: tx.jobs._db.execute(with_many, (str(1000 + n), 1, 2)))

    for n in range(250):
        add(n)
    assert remind(town, NOW) == Done(0, 200)
    assert remind(town, NOW) == Done(0, 50)


def test_a_service_that_is_gone_does_not_hold_up_the_others(town: Town) -> None:
    town.booked(WEDNESDAY)
    town.booked(WEDNESDAY, service=BENEFITS)

    def drop(key: tuple[EntryKind, ServiceId]) -> None:
        town.do(lambda tx: tx.entries.replace({k: v for k, v in tx.entries.current().items() if k != key}, {}))

    drop((EntryKind.SERVICE, PERMIT))
    assert remind(town, DAY_BEFORE) == Done(1, 1)


def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    found = town.booked(WEDNESDAY)
    town.booked(WEDNESDAY, service=BENEFITS)

    def fails(tx: SqlTransaction, appointment: Appointment, *_: object) -> None:
        tx.facts.set("half", "done")
        if appointment.number == found.number:
            raise LookupError
        said_others.append(appointment.number)

    said_others: list[str] = []
    monkeypatch.setattr(notify, "remind", fails)
    done = remind(town, DAY_BEFORE)
    assert (done.done, done.stale, [kind for kind, _ in done.faults]) == (1, 0, ["day-before"])
    assert len(said_others) == 1
    monkeypatch.undo()
    assert remind(town, DAY_BEFORE + minutes(14)) == Done(0, 0)
    assert remind(town, DAY_BEFORE + minutes(15)) == Done(1, 0)
