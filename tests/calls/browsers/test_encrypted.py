"""Encrypted calls: every frame by its sender's own key. The engine forwards what it can't read.

What the engine holds of a call is what a participant without a key gets: he is let in by a valid token, everything
is forwarded to him, and he can make nothing of it.
"""

import secrets
from collections.abc import Collection

import pytest

from bot.domain.conference import media_room
from bot.domain.ids import RoomId
from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import CITIZEN, GUEST, INTERPRETER, OFFICIAL, ROLES, Conference, conference
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.observed import Observation, Picture, Sound, meets
from tests.calls.browsers.participant import Participant
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import Town
from tests.calls.browsers.widget import element_call

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MEETING = 40.0


async def gets_much_and_reads_nothing(listener: Participant, senders: Collection[int]) -> None:
    """For three seconds packets of every sender arrive, and of none of them a picture is seen or a tone heard."""

    before = await listener.until(lambda now: _flow(now, 2 * len(senders)), within=MEETING)
    after = await listener.stays(lambda now: not (now.seen | now.heard) & set(senders), seconds=3)
    then = {one.track: one.packets for one in _tracks(before)}
    for one in _tracks(after):
        assert one.packets > then[one.track], one


def _flow(now: Observation, tracks: int) -> bool:
    return len(_tracks(now)) == tracks and all(one.packets for one in _tracks(now))


def _tracks(now: Observation) -> tuple[Picture | Sound, ...]:
    return (*now.pictures, *now.sounds)


async def test_three_with_keys_meet_and_a_fourth_without_gets_nothing_but_noise(held: Conference) -> None:
    three = (OFFICIAL, CITIZEN, GUEST)
    keys = {ROLES[number]: secrets.token_urlsafe(16) for number in three}
    for number in three:
        await held.enter(number, keys=keys)
    for one in held.present:
        await one.until(meets(set(three) - {one.number}), within=MEETING)
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
