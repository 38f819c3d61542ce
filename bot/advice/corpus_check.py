"""What is wrong with the corpus, and how large it is: `python -m bot.advice.corpus`."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bot.advice.corpus import Corpus, Example, read_corpus
from bot.advice.normalising import fold
from bot.domain.language import Language

_CLOSE = 90.0
_FEWEST = 5
_NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Checked:
    """`faults` must be mended, `warnings` may have a reason; `counts` are figures by name."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)


def check(corpus: Corpus) -> Checked:
    return Checked(
        (*_languages(corpus), *_bodies(corpus), *_unknown(corpus)),
        (*_duplicates(corpus), *_close(corpus.held_out, corpus.questions())),
        _counts(corpus),
    )


def _languages(corpus: Corpus) -> Iterable[str]:
    for matter in corpus.matters:
        for language in Language:
            if not matter.name.get(language):
                yield f"{matter.id}: no name in {language}"
            if len(matter.questions.get(language, ())) < _FEWEST:
                yield f"{matter.id}: fewer than {_FEWEST} questions in {language}"


def _bodies(corpus: Corpus) -> Iterable[str]:
    for matter in corpus.matters:
        if matter.body and matter.body != _NOBODY and matter.body not in corpus.bodies:
            yield f"{matter.id}: the body {matter.body} is not described"
    for id, body in corpus.bodies.items():
        for language in Language:
            if not body.name.get(language) or not body.advice.get(language):
                yield f"body {id}: no name or advice in {language}"


def _unknown(corpus: Corpus) -> Iterable[str]:
    known = {matter.id for matter in corpus.matters}
    for id in sorted({example.matter for example in corpus.held_out} - known):
        yield f"set aside: the matter {id} does not exist"


def _duplicates(corpus: Corpus) -> Iterable[str]:
    homes = defaultdict[str, set[str]](set)
    for example in corpus.questions():
        homes[fold(example.text)].add(example.matter)
    for text, matters in homes.items():
        if len(matters) > 1:
            yield f"in {', '.join(sorted(matters))}: {text}"


def _close(held_out: Iterable[Example], questions: Iterable[Example]) -> Iterable[str]:
    """What is set aside must be asked otherwise than what is learned."""
    known = list({fold(example.text) for example in questions})
    for example in held_out:
        best = process.extractOne(fold(example.text), known, scorer=fuzz.token_sort_ratio, score_cutoff=_CLOSE)
        if best:
            yield f"set aside in {example.matter}, too close: {example.text} / {best[0]}"


def _counts(corpus: Corpus) -> dict[str, int]:
    by_language = Counter(str(example.language) for example in corpus.questions())
    return {
        "matters": len(corpus.matters),
        "matters_of_others": sum(bool(matter.body) for matter in corpus.matters),
        "questions": sum(by_language.values()),
        **{f"questions_{language}": by_language[language] for language in sorted(by_language)},
        "terms": len(corpus.terms()),
        "set_aside": len(corpus.held_out),
        "bodies": len(corpus.bodies),
    }


def main() -> int:
    """1 where something must be mended."""
    corpus = read_corpus()
    found = check(corpus)
    lines = [f"version {corpus.version or '-'}, fingerprint {corpus.fingerprint()}"]
    lines += [f"{name:<20} {count}" for name, count in found.counts.items()]
    lines += [f"warning: {warning}" for warning in found.warnings] + [f"fault: {fault}" for fault in found.faults]
    print("\n".join(lines))  # noqa: T201 -- a check prints
    return 1 if found.faults else 0
