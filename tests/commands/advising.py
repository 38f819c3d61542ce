"""A catalogue of three entries, and questions that are answered as the engine is made to find."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from itertools import count
from typing import TypeVar

from bot.actions import advice
from bot.actions.rooms import RoomKind
from bot.commands.incoming import Incoming, Reacted, Said, What
from bot.commands.reception import receive
from bot.domain.advice import Advice, Band, Found, Referral
from bot.domain.catalogue import Channel, ChannelKind, Entry, EntryId, Exceptional, OpeningHours, Origin, Season
from bot.domain.directory import Span, WeeklyHours
from bot.domain.ids import EventId, RoomId, ServiceId, UnitId, UserId
from bot.domain.language import Language
from bot.storage.outbox import Queued
from bot.storage.transaction import SqlTransaction
from tests.commands.chat import CITIZEN, Chat

T = TypeVar("T")

_NUMBERS = count(1)
FI, SV, EN = Language.FI, Language.SV, Language.EN
_DAY, _SHORT = (Span(time(10), time(19)),), (Span(time(10), time(14)),)

LIBRARY = Entry(
    id=EntryId("kirjasto"),
    name={FI: "Kirjasto", SV: "Biblioteket", EN: "Library"},
    summary={FI: "Kirjastosta saa lainata kirjoja.", SV: "Biblioteket lånar ut böcker.", EN: "Borrow books here."},
    hours=OpeningHours(
        (Season(WeeklyHours((_DAY, _DAY, _DAY, _DAY, _DAY, _SHORT, ()))),),
        (Exceptional(date(2026, 12, 5), date(2026, 12, 5), (), {FI: "Inventaario"}),),
    ),
    prices={FI: "Lainaaminen on maksutonta."},
    channels=(
        Channel(ChannelKind.PHONE, {}, "+358 6 000 0001"),
        Channel(ChannelKind.PLACE, {}, "Kirjastokatu 1"),
        Channel(ChannelKind.WEB, {}, "https://kirjasto.example"),
        Channel(ChannelKind.E_SERVICE, {}, "https://lainat.example"),
    ),
    source="https://malli.example/kirjasto",
    updated=date(2026, 10, 1),
)
PERMIT = Entry(
    id=EntryId("lupa"),
    name={FI: "Rakennuslupa"},
    summary={FI: "Rakentamiseen tarvitaan lupa."},
    bookable=ServiceId("rakennuslupa"),
    unit=UnitId("rakennusvalvonta"),
)
CHILDREN = Entry(
    id=EntryId("lapset"), name={FI: "Lastensuojelu"}, summary={FI: "Ota yhteyttä."}, unit=UnitId("perhepalvelut")
)
ENTRIES = (LIBRARY, PERMIT, CHILDREN)


def one(entry: Entry, language: Language = FI) -> Advice:
    return Advice(Band.ONE, (Found(entry.id, 0.9),), language)


def several(*entries: Entry, language: Language = FI) -> Advice:
    return Advice(Band.CHOICES, tuple(Found(entry.id, 0.3) for entry in entries), language)


def unknown(referral: Referral | None = None, language: Language = FI) -> Advice:
    return Advice(Band.HAND_OVER, (), language, referral)


@dataclass
class Town:
    """A chat with a catalogue. `heard` is all that was sent, by the kind and the subject of its room."""

    chat: Chat
    heard: dict[str, list[str]] = field(default_factory=dict)
    _items: dict[str, EventId] = field(default_factory=dict)

    def do(self, work: Callable[[SqlTransaction], T]) -> T:
        return self.chat.store.transact_now(work)

    def say(self, line: str, person: UserId = CITIZEN) -> str:
        """What was answered at once in the person's direct room."""
        return self.receive(Said(line), person)

    def tap(self, key: str, person: UserId = CITIZEN, room: str = "") -> str:
        """A reaction to the last message of a room; without one, the person's direct one."""
        return self.receive(Reacted(self._items[room or f"direct:{person}"], key), person, room)

    def reply(self, words: str, person: UserId, room: str) -> str:
        """A reply to the last message of a room."""
        return self.receive(Said(words, answers=self._items[room]), person, room)

    def receive(self, what: What, person: UserId, room: str = "") -> str:
        room_id = RoomId(f"!{room}") if room else RoomId(f"!direct-{person}")

        def work(tx: SqlTransaction) -> None:
            if not room and tx.rooms.by_id(room_id) is None:
                tx.rooms.adopt(RoomKind.DIRECT, person, room_id, self.chat.now)
            event = EventId(f"$event-{next(_NUMBERS)}")
            receive(tx, Incoming(event, room_id, person, self.chat.now, what), self.chat.limits, self.chat.now)

        self.do(work)
        return self.new(room or f"direct:{person}")

    def ask(self, line: str, found: Advice | None, person: UserId = CITIZEN) -> str:
        """Asks, has it answered, and returns what was said."""
        assert self.say(line, person) == ""
        return self.settle(found, person)

    def settle(self, found: Advice | None, person: UserId = CITIZEN) -> str:
        def work(tx: SqlTransaction) -> None:
            inquiry = tx.inquiries.next_new()
            assert inquiry is not None
            advice.answer(tx, inquiry, found, self.chat.now)

        self.do(work)
        return self.new(f"direct:{person}")

    def new(self, room: str) -> str:
        """Sends what waits to be sent; the words of it in one room."""
        before = len(self.heard.get(room, []))

        def work(tx: SqlTransaction) -> None:
            while found := tx.outbox.claim(self.chat.now, "DEVICE", [], 100):
                for queued in found:
                    self._sent(tx, queued)

        self.do(work)
        return "\n".join(self.heard.get(room, [])[before:])

    def _sent(self, tx: SqlTransaction, queued: Queued) -> None:
        room, event = tx.rooms.by_lane(queued.lane), EventId(f"$sent-{queued.item}")
        assert room is not None
        name = f"{room.kind}:{room.subject}"
        if queued.kind == "open":
            tx.rooms.opened(queued.lane, RoomId(f"!{name}"))
        if queued.kind in {"say", "amend"}:
            self.heard.setdefault(name, []).append(str(queued.payload["body"]))
        if queued.kind == "say":
            self._items[name] = event
        tx.outbox.sent(queued.item, event)

    def walls(self) -> str:
        """All that units' rooms heard."""
        return "\n".join(body for room, bodies in self.heard.items() if room.startswith("unit:") for body in bodies)


def with_catalogue(chat: Chat) -> Town:
    chat.store.transact_now(lambda tx: tx.catalogue.take(Origin.FILE, ENTRIES, complete=True))
    return Town(chat)


def asked_official(town: Town) -> str:
    """The room of the unit that the question went to."""
    town.ask("onko teillä lainattavaa kanoottia", unknown())
    assert "K1" in town.say("1")
    return next(room for room, bodies in town.heard.items() if room.startswith("unit:") and "kanoottia" in bodies[-1])


def summaries(town: Town) -> str:
    return str([entry.summary for entry in town.do(lambda tx: tx.catalogue.catalogue()).entries])
