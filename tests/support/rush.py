"""A rush: many people want one time in the same moment, from one process and from several, on one file."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bot.actions.booking import Booked, book
from bot.domain.ids import ServiceId, UserId
from bot.domain.refusals import Refusal
from bot.storage.database import Database

Answer = Booked | Refusal
_TOGETHER = 60.0
"""Seconds after which a process that waits for the others gives up."""


async def rush(
    store: Database, people: Sequence[UserId], service: ServiceId, start: datetime, now: datetime
) -> list[Answer]:
    """A task for each person, all begun before any is answered; the answers in the order of the people."""
    asked = [partial(book, citizen=person, service_id=service, start=start, now=now) for person in people]
    return list(await asyncio.gather(*(store.transact(work) for work in asked)))


def rush_from_processes(
    path: Path, crowds: Sequence[Sequence[UserId]], service: ServiceId, start: datetime, now: datetime
) -> list[Answer]:
    """A process for each crowd; they open the file first and then begin together."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(len(crowds))
    with context.Pool(len(crowds), _remember, (gate,)) as pool:
        found = pool.starmap(_crowd, [(path, crowd, service, start, now) for crowd in crowds], chunksize=1)
    return [answer for answers in found for answer in answers]


_gates: list[Barrier] = []


def _remember(gate: Barrier) -> None:
    """A barrier can be handed over to a process only while it is made."""
    _gates.append(gate)


def _crowd(path: Path, people: Sequence[UserId], service: ServiceId, start: datetime, now: datetime) -> list[Answer]:
    with Database(path) as store:
        _gates[0].wait(_TOGETHER)
        return asyncio.run(rush(store, people, service, start, now))
