from dataclasses import replace

import pytest

from bot.advice.corpus import Corpus, read_corpus
from bot.advice.engine import Engine
from bot.advice.training import train
from bot.advice.vectors import read_vectors
from bot.catalogues.reading import read
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue

MATTERS = ("library-hours", "swim-hall", "ecec-apply", "building-permit", "recycling", "police-id", "tax", "wilma")

CATALOGUE = """
municipality: {code: '989', name: {fi: Esimerkkilä}}
synonyms:
- {fi: bibsa*, means: [kirjasto]}
entries:
- {id: kirjasto, name: {fi: Kirjasto, sv: Biblioteket, en: Library},
   summary: {fi: Kirjaston aukioloajat ja lainaaminen.}}
- {id: uimahalli, name: {fi: Uimahalli, sv: Simhallen}, summary: {fi: Uimahallin aukioloajat ja altaat.}}
- {id: paivahoito, name: {fi: Varhaiskasvatukseen hakeminen},
   summary: {fi: Päiväkotipaikkaa haetaan neljä kuukautta ennen.},
   questions: {fi: ["Miten haen lapselleni päiväkotipaikkaa Esimerkkilässä?"]}}
- {id: rakennuslupa, name: {fi: Rakentamislupa}, summary: {fi: Lupaa haetaan sähköisesti ennen rakentamista.}}
- {id: jateasema, name: {fi: Jäteasema}, summary: {fi: Jäteasemalle voi tuoda kierrätettävää jätettä.}}
- {id: naapuri, name: {fi: Kylän sauna}, summary: {fi: Naapurikunnan sauna.}, municipalities: ['111']}
"""


@pytest.fixture(scope="session")
def whole_corpus() -> Corpus:
    return read_corpus()


@pytest.fixture(scope="session")
def corpus(whole_corpus: Corpus) -> Corpus:
    """A few matters, so that training takes a second."""
    return replace(whole_corpus, matters=tuple(one for one in whole_corpus.matters if one.id in MATTERS))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    found = read(CATALOGUE.encode(), "town.yaml")
    assert not found.problems
    return found.catalogue


@pytest.fixture(scope="session")
def engine(catalogue: Catalogue, corpus: Corpus) -> Engine:
    return Engine.of(train(catalogue, corpus, step=Step.FULL, known=read_vectors()))
