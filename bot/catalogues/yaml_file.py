"""Hand-written catalogues in YAML. Every bad entry is named with its line; the others are read.

YAML's anchors are refused: nobody writes them by hand here, and a few lines of them can stand for gigabytes.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from bot.catalogues import fields
from bot.catalogues.form import entry, synonym
from bot.catalogues.problems import BadEntryError, Problem, Read
from bot.domain.catalogue import Catalogue, Entry, Synonym

NOTHING = Catalogue(code="", name={}, entries=())
DEEPEST = 20
"""Levels of lists and maps inside each other."""


def read_yaml(text: str, file: str) -> Read:
    try:
        top = _root(text)
    except (yaml.YAMLError, BadEntryError, RecursionError) as fault:
        return Read(NOTHING, (_broken(fault, file),), whole=False)
    if not isinstance(top, yaml.MappingNode):
        return Read(NOTHING, (Problem(file, 1, "A catalogue begins with municipality: and entries:."),), whole=False)
    parts = {str(key.value): value for key, value in top.value}
    found, problems = _entries(parts.get("entries"), file)
    taught, misread = _synonyms(parts.get("synonyms"), file)
    code, name, unnamed = _town(parts.get("municipality"), file)
    return Read(Catalogue(code, name, tuple(found), tuple(taught)), (*unnamed, *problems, *misread))


def plain_yaml(text: str) -> Any:
    """One document as plain values. Raises `yaml.YAMLError` or `BadEntryError`."""
    root = _root(text)
    return None if root is None else _value(root)


def _root(text: str) -> yaml.Node | None:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadEntryError(f"{_line(event)} has an anchor (& or *). Write the text out instead.")
    root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    _bound(root, DEEPEST)
    return root


def _bound(node: yaml.Node | None, left: int) -> None:
    if not isinstance(node, yaml.CollectionNode):
        return
    if not left:
        raise BadEntryError(f"{_line(node)} is nested too deeply.")
    for part in node.value:
        for inner in part if isinstance(part, tuple) else (part,):
            _bound(inner, left - 1)


def _line(part: yaml.Node | yaml.Event) -> str:
    return f"Line {part.start_mark.line + 1}" if part.start_mark else "A line"


def _value(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    except ValueError as fault:  # a day such as 2026-13-40 passes the resolver and fails in its constructor
        raise BadEntryError(f"{fault}.".capitalize()) from None


def _entries(node: yaml.Node | None, file: str) -> tuple[list[Entry], list[Problem]]:
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    if not isinstance(node, yaml.SequenceNode):
        return [], [Problem(file, None, "entries: must hold a list, each beginning with - id:.")]
    for one in node.value:
        line = one.start_mark.line + 1
        value: Any = None
        try:
            value = _value(one)
            read = entry(value)
            _keep(found, read)
        except (BadEntryError, yaml.YAMLError) as fault:
            problems.append(Problem(_named(value, file), line, _reason(fault)))
    return list(found.values()), problems


def _keep(found: dict[str, Entry], read: Entry) -> None:
    if read.id in found:
        raise BadEntryError("This id is there already; give it another one.")
    found[read.id] = read


def _named(value: object, file: str) -> str:
    known = value.get("id") if isinstance(value, Mapping) else None
    return str(known)[:80] if isinstance(known, str | int) else file


def _reason(fault: Exception) -> str:
    return str(fault) if isinstance(fault, BadEntryError) else "This is not well-formed YAML."


def _synonyms(node: yaml.Node | None, file: str) -> tuple[list[Synonym], list[Problem]]:
    found: list[Synonym] = []
    problems: list[Problem] = []
    for one in node.value if isinstance(node, yaml.SequenceNode) else ():
        try:
            found.append(synonym(_value(one)))
        except (BadEntryError, yaml.YAMLError) as fault:
            problems.append(Problem(file, one.start_mark.line + 1, _reason(fault)))
    return found, problems


def _town(node: yaml.Node | None, file: str) -> tuple[str, Any, list[Problem]]:
    if node is None:
        return "", {}, []
    try:
        parts = fields.mapping(_value(node), "municipality")
        return fields.code(parts.get("code")), fields.words(parts.get("name"), "name"), []
    except (BadEntryError, yaml.YAMLError) as fault:
        return "", {}, [Problem(file, node.start_mark.line + 1, _reason(fault))]


def _broken(fault: Exception, file: str) -> Problem:
    mark = getattr(fault, "problem_mark", None)
    reason = str(fault) if isinstance(fault, BadEntryError) else "This is not well-formed YAML from here on."
    return Problem(file, mark.line + 1 if mark else None, reason)
