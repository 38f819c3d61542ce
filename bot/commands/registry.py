"""All commands by every name they have. Nothing else lists them: help, parsing and documentation read this."""

from dataclasses import dataclass
from typing import Any

from bot.commands import advice, booking, calendars, choosing, general, moving, officials, own, waitinglist
from bot.commands.spec import Command
from bot.domain.language import Language
from bot.domain.matching import fold, nearest_word

COMMANDS: tuple[Command[Any], ...] = (
    booking.TIMES,
    booking.BOOK,
    own.BOOKINGS,
    moving.MOVE,
    own.CANCEL,
    waitinglist.NOTIFY,
    calendars.CALENDAR,
    choosing.HOLD,
    choosing.CONFIRM,
    choosing.RELEASE,
    general.SERVICES,
    general.help_command(lambda: COMMANDS),
    general.LANGUAGE,
    advice.SHOW,
    advice.ASK,
    advice.OTHER,
    *officials.COMMANDS,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, the language of the name it was called by, and the rest of the line."""

    command: Command[Any]
    language: Language
    line: str


def find(line: str) -> Typed | None:
    """The command of a line whose first word is exactly one of its names; `!Päivä` and `!paiva` are alike."""
    word, _, rest = line.strip().removeprefix("!").lstrip().partition(" ")
    found = _BY_NAME.get(fold(word))
    return None if found is None else Typed(*found, rest)


def nearest(line: str, language: Language) -> str | None:
    """The name that a mistyped command is closest to, in the person's language first. Never executed."""
    word = fold(line.strip().removeprefix("!").lstrip().partition(" ")[0])
    listed = [command for command in COMMANDS if not command.hidden]
    own = {fold(command.names.in_(language)): command.names.in_(language) for command in listed}
    close = nearest_word(word, own) or nearest_word(word, (n for n, (c, _) in _BY_NAME.items() if not c.hidden))
    if close is None:
        return None
    command, spoken = _BY_NAME[close]
    return command.names.in_(spoken)


def _names() -> dict[str, tuple[Command[Any], Language]]:
    names: dict[str, tuple[Command[Any], Language]] = {}
    for command in COMMANDS:
        for language in Language:
            name = fold(command.names.in_(language))
            if name in names:
                raise ValueError(f"two commands are called {name}")
            names[name] = command, language
    return names


_BY_NAME = _names()
