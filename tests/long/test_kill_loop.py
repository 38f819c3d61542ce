"""The service is killed again and again at random moments while people book, and nothing is lost or doubled.

`EAHTARI_KILLS` is how often. The moments differ from run to run.
"""

import asyncio
import os
import random
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.matrix.outbox import MARK, transaction_id
from bot.matrix.person import Person
from bot.supervision.errors import ChildFailedError
from tests.support.service import SERVICE, Service, answers, marks, running_service

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

KILLS = int(os.environ.get("EAHTARI_KILLS", "200"))
SHORTEST_LIFE = 0.2
LIVES_IN_STARTS = 4
"""A life lasts at most this many times as long as an undisturbed start."""
SERVICES = ("rakennuslupa", "maankaytto", "tekninen-asiakaspalvelu", "kirjasto")
"""All of them plain: what was said in their rooms can be counted without keys."""
KEPT = 2
"""Appointments that a person keeps; later ones are cancelled, since three may be open."""
PATIENCE = 120.0
NUMBER = "Varausnumero: "
_BOOKED = "SELECT number, state FROM appointment WHERE citizen = ? AND state != 'lapsed'"


@dataclass
class Life:
    """A person who books and cancels until told to stop, and remembers what was sent and confirmed."""

    person: Person
    service: str
    chat: str = ""
    sent: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)

    async def live(self, over: asyncio.Event) -> None:
        self.chat = await self.person.chat_with(SERVICE)
        await self.person.hear(self.chat, limit=PATIENCE)
        while not over.is_set():
            number = await self._book()
            if len(self.kept) < KEPT:
                self.kept.add(number)
            else:
                assert number in await self._say(f"!peru {number}")
                self.cancelled.add(number)

    async def _book(self) -> str:
        await self._say(f"!ajat {self.service} ensi viikolla")
        answer = await self._say("1")
        while NUMBER not in answer:  # it was held and is now confirmed, or somebody else was faster
            answer = await self._say("1")
        return answer.split(NUMBER)[1].split()[0]

    async def _say(self, words: str) -> str:
        event = await self.person.say(self.chat, words)
        self.sent.append(event)
        mark = transaction_id(event)
        return (await self.person.hear(self.chat, lambda content: content.get(MARK) == mark, PATIENCE)).body


@pytest.mark.timeout(3600)
async def test_nothing_is_lost_or_doubled_however_often_it_is_killed(tmp_path: Path) -> None:
    async with running_service(tmp_path / "state") as service, AsyncExitStack() as stack:
        units = await service.rooms_made()
        people = [await stack.enter_async_context(await service.person()) for _ in SERVICES]
        lives = [Life(person, name) for person, name in zip(people, SERVICES, strict=True)]
        over = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for life in lives:
                tasks.create_task(life.live(over))
            await _kill_often(service)
            over.set()
        await service.settled()
        made = {room for (room,) in service.rows("SELECT room_id FROM room WHERE kind = 'appointment'")}
        assert await service.rooms_made() - units == made
        assert len(made) == sum(len(life.kept | life.cancelled) for life in lives) > 0
        for life in lives:
            await _check(service, life)


async def _kill_often(service: Service) -> None:
    await service.stop()
    longest = LIVES_IN_STARTS * await service.start()
    service.kill()
    await service.ended()
    for _ in range(KILLS - 1):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_start(service))
            await asyncio.sleep(random.uniform(SHORTEST_LIFE, longest))  # noqa: S311 - the moments need no secrecy
            service.kill()
        await service.ended()
    await service.start()


async def _start(service: Service) -> None:
    with suppress(ChildFailedError):
        await service.start()


async def _check(service: Service, life: Life) -> None:
    stored = dict(service.rows(_BOOKED, life.person.user_id))
    wanted = dict.fromkeys(life.kept, "booked") | dict.fromkeys(life.cancelled, "cancelled")
    assert stored == wanted
    assert await answers(life.person, life.chat, *life.sent) == [1] * len(life.sent)
    await life.person._sync(0)
    rooms = set(life.person.invited)
    assert len(rooms) == len(wanted)
    for room in rooms:
        await life.person.join(room)
        assert set((await marks(life.person, room)).values()) == {1}
