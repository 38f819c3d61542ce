"""What publishing tells and leaves behind, as whoever asks the engine sees it. Loads nothing of the engine itself."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.domain.advice import Step

CURRENT = "current.json"
"""The file in a folder of models that names the one in use."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was taken into use. The shares are estimates out of fold, on the corpus' own questions."""

    revision: str
    model: str
    entries: int
    step: Step
    seconds: float
    single_precision: float
    single_share: float
    handed_over_share: float

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def own_matters(folder: Path) -> tuple[Path, ...]:
    """The folder `matters` beside the models, where a municipality keeps matters of its own; none where it has none."""
    own = folder / "matters"
    return (own,) if own.is_dir() else ()


def corpus_version(folder: Path) -> str:
    """Of the corpus that comes with the program and of the own matters; a model of another one is trained anew."""
    version = (Path(__file__).with_name("corpus") / "VERSION").read_text(encoding="ascii").strip()
    files = [file for own in own_matters(folder) for file in sorted(own.glob("*.yaml"))]
    told = sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]
    return f"{version} {told}" if files else version


def model_in_use(folder: Path) -> Path | None:
    """None before the first publishing."""
    try:
        name = json.loads((folder / CURRENT).read_text(encoding="utf-8"))["model"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found = folder / Path(str(name)).name
    return found if found.is_file() else None
