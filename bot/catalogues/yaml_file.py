"""Hand-written catalogues in YAML. Every bad entry is named with its line; the others are read.

YAML's anchors are refused: nobody writes them by hand here, and a few lines of them can stand for gigabytes. So are
tags, merges and keys that stand twice. What looks like a number or a date stays as it is written: YAML would read the
telephone number 0401234567 as octal and the price 2.50 as 2.5.
"""

from collections.abc import Iterable
from typing import Any

import yaml

from bot.catalogues import fields
from bot.catalogues.form import entry, synonym
from bot.catalogues.problems import BadEntryError, Problem, Read
from bot.domain.catalogue import Catalogue, Entry, Synonym

NOTHING = Catalogue(code="", name={}, entries=())
DEEPEST = 20
"""Levels of lists and maps inside each other."""
LARGEST = 2 * 1024 * 1024
"""Characters; YAML is read at about 100,000 a second."""

_CORE = "tag:yaml.org,2002:"
_PLAIN = {_CORE + tag for tag in ("str", "int", "float", "timestamp", "value")}


def read_yaml(text: str, file: str) -> Read:
    try:
        top = _root(text)
        parts = _parts(top) if isinstance(top, yaml.MappingNode) else None
    except (yaml.YAMLError, BadEntryError, RecursionError) as fault:
        return Read(NOTHING, (_broken(fault, file),), whole=False)
    if parts is None:
        return Read(NOTHING, (Problem(file, 1, "A catalogue begins with municipality: and entries:."),), whole=False)
    found, problems = _entries(parts.get("entries"), file)
    taught, misread = _synonyms(parts.get("synonyms"), file)
    code, name, unnamed = _town(parts.get("municipality"), file)
    return Read(Catalogue(code, name, tuple(found), tuple(taught)), (*unnamed, *problems, *misread))


def plain_yaml(text: str) -> Any:
    """One document as plain values. Raises `yaml.YAMLError` or `BadEntryError`."""
    root = _root(text)
    return None if root is None else _value(root)


def _root(text: str) -> yaml.Node | None:
    if len(text) > LARGEST:
        raise BadEntryError(f"A file in YAML has at most {LARGEST // 2**20} MB; write several.")
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadEntryError(f"{_line(event)} has an anchor (& or *). Write the text out instead.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadEntryError(f"{_line(event)} is nested too deeply.")
    root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return root


def _line(part: yaml.Node | yaml.Event) -> str:
    return f"Line {part.start_mark.line + 1}" if part.start_mark else "A line"


_TRUE = frozenset({"true", "yes", "on", "y"})


def _value(node: yaml.Node) -> Any:
    """Maps, lists, texts, true and false, and nothing; none of YAML's constructors is called."""
    if isinstance(node, yaml.MappingNode) and node.tag == _CORE + "map":
        return {key: _value(inner) for key, inner in _parts(node).items()}
    if isinstance(node, yaml.SequenceNode) and node.tag == _CORE + "seq":
        return [_value(inner) for inner in node.value]
    if isinstance(node, yaml.ScalarNode) and node.tag == _CORE + "null":
        return None
    if isinstance(node, yaml.ScalarNode) and node.tag == _CORE + "bool":
        return node.value.lower() in _TRUE
    if isinstance(node, yaml.ScalarNode) and node.tag in _PLAIN:
        return node.value
    raise BadEntryError(f"{_line(node)} has a tag (!) or a merge (<<). Write plain text instead.")


def _parts(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    found: dict[str, yaml.Node] = {}
    for key, inner in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag == _CORE + "merge":
            raise BadEntryError(f"{_line(key)} has a key that is no plain word.")
        if key.value in found:
            raise BadEntryError(f"{_line(key)} says {fields.shown(key.value)!r} a second time.")
        found[key.value] = inner
    return found


def _entries(node: yaml.Node | None, file: str) -> tuple[list[Entry], list[Problem]]:
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    if not isinstance(node, yaml.SequenceNode):
        return [], [Problem(file, None, "entries: must hold a list, each beginning with - id:.")]
    for one in node.value:
        line = one.start_mark.line + 1
        try:
            _keep(found, entry(_value(one)))
        except BadEntryError as fault:
            problems.append(Problem(_named(one, file), line, str(fault)))
    return list(found.values()), problems


def _keep(found: dict[str, Entry], read: Entry) -> None:
    if read.id in found:
        raise BadEntryError("This id is there already; give it another one.")
    found[read.id] = read


def _named(node: yaml.Node, file: str) -> str:
    """The id that stands in an entry, also in one that can't be read."""
    pairs: Iterable[tuple[yaml.Node, yaml.Node]] = node.value if isinstance(node, yaml.MappingNode) else ()
    told = [inner.value for key, inner in pairs if key.value == "id" and isinstance(inner, yaml.ScalarNode)]
    return fields.shown(told[0]) if told and told[0] else file


def _synonyms(node: yaml.Node | None, file: str) -> tuple[list[Synonym], list[Problem]]:
    found: list[Synonym] = []
    problems: list[Problem] = []
    for one in node.value if isinstance(node, yaml.SequenceNode) else ():
        try:
            found.append(synonym(_value(one)))
        except BadEntryError as fault:
            problems.append(Problem(file, one.start_mark.line + 1, str(fault)))
    return found, problems


def _town(node: yaml.Node | None, file: str) -> tuple[str, Any, list[Problem]]:
    if node is None:
        return "", {}, []
    try:
        parts = fields.mapping(_value(node), "municipality")
        return fields.code(parts.get("code")), fields.words(parts.get("name"), "name"), []
    except BadEntryError as fault:
        return "", {}, [Problem(file, node.start_mark.line + 1, str(fault))]


def _broken(fault: Exception, file: str) -> Problem:
    mark = getattr(fault, "problem_mark", None)
    reason = str(fault) if isinstance(fault, BadEntryError) else "This is not well-formed YAML from here on."
    return Problem(file, mark.line + 1 if mark else None, reason)
