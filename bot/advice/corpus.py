"""The corpus of municipal matters: what people ask a town hall, in three languages, and whose matter it is.

Reads a folder of YAML files (`docs/` tells how a municipality adds its own) into values. Its checks are in
`bot.advice.corpus_check`; `python -m bot.advice.corpus` prints them.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from bot.domain.advice import Referral
from bot.domain.catalogue import Words
from bot.domain.language import Language

FOLDER = Path(__file__).with_name("corpus")
BODIES, HELD_OUT, VERSION = "bodies.yaml", "held_out.yaml", "VERSION"
_OWN, _OTHER = "own", "other:"


class CorpusError(ValueError):
    """A file of the corpus can't be used; the message names it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of thing that people ask. `body` is the one in charge; empty: the municipality itself."""

    id: str
    body: str
    name: Words
    terms: Mapping[Language, tuple[str, ...]]
    questions: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a matter in one language: a question, or a term or name (`is_term`)."""

    matter: str
    language: Language
    text: str
    is_term: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """Matters in order of id. `held_out` was written separately and is never trained on."""

    matters: tuple[Matter, ...]
    bodies: Mapping[str, Referral] = field(default_factory=dict)
    held_out: tuple[Example, ...] = ()
    version: str = ""

    def questions(self) -> tuple[Example, ...]:
        """Every question, matter by matter."""
        return tuple(
            Example(matter.id, language, text)
            for matter in self.matters
            for language in Language
            for text in matter.questions.get(language, ())
        )

    def terms(self) -> tuple[Example, ...]:
        """Every name and term, once for each matter and language."""
        return tuple(
            Example(matter.id, language, text, is_term=True)
            for matter in self.matters
            for language in Language
            for text in dict.fromkeys((matter.name.get(language, ""), *matter.terms.get(language, ())))
            if text
        )

    def fingerprint(self) -> str:
        """Changes when anything that is trained on changes."""
        texts = [f"{e.matter}\t{e.language}\t{e.is_term}\t{e.text}" for e in (*self.questions(), *self.terms())]
        return sha256("\n".join([*texts, *(f"{m.id}\t{m.body}" for m in self.matters)]).encode()).hexdigest()[:16]


def read_corpus(folder: Path = FOLDER, *more: Path) -> Corpus:
    """The corpus of a folder, with the matters of more folders behind it: a municipality's own.

    A matter that stands in several files grows by what each says. Raises `CorpusError`.
    """
    files = [path for one in (folder, *more) for path in sorted(one.glob("*.yaml"))]
    found = dict[str, Matter]()
    for path in files:
        if path.name not in (BODIES, HELD_OUT):
            for matter in _matters(path):
                found[matter.id] = _together(found[matter.id], matter) if matter.id in found else matter
    held = tuple(_examples(path) for path in files if path.name == HELD_OUT)
    bodies = {name: body for path in files if path.name == BODIES for name, body in _bodies(path).items()}
    version = folder / VERSION
    return Corpus(
        tuple(found[id] for id in sorted(found)),
        bodies,
        tuple(example for part in held for example in part),
        version.read_text(encoding="utf-8").strip() if version.exists() else "",
    )


def _together(first: Matter, second: Matter) -> Matter:
    def joined(
        one: Mapping[Language, tuple[str, ...]], other: Mapping[Language, tuple[str, ...]]
    ) -> dict[Language, tuple[str, ...]]:
        return {lang: tuple(dict.fromkeys((*one.get(lang, ()), *other.get(lang, ())))) for lang in Language}

    return Matter(
        first.id,
        first.body,
        {**second.name, **first.name},
        joined(first.terms, second.terms),
        joined(first.questions, second.questions),
    )


def _load(path: Path) -> Mapping[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            content = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe loaders
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CorpusError(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise CorpusError(f"{path.name}: a mapping was expected")
    return content


def _matters(path: Path) -> list[Matter]:
    rows = _load(path).get("matters")
    if not isinstance(rows, list):
        raise CorpusError(f"{path.name}: a list `matters` was expected")
    return [_matter(path, row) for row in rows]


def _matter(path: Path, row: object) -> Matter:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise CorpusError(f"{path.name}: a matter without an id")
    owner = str(row.get("owner", _OWN))
    if owner != _OWN and not owner.startswith(_OTHER):
        raise CorpusError(f"{path.name}: {row['id']}: the owner is `own` or `other:` and a body, not {owner}")
    name = row.get("name") or {}
    if not isinstance(name, dict):
        raise CorpusError(f"{path.name}: {row['id']}: a name for each language was expected")
    return Matter(
        row["id"],
        "" if owner == _OWN else owner.removeprefix(_OTHER).strip(),
        {language: str(name[language]) for language in Language if name.get(language)},
        _texts(path, row, "terms"),
        _texts(path, row, "questions"),
    )


def _texts(path: Path, row: Mapping[str, Any], key: str) -> dict[Language, tuple[str, ...]]:
    lists = row.get(key) or {}
    if not isinstance(lists, dict) or any(not isinstance(texts, list) for texts in lists.values()):
        raise CorpusError(f"{path.name}: {row['id']}: `{key}` was expected to be lists by language")
    return {language: tuple(dict.fromkeys(str(text) for text in lists.get(language, ()))) for language in Language}


def _examples(path: Path) -> tuple[Example, ...]:
    return Corpus(tuple(_matters(path))).questions()


def _bodies(path: Path) -> dict[str, Referral]:
    return {str(id): _referral(path, str(id), row) for id, row in _load(path).items()}


def _referral(path: Path, id: str, row: object) -> Referral:
    if not isinstance(row, dict) or not isinstance(row.get("name"), dict) or not isinstance(row.get("advice"), dict):
        raise CorpusError(f"{path.name}: {id}: a name and an advice for each language were expected")
    name, advice = (
        {language: str(row[key][language]) for language in Language if row[key].get(language)}
        for key in ("name", "advice")
    )
    return Referral(name, advice, str(row.get("url") or ""), str(row.get("phone") or ""))


if __name__ == "__main__":
    from bot.advice.corpus_check import main

    sys.exit(main())
