"""The small parts of an entry, out of plain values that may be anything. Each raises `BadEntryError` with a reason."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from bot.catalogues.problems import BadEntryError
from bot.domain.catalogue import Words
from bot.domain.language import Language

T = TypeVar("T")

LONGEST_TEXT = 20_000
"""Characters of one text; PTV allows 2,500 for a description."""
MOST_OF_A_KIND = 500
"""Terms, channels or exceptions of one entry."""

_ID = re.compile(r"[\w.\-]{1,80}")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2000}")
_CODE = re.compile(r"\d{3}")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2028\u2029\ufeff\ud800-\udfff]")
_SHOWN = 80


def text(value: object, what: str) -> str:
    """Trimmed, without control characters; a number stands for its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadEntryError(f"{what} must be a text.")
    cleaned = _HIDDEN.sub(" ", str(value)).strip()
    if len(cleaned) > LONGEST_TEXT:
        raise BadEntryError(f"{what} is longer than {LONGEST_TEXT} characters.")
    return cleaned


def shown(value: str) -> str:
    """What a person wrote, short enough to be said about a problem."""
    return _HIDDEN.sub(" ", value)[:_SHOWN]


def mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadEntryError(f"{what} must be written as key: value.")
    return {str(key): inner for key, inner in value.items()}


def listed(value: object, what: str) -> list[Any]:
    """A list; what stands alone is a list of one."""
    found = [] if value is None else value if isinstance(value, list) else [value]
    if len(found) > MOST_OF_A_KIND:
        raise BadEntryError(f"{what} has more than {MOST_OF_A_KIND} parts.")
    return found


def words(value: object, what: str) -> Words:
    """A text by language, empty ones left out; a plain text is Finnish."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        value = {"fi": value}
    found = {language(key, what): text(saying, what) for key, saying in value.items() if saying is not None}
    return {key: saying for key, saying in found.items() if saying}


def language(key: object, what: str) -> Language:
    try:
        return Language(str(key))
    except ValueError:
        raise BadEntryError(f"{what} is given in fi, sv or en, not in {str(key)[:20]!r}.") from None


def many_words(value: object, what: str) -> Mapping[Language, tuple[str, ...]]:
    """Lists by language. Written as a map of lists, or as a list of texts and of maps."""
    found: dict[Language, list[str]] = {}
    for key, saying in _pairs(value, what):
        if (cleaned := text(saying, what)) and cleaned not in found.setdefault(language(key, what), []):
            found[language(key, what)].append(cleaned)
    if any(len(sayings) > MOST_OF_A_KIND for sayings in found.values()):
        raise BadEntryError(f"{what} has more than {MOST_OF_A_KIND} parts in one language.")
    return {key: tuple(sayings) for key, sayings in found.items() if sayings}


def _pairs(value: object, what: str) -> Iterable[tuple[object, object]]:
    if isinstance(value, Mapping):
        return [(key, one) for key, inner in value.items() for one in listed(inner, what)]
    parts = listed(value, what)
    maps = [part if isinstance(part, Mapping) else {"fi": part} for part in parts]
    return [(key, one) for part in maps for key, inner in part.items() for one in listed(inner, what)]


def day(value: object, what: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise BadEntryError(f"{what} must be a day such as 2026-12-24.") from None


def address(value: object, what: str) -> str:
    found = text(value, what)
    if not _ADDRESS.fullmatch(found):
        raise BadEntryError(f"{what} must be a link that begins with https://.")
    return found


def name_of_entry(value: object) -> str:
    found = text(value, "id")
    if not _ID.fullmatch(found):
        raise BadEntryError("id has letters, digits, - and _ only, at most 80.")
    return found


def code(value: object) -> str:
    """YAML reads an unquoted 049 as a number, so leading zeros are put back."""
    found = f"{value:03}" if isinstance(value, int) else text(value, "municipality code")
    if not _CODE.fullmatch(found):
        raise BadEntryError("A municipality's code has three digits, such as '989'.")
    return found


def if_there(value: object, read: Callable[[object], T]) -> T | None:
    return None if value is None or value == "" else read(value)
