"""A member of an encrypted room who is in its call by livekit-client, with keys as Element Call exchanges them.

The member's client is matrix-js-sdk: its MatrixRTC session makes the keys and brings them by to-device messages.
"""

from collections.abc import Mapping

from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import WINDOW, Tile, script
from tests.calls.browsers.participant import Camera, Watched
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import Town
from tests.calls.browsers.widget import login, who
from tests.support.homeserver import Registered


class Member(Watched):
    """A page that is in the call of a room."""

    async def keys(self) -> Mapping[str, Mapping[str, str]]:
        """Every key that this member has had of anybody, its own too: base64 by index by identity."""
        return dict(await self.page.run("() => window.host.member.known"))


async def member(
    browser: Browser, site: Site, town: Town, person: Registered, *, room_id: str, number: int, camera: Camera
) -> Member:
    """A member who has joined the room's call, with microphone and camera; the others' pictures are shown as small."""
    told = who(number, camera, Tile(camera.width, camera.height))
    page = await browser.open(site.widget_host, script=script(site, told), width=WINDOW[0], height=WINDOW[1])
    await login(page, town, person, encrypted=True)
    await page.run("roomId => window.host.join(roomId)", room_id)
    return Member(number, page)
