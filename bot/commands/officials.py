"""The commands of officials in the order in which help shows them, and what citizens use besides."""

from typing import Any

from bot.commands import (
    absence,
    conference_commands,
    guests,
    handover,
    hours,
    recurring,
    staff,
    staff_advice,
    substitution,
    teaching,
    visits,
    week,
)
from bot.commands.spec import Command

COMMANDS: tuple[Command[Any], ...] = (
    staff.DAY,
    week.WEEK,
    hours.HOURS,
    visits.DONE,
    visits.MISSED,
    handover.MOVE_BOOKING,
    recurring.BOOK_FOR,
    absence.AWAY,
    guests.INVITE,
    substitution.SUBSTITUTE,
    *conference_commands.COMMANDS,
    *staff_advice.COMMANDS,
    *teaching.COMMANDS,
)
