"""Who may open a room with the service, and what happens as people come and go.

Invitations are accepted from the own homeserver and the region's, one direct room a person: a newer one takes
the older one's place, since people lose devices and start over.
"""

from datetime import datetime

from bot.actions.deliveries import Join, Leave, Say
from bot.actions.ports import Transaction
from bot.actions.rooms import RoomKind
from bot.commands.incoming import Incoming
from bot.domain.directory import Municipality
from bot.domain.ids import RoomId, UserId, server_of
from bot.domain.language import Language, Text
from bot.text.reply import Command, Reply, Strong, bullets, say


def may_invite(municipality: Municipality, user: UserId) -> bool:
    return server_of(user) in {municipality.server_name, *municipality.region_servers}


def invited(tx: Transaction, incoming: Incoming, *, direct: bool, now: datetime) -> None:
    """Joins and greets, or declines. A room that is not said to be direct is declined: it has other people."""
    known = tx.rooms.by_id(incoming.room_id)
    if known is not None and known.kind is not RoomKind.DIRECT:
        return
    key = f"{incoming.event_id}:admission"
    if not (direct and may_invite(tx.directory.municipality, incoming.sender)):
        other = tx.rooms.adopt(RoomKind.SHARED, incoming.room_id, incoming.room_id, now)
        tx.outbox.put(other.lane, Leave(incoming.room_id), key=f"{key}:decline", now=now)
        return
    room = tx.rooms.adopt(RoomKind.DIRECT, incoming.sender, incoming.room_id, now)
    tx.outbox.put(room.lane, Join(incoming.room_id), key=f"{key}:join", now=now)
    words = greeting(tx.directory.municipality, tx.people.language(incoming.sender))
    tx.outbox.put(room.lane, Say(words), key=f"{key}:greeting", now=now)


def came(tx: Transaction, room_id: RoomId, user: UserId) -> None:
    """A third person in a direct room: from now on nothing private is said there."""
    room = tx.rooms.by_id(room_id)
    if room is not None and room.kind is RoomKind.DIRECT and room.subject != user:
        tx.rooms.set_kind(room, RoomKind.SHARED)


def went(tx: Transaction, room_id: RoomId, user: UserId, now: datetime) -> None:
    """The person left their direct room: the service leaves it too."""
    room = tx.rooms.by_id(room_id)
    if room is not None and room.kind is RoomKind.DIRECT and room.subject == user:
        tx.outbox.put(room.lane, Leave(room_id), key=f"{room_id}:left", now=now)


def greeting(municipality: Municipality, language: Language | None) -> Reply:
    """The first words to a person: in their language, or in Finnish with the others' way in below."""
    spoken = language or municipality.default_language
    hello = Text(
        fi="Hei! Tämä on kunnan etäpalvelu: {m}. Autan varaamaan ajan virkailijalle.",
        sv="Hej! Det här är kommunens distansservice: {m}. Jag hjälper dig att boka tid hos en tjänsteman.",
        en="Hello! This is the remote service of {m}. I help you book a time with an official.",
    )
    first = Text(fi="Aloita näin:", sv="Börja så här:", en="Begin like this:")
    see = (
        Text(fi="!palvelut", sv="!tjänster", en="!services"),
        Text(fi=" – mitä palveluja on", sv=" – vilka tjänster som finns", en=" – which services there are"),
    )
    book = Text(fi="!varaa", sv="!boka", en="!book"), Text(fi=" – varaa aika", sv=" – boka tid", en=" – book a time")
    ask = (
        Text(fi="!apua", sv="!hjälp", en="!help"),
        Text(fi=" – kaikki komennot", sv=" – alla kommandon", en=" – all commands"),
    )
    rows = bullets(*((Command(word.in_(spoken)), what.in_(spoken)) for word, what in (see, book, ask)))
    reply = say(Strong(hello.map(lambda t: t.format(m=municipality.name.in_(spoken))).in_(spoken)))
    reply += say(first.in_(spoken)) + rows
    return reply if language else reply + say("På svenska: ", Command("!hjälp"), " · In English: ", Command("!help"))
