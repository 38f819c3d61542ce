"""Two people who came by links, in one conference: what they see, hear and are told, on either media server."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.browser.guests import BLANK, ENGINES, MUTED, Meeting, meeting
from tests.browser.pages import Chromium

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HAND_OF = """(name) => [...document.querySelectorAll(".people .tile")]
    .some((tile) => tile.innerText.includes(name) && tile.querySelector(".hand:not([hidden])"))"""


@pytest_asyncio.fixture(params=ENGINES, scope="module", loop_scope="module")
async def media(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    async with meeting(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def here(media: Meeting, request: pytest.FixtureRequest) -> Meeting:
    """A conference for each test."""
    return media.in_room(request.node.name)


async def test_two_people_see_and_hear_each_other_and_nobody_else_is_asked_anything(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino = await here.guest(chromium, "Aino")
        tulkki = await here.guest(chromium, "Tulkki", size=(390, 844))
        await aino.comes_in()
        await aino.page.sees("Olet nyt yksin")
        await tulkki.comes_in()
        await aino.meets(tulkki)
        await aino.page.sees("Paikalla: 2")
        await aino.page.until("() => !document.body.innerText.includes('yksin')")
        own = {urlsplit(here.door.url).netloc, urlsplit(here.media.url).netloc}
        for guest in (aino, tulkki):
            assert {urlsplit(asked).netloc for asked in await guest.page.requests() if "://" in asked} <= own
            policies = [said for said in await guest.page.messages() if "Content Security Policy" in said]
            assert policies == []
            assert not [said for said in await guest.page.messages() if said.startswith("uncaught")]


async def test_who_leaves_is_gone_for_the_others_and_can_come_back(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await aino.page.sees("Paikalla: 2")
        await tulkki.page.press_button("Poistu")
        await tulkki.page.sees("Olet poistunut")
        await aino.page.sees("Paikalla: 1")
        assert tulkki.link.left == 1
        await tulkki.page.press_button("Palaa tapaamiseen")
        await tulkki.page.until("() => !document.querySelector('.asking')")
        await tulkki.presses_join()
        await tulkki.is_in()
        await aino.meets(tulkki)


async def test_a_closed_tab_gives_the_links_place_back(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await aino.page.sees("Paikalla: 2")
        await tulkki.page.goto("about:blank")
        await aino.page.sees("Paikalla: 1", within=10)
        assert tulkki.link.holder is None


async def test_another_device_asks_before_it_takes_the_place_and_the_first_one_is_told(here: Meeting) -> None:
    async with Chromium() as chromium:
        link = here.link()
        tablet = await here.guest(chromium, "Aino", link)
        await tablet.comes_in()
        laptop = await here.guest(chromium, "Aino", link)
        await laptop.checks()
        await laptop.presses_join()
        await laptop.page.sees("Linkki on jo käytössä")
        await laptop.page.press_button("Peruuta")
        await laptop.page.sees("Olet poistunut")
        await tablet.page.sees("Aino (sinä)")
        await laptop.page.press_button("Palaa tapaamiseen")
        await laptop.page.until("() => !document.querySelector('.asking')")
        await laptop.presses_join()
        await laptop.page.press_button("Jatka tällä laitteella")
        await laptop.is_in()
        await tablet.page.sees("Tapaaminen jatkuu toisella laitteella")


async def test_hands_cameras_and_microphones_are_seen_by_the_others(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await aino.page.press_button("Viittaa")
        await tulkki.comes_in()
        await tulkki.page.until(HAND_OF, "Aino")  # raised before they came
        await tulkki.page.until("() => document.querySelector('#polite').innerText.includes('Viittaa: Aino')", within=5)
        await aino.page.press_button("Laske käsi")
        await tulkki.page.until(f"(name) => !({HAND_OF})(name)", "Aino")
        await tulkki.sees(aino)
        await aino.page.press_button("Kamera päällä")
        await tulkki.page.until(BLANK, "Aino")
        await aino.page.press_button("Mikrofoni päällä")
        await tulkki.page.until(MUTED, "Aino")
        await aino.page.press_button("Kamera pois")
        await aino.page.press_button("Mikrofoni pois")
        await aino.meets(tulkki)


async def test_a_shared_screen_stands_large_above_the_people(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await aino.page.press_button("Jaa näyttö")
        await tulkki.page.sees("Näyttö: Aino")
        await tulkki.page.until("() => document.querySelector('.shared video').videoWidth > 0")
        areas = await tulkki.page.run(
            """() => [".shared .tile", ".people .tile"].map((one) => {
                const { width, height } = document.querySelector(one).getBoundingClientRect();
                return width * height;
            })"""
        )
        assert areas[0] > 5 * areas[1]
        await aino.page.press_button("Lopeta jako")
        await tulkki.page.until("() => !document.querySelector('.shared .tile')")


async def test_sound_only_rests_all_pictures_and_keeps_the_sound(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await aino.sees(tulkki)
        await aino.page.press_button("Vain ääni")
        await tulkki.page.until(BLANK, "Aino")
        await aino.page.until(BLANK, "Tulkki")
        await aino.hears()
        await aino.page.press_button("Näytä kuvat")
        await aino.meets(tulkki)


async def test_the_chair_mutes_removes_and_closes_and_each_is_said(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await tulkki.sees(aino)
        present = await here.orders.participants(here.room)
        assert not isinstance(present, str)
        identity = next(one.identity for one in present if one.name == "Aino")
        assert await here.orders.mute(here.room, identity, muted=True) is None
        await aino.page.sees("Tapaamisen vetäjä sulki mikrofonisi")
        await aino.page.sees("Mikrofoni pois")
        await tulkki.page.until(MUTED, "Aino")
        assert await here.orders.mute(here.room, identity, muted=False) is None
        await aino.page.press_button("Selvä")
        await aino.page.press_button("Mikrofoni pois")
        await tulkki.page.until(f"(name) => !({MUTED})(name)", "Aino")
        assert await here.orders.remove(here.room, identity) is None
        await aino.page.sees("Sinut poistettiin")
        await tulkki.page.sees("Paikalla: 1")
        assert await here.orders.close(here.room) is None
        await tulkki.page.sees("Tapaaminen on päättynyt")


async def test_the_language_changes_in_the_middle_and_nothing_stops(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await aino.page.press_button("Svenska")
        await aino.page.sees("Mikrofonen på")
        await aino.page.sees("Aino (du)")
        await aino.page.sees("Bygglov")
        assert await aino.page.run("() => document.documentElement.lang") == "sv"
        await aino.sees(tulkki)
        await aino.page.press_button("Lämna")
        await aino.page.sees("Du har lämnat mötet")


async def test_a_network_that_is_gone_for_eight_seconds_comes_back_by_itself(here: Meeting) -> None:
    async with Chromium() as chromium:
        aino, tulkki = await here.guest(chromium, "Aino"), await here.guest(chromium, "Tulkki")
        await aino.comes_in()
        await tulkki.comes_in()
        await aino.meets(tulkki)
        await aino.page.offline(offline=True)
        await aino.page.until("async () => { await new Promise((done) => setTimeout(done, 8000)); return true; }")
        await aino.page.offline(offline=False)
        await aino.meets(tulkki)
        await aino.page.until("() => !document.body.innerText.includes('Yhteys katkesi')")


async def test_who_waits_is_let_in_without_doing_anything(here: Meeting) -> None:
    async with Chromium() as chromium:
        link = here.link(let_in=False)
        aino = await here.guest(chromium, "Aino", link)
        await aino.checks()
        await aino.presses_join()
        await aino.page.sees("Sinut päästetään sisään. Odota hetki.")
        assert await aino.page.run("() => document.querySelector('[role=status]').innerText") != ""
        link.let_in = True
        await aino.is_in()
