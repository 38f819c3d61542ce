"""One answer of the open interface of the Finnish Service Catalogue (PTV), version 11: a page, or a whole list.

Source of the form: the interface's own description (`pageNumber` counts from 1, `pageCount`, `itemList`). Fetching is
`bot.web.ptv`'s matter, reading what the items say `bot.catalogues.ptv_file`'s.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MOST_ITEMS = 5_000
"""Of one page; the interface gives 1,000 names or 100 whole services at a time."""


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is how many pages the list has, as far as the server knows now; 0 where it is empty."""

    count: int
    items: tuple[Mapping[str, Any], ...]


class BadPageError(ValueError):
    """What came is no page of such a list; the message tells why."""


def page_of(raw: bytes, asked: int) -> Page:
    """The page with the number `asked`. Raises `BadPageError`."""
    try:
        top = json.loads(raw.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise BadPageError("it is not well-formed JSON") from None
    if isinstance(top, list):
        return Page(1, _items(top))
    if not isinstance(top, Mapping):
        raise BadPageError("it is neither a page nor a list")
    count, number = top.get("pageCount"), top.get("pageNumber", asked)
    if type(count) is not int or count < 0:
        raise BadPageError("it does not tell how many pages there are")
    if count and (type(number) is not int or number != asked):
        raise BadPageError("it is another page than was asked for")
    return Page(count, _items(top.get("itemList") or []))


def _items(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise BadPageError("its list does not hold services or channels")
    if len(value) > _MOST_ITEMS:
        raise BadPageError(f"it has more than {_MOST_ITEMS} services or channels")
    return tuple(value)
