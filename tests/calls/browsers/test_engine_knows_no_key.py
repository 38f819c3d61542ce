"""The keys of an encrypted call never come into the engine: its memory is searched for them while the call runs.

The same search finds each of them in the browser that has it, and in the engine what it does know, so that finding
nothing tells something.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.conference import media_room
from bot.domain.ids import RoomId
from tests.calls.browsers.chromium import Browsers
from tests.calls.browsers.conference import CITIZEN, OFFICIAL, ROLES, conference
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.member import member
from tests.calls.browsers.memory import found, found_in_family
from tests.calls.browsers.observed import meets
from tests.calls.browsers.participant import Camera
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import town
from tests.calls.browsers.widget import element_call
from tests.support import call_engine

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MEETING = 60.0
SMALL = Camera(320, 180, 8)


def derived(key: bytes) -> bytes:
    """The AES key with which livekit-client encrypts frames: HKDF over a participant's own key."""
    return HKDF(SHA256(), 16, salt=b"LKFrameEncryptionKey", info=bytes(128)).derive(key)


def forms(whose: str, key: bytes) -> Mapping[str, bytes]:
    """What would betray a key: its bytes, the texts that it may travel in, and what frames are encrypted with."""
    texts = {
        "base64": base64.b64encode(key).rstrip(b"="),
        "base64 for addresses": base64.urlsafe_b64encode(key).rstrip(b"="),
        "hexadecimal": key.hex().encode(),
    }
    return {f"{whose}: {form}": value for form, value in {"bytes": key, "AES": derived(key), **texts}.items()}


def all_forms(keys: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    return {name: value for whose, key in keys for name, value in forms(whose, key).items()}


def known(identities: Iterable[str]) -> dict[str, bytes]:
    """What the engine does know of people."""
    return {f"{identity}: identity": identity.encode() for identity in identities}


async def test_the_engines_memory_holds_no_key_of_a_call_and_the_browsers_does(
    tmp_path: Path, pages: Site, browsers: Browsers
) -> None:
    roles = [ROLES[number] for number in (OFFICIAL, CITIZEN)]
    keys = {role: secrets.token_urlsafe(16) for role in roles}
    needles = all_forms((role, key.encode()) for role, key in keys.items())
    names = {role: f"{role}-{secrets.token_hex(8)}" for role in roles}
    browser = await browsers.launch()
    async with call_engine.engine(tmp_path) as engine:
        server = MediaServer(engine.url, engine.key, engine.secret, socket=engine.socket)
        by_identity = {names[role]: key for role, key in keys.items()}
        async with conference(server, pages, browser) as held:
            for number in (OFFICIAL, CITIZEN):
                await held.enter(number, identity=names[ROLES[number]], keys=by_identity, camera=SMALL)
            for one in held.present:
                await one.until(meets({OFFICIAL, CITIZEN} - {one.number}), within=MEETING)
            markers = known(names.values())
            assert found(engine.pid, needles | markers) == set(markers)
            in_use = {name for name in needles if name.endswith((": bytes", ": AES"))}
            assert found_in_family(browser.pid, {name: needles[name] for name in in_use}) == in_use
        assert not found(engine.pid, needles)
    await browser.quit()


@pytest.mark.long
async def test_the_keys_of_element_call_are_not_in_the_engines_memory(
    tmp_path: Path, pages: Site, browsers: Browsers
) -> None:
    browser = await browsers.launch()
    async with call_engine.engine(tmp_path) as engine:
        server = MediaServer(engine.url, engine.key, engine.secret, socket=engine.socket)
        async with town(tmp_path, server) as municipality:
            people = [await municipality.homeserver.register(f"avain-{ROLES[n]}") for n in (OFFICIAL, CITIZEN)]
            room_id = await municipality.room(people, encrypted=True)
            place = (browser, pages, municipality)
            widget = await element_call(
                *place, people[0], room_id=room_id, number=OFFICIAL, encrypted=True, camera=SMALL
            )
            client = await member(*place, people[1], room_id=room_id, number=CITIZEN, camera=SMALL)
            await widget.until(meets({CITIZEN}), within=MEETING)
            await client.until(meets({OFFICIAL}), within=MEETING)
            keys = [
                (f"{identity} {index}", base64.b64decode(key))
                for identity, ring in (await client.keys()).items()
                for index, key in ring.items()
            ]
            assert {name.rpartition(":")[0] for name, _ in keys} == {person.user_id for person in people}
            markers = known([str(media_room(RoomId(room_id))), *(person.user_id for person in people)])
            needles = all_forms(keys)
            assert found(engine.pid, needles | markers) == set(markers)
            in_use = {name: value for name, value in needles.items() if name.endswith((": bytes", ": AES", ": base64"))}
            assert found_in_family(browser.pid, in_use) == set(in_use)
    await browser.quit()
