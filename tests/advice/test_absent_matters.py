"""Entries whose matter the corpus does not know: what keeps them apart from entries of known matters."""

import numpy as np
import pytest

from bot.advice.combining import rank_weights
from bot.advice.features import ABSENT, COLUMNS, KEPT, KEPT_ABSENT
from bot.advice.folds import _kept
from bot.advice.mapping import LINKED, link
from bot.domain.catalogue import Entry, EntryId

MANY = 40


def entries(count: int) -> list[Entry]:
    return [Entry(EntryId(str(row)), name={}, summary={}) for row in range(count)]


@pytest.fixture
def features() -> np.ndarray:
    """Entries in falling order of rough evidence; the last ten are of absent matters."""
    found = np.zeros((MANY, COLUMNS), np.float32)
    found[:, 0] = np.linspace(2, 0, MANY)
    found[-10:, ABSENT] = 1
    return found


def test_a_combiner_sees_entries_of_absent_matters_lose(features: np.ndarray) -> None:
    truth = np.arange(MANY) == 0
    kept = _kept(features, truth)
    assert len(kept) == KEPT
    assert features[kept, ABSENT].sum() == KEPT_ABSENT
    assert 0 in kept
    assert rank_weights([features[kept]], [truth[kept]], np.ones(1, np.float32))[ABSENT] < 0


def test_the_right_entry_is_kept_however_little_speaks_for_it(features: np.ndarray) -> None:
    for right in (MANY - 11, MANY - 1):
        assert right in _kept(features, np.arange(MANY) == right)


def test_as_many_are_kept_where_no_matter_is_absent(features: np.ndarray) -> None:
    features[:, ABSENT] = 0
    assert len(_kept(features, np.arange(MANY) == 0)) == KEPT


def test_an_entry_that_is_only_faintly_like_its_best_matter_has_none() -> None:
    score = np.diag([0.3, 0.3, 0.3, 0.09]).astype(np.float32)
    strength = link(score, score, entries(4), {}).strength
    assert list(strength.max(axis=0) >= LINKED) == [True, True, True, False]


def test_what_is_faint_is_told_by_the_other_entries() -> None:
    score = np.diag([0.12, 0.12, 0.12, 0.09]).astype(np.float32)
    assert (link(score, score, entries(4), {}).strength.max(axis=0) >= LINKED).all()
