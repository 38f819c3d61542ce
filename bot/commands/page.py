"""The documentation page of all commands, written from their declarations: `docs/commands.md`."""

from typing import Any

from bot.commands.registry import COMMANDS
from bot.commands.spec import Command, Group, Role, Rooms
from bot.domain.language import Language

_INTRODUCTION = (
    "Every command has a name in each language; the name that is typed chooses the language of the answer. "
    "Letters without dots (`!paiva`) are understood. What is missing or ambiguous is asked, with choices that "
    "are answered by number or by tapping the reaction."
)
_LANGUAGES = {Language.FI: "Suomeksi", Language.SV: "På svenska", Language.EN: "In English"}
_GROUPS = {Group.BOOKING: "Appointments", Group.GENERAL: "General", Group.STAFF: "For officials"}
_ROOMS = {
    Rooms.PRIVATE: "in the direct chat",
    Rooms.APPOINTMENT: "in the direct chat and in the appointment's room",
    Rooms.STAFF: "in the direct chat and in the unit's staff room",
    Rooms.WORK: "in the direct chat, in the unit's staff room and in the appointment's room",
    Rooms.ANYWHERE: "in any room with the service",
}


def page() -> str:
    """Markdown, ending in a newline."""
    parts = [
        "# Commands",
        "This page is written by `python -m bot.commands.page` from the commands' declarations.",
        _INTRODUCTION,
    ]
    for group, title in _GROUPS.items():
        parts.append(f"## {title}")
        parts += [_command(command) for command in COMMANDS if command.group is group and not command.hidden]
    return "\n\n".join(parts) + "\n"


def _command(command: Command[Any]) -> str:
    who = "officials" if command.allow is Role.OFFICIAL else "everybody"
    lines = [f"### `!{command.names.fi}`", f"For {who}, {_ROOMS[command.rooms]}."]
    rows = ["| | usage | what it does | examples |", "|---|---|---|---|"]
    for language, title in _LANGUAGES.items():
        examples = ", ".join(f"`{line}`" for line in command.examples.in_(language).split("\n"))
        rows.append(f"| {title} | `{command.usage(language)}` | {command.summary.in_(language)} | {examples} |")
    return "\n\n".join([*lines, "\n".join(rows)])


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is its output
