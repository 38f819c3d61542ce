"""`eahtari advice eval`: trains for a catalogue, asks every question of a file, and prints how good the answers are.

The answers come from the same process that the service would ask; times and memory are its own.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.advice.client import EngineGone, EngineProcess
from bot.advice.evaluation import Asked, Question, ask_all, each, figures, read_questions
from bot.catalogues.reading import read
from bot.cli.running import CommandError
from bot.domain.catalogue import Catalogue


def add_parser(actions: "argparse._SubParsersAction[Any]") -> None:
    parser = actions.add_parser("eval", help="measure the answers to a file of questions")
    parser.add_argument("--catalogue", type=Path, required=True, help="a catalogue: YAML, Markdown or PTV JSON")
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines: id, q, lang, style, type, label, ok")
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="a folder of your own matters")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--each", type=Path, help="write every question with its band and its three best here")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it could be measured, however good it is; 2 when not."""
    try:
        catalogue, questions = _catalogue(args.catalogue), _questions(args.questions)
        found, asked = asyncio.run(measure(catalogue, questions, tuple(args.corpus)))
        if args.each:
            args.each.write_text("".join(f"{line}\n" for line in each(asked)), encoding="utf-8")
    except (CommandError, EngineGone, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(found, ensure_ascii=False, indent=2) if args.json else table(found))
    return 0


def _catalogue(path: Path) -> Catalogue:
    found = read(path.read_bytes(), path.name)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if not found.catalogue.entries:
        raise CommandError(f"{path.name} has no entry that can be used.")
    return found.catalogue


def _questions(path: Path) -> tuple[Question, ...]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        found, problems = read_questions(lines)
    for problem in problems:
        print(f"{path.name}, {problem}; it is left out", file=sys.stderr)
    if not found:
        raise CommandError(f"{path.name} has no question that can be asked.")
    return found


async def measure(
    catalogue: Catalogue, questions: Sequence[Question], corpus: tuple[Path, ...] = ()
) -> tuple[dict[str, object], tuple[Asked, ...]]:
    """The figures, and each question with its advice. Trains in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="eahtari-advice-") as folder:
        engine = EngineProcess(Path(folder), corpus)
        try:
            published = await engine.publish(catalogue)
            await engine.start()
            asked = await ask_all(questions, engine.advise)
            memory = engine.memory_mb()
        finally:
            await engine.close()
    return {
        **figures(asked),
        "memory_mb": memory,
        "training_s": published.seconds,
        "step": published.step.value,
        "entries": published.entries,
    }, asked


def table(found: dict[str, object]) -> str:
    """One figure a line; what is grouped stands on its group's line."""
    return "\n".join(f"{name:<30} {json.dumps(value, ensure_ascii=False)}" for name, value in found.items())
