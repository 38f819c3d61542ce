"""Has questions answered outside of any transaction, and the engine trained when the catalogue has changed.

A question is a row until its answer is stored, so a kill at any moment neither loses one nor answers it twice. No
question's words are ever logged.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.actions import advice, teaching
from bot.domain.advice import Advice
from bot.domain.catalogue import Catalogue
from bot.domain.inquiry import Inquiry
from bot.domain.teaching import ProposalState, Replay, TestQuestion, changed, compare
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""The storage is asked at least this often: another process may have imported a catalogue."""
REHEARSE_S = 3.0
"""How often proposals of officials are looked for; one takes a minute to try."""
LONGEST_PAUSE_S = 3600.0
"""Between two tries of training a catalogue that can't be trained; the pause doubles with each."""
PATIENCE_S = 90.0
"""How long questions wait, all together, while the first model of a catalogue is being trained."""


class Adviser(Protocol):
    """`bot.advice.client.EngineProcess`; raises when it can't answer."""

    async def advise(self, question: str) -> Advice: ...

    async def publish(self, catalogue: Catalogue) -> Any: ...

    async def rehearse(self, catalogue: Catalogue, questions: Sequence[str]) -> list[Advice]:
        """Answers as they would be with another catalogue, in the order of the questions."""

    async def close(self) -> None: ...


class AdviceRound:
    """`run` never ends by itself; `wake` tells that something was asked, and it wakes the outbox by `queued`.

    `corpus` tells the version of the corpus, own matters included: a model of another one is trained anew.
    """

    def __init__(
        self,
        store: Database,
        adviser: Adviser,
        clock: Callable[[], datetime],
        *,
        queued: Callable[[], None],
        corpus: Callable[[], str] = str,
    ) -> None:
        self.wake = asyncio.Event()
        self._store = store
        self._adviser = adviser
        self._clock = clock
        self._queued = queued
        self._corpus = corpus
        self._published: str | None = None
        self._trained = asyncio.Event()
        self._look_s = LOOK_S
        self._waits_until: float | None = None

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._answering())
                tasks.create_task(self._publishing())
                tasks.create_task(self._rehearsing())
        finally:
            await self._adviser.close()

    async def _answering(self) -> None:
        while True:
            self.wake.clear()
            while await self.once():
                self._queued()
            await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                await self.wake.wait()
        except TimeoutError:
            pass

    async def once(self) -> bool:
        """Answers the oldest question; false where there is none."""
        inquiry = await self._store.transact(lambda tx: tx.inquiries.next_new())
        if inquiry is None:
            return False
        found = await self._advised(inquiry)
        try:
            await self._store.transact(lambda tx: _settle(tx, inquiry, found, self._clock()))
        except Exception as fault:  # noqa: BLE001 - one question's fault must not hold up those behind it
            log.error("an answer could not be said: %s", type(fault).__name__)  # noqa: TRY400 - a traceback may hold its words
            await self._store.transact(lambda tx: advice.give_up(tx, inquiry, self._clock()))
        return True

    async def _advised(self, inquiry: Inquiry) -> Advice | None:
        try:
            await self._wait_for_training()
            return await self._adviser.advise(inquiry.words or "")
        except TimeoutError:
            log.warning("a question was handed over: no model is trained yet")
        except Exception as fault:  # noqa: BLE001 - whatever ails the engine, the person gets a way on
            log.error("a question was handed over: %s", type(fault).__name__)  # noqa: TRY400 - a traceback may hold its words
        return None

    async def _wait_for_training(self) -> None:
        if not self._trained.is_set():
            self._waits_until = self._waits_until or asyncio.get_running_loop().time() + PATIENCE_S
            async with asyncio.timeout_at(self._waits_until):
                await self._trained.wait()

    async def _publishing(self) -> None:
        while True:
            await self.publish()
            await asyncio.sleep(self._look_s)

    async def publish(self) -> bool:
        """Trains where the catalogue is not the one that the model is of; the model in use answers meanwhile."""
        revision = await self._store.transact(lambda tx: tx.catalogue.revision())
        wanted = advice.model_of(revision, await asyncio.to_thread(self._corpus))
        if not revision or wanted == self._published:
            return False
        kept = await self._store.transact(lambda tx: tx.facts.get(advice.MODEL_OF))
        if (kept == wanted or not self._trained.is_set()) and await self._answers():
            self._trained.set()
            if kept == wanted:
                self._published = wanted
                return False
        catalogue = await self._store.transact(lambda tx: tx.catalogue.catalogue())
        try:
            await self._adviser.publish(catalogue)
        except Exception as fault:  # noqa: BLE001 - the model in use goes on answering, and the next look tries again
            log.error("training failed: %s", type(fault).__name__)  # noqa: TRY400 - as above
            self._trained.set()
            self._look_s = min(LONGEST_PAUSE_S, 2 * self._look_s)
            return False
        self._look_s = LOOK_S
        await self._store.transact(lambda tx: tx.facts.set(advice.MODEL_OF, wanted))
        self._published = wanted
        self._trained.set()
        log.info("the advice is trained for the catalogue %s", revision)
        return True

    async def _rehearsing(self) -> None:
        while True:
            while await self.rehearse():
                self._queued()
            await asyncio.sleep(REHEARSE_S)

    async def rehearse(self) -> bool:
        """Tries the oldest proposal on the test questions; false where there is none."""
        proposal = await self._store.transact(lambda tx: tx.teaching.next_new())
        if proposal is None:
            return False
        tests, catalogue = await self._store.transact(lambda tx: (tx.teaching.tests(), tx.catalogue.catalogue()))
        replay = await self._replay(changed(catalogue, proposal.change), tests)
        try:
            await self._store.transact(lambda tx: teaching.report(tx, proposal, replay, self._clock()))
        except Exception as fault:  # noqa: BLE001 - one proposal's fault must not stop the answers
            log.error("a change could not be told of: %s", type(fault).__name__)  # noqa: TRY400 - as above
            await self._store.transact(lambda tx: tx.teaching.settle(proposal.id, ProposalState.LEFT))
        return True

    async def _replay(self, catalogue: Catalogue, tests: Sequence[TestQuestion]) -> Replay | None:
        if not tests:
            return compare((), (), ())
        words = [test.words for test in tests]
        try:
            before = [await self._adviser.advise(one) for one in words]
            return compare(tests, before, await self._adviser.rehearse(catalogue, words))
        except Exception as fault:  # noqa: BLE001 - the official is told that it could not be tried
            log.error("a change could not be tried: %s", type(fault).__name__)  # noqa: TRY400 - as above
            return None

    async def _answers(self) -> bool:
        """Whether a model of an earlier start is there and can be used."""
        try:
            await self._adviser.advise("?")
        except Exception:  # noqa: BLE001 - whatever ails it, training makes a new one
            return False
        return True


def _settle(tx: SqlTransaction, inquiry: Inquiry, found: Advice | None, now: datetime) -> None:
    """Only what is still unanswered: a second process of this service would find it settled."""
    fresh = tx.inquiries.get(inquiry.id)
    if fresh is not None and fresh.state == inquiry.state:
        advice.answer(tx, fresh, found, now)
