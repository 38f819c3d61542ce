"""A guest's raised hand is said in the visit's room, where clients don't show it by themselves."""

import pytest

from bot.actions import conference, conference_hands, guest_links
from bot.actions.calendars import digest_of
from bot.domain.conference import guest_identity
from tests.actions.meetings import Meeting, opened
from tests.support.town import INSPECTOR, TUESDAY, Town

GUEST = guest_identity(1, "localhost")
WORDS = "Viittaa videotapaamisessa: Nimi (tulkki)"


@pytest.fixture
def meeting(town: Town) -> Meeting:
    return opened(town)


@pytest.fixture
def inside(meeting: Meeting) -> str:
    link = meeting.link()
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    meeting.witness("joined", TUESDAY, "PA_1", GUEST, name="Nimi", role="guest")
    return link


def raised(meeting: Meeting, link: str, browser: str = "a") -> bool:
    return meeting.town.do(lambda tx: conference_hands.raised(tx, link, visitor=browser, now=TUESDAY))


def test_it_is_said_and_the_officials_device_rings(meeting: Meeting, inside: str) -> None:
    assert raised(meeting, inside)
    (told,) = [payload for _, _, key, payload in meeting.town.outbox() if ":hand:" in key]
    assert told["body"] == WORDS
    assert told["mention"] == [INSPECTOR]


def test_the_same_hand_is_said_once(meeting: Meeting, inside: str) -> None:
    raised(meeting, inside)
    raised(meeting, inside)
    assert meeting.said().count(WORDS) == 1


def test_only_who_is_in_the_conference_has_a_hand(meeting: Meeting, inside: str) -> None:
    assert not raised(meeting, inside, "another browser")
    assert not raised(meeting, "0" * 64)
    meeting.witness("left", TUESDAY, "PA_1", GUEST, reason="left")
    assert not raised(meeting, inside)
    assert WORDS not in meeting.said()


def test_who_waits_has_none(meeting: Meeting) -> None:
    link = meeting.link()
    meeting.enter(link, TUESDAY)
    assert not raised(meeting, link)


def test_who_was_removed_has_none(meeting: Meeting, inside: str) -> None:
    (presence,) = meeting.town.do(lambda tx: conference.attendance(tx, meeting.visit)).present
    given = meeting.given()
    meeting.town.do(lambda tx: conference.remove(tx, presence, given, TUESDAY))
    assert not raised(meeting, inside)


def test_practice_has_no_room_to_say_it_in(meeting: Meeting) -> None:
    address = meeting.town.do(lambda tx: guest_links.trial_link(tx, TUESDAY))
    link = digest_of(address.rpartition("/")[2])
    meeting.enter(link, TUESDAY)
    assert not raised(meeting, link)
