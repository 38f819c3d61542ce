"""What is done otherwise where a catalogue has thousands of entries, on a few."""

from dataclasses import replace

import numpy as np
import pytest

from bot.advice import material
from bot.advice.corpus import Corpus
from bot.advice.engine import Engine
from bot.advice.entries import beginnings
from bot.advice.features import Places
from bot.advice.material import Material, gather, reader_for
from bot.advice.model import Model
from bot.advice.publishing import own_entries
from bot.advice.steps import available, uses_embeddings
from bot.advice.training import train, train_with
from bot.advice.vectors import read_vectors
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue, Entry, EntryId
from bot.domain.language import Language

needs_vectors = pytest.mark.skipif(not uses_embeddings(available().step), reason="the processor has no AVX2")


@pytest.fixture(scope="module")
def brief(catalogue: Catalogue, corpus: Corpus) -> Model:
    """Trained as if six entries were many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(material, "MANY", 1)
        return train(catalogue, corpus, step=Step.FULL, known=read_vectors())


@needs_vectors
@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("mihin aikaan bibsa menee kiinni", "kirjasto"),
        ("hur ansöker man om dagisplats", "paivahoito"),
        ("uimahallin aukioloajat", "uimahalli"),
    ],
)
def test_entries_are_found_among_many(brief: Model, question: str, entry: str) -> None:
    assert entry in {found.entry for found in Engine.of(brief).advise(question).found[:2]}


@needs_vectors
def test_an_entry_of_no_known_matter_is_no_class_of_the_regression(catalogue: Catalogue, corpus: Corpus) -> None:
    cut = replace(corpus, matters=tuple(one for one in corpus.matters if one.id != "swim-hall"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(material, "MANY", 1)
        model = train(own_entries(catalogue), cut, step=Step.FULL, known=read_vectors())
    assert model.classifier.lettered.fitted.max() < len(cut.matters)
    assert Engine.of(model).advise("uimahalli").found[0].entry == "uimahalli"


@needs_vectors
def test_one_short_text_in_each_language_is_embedded(catalogue: Catalogue, corpus: Corpus) -> None:
    long = tuple(replace(one, description={Language.FI: "Pitkä selitys. " * 200}) for one in catalogue.entries)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(material, "MANY", 1)
        trained = train_with(replace(catalogue, entries=long), corpus, step=Step.FULL, known=read_vectors())
    assert len(trained.fresh) == sum(len(beginnings(entry)) for entry in catalogue.entries)


def test_an_entry_without_a_text_has_one_beginning_still() -> None:
    assert beginnings(Entry(EntryId("a"), name={}, summary={})) == [(Language.FI, "-")]


def test_few_questions_are_taken_of_many_and_all_of_few(
    catalogue: Catalogue, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered: Material = gather(catalogue, corpus, reader_for(Step.LETTERS, corpus, catalogue, None))
    rows = gathered.asked()
    assert list(gathered.some(rows)) == list(rows)
    monkeypatch.setattr(material, "_CELLS", 10 * len(catalogue.entries))
    some = gathered.some(rows)
    assert len(some) == 10
    assert some[0] == rows[0]
    assert some[-1] == rows[-1]


def test_a_class_leads_to_its_entries_by_the_links_or_to_its_own() -> None:
    places = Places.of(np.array([[1.0, 0.0, 0.5], [0.0, 0.0, 0.9]], np.float32), np.array([False, False]))
    probabilities = np.array([[0.5, 0.2, 0.9, 0.3, 0.9]], np.float32)
    assert np.allclose(places.share(probabilities), [[0.5, 0.3, 0.5 * 0.5 + 0.2 * 0.9]])
    assert np.allclose(places.highest(probabilities), [[0.5, 0.3, 0.5]])
    assert list(places.unanswered()) == [False, False, True, False, True]


@needs_vectors
def test_a_second_training_embeds_only_what_is_new(catalogue: Catalogue, corpus: Corpus) -> None:
    mine = own_entries(catalogue)
    first = train_with(mine, corpus, step=Step.FULL, known=read_vectors())
    named = replace(mine.entries[0], name={Language.FI: "Lähikirjasto"})
    known = {**read_vectors(), **first.fresh}
    second = train_with(replace(mine, entries=(named, *mine.entries[1:])), corpus, step=Step.FULL, known=known)
    assert 0 < len(second.fresh) < len(first.fresh) / 2
