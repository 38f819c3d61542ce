"""Which message a message replies to, out of Matrix's JSON."""

from typing import Any

import pytest

from bot.commands.incoming import Said
from bot.domain.ids import EventId, RoomId, UserId
from bot.matrix.events import incoming
from tests.support.town import NOW

CARD = {"m.in_reply_to": {"event_id": "$card"}}


def said(relation: Any, body: str = "Avain on neuvonnassa.") -> Said:
    content = {"msgtype": "m.text", "body": body, "m.relates_to": relation}
    event = {"event_id": "$one", "sender": "@v:localhost", "type": "m.room.message", "content": content}
    found = incoming(event, RoomId("!huone"), UserId("@palvelu:localhost"), NOW)
    assert found is not None
    assert isinstance(found.what, Said)
    return found.what


def test_a_reply_tells_what_it_replies_to_and_loses_its_quote() -> None:
    quoted = "> <@palvelu:localhost> Kysymys K1\n\nAvain on neuvonnassa."
    assert said(CARD, quoted) == Said("Avain on neuvonnassa.", answers=EventId("$card"))


@pytest.mark.parametrize(
    "relation",
    [
        {**CARD, "rel_type": "m.thread", "event_id": "$card", "is_falling_back": True},
        {**CARD, "rel_type": "m.thread", "event_id": "$card"},
        {"m.in_reply_to": {"event_id": 7}},
        {"m.in_reply_to": {"event_id": "card"}},
        {"m.in_reply_to": "$card"},
        {"m.in_reply_to": {"event_id": "$" + "x" * 300}},
        None,
        [],
    ],
)
def test_a_thread_and_what_is_no_event_reply_to_nothing(relation: Any) -> None:
    assert said(relation).answers is None
