"""The check of the advice in chat: which step of its engine works here, and whether there is a catalogue."""

import sqlite3
from collections.abc import Iterator

from bot.advice.steps import Available, available
from bot.cli.findings import Finding, Place, ok, warn
from bot.domain.advice import Step
from bot.storage.checkup import catalogue_size


def advice(place: Place) -> list[Finding]:
    """Never fails: without it, people are shown the way to an official."""
    try:
        entries = catalogue_size(place.state.database) if place.state.database.exists() else 0
    except sqlite3.Error:
        entries = 0
    return list(judge_advice(available(), entries))


def judge_advice(found: Available, entries: int) -> Iterator[Finding]:
    told = f"step in use: {found.step}"
    if found.step is Step.FULL:
        yield ok("advice", f"{told}, with Finnish lemmas and embeddings")
    else:
        remedy = "Answers are found less often until this is mended; its thresholds are its own."
        yield warn("advice", f"{told}, since {'; '.join(found.reasons)}", remedy)
    if entries:
        yield ok("catalogue", f"{entries} entries to answer from")
    else:
        remedy = "Take one in with eahtari advice import; docs/advice.md tells how to write it."
        yield ok("catalogue", f"no catalogue yet, so free questions get the list of commands. {remedy}")
