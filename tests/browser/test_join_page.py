"""The join page for everybody: without a camera, with a keyboard, on a phone, enlarged, and in three languages."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions.conference_door import DoorState
from bot.domain.language import Language, Text
from bot.text.join_words import WORDS
from bot.web.join_files import built
from bot.web.media_tokens import MediaTokens
from tests.browser.guests import BLANK, MUTED, Guest, Meeting, meeting
from tests.browser.looks import faults, walked
from tests.browser.pages import REFUSED, Chromium
from tests.node.driver import NODE
from tests.support.join_desk import now, serving
from tests.support.signalling_relay import relayed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SOURCE = Path(__file__).parents[2] / "join-page"
SIZES = ((360, 740), (640, 400), (768, 1024), (1280, 800))
"""A phone, a screen of 1280 enlarged to 200 %, a tablet, a screen."""

NO_CAMERA = """(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) =>
        wanted.video ? Promise.reject(new DOMException("none", "NotFoundError")) : ask(wanted);
})()"""
IN_USE = NO_CAMERA.replace("NotFoundError", "NotReadableError")
SLOW = """(() => {
    const offer = RTCPeerConnection.prototype.createOffer;
    RTCPeerConnection.prototype.createOffer = async function (...how) {
        await new Promise((done) => setTimeout(done, 3000));
        return offer.apply(this, how);
    };
})()"""
NO_SHARING = "delete MediaDevices.prototype.getDisplayMedia"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def media(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    async with meeting("own", tmp_path_factory.mktemp("own")) as running:
        yield running


@pytest.fixture
def here(media: Meeting, request: pytest.FixtureRequest) -> Meeting:
    media.door.now = now()  # the door counts openings by its own clock
    return media.in_room(request.node.name)


async def test_the_parts_that_need_no_browser_hold() -> None:
    tests = sorted(str(path) for path in (SOURCE / "tests").glob("*.test.js"))
    assert len(tests) >= 4
    process = await asyncio.create_subprocess_exec(
        str(NODE), "--test", *tests, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


@pytest.mark.parametrize("size", SIZES)
async def test_every_view_can_be_used_by_everybody(here: Meeting, size: tuple[int, int]) -> None:
    link = here.link(let_in=False)
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen", link, size=size)
        found = {"start": await faults(citizen.page)}
        await citizen.page.press_button("Jatka")
        await citizen.page.sees(WORDS["name_missing"].fi)
        found["nameless"] = await faults(citizen.page)
        await citizen.checks()
        found["check"] = await faults(citizen.page)
        await citizen.presses_join()
        await citizen.page.sees(WORDS["waiting_text"].fi)
        found["waiting"] = await faults(citizen.page)
        link.let_in = True
        await citizen.is_in()
        tulkki = await here.guest(chromium, "Tulkki")
        await tulkki.comes_in()
        await tulkki.page.press_button("Viittaa")
        await citizen.sees(tulkki)
        found["call"] = await faults(citizen.page)
        await citizen.page.press_button("Vain ääni")
        await citizen.page.press_button("Asetukset")
        found["settings"] = await faults(citizen.page)
        await citizen.page.key("Escape")
        await citizen.page.press_button("Poistu")
        await citizen.page.sees("Olet poistunut")
        found["left"] = await faults(citizen.page)
    assert {view: wrong for view, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", list(Language))
async def test_words_fit_on_a_phone_in_every_language(here: Meeting, language: Language) -> None:
    async with Chromium() as chromium:
        citizen = await here.guest(
            chromium, "Kuntalainen Pitkänimi-Esimerkkinen", here.link(language=Language.FI), size=(360, 740)
        )
        await citizen.comes_in()
        await citizen.page.click(".control.settings")
        await citizen.page.click(f"dialog button[lang={language.value}]")
        await citizen.page.key("Escape")
        await citizen.page.sees(WORDS["microphone_on"].in_(language))
        wrong = [each for each in await faults(citizen.page) if "Pitkänimi" not in each]
        assert wrong == []
        assert await citizen.page.run("() => document.documentElement.lang") == language.value


async def test_everything_can_be_done_by_keyboard(here: Meeting) -> None:
    async with Chromium() as chromium:
        link = here.link()
        page = await chromium.open(here.door.address(link))
        await page.sees("Nimesi")
        steps = await walked(page)
        assert [step["what"] for step in steps] == ["Siirry sisältöön", "Suomi", "Svenska", "English", "name", "Jatka"]
        assert all(step["visible"] and step["seen"] for step in steps)
        await page.run("() => document.getElementById('name').focus()")
        await page.type("Kuntalainen")
        await page.key("Enter")
        await page.sees("Soita merkkiääni")
        await page.until("() => !document.querySelector('.asking')")
        assert await page.run("() => document.activeElement.tagName") == "H1", "a screen reader begins with the heading"
        steps = await walked(page)
        assert "Liity" in {step["what"] for step in steps}
        assert [step for step in steps if not (step["visible"] and step["seen"])] == []
        await page.run("() => document.querySelector('.joining button').focus()")
        await page.key("Enter")
        citizen = Guest(page, "Kuntalainen", link)
        await citizen.is_in()
        names = [str(step["what"]) for step in await walked(page)]
        controls = ["Mikrofoni päällä", "Kamera päällä", "Viittaa", "Jaa näyttö", "Vain ääni", "Asetukset", "Poistu"]
        assert names[-7:] == controls
        await page.run("() => document.querySelector('.control.microphone').focus()")
        await page.key("Space")
        await page.sees("Mikrofoni pois")
        await page.key("Space")
        await page.sees("Mikrofoni päällä")
        for _ in range(5):
            await page.key("Tab")
        await page.key("Enter")
        await page.sees("Sulje")
        inside = [str(step["what"]) for step in await walked(page)]
        assert not set(inside) & set(controls), "a dialogue keeps the focus"
        await page.key("Escape")
        assert await page.run("() => document.activeElement.textContent") == "Asetukset"


async def test_what_happens_is_said_to_a_screen_reader(here: Meeting) -> None:
    listen = """(() => {
        window.said = [];
        const note = (changes) => changes.forEach((change) => change.addedNodes.forEach((node) =>
            said.push(node.textContent)));
        addEventListener("DOMContentLoaded", () => ["polite", "urgent"].forEach((id) =>
            new MutationObserver(note).observe(document.getElementById(id), { childList: true })));
    })()"""
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen", script=listen)
        await citizen.checks()
        await citizen.page.sees(WORDS["you_are_heard"].fi)
        await citizen.presses_join()
        await citizen.is_in()
        await citizen.page.until("() => { window.ready ??= Date.now(); return Date.now() - ready > 3500; }")
        tulkki = await here.guest(chromium, "Tulkki")
        await tulkki.comes_in()
        await tulkki.page.press_button("Viittaa")
        await citizen.page.until("() => said.includes('Viittaa: Tulkki')")
        await citizen.page.press_button("Mikrofoni päällä")
        await tulkki.page.press_button("Poistu")
        await citizen.page.until("() => said.includes('Poistui: Tulkki')")
        said = await citizen.page.run("() => said")
    expected = ("you_are_heard", "let_in", "you_are_in", "microphone_off")
    assert {WORDS[key].fi for key in expected} | {"Liittyi: Tulkki"} <= set(said)


async def test_who_refuses_camera_and_microphone_gets_help_and_can_listen(here: Meeting) -> None:
    async with Chromium() as yes, Chromium(*REFUSED) as no:
        tulkki = await here.guest(yes, "Tulkki")
        await tulkki.comes_in()
        citizen = await here.guest(no, "Kuntalainen")
        await citizen.checks()
        await citizen.page.sees(WORDS["help_both_refused"].fi)
        await citizen.page.sees("Liity kuuntelemaan")
        assert await faults(citizen.page) == []
        await citizen.presses_join()
        await citizen.is_in()
        await citizen.sees(tulkki)
        await citizen.hears()
        await citizen.page.press_button("Mikrofoni pois")
        await citizen.page.sees(WORDS["help_microphone_refused"].fi)
        await tulkki.page.sees("Kuntalainen")


@pytest.mark.parametrize(("script", "help"), [(NO_CAMERA, "help_camera_missing"), (IN_USE, "help_camera_busy")])
async def test_without_a_camera_one_joins_by_sound(here: Meeting, script: str, help: str) -> None:
    async with Chromium() as chromium:
        tulkki = await here.guest(chromium, "Tulkki")
        await tulkki.comes_in()
        citizen = await here.guest(chromium, "Kuntalainen", script=script)
        await citizen.checks()
        await citizen.page.sees(WORDS[help].fi)
        await citizen.page.sees("Liity ilman kuvaa")
        await citizen.presses_join()
        await citizen.is_in()
        await citizen.sees(tulkki)
        await tulkki.hears()
        await citizen.page.press_button("Kamera pois")
        await citizen.page.sees(WORDS[help].fi)


async def test_what_was_switched_off_in_the_check_stays_off_inside(here: Meeting) -> None:
    async with Chromium() as chromium:
        tulkki, citizen = await here.guest(chromium, "Tulkki"), await here.guest(chromium, "Kuntalainen")
        await tulkki.comes_in()
        await citizen.checks()
        await citizen.page.press_button("Sulje kamera")
        await citizen.page.press_button("Sulje mikrofoni")
        await citizen.page.sees("Liity kuuntelemaan")
        await citizen.presses_join()
        await citizen.is_in()
        await citizen.page.sees("Kamera pois")
        await citizen.page.sees("Mikrofoni pois")
        await tulkki.page.sees("Paikalla: 2")
        present = await here.orders.participants(here.room)
        assert not isinstance(present, str)
        assert next(one.publishes for one in present if one.name == "Kuntalainen") == ()


async def test_a_microphone_that_is_switched_off_while_one_comes_in_stays_off(here: Meeting) -> None:
    async with Chromium() as chromium:
        tulkki, citizen = await here.guest(chromium, "Tulkki"), await here.guest(chromium, "Kuntalainen", script=SLOW)
        await tulkki.comes_in()
        await citizen.checks()
        await citizen.presses_join()
        await citizen.page.press_button("Mikrofoni päällä")
        await citizen.page.sees("Mikrofoni pois", within=2)
        await citizen.is_in()
        await tulkki.sees(citizen)
        await tulkki.page.until(MUTED, "Kuntalainen")
        await citizen.page.sees("Mikrofoni pois")
        await citizen.page.press_button("Mikrofoni pois")
        await tulkki.hears()


async def test_the_test_sound_is_heard_and_the_microphone_is_measured(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen")
        await citizen.checks()
        await citizen.page.sees(WORDS["you_are_heard"].fi)
        await citizen.page.press_button("Soita merkkiääni")
        await citizen.page.until("() => document.getElementById('polite').innerText.includes('Merkkiääni soi')")
        await citizen.page.until("() => Number(document.querySelector('[role=meter]').ariaValueNow) > 0")
        assert [said for said in await citizen.page.messages() if "uncaught" in said] == []


async def test_where_no_screen_can_be_shown_there_is_no_button_for_it(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen", script=NO_SHARING, size=(360, 740))
        await citizen.comes_in()
        assert await citizen.page.run("() => document.querySelectorAll('.control').length") == 6
        assert await faults(citizen.page) == []


async def test_nothing_moves_for_who_wants_no_motion(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen", here.link(let_in=False), reducedMotion="reduce")
        await citizen.checks()
        await citizen.presses_join()
        await citizen.page.sees("Odota hetki")
        assert (
            await citizen.page.run("() => getComputedStyle(document.querySelector('.dots i')).animationName") == "none"
        )


async def test_who_is_turned_away_at_the_door_reads_why(here: Meeting) -> None:
    link = here.link(let_in=False)
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen", link)
        await citizen.checks()
        await citizen.presses_join()
        await citizen.page.sees("Odota hetki")
        link.refused = Text(fi="Vetäjä ei päästä sisään.", sv="Inte nu.", en="Not now.")
        await citizen.page.sees("Vetäjä ei päästä sisään.")
        await citizen.page.press_button("English")
        await citizen.page.sees("Not now.")


async def test_a_link_that_ends_in_the_middle_ends_the_call_in_words(here: Meeting) -> None:
    link = here.link()
    async with Chromium() as chromium:
        citizen = await here.guest(chromium, "Kuntalainen", link)
        await citizen.comes_in()
        link.state = DoorState.CLOSED
        assert await here.orders.close(here.room) is None
        await citizen.page.sees("Tapaaminen on päättynyt")
        await citizen.page.goto(here.door.address(link))
        await citizen.page.sees("Tämä linkki ei ole enää voimassa")


async def test_media_that_can_not_be_reached_say_so_and_are_tried_again(here: Meeting) -> None:
    async with Chromium() as chromium:
        citizen, tulkki = await here.guest(chromium, "Kuntalainen"), await here.guest(chromium, "Tulkki")
        await citizen.comes_in()
        await tulkki.comes_in()
        await citizen.meets(tulkki)
        await here.media.process.stop()
        await citizen.page.sees(WORDS["reconnecting"].fi)
        await here.media.process.start()
        await citizen.meets(tulkki)
        await citizen.page.until("() => !document.body.innerText.includes('Yhteys katkesi')")


@pytest.mark.long
@pytest.mark.parametrize("by_hand", [True, False])
async def test_on_a_poor_line_the_pictures_rest_and_come_back(here: Meeting, *, by_hand: bool) -> None:
    files = built()
    async with Chromium() as chromium, relayed(here.media.url, seed=11) as line:
        tulkki = await here.guest(chromium, "Tulkki")
        await tulkki.comes_in()
        async with serving(files, MediaTokens(here.media.key, here.media.secret), line.url) as elsewhere:
            citizen = await replace(here, door=elsewhere).guest(chromium, "Kuntalainen")
            await citizen.comes_in()
            await citizen.meets(tulkki)
            line.media.down.loss = 0.3
            await citizen.page.sees(WORDS["poor_line"].fi)
            await citizen.page.until(BLANK, "Tulkki")
            await tulkki.page.until(BLANK, "Kuntalainen")
            line.media.down.loss = 0.0
            await citizen.hears()
            if by_hand:
                await citizen.page.click(".notices button")
            await citizen.page.until("() => !document.body.innerText.includes('Yhteys on heikko')", within=60)
            await citizen.meets(tulkki)
