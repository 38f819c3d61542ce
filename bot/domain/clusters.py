"""Puts questions that say about the same together, so that an official sees ten matters and not fifty lines."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from rapidfuzz import fuzz

T = TypeVar("T")

ALIKE = 80
"""Of 100, by the words that two questions have in common, in any order."""


LOOKED_AT = 160
"""Characters of an item that are compared."""


def clusters(items: Iterable[T], words: Callable[[T], str]) -> list[list[T]]:
    """The largest first; inside, in the given order. Each item stands with the first that it is like."""
    groups: list[tuple[str, list[T]]] = []
    for item in items:
        said = words(item).lower()[:LOOKED_AT]
        for first, group in groups:
            if fuzz.token_set_ratio(first, said, score_cutoff=ALIKE):
                group.append(item)
                break
        else:
            groups.append((said, [item]))
    return sorted((group for _, group in groups), key=len, reverse=True)
