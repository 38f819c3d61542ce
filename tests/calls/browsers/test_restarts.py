"""The engine dies, or is replaced in order, in the middle of a meeting: everybody is back without doing anything."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import CITIZEN, GUEST, OFFICIAL, Conference, conference
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.observed import meets
from tests.calls.browsers.site import Site
from tests.support import call_engine

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def all_meet(held: Conference, *, within: float) -> None:
    everybody = {one.number for one in held.present}
    await asyncio.gather(*(one.until(meets(everybody - {one.number}), within=within) for one in held.present))


@pytest.mark.parametrize(("orderly", "within"), [(False, 10.0), (True, 2.0)], ids=["killed", "replaced"])
async def test_after_the_engine_everybody_is_back(
    tmp_path: Path, pages: Site, browser: Browser, *, orderly: bool, within: float
) -> None:
    async with call_engine.engine(tmp_path) as running:
        server = MediaServer(running.url, running.key, running.secret, socket=running.socket)
        async with conference(server, pages, browser) as held:
            for number in (OFFICIAL, CITIZEN, GUEST):
                await held.enter(number)
            await all_meet(held, within=15)
            if not orderly:
                running.process.kill()
            begun = time.monotonic()
            await running.restart()
            started = time.monotonic() - begun
            await all_meet(held, within=within + started)
            for one in held.present:
                assert "Reconnected" in {event["name"] for event in (await one.observe()).rest["events"]}
