"""The region's file: its municipalities, their names, codes and homeservers.

Tells which homeserver speaks for which municipality. Leaves each municipality's own matters to its own file.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from bot.config import fields
from bot.config.draft import Draft
from bot.config.form_parts import Form, Name
from bot.config.problems import ConfigurationError, shown
from bot.config.toml import parse
from bot.domain.ids import UserId, server_of
from bot.domain.language import Text


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A municipality of the region as the others see it."""

    id: str
    code: str
    name: Text
    server_name: str


@dataclass(frozen=True)
class Region:
    id: str
    name: Text
    municipalities: tuple[Neighbour, ...]

    @cached_property
    def servers(self) -> tuple[str, ...]:
        """The homeservers of the region, in the file's order."""
        return tuple(one.server_name for one in self.municipalities)

    def municipality_of(self, user: UserId) -> Neighbour | None:
        """The municipality whose homeserver speaks for the user, whatever anybody else claims."""
        return next((one for one in self.municipalities if one.server_name == server_of(user)), None)


def _without_port(name: str) -> str:
    host, colon, port = name.rpartition(":")
    if colon and port.isdigit() and not name.endswith("]"):
        fields.refuse(f"{shown(name)} has a port", f'Write "{host}": where it answers is told by its well-known file.')
    return name


class _RegionTable(Form):
    id: fields.Identifier
    name: Name


class _NeighbourForm(Form):
    id: fields.Identifier
    code: fields.MunicipalityCode
    name: Name
    server_name: Annotated[fields.ServerName, AfterValidator(_without_port)]

    def value(self) -> Neighbour:
        return Neighbour(self.id, self.code, self.name.text(), self.server_name)


class _RegionDocument(Form):
    schema_: Literal[1] = Field(alias="schema")
    region: _RegionTable
    municipality: tuple[Any, ...]


def read_region(path: Path) -> Region:
    """The region in a file. A `ConfigurationError` says everything that is wrong with it."""
    raw = parse(path)
    draft = Draft(str(path))
    document = draft.read(_RegionDocument, raw, "")
    found = _neighbours(draft, raw.get("municipality"))
    _check_unambiguous(draft, found)
    if document is None or draft.problems:
        raise ConfigurationError(draft.problems)
    return Region(document.region.id, document.region.name.text(), found)


def _neighbours(draft: Draft, tables: object) -> tuple[Neighbour, ...]:
    if not isinstance(tables, list):
        return ()
    forms = (draft.read(_NeighbourForm, table, _place(table, n)) for n, table in enumerate(tables, start=1))
    return tuple(form.value() for form in forms if form is not None)


def _place(table: object, number: int) -> str:
    id = table.get("id") if isinstance(table, dict) else None
    return f'municipality "{id}"' if isinstance(id, str) else f"municipality number {number}"


def _check_unambiguous(draft: Draft, found: tuple[Neighbour, ...]) -> None:
    for key in ("id", "code", "server_name"):
        owners: dict[str, Neighbour] = {}
        for one in found:
            value = getattr(one, key)
            if (owner := owners.setdefault(value, one)) is not one:
                what = f'{shown(value)} is also the {key} of municipality "{owner.id}"'
                draft.refuse(f'municipality "{one.id}" › {key}', what, "Each municipality has its own.")
