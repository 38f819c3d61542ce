"""The folder that models are kept in: which one is in use, and vectors that save the next training time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.advice.embedding import Vectors
from bot.advice.published import CURRENT, model_in_use
from bot.advice.vectors import read_vectors, write_vectors

_VECTORS = "vectors.npz"
_KEPT = 2
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """Everything in it can be made anew by publishing."""

    path: Path

    def current(self) -> Path | None:
        """The model in use; none before the first publishing."""
        return model_in_use(self.path)

    def model(self, revision: str) -> Path:
        return self.path / f"model-{revision}.bin"

    def switch(self, model: Path) -> None:
        """Takes a model into use and drops all but the last before it."""
        beside = self.path / f"{CURRENT}.part"
        beside.write_text(json.dumps({"model": model.name}), encoding="utf-8")
        beside.replace(self.path / CURRENT)
        old = sorted(self.path.glob("model-*.bin"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in [path for path in old if path != model][_KEPT - 1 :]:
            path.unlink(missing_ok=True)

    def vectors(self) -> dict[int, Vectors]:
        return read_vectors(self.path / _VECTORS)

    def keep(self, vectors: Mapping[int, Vectors]) -> None:
        """The vectors of a catalogue's own texts; a few make no file, since their spread can't be told."""
        rows = {key: np.asarray(row, np.float32) for key, row in vectors.items()}
        if len(rows) >= _FEWEST:
            beside = self.path / "vectors.part.npz"
            write_vectors(rows, beside)
            beside.replace(self.path / _VECTORS)
