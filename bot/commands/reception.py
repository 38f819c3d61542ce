"""Receives whatever comes in from the rooms and queues what is said to it, all in the running transaction.

Nothing that a person sent is passed over in silence where an answer is expected: what can't be read, is too
long, or is too much gets a word and a way on.
"""

from datetime import datetime

from bot.actions.deliveries import KEYCAPS, ItemId, Say
from bot.actions.ports import language_of
from bot.actions.rooms import Room, RoomKind
from bot.commands import admission, conference_guests, dispatch, excuses, staff_advice, tapping
from bot.commands.incoming import Came, Incoming, Invited, Locked, Reacted, Said, Sent, Went
from bot.commands.ports import Desk
from bot.commands.spec import Answer, Conversation
from bot.domain.allowance import Limits
from bot.domain.inquiry import Inquiry
from bot.text.reply import Reply


def receive(tx: Desk, incoming: Incoming, limits: Limits, now: datetime) -> bool:
    """Answers one event; false where it was left unanswered because the person's allowance is used up."""
    match incoming.what:
        case Invited(direct):
            admission.invited(tx, incoming, direct=direct, now=now)
            return True
        case Came(user):
            admission.came(tx, incoming.room_id, user)
            return True
        case Went(user):
            admission.went(tx, incoming.room_id, user, now)
            return True
        case _:
            room = tx.rooms.by_id(incoming.room_id)
            return room is None or _receive_in(tx, room, incoming, limits, now)


def _receive_in(tx: Desk, room: Room, incoming: Incoming, limits: Limits, now: datetime) -> bool:
    talk = Conversation(
        tx=tx,
        person=incoming.sender,
        room=room,
        language=language_of(tx, incoming.sender),
        now=now,
        key=incoming.event_id,
    )
    if not _is_addressed(tx, room, incoming):
        return True
    allowance = tx.people.allowance(incoming.sender, limits, now).refilled(limits, now)
    if allowance.is_used_up:
        if not allowance.told:
            say(tx, talk, incoming, Answer(excuses.too_many(talk)))
        tx.people.keep_allowance(incoming.sender, allowance.after_telling())
        return False
    tx.people.keep_allowance(incoming.sender, allowance.spent())
    answer = _answer(tx, talk, incoming)
    if answer is not None:
        say(tx, talk, incoming, answer)
    return True


def _is_addressed(tx: Desk, room: Room, incoming: Incoming) -> bool:
    """In a direct room everything is; where people talk to each other, commands, numbers, taps and replies to cards."""
    if room.kind is RoomKind.DIRECT:
        return True
    match incoming.what:
        case Said(body):
            is_short = body.lstrip()[:1] == "!" or body.strip().isdigit()
            return is_short or _replied(tx, room, incoming) is not None
        case Reacted():
            return True
        case _:
            return False


def _replied(tx: Desk, room: Room, incoming: Incoming) -> Inquiry | None:
    """The question whose card an official replies to in the unit's room, with words that are no command."""
    said = incoming.what
    if not isinstance(said, Said) or said.answers is None or said.body.lstrip()[:1] == "!":
        return None
    if room.kind is not RoomKind.UNIT or tx.directory.official_of(incoming.sender) is None:
        return None
    item = tx.outbox.item_of(said.answers)
    return None if item is None else tx.inquiries.by_card(item)


def _answer(tx: Desk, talk: Conversation, incoming: Incoming) -> Answer | None:
    match incoming.what:
        case Said(_, cut=True):
            return Answer(excuses.too_long(talk))
        case Said(body):
            return _said(tx, talk, incoming, body)
        case Reacted(to, key):
            return _tapped(tx, talk, incoming, to_item=tx.outbox.item_of(to), key=key)
        case Sent(kind):
            return Answer(excuses.not_text(talk, kind))
        case Locked():
            return Answer(excuses.locked(talk))
        case _:
            return None


def _said(tx: Desk, talk: Conversation, incoming: Incoming, body: str) -> Answer | None:
    asked = _replied(tx, talk.room, incoming)
    if asked is not None:
        return staff_advice.replied(talk, asked, body)
    found = tx.questions.pending(incoming.room_id, incoming.sender, talk.now)
    return dispatch.answer(talk, body, incoming.sent, found[0] if found else None)


def _tapped(tx: Desk, talk: Conversation, incoming: Incoming, *, to_item: int | None, key: str) -> Answer | None:
    """A tap counts on the newest question and on cards; other reactions are people's own business."""
    card = None if to_item is None else tx.appointments.by_card(ItemId(to_item))
    if card is not None:
        return tapping.tapped(talk, card, key)
    asked = None if to_item is None else tx.inquiries.by_card(ItemId(to_item))
    if asked is not None:
        return staff_advice.tapped(talk, asked, key)
    visitor = None if to_item is None else tx.conferences.visitor_by_card(ItemId(to_item))
    if visitor is not None:
        return conference_guests.tapped(talk, visitor, key)
    found = tx.questions.pending(incoming.room_id, incoming.sender, talk.now)
    if found is None or to_item != found[1] or key not in KEYCAPS:
        return None
    return dispatch.tapped(talk, KEYCAPS.index(key) + 1, incoming.sent, found[0])


def say(tx: Desk, talk: Conversation, incoming: Incoming, answer: Answer) -> None:
    """Queues an answer in the room it was asked in, and remembers the question that it ends in."""
    _forget_question(tx, talk, incoming)
    taps = min(len(answer.question.choices), len(KEYCAPS)) if answer.question and answer.taps else 0
    item = tx.outbox.put(talk.room.lane, Say(answer.reply, choices=taps), key=talk.key, now=talk.now)
    if answer.question is not None:
        tx.questions.ask(incoming.room_id, incoming.sender, answer.question, item)


def _forget_question(tx: Desk, talk: Conversation, incoming: Incoming) -> None:
    """What was asked before is no longer answered by number, except a question that stands."""
    found = tx.questions.pending(incoming.room_id, incoming.sender, talk.now)
    if found is None or not found[0].stands(talk.now):
        tx.questions.drop(incoming.room_id, incoming.sender)


def apologise(tx: Desk, incoming: Incoming, reference: str, now: datetime) -> None:
    """After a fault: says so with the reference under which it is in the log, where the person is waiting."""
    room = tx.rooms.by_id(incoming.room_id)
    if room is None or not _is_addressed(tx, room, incoming):
        return
    words: Reply = excuses.fault(language_of(tx, incoming.sender), reference, tx.directory.municipality.phone)
    tx.outbox.put(room.lane, Say(words), key=f"{incoming.event_id}:fault", now=now)
