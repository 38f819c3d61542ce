"""What `eahtari user` does to accounts and officials: the homeserver's side and the municipality's together.

Leaves the command line to `bot.cli.user`.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.cli.running import CommandError
from bot.config import fields
from bot.config.directory import directory
from bot.config.entries import EntryKind
from bot.config.state import StateFolder, write_atomically
from bot.domain.booking import Appointment
from bot.domain.directory import Directory
from bot.domain.ids import OfficialId
from bot.homeserver.admin import Account, Admin
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LOCALPART: TypeAdapter[str] = TypeAdapter(fields.Localpart)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account to be made. `official` binds it to that official of the directory."""

    localpart: str
    name: str = ""
    official: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A new account with the password that is shown once."""

    localpart: str
    password: str


def new_password() -> str:
    """Twelve letters and digits in three groups, none of which is mistaken for another: 59 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def check_localpart(localpart: str) -> None:
    """Raises `CommandError` for what is no account name."""
    try:
        _LOCALPART.validate_python(localpart)
    except ValidationError as error:
        raise CommandError(
            f'"{localpart}" is not an account name. Use small letters a-z, digits and . _ = / + - only, '
            "with a letter in it and no _ in front."
        ) from error


def check_wanted(tx: SqlTransaction, wanted: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """The same with names filled in from the directory. Raises `CommandError`; `ConfigurationError` of a clash."""
    entries = tx.entries.current()
    complete = []
    for one in wanted:
        check_localpart(one.localpart)
        if one.official is not None:
            key = _known(tx.directory, one.official)
            entries[key] = {**entries[key], "account": one.localpart, "active": True}
        complete.append(_named(tx.directory, one))
    directory(entries)
    return tuple(complete)


def _known(municipality: Directory, official: str) -> tuple[EntryKind, str]:
    if OfficialId(official) not in municipality.officials:
        raise CommandError(
            f'No official has the id "{official}". Add a [[official]] to the file and run eahtari config apply.'
        )
    return EntryKind.OFFICIAL, official


def _named(municipality: Directory, wanted: Wanted) -> Wanted:
    owner = next((o for o in municipality.officials.values() if o.account == wanted.localpart), None)
    official = municipality.officials[OfficialId(wanted.official)] if wanted.official is not None else owner
    title = official.title.in_(municipality.municipality.default_language) if official else wanted.localpart
    return Wanted(wanted.localpart, wanted.name or title, wanted.official)


async def make(admin: Admin, store: Database, wanted: Wanted, password: str) -> Made:
    """Makes the account and binds it. Raises `CommandError` where the name is taken, `AdminError`."""
    if not await admin.ensure_user(wanted.localpart, password, wanted.name):
        raise CommandError(f'The account "{wanted.localpart}" exists already: a name is never given twice.')
    if wanted.official is not None:
        bound = wanted.official
        await store.transact(lambda tx: _bind(tx, bound, account=wanted.localpart, active=True))
    return Made(wanted.localpart, password)


def _bind(tx: SqlTransaction, official: str, **fields: str | bool) -> None:
    key = (EntryKind.OFFICIAL, official)
    tx.entries.change(key, {**tx.entries.current()[key], **fields})
    tx.entries.directory()


def retire(tx: SqlTransaction, localpart: str) -> tuple[str, tuple[Appointment, ...]] | None:
    """Marks the account's official as inactive: no new bookings. Their id and open appointments, if they are one."""
    owner = next((o for o in tx.directory.officials.values() if o.account == localpart), None)
    if owner is None:
        return None
    _bind(tx, owner.id, active=False)
    return owner.id, tuple(tx.appointments.open_of_official(owner.id, datetime.now(UTC)))


def protected(state: StateFolder) -> dict[str, str]:
    """Localparts of the accounts that the service itself stands on, and what each is."""
    service, admin = state.read_secret("service.json") or {}, state.read_secret("admin.json") or {}
    known = {str(service.get("user_id", "")).partition(":")[0].removeprefix("@"): "the service"}
    return {name: what for name, what in {**known, str(admin.get("localpart", "")): "administrator"}.items() if name}


def role(municipality: Directory, own: dict[str, str], localpart: str) -> str:
    """What an account is, in a word or two."""
    owner = next((o for o in municipality.officials.values() if o.account == localpart), None)
    if localpart in own or owner is None:
        return own.get(localpart, "citizen")
    return f"official {owner.id}" + ("" if owner.active else " (inactive)")


def rows(municipality: Directory, own: dict[str, str], accounts: Iterable[Account]) -> Iterator[tuple[str, str, str]]:
    """Account, role, state: all accounts, then the officials who have none."""
    found = {account.user_id.partition(":")[0].removeprefix("@"): account for account in accounts}
    for name, account in found.items():
        if not name.startswith("_eahtari_"):  # the application service's dummies
            yield name, role(municipality, own, name), "deactivated" if account.deactivated else "active"
    for official in municipality.officials.values():
        if official.account not in found:
            yield official.account, role(municipality, own, official.account), "no account"


class PasswordFile:
    """New passwords, readable by the owner only. Each is on disk before its account is made: none is lost."""

    def __init__(self, path: Path) -> None:
        """Raises `CommandError` where the file exists, `StateFolderError` where it can't be written."""
        if path.exists():
            raise CommandError(f"The file {path} exists already. Name another with --out.")
        self._path, self._lines = path, ["localpart,password"]
        self._write()

    def add(self, localpart: str, password: str) -> None:
        self._lines.append(f"{localpart},{password}")
        self._write()

    def drop(self, localpart: str) -> None:
        """The account was not made after all."""
        self._lines = [line for line in self._lines if not line.startswith(f"{localpart},")]
        self._write()

    def _write(self) -> None:
        write_atomically(self._path, "\n".join(self._lines) + "\n")
