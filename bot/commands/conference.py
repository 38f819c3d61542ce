"""The chair of a video meeting, in chat: who is in it, who speaks, and whether it is locked.

In the appointment's room no number is needed; elsewhere it is, unless only one of today's meetings is going on.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.actions import conference
from bot.actions.access import found_for
from bot.actions.conference import Given
from bot.actions.deliveries import KEYCAPS
from bot.commands import conference_listing
from bot.commands.asking import question
from bot.commands.choosing_visit import ask_which, of_this_room, of_today
from bot.commands.spec import Answer, Conversation, Param
from bot.commands.staff_readers import read_first, read_second
from bot.domain.booking import Appointment
from bot.domain.conference import OrderKind, Presence
from bot.domain.conference import Role as PartOf
from bot.domain.language import Language, Text
from bot.domain.matching import Candidate, One, Several, decide, fold, rank
from bot.domain.staff_refusals import NotFound
from bot.text import conference_words, staff_refusals
from bot.text.conference_words import PARTICIPANTS_WORD, UNLOCK_WORD, UNMUTE_WORD
from bot.text.reply import Command as Typed
from bot.text.reply import choices, say

_NUMBER = Text(fi="varausnumero", sv="bokningsnummer", en="booking number")
_NAME = Text(fi="nimi", sv="namn", en="name")
_PRESENCE = re.compile(r"#(\d{1,9})")
EVERYBODY = frozenset(fold(conference_words.EVERYBODY.in_(language)) for language in Language)


@dataclass(frozen=True, slots=True)
class OfVisit:
    number: Annotated[str, Param(_NUMBER, read_first)]


@dataclass(frozen=True, slots=True)
class WhoInVisit:
    number: Annotated[str, Param(_NUMBER, read_first)]
    who: Annotated[str, Param(_NAME, read_second)]


def show(talk: Conversation, args: OfVisit) -> Answer:
    chosen = chosen_visit(talk, args.number, "", PARTICIPANTS_WORD)
    if isinstance(chosen, Answer):
        return chosen
    attendance = conference.attendance(talk.tx, chosen.visit)
    if attendance.is_empty:
        return Answer(say(talk.of(conference_words.NOT_BEGUN.format(n=chosen.visit.number))))
    found = conference_listing.listing(talk, attendance)
    return Answer(conference_words.participants(found, talk.language))


def lock(word: Text, *, locked: bool) -> Callable[[Conversation, OfVisit], Answer]:
    kind = OrderKind.LOCK if locked else OrderKind.UNLOCK

    def run(talk: Conversation, args: OfVisit) -> Answer:
        chosen = chosen_visit(talk, args.number, "", word)
        if isinstance(chosen, Answer):
            return chosen
        if not conference.lock(talk.tx, chosen.visit, given(talk), talk.now, locked=locked):
            return Answer(say(talk.of(conference_words.NO_ROOM_YET)))
        done = talk.of(conference_words.DOING[kind])
        return Answer(say(done, Typed(talk.of(UNLOCK_WORD))) if locked else say(done))

    return run


def order(word: Text, kind: OrderKind) -> Callable[[Conversation, WhoInVisit], Answer]:
    def run(talk: Conversation, args: WhoInVisit) -> Answer:
        chosen = chosen_visit(talk, args.number, args.who, word)
        if isinstance(chosen, Answer):
            return chosen
        found = _persons(talk, chosen, word, kind)
        if isinstance(found, Answer):
            return found
        for presence in found:
            _give(talk, presence, kind)
        who = ", ".join(dict.fromkeys(conference_listing.shown(talk, one) for one in found))
        done = talk.of(conference_words.DOING[kind].format(w=who))
        return Answer(say(done, Typed(talk.of(UNMUTE_WORD))) if kind is OrderKind.MUTE else say(done))

    return run


def _give(talk: Conversation, presence: Presence, kind: OrderKind) -> None:
    if kind is OrderKind.REMOVE:
        conference.remove(talk.tx, presence, given(talk), talk.now)
    else:
        conference.mute(talk.tx, presence, given(talk), talk.now, muted=kind is OrderKind.MUTE)


def given(talk: Conversation) -> Given:
    return Given(talk.room.lane, talk.language, talk.key)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A visit, and what was said besides its number."""

    visit: Appointment
    who: str


def chosen_visit(talk: Conversation, number: str, who: str, word: Text) -> Chosen | Answer:
    """By its number; without one this room's, else the only one that is going on today, else it is asked which."""
    if number and talk.tx.appointments.by_number(number) is not None:
        found = found_for(talk.tx, talk.person, number)
        return Chosen(found, who) if isinstance(found, Appointment) else _refused(talk, found)
    said = f"{number} {who}".strip()
    here = of_this_room(talk)
    if here is not None:
        return Chosen(here, said)
    today = of_today(talk)
    going = [one for one in today if not conference.attendance(talk.tx, one).is_empty]
    if len(going) == 1:
        return Chosen(going[0], said)
    return ask_which(talk, talk.of(word), going or today)


def _refused(talk: Conversation, no: NotFound) -> Answer:
    return Answer(staff_refusals.refusal(no, talk.hearer))


def _persons(talk: Conversation, chosen: Chosen, word: Text, kind: OrderKind) -> Sequence[Presence] | Answer:
    """Whom the words mean among those who are in it now; everybody means everybody but officials."""
    attendance = conference.attendance(talk.tx, chosen.visit)
    inside = [person.newest for person in conference_listing.people(attendance.present)]
    if not inside:
        return Answer(say(talk.of(conference_words.NOBODY_IN)))
    if fold(chosen.who) in EVERYBODY and kind is not OrderKind.REMOVE:
        return [one for one in inside if one.role is not PartOf.OFFICIAL]
    if (chosen_id := _PRESENCE.fullmatch(chosen.who)) is not None:
        return [one for one in inside if one.id == int(chosen_id[1])] or _no_such(talk, chosen.who)
    found = _named(talk, inside, chosen.who) if chosen.who else inside
    if not found:
        return _no_such(talk, chosen.who)
    return found if len(found) == 1 and chosen.who else _ask_whom(talk, chosen.visit, found, word, kind)


def _named(talk: Conversation, inside: Sequence[Presence], who: str) -> list[Presence]:
    by_id = {str(one.id): one for one in inside}
    match decide(rank(who, [_candidate(talk, one) for one in inside])):
        case One(key):
            return [by_id[key]]
        case Several(keys):
            return [by_id[key] for key in keys]
        case _:
            return []


def _no_such(talk: Conversation, who: str) -> Answer:
    sorry = conference_words.NO_SUCH_PERSON.format(w=who[:LONGEST_ECHO])
    return Answer(say(talk.of(sorry), Typed(talk.of(PARTICIPANTS_WORD))))


LONGEST_ECHO = 40
"""Characters of what was typed that are repeated in the answer."""


def _candidate(talk: Conversation, presence: Presence) -> Candidate:
    """By name and account; what somebody is there as is looser. Purposes stand in a guest's name."""
    names = tuple(conference.name_of(talk.tx, presence, language) for language in Language)
    role = conference_words.ROLES[presence.role]
    account = presence.identity.partition(":")[0].removeprefix("@") if presence.identity.startswith("@") else ""
    bare = tuple(filter(None, (presence.name, account)))
    return Candidate(str(presence.id), (*bare, *names), (role.fi, role.sv, role.en))


def _ask_whom(talk: Conversation, visit: Appointment, among: Sequence[Presence], word: Text, kind: OrderKind) -> Answer:
    shown = among[: len(KEYCAPS)]
    lines = (f"{talk.of(word)} {visit.number} #{one.id}" for one in shown)
    listed = choices(*(conference_listing.shown(talk, one) for one in shown))
    return Answer(say(talk.of(conference_words.WHOM[kind])) + listed, question(talk, "", lines), taps=True)
