"""Guests by link are shown in the call of the visit's room as long as they are in its conference."""

import pytest

from bot.actions import guest_links, guest_presence
from bot.actions.calendars import digest_of
from bot.actions.conference_door import Let
from bot.actions.due import do_due
from bot.domain.conference import BACK_AGAIN, guest_identity
from bot.domain.jobs import JobKind, ReminderKind
from tests.actions.meetings import Meeting, opened
from tests.support.town import NOW, TUESDAY, Town

GUEST = guest_identity(1, "localhost")
USER = "@_eahtari_guest_1:localhost"


@pytest.fixture
def meeting(town: Town) -> Meeting:
    found = opened(town)
    digest = found.link()
    found.enter(digest, TUESDAY)
    found.let_in(TUESDAY)
    town.do(lambda tx: tx.jobs.drop(str(found.visit.id), *ReminderKind))
    return found


def shown(meeting: Meeting) -> list[tuple[str, object]]:
    return [(kind, payload.get("name")) for _, kind, _, payload in meeting.town.outbox() if kind.endswith("_guest")]


def joins(meeting: Meeting, sid: str = "PA_1", identity: str = GUEST) -> None:
    meeting.witness("joined", TUESDAY, sid, identity, name="Nimi", role="guest")


def leaves(meeting: Meeting, sid: str = "PA_1", reason: str = "left") -> None:
    meeting.witness("left", TUESDAY, sid, GUEST, reason=reason)


def test_a_guest_is_shown_once_and_hidden_once(meeting: Meeting) -> None:
    joins(meeting)
    assert shown(meeting) == [("show_guest", "Nimi (tulkki)")]
    leaves(meeting)
    leaves(meeting)
    assert shown(meeting)[1:] == [("hide_guest", None)]
    (payload,) = [p for _, kind, _, p in meeting.town.outbox() if kind == "hide_guest"]
    assert payload == {"user": USER, "device": "LINK"}


def test_who_comes_back_is_shown_again(meeting: Meeting) -> None:
    joins(meeting)
    leaves(meeting)
    joins(meeting, "PA_2")
    assert [kind for kind, _ in shown(meeting)] == ["show_guest", "hide_guest", "show_guest"]


def test_a_new_connection_of_the_same_guest_changes_nothing(meeting: Meeting) -> None:
    joins(meeting)
    joins(meeting, "PA_2")
    leaves(meeting, reason="replaced")
    assert [kind for kind, _ in shown(meeting)] == ["show_guest"]
    leaves(meeting, "PA_2", "dead")
    assert [kind for kind, _ in shown(meeting)] == ["show_guest", "hide_guest"]


def test_people_with_an_account_show_themselves(meeting: Meeting) -> None:
    for identity in (
        "@asiakas:localhost:LAITE",
        "@_eahtari_guest_1:elsewhere.example:LINK",
        guest_identity(99, "localhost"),
    ):
        joins(meeting, f"PA_{identity}", identity)
    assert shown(meeting) == []


def test_nobody_stays_in_an_empty_conference(meeting: Meeting) -> None:
    joins(meeting)
    meeting.witness("closed", TUESDAY)
    assert [kind for kind, _ in shown(meeting)] == ["show_guest", "hide_guest"]


def test_after_the_engine_died_who_does_not_come_back_is_hidden(meeting: Meeting) -> None:
    joins(meeting)
    meeting.witness("engine_started", TUESDAY, last_alive=TUESDAY.timestamp())
    assert meeting.town.do(lambda tx: tx.jobs.planned(JobKind.GUEST, "1")) == TUESDAY + BACK_AGAIN
    meeting.town.do(lambda tx: do_due(tx, TUESDAY + BACK_AGAIN))
    assert [kind for kind, _ in shown(meeting)] == ["show_guest", "hide_guest"]


def test_after_the_engine_died_who_comes_back_stays_shown(meeting: Meeting) -> None:
    joins(meeting)
    meeting.witness("engine_started", TUESDAY, last_alive=TUESDAY.timestamp())
    joins(meeting, "PA_2")
    assert not meeting.town.do(lambda tx: guest_presence.look(tx, "1", TUESDAY + BACK_AGAIN))
    assert [kind for kind, _ in shown(meeting)] == ["show_guest"]


def test_the_practice_conference_has_no_room_to_show_anybody_in(town: Town) -> None:
    meeting = opened(town)
    digest = digest_of(town.do(lambda tx: guest_links.trial_link(tx, NOW)).rpartition("/")[2])
    entrance = meeting.enter(digest, NOW)
    assert isinstance(entrance, Let)
    joins(meeting, "PA_1", entrance.identity)
    assert shown(meeting) == []
