"""Two people who came by links, in one conference: what they see, hear and are told, on either media server."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.browser.guests import BLANK, ENGINES, MUTED, Guest, Meeting, meeting
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
        citizen = await here.guest(chromium, "Kuntalainen")
        tulkki = await here.guest(chromium, "Tulkki", size=(390, 844))
        await citizen.comes_in()
        await citizen.page.sees("Olet nyt yksin")
        await tulkki.comes_in()
        await citizen.meets(tulkki)
        await citizen.page.sees("Paikalla: 2")
        await citizen.page.until("() => !document.body.innerText.includes('yksin')")
        own = {urlsplit(here.door.url).netloc, urlsplit(here.media.url).netloc}
        for guest in (citizen, tulkki):
            assert {urlsplit(asked).netloc for asked in await guest.page.requests() if "://" in asked} <= own
            policies = [said for said in await guest.page.messages() if "Content Security Policy" in said]
            assert policies == []
            assert not [said for said in await guest.page.messages() if said.startswith("uncaught")]


async def test_who_leaves_is_gone_for_the_others_and_can_come_back(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.page.sees("Paikalla: 2")
        await tulkki.page.press_button("Poistu")
        await tulkki.page.sees("Olet poistunut")
        await citizen.page.sees("Paikalla: 1")
        assert tulkki.link.left == 1
        await tulkki.page.press_button("Palaa tapaamiseen")
        await tulkki.page.until("() => !document.querySelector('.asking')")
        await tulkki.presses_join()
        await tulkki.is_in()
        await citizen.meets(tulkki)


async def _until_given_back(guest: Guest) -> None:
    """The page's last word is on its way when the page is gone."""
    async with asyncio.timeout(5):
        while guest.link.holder is not None:  # noqa: ASYNC110 - the door tells nobody
            await asyncio.sleep(0.05)


async def test_a_closed_tab_gives_the_links_place_back(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.page.sees("Paikalla: 2")
        await tulkki.page.goto("about:blank")
        await citizen.page.sees("Paikalla: 1", within=10)
        await _until_given_back(tulkki)


async def test_another_device_asks_before_it_takes_the_place_and_the_first_one_is_told(here: Meeting) -> None:
    async with Chromium() as chromium:
        link = here.link()
        tablet = await here.guest(chromium, "Kuntalainen", link)
        await tablet.comes_in()
        laptop = await here.guest(chromium, "Kuntalainen", link)
        await laptop.checks()
        await laptop.presses_join()
        await laptop.page.sees("Linkki on jo käytössä")
        await laptop.page.press_button("Peruuta")
        await laptop.page.sees("Olet poistunut")
        await tablet.page.sees("Kuntalainen (sinä)")
        await laptop.page.press_button("Palaa tapaamiseen")
        await laptop.page.until("() => !document.querySelector('.asking')")
        await laptop.presses_join()
        await laptop.page.press_button("Jatka tällä laitteella")
        await laptop.is_in()
        await tablet.page.sees("Tapaaminen jatkuu toisella laitteella")


async def test_hands_cameras_and_microphones_are_seen_by_the_others(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await citizen.page.press_button("Viittaa")
        await tulkki.comes_in()
        await tulkki.page.until(HAND_OF, "Kuntalainen")  # raised before they came
        await tulkki.page.until(
            "() => document.querySelector('#polite').innerText.includes('Viittaa: Kuntalainen')", within=5
        )
        await citizen.page.press_button("Laske käsi")
        await tulkki.page.until(f"(name) => !({HAND_OF})(name)", "Kuntalainen")
        await tulkki.sees(citizen)
        await citizen.page.press_button("Kamera päällä")
        await tulkki.page.until(BLANK, "Kuntalainen")
        await citizen.page.press_button("Mikrofoni päällä")
        await tulkki.page.until(MUTED, "Kuntalainen")
        await citizen.page.press_button("Kamera pois")
        await citizen.page.press_button("Mikrofoni pois")
        await citizen.meets(tulkki)


async def test_a_shared_screen_stands_large_above_the_people(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.page.press_button("Jaa näyttö")
        await tulkki.page.sees("Näyttö: Kuntalainen")
        await tulkki.page.until("() => document.querySelector('.shared video').videoWidth > 0")
        areas = await tulkki.page.run(
            """() => [".shared .tile", ".people .tile"].map((one) => {
                const { width, height } = document.querySelector(one).getBoundingClientRect();
                return width * height;
            })"""
        )
        assert areas[0] > 5 * areas[1]
        await citizen.page.press_button("Lopeta jako")
        await tulkki.page.until("() => !document.querySelector('.shared .tile')")


async def test_sound_only_rests_all_pictures_and_keeps_the_sound(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.sees(tulkki)
        await citizen.page.press_button("Vain ääni")
        await tulkki.page.until(BLANK, "Kuntalainen")
        await citizen.page.until(BLANK, "Tulkki")
        await citizen.hears()
        await citizen.page.press_button("Näytä kuvat")
        await citizen.meets(tulkki)


async def test_the_chair_mutes_removes_and_closes_and_each_is_said(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await tulkki.sees(citizen)
        present = await here.orders.participants(here.room)
        assert not isinstance(present, str)
        identity = next(one.identity for one in present if one.name == "Kuntalainen")
        assert await here.orders.mute(here.room, identity, muted=True) is None
        await citizen.page.sees("Tapaamisen vetäjä sulki mikrofonisi")
        await citizen.page.sees("Mikrofoni pois")
        await tulkki.page.until(MUTED, "Kuntalainen")
        assert await here.orders.mute(here.room, identity, muted=False) is None
        await citizen.page.press_button("Selvä")
        await citizen.page.press_button("Mikrofoni pois")
        await tulkki.page.until(f"(name) => !({MUTED})(name)", "Kuntalainen")
        assert await here.orders.remove(here.room, identity) is None
        await citizen.page.sees("Sinut poistettiin")
        await tulkki.page.sees("Paikalla: 1")
        assert await here.orders.close(here.room) is None
        await tulkki.page.sees("Tapaaminen on päättynyt")


async def test_the_language_changes_in_the_middle_and_nothing_stops(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.page.press_button("Svenska")
        await citizen.page.sees("Mikrofonen på")
        await citizen.page.sees("Kuntalainen (du)")
        await citizen.page.sees("Bygglov")
        assert await citizen.page.run("() => document.documentElement.lang") == "sv"
        await citizen.sees(tulkki)
        await citizen.page.press_button("Lämna")
        await citizen.page.sees("Du har lämnat mötet")


async def test_a_network_that_is_gone_for_eight_seconds_comes_back_by_itself(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.meets(tulkki)
        await citizen.page.offline(offline=True)
        await citizen.page.until("async () => { await new Promise((done) => setTimeout(done, 8000)); return true; }")
        await citizen.page.offline(offline=False)
        await citizen.meets(tulkki)
        await citizen.page.until("() => !document.body.innerText.includes('Yhteys katkesi')")


async def test_who_waits_is_let_in_without_doing_anything(here: Meeting) -> None:
    async with Chromium() as chromium:
        link = here.link(let_in=False)
        citizen = await here.guest(chromium, "Kuntalainen", link)
        await citizen.checks()
        await citizen.presses_join()
        await citizen.page.sees("Sinut päästetään sisään. Odota hetki.")
        assert await citizen.page.run("() => document.querySelector('[role=status]').innerText") != ""
        link.let_in = True
        await citizen.is_in()
