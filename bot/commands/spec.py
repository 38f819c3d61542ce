"""How a command is declared: once, and everything else is read off the declaration.

From a `Command` come parsing, help in three languages, permission, the rooms where it may be used, and the page
in `docs/`. A handler gets its parsed arguments and a `Conversation`, and returns an `Answer`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

from bot.actions.deliveries import Delivery
from bot.actions.ports import Transaction
from bot.actions.rooms import Room, RoomKind
from bot.commands.question import Question
from bot.domain.directory import Directory
from bot.domain.ids import UserId
from bot.domain.language import Language, Text
from bot.text.reply import Reply
from bot.text.wording import Hearer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

A = TypeVar("A")


class Role(Enum):
    """Who may use a command. An official is a citizen too."""

    CITIZEN = 1
    OFFICIAL = 2


class Rooms(Enum):
    """Where a command may be used."""

    PRIVATE = frozenset({RoomKind.DIRECT})
    APPOINTMENT = frozenset({RoomKind.DIRECT, RoomKind.APPOINTMENT})
    STAFF = frozenset({RoomKind.DIRECT, RoomKind.UNIT})
    WORK = frozenset({RoomKind.DIRECT, RoomKind.UNIT, RoomKind.APPOINTMENT})
    ANYWHERE = frozenset(RoomKind)


class Group(StrEnum):
    """How help and documentation are arranged."""

    BOOKING = "booking"
    GENERAL = "general"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reader may look at to understand an argument; nothing here can be changed."""

    directory: Directory
    language: Language
    sent: datetime
    """When the message was sent: what "tomorrow" is counted from."""


Reader = Callable[[str, Facts], tuple[Any, str]]
"""Takes its part out of the line and returns the value and what is left of the line. Never raises."""


@dataclass(frozen=True, slots=True)
class Param:
    """An argument's name as people see it, and how it is read."""

    label: Text
    read: Reader


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a handler may use: one transaction, who asks, where, and when."""

    tx: Transaction
    person: UserId
    room: Room
    language: Language
    now: datetime
    key: str
    """Names this message; anything queued for it is queued under this key."""

    @property
    def hearer(self) -> Hearer:
        municipality = self.tx.directory.municipality
        return Hearer(self.language, municipality.time_zone, self.now, municipality.phone)

    def of(self, text: Text) -> str:
        return text.in_(self.language)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person gets. `taps` lets the choices be tapped; `further` goes out behind the reply."""

    reply: Reply
    question: Question | None = None
    taps: bool = False
    further: Sequence[Delivery] = ()


@dataclass(frozen=True)
class Command(Generic[A]):
    """One declaration. `names` are what is typed; the language of the name is the language of the answer."""

    names: Text
    summary: Text
    examples: Text
    """One example a line; help shows them, tests parse them."""
    args: type[A]
    run: Callable[[Conversation, A], Answer]
    group: Group
    allow: Role = Role.CITIZEN
    rooms: Rooms = Rooms.PRIVATE
    hidden: bool = False
    """Stands behind choices of questions: understood when typed in full, but neither listed nor suggested."""

    def params(self) -> list[tuple[str, Param]]:
        """Field names with their declared parameters, in order."""
        hints = get_type_hints(self.args, include_extras=True)
        return [(field.name, _param(hints[field.name])) for field in fields(cast("type[DataclassInstance]", self.args))]

    def parse(self, line: str, facts: Facts) -> A:
        """Reads arguments: the last ones pick their words out of the line, the first takes what remains."""
        values: dict[str, object] = {}
        rest = line
        for name, param in reversed(self.params()):
            values[name], rest = param.read(rest, facts)
        return self.args(**values)

    def usage(self, language: Language) -> str:
        """How it is typed: `!varaa [palvelu] [aika]`."""
        labels = "".join(f" [{param.label.in_(language)}]" for _, param in self.params())
        return f"!{self.names.in_(language)}{labels}"


def _param(hint: object) -> Param:
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Param):
                return extra
    raise TypeError("every argument of a command is Annotated with its Param")
