"""Entries of one matter, entries of nearly the same one, and what belongs to somebody else."""

from dataclasses import replace

import numpy as np
import pytest

from bot.advice.aspects import asked, told
from bot.advice.batch import Batch
from bot.advice.corpus import Corpus
from bot.advice.entries import EntryIndex, Passages, examples
from bot.advice.lexical import Lexicon
from bot.advice.linking import _found, mapped
from bot.advice.mapping import Links
from bot.advice.material import Material, gather, reader_for
from bot.advice.vectors import read_vectors
from bot.catalogues.reading import read
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue, Entry, EntryId
from bot.domain.language import Language


@pytest.fixture
def material(catalogue: Catalogue, corpus: Corpus) -> Material:
    return gather(catalogue, corpus, reader_for(Step.FULL, corpus, catalogue, read_vectors()))


def _links(material: Material, corpus: Corpus, others: tuple[str, ...]) -> Links:
    names = [matter.id for matter in corpus.matters]
    marked = replace(material, others=np.array([name in others for name in names]))
    return mapped(marked, {name: row for row, name in enumerate(names)})


def test_an_entry_is_linked_less_readily_to_a_matter_of_somebody_else(material: Material, corpus: Corpus) -> None:
    """The same questions and texts: only whose matter it is differs."""
    row = [matter.id for matter in corpus.matters].index("police-id")
    own, others = (_found(replace(material, others=np.arange(8) == other))[row] for other in (-1, row))
    assert (others < own).all()


def test_a_matter_of_somebody_else_that_the_catalogue_answers_is_linked(corpus: Corpus) -> None:
    found = read(b"entries: [{id: passi, name: {fi: Passi}, summary: {fi: Passia haetaan poliisilta.}}]", "town.yaml")
    material = gather(found.catalogue, corpus, reader_for(Step.FULL, corpus, found.catalogue, read_vectors()))
    row = [matter.id for matter in corpus.matters].index("police-id")
    assert _links(material, corpus, ("police-id",)).strength[row, 0] == 1


@pytest.mark.parametrize(
    "text", ["miten päiväkotipaikan irtisanominen tehdään", "hur säger jag upp platsen", "how do I cancel my place"]
)
def test_giving_up_a_thing_is_an_aspect_of_its_own(text: str) -> None:
    ending = told([Entry(EntryId("a"), {Language.FI: "Päiväkotipaikan irtisanominen"}, {})])
    applying = told([Entry(EntryId("b"), {Language.FI: "Päiväkotiin hakeminen"}, {})])
    assert asked([text]) @ ending.T > asked([text]) @ applying.T


def _two() -> list[Entry]:
    return [Entry(EntryId(name), {Language.FI: name}, {}) for name in ("uimahalli", "kirjasto")]


def test_the_likest_small_text_tells_siblings_apart() -> None:
    vectors = np.eye(3, dtype=np.float32)
    sentences = Passages.of(vectors, np.array([0, 1, 1]), 2)
    index = EntryIndex.build(_two(), Lexicon(None), None, sentences)
    batch = Batch(["a"], [{}], ["a"], vectors[2:])
    assert index.closest(batch)[0, 1, 0] > index.closest(batch)[0, 0, 0]


def test_without_vectors_no_entry_is_closer() -> None:
    index = EntryIndex.build(_two(), Lexicon(None), None)
    assert not index.closest(Batch(["a"], [{}], ["a"], None)).any()


def test_an_entry_without_a_word_to_learn_from_has_an_example_all_the_same() -> None:
    assert examples(Entry(EntryId("a"), {Language.FI: "A"}, {}))


def test_potatoes_are_not_given_up() -> None:
    assert not asked(["onko torilla perunoita", "missä tehdään perunkirjoitus"]).any()
    assert asked(["voinko perua ajan", "peruuttaminen"]).any(axis=1).all()
