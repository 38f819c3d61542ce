"""Takes what was read into the catalogue, in one transaction, and writes down in the log what came of it.

Shared by the imports of files and of an address. Where entries are read from is their matter.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.actions.ports import Changes
from bot.catalogues.problems import Problem, Read
from bot.domain.catalogue import Catalogue, Entry, EntryId, Origin
from bot.domain.catalogue_import import Import, ImportKind
from bot.storage.transaction import SqlTransaction

SHOWN = 20
"""Lines of one kind in a report; all of them are in its JSON."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was read and what it changed; `kept` counts entries that stayed and were not brought."""

    entries: int
    changes: Changes
    skipped: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    parts: tuple[Problem, ...] = ()
    kept: int = 0
    about: str = ""
    """A line about where it came from; empty for files."""


@dataclass(frozen=True, slots=True)
class Extent:
    """`complete`: entries of the same origin that were not brought are removed, but for those in `spared`."""

    complete: bool
    spared: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    """Removed in any case."""


def take(tx: SqlTransaction, found: Read, extent: Extent, log: Import) -> Report:
    """Everything of it, or nothing where it raises."""
    entries = found.catalogue.entries
    _name_town(tx, found.catalogue)
    kinds = {entry.origin for entry in entries} | (set() if log.kind is ImportKind.FILES else {Origin.PTV})
    if Origin.FILE in kinds:
        tx.catalogue.take_synonyms(found.catalogue.synonyms, complete=extent.complete)
    changes = _sum([_take(tx, kind, [one for one in entries if one.origin is kind], extent) for kind in sorted(kinds)])
    ties = {EntryId(id): channels for id, channels in found.ties.items()}
    tx.imports.tie({id: channels for id, channels in ties.items() if id not in changes.refused})
    brought = {entry.id for entry in entries}
    refused = tuple(Problem(id, None, _TAKEN) for id in changes.refused)
    kept = sum(one.id not in brought for kind in kinds for one in tx.catalogue.entries_of(kind))
    report = Report(len(brought), changes, found.skipped, (*found.problems, *refused), found.parts, kept)
    tx.imports.add(_logged(log, report))
    return report


_TAKEN = "An entry of another origin has this id; give it another one."


def _name_town(tx: SqlTransaction, catalogue: Catalogue) -> None:
    """PTV tells no name; what a file said before stays then."""
    before = tx.catalogue.catalogue()
    if catalogue.code and (catalogue.name or catalogue.code != before.code):
        tx.catalogue.name_it(catalogue.code, catalogue.name)


def _take(tx: SqlTransaction, kind: Origin, mine: Sequence[Entry], extent: Extent) -> Changes:
    """In the order of what was brought, where that is all; else in the order that was there, new ones last."""
    brought = {entry.id: entry for entry in mine}
    before = [one for one in tx.catalogue.entries_of(kind) if one.id not in extent.gone or one.id in brought]
    if extent.complete:
        stay = [one for one in before if one.id in extent.spared and one.id not in brought]
        return tx.catalogue.take(kind, [*mine, *stay], complete=True)
    there = {one.id for one in before}
    now = [brought.get(one.id, one) for one in before]
    return tx.catalogue.take(kind, [*now, *(one for one in mine if one.id not in there)], complete=True)


def _sum(several: Sequence[Changes]) -> Changes:
    return Changes(
        tuple(id for one in several for id in one.added),
        tuple(id for one in several for id in one.changed),
        tuple(id for one in several for id in one.removed),
        tuple(id for one in several for id in one.refused),
    )


def _logged(log: Import, report: Report) -> Import:
    changes = report.changes
    return replace(
        log,
        taken=report.entries - len(changes.refused),
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        kept=report.kept,
        skipped=report.skipped,
        problems=tuple(str(problem) for problem in (*report.problems, *report.parts)),
    )


def as_text(report: Report) -> str:
    changes = report.changes
    lines = [
        *filter(None, [report.about]),
        (
            f"{report.entries} entries read: {len(changes.added)} new, {len(changes.changed)} changed, "
            f"{len(changes.removed)} removed."
        ),
        *(f"Left out: {reason}: {count}" for reason, count in report.skipped),
        *_some("Not read: ", report.problems),
        *_some("Left out of an entry: ", report.parts),
    ]
    if any((changes.added, changes.changed, changes.removed)):
        lines.append("A running service trains itself for them within a minute or two.")
    return "\n".join(lines)


def _some(head: str, problems: Sequence[Problem]) -> Iterable[str]:
    yield from (f"{head}{problem}" for problem in problems[:SHOWN])
    if len(problems) > SHOWN:
        yield f"{head}{len(problems) - SHOWN} more; --json names them all."


def as_json(report: Report) -> str:
    changes = report.changes
    told = {
        "read": report.entries,
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "kept": report.kept,
        "skipped": dict(report.skipped),
        "problems": [_plain(problem) for problem in report.problems],
        "parts": [_plain(problem) for problem in report.parts],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _plain(problem: Problem) -> dict[str, object]:
    return {"where": problem.where, "line": problem.line, "reason": problem.reason}
