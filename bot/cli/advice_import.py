"""`eahtari advice import`: takes entries of files into the catalogue; what can't be read is named and stays out."""

import argparse
import json
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.actions.ports import Changes
from bot.catalogues.problems import Problem, Read
from bot.catalogues.reading import File, read_all
from bot.cli.running import CommandError, opened
from bot.config.state import StateFolder, StateFolderError
from bot.storage.database import Database, NewerSchemaError
from bot.storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class Report:
    """What was read and what it changed."""

    entries: int
    changes: Changes
    skipped: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


def add_parser(actions: "argparse._SubParsersAction[Any]") -> None:
    parser = actions.add_parser("import", help="take entries of YAML, Markdown or PTV files into the catalogue")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.add_argument("--add", action="store_true", help="leave entries of earlier imports that these files lack")
    parser.add_argument("--municipality", help="three-digit code; services of PTV for others are left out")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 where some entries could not be read; 2 where nothing was changed."""
    try:
        files = [File(path.name, path.read_bytes()) for path in args.files]
        report = _imported(StateFolder.at(args.state), files, args)
    except (CommandError, StateFolderError, NewerSchemaError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"The service's file can't be used: {error}.", file=sys.stderr)
        return 2
    print(_as_json(report) if args.json else _as_text(report))
    return 1 if report.problems else 0


def _imported(state: StateFolder, files: list[File], args: argparse.Namespace) -> Report:
    with opened(state) as store:
        code = args.municipality or store.transact_now(lambda tx: tx.directory.municipality.code)
        found = read_all(files, code)
        return _take(store, found, complete=found.whole and not found.problems and not args.add)


def _take(store: Database, found: Read, *, complete: bool) -> Report:
    """Where anything could not be read, nothing is removed: it may be what could not be read."""
    catalogue = found.catalogue
    if not catalogue.entries:
        reasons = "\n".join(str(problem) for problem in found.problems)
        raise CommandError(f"No entry could be read, and nothing was changed.\n{reasons}".strip())

    def work(tx: SqlTransaction) -> Changes:
        if catalogue.code:
            tx.catalogue.name_it(catalogue.code, catalogue.name)
        for synonym in catalogue.synonyms:
            tx.catalogue.set_synonym(synonym)
        kinds = {entry.origin for entry in catalogue.entries}
        told = [
            tx.catalogue.take(kind, [one for one in catalogue.entries if one.origin is kind], complete=complete)
            for kind in sorted(kinds)
        ]
        return Changes(
            tuple(id for one in told for id in one.added),
            tuple(id for one in told for id in one.changed),
            tuple(id for one in told for id in one.removed),
            tuple(id for one in told for id in one.refused),
        )

    changes = store.transact_now(work)
    taken = [
        Problem(id, None, "An entry of another origin has this id; give it another one.") for id in changes.refused
    ]
    return Report(len(catalogue.entries), changes, found.skipped, (*found.problems, *taken))


def _as_text(report: Report) -> str:
    changes = report.changes
    lines = [
        (
            f"{report.entries} entries read: {len(changes.added)} new, {len(changes.changed)} changed, "
            f"{len(changes.removed)} removed."
        ),
        *(f"Left out: {reason}: {count}" for reason, count in report.skipped),
        *(f"Not read: {problem}" for problem in report.problems),
    ]
    if any((changes.added, changes.changed, changes.removed)):
        lines.append("A running service trains itself for them within a minute or two.")
    return "\n".join(lines)


def _as_json(report: Report) -> str:
    changes = report.changes
    told = {
        "read": report.entries,
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "skipped": dict(report.skipped),
        "problems": [{"where": p.where, "line": p.line, "reason": p.reason} for p in report.problems],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
