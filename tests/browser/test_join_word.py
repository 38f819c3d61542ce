"""The chair takes the word and gives it back: the page says so, and only the person opens the microphone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.domain.conference import guest_identity
from tests.browser.guests import ENGINES, MUTED, Guest, Meeting, meeting
from tests.browser.pages import Chromium

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SAID = """() => {
    window.heard ??= [];
    window.listening ??= new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) window.heard.push(node.textContent);
    });
    for (const id of ["polite", "urgent"]) window.listening.observe(document.getElementById(id), { childList: true });
}"""
"""Remembers what a screen reader is given to say."""
HEARD = "(words) => window.heard.some((said) => said.includes(words))"
IS_ON = "() => document.querySelector('.control.microphone').dataset.state === 'true'"
GIVEN = "Sait puheenvuoron"


@pytest_asyncio.fixture(params=ENGINES, scope="module", loop_scope="module")
async def media(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    async with meeting(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def here(media: Meeting, request: pytest.FixtureRequest) -> Meeting:
    return media.in_room(request.node.name)


async def mute(here: Meeting, guest: Guest, *, muted: bool) -> None:
    """The engine does it, and the service takes note."""
    identity = guest_identity(guest.link.identity, "localhost")
    assert await here.orders.mute(here.room, identity, muted=muted) is None
    guest.link.has_word = not muted


async def is_heard(here: Meeting, guest: Guest) -> None:
    """The microphone is open at the media server: LiveKit closes no other."""
    identity = guest_identity(guest.link.identity, "localhost")
    async with asyncio.timeout(20):
        while True:
            present = await here.orders.participants(here.room)
            if not isinstance(present, str) and any(one.identity == identity and not one.muted for one in present):
                return
            await asyncio.sleep(0.1)


async def test_the_word_that_is_given_back_is_said_and_a_button_opens_the_microphone(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, interpreter = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await interpreter.comes_in()
        await interpreter.meets(citizen)
        await citizen.page.run(SAID)
        await mute(here, citizen, muted=True)
        await citizen.page.sees("Tapaamisen vetäjä sulki mikrofonisi")
        await interpreter.page.until(MUTED, "Kuntalainen")
        await mute(here, citizen, muted=False)
        await citizen.page.sees(GIVEN)
        await citizen.page.until(HEARD, GIVEN)
        await citizen.page.until("() => !document.body.innerText.includes('vetäjä sulki')")
        await citizen.page.until("async () => { await new Promise((done) => setTimeout(done, 3000)); return true; }")
        assert not await citizen.page.run(IS_ON), "the microphone is not opened for anybody"
        await interpreter.page.until(MUTED, "Kuntalainen")
        await citizen.page.press_button("Avaa mikrofoni")
        await interpreter.page.until(f"(name) => !({MUTED})(name)", "Kuntalainen")
        assert await citizen.page.run(IS_ON)
        await citizen.page.until(f"() => !document.body.innerText.includes('{GIVEN}')")
        assert await citizen.page.run("() => document.activeElement.classList.contains('microphone')")


async def test_a_word_that_is_taken_again_is_not_left_standing(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen")
        await citizen.comes_in()
        await is_heard(here, citizen)
        await mute(here, citizen, muted=True)
        await citizen.page.sees("Tapaamisen vetäjä sulki mikrofonisi")
        await citizen.page.press_button("Selvä")
        await mute(here, citizen, muted=False)
        await citizen.page.sees(GIVEN)
        await mute(here, citizen, muted=True)
        await citizen.page.sees("Tapaamisen vetäjä sulki mikrofonisi")
        await mute(here, citizen, muted=False)
        await citizen.page.press_button("Svenska")
        await citizen.page.sees("Du har fått ordet")
        await citizen.page.press_button("Inte nu")
        assert not await citizen.page.run(IS_ON)


async def test_ones_own_hand_is_told_to_the_door(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen")
        await citizen.comes_in()
        await citizen.page.press_button("Viittaa")
        await citizen.page.sees("Laske käsi")
        await citizen.page.press_button("Laske käsi")
        await citizen.page.sees("Viittaa")
        assert citizen.link.hands == 1
