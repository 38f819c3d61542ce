"""The corpus' vectors as package data: training takes seconds with them and minutes without.

Four bits a dimension, about 200 bytes a text; `python -m bot.advice.vectors` makes the file anew when the corpus has
changed. A text without a vector is embedded when it is met.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.advice.corpus import FOLDER, Corpus, read_corpus
from bot.advice.embedding import Embedder, Vectors, key

FILE = FOLDER / "vectors.npz"
_LEVELS = 16
_REACH = 2.6
"""Standard deviations that the sixteen levels span; wider loses more in the middle than it gains at the ends."""


def read_vectors(path: Path = FILE) -> dict[int, Vectors]:
    """Vectors by `embedding.key`; nothing where the file is missing or broken, since they can be computed."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, packed, mean, spread = (stored[name] for name in ("keys", "packed", "mean", "spread"))
    except (OSError, ValueError, KeyError):
        return {}
    return dict(zip((int(one) for one in keys), unpack(packed, mean, spread), strict=True))


def write_vectors(vectors: dict[int, Vectors], path: Path = FILE) -> None:
    keys = sorted(vectors)
    rows = np.stack([vectors[one] for one in keys])
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    np.savez(path, keys=np.array(keys, np.uint64), packed=pack(rows, mean, spread), mean=mean, spread=spread)


def pack(rows: Vectors, mean: Vectors, spread: Vectors) -> NDArray[np.uint8]:
    """Two dimensions a byte, (rows, 192)."""
    scaled = ((rows - mean) / spread + _REACH) * (_LEVELS - 1) / (2 * _REACH)
    codes = np.clip(np.rint(scaled), 0, _LEVELS - 1).astype(np.uint8)
    packed: NDArray[np.uint8] = codes[:, ::2] << 4 | codes[:, 1::2]
    return packed


def unpack(packed: NDArray[np.uint8], mean: Vectors, spread: Vectors) -> Vectors:
    """Unit vectors again."""
    codes = np.empty((len(packed), 2 * packed.shape[1]), np.float32)
    codes[:, ::2], codes[:, 1::2] = packed >> 4, packed & 15
    rows = (codes * (2 * _REACH / (_LEVELS - 1)) - _REACH) * spread + mean
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def texts_of(corpus: Corpus) -> Iterable[str]:
    """What is trained on; what is set aside is embedded when it is asked."""
    return dict.fromkeys(example.text for example in (*corpus.questions(), *corpus.terms()))


def main() -> int:
    """Embeds what the file lacks, some ten milliseconds a text, and drops what the corpus no longer has."""
    known, texts = read_vectors(), list(texts_of(read_corpus()))
    embedder = Embedder(known)
    rows = embedder.queries(texts)
    write_vectors({key(text): row for text, row in zip(texts, rows, strict=True)})
    print(f"{len(texts)} texts, {len(embedder.fresh)} of them new; {FILE.stat().st_size / 2**20:.1f} MiB")  # noqa: T201 -- tells what it did
    return 0


if __name__ == "__main__":
    sys.exit(main())
