"""`eahtari advice imports`: when the catalogue was taken in, from where, and what was left out."""

import argparse
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from bot.cli.advice_taking import SHOWN
from bot.cli.running import CommandError, opened
from bot.config.state import StateFolder, StateFolderError
from bot.domain.catalogue_import import Import
from bot.storage.database import NewerSchemaError


def add_parser(actions: "argparse._SubParsersAction[Any]") -> None:
    parser = actions.add_parser("imports", help="what was taken into the catalogue, the newest first")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.add_argument("--last", type=int, default=SHOWN, metavar="N", help=f"so many; {SHOWN} by default")
    parser.add_argument("--json", action="store_true", help="print all of it as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0, or 2 where the log can't be read."""
    try:
        with opened(StateFolder.at(args.state)) as store:
            found = store.transact_now(lambda tx: tx.imports.newest(max(args.last, 1)))
    except (CommandError, StateFolderError, NewerSchemaError) as error:
        print(error, file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"The service's file can't be used: {error}.", file=sys.stderr)
        return 2
    told = json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2) if args.json else _lines(found)
    print(told)
    return 0


def _lines(found: list[Import]) -> str:
    return "\n".join(_line(one) for one in found) or "Nothing was taken in yet."


def _line(one: Import) -> str:
    head = f"{one.at:%Y-%m-%d %H:%M} UTC, {one.source}, {one.kind}"
    if one.failure is not None:
        return f"{head}: failed. {one.failure}"
    skipped = sum(count for _, count in one.skipped)
    return (
        f"{head}: {one.taken} taken ({one.added} new, {one.changed} changed), {one.removed} removed, {one.kept} kept, "
        f"{skipped} left out, {len(one.problems)} remarks"
    )


def _plain(one: Import) -> dict[str, object]:
    return {
        "at": one.at.isoformat(),
        "source": one.source,
        "municipality": one.code,
        "kind": one.kind,
        "since": one.since and one.since.isoformat(),
        "taken": one.taken,
        "added": one.added,
        "changed": one.changed,
        "removed": one.removed,
        "kept": one.kept,
        "skipped": dict(one.skipped),
        "problems": list(one.problems),
        "failure": one.failure,
    }
