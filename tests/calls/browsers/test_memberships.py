"""Who is in a room's call by the room's own state: an entry goes with its client, however that ends."""

import asyncio
import secrets
import time

import pytest

from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import OFFICIAL
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import Town
from tests.calls.browsers.widget import ElementCall, element_call
from tests.support.homeserver import Registered

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]


async def in_the_call(town: Town, room_id: str, person: Registered, *, number: int, within: float) -> float:
    """Seconds until so many are in the room's call by its state. Raises AssertionError."""
    begun = time.monotonic()
    while sum(map(bool, found := await town.members(room_id, person))) != number:
        assert time.monotonic() - begun < within, found
        await asyncio.sleep(0.5)
    return time.monotonic() - begun


async def alone_in_a_call(town: Town, site: Site, browser: Browser) -> tuple[ElementCall, str, Registered]:
    person = await town.homeserver.register(f"virkailija-{secrets.token_hex(3)}")
    room_id = await town.room([person])
    widget = await element_call(browser, site, town, person, room_id=room_id, number=OFFICIAL)
    await widget.until(lambda now: any(layer.packets for layer in now.layers), within=40)
    await in_the_call(town, room_id, person, number=1, within=10)
    return widget, room_id, person


async def test_who_hangs_up_is_out_of_the_rooms_call_at_once(municipality: Town, pages: Site, browser: Browser) -> None:
    widget, room_id, person = await alone_in_a_call(municipality, pages, browser)
    await widget.press("leave")
    await in_the_call(municipality, room_id, person, number=0, within=5)
    await widget.close()


async def test_the_entry_of_a_killed_client_disappears(municipality: Town, pages: Site, browser: Browser) -> None:
    doomed = await browser.driver.launch()
    _, room_id, person = await alone_in_a_call(municipality, pages, doomed)
    await asyncio.sleep(5)
    await doomed.kill()
    await in_the_call(municipality, room_id, person, number=0, within=60)
