"""What reception needs of the storage beyond what the use cases need: questions, allowances, taps."""

from datetime import datetime
from typing import Protocol

from bot.actions import ports
from bot.actions.deliveries import ItemId
from bot.actions.ports import Outbox, People, Transaction
from bot.commands.question import Question
from bot.domain.allowance import Allowance, Limits
from bot.domain.ids import EventId, RoomId, UserId


class Questions(ports.Questions, Protocol):
    def ask(self, room: RoomId, person: UserId, question: Question, item: ItemId) -> None: ...

    def drop(self, room: RoomId, person: UserId) -> None: ...


class Clients(People, Protocol):
    def allowance(self, user: UserId, limits: Limits, now: datetime) -> Allowance: ...

    def keep_allowance(self, user: UserId, allowance: Allowance) -> None: ...


class Mail(Outbox, Protocol):
    def item_of(self, event: EventId) -> ItemId | None: ...


class Desk(Transaction, Protocol):
    """One transaction at the reception."""

    @property
    def questions(self) -> Questions: ...
    @property
    def people(self) -> Clients: ...
    @property
    def outbox(self) -> Mail: ...
