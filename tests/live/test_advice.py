"""Questions in people's own words, from a client to the engine's process and back, in three languages.

The engine is held at its lowest step, which is trained soonest, unless the environment says otherwise: how well it
finds is measured elsewhere, and here no more is asked of it than that the right entry comes first.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.advice.steps import VARIABLE
from bot.catalogues.reading import read
from bot.cli.running import opened
from bot.domain.advice import Step
from bot.domain.catalogue import Origin
from bot.matrix.person import Heard
from tests.live.trial import Resident, Trial, trial
from tests.node.driver import StrictClient

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

CATALOGUE = Path(__file__).parents[2] / "examples" / "advice" / "mallila.yaml"
TRAINED = 280.0
"""Seconds that training may take, on a machine that does other things too."""
KEYCAP_ONE = "1\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


@dataclass(frozen=True, slots=True)
class Counter:
    """The town with a catalogue, and the official behind whom the questions arrive."""

    town: Trial
    official: Resident
    chat: str
    wall: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def counter(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Counter]:
    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv(VARIABLE, os.environ.get(VARIABLE, Step.LETTERS))
        town, _ = await stack.enter_async_context(trial(tmp_path_factory.mktemp("advice") / "state"))
        found = read(CATALOGUE.read_bytes(), CATALOGUE.name).catalogue
        with opened(town.homeserver.state) as store:
            store.transact_now(lambda tx: tx.catalogue.take(Origin.FILE, found.entries, complete=True))
        account = await town.homeserver.register("elinkeinopaallikko")
        official = await stack.enter_async_context(Resident(town.address, account, town.traces))
        wall = await official.room_named("Henkilöstö: Elinkeino")
        chat = await official.chat_with(town.service)
        await official.hear(chat)
        async with asyncio.timeout(TRAINED):
            while "the advice is trained" not in town.log.read_text(encoding="utf-8"):  # noqa: ASYNC110 -- it happens in another process
                await asyncio.sleep(0.5)
        yield Counter(town, official, chat, wall)


async def answered(person: Resident, chat: str, question: str) -> Heard:
    """The answer, also where the engine is not sure and asks with the right one first."""
    answer = await person.ask(chat, question, limit=60)
    return await person.ask(chat, "1") if "\n1. " in answer.body and "\n3. " in answer.body else answer


async def ways_to_go_on(person: Resident, chat: str, question: str) -> Heard:
    """What is said where nothing fits."""
    answer = await person.ask(chat, question, limit=60)
    none = re.search(r"(\d)\. Ei mikään näistä", answer.body)
    return answer if none is None else await person.ask(chat, none[1])


@pytest.mark.parametrize(
    ("question", "name", "source"),
    [
        ("onko pääkirjasto auki lauantaina", "Mallilan pääkirjasto", "Lähde: "),
        ("när är huvudbiblioteket öppet", "Mallila huvudbibliotek", "Källa: "),
        ("when is the main library open", "Mallila Main Library", "Source: "),
    ],
)
async def test_a_question_is_answered_once_in_its_language(
    counter: Counter, question: str, name: str, source: str
) -> None:
    async with counter.town.resident() as (person, chat):
        answer = await answered(person, chat, question)
        assert answer.body.startswith(name)
        assert source in answer.body
        said = await person.bodies(chat, counter.town.service)
        assert sum(body.startswith(name) for body in said) == 1


@pytest.mark.parametrize(
    ("question", "further", "day"),
    [
        ("onko pääkirjasto auki lauantaina", "entä sunnuntaina?", "su "),
        ("när är huvudbiblioteket öppet", "och på söndag?", "sön "),
        ("when is the main library open", "what about sunday", "Sun "),
    ],
)
async def test_a_follow_up_is_about_the_same(counter: Counter, question: str, further: str, day: str) -> None:
    async with counter.town.resident() as (person, chat):
        first = await answered(person, chat, question)
        answer = await person.ask(chat, further)
        assert answer.body.partition("\n")[0] == first.body.partition("\n")[0]
        assert day in answer.body


async def test_a_question_goes_to_an_official_and_the_answer_comes_back(counter: Counter) -> None:
    async with counter.town.resident() as (person, chat):
        ways = await ways_to_go_on(person, chat, "missä joulupukin porot laiduntavat kesäisin")
        assert "1. Kysy virkailijalta" in ways.body
        await person.react(chat, ways.event_id, KEYCAP_ONE)
        sent = await person.hear(chat)
        assert "virkailijoilla" in sent.body
        card = await counter.official.hear(counter.wall, "porot")
        assert person.user_id not in card.body
        number = card.body.split(":")[0].split()[-1]
        await counter.official.say(counter.wall, f"!vastaa {number} Ne laiduntavat Korvatunturilla.")
        answer = await person.hear(chat, "Korvatunturilla")
        assert answer.body.startswith("Virkailijan vastaus")
        amended = await counter.official.hear(counter.wall, "Vastannut")
        assert amended.content["m.relates_to"]["event_id"] == card.event_id


async def test_a_synonym_is_tried_on_test_questions_and_then_taken(counter: Counter) -> None:
    official, chat = counter.official, counter.chat
    await official.ask(chat, "!testikysymys paakirjasto moneltako lukula aukeaa")
    await official.ask(chat, "!synonyymi lukula* = pääkirjasto, kirjaston aukiolo")
    result = await official.hear(chat, "Testikysymyksiä oikein ennen", limit=TRAINED)
    assert "kysymyksiä: 1" in result.body
    assert "1. Ota käyttöön" in result.body
    taken = await official.ask(chat, "1")
    assert "Muutos on tehty" in taken.body
    with opened(counter.town.homeserver.state) as store:
        synonyms = store.transact_now(lambda tx: tx.catalogue.catalogue().synonyms)
    assert [one.meant for one in synonyms if one.said == "lukula*"] == [("pääkirjasto", "kirjaston aukiolo")]


@pytest.mark.node
async def test_an_encrypted_question_is_answered(counter: Counter) -> None:
    town = counter.town
    account = await town.account()
    async with StrictClient(town.address) as client:
        await client.login(account.user_id[1:].partition(":")[0], account.password)
        room = await client.create_direct(town.service)
        await client.wait_member(room, town.service)
        for question, word in (
            ("onko pääkirjasto auki lauantaina", "ääkirjasto"),
            ("när är huvudbiblioteket öppet", "uvudbibliotek"),
            ("when is the main library open", "ain Library"),
        ):
            await client.send(room, question)
            answer = await client.wait_message(room, town.service, contains=word)
            assert (answer.encrypted, answer.failure) == (True, None)


async def test_no_words_of_a_question_are_in_the_log(counter: Counter) -> None:
    log = counter.town.log.read_text(encoding="utf-8")
    assert "trained" in log
    assert "joulupukin" not in log
