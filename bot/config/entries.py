"""An entry is one thing of the municipality as a JSON object: what storage keeps and `config diff` compares.

Leaves the rules of each kind to the form modules, such as `bot.config.place_forms`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"


class EntryKind(StrEnum):
    """The kinds, in the order in which they are listed; each is also the table's name in the file."""

    MUNICIPALITY = "municipality"
    CLOSURE = "closure"
    UNIT = "unit"
    DESK = "desk"
    PLACE = "place"
    OFFICIAL = "official"
    SERVICE = "service"


Entry: TypeAlias = dict[str, JSON]

EntryKey: TypeAlias = tuple[EntryKind, str]
"""Kind and id. A closure's id is its days: `2026-12-28..2026-12-31`."""

Entries: TypeAlias = Mapping[EntryKey, Entry]


def in_order(entries: Entries) -> dict[EntryKey, Entry]:
    """The same entries by kind, then by id."""
    kinds = list(EntryKind)
    return dict(sorted(entries.items(), key=lambda item: (kinds.index(item[0][0]), item[0][1])))
