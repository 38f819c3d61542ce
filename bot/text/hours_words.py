"""Working hours in words: the week of an official, single days that differ, and what a change touches."""

from collections.abc import Sequence
from datetime import date, time

from bot.domain.directory import Span, WeeklyHours
from bot.domain.language import Language, Text
from bot.text.times import day as written_day

HOURS_WORD = Text(fi="!työaika", sv="!arbetstid", en="!hours")
AWAY = Text(fi="poissa", sv="borta", en="away")
CLOSED = Text(fi="suljettu", sv="stängt", en="closed")
NO_HOURS = Text(fi="ei työaikaa", sv="ingen arbetstid", en="no hours")
HEAD = Text(fi="Työaikasi", sv="Din arbetstid", en="Your hours")
EXCEPTIONS = Text(fi="Poikkeavat päivät", sv="Avvikande dagar", en="Days that differ")
HOW = Text(
    fi="Muuta näin: !työaika ma 9-15, yksi päivä: !työaika 24.12. 9-12, takaisin: !työaika 24.12. normaali",
    sv="Ändra så här: !arbetstid mån 9-15, en dag: !arbetstid 24.12 9-12, tillbaka: !arbetstid 24.12 normal",
    en="Change them like this: !hours Mon 9-15, one day: !hours 24.12. 9-12, back: !hours 24.12. normal",
)
EVERY_WEEK = Text(
    fi="Työaikasi joka viikko: {d} {h}.", sv="Din arbetstid varje vecka: {d} {h}.", en="Your hours every week: {d} {h}."
)
THAT_DAY = Text(fi="Työaikasi {d}: {h}.", sv="Din arbetstid {d}: {h}.", en="Your hours on {d}: {h}.")
NORMAL_AGAIN = Text(
    fi="Työaikasi {d} on taas kuten viikolla yleensä: {h}.",
    sv="Din arbetstid {d} är åter som vanligt: {h}.",
    en="Your hours on {d} are as usual again: {h}.",
)
CANNOT_READ = Text(
    fi="En saanut selvää kellonajoista. Kirjoita ne näin: 9-12 13-15, viiden minuutin tarkkuudella.",
    sv="Jag förstod inte klockslagen. Skriv dem så här: 9-12 13-15, med fem minuters noggrannhet.",
    en="I could not read the times. Write them like this: 9-12 13-15, in steps of five minutes.",
)
PAST = Text(fi="Se päivä on jo mennyt.", sv="Den dagen har redan gått.", en="That day has already passed.")
OUTSIDE = Text(
    fi="Nämä varaukset jäävät työajan ulkopuolelle. Ne ovat yhä voimassa: siirrä ne tarvittaessa (!siirrä-varaus).",
    sv="De här bokningarna hamnar utanför arbetstiden. De gäller ändå: flytta dem vid behov (!flytta-bokning).",
    en="These bookings now lie outside your hours. They still stand: move them if needed (!move-booking).",
)
NOTHING = Text(fi="ei varauksia", sv="inga bokningar", en="no appointments")
_WEEKDAYS = {
    Language.FI: ("ma", "ti", "ke", "to", "pe", "la", "su"),
    Language.SV: ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def weekday(number: int, language: Language) -> str:
    return _WEEKDAYS[language][number]


def spans(several: Sequence[Span], language: Language, none: Text = NO_HOURS) -> str:
    """`9.00–12.00, 13.00–15.00`, or the word for none."""
    written = ", ".join(f"{_clock(s.start, language)}–{_clock(s.end, language, ends=True)}" for s in several)
    return written or none.in_(language)


def _clock(at: time, language: Language, *, ends: bool = False) -> str:
    hour = 24 if ends and at == time() else at.hour
    return f"{hour}{':' if language is Language.EN else '.'}{at.minute:02}"


def week(hours: WeeklyHours, language: Language) -> list[str]:
    """A row for each day that has hours."""
    return [f"{weekday(number, language)} {spans(day, language)}" for number, day in enumerate(hours.days) if day] or [
        NO_HOURS.in_(language)
    ]


def exception(day: date, several: Sequence[Span], language: Language, today: date) -> str:
    return f"{written_day(day, language, today)} {spans(several, language, AWAY)}"
