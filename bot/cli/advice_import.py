"""`eahtari advice import`: takes entries of files, or of PTV's open interface, into the catalogue.

What can't be read is named and stays out; what was there before stays where nothing could be read.
"""

import argparse
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.catalogues.reading import File, read_all
from bot.cli.advice_ptv import Wish, import_from
from bot.cli.advice_taking import Extent, Report, as_json, as_text, take
from bot.cli.running import CommandError, opened
from bot.config.state import StateFolder, StateFolderError
from bot.domain.catalogue_import import Import, ImportKind
from bot.storage.database import Database, NewerSchemaError
from bot.web.ptv import OFFICIAL


def add_parser(actions: "argparse._SubParsersAction[Any]") -> None:
    parser = actions.add_parser("import", help="take entries of YAML, Markdown or PTV into the catalogue")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--ptv", nargs="?", const=OFFICIAL, metavar="ADDRESS", help=f"fetch from PTV's open interface; {OFFICIAL}"
    )
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--since", metavar="DATE", help="with --ptv: what changed since a day or a moment")
    extent.add_argument("--full", action="store_true", help="with --ptv: everything, not only what changed")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.add_argument("--add", action="store_true", help="leave entries of earlier imports that are no longer there")
    parser.add_argument("--municipality", help="three-digit code; services of PTV for others are left out")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0; 1 where some entries could not be read; 2 where nothing was changed."""
    try:
        report = _imported(args)
    except (CommandError, StateFolderError, NewerSchemaError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"The service's file can't be used: {error}.", file=sys.stderr)
        return 2
    print(as_json(report) if args.json else as_text(report))
    return 1 if report.problems else 0


def _imported(args: argparse.Namespace) -> Report:
    if bool(args.files) == bool(args.ptv):
        raise CommandError("Name the files to take in, or --ptv with the address of PTV's interface.")
    if not args.ptv and (args.since or args.full):
        raise CommandError("--since and --full belong to --ptv: files are always read whole.")
    files = [File(path.name, path.read_bytes()) for path in args.files]
    with opened(StateFolder.at(args.state)) as store:
        town = store.transact_now(lambda tx: tx.directory.municipality)
        code = args.municipality or town.code
        if not args.ptv:
            return _from_files(store, files, code, add=args.add)
        since = None if args.since is None else _moment(args.since, town.time_zone)
        return import_from(store, Wish(args.ptv, _checked(code), since, full=args.full, add=args.add))


_CODE_LENGTH = 3


def _checked(code: str) -> str:
    if len(code) != _CODE_LENGTH or not (code.isascii() and code.isdigit()):
        raise CommandError("PTV is asked by the municipality's code: name it with --municipality, such as 989.")
    return code


def _moment(written: str, zone: ZoneInfo) -> datetime:
    """A day begins at midnight in the municipality."""
    try:
        read = datetime.fromisoformat(written)
        since = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CommandError("--since is a day such as 2026-11-24, or a moment such as 2026-11-24T06:00.") from None
    if since > datetime.now(UTC):
        raise CommandError("--since lies in the future.")
    return since


def _from_files(store: Database, files: list[File], code: str, *, add: bool) -> Report:
    """Where anything could not be read, nothing is removed: it may be what could not be read."""
    found = read_all(files, code)
    log = Import(datetime.now(UTC), ", ".join(file.name for file in files), code, ImportKind.FILES)
    if not found.catalogue.entries:
        reasons = "\n".join(str(problem) for problem in found.problems)
        failed = replace(log, failure="No entry could be read.", problems=tuple(map(str, found.problems)))
        store.transact_now(lambda tx: tx.imports.add(failed))
        raise CommandError(f"No entry could be read, and nothing was changed.\n{reasons}".strip())
    extent = Extent(complete=found.whole and not found.problems and not add)
    return store.transact_now(lambda tx: take(tx, found, extent, log))
