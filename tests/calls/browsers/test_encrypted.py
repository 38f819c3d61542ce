"""Encrypted calls: every frame by its sender's own key. The engine forwards what it can't read.

What the engine holds of a call is what a participant without a key gets: he is let in by a valid token, everything
is forwarded to him, and he can make nothing of it.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pytest

from bot.domain.conference import media_room
from bot.domain.ids import RoomId
from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import (
    CITIZEN,
    GUEST,
    INTERPRETER,
    OFFICIAL,
    RELATIVE,
    ROLES,
    Conference,
    Tile,
    conference,
)
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.member import Member, member
from tests.calls.browsers.observed import Observation, Picture, Sound, meets, told
from tests.calls.browsers.participant import Camera, Participant, Watched
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import Town
from tests.calls.browsers.widget import ElementCall, element_call
from tests.support.homeserver import Registered

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MEETING = 40.0
CROWD = 120.0
"""Five encoders, and ten pictures decoded for each of six: two cores have their work with it."""
SMALL = Camera(320, 180, 8)
GOES_ON = 3
"""Different counts of a picture's counter."""
MANY = 10
"""Packets of one track, more than one frame of a small picture takes."""
LISTENER = 5
"""Of no role: a valid token, and no key."""


@dataclass(frozen=True, slots=True)
class Legible:
    """Whose pictures could be read for a while, and whose tones were heard at any moment of it."""

    pictures: frozenset[int]
    tones: frozenset[int]


async def legible(watched: Watched, *, seconds: float = 3.0, enough: Legible | None = None) -> Legible:
    """What is read in so many seconds, or as soon as it is enough.

    A decoder makes a frame or two of noise as well, and their colour may be near somebody's. A picture is read when
    the counter in it goes on.
    """
    counts: dict[int, set[int]] = defaultdict(set)
    tones: set[int] = set()
    end = time.monotonic() + seconds
    while True:
        now = await watched.observe()
        for one in now.pictures:
            if one.whose is not None and not one.screen:
                counts[one.whose].add(one.count)
        tones |= now.heard
        read = Legible(frozenset(whose for whose, seen in counts.items() if len(seen) >= GOES_ON), frozenset(tones))
        if read == enough or time.monotonic() > end:
            return read
        await asyncio.sleep(0.2)


async def reads_all(watched: Watched, present: Collection[int]) -> None:
    """The pictures of all the others go on, and their tones are heard."""
    others = frozenset(present) - {watched.number}
    expected = Legible(others, others)
    read = await legible(watched, seconds=CROWD, enough=expected)
    assert read == expected, f"participant {watched.number}: {told(await watched.observe())}"


async def gets_much_and_reads_nothing(listener: Participant, senders: Collection[int]) -> None:
    """Packets of every sender arrive, and go on arriving, and of none a picture is read or a tone heard meanwhile."""
    before = await listener.until(lambda now: _flow(now, 2 * len(senders)), within=CROWD)
    assert await legible(listener) == Legible(frozenset(), frozenset())
    then = {one.track: one.packets for one in _tracks(before)}
    goes_on = await listener.until(
        lambda now: all(one.packets >= then[one.track] + MANY for one in _tracks(now)), within=MEETING
    )
    assert {one.track for one in _tracks(goes_on)} == set(then)


def _flow(now: Observation, tracks: int) -> bool:
    return len(_tracks(now)) == tracks and all(one.packets >= MANY for one in _tracks(now))


def _tracks(now: Observation) -> tuple[Picture | Sound, ...]:
    return (*now.pictures, *now.sounds)


async def test_three_with_keys_meet_and_a_fourth_without_gets_nothing_but_noise(held: Conference) -> None:
    three = (OFFICIAL, CITIZEN, GUEST)
    keys = {ROLES[number]: secrets.token_urlsafe(16) for number in three}
    for number in three:
        await held.enter(number, keys=keys)
    for one in held.present:
        await one.until(meets(set(three) - {one.number}), within=MEETING)
        await reads_all(one, three)
    keyless = await held.enter(INTERPRETER, sound=False, picture=False)
    await gets_much_and_reads_nothing(keyless, three)


@pytest.mark.long
async def test_widgets_in_an_encrypted_room_meet_and_who_has_no_key_gets_nothing_but_noise(
    municipality: Town, server: MediaServer, pages: Site, browser: Browser
) -> None:
    numbers = (OFFICIAL, CITIZEN)
    people = [await municipality.homeserver.register(f"salattu-{ROLES[number]}") for number in numbers]
    room_id = await municipality.room(people, encrypted=True)
    widgets = [
        await element_call(browser, pages, municipality, person, room_id=room_id, number=number, encrypted=True)
        for number, person in zip(numbers, people, strict=True)
    ]
    async with conference(server, pages, browser) as held:
        held.room = str(media_room(RoomId(room_id)))
        for widget, other in zip(widgets, reversed(numbers), strict=True):
            await widget.until(meets({other}), within=MEETING)
        keyless = await held.enter(INTERPRETER, sound=False, picture=False)
        await gets_much_and_reads_nothing(keyless, numbers)
    for widget in widgets:
        await widget.close()


@dataclass(frozen=True, slots=True)
class Together:
    """Five in an encrypted room's call, by number."""

    widgets: Mapping[int, ElementCall]
    members: Mapping[int, Member]

    @property
    def everybody(self) -> tuple[Watched, ...]:
        return *self.widgets.values(), *self.members.values()


async def together(
    town: Town, pages: Site, browser: Browser, people: Mapping[int, Registered], room_id: str
) -> Together:
    place = (browser, pages, town)
    widgets = {
        number: await element_call(*place, people[number], room_id=room_id, number=number, encrypted=True, camera=SMALL)
        for number in (OFFICIAL, CITIZEN)
    }
    members = {
        number: await member(*place, people[number], room_id=room_id, number=number, camera=SMALL)
        for number in (GUEST, INTERPRETER, RELATIVE)
    }
    return Together(widgets, members)


async def keys_are_each_ones_own(one: Member, people: Collection[Registered]) -> None:
    """This member has keys of everybody, and no two people have one in common."""
    rings = await one.keys()
    assert {identity.rpartition(":")[0] for identity in rings} == {person.user_id for person in people}
    keys = [key for ring in rings.values() for key in set(ring.values())]
    assert len(keys) == len(set(keys))


@pytest.mark.long
async def test_two_widgets_and_three_browsers_meet_with_keys_and_a_sixth_without_gets_nothing_but_noise(
    municipality: Town, server: MediaServer, pages: Site, browser: Browser
) -> None:
    people = {n: await municipality.homeserver.register(f"yhdessa-{ROLES[n]}") for n in range(len(ROLES))}
    room_id = await municipality.room(list(people.values()), encrypted=True)
    call = await together(municipality, pages, browser, people, room_id)
    for one in call.everybody:
        await one.until(meets(set(people) - {one.number}), within=CROWD)
        await reads_all(one, people)
    for one in call.members.values():
        await keys_are_each_ones_own(one, people.values())
    async with conference(server, pages, browser) as held:
        held.room = str(media_room(RoomId(room_id)))
        keyless = await held.enter(LISTENER, identity="keyless", tile=Tile(320, 180), sound=False, picture=False)
        await gets_much_and_reads_nothing(keyless, people)
    for one in call.everybody:
        await one.close()
