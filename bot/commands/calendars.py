"""`!kalenteri`: a private address under which one's own calendar app finds the appointments.

For officials also the other way: the address of their own calendar, out of which the service reads when they are
busy.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.actions import calendars, own_calendar
from bot.commands.readers import read_words
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.domain.language import Text
from bot.domain.matching import fold
from bot.domain.own_calendar import Trouble, read_address
from bot.text import calendar_words, own_calendar_words
from bot.text.reply import Reply, say

_NEW = frozenset({"uusi", "ny", "new"})
_OFF = frozenset({"pois", "av", "off"})
_ADDRESS = frozenset({"osoite", "adress", "address"})


@dataclass(frozen=True, slots=True)
class WithWish:
    wish: Annotated[str, Param(Text(fi="uusi tai pois", sv="ny eller av", en="new or off"), read_words)]


def run(talk: Conversation, args: WithWish) -> Answer:
    word, _, rest = args.wish.partition(" ")
    if fold(word) in _ADDRESS:
        return Answer(_own_calendar(talk, rest.strip()))
    if "://" in word:  # pasted without the word for it
        return Answer(_own_calendar(talk, args.wish))
    is_official = talk.tx.directory.official_of(talk.person) is not None
    hint = own_calendar_words.hint(talk.language) if is_official else Reply(())
    return Answer(_feed(talk, fold(args.wish)) + hint)


def _feed(talk: Conversation, wish: str) -> Reply:
    if wish in _OFF:
        words = calendar_words.feed_ended if talk.tx.feeds.close(talk.person) else calendar_words.no_feed
        return words(talk.language)
    if wish and wish not in _NEW:
        return calendar_words.not_understood(talk.language)
    if not wish and talk.tx.feeds.has(talk.person):
        return calendar_words.feed_exists(talk.language)
    address = calendars.renew(talk.tx, talk.person, talk.now)
    if address is None:
        return calendar_words.no_feeds_here(talk.language)
    return calendar_words.feed_address(address, talk.language)


def _own_calendar(talk: Conversation, typed: str) -> Reply:
    official = talk.tx.directory.official_of(talk.person)
    if official is None:
        return say(talk.of(_FOR_STAFF)) + calendar_words.not_understood(talk.language)
    if fold(typed) in _OFF:
        ended = own_calendar.end(talk.tx, official)
        return (own_calendar_words.ended if ended else own_calendar_words.nothing_to_end)(talk.language)
    address = read_address(typed)
    if isinstance(address, Trouble):
        return own_calendar_words.refused(address, talk.language)
    own_calendar.set_address(talk.tx, official, address, talk.now)
    return own_calendar_words.taken(talk.language)


_FOR_STAFF = Text(
    fi="Luen vain kunnan palvelijoiden omia kalentereita.",
    sv="Jag läser bara de kommunanställdas egna kalendrar.",
    en="I read only the own calendars of the municipality's staff.",
)

CALENDAR = Command(
    names=Text(fi="kalenteri", sv="kalender", en="calendar"),
    summary=Text(
        fi="Tuo varatut aikasi omaan kalenteriisi",
        sv="Ta dina bokade tider till din egen kalender",
        en="Bring your appointments into your own calendar",
    ),
    examples=Text(
        fi="!kalenteri\n!kalenteri uusi\n!kalenteri pois",
        sv="!kalender\n!kalender ny\n!kalender av",
        en="!calendar\n!calendar new\n!calendar off",
    ),
    args=WithWish,
    run=run,
    group=Group.BOOKING,
    rooms=Rooms.PRIVATE,
)
