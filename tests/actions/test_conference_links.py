"""A single link is cancelled: it leads nowhere any more, and whoever came by it goes."""

from datetime import timedelta

import pytest

from bot.actions import conference_door, conference_links
from bot.actions.conference_door import Let, Turned, Waiting
from bot.actions.guest_links import Linked, TooManyLinks
from bot.domain.conference import KEEPS_PLACE, Link, Visitor, VisitorState, guest_identity
from bot.text.conference_words import LINK_CANCELLED
from tests.actions.meetings import Meeting, opened
from tests.support.town import CITIZEN, NOW, TUESDAY, Town

GUEST = guest_identity(1, "localhost")
SECOND = timedelta(seconds=1)


@pytest.fixture
def meeting(town: Town) -> Meeting:
    return opened(town)


@pytest.fixture
def link(meeting: Meeting) -> str:
    return meeting.link()


def found(meeting: Meeting, digest: str) -> Link:
    one = meeting.town.do(lambda tx: tx.conferences.by_digest(digest))
    assert one is not None
    return one


def cancel(meeting: Meeting, digest: str, now: object = TUESDAY) -> bool:
    one = found(meeting, digest)
    return meeting.town.do(lambda tx: conference_links.cancel(tx, meeting.visit, one, now))  # type: ignore[arg-type]


def visitor(meeting: Meeting, id: int = 1) -> Visitor:
    one = meeting.town.do(lambda tx: tx.conferences.visitor(id))
    assert one is not None
    return one


def test_a_cancelled_link_shows_and_opens_nothing(meeting: Meeting, link: str) -> None:
    assert cancel(meeting, link)
    door = meeting.town.do(lambda tx: conference_door.look(tx, link, TUESDAY))
    assert door is not None
    assert door.state is conference_door.DoorState.CANCELLED
    assert meeting.enter(link, TUESDAY) == Turned(LINK_CANCELLED)
    assert meeting.waiting() == []


def test_whoever_is_in_by_it_is_removed_at_once_and_gets_no_new_token(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    assert isinstance(meeting.status(link, TUESDAY), Let)
    cancel(meeting, link)
    assert meeting.orders() == [("remove", GUEST)]
    assert meeting.status(link, TUESDAY) == Turned(LINK_CANCELLED)
    assert meeting.enter(link, TUESDAY + SECOND, take_over=True) == Turned(LINK_CANCELLED)


def test_the_removal_is_never_too_late(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    cancel(meeting, link)
    (order,) = meeting.town.do(lambda tx: tx.orders.waiting())
    assert not order.is_late(TUESDAY + timedelta(hours=1))


@pytest.mark.parametrize(("after", "orders"), [(SECOND, [("remove", GUEST)]), (KEEPS_PLACE, [])])
def test_a_token_of_somebody_who_left_is_ended_as_long_as_it_could_live(
    meeting: Meeting, link: str, after: timedelta, orders: list[tuple[str, str]]
) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    meeting.leave(link, TUESDAY)
    cancel(meeting, link, TUESDAY + after)
    assert meeting.orders() == orders


def test_whoever_waits_by_it_is_sent_away_and_the_card_says_so(meeting: Meeting, link: str) -> None:
    assert meeting.enter(link, TUESDAY) == Waiting()
    cancel(meeting, link)
    assert visitor(meeting).state is VisitorState.TURNED_AWAY
    assert any(said.startswith("Ei päästetty sisään: Nimi (tulkki)") for said in meeting.said())
    assert meeting.orders() == []


def test_both_parties_are_told_in_the_visits_room_and_the_citizens_device_rings(meeting: Meeting, link: str) -> None:
    cancel(meeting, link)
    (told,) = [payload for _, _, key, payload in meeting.town.outbox() if "guest-link-cancelled" in key]
    assert told["mention"] == [CITIZEN]
    assert "Kutsu videotapaamiseen peruttiin" in str(told["body"])
    assert "Kutsuttu (tulkki)" in str(told["body"])
    assert link not in str(told)


def test_cancelling_twice_changes_and_says_nothing_more(meeting: Meeting, link: str) -> None:
    one = found(meeting, link)
    assert cancel(meeting, link)
    before = meeting.town.outbox()
    assert not cancel(meeting, link)
    assert not meeting.town.do(lambda tx: conference_links.cancel(tx, meeting.visit, one, TUESDAY))
    assert meeting.town.outbox() == before


def test_other_links_and_those_who_came_by_them_stay(meeting: Meeting, link: str) -> None:
    other = meeting.link()
    meeting.enter(other, TUESDAY, "b")
    meeting.let_in(TUESDAY)
    cancel(meeting, link)
    assert isinstance(meeting.status(other, TUESDAY, "b"), Let)
    assert meeting.orders() == []


def test_a_link_of_another_visit_is_not_cancelled(town: Town, meeting: Meeting, link: str) -> None:
    one = found(meeting, link)
    other = town.booked(TUESDAY + timedelta(hours=2))
    assert not town.do(lambda tx: conference_links.cancel(tx, other, one, TUESDAY))
    assert meeting.enter(link, TUESDAY) == Waiting()


def test_a_cancelled_link_makes_room_for_another(meeting: Meeting, link: str) -> None:
    while isinstance(made := meeting.make(), Linked):
        pass
    assert isinstance(made, TooManyLinks)
    cancel(meeting, link, NOW)
    assert isinstance(meeting.make(), Linked)


def test_the_units_card_counts_it_no_more(meeting: Meeting, link: str) -> None:
    cancel(meeting, link, NOW)
    cards = [
        str(payload["body"]) for room, _, _, payload in meeting.town.outbox() if room == "unit" and "body" in payload
    ]
    assert "+1" in cards[-2]
    assert "+1" not in cards[-1]
