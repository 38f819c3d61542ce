from pathlib import Path

import numpy as np
import pytest

from bot.advice.corpus import Corpus, CorpusError, read_corpus
from bot.advice.corpus_check import check
from bot.advice.embedding import Embedder, key
from bot.advice.steps import available, uses_embeddings
from bot.advice.vectors import read_vectors, texts_of
from bot.domain.language import Language


def test_the_corpus_is_as_large_as_it_must_be(whole_corpus: Corpus) -> None:
    counts = check(whole_corpus).counts
    assert counts["matters"] >= 180
    assert counts["questions"] >= 9000


def test_every_matter_has_all_languages_and_every_body_is_described(whole_corpus: Corpus) -> None:
    assert check(whole_corpus).faults == ()


def test_the_vectors_fit_the_corpus(whole_corpus: Corpus) -> None:
    known, texts = read_vectors(), list(texts_of(whole_corpus))
    missing = [text for text in texts if key(text) not in known]
    assert len(missing) <= 0.01 * len(texts), "run python -m bot.advice.vectors"


@pytest.mark.skipif(not uses_embeddings(available().step), reason="no embeddings on this machine")
def test_the_vectors_are_those_of_this_embedder(whole_corpus: Corpus) -> None:
    known = read_vectors()
    texts = [text for text in texts_of(whole_corpus) if key(text) in known][::2000]
    fresh = Embedder().queries(texts)
    likeness = [float(known[key(text)] @ row) for text, row in zip(texts, fresh, strict=True)]
    assert np.min(likeness) > 0.99


def test_languages_are_told_apart(whole_corpus: Corpus) -> None:
    from bot.advice.languages import Languages  # noqa: PLC0415 -- beside its only use

    questions = whole_corpus.questions()
    languages = Languages.learn((one.language, one.text) for one in questions[::2])
    asked = questions[1::20]
    right = [languages.likely(one.text)[0] is one.language for one in asked]
    assert np.mean(right) > 0.97


def _write(folder: Path, text: str) -> None:
    (folder / "more.yaml").write_text(text, encoding="utf-8")


def test_a_municipality_adds_a_matter_of_its_own(tmp_path: Path) -> None:
    _write(tmp_path, "matters: [{id: tar-burning, owner: own, name: {fi: Terva}, questions: {fi: [mist tervaa]}}]")
    found = [matter for matter in read_corpus(tmp_path).matters if matter.id == "tar-burning"]
    assert found[0].questions[Language.FI] == ("mist tervaa",)


@pytest.mark.parametrize(
    "text",
    [
        "matters: 3",
        "[",
        "matters: [{name: {fi: a}}]",
        "matters: [{id: a, owner: mine}]",
        "matters: [{id: a, questions: {fi: x}}]",
        "\x00",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    _write(tmp_path, text)
    with pytest.raises(CorpusError, match=r"more\.yaml"):
        read_corpus(tmp_path)


def test_a_question_with_two_homes_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "matters: [{id: a, questions: {fi: [sama]}}, {id: b, questions: {fi: [Sama]}}]")
    assert any("a, b" in warning for warning in check(read_corpus(tmp_path)).warnings)
