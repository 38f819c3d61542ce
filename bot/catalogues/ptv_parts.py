"""Small parts that PTV's services and channels share: localised texts, days, lists of objects."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.catalogues import fields
from bot.catalogues.problems import BadEntryError
from bot.domain.catalogue import Words
from bot.domain.language import Language

_FINLAND = ZoneInfo("Europe/Helsinki")


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
    """The day in Finland; a moment with an offset may be of another day there."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo is None else moment.astimezone(_FINLAND)).date()
    except OverflowError:
        raise BadEntryError("A date is out of range.") from None
    except ValueError:  # no moment that Python reads: its day may still be one
        return fields.day(value, "A date")
