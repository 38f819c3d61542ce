"""The day's list on a unit's wall, in the town's language."""

from collections.abc import Sequence
from datetime import date

from bot.domain.language import Language, Text
from bot.text import times
from bot.text.notices import Visit
from bot.text.reply import Inline, Reply, Strong, bullets, say

MOST = 60
"""Visits that are written out."""

_HEAD = Text(fi="Päivän varaukset, {d}: {n}", sv="Dagens bokningar, {d}: {n}", en="The day's bookings, {d}: {n}")
_MORE = Text(fi="Loput: !päivä", sv="Resten: !dag", en="The others: !day")


def morning(day: date, visits: Sequence[Visit], language: Language) -> Reply:
    """One line a visit in order of time; of a confidential unit the time and the number alone."""
    head = _HEAD.format(d=times.day(day, language, day), n=len(visits)).in_(language)
    more = say(_MORE.in_(language)) if len(visits) > MOST else Reply(())
    return say(Strong(head)) + bullets(*(_line(visit, language) for visit in visits[:MOST])) + more


def _line(visit: Visit, language: Language) -> tuple[Inline, ...]:
    zone, appointment = visit.municipality.time_zone, visit.appointment
    span = "–".join(times.clock(at, zone, language) for at in (appointment.start, appointment.end))
    open_words = [] if visit.unit.confidential else [visit.service.name, visit.official.title]
    rest = " · ".join([*(words.in_(language) for words in open_words), appointment.number])
    return Strong(span), f" · {rest}"
