"""The Finnish Service Catalogue (Palvelutietovaranto), JSON of its Open API, version 11.

A file holds services, channels or both: as one object, a list, or a page with `itemList`. Channels are joined to the
services that name them. Everything that an answer can use is kept; the rest of the schema is tolerated.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.catalogues import fields
from bot.catalogues.problems import BadEntryError, Problem, Read
from bot.catalogues.ptv_channel import is_channel
from bot.catalogues.ptv_parts import by_type, day_of, localised, objects
from bot.catalogues.ptv_ties import Known, joined, known_channels, ties_of, with_channels
from bot.domain.catalogue import Catalogue, Entry, EntryId, Origin, Words
from bot.domain.language import Language

_FREE = {Language.FI: "Maksuton.", Language.SV: "Avgiftsfritt.", Language.EN: "Free of charge."}
_PAGE = "https://www.suomi.fi/palvelut/{id}"
NOT_GIVEN = "channels that a service names but that were not given"


def items_of(text: str, file: str) -> list[Mapping[str, Any]] | Problem:
    """Services and channels of one file, as they stand there."""
    try:
        return list(_items(json.loads(text, parse_constant=lambda _: None)))
    except (ValueError, RecursionError) as fault:
        return Problem(file, getattr(fault, "lineno", None), "This is not well-formed JSON from here on.")


def read_items(items: Sequence[Mapping[str, Any]], file: str, code: str = "") -> Read:
    """`items` are those of all files that belong together, since services name channels of other files."""
    reading = _Reading(file, code, known_channels(items))
    for one in items:
        if not is_channel(one):
            reading.add(one)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """Services one after the other, as far as they were read."""

    file: str
    code: str
    known: Known
    found: dict[str, Entry] = field(default_factory=dict)
    ties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    parts: list[Problem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    gone: set[str] = field(default_factory=set)

    def add(self, one: Mapping[str, Any]) -> None:
        try:
            if (reason := _reason_to_skip(one, self.code)) is not None:
                self.skipped[reason] += 1
                self.gone.add(str(one.get("id")))
                return
            ties = ties_of(one)
            channels = joined(ties, self.known)
            read = with_channels(_entry(one), channels)  # what is kept must be readable again
        except (BadEntryError, AttributeError, TypeError, ValueError, LookupError, OverflowError) as fault:
            self.problems.append(Problem(_named(one, self.file), None, _reason(fault)))
            return
        self.found[read.id] = read
        self.ties[read.id] = tuple(tie.id for tie in ties)
        self.parts += [Problem(read.id, None, reason) for reason in channels.left_out]
        if channels.missing:
            self.skipped[NOT_GIVEN] += channels.missing

    def result(self) -> Read:
        return Read(
            Catalogue(self.code, {}, tuple(self.found.values())),
            tuple(self.problems),
            tuple(sorted(self.skipped.items())),
            parts=tuple(self.parts),
            ties=self.ties,
            gone=frozenset(self.gone - set(self.found)),
        )


def _items(top: object) -> Iterable[Mapping[str, Any]]:
    """Services and channels at the top, in a list, in a page's list, or inside each other."""
    if isinstance(top, list):
        return [one for part in top for one in _items(part)]
    if not isinstance(top, Mapping):
        return []
    if isinstance(top.get("itemList"), list):
        return _items(top["itemList"])
    lists = [top[key] for key in ("services", "channels", "serviceChannels") if isinstance(top.get(key), list)]
    return _items([one for found in lists for one in found]) if lists and "serviceNames" not in top else [top]


def _named(one: Mapping[str, Any], file: str) -> str:
    return fields.shown(str(one.get("id") or file))


def _reason(fault: Exception) -> str:
    return (
        str(fault) if isinstance(fault, BadEntryError) else "A part of it does not have the form of PTV's version 11."
    )


def _reason_to_skip(one: Mapping[str, Any], code: str) -> str | None:
    if one.get("publishingStatus", "Published") != "Published":
        return "not published"
    if "serviceNames" not in one:
        return "neither a service nor a known channel"
    codes = _codes(one)
    return "given in other municipalities" if code and codes and code not in codes else None


def _codes(one: Mapping[str, Any]) -> tuple[str, ...]:
    """Municipalities that the service is limited to; none for the whole country."""
    areas = objects(one.get("areas"))
    found = [fields.code(str(town.get("code"))) for area in areas for town in objects(area.get("municipalities"))]
    return tuple(dict.fromkeys(found))


def _entry(one: Mapping[str, Any]) -> Entry:
    """Without its channels."""
    names = by_type(one.get("serviceNames"), "Name")
    if not names:
        raise BadEntryError("A service needs a name of the type Name.")
    texts = one.get("serviceDescriptions")
    instruction, description = by_type(texts, "UserInstruction"), by_type(texts, "Description")
    id = fields.name_of_entry(one.get("id"))
    return Entry(
        id=EntryId(id),
        name=names,
        summary=by_type(texts, "Summary", "ShortDescription"),
        description=_together(description, instruction),
        terms=_terms(one),
        prices=_prices(one, texts),
        source=_PAGE.format(id=id),
        updated=day_of(one.get("modified")),
        municipalities=_codes(one),
        origin=Origin.PTV,
    )


def _together(*several: Words) -> Words:
    languages = dict.fromkeys(language for words in several for language in words)
    return {lang: "\n".join(words[lang] for words in several if lang in words) for lang in languages}


def _terms(one: Mapping[str, Any]) -> Mapping[Language, tuple[str, ...]]:
    """Alternative names, keywords, and the labels of ontology and classes, which come in all languages."""
    found: dict[Language, dict[str, None]] = {}
    told = [by_type(one.get("serviceNames"), "AlternativeName", "AlternateName")]
    told += [localised([keyword]) for keyword in objects(one.get("keywords"))]
    for key in ("ontologyTerms", "serviceClasses"):
        told += [localised(term.get("name")) for term in objects(one.get(key))]
    for words in told:
        for language, word in words.items():
            found.setdefault(language, {})[word] = None
    return {language: tuple(words)[: fields.MOST_OF_A_KIND] for language, words in found.items()}


def _prices(one: Mapping[str, Any], texts: object) -> Words:
    told = by_type(texts, "ChargeTypeAdditionalInfo")
    free = str(one.get("serviceChargeType")) in {"FreeOfCharge", "Free"}
    return told or (_FREE if free else {})
