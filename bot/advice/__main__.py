"""The engine's process: `python -m bot.advice MODEL` answers JSON lines, `… --train FOLDER` trains and ends.

It lives as long as the service that started it: it ends when its input ends, and the kernel ends it when its parent
dies. What is asked is never logged, and an error is told by its kind alone.
"""

import argparse
import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})

from bot.advice.corpus import CorpusError
from bot.advice.engine import Engine
from bot.advice.model import ModelError
from bot.advice.publishing import NothingToPublishError, publish
from bot.advice.wire import from_advice, to_catalogue

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LONGEST_LINE = 64 * 2**20


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.advice", description=__doc__)
    parser.add_argument("path", type=Path, help="the model, or with --train the folder of models")
    parser.add_argument("--train", action="store_true", help="read a catalogue from the input, train and end")
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="a folder of more matters")
    args = parser.parse_args(arguments)
    _die_with_parent()
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # it is a text file
    return _train(args.path, args.corpus) if args.train else _serve(args.path, sys.stdin, sys.stdout)


def _serve(path: Path, asked: TextIO, told: TextIO) -> int:
    try:
        engine = Engine.load(path)
    except ModelError as error:
        _tell(told, {"error": str(error)})
        return 1
    engine.advise("lämmittely")
    _tell(told, {"ready": engine.model.step})
    while line := asked.readline(_LONGEST_LINE):
        _tell(told, _answer(engine, line))
    return 0


def _answer(engine: Engine, line: str) -> Mapping[str, Any]:
    try:
        return {"advice": from_advice(engine.advise(str(json.loads(line)["question"])))}
    except Exception as error:  # noqa: BLE001 -- one question must not end the process that answers the others
        return {"error": type(error).__name__}


def _train(folder: Path, more: list[Path]) -> int:
    try:
        published = publish(to_catalogue(json.loads(sys.stdin.readline(_LONGEST_LINE))), folder, tuple(more))
    except (NothingToPublishError, CorpusError, OSError) as error:
        _tell(sys.stdout, {"error": str(error)})
        return 1
    _tell(sys.stdout, {"published": published.as_row()})
    return 0


def _tell(file: TextIO, row: Mapping[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=True) + "\n")
    file.flush()


def _die_with_parent() -> None:
    """Asks the kernel to end this process when the one that started it ends (Linux prctl(2))."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it had died before the wish was heard
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
