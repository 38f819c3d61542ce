"""The door: bytes of files to entries and problems, by what each file is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from bot.catalogues.markdown_file import read_markdown
from bot.catalogues.problems import Problem, Read
from bot.catalogues.ptv_file import read_ptv
from bot.catalogues.yaml_file import NOTHING, read_yaml
from bot.domain.catalogue import Catalogue, Entry

LARGEST = 50 * 1024 * 1024
"""Bytes of one file; all services of Finland are below that."""


def read(raw: bytes, name: str, code: str = "") -> Read:
    """Never raises. `name` is the file's, for its form and for what is said about it.

    `code` is the municipality's own: services of PTV that are for others are left out and counted.
    """
    if len(raw) > LARGEST:
        return _unread(name, None, f"The file is larger than {LARGEST // 2**20} MB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return _unread(name, raw.count(b"\n", 0, fault.start) + 1, "The file is not in UTF-8.")
    if text.lstrip()[:1] in {"{", "["}:
        return read_ptv(text, name, code)
    return read_markdown(text, name) if name.lower().endswith((".md", ".markdown")) else read_yaml(text, name)


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
