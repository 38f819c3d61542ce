"""`!peru-kutsu`: a link into a video meeting is cancelled, by its number, its name, or a choice of those there are."""

import re
from collections.abc import Sequence

from bot.actions import conference_links
from bot.actions.access import found_for
from bot.actions.deliveries import KEYCAPS
from bot.actions.rooms import RoomKind
from bot.commands.asking import question
from bot.commands.conference import LONGEST_ECHO, Chosen, WhoInVisit, chosen_visit
from bot.commands.spec import Answer, Conversation
from bot.domain.booking import Appointment
from bot.domain.conference import Link
from bot.domain.language import Language
from bot.domain.matching import Candidate, One, Several, decide, rank
from bot.text import conference_words, guest_words
from bot.text.conference_words import CANCEL_LINK_WORD
from bot.text.reply import Command as Typed
from bot.text.reply import choices, say

_LINK = re.compile(r"[Ll](\d{1,9})")


def cancel(talk: Conversation, args: WhoInVisit) -> Answer:
    if _LINK.fullmatch(args.number) is not None:
        return _numbered(talk, args.number)
    chosen = chosen_visit(talk, args.number, args.who, CANCEL_LINK_WORD)
    if isinstance(chosen, Answer):
        return chosen
    if _LINK.fullmatch(chosen.who) is not None:
        return _numbered(talk, chosen.who)
    links = talk.tx.conferences.links_of(chosen.visit.id)
    return _among(talk, chosen, links) if links else Answer(say(talk.of(conference_words.NO_LINKS)))


def _among(talk: Conversation, chosen: Chosen, links: Sequence[Link]) -> Answer:
    found = _named(talk, chosen.visit, links, chosen.who) if chosen.who else links
    if not found:
        return _no_such(talk, chosen.who)
    if len(found) == 1 and chosen.who:
        return _cancel(talk, chosen.visit, found[0])
    return _ask_which(talk, chosen.visit, found)


def _numbered(talk: Conversation, number: str) -> Answer:
    """A link of an appointment that the person may not act on looks like none."""
    link = talk.tx.conferences.link(int(number[1:]))
    held = None if link is None or link.appointment is None else talk.tx.appointments.get(link.appointment)
    visit = None if held is None else found_for(talk.tx, talk.person, held.number)
    return _no_such(talk, number) if link is None or not isinstance(visit, Appointment) else _cancel(talk, visit, link)


def _cancel(talk: Conversation, visit: Appointment, link: Link) -> Answer:
    done = conference_links.cancel(talk.tx, visit, link, talk.now)
    words = conference_words.CANCELLED_LINK if done else conference_words.CANCELLED_BEFORE
    return Answer(say(talk.of(words.format(w=_shown(talk, link)))))


def _named(talk: Conversation, visit: Appointment, links: Sequence[Link], who: str) -> list[Link]:
    """By the name that the inviter wrote, the one that the guest came under, or the purpose."""
    came = talk.tx.conferences.visitors_of(visit.id)
    by_id = {str(link.id): link for link in links}
    candidates = []
    for link in links:
        names = [link.name, *(visitor.name for visitor in came if visitor.link == link.id)]
        purposes = [conference_words.PURPOSES[link.purpose].in_(language) for language in Language]
        candidates.append(Candidate(str(link.id), tuple(filter(None, names)), tuple(purposes)))
    match decide(rank(who, candidates)):
        case One(key):
            return [by_id[key]]
        case Several(keys):
            return [by_id[key] for key in keys]
        case _:
            return []


def _ask_which(talk: Conversation, visit: Appointment, among: Sequence[Link]) -> Answer:
    shown = among[: len(KEYCAPS)]
    lines = (f"{talk.of(CANCEL_LINK_WORD)} {visit.number} {_number(link)}" for link in shown)
    listed = choices(*(_shown(talk, link) for link in shown))
    return Answer(say(talk.of(conference_words.WHICH_LINK)) + listed, question(talk, "", lines), taps=True)


def _shown(talk: Conversation, link: Link) -> str:
    """For whom it was made and its number; staff rooms hold no names."""
    name = "" if talk.room.kind is RoomKind.UNIT else link.name
    return f"{guest_words.who(link.purpose, name, talk.language)} · {_number(link)}"


def _number(link: Link) -> str:
    """What people call it by in commands."""
    return f"L{link.id}"


def _no_such(talk: Conversation, who: str) -> Answer:
    sorry = conference_words.NO_SUCH_LINK.format(w=who[:LONGEST_ECHO])
    return Answer(say(talk.of(sorry), Typed(talk.of(CANCEL_LINK_WORD))))
