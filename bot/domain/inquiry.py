"""A question that somebody asked in their own words, from asking to an answer.

Pure values. Who may answer and what is said is `bot.actions.advice`'s matter.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.advice import Band
from bot.domain.catalogue import EntryId
from bot.domain.ids import EventId, OfficialId, UnitId, UserId
from bot.domain.language import Language

KEPT_FOR = timedelta(days=60)
"""How long a masked question without an answer is kept for the staff to learn from."""
ASKER_STAYS = timedelta(days=1)
"""How long an official can answer a question that nobody was asked to answer."""
SUBJECT_STAYS = timedelta(minutes=10)
"""How long "and on Saturday?" is about what was answered last."""


class State(StrEnum):
    NEW = "new"
    """Not looked at yet."""
    ANSWERED = "answered"
    """Answered from the catalogue."""
    UNSURE = "unsure"
    """Choices were shown, or it was not known; nobody was asked."""
    OPEN = "open"
    """An official was asked to answer."""
    REPLIED = "replied"
    """An official has answered."""
    PROPOSED = "proposed"
    """The answer is to become an entry, and waits for another official."""
    KEPT = "kept"
    """The answer is an entry of the catalogue."""


@dataclass(frozen=True, slots=True)
class NewInquiry:
    """`lane` is the number of the room's queue; `masked` is without personal data."""

    event: EventId
    lane: int
    person: UserId
    language: Language
    asked: datetime
    words: str
    masked: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """`person` and `words` are none once the question is settled."""

    id: int
    event: EventId
    lane: int
    person: UserId | None
    language: Language
    asked: datetime
    words: str | None
    masked: str
    state: State
    band: Band | None = None
    entry: EntryId | None = None
    answered: datetime | None = None
    unit: UnitId | None = None
    card: int | None = None
    draft: str | None = None
    """An official's answer, as it may become an entry."""
    author: OfficialId | None = None

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"K{self.id}"
