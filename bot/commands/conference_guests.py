"""The door of a video meeting, in chat: guests who wait are let in or turned away, by typing or by tapping."""

import re
from collections.abc import Sequence

from bot.actions import conference
from bot.actions.access import found_for
from bot.actions.deliveries import KEYCAPS
from bot.actions.rooms import RoomKind
from bot.commands import conference_listing
from bot.commands.conference import EVERYBODY, LONGEST_ECHO, WhoInVisit, chosen_visit
from bot.commands.spec import Answer, Conversation
from bot.domain.booking import Appointment
from bot.domain.conference import Visitor
from bot.domain.language import Text
from bot.domain.matching import Candidate, One, decide, fold, rank
from bot.text import conference_words
from bot.text.conference_words import LET_IN_WORD, PARTICIPANTS_WORD, TURN_AWAY_WORD, UNLOCK_WORD
from bot.text.reply import Command as Typed
from bot.text.reply import say

_VISITOR = re.compile(r"[Vv](\d{1,9})")


def let_in(talk: Conversation, args: WhoInVisit) -> Answer:
    """Everybody who waits, or the one who is named."""
    return _at_the_door(talk, args, LET_IN_WORD, let=True)


def turn_away(talk: Conversation, args: WhoInVisit) -> Answer:
    return _at_the_door(talk, args, TURN_AWAY_WORD, let=False)


def _at_the_door(talk: Conversation, args: WhoInVisit, word: Text, *, let: bool) -> Answer:
    named = _VISITOR.fullmatch(args.number)
    if named is not None:
        return _numbered(talk, args.number, talk.tx.conferences.visitor(int(named[1])), let=let)
    chosen = chosen_visit(talk, args.number, args.who, word)
    if isinstance(chosen, Answer):
        return chosen
    attendance = conference.attendance(talk.tx, chosen.visit)
    if not attendance.waiting:
        return Answer(say(talk.of(conference_words.NOBODY_WAITS)))
    if let and attendance.locked:
        return _is_locked(talk)
    found = _meant(talk, attendance, chosen.who)
    if not found or (not let and not chosen.who and len(found) > 1):
        return _no_such_visitor(talk, chosen.who or "?")
    return _decide(talk, attendance, found, let=let)


def _numbered(talk: Conversation, number: str, visitor: Visitor | None, *, let: bool) -> Answer:
    found = None if visitor is None else conference.of_visitor(talk.tx, visitor)
    if visitor is None or found is None or not _chairs(talk, found[1]):
        return _no_such_visitor(talk, number)
    attendance = conference.attendance(talk.tx, found[1])
    if not visitor.is_at_the_door:
        return Answer(say(talk.of(conference_words.ALREADY.format(w=visitor.number))))
    if let and attendance.locked:
        return _is_locked(talk)
    return _decide(talk, attendance, [visitor], let=let)


def _chairs(talk: Conversation, visit: Appointment) -> bool:
    return isinstance(found_for(talk.tx, talk.person, visit.number), Appointment)


def _meant(talk: Conversation, attendance: conference.Attendance, who: str) -> list[Visitor]:
    if not who or fold(who) in EVERYBODY:
        return list(attendance.waiting)
    if (named := _VISITOR.fullmatch(who)) is not None:
        return [one for one in attendance.waiting if one.id == int(named[1])]
    by_id = {str(one.id): one for one in attendance.waiting}
    candidates = [
        Candidate(key, (one.name, conference_listing.visitor_shown(talk, attendance, one)))
        for key, one in by_id.items()
    ]
    decision = decide(rank(who, candidates))
    return [by_id[decision.key]] if isinstance(decision, One) else []


def _decide(talk: Conversation, attendance: conference.Attendance, visitors: Sequence[Visitor], *, let: bool) -> Answer:
    act = conference.let_in if let else conference.turn_away
    done = [one for one in visitors if act(talk.tx, one, talk.now)]
    who = ", ".join(conference_listing.visitor_shown(talk, attendance, one) for one in done)
    words = conference_words.LET_IN if let else conference_words.TURNED_AWAY
    return Answer(say(talk.of(words.format(w=who))))


def _no_such_visitor(talk: Conversation, who: str) -> Answer:
    sorry = conference_words.NO_SUCH_VISITOR.format(w=who[:LONGEST_ECHO])
    return Answer(say(talk.of(sorry), Typed(talk.of(PARTICIPANTS_WORD))))


def _is_locked(talk: Conversation) -> Answer:
    return Answer(say(talk.of(conference_words.IS_LOCKED), Typed(talk.of(UNLOCK_WORD))))


def tapped(talk: Conversation, visitor: Visitor, key: str) -> Answer | None:
    """1️⃣ lets in and 2️⃣ does not; the card itself shows what came of it, so only a refusal is said aloud."""
    found = conference.of_visitor(talk.tx, visitor)
    in_its_room = talk.room.kind is RoomKind.APPOINTMENT and found is not None and talk.room.subject == str(found[1].id)
    if found is None or not in_its_room or not _chairs(talk, found[1]):
        return None
    match key:
        case _ if key == KEYCAPS[0]:
            if conference.attendance(talk.tx, found[1]).locked:
                return _is_locked(talk)
            conference.let_in(talk.tx, visitor, talk.now)
        case _ if key == KEYCAPS[1]:
            conference.turn_away(talk.tx, visitor, talk.now)
        case _:
            pass
    return None
