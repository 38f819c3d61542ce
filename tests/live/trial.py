"""A town on trial: the real homeserver, the real service process with its own limits on, and people who come to it.

Everything that people say or do is remembered, so that the last test can look for it in the log.
"""

import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from bot.matrix.http import V3, call, segment
from bot.matrix.person import Heard, Person, Predicate
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from tests.support.homeserver import Registered, TrialHomeserver
from tests.support.ports import free_port

CONFIG = Path(__file__).parents[2] / "examples" / "ahtari.toml"
OFFICIAL = "rakennustarkastaja"
_DAYS = ("maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina")
_TIMES = ("9", "9.30", "10", "10.30", "11", "11.30", "13", "13.30", "14", "14.30")
_NUMBER = re.compile(r"(?:Varausnumero|Bokningsnummer|Booking number): (\w{6})")
_SHORTEST = 5
"""Characters of a message that could not stand in a log line by chance."""


class Resident(Person):
    """A person whose words, ids and booking numbers are kept."""

    def __init__(self, address: str, account: Registered, traces: set[str]) -> None:
        super().__init__(address, account.user_id[1:].partition(":")[0], account.password)
        self._traces = traces
        traces.add(account.user_id)

    async def open_room(self, guest: str) -> str:
        """A room that is not said to be direct, with one guest invited."""
        body = {"preset": "private_chat", "invite": [guest]}
        return str((await call(self._client, "POST", f"{V3}/createRoom", body))["room_id"])

    async def name_of(self, room_id: str) -> str:
        path = f"{V3}/rooms/{segment(room_id)}/state/m.room.name"
        return str((await call(self._client, "GET", path))["name"])

    async def until_news(self) -> None:
        """Returns when anything happened in the person's rooms, or after a second."""
        await self._sync(1000)

    async def bodies(self, room_id: str, sender: str) -> list[str]:
        """All that somebody said in a room, newest first; a sync leaves out what a full room gets at once."""
        path = f"{V3}/rooms/{segment(room_id)}/messages?dir=b&limit=1000"
        chunk = (await call(self._client, "GET", path))["chunk"]
        said = [e["content"] for e in chunk if e["type"] == "m.room.message" and e["sender"] == sender]
        return [str(content["body"]) for content in said]

    async def send(self, room_id: str, content: Mapping[str, Any], kind: str = "m.room.message") -> str:
        event = await super().send(room_id, content, kind)
        body = content.get("body")
        self._traces |= {event, room_id}
        if isinstance(body, str) and len(body) >= _SHORTEST:
            self._traces.add(body)
        return event

    async def hear(self, room_id: str, suits: Predicate | str = "", limit: float = 20.0) -> Heard:
        heard = await super().hear(room_id, suits, limit)
        self._traces |= {heard.event_id, heard.room_id, *_NUMBER.findall(heard.body)}
        return heard


@dataclass
class Trial:
    """Where everything is. `address` is the service's web edge, through which people come."""

    homeserver: TrialHomeserver
    address: str
    log: Path
    traces: set[str] = field(default_factory=set)
    _whens: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._whens = _whens()

    @property
    def service(self) -> str:
        return f"@palvelu:{self.homeserver.server_name}"

    def when(self) -> str:
        """A time in Finnish words at which the building inspector is free, never given twice."""
        return next(self._whens)

    async def account(self) -> Registered:
        """A new account; there is no other like it."""
        return await self.homeserver.register(f"asukas-{secrets.token_hex(4)}")

    @asynccontextmanager
    async def resident(self) -> AsyncIterator[tuple[Resident, str]]:
        """A new person in a direct chat with the service, already greeted; and the chat's room."""
        async with self.newcomer() as person:
            room = await person.chat_with(self.service)
            await person.hear(room)
            yield person, room

    @asynccontextmanager
    async def newcomer(self) -> AsyncIterator[Resident]:
        """A new person who has not written yet."""
        async with Resident(self.address, await self.account(), self.traces) as person:
            yield person


@asynccontextmanager
async def trial(folder: Path) -> AsyncIterator[tuple[Trial, Registered]]:
    """The running town, and the account of its building inspector."""
    async with AsyncExitStack() as stack:
        homeserver = await stack.enter_async_context(TrialHomeserver(folder))
        official = await homeserver.register(OFFICIAL)
        port = free_port()
        address, log = f"http://127.0.0.1:{port}", homeserver.state.log / "service.log"
        process = Process(_service(homeserver, port, log))
        await process.start()
        stack.push_async_callback(process.stop)
        yield Trial(homeserver, address, log), official


def _service(homeserver: TrialHomeserver, port: int, log: Path) -> Child:
    command = [sys.executable, "-m", "bot", "serve", "--config", str(CONFIG), "--state", str(homeserver.state.root)]
    command += ["--port", str(port), "--homeserver", homeserver.url]
    address = f"http://127.0.0.1:{port}/healthz"
    return Child(name="the service", command=tuple(command), ready=lambda: answers_ok(address), output=log)


def _whens() -> Iterator[str]:
    """The last of the coming days first: the nearest times are left to those who take the first free one."""
    today = datetime.now(ZoneInfo("Europe/Helsinki")).date()
    for day in (today + timedelta(days=ahead) for ahead in range(6, 1, -1)):
        if _is_open(day):
            yield from (f"{_DAYS[day.weekday()]} klo {time}" for time in _TIMES)


def _is_open(day: date) -> bool:
    eves = {(12, 24)}
    return (
        day.weekday() < len(_DAYS) and day not in holidays.country_holidays("FI") and (day.month, day.day) not in eves
    )
