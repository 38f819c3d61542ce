"""Element Call, the widget of Element's clients, with people of a real homeserver and guests who have none."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.domain.conference import media_room
from bot.domain.ids import RoomId
from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import CITIZEN, GUEST, INTERPRETER, OFFICIAL, RELATIVE, conference
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.observed import meets
from tests.calls.browsers.participant import Participant
from tests.calls.browsers.site import Site
from tests.calls.browsers.town import Town
from tests.calls.browsers.widget import ElementCall, element_call
from tests.support.homeserver import Registered

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

JOINING = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    """The official and the citizen in a room's call; the official made the room."""

    room_id: str
    host: Registered
    official: ElementCall
    citizen: ElementCall

    @property
    def both(self) -> tuple[ElementCall, ElementCall]:
        return self.official, self.citizen


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def call(municipality: Town, pages: Site, browser: Browser) -> AsyncIterator[Call]:
    """Each test leaves it as it was."""
    people = [await municipality.homeserver.register(name) for name in ("virkailija", "asukas")]
    room_id = await municipality.room(people)
    widgets = [
        await element_call(browser, pages, municipality, person, room_id=room_id, number=number)
        for number, person in zip((OFFICIAL, CITIZEN), people, strict=True)
    ]
    yield Call(room_id, people[0], *widgets)
    for widget in widgets:
        await widget.close()


async def test_two_widgets_see_and_hear_each_other(call: Call) -> None:
    await call.official.until(meets({CITIZEN}), within=JOINING)
    await call.citizen.until(meets({OFFICIAL}), within=JOINING)


async def test_a_widgets_microphone_is_muted_and_back(call: Call) -> None:
    await call.citizen.until(lambda now: OFFICIAL in now.heard, within=JOINING)
    await call.official.press("mute")
    await call.citizen.until(lambda now: OFFICIAL not in now.heard)
    await call.citizen.stays(lambda now: OFFICIAL in now.seen - now.heard, seconds=1)
    await call.official.press("mute")
    await call.citizen.until(lambda now: OFFICIAL in now.heard)


async def test_a_widgets_camera_goes_off_and_comes_back(call: Call) -> None:
    await call.citizen.until(lambda now: OFFICIAL in now.seen, within=JOINING)
    await call.official.press("videomute")
    await call.citizen.until(lambda now: OFFICIAL not in now.seen)
    await call.official.press("videomute")
    await call.citizen.until(lambda now: OFFICIAL in now.seen)


async def test_a_widgets_screen_is_seen(call: Call) -> None:
    await call.official.press("screenshare")
    await call.citizen.until(lambda now: now.screens == {OFFICIAL}, within=JOINING)
    await call.official.press("screenshare")
    await call.citizen.until(lambda now: now.screens == set() and OFFICIAL in now.seen)


async def test_a_raised_hand_reaches_the_other_widget(call: Call) -> None:
    await call.official.until(lambda now: CITIZEN in now.seen, within=JOINING)
    await call.official.raise_hand()
    await call.citizen.until_shown("✋")


@pytest.mark.long
async def test_three_guests_by_link_and_two_widgets_see_and_hear_each_other(
    call: Call, municipality: Town, server: MediaServer, pages: Site, browser: Browser
) -> None:
    roles = (GUEST, INTERPRETER, RELATIVE)
    async with conference(server, pages, browser) as held:
        held.room = str(media_room(RoomId(call.room_id)))
        for number in roles:
            identity = await municipality.link_guest(number, call.room_id, call.host, f"Guest {number}")
            await held.enter(number, identity=identity)
        everybody = {OFFICIAL, CITIZEN, *roles}
        present: tuple[ElementCall | Participant, ...] = (*call.both, *held.present)
        for one in present:
            await one.until(meets(everybody - {one.number}), within=60)
