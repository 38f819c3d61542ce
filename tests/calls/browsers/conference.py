"""A conference of the tests: a room at a media server, and people who come in by their browsers.

Nobody is named but by role; the number that goes with it decides colour and tone.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.participant import Camera, Participant
from tests.calls.browsers.site import Site
from tests.support.signalling_relay import SignallingRelay

OFFICIAL, CITIZEN, GUEST, INTERPRETER, RELATIVE = range(5)
ROLES = ("official", "citizen", "guest", "interpreter", "relative")


@dataclass(frozen=True, slots=True)
class Tile:
    """How large a participant shows each of the others, in pixels. Nine of the usual ones fit into a window."""

    width: int = 400
    height: int = 225


LARGE = Tile(1280, 720)
"""One picture of 720p, and nothing beside it."""
WINDOW = (1280, 720)


@dataclass
class Conference:
    """`enter` lets somebody in; whoever is still there when the conference ends has his page closed."""

    server: MediaServer
    site: Site
    browser: Browser
    room: str = field(default_factory=lambda: f"room-{secrets.token_hex(4)}")
    present: list[Participant] = field(default_factory=list)

    async def enter(
        self,
        number: int,
        *,
        browser: Browser | None = None,
        line: SignallingRelay | None = None,
        camera: Camera | None = None,
        tile: Tile | None = None,
        keys: Mapping[str, str] | None = None,
        identity: str = "",
        sound: bool = True,
        picture: bool = True,
    ) -> Participant:
        """A participant who has joined, with microphone and camera on unless told otherwise.

        `line` is his way to the server (None: the straight one), `keys` are secrets by identity, `identity` is that
        of his role unless given.
        """
        who = {"number": number, "camera": _json(camera or Camera()), "tile": _json(tile or Tile()), "keys": keys}
        page = await (browser or self.browser).open(
            self.site.participant, script=script(self.site, who), width=WINDOW[0], height=WINDOW[1]
        )
        participant = Participant(number, identity or ROLES[number], page)
        self.present.append(participant)
        url = line.url if line is not None else self.server.url
        await participant.join(url, self.server.token(self.room, participant.identity))
        if sound:
            await participant.microphone(on=True)
        if picture:
            await participant.camera(on=True)
        return participant

    async def end(self) -> None:
        await asyncio.gather(*(participant.close() for participant in self.present), return_exceptions=True)


@asynccontextmanager
async def conference(server: MediaServer, site: Site, browser: Browser) -> AsyncIterator[Conference]:
    """A room of its own."""
    held = Conference(server, site, browser)
    try:
        yield held
    finally:
        await held.end()


def script(site: Site, who: Mapping[str, Any]) -> str:
    """What a page of a participant starts with."""
    return f"window.who = {json.dumps(who)};\n{site.senses}"


def _json(values: Camera | Tile) -> dict[str, int]:
    return {name: getattr(values, name) for name in values.__slots__}
