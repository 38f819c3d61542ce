"""Publishing: trains a catalogue's model, stores it and takes it into use. A reader sees the old model or the new."""

import json
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bot.advice.corpus import FOLDER, read_corpus
from bot.advice.folder import ModelFolder
from bot.advice.published import Published
from bot.advice.steps import available
from bot.advice.training import train_with
from bot.advice.vectors import read_vectors
from bot.advice.wire import from_catalogue
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue


class NothingToPublishError(ValueError):
    """The catalogue has no entry of its municipality."""


def own_entries(catalogue: Catalogue) -> Catalogue:
    """Without the entries of other municipalities, which would only stand in the way of the right one."""
    kept = tuple(
        entry for entry in catalogue.entries if not entry.municipalities or catalogue.code in entry.municipalities
    )
    return replace(catalogue, entries=kept)


def publish(catalogue: Catalogue, folder: Path, more: tuple[Path, ...] = ()) -> Published:
    """Takes a minute for a hundred entries and minutes for thousands. Raises `NothingToPublishError`, `CorpusError`."""
    start, mine, place = time.monotonic(), own_entries(catalogue), ModelFolder(folder)
    if not mine.entries:
        raise NothingToPublishError("the catalogue has no entry of its municipality")
    folder.mkdir(parents=True, exist_ok=True)
    corpus, step = read_corpus(FOLDER, *more), available().step
    known = {**read_vectors(), **place.vectors()}
    trained = train_with(mine, corpus, step=step, known=known)
    revision = _revision(mine, corpus.fingerprint(), step)
    model = place.model(revision)
    trained.model.save(model)
    place.keep({**place.vectors(), **trained.fresh})
    place.switch(model)
    estimate = trained.estimate
    return Published(
        revision,
        model.name,
        len(mine.entries),
        step,
        round(time.monotonic() - start, 1),
        round(estimate.single_precision, 4),
        round(estimate.single_share, 4),
        round(estimate.handed_over_share, 4),
    )


def _revision(catalogue: Catalogue, corpus: str, step: Step) -> str:
    said = json.dumps([from_catalogue(catalogue), corpus, step], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]
