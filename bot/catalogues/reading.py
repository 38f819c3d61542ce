"""The door: bytes of files to entries and problems, by what each file is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.catalogues.markdown_file import read_markdown
from bot.catalogues.problems import Problem, Read
from bot.catalogues.ptv_file import items_of, read_items
from bot.catalogues.yaml_file import NOTHING, read_yaml
from bot.domain.catalogue import Catalogue, Entry

LARGEST = 50 * 1024 * 1024
"""Bytes of one file; all services of Finland are below that."""


@dataclass(frozen=True, slots=True)
class File:
    """`name` tells the form where the content does not, and stands in what is said about it."""

    name: str
    raw: bytes


def read(raw: bytes, name: str, code: str = "") -> Read:
    """One file; see `read_all`."""
    return read_all([File(name, raw)], code)


def read_all(files: Iterable[File], code: str = "") -> Read:
    """Files that belong together, as one. Never raises.

    `code` is the municipality's own: services of PTV that are for others are left out and counted. Entries of the same
    id are joined, which is how a text gets its other languages; services of PTV find their channels in any file.
    """
    reads: list[Read] = []
    items: list[Mapping[str, Any]] = []
    for file in files:
        found = _one(file)
        if isinstance(found, Read):
            reads.append(found)
        else:
            items += found
    return merged([*reads, read_items(items, "PTV", code)] if items else reads)


def _one(file: File) -> Read | list[Mapping[str, Any]]:
    if len(file.raw) > LARGEST:
        return _unread(file.name, None, f"The file is larger than {LARGEST // 2**20} MB.")
    try:
        text = file.raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return _unread(file.name, file.raw.count(b"\n", 0, fault.start) + 1, "The file is not in UTF-8.")
    if text.lstrip()[:1] in {"{", "["}:
        found = items_of(text, file.name)
        return Read(NOTHING, (found,), whole=False) if isinstance(found, Problem) else found
    is_markdown = file.name.lower().endswith((".md", ".markdown"))
    return read_markdown(text, file.name) if is_markdown else read_yaml(text, file.name)


def _unread(name: str, line: int | None, reason: str) -> Read:
    return Read(NOTHING, (Problem(name, line, reason),), whole=False)


def merged(several: Iterable[Read]) -> Read:
    """Several files as one. Entries of the same id are joined, which is how a text gets its other languages."""
    found: dict[str, Entry] = {}
    reads = list(several)
    for one in (entry for read in reads for entry in read.catalogue.entries):
        found[one.id] = joined(found[one.id], one) if one.id in found else one
    named = next((read.catalogue for read in reads if read.catalogue.code), NOTHING)
    skipped = Counter[str]()
    for read in reads:
        skipped.update(dict(read.skipped))
    return Read(
        Catalogue(named.code, named.name, tuple(found.values()), tuple(s for r in reads for s in r.catalogue.synonyms)),
        tuple(problem for read in reads for problem in read.problems),
        tuple(skipped.items()),
        all(read.whole for read in reads),
        tuple(part for read in reads for part in read.parts),
        {id: ties for read in reads for id, ties in read.ties.items()},
        frozenset(id for read in reads for id in read.gone),
    )


def joined(first: Entry, second: Entry) -> Entry:
    """What the first has, with what only the second has."""
    changes: dict[str, Any] = {}
    for field in fields(Entry):
        mine, other = getattr(first, field.name), getattr(second, field.name)
        if isinstance(mine, Mapping):
            changes[field.name] = {**other, **mine}
        elif not mine and other:
            changes[field.name] = other
    return replace(first, **changes)
