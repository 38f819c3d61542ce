"""The day's list in the units' rooms."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import morning
from bot.actions.due import Done, do_due
from bot.domain.ids import UnitId
from bot.domain.jobs import JobKind
from tests.support.town import BENEFITS, CITIZEN, NOW, PARENTS, STRANGER, TUESDAY, Town, local

MORNING = local(12, 7, 30)
CONTROL = UnitId("rakennusvalvonta")


def plan(town: Town, now: datetime = NOW) -> None:
    town.do(lambda tx: morning.plan_mornings(tx, now))


def due(town: Town, now: datetime) -> Done:
    return town.do(lambda tx: do_due(tx, now))


def lists(town: Town) -> list[str]:
    return [str(payload["body"]) for _, _, key, payload in town.outbox() if ":morning:" in key]


def planned(town: Town, unit: UnitId = CONTROL) -> datetime | None:
    return town.do(lambda tx: tx.jobs.planned(JobKind.MORNING, unit))


def test_one_message_a_morning_with_the_days_appointments(town: Town) -> None:
    first = town.booked()
    second = town.booked(local(12, 10), STRANGER)
    town.booked(local(13, 9), STRANGER)
    plan(town, NOW + timedelta(hours=12))
    due(town, MORNING)
    (words,) = lists(town)
    assert "Päivän varaukset, ti 12.1.: 2" in words
    assert words.index(first.number) < words.index(second.number)
    assert "Rakennusluvat" in words
    assert CITIZEN not in words
    due(town, MORNING + timedelta(minutes=5))
    assert len(lists(town)) == 1


def test_a_confidential_unit_gets_numbers_only(town: Town) -> None:
    found = town.booked(local(12, 14), service=PARENTS)
    plan(town, NOW + timedelta(hours=12))
    due(town, MORNING)
    (words,) = lists(town)
    assert found.number in words
    assert "Vanhempainvartti" not in words
    assert "opettaja" not in words


def test_each_unit_gets_its_own(town: Town) -> None:
    town.booked()
    town.booked(service=BENEFITS)
    plan(town, NOW + timedelta(hours=12))
    due(town, MORNING)
    assert len(lists(town)) == 2


def test_a_late_morning_is_not_posted_and_the_next_one_is_planned(town: Town) -> None:
    town.booked()
    plan(town, NOW + timedelta(hours=12))
    due(town, MORNING + morning.LATEST + timedelta(seconds=1))
    assert lists(town) == []
    assert planned(town) == MORNING + timedelta(days=1)


def test_a_day_of_downtime_gives_the_right_list_and_no_flood(town: Town) -> None:
    town.booked()
    plan(town, NOW - timedelta(days=4))
    due(town, MORNING + timedelta(minutes=90))
    assert len(lists(town)) == 1
    assert "ti 12.1." in lists(town)[0]


def test_a_day_without_appointments_is_passed_over(town: Town) -> None:
    plan(town)
    due(town, MORNING)
    assert lists(town) == []


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (local(12, 7, 29), MORNING),
        (local(12, 7, 30), MORNING + timedelta(days=1)),
        (local(15, 8), local(18, 7, 30)),
        (local(10, 12, month=7), local(19, 7, 30, month=7)),
        (local(26, 8, month=3), local(29, 7, 30, month=3)),
    ],
    ids=["same day", "next day", "over the weekend", "over a closure", "over the clock change"],
)
def test_the_next_morning(town: Town, now: datetime, following: datetime) -> None:
    plan(town, now)
    assert planned(town) == following


def test_planning_again_at_a_start_changes_nothing(town: Town) -> None:
    plan(town)
    before = town.rows("SELECT * FROM job ORDER BY kind, subject")
    plan(town, NOW + timedelta(days=3))
    assert town.rows("SELECT * FROM job ORDER BY kind, subject") == before
    assert planned(town) == local(11, 7, 30).astimezone(UTC)
    assert TUESDAY > NOW
