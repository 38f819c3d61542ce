"""What officials teach the advice: keywords and synonyms, tried on the municipality's own test questions first.

Pure values. Asking the questions is done by `bot.advice_round`, with the engine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.advice import Advice, Band
from bot.domain.catalogue import Catalogue, Entry, EntryId, Synonym
from bot.domain.ids import EventId, UserId
from bot.domain.language import Language

SHOWN_CHOICES = 3


class ChangeKind(StrEnum):
    TERMS = "terms"
    """Keywords for an entry; the target is its id."""
    FEWER_TERMS = "fewer-terms"
    """Keywords that the staff had added are taken out again; the target is the entry's id."""
    SYNONYM = "synonym"
    """Words of the catalogue for what people say; the target is what they say. No words: it is taken out again."""


@dataclass(frozen=True, slots=True)
class Change:
    kind: ChangeKind
    language: Language
    target: str
    words: tuple[str, ...]


class ProposalState(StrEnum):
    NEW = "new"
    TRIED = "tried"
    TAKEN = "taken"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class NewProposal:
    """`lane` is where the official waits for what came of it."""

    event: EventId
    lane: int
    person: UserId
    language: Language
    at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class Proposal:
    id: int
    lane: int
    person: UserId
    language: Language
    change: Change
    state: ProposalState


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """A question of the municipality's own, with the entry that answers it."""

    __test__ = False

    words: str
    entry: EntryId


@dataclass(frozen=True, slots=True)
class Replay:
    """Test questions whose answer gets better and worse, and how many are right before and after."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    right_before: int
    right_after: int
    asked: int


def with_terms(catalogue: Catalogue, taught: Iterable[tuple[EntryId, Language, str]]) -> Catalogue:
    """The catalogue with keywords that the staff has added."""
    more: dict[EntryId, dict[Language, list[str]]] = {}
    for id, language, word in taught:
        more.setdefault(id, {}).setdefault(language, []).append(word)
    entries = (_richer(one, more[one.id]) if one.id in more else one for one in catalogue.entries)
    return replace(catalogue, entries=tuple(entries))


def _richer(entry: Entry, words: Mapping[Language, Sequence[str]]) -> Entry:
    terms = dict(entry.terms)
    for language, added in words.items():
        terms[language] = tuple(dict.fromkeys((*terms.get(language, ()), *added)))
    return replace(entry, terms=terms)


def _poorer(entry: Entry, change: Change) -> Entry:
    terms = dict(entry.terms)
    terms[change.language] = tuple(word for word in terms.get(change.language, ()) if word not in change.words)
    return replace(entry, terms=terms)


def changed(catalogue: Catalogue, change: Change) -> Catalogue:
    """The catalogue as it would be."""
    if change.kind is ChangeKind.FEWER_TERMS:
        entries = (_poorer(one, change) if one.id == change.target else one for one in catalogue.entries)
        return replace(catalogue, entries=tuple(entries))
    if change.kind is ChangeKind.TERMS:
        return with_terms(catalogue, [(EntryId(change.target), change.language, word) for word in change.words])
    added = Synonym(change.language, change.target, change.words)
    others = (one for one in catalogue.synonyms if (one.language, one.said) != (added.language, added.said))
    return replace(catalogue, synonyms=(*others, added) if change.words else tuple(others))


def grade(advice: Advice, entry: EntryId) -> int:
    """2: it was the one answer; 1: it was among the choices; 0: neither."""
    shown = [one.entry for one in advice.found[:SHOWN_CHOICES]]
    if advice.band is Band.ONE:
        return 2 if shown[:1] == [entry] else 0
    return 1 if advice.band is Band.CHOICES and entry in shown else 0


def compare(tests: Sequence[TestQuestion], before: Sequence[Advice], after: Sequence[Advice]) -> Replay:
    """Answers in the order of the questions."""
    grades = [
        (test, grade(old, test.entry), grade(new, test.entry))
        for test, old, new in zip(tests, before, after, strict=True)
    ]
    return Replay(
        better=tuple(test.words for test, old, new in grades if new > old),
        worse=tuple(test.words for test, old, new in grades if new < old),
        right_before=sum(old > 0 for _, old, _ in grades),
        right_after=sum(new > 0 for _, _, new in grades),
        asked=len(grades),
    )
