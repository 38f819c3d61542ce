"""The kinds of values that the forms are made of, each with its rule and the remedy when it is broken.

Leaves what belongs to which form to the form modules, such as `bot.config.place_forms`.
"""

import re
import unicodedata
from functools import cache
from typing import Annotated, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from bot.config.problems import shown, suggestion
from bot.domain.directory import QUANTUM
from bot.domain.language import Language

QUANTUM_MINUTES = int(QUANTUM.total_seconds()) // 60

_IDENTIFIER = re.compile(r"[a-z0-9-]{1,64}")
_LOCALPART = re.compile(r"(?!_)(?![0-9]+$)[a-z0-9._=/+-]{1,200}")
"""Matrix specification, appendix 4.2.1: user identifiers; 255 characters with the server's name. Synapse keeps
a leading underscore for application services and all digits for guests."""
_SERVER_NAME = re.compile(r"(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,228}[a-z0-9])?)(?::[0-9]{1,5})?")
"""Matrix specification, appendix 4.1: server name, in lower case, since Matrix ids are compared by letter."""
_CODE = re.compile(r"[0-9]{3}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,30}")


def refuse(what: str, remedy: str) -> NoReturn:
    """Says no to a value, inside a validator, in the words of a `Problem`."""
    raise PydanticCustomError("refused", "{what}. {remedy}", {"what": what, "remedy": remedy})


def _matching(pattern: re.Pattern[str], what: str, remedy: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            refuse(f"{shown(value)} {what}", remedy)
        return value

    return AfterValidator(check)


def _words(longest: int) -> AfterValidator:
    def check(value: str) -> str:
        if any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c != "\n" for c in value):
            refuse("has control characters", "Type the text again without them.")
        if len(value) > longest:
            refuse(f"has {len(value)} characters", f"Shorten it to {longest} at most.")
        return value.strip()

    return AfterValidator(check)


def _filled(value: str) -> str:
    if not value:
        refuse("is empty", "Write the words, in each of the three languages.")
    return value


@cache
def _zones() -> frozenset[str]:
    """Walks the zone files once: that takes longer than all the rest of reading a municipality."""
    return frozenset(available_timezones())


def _zone(value: str) -> str:
    if value not in _zones():
        remedy = suggestion(value, _zones(), 'In Finland it is "Europe/Helsinki".')
        refuse(f"{shown(value)} is not a known time zone", remedy)
    return str(ZoneInfo(value))


def _whole_quanta(value: int) -> int:
    if value % QUANTUM_MINUTES:
        below = value - value % QUANTUM_MINUTES
        remedy = f"Times go in steps of {QUANTUM_MINUTES} minutes: use {below} or {below + QUANTUM_MINUTES}."
        refuse(f"{value} is not a multiple of {QUANTUM_MINUTES}", remedy)
    return value


def between(least: int, most: int) -> AfterValidator:
    """Refuses a number outside the bounds, which are themselves allowed."""

    def check(value: int) -> int:
        if not least <= value <= most:
            refuse(f"{value} is out of range", f"Use a whole number from {least} to {most}.")
        return value

    return AfterValidator(check)


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        refuse(f"{shown(value)} is not a web address", 'Write it in full, such as "https://asiointi.example".')
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        refuse("is not encrypted", "Use an https address; plain http is for a trial on localhost.")
    return value.rstrip("/")


def _phone(value: str) -> str:
    if value and not _PHONE.fullmatch(value):
        refuse(f"{shown(value)} is not a telephone number", 'Write digits and spaces, such as "06 123 4567".')
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuses a list that names the same thing twice."""
    doubled = sorted({value for value in values if values.count(value) > 1})
    if doubled:
        refuse(f"names {shown(doubled[0])} twice", "Remove one of the two.")
    return values


def _officials(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        refuse("is empty", "Name at least one official who gives the service.")
    return distinct(values)


def _distinct_languages(values: tuple[Language, ...]) -> tuple[Language, ...]:
    distinct(values)
    if not values:
        refuse("is empty", 'Name at least one language, such as ["fi"].')
    return values


Identifier = Annotated[
    str,
    _matching(_IDENTIFIER, "is not an id", "Use 1 to 64 small letters a-z, digits and hyphens, without å, ä, ö."),
]
Officials = Annotated[tuple[Identifier, ...], AfterValidator(_officials)]
Localpart = Annotated[
    str,
    _matching(
        _LOCALPART,
        "is not a Matrix account name",
        "Use small letters a-z, digits and . _ = / + - only, with a letter in it and no _ in front.",
    ),
]
ServerName = Annotated[
    str,
    _matching(_SERVER_NAME, "is not a server name", 'Write a domain in small letters, such as "ahtari.example".'),
]
MunicipalityCode = Annotated[
    str,
    _matching(
        _CODE,
        "is not a municipality code",
        'Write Statistics Finland\'s three digits as text, such as "989".',
    ),
]
Phone = Annotated[str, AfterValidator(_phone)]
Name = Annotated[str, _words(120), AfterValidator(_filled)]
Line = Annotated[str, _words(200)]
Prose = Annotated[str, _words(1000)]
TimeZone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_address)]
Languages = Annotated[tuple[Language, ...], AfterValidator(_distinct_languages)]
DurationMinutes = Annotated[int, between(QUANTUM_MINUTES, 8 * 60), AfterValidator(_whole_quanta)]
BufferMinutes = Annotated[int, between(0, 4 * 60), AfterValidator(_whole_quanta)]
NoticeMinutes = Annotated[int, between(0, 60 * 24 * 60), AfterValidator(_whole_quanta)]
HorizonDays = Annotated[int, between(1, 730)]
CancelHours = Annotated[int, between(0, 60 * 24)]
MostOpen = Annotated[int, between(1, 100)]
ReleaseMinutes = Annotated[int, between(0, 7 * 24 * 60)]
RoomDays = Annotated[int, between(0, 3650)]
