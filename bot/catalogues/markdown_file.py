"""One entry in Markdown: front matter in YAML between lines of three dashes, then `# Name`, a summary, a description.

The language is the front matter's `language`, or the file name's (`hut.sv.md`); files of the same id become one entry.
Markdown's signs are taken out, since an answer in chat is plain text.
"""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from bot.catalogues import fields
from bot.catalogues.form import entry
from bot.catalogues.problems import BadEntryError, Problem, Read
from bot.catalogues.yaml_file import NOTHING, plain_yaml
from bot.domain.catalogue import Catalogue
from bot.domain.language import Language

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*\n(.*)\Z", re.DOTALL)
_SIGNS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|^\s*(?:[-*+]|#{1,6})\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\((https?://[^)\s]{1,2000})\)")
_SUFFIX = re.compile(r"\.(fi|sv|en)\.md$", re.IGNORECASE)


def read_markdown(text: str, file: str) -> Read:
    match = _FRONT.match(text.replace("\r\n", "\n"))
    if match is None:
        return _bad(file, 1, "A Markdown entry begins with id: and other facts between two lines of ---.")
    try:
        front = fields.mapping(plain_yaml(match[1]), "What stands between the --- lines")
        found = entry(_parts(front, match[2], file))
    except BadEntryError as fault:
        return _bad(file, 1, str(fault))
    except (yaml.YAMLError, RecursionError):
        return _bad(file, 1, "What stands between the --- lines is not well-formed YAML.")
    return Read(Catalogue("", {}, (found,)))


def _bad(file: str, line: int, reason: str) -> Read:
    return Read(NOTHING, (Problem(file, line, reason),), whole=False)


def _parts(front: Mapping[str, Any], body: str, file: str) -> dict[str, Any]:
    suffix = _SUFFIX.search(file)
    written = front.get("language") or (suffix[1].lower() if suffix else Language.FI)
    language = fields.language(written, "language")
    name, paragraphs = _split(body)
    read = {"name": {language: name}} if name else {}
    if paragraphs:
        read["summary"] = {language: paragraphs[0]}
    if paragraphs[1:]:
        read["description"] = {language: "\n".join(paragraphs[1:])}
    terms = front.get("terms")
    plain = isinstance(terms, list) and all(isinstance(term, str) for term in terms)
    return {**front, **read} | ({"terms": {language: terms}} if plain else {})


def _split(body: str) -> tuple[str, list[str]]:
    """The first heading, and the paragraphs under it as plain text."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", body) if block.strip()]
    name = ""
    if blocks and blocks[0].startswith("# "):
        first, _, rest = blocks[0].partition("\n")
        name, blocks = _plain(first), [*filter(None, [rest.strip()]), *blocks[1:]]
    return name, [found for block in blocks if (found := _plain(block))]


def _plain(block: str) -> str:
    linked = _LINK.sub(r"\1 (\2)", block)
    return " ".join(_SIGNS.sub("", linked).split())
