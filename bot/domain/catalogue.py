"""What a municipality tells its citizens: services and frequent questions, as the advice in chat quotes them.

Pure values; every text stands here as the municipality wrote it. Where entries come from (PTV, YAML, Markdown) is
`bot.catalogues`' matter, where they are kept `bot.storage`'s, and finding the right one `bot.advice`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from bot.domain.directory import Span, WeeklyHours
from bot.domain.ids import ServiceId, UnitId
from bot.domain.language import Language

EntryId = NewType("EntryId", str)
"""Unique in one municipality's catalogue: letters, digits, `-`, `_` and `.`, at most 80."""

Words = Mapping[Language, str]
"""A text in the languages it exists in; at least one, never empty strings."""


def best(words: Words, language: Language) -> tuple[str, Language] | None:
    """The asked language, else Finnish, else any: the text with the language it is in; none where there is none."""
    for choice in (language, Language.FI, Language.SV, Language.EN):
        if choice in words:
            return words[choice], choice
    return None


class ChannelKind(StrEnum):
    """By which door a service is reached (PTV: ServiceLocation, Phone, WebPage, PrintableForm, EChannel)."""

    PLACE = "place"
    PHONE = "phone"
    WEB = "web"
    FORM = "form"
    E_SERVICE = "e-service"
    CHAT = "chat"
    VIDEO = "video"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days, `first` to `last` inclusive, with hours that differ from the week's; no spans: closed."""

    first: date
    last: date
    spans: tuple[Span, ...] = ()
    name: Words = field(default_factory=dict)

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Season:
    """Weekly hours within `first` to `last` inclusive; none: without that bound."""

    hours: WeeklyHours
    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Exceptions go before seasons, a bounded season before an unbounded one. What is not said is not known."""

    seasons: tuple[Season, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()

    def on(self, day: date) -> tuple[Span, ...] | None:
        """Spans of local wall time; an empty tuple means closed, none means not known."""
        for exception in self.exceptions:
            if exception.covers(day):
                return exception.spans
        covering = [season for season in self.seasons if season.covers(day)]
        bounded = [season for season in covering if season.first is not None or season.last is not None]
        return (bounded or covering)[0].hours.on(day) if covering else None


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to a service. `value` is the number, address, link or e-mail address."""

    kind: ChannelKind
    name: Words = field(default_factory=dict)
    value: str = ""
    hours: OpeningHours | None = None
    note: Words = field(default_factory=dict)


class Origin(StrEnum):
    """Where an entry was read from; an import replaces only entries of its own origin."""

    PTV = "ptv"
    FILE = "file"
    STAFF = "staff"
    """Answered by an official in chat and reviewed by another."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service or a frequent question. `summary` is what a chat answer quotes first; it fits a phone."""

    id: EntryId
    name: Words
    summary: Words = field(default_factory=dict)
    description: Words = field(default_factory=dict)
    terms: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """Keywords and ontology labels; they are searched, never shown."""
    questions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """Example questions; used for near-exact matches only, since mixed into the text they hurt."""
    channels: tuple[Channel, ...] = ()
    hours: OpeningHours | None = None
    hours_text: Words = field(default_factory=dict)
    """Hours as words, where they are not structured."""
    prices: Words = field(default_factory=dict)
    source: str = ""
    """Link to the page that the text is from."""
    updated: date | None = None
    municipalities: tuple[str, ...] = ()
    """Three-digit codes; none: the catalogue's own municipality."""
    matters: tuple[str, ...] = ()
    """Matters of the corpus, where an administrator has said them; none: found by training."""
    bookable: ServiceId | None = None
    """The service that can be booked for this."""
    unit: UnitId | None = None
    """Whose officials know more; none: the municipality's first unit."""
    origin: Origin = Origin.FILE


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words that people use, and the words of the catalogue that they mean; `*` at the end matches any ending."""

    language: Language
    said: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A municipality's entries, in order, with what its staff has taught."""

    code: str
    name: Words
    entries: tuple[Entry, ...]
    synonyms: tuple[Synonym, ...] = ()
