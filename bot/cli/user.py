"""`eahtari user`: accounts of officials and citizens on the municipality's own homeserver."""

import argparse
import asyncio
import csv
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from bot.actions.notify import invite_again
from bot.cli.accounts import (
    PasswordFile,
    Wanted,
    check_localpart,
    check_wanted,
    make,
    new_password,
    protected,
    retire,
    rows,
)
from bot.cli.running import CommandError, opened, require_running
from bot.config.entries import EntryKind
from bot.config.problems import ConfigurationError
from bot.config.state import StateFolder, StateFolderError
from bot.domain.booking import Appointment
from bot.domain.directory import Directory, Official
from bot.domain.ids import UserId, localpart_of
from bot.homeserver.admin import Account, Admin
from bot.homeserver.errors import AdminError, HomeserverUnreachableError
from bot.storage.database import Database, NewerSchemaError
from bot.storage.transaction import SqlTransaction

_COLUMNS = ("localpart", "name", "official")


@dataclass(frozen=True, slots=True)
class Office:
    """What every action works with: the command line, the kept municipality, the homeserver's administration."""

    args: argparse.Namespace
    state: StateFolder
    store: Database
    directory: Directory
    admin: Admin


Action: TypeAlias = Callable[[Office], Coroutine[Any, Any, None]]


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("user", help="accounts of officials and citizens")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = _action(actions, "add", "make one account and print its password", _add)
    add.add_argument("localpart", help="the account's name before the colon")
    add.add_argument("--official", metavar="ID", help="the official of the configuration whose account it is")
    add.add_argument("--name", default="", help="the name that others see")
    many = _action(actions, "import", "make many accounts", _import)
    source = many.add_mutually_exclusive_group(required=True)
    source.add_argument("file", type=Path, nargs="?", help=f"CSV with a first line {','.join(_COLUMNS)}")
    source.add_argument("--officials", action="store_true", help="every active official who has no account yet")
    many.add_argument("--out", type=Path, help="write the passwords into this new file instead of printing them")
    leaving = _action(actions, "deactivate", "close an account", _deactivate)
    leaving.add_argument("localpart", help="the account's name before the colon")
    back = _action(actions, "reactivate", "open a closed account again and print its new password", _reactivate)
    back.add_argument("localpart", help="the account's name before the colon")
    back.add_argument("--name", default="", help="the name that others see")
    _action(actions, "list", "show all accounts", _list)


def _action(actions: Any, name: str, text: str, act: Action) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.set_defaults(run=run, act=act)
    return parser


def run(args: argparse.Namespace) -> int:
    """0 when it was done, 2 when it could not be done, with a sentence that says why."""
    try:
        asyncio.run(_run(args))
    except HomeserverUnreachableError:
        print("The homeserver does not answer. Look with: eahtari doctor", file=sys.stderr)
    except (CommandError, ConfigurationError, StateFolderError, NewerSchemaError, AdminError) as error:
        print(error, file=sys.stderr)
    except sqlite3.Error as error:
        print(f"The service's file can't be used: {error}.", file=sys.stderr)
    else:
        return 0
    return 2


async def _run(args: argparse.Namespace) -> None:
    state = StateFolder.at(args.state)
    running = require_running(state)
    async with AsyncExitStack() as stack:
        store = stack.enter_context(opened(state))
        directory = await store.transact(lambda tx: tx.directory)
        admin = Admin(running.homeserver, directory.municipality.server_name, state)
        await stack.enter_async_context(admin)
        await args.act(Office(args, state, store, directory, admin))


async def _add(office: Office) -> None:
    args = office.args
    await _make_all(office, [Wanted(args.localpart, args.name, args.official)], None)


async def _import(office: Office) -> None:
    args = office.args
    wanted = await _officials_without(office) if args.officials else _from_csv(args.file)
    if not wanted:
        print("Every active official has an account." if args.officials else "The file names no account.")
        return
    await _make_all(office, wanted, args.out)


async def _officials_without(office: Office) -> list[Wanted]:
    taken = {account.user_id async for account in office.admin.users()}
    active = (official for official in office.directory.officials.values() if official.active)
    return [Wanted(o.account) for o in active if office.directory.user_of(o) not in taken]


def _from_csv(path: Path) -> list[Wanted]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            names = table.fieldnames or []
            if "localpart" not in names or not set(names) <= set(_COLUMNS):
                raise CommandError(f"The first line of {path} names its columns: localpart, and name and official.")
            return [_wanted(row) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a CSV file in UTF-8"
        raise CommandError(f"The file {path} can't be read: {reason}.") from error


def _wanted(row: dict[str, str | None]) -> Wanted:
    localpart, name, official = ((row.get(column) or "").strip() for column in _COLUMNS)
    return Wanted(localpart, name, official or None)


async def _make_all(office: Office, wanted: list[Wanted], out: Path | None) -> None:
    """Checks all of them before the first is made."""
    checked = await office.store.transact(lambda tx: check_wanted(tx, wanted))
    await _refuse_taken(office, checked)
    file = None if out is None else PasswordFile(out)
    for one in checked:
        await _make_one(office, one, file)
    print(f"{len(checked)} account{'' if len(checked) == 1 else 's'} made.")
    print("Passwords are shown this once: hand them over in person." if file is None else f"Passwords: {out}")


async def _refuse_taken(office: Office, wanted: tuple[Wanted, ...]) -> None:
    known = [account async for account in office.admin.users()]
    closed = {account.user_id: account.deactivated for account in known}
    names = [one.localpart for one in wanted]
    taken = [name for name in names if office.admin.user_id(name) in closed]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CommandError(f"No account was made. Named more than once: {', '.join(twice)}.")
    if taken:
        told = (f"{name} (deactivated)" if closed[office.admin.user_id(name)] else name for name in taken)
        raise CommandError(
            f"No account was made. These exist already: {', '.join(told)}. "
            "A name is never given twice: choose others, or leave these out."
        )


async def _make_one(office: Office, wanted: Wanted, file: PasswordFile | None) -> None:
    password = new_password()
    if file is not None:
        file.add(wanted.localpart, password)
    try:
        made = await make(office.admin, office.store, wanted, password)
    except CommandError:
        if file is not None:
            file.drop(wanted.localpart)
        raise
    if file is None:
        print(f"{office.admin.user_id(made.localpart)}  password {made.password}", flush=True)


async def _deactivate(office: Office) -> None:
    localpart = office.args.localpart
    check_localpart(localpart)
    if (what := protected(office.state).get(localpart)) is not None:
        raise CommandError(f'"{localpart}" is the account of {what}: without it nothing works. It stays.')
    account = await office.admin.account(localpart)
    retired = await office.store.transact(lambda tx: retire(tx, localpart))
    if account is None and retired is None:
        raise CommandError(f'There is no account "{localpart}". See: eahtari user list')
    if account is not None and not account.deactivated:
        await office.admin.deactivate(localpart)
    print(f'The account "{localpart}" is closed.' if account else f'"{localpart}" had no account.')
    if retired is not None:
        _tell_retired(office.directory, *retired)


def _tell_retired(directory: Directory, official: str, appointments: tuple[Appointment, ...]) -> None:
    print(f'The official "{official}" is inactive and gets no new appointments.')
    if not appointments:
        print("They have no open appointments.")
        return
    print(f"Open appointments to be given to somebody else ({len(appointments)}):")
    for appointment in appointments:
        local = appointment.start.astimezone(directory.municipality.time_zone)
        print(f"  {appointment.number}  {local:%Y-%m-%d %H:%M}  {appointment.service}")


async def _reactivate(office: Office) -> None:
    localpart = office.args.localpart
    check_localpart(localpart)
    account = await office.admin.account(localpart)
    if account is None:
        raise CommandError(f'There is no account "{localpart}". See: eahtari user list')
    owner = _official_of(office.directory, localpart)
    if not account.deactivated and (owner is None or owner.active):
        raise CommandError(f'The account "{localpart}" is not closed. See: eahtari user list')
    if account.deactivated:
        await _open_again(office, account, owner)
    rooms = await office.store.transact(lambda tx: _restore(tx, account.user_id))
    if owner is not None:
        print(f'The official "{owner.id}" is active and gets new appointments.')
    print(f"Invited again into {rooms} room{'' if rooms == 1 else 's'}.")


async def _open_again(office: Office, account: Account, owner: Official | None) -> None:
    if not await office.admin.has_settled():  # Synapse would answer with a fault of its own
        raise CommandError("The homeserver is still putting its new database in order. Try again in a minute.")
    localpart, password = office.args.localpart, new_password()
    title = owner.title.in_(office.directory.municipality.default_language) if owner else ""
    await office.admin.reactivate(localpart, password)
    print(f"{account.user_id}  password {password}", flush=True)
    await office.admin.ensure_user(localpart, None, office.args.name or account.display_name or title or localpart)


def _official_of(directory: Directory, localpart: str) -> Official | None:
    return next((official for official in directory.officials.values() if official.account == localpart), None)


def _restore(tx: SqlTransaction, user: UserId) -> int:
    """What `retire` did is undone; the number of rooms into which they are invited again."""
    now = datetime.now(UTC)
    appointments = tx.appointments.open_of(user, now)
    owner = _official_of(tx.directory, localpart_of(user))
    if owner is not None:
        key = (EntryKind.OFFICIAL, str(owner.id))
        tx.entries.change(key, {**tx.entries.current()[key], "active": True})
        appointments += tx.appointments.open_of_official(owner.id, now)
    return invite_again(tx, user, appointments, now)


async def _list(office: Office) -> None:
    accounts = [account async for account in office.admin.users()]
    table = [("ACCOUNT", "ROLE", "STATE"), *rows(office.directory, protected(office.state), accounts)]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
