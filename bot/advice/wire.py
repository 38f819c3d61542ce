"""Catalogues and advice as plain values that fit into a JSON line between the service and the engine's process.

Only what the engine reads of an entry goes over; hours, channels and links stay with the service.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.advice import Advice, Band, Found, Referral
from bot.domain.catalogue import Catalogue, Entry, EntryId, Synonym, Words
from bot.domain.language import Language

_TEXTS = ("name", "summary", "description", "hours_text", "prices")
_LISTS = ("terms", "questions")


def from_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "code": catalogue.code,
        "name": dict(catalogue.name),
        "entries": [_from_entry(entry) for entry in catalogue.entries],
        "synonyms": [[one.language, one.said, list(one.meant)] for one in catalogue.synonyms],
    }


def to_catalogue(row: Mapping[str, Any]) -> Catalogue:
    synonyms = tuple(Synonym(Language(language), said, tuple(meant)) for language, said, meant in row["synonyms"])
    entries = tuple(_to_entry(entry) for entry in row["entries"])
    return Catalogue(str(row["code"]), _words(row["name"]), entries, synonyms)


def from_advice(advice: Advice) -> dict[str, Any]:
    referral = advice.referral
    return {
        "band": advice.band,
        "found": [[found.entry, found.probability] for found in advice.found],
        "language": advice.language,
        "referral": referral and [dict(referral.name), dict(referral.advice), referral.url, referral.phone],
    }


def to_advice(row: Mapping[str, Any]) -> Advice:
    referral = row["referral"]
    return Advice(
        Band(row["band"]),
        tuple(Found(EntryId(entry), float(probability)) for entry, probability in row["found"]),
        Language(row["language"]),
        Referral(_words(referral[0]), _words(referral[1]), referral[2], referral[3]) if referral else None,
    )


def _from_entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        **{name: dict(getattr(entry, name)) for name in _TEXTS},
        **{name: {key: list(texts) for key, texts in getattr(entry, name).items()} for name in _LISTS},
        "municipalities": list(entry.municipalities),
        "matters": list(entry.matters),
    }


def _to_entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=EntryId(row["id"]),
        name=_words(row["name"]),
        summary=_words(row["summary"]),
        description=_words(row["description"]),
        hours_text=_words(row["hours_text"]),
        prices=_words(row["prices"]),
        terms=_lists(row["terms"]),
        questions=_lists(row["questions"]),
        municipalities=_strings(row["municipalities"]),
        matters=_strings(row["matters"]),
    )


def _words(row: Mapping[str, str]) -> Words:
    return {Language(key): text for key, text in row.items()}


def _lists(row: Mapping[str, Sequence[str]]) -> dict[Language, tuple[str, ...]]:
    return {Language(key): tuple(texts) for key, texts in row.items()}


def _strings(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(one) for one in row)
