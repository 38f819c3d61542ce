"""What `eahtari config diff` shows and `config apply` would do: three states of the entries compared.

`seeded` is what the file said when it was last applied, `current` is what storage holds now (`!työaika` and
the pages change it), `file` is what the file says today. Fields of an entry are merged one by one, so that
hours changed by an official and a title changed in the file are no conflict.

Pure. Storage applies: it writes each `Difference.result`, and `file` becomes the new seed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from bot.config.draft import parse_entry
from bot.config.entries import JSON, Entries, Entry, EntryKey, EntryKind, in_order
from bot.config.problems import shown


class Side(StrEnum):
    """Who wins where both changed the same thing."""

    FILE = "file"
    SERVICE = "service"


class Change(StrEnum):
    """What happened to an entry or a field since it was seeded."""

    ADDED = "added"
    """The file has an entry that the service has never had."""
    REMOVED = "removed"
    """The file no longer has it, and the service has not touched it."""
    CHANGED = "changed"
    """The file changed it; for an entry: at least one field, and no conflict."""
    KEPT = "kept"
    """Only the service changed it: applying leaves it alone."""
    CONFLICT = "conflict"
    """Both changed it, and not alike: somebody must choose a side."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of an entry that all three have; `None` also stands for a field that is not there."""

    name: str
    change: Change
    seeded: JSON
    current: JSON
    file: JSON


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that the file and the service do not agree on. `None`: it does not exist there."""

    kind: EntryKind
    id: str
    change: Change
    seeded: Entry | None
    current: Entry | None
    file: Entry | None
    fields: tuple[FieldDifference, ...] = ()

    @property
    def key(self) -> EntryKey:
        return self.kind, self.id

    def result(self, prefer: Side) -> Entry | None:
        """What the entry is after applying; `None`: it is gone. `prefer` decides conflicts only."""
        if not self.fields:
            return self.current if self._service_wins(self.change, prefer) else self.file
        merged = dict(self.current or {})
        for field in self.fields:
            if not self._service_wins(field.change, prefer):
                merged[field.name] = field.file
        return {name: value for name, value in merged.items() if value is not None or name in (self.file or {})}

    @staticmethod
    def _service_wins(change: Change, prefer: Side) -> bool:
        return change is Change.KEPT or (change is Change.CONFLICT and prefer is Side.SERVICE)


def compare(seeded: Entries, current: Entries, file: Entries) -> tuple[Difference, ...]:
    """The entries on which current and file differ, by kind and id. Equal means equal in canonical form."""
    three = tuple(_canonical(side) for side in (seeded, current, file))
    keys = in_order(three[0] | three[1] | three[2])
    found = (_difference(key, *(side.get(key) for side in three)) for key in keys)
    return tuple(difference for difference in found if difference is not None)


def apply(current: Entries, differences: Iterable[Difference], prefer: Side) -> dict[EntryKey, Entry]:
    """The entries after applying, in order. Check them with `bot.config.directory` before they are kept."""
    after = dict(current)
    for difference in differences:
        result = difference.result(prefer)
        if result is None:
            after.pop(difference.key, None)
        else:
            after[difference.key] = result
    return in_order(after)


def describe(differences: Iterable[Difference]) -> tuple[str, ...]:
    """The differences in lines for the operator; none where there are none."""
    return tuple(line for difference in differences for line in _describe(difference))


def _canonical(entries: Entries) -> dict[EntryKey, Entry]:
    return {key: _canonical_entry(key[0], entry) for key, entry in entries.items()}


def _canonical_entry(kind: EntryKind, entry: Entry) -> Entry:
    """The entry with defaults filled in, so that a field which a newer release adds is no difference."""
    try:
        return parse_entry(kind, entry).model_dump(mode="json")
    except ValidationError:
        return entry


def _difference(key: EntryKey, seeded: Entry | None, current: Entry | None, file: Entry | None) -> Difference | None:
    if current == file:
        return None
    if seeded is None or current is None or file is None:
        return Difference(*key, _whole(seeded, current, file), seeded, current, file)
    fields = tuple(_fields(seeded, current, file))
    return Difference(*key, _summary(fields), seeded, current, file, fields) if fields else None


def _whole(seeded: Entry | None, current: Entry | None, file: Entry | None) -> Change:
    """What happened to an entry that is missing on one side at least; current and file differ."""
    if seeded == current:
        return Change.ADDED if current is None else Change.REMOVED
    return Change.KEPT if seeded == file else Change.CONFLICT


def _fields(seeded: Entry, current: Entry, file: Entry) -> Iterator[FieldDifference]:
    for name in dict.fromkeys([*file, *current]):
        was, now, wanted = seeded.get(name), current.get(name), file.get(name)
        if now != wanted:
            change = Change.CHANGED if was == now else Change.KEPT if was == wanted else Change.CONFLICT
            yield FieldDifference(name, change, was, now, wanted)


def _summary(fields: tuple[FieldDifference, ...]) -> Change:
    changes = {field.change for field in fields}
    return next((c for c in (Change.CONFLICT, Change.CHANGED) if c in changes), Change.KEPT)


def _describe(difference: Difference) -> Iterator[str]:
    head = f'{difference.kind} "{difference.id}"'
    if difference.fields:
        yield f"{head}:"
        yield from (f"    {_describe_field(field)}" for field in difference.fields)
        return
    yield f"{head}: {_describe_whole(difference)}"


def _describe_field(field: FieldDifference) -> str:
    now, wanted = shown(field.current), shown(field.file)
    match field.change:
        case Change.KEPT:
            return f"{field.name}: {now} was set in the service, the file has {wanted}; stays"
        case Change.CONFLICT:
            seeded = shown(field.seeded)
            return f"{field.name}: CONFLICT, {now} in the service, {wanted} in the file, was {seeded}"
        case _:
            return f"{field.name}: {now} → {wanted}"


def _describe_whole(difference: Difference) -> str:
    match difference.change:
        case Change.ADDED:
            return "will be added"
        case Change.REMOVED:
            return "will be removed, the file no longer has it"
        case Change.KEPT:
            return (
                "was removed in the service; stays away"
                if difference.current is None
                else "was added in the service; stays"
            )
        case _:
            return f"CONFLICT, {_fate(difference.current)} in the service, {_fate(difference.file)} in the file"


def _fate(entry: Entry | None) -> str:
    return "removed" if entry is None else "added or changed"
