"""Figures out of fold for one catalogue: `python -m bot.advice.report --catalogue FILE --json`.

Tells the questions of the corpus, asked of models that have not seen them, apart from those of absent matters, from
the part that was set aside, and along the size of the corpus. The truth is the mapping of matters to entries.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.advice.corpus import FOLDER, Corpus, Example, read_corpus
from bot.advice.embedding import Vectors
from bot.advice.engine import Engine
from bot.advice.evaluation import SHOWN
from bot.advice.folds import Row, out_of_fold
from bot.advice.linking import mapped
from bot.advice.material import gather, reader_for
from bot.advice.publishing import own_entries
from bot.advice.steps import available
from bot.advice.training import finished, fit_sure, learned_from
from bot.advice.vectors import read_vectors
from bot.catalogues.reading import read
from bot.domain.advice import Band
from bot.domain.catalogue import Catalogue, EntryId
from bot.domain.language import Language

SHARES, SEEDS = (0.25, 0.5, 0.75, 1.0), (0, 1, 2)

Figures = dict[str, float | int]


def report(catalogue: Catalogue, corpus: Corpus, known: dict[int, Vectors]) -> dict[str, object]:
    """The curve takes some ten minutes: twelve trainings."""
    numbers = {matter.id: row for row, matter in enumerate(corpus.matters)}
    step = available().step
    reader = reader_for(step, corpus, catalogue, known)
    material = gather(catalogue, corpus, reader)
    links = mapped(material, numbers)
    rows, of = out_of_fold(material, links), learned_from(material, links)
    languages = [example.language for example in corpus.questions()]
    trained = finished(catalogue, corpus, reader, step=step, material=material, links=links, rows=rows, of=of)
    engine, weights = Engine.of(trained.model), trained.model.weights
    aside = [
        (frozenset(catalogue.entries[entry].id for entry in links.entries_of(numbers[example.matter])), example)
        for example in corpus.held_out
        if example.matter in numbers and not links.unsure[numbers[example.matter]]
    ]
    return {
        "step": step.value,
        "corpus": corpus.fingerprint(),
        "out_of_fold": _ranked(rows, weights, gone=False),
        "out_of_fold_by_language": {
            language.value: _ranked([row for row in rows if languages[row.text] is language], weights, gone=False)
            for language in Language
        },
        "absent_matters": _ranked(rows, weights, gone=True),
        "set_aside": _set_aside(engine, aside),
    }


def curve(catalogue: Catalogue, corpus: Corpus, known: dict[int, Vectors]) -> list[dict[str, float]]:
    """R@1 and R@3 out of fold at shares of the corpus' questions, mean and spread over seeds."""
    found = list[dict[str, float]]()
    for share in SHARES:
        ranks = [_drawn(catalogue, _cut(corpus, share, seed), known, seed) for seed in SEEDS]
        found.append(
            {
                "share": share,
                **{
                    f"{name}_{what}": round(float(of([rank[name] for rank in ranks])), 4)
                    for name in ("r_at_1", "r_at_3")
                    for what, of in (("mean", np.mean), ("spread", np.ptp))
                },
            }
        )
    return found


def _drawn(catalogue: Catalogue, corpus: Corpus, known: dict[int, Vectors], seed: int) -> Figures:
    reader = reader_for(available().step, corpus, catalogue, known)
    material = gather(catalogue, corpus, reader)
    links = mapped(material, {matter.id: row for row, matter in enumerate(corpus.matters)})
    rows = out_of_fold(material, links, seed=seed)
    return _ranked(rows, fit_sure(material, links, rows).weights, gone=False)


def _cut(corpus: Corpus, share: float, seed: int) -> Corpus:
    random = np.random.default_rng(seed)

    def some(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for text in texts if random.random() < share) or texts[:1]

    return replace(
        corpus,
        matters=tuple(
            replace(matter, questions={language: some(texts) for language, texts in matter.questions.items() if texts})
            for matter in corpus.matters
        ),
    )


def _ranked(rows: Sequence[Row], weights: NDArray[np.float32], *, gone: bool) -> Figures:
    """By the weights of the combiner that answers."""
    ranks = [
        int(np.flatnonzero(row.right[np.argsort(-(row.features @ weights))])[0])
        for row in rows
        if row.right.any() and row.gone is gone
    ]
    return {
        "questions": len(ranks),
        "r_at_1": round(float(np.mean([rank < 1 for rank in ranks])), 4),
        "r_at_3": round(float(np.mean([rank < SHOWN for rank in ranks])), 4),
    }


def _set_aside(engine: Engine, aside: Sequence[tuple[frozenset[EntryId], Example]]) -> dict[str, float | int]:
    asked = [(right, engine.advise(example.text)) for right, example in aside]
    can = [(right, [found.entry for found in advice.found]) for right, advice in asked if right]
    ones = [right and advice.found[0].entry in right for right, advice in asked if advice.band is Band.ONE]
    refused = [not right for right, advice in asked if advice.band is Band.HAND_OVER]
    cannot = sum(not right for right, _ in asked)
    return {
        "questions": len(asked),
        "answerable": len(can),
        "r_at_1": _mean([found[:1] and found[0] in right for right, found in can]),
        "r_at_3": _mean([not right.isdisjoint(found[:SHOWN]) for right, found in can]),
        "single_share": round(len(ones) / max(1, len(asked)), 4),
        "single_precision": _mean(ones),
        "refusal_f1": round(2 * sum(refused) / max(1, len(refused) + cannot), 4),
    }


def _mean(truths: Sequence[object]) -> float:
    return round(sum(bool(truth) for truth in truths) / max(1, len(truths)), 4)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.advice.report", description=__doc__)
    parser.add_argument("--catalogue", type=Path, required=True, help="YAML, Markdown or PTV JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--curve", action="store_true", help="also the learning curve, ten minutes more")
    args = parser.parse_args(arguments)
    catalogue = own_entries(read(args.catalogue.read_bytes(), args.catalogue.name).catalogue)
    corpus, known = read_corpus(FOLDER), read_vectors()
    found = report(catalogue, corpus, known)
    if args.curve:
        found["curve"] = curve(catalogue, corpus, known)
    print(json.dumps(found, ensure_ascii=False, indent=2 if args.json else None))  # noqa: T201 -- a report prints
    return 0


if __name__ == "__main__":
    sys.exit(main())
