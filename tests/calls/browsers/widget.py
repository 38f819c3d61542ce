"""Element Call as a widget, for an account of a real homeserver, in a host made of matrix-js-sdk.

Its camera and microphone are those of every participant here, so what it sends and gets is told by the same senses.
"""

import asyncio
import time

from tests.calls.browsers.chromium import Browser, Page
from tests.calls.browsers.conference import WINDOW, Tile, script
from tests.calls.browsers.observed import Observation, observation
from tests.calls.browsers.participant import Camera, Watched
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import Town
from tests.support.homeserver import Registered

_FRAME = "/element-call/"


class ElementCall(Watched):
    """One widget in a call; `host` is the page around it."""

    async def observe(self) -> Observation:
        return observation(await self.page.within(_FRAME).run("() => window.senses.measure()"))

    async def press(self, button: str) -> None:
        """A button of the call by its test id, without `incall_`."""
        await self.page.within(_FRAME).click(f"[data-testid=incall_{button}]")

    async def text(self) -> str:
        """What the widget shows in words."""
        return str(await self.page.within(_FRAME).run("() => document.body.innerText"))

    async def events(self) -> list[str]:
        """What passed between widget and host."""
        return list(await self.page.run("() => window.events"))

    async def raise_hand(self) -> None:
        call = self.page.within(_FRAME)
        await call.click('role=button[name="Reactions"]')
        await call.click('role=dialog >> role=button[name="Raise hand"]')

    async def until_shown(self, words: str, *, within: float = 15.0) -> None:
        """Waits until the widget shows some words. Raises AssertionError."""
        end = time.monotonic() + within
        while words not in (shown := await self.text()):
            assert time.monotonic() < end, f"no {words} in {shown}"
            await asyncio.sleep(0.25)


async def element_call(
    browser: Browser,
    site: Site,
    town: Town,
    person: Registered,
    *,
    room_id: str,
    number: int,
    encrypted: bool = False,
    camera: Camera | None = None,
) -> ElementCall:
    """A widget that has joined the room's call without asking for more."""
    told = who(number, camera or Camera(), Tile())
    page = await browser.open(site.widget_host, script=script(site, told), width=WINDOW[0], height=WINDOW[1])
    await login(page, town, person, encrypted=encrypted)
    await page.run(
        "order => window.host.embed(order)", {"roomId": room_id, "address": site.element_call, "parameters": {}}
    )
    return ElementCall(number, page)


def who(number: int, camera: Camera, tile: Tile) -> dict[str, object]:
    """What a page of a Matrix client is told of its person."""
    return {
        "number": number,
        "camera": {"width": camera.width, "height": camera.height, "frames": camera.frames},
        "tile": {"width": tile.width, "height": tile.height},
    }


async def login(page: Page, town: Town, person: Registered, *, encrypted: bool) -> None:
    """A new device of an account, in a page that holds a Matrix client."""
    order = {
        "homeserver": town.url,
        "user": person.user_id[1:].partition(":")[0],
        "password": person.password,
        "encrypts": encrypted,
    }
    await page.run("order => window.host.login(order)", order)
