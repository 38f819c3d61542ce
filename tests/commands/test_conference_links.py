"""`!peru-kutsu` as it is typed: by number, by name, by choosing."""

import pytest

from bot.actions import guest_links
from bot.actions.conference_door import Let, Turned, Waiting
from bot.commands.incoming import Said
from bot.text.conference_words import LINK_CANCELLED
from tests.commands.chat import CITIZEN, OFFICIAL, Chat
from tests.commands.meeting import Meeting, begun
from tests.commands.staff import ADVISER, unit_room


@pytest.fixture
def meeting(chat: Chat) -> Meeting:
    return begun(chat)


@pytest.mark.parametrize(
    "words",
    ["!peru-kutsu tulkki", "!peru-kutsu L1", "!peru-kutsu l1", "!återta-inbjudan tolk", "!cancel-invitation L1"],
)
def test_a_link_is_cancelled_by_what_people_call_it(meeting: Meeting, words: str) -> None:
    digest = meeting.link()
    assert "L1" in meeting.say(words)
    assert meeting.enter(digest) == Turned(LINK_CANCELLED)


def test_by_the_name_that_the_guest_came_under(meeting: Meeting) -> None:
    first, second = meeting.link(), meeting.link()
    meeting.enter(first, "a", "Kielitaitoinen")
    meeting.enter(second, "b", "Sukulainen")
    assert "Kutsu on peruttu: tulkki · L2." in meeting.say("!peru-kutsu Sukulainen")
    assert meeting.status(first, "a") == Waiting()
    assert meeting.status(second, "b") == Turned(LINK_CANCELLED)


def test_whoever_is_in_by_it_is_out(meeting: Meeting) -> None:
    digest = meeting.link()
    meeting.enter(digest)
    meeting.say("!päästä")
    assert isinstance(meeting.status(digest), Let)
    meeting.say("!peru-kutsu L1")
    assert meeting.status(digest) == Turned(LINK_CANCELLED)


def test_without_a_name_it_is_asked_which_and_answered_by_number(meeting: Meeting) -> None:
    first, second = meeting.link(), meeting.link("!kutsu läheinen Sisko")
    asked = meeting.say("!peru-kutsu")
    assert "Mikä kutsu perutaan?" in asked
    assert "tulkki · L1" in asked
    assert "Sisko (läheinen) · L2" in asked
    assert "Kutsu on peruttu: Sisko (läheinen) · L2" in meeting.say("2")
    assert meeting.enter(second) == Turned(LINK_CANCELLED)
    assert meeting.enter(first) == Waiting()


def test_even_the_only_link_is_not_cancelled_without_asking(meeting: Meeting) -> None:
    digest = meeting.link()
    assert "Mikä kutsu perutaan?" in meeting.say("!peru-kutsu")
    assert meeting.enter(digest) == Waiting()


def test_two_of_a_kind_are_asked_about(meeting: Meeting) -> None:
    meeting.link()
    meeting.link()
    assert "Mikä kutsu perutaan?" in meeting.say("!peru-kutsu tulkki")


def test_what_was_cancelled_before_is_said_to_be(meeting: Meeting) -> None:
    meeting.link()
    meeting.say("!peru-kutsu L1")
    assert meeting.say("!peru-kutsu L1") == "Kutsu on peruttu jo aiemmin: tulkki · L1"
    assert "ei ole kutsulinkkejä" in meeting.say("!peru-kutsu")


@pytest.mark.parametrize("who", ["L99", "kukkakauppias"])
def test_what_is_no_link_is_not_found(meeting: Meeting, who: str) -> None:
    digest = meeting.link()
    answer = meeting.say(f"!peru-kutsu {who}")
    assert answer.startswith(f"En löydä kutsua: {who}.")
    assert "!peru-kutsu" in answer
    assert meeting.enter(digest) == Waiting()


def test_the_practice_link_is_nobodys_to_cancel(meeting: Meeting) -> None:
    meeting.chat.store.transact_now(lambda tx: guest_links.trial_link(tx, meeting.chat.now))
    assert meeting.say("!peru-kutsu L1").startswith("En löydä kutsua: L1.")


def test_it_works_by_the_booking_number_elsewhere_and_names_nobody_in_a_staff_room(meeting: Meeting) -> None:
    meeting.link("!kutsu läheinen Sisko")
    staff_room = unit_room(meeting.chat, "rakennusvalvonta")
    answer = meeting.chat.receive(Said(f"!peru-kutsu {meeting.number} läheinen"), OFFICIAL, staff_room)
    assert "läheinen · L1" in answer
    assert "Sisko" not in answer


def test_neither_the_citizen_nor_another_unit_cancels_a_link(meeting: Meeting) -> None:
    digest = meeting.link()
    assert "henkilöstölle" in meeting.say("!peru-kutsu L1", CITIZEN)
    assert "En löydä kutsua" in meeting.chat.say("!peru-kutsu L1", ADVISER)
    assert "En löydä yksikkösi varausta" in meeting.chat.say(f"!peru-kutsu {meeting.number} L1", ADVISER)
    assert meeting.enter(digest) == Waiting()
