"""An answer to a free question, as a decision: one entry, up to three choices, or a person.

Pure values. `bot.advice` makes them, `bot.actions.advice` acts on them, `bot.text` words them.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.catalogue import EntryId, Words
from bot.domain.language import Language


class Band(StrEnum):
    ONE = "one"
    CHOICES = "choices"
    HAND_OVER = "hand-over"


class Step(StrEnum):
    """How much of the engine works on this machine; each has thresholds of its own."""

    FULL = "full"
    NO_EMBEDDINGS = "no-embeddings"
    """Voikko and letters, without the multilingual embeddings (no AVX2, or the wheel is missing)."""
    NO_VOIKKO = "no-voikko"
    """Embeddings and letters, without Finnish lemmas."""
    LETTERS = "letters"
    """Stems and letters only."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with its probability, 0 to 1, of being the right one."""

    entry: EntryId
    probability: float


@dataclass(frozen=True, slots=True)
class Referral:
    """A body that takes care of what a municipality does not. `advice` is one sentence that says what to do next."""

    name: Words
    advice: Words
    url: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """`found` is best first, at most ten; in `CHOICES` the first three are shown.

    `referral` is set where the matter is somebody else's; it goes with `HAND_OVER` only. `language` is the one
    the question was written in, as far as it can be told.
    """

    band: Band
    found: tuple[Found, ...]
    language: Language
    referral: Referral | None = None
