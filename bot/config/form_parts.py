"""What the forms of `eahtari.toml` share: strictness, names in three languages, a week's hours, keywords.

Leaves the tables themselves to the form modules, such as `bot.config.place_forms`.
"""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, model_validator

from bot.config import fields
from bot.config.hours import WEEKDAYS, DayHours, read_span, write_week
from bot.domain.directory import WeeklyHours
from bot.domain.language import Language, Text


class Form(BaseModel):
    """Unknown keys and wrong types are refused; values are read in JSON's types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Name(Form):
    """A name that every language must have."""

    fi: fields.Name
    sv: fields.Name
    en: fields.Name

    def text(self) -> Text:
        return Text(fi=self.fi, sv=self.sv, en=self.en)

    @classmethod
    def of(cls, text: Text) -> "Name":
        return cls(fi=text.fi, sv=text.sv, en=text.en)


class Prose(Form):
    """Words in all three languages or in none."""

    fi: fields.Prose = ""
    sv: fields.Prose = ""
    en: fields.Prose = ""

    @model_validator(mode="after")
    def _all_or_none(self) -> "Prose":
        lacking = [language for language in Language if not getattr(self, language)]
        if lacking and len(lacking) < len(Language):
            fields.refuse(f"has no words in {', '.join(lacking)}", "Write it in all three languages, or leave it out.")
        return self

    def text(self) -> Text:
        return Text(fi=self.fi, sv=self.sv, en=self.en)

    @classmethod
    def of(cls, text: Text) -> "Prose":
        return cls(fi=text.fi, sv=text.sv, en=text.en)


class Week(Form):
    """Spans by weekday; a day that is left out is closed."""

    mon: DayHours = ()
    tue: DayHours = ()
    wed: DayHours = ()
    thu: DayHours = ()
    fri: DayHours = ()
    sat: DayHours = ()
    sun: DayHours = ()

    def hours(self) -> WeeklyHours:
        return WeeklyHours(tuple(tuple(read_span(span) for span in getattr(self, day)) for day in WEEKDAYS))

    @classmethod
    def of(cls, hours: WeeklyHours) -> "Week":
        return cls(**{day: tuple(spans) for day, spans in write_week(hours).items()})


class Keywords(Form):
    """What people type when they mean the service."""

    fi: tuple[fields.Line, ...] = ()
    sv: tuple[fields.Line, ...] = ()
    en: tuple[fields.Line, ...] = ()

    def by_language(self) -> dict[Language, tuple[str, ...]]:
        return {language: words for language in Language if (words := getattr(self, language))}

    @classmethod
    def of(cls, keywords: Mapping[Language, tuple[str, ...]]) -> "Keywords":
        return cls(**{language.value: words for language, words in keywords.items()})
