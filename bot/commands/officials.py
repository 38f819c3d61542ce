"""The commands of officials in the order in which help shows them, and what citizens use besides."""

from typing import Any

from bot.commands import (
    absence,
    advice,
    guests,
    handover,
    hours,
    recurring,
    staff,
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
    advice.QUESTIONS,
    advice.REPLY,
    advice.KEEP_ANSWER,
    advice.ACCEPT_ANSWER,
    *teaching.COMMANDS,
)
