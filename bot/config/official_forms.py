"""The form of officials, each way: from the file and back to an entry.

What ties one entry to another is checked in `bot.config.checks`.
"""

from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator

from bot.config import fields
from bot.config.form_parts import Form, Name, Week
from bot.config.hours import DayHours, read_span, write_span
from bot.domain.directory import Official, Span
from bot.domain.ids import OfficialId, UnitId
from bot.domain.language import Language


class ExceptionForm(Form):
    """`[[official.exception]]`: the hours of a single day; a day without any is one of absence."""

    day: date
    hours: DayHours = ()

    def spans(self) -> tuple[Span, ...]:
        return tuple(read_span(span) for span in self.hours)

    @classmethod
    def of(cls, day: date, spans: tuple[Span, ...]) -> "ExceptionForm":
        return cls(day=day, hours=tuple(write_span(span) for span in spans))


def _by_day(exceptions: tuple[ExceptionForm, ...]) -> tuple[ExceptionForm, ...]:
    ordered = tuple(sorted(exceptions, key=lambda one: one.day))
    for before, after in pairwise(ordered):
        if before.day == after.day:
            fields.refuse(f"names {after.day} twice", "Write all hours of a day in one list.")
    return ordered


class OfficialForm(Form):
    """`[[official]]`; named hours were put in already."""

    id: fields.Identifier
    unit: fields.Identifier
    title: Name
    account: fields.Localpart
    languages: fields.Languages = (Language.FI,)
    hours: Week
    active: bool = True
    exception: Annotated[tuple[ExceptionForm, ...], AfterValidator(_by_day)] = ()

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Official:
        return Official(
            id=OfficialId(self.id),
            unit=UnitId(self.unit),
            title=self.title.text(),
            account=self.account,
            hours=self.hours.hours(),
            languages=self.languages,
            active=self.active,
            exceptions={one.day: one.spans() for one in self.exception},
        )

    @classmethod
    def of(cls, official: Official) -> "OfficialForm":
        return cls(
            id=official.id,
            unit=official.unit,
            title=Name.of(official.title),
            account=official.account,
            languages=official.languages,
            hours=Week.of(official.hours),
            active=official.active,
            exception=tuple(ExceptionForm.of(day, official.exceptions[day]) for day in sorted(official.exceptions)),
        )
