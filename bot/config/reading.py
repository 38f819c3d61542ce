"""Reads `eahtari.toml`: TOML, each table by its form, what ties them together; tells all problems at once.

Pure but for reading the file. Leaves comparing with what is stored to `bot.config.compare`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.directory import complete
from bot.config.document import DocumentForm
from bot.config.draft import Draft, place_of
from bot.config.entries import EntryKind
from bot.config.form_parts import Week
from bot.config.problems import ConfigurationError, shown, suggestion
from bot.config.settings import Configuration
from bot.config.toml import parse

_LISTS = tuple(kind for kind in EntryKind if kind is not EntryKind.MUNICIPALITY)
_OPENING = frozenset({EntryKind.PLACE, EntryKind.OFFICIAL, EntryKind.SERVICE})
"""Kinds whose `hours` may be the name of shared ones."""


def read(path: Path) -> Configuration:
    """The configuration in a file. A `ConfigurationError` says everything that is wrong with it."""
    raw = parse(path)
    draft = Draft(str(path))
    document = draft.read(DocumentForm, raw, "")
    if document is not None:
        draft.add(EntryKind.MUNICIPALITY, document.municipality_entry())
        _check_service_account(draft, raw, document.service_account.localpart)
    _add_lists(draft, raw)
    found = complete(draft)
    if document is None:  # `complete` has raised already; the type checker can't know
        raise ConfigurationError(draft.problems)
    return Configuration(document.settings(path.resolve().parent), found)


def _add_lists(draft: Draft, raw: Mapping[str, Any]) -> None:
    weeks = _weeks(raw)
    for kind in _LISTS:
        for number, table in enumerate(_list(raw, kind), start=1):
            place = place_of(kind, table, number)
            known = _with_hours(draft, table, weeks, place) if kind in _OPENING else table
            draft.add(kind, known, number)


def _list(raw: Mapping[str, Any], kind: EntryKind) -> list[Any]:
    found = raw.get(kind, [])
    return found if isinstance(found, list) else []


def _weeks(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The named hours. One with a mistake, which is told at its own place, stands as an empty week here."""
    named = raw.get("hours", {})
    return {name: _sound(week) for name, week in named.items()} if isinstance(named, Mapping) else {}


def _sound(week: object) -> object:
    try:
        Week.model_validate(week, strict=False)
    except ValidationError:
        return {}
    return week


def _with_hours(draft: Draft, table: object, weeks: Mapping[str, Any], place: str) -> object:
    """A table with the named hours in place of their name."""
    if not isinstance(table, dict) or not isinstance(name := table.get("hours"), str):
        return table
    if name not in weeks:
        remedy = suggestion(name, weeks, f"Add a table [hours.{name}], or write the hours out.")
        draft.refuse(f"{place} › hours", f"{shown(name)} is the name of no [hours] table", remedy)
    return {**table, "hours": weeks.get(name, {})}


def _check_service_account(draft: Draft, raw: Mapping[str, Any], localpart: str) -> None:
    for table in _list(raw, EntryKind.OFFICIAL):
        if isinstance(table, dict) and table.get("account") == localpart:
            place = f"{place_of(EntryKind.OFFICIAL, table)} › account"
            what = f"{shown(localpart)} is the service's own account"
            draft.refuse(place, what, "Give the official another account, or change [service_account].")
