"""The evidence that `mapping` links matters and entries by: questions find entries, entries sound like matters."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.advice.abreast import both
from bot.advice.mapping import Links, link, votes
from bot.advice.material import Material
from bot.advice.matters import Lettered, Meaning

Floats = NDArray[np.float32]

_OTHERS = 0.3
"""What votes count where the matter is another body's: a municipality's catalogue seldom answers it, and a wrong link
would answer questions that belong to somebody else."""


def mapped(material: Material, numbers: Mapping[str, int]) -> Links:
    """The links of matters and entries; `numbers` are the matters' rows by their ids."""
    found, sounds = both(lambda: _found(material), lambda: _sounds(material), abreast=material.abreast)
    return link(found, sounds, material.entries, numbers)


def _found(material: Material) -> Floats:
    """(matters, entries): each entry's share of the votes of the matter's questions."""
    questions = material.asked()
    found = np.zeros((material.matters, len(material.entries)), np.float32)
    for matter in range(material.matters):
        rows = material.bounded(questions[material.labels[questions] == matter], 1 / material.matters)
        if len(rows):
            found[matter] = votes(material.plain.features(material.texts.take(list(rows))))
    return found * np.where(material.others, np.float32(_OTHERS), np.float32(1))[:, None]


def _sounds(material: Material) -> Floats:
    """(matters, entries): the mean probability of the matter for the entry's own texts."""
    if material.texts.vectors is not None and material.own.vectors is not None:
        meaning = Meaning.learn(material.texts.vectors, material.labels, material.matters)
        shares = meaning.probabilities(material.own.vectors)
    else:
        lettered = Lettered.learn(material.letters, material.texts, material.labels, material.matters)
        shares = lettered.probabilities(material.letters.rows(material.own))
    sounds = np.zeros((material.matters, len(material.entries)), np.float32)
    np.add.at(sounds.T, material.owners, shares)
    counts = np.bincount(material.owners, minlength=len(material.entries)).clip(1)
    return np.asarray(sounds / counts, np.float32)
