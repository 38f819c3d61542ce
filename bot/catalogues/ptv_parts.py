"""Small parts that PTV's services and channels share: localised texts, days, lists of objects."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.catalogues import fields
from bot.domain.catalogue import Words
from bot.domain.language import Language


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else is no object."""
    return [one for one in fields.listed(value, "a list") if isinstance(one, Mapping)]


def localised(value: object) -> Words:
    """`[{language, value}]` by language; the first of a language counts, and other languages are left out."""
    found: dict[Language, str] = {}
    for one in objects(value):
        if str(one.get("language")) in set(Language) and one.get("value") is not None:
            language, words = Language(str(one["language"])), fields.text(one["value"], "value")
            if words and language not in found:
                found[language] = words
    return found


def by_type(value: object, *types: str) -> Words:
    """Localised texts of the first type that is there."""
    for type in types:
        if words := localised([one for one in objects(value) if one.get("type") == type]):
            return words
    return {}


def day_of(value: object) -> date | None:
    return None if not value else fields.day(value, "a date")
