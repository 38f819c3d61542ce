"""Service and echo bot asked in turns: one after another, under load, and booking.

Sets both up beside one homeserver with the same clients. Leaves what is made of the figures to
`benchmarks.commands`.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

import psutil

from benchmarks.stack import cpu_seconds, echo_bot, service
from benchmarks.town import free_starts
from bot.config.state import StateFolder
from bot.domain.ids import ServiceId
from bot.matrix.person import Person
from bot.storage.database import Database
from tests.support.homeserver import TrialHomeserver

SERVICE = ServiceId("rakennuslupa")
ASKED = f"!ajat {SERVICE}"
_OFFICIAL = "rakennustarkastaja"
_SETTLED = 60.0
_BEGUN = time.monotonic()


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked: `rounds` of `asked` questions one after another, `turns` of `seconds` of load, for each side.

    `booked` bookings; `starts` of the whole stack.
    """

    clients: int = 20
    rounds: int = 15
    asked: int = 10
    turns: int = 3
    seconds: float = 5.0
    booked: int = 40
    starts: int = 3


@dataclass
class Side:
    """One of the two that are compared: its process, its room with each client, and what was measured."""

    name: str
    pid: int
    rooms: list[str]
    latency: list[float] = field(default_factory=list)
    answered: int = 0
    loaded: float = 0.0
    own_cpu: float = 0.0
    homeserver_cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Bench:
    """What runs while commands are measured."""

    store: Database
    homeserver: TrialHomeserver
    people: list[Person]
    service: Side
    echo: Side


@dataclass(frozen=True, slots=True)
class _CpuTimes:
    """Seconds of CPU so far: all there was, what was used, and what we used of it."""

    all: float
    used: float
    ours: float

    @classmethod
    def now(cls, bench: Bench) -> Self:
        times = psutil.cpu_times()
        pids = (os.getpid(), bench.homeserver.pid, bench.service.pid, bench.echo.pid)
        idle = times.idle + times.iowait
        whole = sum(times) - times.guest - times.guest_nice
        return cls(whole, whole - idle, sum(cpu_seconds(pid) for pid in pids))

    def others_since(self, before: Self) -> float:
        return max(0.0, (self.used - before.used) - (self.ours - before.ours)) / (self.all - before.all)


@asynccontextmanager
async def running(state: StateFolder, port: int, clients: int) -> AsyncIterator[Bench]:
    homeserver = TrialHomeserver(state.root, port=port + 1, public_address=f"http://localhost:{port}")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(homeserver)
        await homeserver.register(_OFFICIAL)
        floor = await homeserver.register("kaiku")
        own = await stack.enter_async_context(service(state, homeserver, port))
        other = await stack.enter_async_context(echo_bot(state, homeserver, floor))
        store = stack.enter_context(Database(state.database))
        tell("homeserver, service and echo bot run; the clients log in")
        people = [await stack.enter_async_context(await _newcomer(homeserver, n)) for n in range(clients)]
        served = await asyncio.gather(*(chat(person, f"@palvelu:{homeserver.server_name}") for person in people))
        echoed = await asyncio.gather(*(_chat_with_echo(person, floor.user_id) for person in people))
        tell("the clients have their rooms")
        await settled(store)
        tell("the service's own rooms are made")
        yield Bench(store, homeserver, people, Side("service", own, served), Side("echo", other, echoed))


async def _newcomer(homeserver: TrialHomeserver, number: int) -> Person:
    account = await homeserver.register(f"mittaaja{number}")
    return Person(homeserver.url, f"mittaaja{number}", account.password)


async def chat(person: Person, user: str) -> str:
    """A room with the service; its greeting is heard, so that it is not taken for an answer."""
    room = await person.chat_with(user)
    await person.hear(room, limit=60)
    return room


async def _chat_with_echo(person: Person, user: str) -> str:
    """The echo bot greets nobody: it is there when it answers."""
    room = await person.chat_with(user)
    async with asyncio.timeout(_SETTLED):
        while user not in await person.members(room):  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.1)
    await person.ask(room, ASKED, limit=60)
    return room


async def settled(store: Database) -> None:
    """Until all that the service has to send is sent, so that one measurement does not carry another's work."""
    async with asyncio.timeout(_SETTLED):
        while await store.transact(lambda tx: tx.outbox.waiting()):  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.05)


async def compare(bench: Bench, size: Size) -> float:
    """Measures both; returns the share of the machine's CPU time that others took meanwhile."""
    before = _CpuTimes.now(bench)
    await in_turns(bench, size)
    tell("both were asked one by one")
    for _ in range(size.turns):
        for side in (bench.echo, bench.service):
            await _sustained(bench, side, size.seconds)
    tell("both were asked by all at once")
    return _CpuTimes.now(bench).others_since(before)


async def in_turns(bench: Bench, size: Size) -> None:
    """One question after another; the first five of each side do not count."""
    for side in (bench.echo, bench.service):
        await _one_by_one(bench, side, 5)
        side.latency.clear()
    for _ in range(size.rounds):
        for side in (bench.echo, bench.service):
            await _one_by_one(bench, side, size.asked)


async def _one_by_one(bench: Bench, side: Side, number: int) -> None:
    for index in range(number):
        who = index % len(bench.people)
        begun = time.perf_counter()
        await bench.people[who].ask(side.rooms[who], ASKED)
        side.latency.append(time.perf_counter() - begun)


async def _sustained(bench: Bench, side: Side, seconds: float) -> None:
    """All clients at once, each asking again as soon as it was answered. CPU is taken over the same span."""
    own, theirs, begun = cpu_seconds(side.pid), cpu_seconds(bench.homeserver.pid), time.perf_counter()
    end = begun + seconds
    pairs = zip(bench.people, side.rooms, strict=True)
    side.answered += sum(await asyncio.gather(*(_until(person, room, end) for person, room in pairs)))
    side.loaded += time.perf_counter() - begun
    side.own_cpu += cpu_seconds(side.pid) - own
    side.homeserver_cpu += cpu_seconds(bench.homeserver.pid) - theirs


async def _until(person: Person, room: str, end: float) -> int:
    answered = 0
    while time.perf_counter() < end:
        await person.ask(room, ASKED)
        answered += 1
    return answered


async def book(bench: Bench, number: int) -> list[float]:
    """Seconds to the confirmation, which is sent after the commit; the rooms of one are made before the next."""
    starts = await free_starts(bench.store, SERVICE, number)
    if len(starts) < number:
        raise RuntimeError(f"only {len(starts)} free times of {SERVICE} are left to book")
    taken = list[float]()
    for index, start in enumerate(starts):
        who = index % len(bench.people)
        begun = time.perf_counter()
        answer = await bench.people[who].ask(bench.service.rooms[who], f"!varaa {SERVICE} {start}")
        taken.append(time.perf_counter() - begun)
        if "Varausnumero" not in answer.body:
            raise RuntimeError("a booking was refused")
        await settled(bench.store)
    return taken


def tell(words: str) -> None:
    """Progress, beside the report."""
    print(f"[{time.monotonic() - _BEGUN:5.1f} s] {words}", file=sys.stderr, flush=True)
