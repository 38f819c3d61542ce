"""`eahtari config diff` and `apply`: how the file and the running municipality differ, and taking the file over.

Leaves the comparison to `bot.config.compare`.
"""

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.actions.booking import withdraw
from bot.cli.running import CommandError, opened
from bot.cli.up import EXAMPLE
from bot.config.compare import Change, Difference, Side, apply, compare, describe
from bot.config.directory import directory
from bot.config.entries import Entries, EntryKey, EntryKind
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.settings import Configuration
from bot.config.state import StateFolder, StateFolderError
from bot.domain.booking import Appointment
from bot.domain.ids import OfficialId
from bot.storage.database import Database, NewerSchemaError
from bot.storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying would do, at the moment at which it was shown."""

    differences: tuple[Difference, ...]
    after: Entries
    stranded: tuple[Appointment, ...]
    """Open appointments of officials or services that are gone afterwards."""


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("config", help="compare the configuration file with the service, and apply it")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    diff = actions.add_parser("diff", help="show how the file and the service differ")
    taking = actions.add_parser("apply", help="take the file's changes over")
    for one in (diff, taking):
        one.add_argument("--config", type=Path, default=EXAMPLE, help="the municipality's file")
        one.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    taking.add_argument("--prefer", type=Side, choices=list(Side), help="who wins where both changed the same")
    taking.add_argument("--yes", action="store_true", help="do not ask")
    taking.add_argument(
        "--force", action="store_true", help="also remove what has open appointments, which are cancelled"
    )
    diff.set_defaults(run=run, act=_diff)
    taking.set_defaults(run=run, act=_apply)


def run(args: argparse.Namespace) -> int:
    """`diff`: 0 where nothing differs, 1 where something does. `apply`: 0. Both: 2 where it can't be done."""
    try:
        file = read(args.config)
        with opened(StateFolder.at(args.state)) as store:
            return int(args.act(args, file, store))
    except (CommandError, ConfigurationError, StateFolderError, NewerSchemaError) as error:
        print(error, file=sys.stderr)
    except sqlite3.Error as error:
        print(f"The service's file can't be used: {error}.", file=sys.stderr)
    return 2


def _diff(_args: argparse.Namespace, file: Configuration, store: Database) -> int:
    found, stranded = store.transact_now(lambda tx: _previewed(tx, file))
    _show(found)
    if stranded:
        _list(stranded)
        print(f"Only with `apply --force`: {_many(stranded)} will be cancelled and {_whose(stranded)} told.")
    return 1 if found else 0


def _previewed(tx: SqlTransaction, file: Configuration) -> tuple[tuple[Difference, ...], tuple[Appointment, ...]]:
    differences, current = _compared(tx, file), tx.entries.current()
    return differences, tuple(_stranded(tx, current, apply(current, differences, Side.SERVICE)))


def _show(differences: tuple[Difference, ...]) -> None:
    print("\n".join(describe(differences)) or "The file and the service do not differ.")


def _compared(tx: SqlTransaction, file: Configuration) -> tuple[Difference, ...]:
    if not tx.entries.are_seeded():
        raise CommandError("The service has not read a configuration yet: start it once with eahtari up.")
    return compare(tx.entries.seeded(), tx.entries.current(), file.entries)


def _apply(args: argparse.Namespace, file: Configuration, store: Database) -> int:
    plan = store.transact_now(lambda tx: _plan(tx, file, args.prefer))
    _show(plan.differences)
    _refuse_conflicts(plan, args.prefer)
    _refuse_stranding(plan, force=args.force)
    if _changes(plan, args.prefer or Side.SERVICE) and not args.yes:
        _ask()
    store.transact_now(lambda tx: _write(tx, file, plan, args.prefer))
    print("Applied.")
    if plan.stranded:
        were = "was" if len(plan.stranded) == 1 else "were"
        print(f"{_many(plan.stranded)} {were} cancelled; the service tells {_whose(plan.stranded)}.")
    return 0


def _many(appointments: tuple[Appointment, ...]) -> str:
    return f"{len(appointments)} open appointment{'' if len(appointments) == 1 else 's'}"


def _whose(appointments: tuple[Appointment, ...]) -> str:
    return "its citizen" if len(appointments) == 1 else "their citizens"


def _list(appointments: tuple[Appointment, ...]) -> None:
    print("Open appointments whose official or service would be gone:")
    for appointment in appointments:
        print(f"  {appointment.number}  {appointment.start:%Y-%m-%d %H:%M} UTC  {appointment.official}")


def _plan(tx: SqlTransaction, file: Configuration, prefer: Side | None) -> Plan:
    differences = _compared(tx, file)
    _refuse_another_name(tx.directory.municipality.server_name, file)
    current = tx.entries.current()
    after = apply(current, differences, prefer or Side.SERVICE)
    directory(after)
    return Plan(differences, after, tuple(_stranded(tx, current, after)))


def _refuse_another_name(known: str, file: Configuration) -> None:
    wanted = file.directory.municipality.server_name
    if known != wanted:
        raise CommandError(
            f"The service belongs to the server name {known}, the file says {wanted}. A server name is a part of "
            "every account and can't be changed: put the old one back, or begin with another --state DIR."
        )


def _stranded(tx: SqlTransaction, current: Entries, after: Entries) -> Iterator[Appointment]:
    gone: set[EntryKey] = current.keys() - after.keys()
    now = datetime.now(UTC)
    for kind, id in current:
        if kind is EntryKind.OFFICIAL:
            for appointment in tx.appointments.open_of_official(OfficialId(id), now):
                if not gone.isdisjoint({(kind, id), (EntryKind.SERVICE, appointment.service)}):
                    yield appointment


def _changes(plan: Plan, prefer: Side) -> bool:
    return any(difference.result(prefer) != difference.current for difference in plan.differences)


def _refuse_conflicts(plan: Plan, prefer: Side | None) -> None:
    if prefer is None and any(difference.change is Change.CONFLICT for difference in plan.differences):
        raise CommandError(
            "Nothing was changed: both sides changed the same (CONFLICT above). "
            "Choose who wins with --prefer file or --prefer service."
        )


def _refuse_stranding(plan: Plan, *, force: bool) -> None:
    if not plan.stranded:
        return
    _list(plan.stranded)
    will = f"{_many(plan.stranded)} will be cancelled and {_whose(plan.stranded)} told"
    if not force:
        raise CommandError(
            "Nothing was changed: move or cancel these appointments first, or keep the official with "
            f"`active = false`. With --force, {will}."
        )
    print(f"{will}.")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise CommandError("Nothing was changed: nobody can be asked here. Say --yes to apply without a question.")
    if input('Apply this? Type "yes": ').strip().lower() != "yes":
        raise CommandError("Nothing was changed.")


def _write(tx: SqlTransaction, file: Configuration, shown: Plan, prefer: Side | None) -> None:
    """Writes exactly what was shown; the service may have changed something since.

    What is stranded is cancelled first, while the directory still has the words for it.
    """
    now = _plan(tx, file, prefer)
    if (now.differences, now.stranded) != (shown.differences, shown.stranded):
        raise CommandError("Nothing was changed: the service changed meanwhile. Run the command again and look anew.")
    for appointment in now.stranded:
        stays = (EntryKind.SERVICE, appointment.service) in now.after
        withdraw(tx, appointment, datetime.now(UTC), service_stays=stays)
    tx.entries.replace(now.after, file.entries)
