"""The scenes of the demonstration: what citizen and official write, and what they must get to hear."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.demo_stage import Play, appointment_of, person_of, service_of
from bot.config.state import StateFolder
from bot.domain.language import Language
from bot.matrix.person import ANYWHERE, Heard, Person
from bot.text import times

_SERVICE = "rakennuslupa"
_ROOM, _WALL = "Rakennusluvat", "Henkilöstö: Rakennusvalvonta"
_ZONE = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True, slots=True)
class Stage:
    """A running trial."""

    play: Play
    state: StateFolder
    port: int

    @asynccontextmanager
    async def citizen(self) -> AsyncIterator[tuple[Person, str]]:
        """The citizen and their chat with the service."""
        async with person_of(self.state, self.port, "kuntalainen") as person:
            yield person, await _greeted(person)

    @asynccontextmanager
    async def official(self) -> AsyncIterator[tuple[Person, str]]:
        async with person_of(self.state, self.port, "rakennustarkastaja") as person:
            yield person, await _greeted(person)


async def _greeted(person: Person) -> str:
    room = await person.chat_with(service_of(person))
    await person.hear(room)
    return room


def _first_line(heard: Heard) -> str:
    return heard.body.split("\n")[0]


def _words(content: Mapping[str, Any]) -> str:
    """A message's words, or an edited one's new ones."""
    return str(content.get("m.new_content", content).get("body", ""))


def _holding(*parts: str) -> Any:
    return lambda content: all(part in _words(content) for part in parts)


def _edited(*parts: str) -> Any:
    return lambda content: "m.new_content" in content and all(part in _words(content) for part in parts)


def _moment(stage: Stage, number: str) -> str:
    """The appointment's time as it is written now."""
    start = appointment_of(stage.state, number).start
    return times.moment(start, _ZONE, Language.FI, datetime.now(UTC))


async def book(stage: Stage) -> str:
    """From the greeting to the room and the card. Returns the booking's number."""
    play = stage.play
    async with play.step("the citizen logs in and is greeted"), stage.citizen():
        pass
    async with stage.citizen() as (citizen, chat), stage.official() as (official, _):
        async with play.step("the citizen asks for free times") as said:
            said += ["!ajat rakennuslupa ensi viikolla"]
            said.append((await citizen.ask(chat, f"!ajat {_SERVICE} ensi viikolla", "Vapaat")).body)
        number = await _confirmed(stage, citizen, chat, "1")
        async with play.step("both are in the appointment's room") as said:
            own = await citizen.room_named(_ROOM)
            said.append(_first_line(await citizen.hear(own, number)))
            if official.user_id not in await citizen.members(own):
                raise RuntimeError("the official was not invited")
        async with play.step("the official sees the card in the unit's room") as said:
            wall = await official.room_named(_WALL)
            said.append((await official.hear(wall, number)).body)
    return number


async def _confirmed(stage: Stage, citizen: Person, chat: str, choice: str) -> str:
    async with stage.play.step("the citizen chooses a time, which is held, and confirms it") as said:
        said += [choice, (await citizen.ask(chat, choice, "Varataanko")).body]
        confirmed = await citizen.ask(chat, "1", "Varausnumero")
        said += ["1", confirmed.body]
    return confirmed.body.split("Varausnumero: ")[1].split()[0]


async def move(stage: Stage, number: str) -> None:
    async with (
        stage.play.step("the citizen moves it to another time, and the card is edited") as said,
        stage.citizen() as (citizen, chat),
        stage.official() as (official, _),
    ):
        line = f"!siirrä {number} ensi viikolla"
        said += [line, (await citizen.ask(chat, line, "Vapaat")).body]
        said += ["2", (await citizen.ask(chat, "2", number)).body]
        said.append((await official.hear(ANYWHERE, _edited(_moment(stage, number), number))).body)


async def remind(stage: Stage, number: str) -> None:
    step = stage.play.step("the reminder comes, after a restart with the clock moved")
    async with step as said, person_of(stage.state, stage.port, "kuntalainen") as citizen:
        said.append((await citizen.hear(ANYWHERE, _holding("Muistutus", number))).body)


async def fall_ill(stage: Stage, number: str) -> None:
    """The official is away on the day of the appointment: the citizen is asked, and chooses."""
    day = appointment_of(stage.state, number).start.astimezone(_ZONE)
    async with stage.citizen() as (citizen, _), stage.official() as (official, chat):
        async with stage.play.step("the official is away that day: one command") as said:
            line = f"!poissa {day.day}.{day.month}.{day.year}"
            said += [line, (await official.ask(chat, line)).body]
            said += ["1", (await official.ask(chat, "1")).body]
        async with stage.play.step("the citizen is asked, chooses a new time, and the card is edited") as said:
            asked = await citizen.hear(ANYWHERE, _holding("on poissa"))
            said += [asked.body, "1", (await citizen.ask(asked.room_id, "1", "Varausnumero")).body]
            said.append((await official.hear(ANYWHERE, _edited(_moment(stage, number), number))).body)
        async with stage.play.step("the official is back") as said:
            said += ["!poissa peru", (await official.ask(chat, "!poissa peru")).body]


async def miss(stage: Stage, number: str) -> None:
    """The citizen does not come; or so it seemed."""
    async with stage.official() as (official, chat):
        async with stage.play.step("the citizen does not come, after a restart with the clock moved") as said:
            said += [f"!ei-saapunut {number}", (await official.ask(chat, f"!ei-saapunut {number}")).body]
            said.append((await official.hear(ANYWHERE, _edited("ei saapunut", number))).body)
        async with stage.play.step("the official corrects it") as said:
            said += [f"!valmis {number}", (await official.ask(chat, f"!valmis {number}")).body]
            said.append((await official.hear(ANYWHERE, _edited("Hoidettu", number))).body)


async def cancel(stage: Stage) -> None:
    """Another booking, which the citizen cancels."""
    async with stage.citizen() as (citizen, chat), stage.official() as (official, _):
        async with stage.play.step("the citizen asks for another time") as said:
            said.append((await citizen.ask(chat, f"!varaa {_SERVICE} ensi viikolla", "Vapaat")).body)
        number = await _confirmed(stage, citizen, chat, "3")
        async with stage.play.step("the citizen cancels, and the card says so") as said:
            said += [f"!peru {number}", (await citizen.ask(chat, f"!peru {number}", number)).body]
            said.append((await official.hear(ANYWHERE, _edited("perui", number))).body)
