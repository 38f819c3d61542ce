"""A door for tests of the join page: one open link, and whoever stands at it is let in when the test says so.

A fake of `bot.actions.conference_door` written by hand, so that the page can be tried without a homeserver.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.actions.conference_door import Door, DoorState, Entrance, InUse, Let, Turned, Waiting
from bot.domain.conference import Role, guest_identity
from bot.domain.language import Language, Text
from bot.text.join_words import CLOSED, UNKNOWN
from bot.web.edge import Edge, add_pages, application, listening
from bot.web.front import Front
from bot.web.join import Entry, add_join
from bot.web.join_files import JoinFiles
from bot.web.media_tokens import MediaTokens
from tests.support.ports import free_port

TITLE = Text(fi="Rakennusluvat", sv="Bygglov", en="Building permits")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Link:
    """One link, who came by it (`entered`: visitor, name, language), and whether they are let in."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    state: DoorState = DoorState.OPEN
    language: Language = Language.FI
    room: str = "room"
    let_in: bool = False
    until: datetime = field(default_factory=lambda: now() + timedelta(hours=1))
    holder: str | None = None
    name: str = ""
    entered: list[tuple[str, str, Language]] = field(default_factory=list)
    left: int = 0
    hands: int = 0
    has_word: bool | None = None
    refused: Text | None = None
    identity: int = field(default_factory=lambda: secrets.randbelow(10**9))


@dataclass
class Desk:
    """Fulfils `bot.web.join.Doorkeeper`."""

    links: dict[str, Link] = field(default_factory=dict)

    def add(self, link: Link) -> Link:
        self.links[sha256(link.token.encode()).hexdigest()] = link
        return link

    async def look(self, digest: str) -> Door | None:
        link = self.links.get(digest)
        if link is None:
            return None
        return Door(TITLE, "ti 24.11. klo 15.00", Role.GUEST, link.state, link.language, link.name)

    async def enter(self, digest: str, *, visitor: str, name: str, language: Language, take_over: bool) -> Entrance:
        link = self.links.get(digest)
        if link is None:
            return Turned(UNKNOWN)
        if link.holder not in {None, visitor} and not take_over:
            return InUse()
        link.holder = visitor
        link.name = name
        link.entered.append((visitor, name, language))
        return await self.status(digest, visitor=visitor)

    async def status(self, digest: str, *, visitor: str) -> Entrance:
        link = self.links.get(digest)
        if link is None or link.state is DoorState.CLOSED:
            return Turned(CLOSED)
        if link.refused is not None:
            return Turned(link.refused)
        if link.holder != visitor:
            return InUse()
        if not link.let_in:
            return Waiting()
        identity = guest_identity(link.identity, "localhost")
        return Let(link.room, identity, link.name, Role.GUEST, link.until, link.has_word)

    async def leave(self, digest: str, *, visitor: str) -> None:
        link = self.links.get(digest)
        if link is not None and link.holder == visitor:
            link.holder = None
            link.left += 1

    async def hand(self, digest: str, *, visitor: str) -> None:
        link = self.links.get(digest)
        if link is not None and link.holder == visitor:
            link.hands += 1


@dataclass
class Served:
    """The page, its door, and the clock that limits go by."""

    desk: Desk
    url: str
    now: datetime = field(default_factory=now)

    def address(self, link: Link) -> str:
        return f"{self.url}/k/{link.token}"


@asynccontextmanager
async def serving(
    files: JoinFiles | None, tokens: MediaTokens, media_url: str, public: str | None = None
) -> AsyncIterator[Served]:
    """`public` is the address before a proxy of the operator's own; none: there is no proxy."""
    port = free_port()
    served = Served(Desk(), f"http://localhost:{port}")
    front = Front(Text.same("Ähtäri"), served.url, "@palvelu:localhost")
    edge = Edge(front=front, homeserver="http://127.0.0.1:1", readiness=dict)
    app = application(edge)
    add_join(app, Entry(served.desk, tokens, media_url, public or served.url, files, lambda: served.now))
    add_pages(app, edge)
    async with listening(app, port):
        yield served
