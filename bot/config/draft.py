"""A municipality while it is being read: entries that are well formed, and every problem found so far.

One wrong entry hides no other problem: its id is still known, so that who refers to it is not blamed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

from pydantic import ValidationError

from bot.config.entries import EntryKey, EntryKind
from bot.config.form_parts import Form
from bot.config.municipality_forms import ClosureForm, MunicipalityForm
from bot.config.official_forms import OfficialForm
from bot.config.place_forms import DeskForm, PlaceForm, UnitForm
from bot.config.problems import Problem
from bot.config.service_forms import ServiceForm
from bot.config.wording import worded

EntryForm: TypeAlias = MunicipalityForm | ClosureForm | UnitForm | DeskForm | PlaceForm | OfficialForm | ServiceForm

FORMS: Mapping[EntryKind, type[EntryForm]] = {
    EntryKind.MUNICIPALITY: MunicipalityForm,
    EntryKind.CLOSURE: ClosureForm,
    EntryKind.UNIT: UnitForm,
    EntryKind.DESK: DeskForm,
    EntryKind.PLACE: PlaceForm,
    EntryKind.OFFICIAL: OfficialForm,
    EntryKind.SERVICE: ServiceForm,
}

_F = TypeVar("_F", bound=Form)


def place_of(kind: EntryKind, raw: object, number: int | None = None) -> str:
    """`service "rakennuslupa"`, or `service number 3` where no id can be read."""
    if kind is EntryKind.MUNICIPALITY:
        return kind.value
    if isinstance(raw, Mapping):
        name = raw.get("id", raw.get("first"))
        if isinstance(name, str) and name:
            return f'{kind} "{name}"'
    return kind.value if number is None else f"{kind} number {number}"


class Draft:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.forms: dict[EntryKey, EntryForm] = {}
        self._mentioned: set[EntryKey] = set()

    def refuse(self, place: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, place, what, remedy))

    def read(self, form: type[_F], raw: object, place: str) -> _F | None:
        """The table as its form, or nothing, with the problems noted."""
        try:
            return _parse(form, raw)
        except ValidationError as error:
            self.problems.extend(worded(self.file, place, form, error))
            return None

    def add(self, kind: EntryKind, raw: object, number: int | None = None) -> EntryForm | None:
        """Takes an entry in, or notes what is wrong with it; gives its form where it is well formed."""
        if isinstance(raw, Mapping) and isinstance(raw.get("id"), str):
            self._mentioned.add((kind, raw["id"]))
        place = place_of(kind, raw, number)
        form = self.read(FORMS[kind], raw, place)
        if form is None:
            return None
        if (kind, form.key) in self.forms:
            self.refuse(place, "stands twice", "Give each a name of its own, or remove one of the two.")
        return self.forms.setdefault((kind, form.key), form)

    def of(self, form: type[_F]) -> Iterator[_F]:
        return (found for found in self.forms.values() if isinstance(found, form))

    def knows(self, kind: EntryKind) -> set[str]:
        """The ids of a kind, also of entries that have problems of their own."""
        return {id for of, id in self._mentioned if of is kind}


def parse_entry(kind: EntryKind, raw: object) -> EntryForm:
    """One entry in its form; a `pydantic.ValidationError` where it is not well formed."""
    return _parse(FORMS[kind], raw)


def _parse(form: type[_F], raw: object) -> _F:
    """Read as JSON, which has the types that storage keeps and in which strictness lets lists be tuples."""
    return form.model_validate_json(json.dumps(raw, default=_plain))


def _plain(value: Any) -> str:
    """TOML's dates and times in JSON's way."""
    return str(value.isoformat())
