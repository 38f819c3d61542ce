"""How well a catalogue's entries are found, and how fast: full text search, stems, letters, embeddings, and ours.

One run on one question file; every system sees the same entries and the same questions. Times are of one thread,
at the size of the catalogue and with filler entries up to 5,000: of other municipalities, which ours never searches,
and of the same one.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.report import Report, percentile
from bot.advice.bm25 import Bm25
from bot.advice.embedding import Embedder
from bot.advice.evaluation import Question, read_questions
from bot.advice.lexical import Lexicon
from bot.advice.normalising import core, fold, words
from bot.advice.publishing import own_entries
from bot.catalogues.reading import read
from bot.cli.advice_eval import measure as ours
from bot.domain.catalogue import Catalogue, Entry, EntryId
from bot.domain.language import Language

Search = Callable[[str], Sequence[str]]
"""Of a question the ids of entries, best first."""

EXAMPLES = Path(__file__).parents[1] / "examples" / "advice"
MANY = 5_000
BEST = 10


def text_of(entry: Entry) -> str:
    """Everything of an entry that can be searched."""
    texts = (*entry.name.values(), *entry.summary.values(), *entry.description.values())
    return " ".join((*texts, *(term for some in entry.terms.values() for term in some)))


def fts5(entries: Sequence[Entry]) -> Search:
    """SQLite's full text search as it is: words as they stand, any of them."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(text, tokenize='unicode61 remove_diacritics 0')")
    rows = [(row, fold_all(text_of(entry))) for row, entry in enumerate(entries)]
    database.executemany("INSERT INTO entry(rowid, text) VALUES (?, ?)", rows)

    def search(question: str) -> Sequence[str]:
        wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(question)))
        query = "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY bm25(entry) LIMIT ?"
        return [entries[row].id for (row,) in database.execute(query, (wanted, BEST))] if wanted else []

    return search


def fold_all(text: str) -> str:
    """A long text folded in parts, since folding cuts."""
    return " ".join(fold(part) for part in text.split("."))


def stems(entries: Sequence[Entry]) -> Search:
    """BM25 over Snowball stems of the three languages."""
    lexicon, languages = Lexicon(None), list(Language)
    documents = [
        {term: 1.0 for part in text_of(entry).split(".") for term in lexicon.terms(part, languages)}
        for entry in entries
    ]
    index = Bm25.build(documents)
    return lambda question: _best(entries, index.scores([lexicon.terms(question, languages)])[0])


def trigrams(entries: Sequence[Entry]) -> Search:
    """Cosine of letter trigrams."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True)
    rows = vectorizer.fit_transform([fold_all(text_of(entry)) for entry in entries])
    return lambda question: _best(entries, (rows @ vectorizer.transform([core(question)]).T).toarray().ravel())


def embeddings(entries: Sequence[Entry], embedder: Embedder) -> Search:
    """Cosine of multilingual e5-small."""
    rows = embedder.passages([text_of(entry) for entry in entries])
    return lambda question: _best(entries, rows @ embedder.ask(question))


def _best(entries: Sequence[Entry], scores: "np.ndarray") -> Sequence[str]:
    return [entries[row].id for row in np.argsort(-scores)[:BEST]]


def filled(catalogue: Catalogue, code: str) -> Catalogue:
    """The catalogue with fillers up to `MANY` entries of a municipality; words are mixed from its own entries."""
    random, own = np.random.default_rng(0), catalogue.entries
    pool = [word for entry in own for word in text_of(entry).split()]
    fillers = tuple(
        Entry(
            EntryId(f"filler-{number}"),
            name={Language.FI: " ".join(random.choice(pool, 3))},
            summary={Language.FI: " ".join(random.choice(pool, 12))},
            municipalities=(code,),
        )
        for number in range(MANY - len(own))
    )
    return replace(catalogue, entries=(*own, *fillers))


def measure(report: Report, name: str, search: Search, questions: Sequence[Question]) -> None:
    ranks, seconds = list[int](), list[float]()
    for question in questions:
        start = time.perf_counter()
        found = search(question.text)
        seconds.append(time.perf_counter() - start)
        if question.right:
            ranks.append(next((place for place, id in enumerate(found) if id in question.right), MANY))
    for limit in (1, 3):
        report.add(f"{name}_r_at_{limit}", sum(rank < limit for rank in ranks) / len(ranks), "", f"{len(ranks)} asked")
    _tell_times(report, name, [1000 * one for one in seconds])


def _tell_times(report: Report, name: str, milliseconds: Sequence[float]) -> None:
    for share in (50, 95, 99):
        report.add(f"{name}_p{share}_ms", percentile(milliseconds, share), "ms")


async def measure_ours(report: Report, name: str, catalogue: Catalogue, questions: Sequence[Question]) -> None:
    found, asked = await ours(catalogue, questions)
    for one in ("r_at_1", "r_at_3", "single_precision", "single_share", "answerable_handed_over_share"):
        report.add(f"{name}_{one}", _number(found[one]), "")
    refusal = found["refusal"]
    report.add(f"{name}_refusal_f1", _number(refusal["f1"]) if isinstance(refusal, dict) else None, "")
    _tell_times(report, name, [one.milliseconds for one in asked])
    report.add(f"{name}_memory_mb", _number(found["memory_mb"]), "MiB", "the process that only answers")
    told = f"{found['entries']} entries, {found['step']}"
    report.add(f"{name}_training_s", _number(found["training_s"]), "s", told)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


async def run(report: Report, catalogue: Catalogue, questions: Sequence[Question], *, many: bool) -> None:
    mine = own_entries(catalogue)
    embedder = Embedder()
    for name, search in (
        ("fts5", fts5(mine.entries)),
        ("snowball", stems(mine.entries)),
        ("trigrams", trigrams(mine.entries)),
        ("embeddings", embeddings(mine.entries, embedder)),
    ):
        measure(report, name, search, questions)
    await measure_ours(report, "ours", catalogue, questions)
    if many:
        await measure_ours(report, "ours_5000_of_others", filled(catalogue, "000"), questions)
        same = filled(catalogue, catalogue.code).entries
        for name, search in (
            ("fts5", fts5(same)),
            ("snowball", stems(same)),
            ("trigrams", trigrams(same)),
            ("embeddings", embeddings(same, embedder)),
        ):
            measure(report, f"{name}_5000", search, questions)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.advice", description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=EXAMPLES / "mallila.yaml", help="YAML, Markdown or PTV JSON")
    parser.add_argument("--questions", type=Path, default=EXAMPLES / "mallila.jsonl", help="as for eahtari advice eval")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="without 5,000 entries")
    args = parser.parse_args(arguments)
    catalogue = read(args.catalogue.read_bytes(), args.catalogue.name).catalogue
    with args.questions.open(encoding="utf-8") as lines:
        questions, problems = read_questions(lines)
    print("\n".join(problems), file=sys.stderr)
    report = Report("advice")
    asyncio.run(run(report, catalogue, questions, many=not args.quick))
    print(report.as_json() if args.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
