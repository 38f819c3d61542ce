from datetime import date, time

import pytest

from bot.domain.catalogue import Channel, ChannelKind, Entry, EntryId, Exceptional, OpeningHours, Season
from bot.domain.directory import Span, WeeklyHours
from bot.domain.language import Language, Text
from bot.text.opening_words import caution, hours_of, on_day

FI, SV, EN = Language.FI, Language.SV, Language.EN
TUESDAY = date(2026, 11, 24)
_OPEN = (Span(time(10), time(12)), Span(time(13), time(19)))
HOURS = OpeningHours(
    (
        Season(WeeklyHours((_OPEN, _OPEN, _OPEN, _OPEN, _OPEN, (), ())), first=date(2026, 9, 1)),
        Season(
            WeeklyHours(((Span(time(8), time(9)),), (), (), (), (), (), ())), date(2026, 12, 14), date(2026, 12, 20)
        ),
    ),
    (Exceptional(date(2026, 12, 24), date(2026, 12, 26)),),
)
CHRISTMAS = Text(fi="Joulupäivä", sv="Juldagen", en="Christmas Day")


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (date(2026, 11, 25), FI, "avoinna 10.00–12.00, 13.00–19.00"),
        (date(2026, 11, 25), SV, "öppet 10.00–12.00, 13.00–19.00"),
        (date(2026, 11, 25), EN, "open 10:00–12:00, 13:00–19:00"),
        (date(2026, 11, 28), FI, "suljettu"),
        (date(2026, 12, 24), FI, "suljettu"),
        (date(2026, 8, 31), FI, "aukiolo ei ole tiedossa"),
    ],
)
def test_the_hours_of_a_day_are_told_with_the_day(day: date, language: Language, words: str) -> None:
    told = on_day(HOURS, day, TUESDAY, language)
    assert told.endswith(f": {words}")
    assert str(day.day) in told


def test_without_hours_it_is_not_known() -> None:
    assert "ei ole tiedossa" in on_day(None, TUESDAY, TUESDAY, FI)


def test_a_holiday_without_an_exception_of_its_own_is_not_promised() -> None:
    assert "Joulupäivä" in caution(HOURS, date(2027, 12, 25), FI, CHRISTMAS)
    assert caution(HOURS, date(2026, 12, 25), FI, CHRISTMAS) == ""
    assert caution(HOURS, TUESDAY, FI, None) == ""
    assert caution(None, date(2027, 12, 25), FI, CHRISTMAS) == ""


def test_hours_are_the_entrys_own_else_those_of_its_place_else_of_another_channel() -> None:
    phone = Channel(ChannelKind.PHONE, {}, "1", hours=OpeningHours())
    place = Channel(ChannelKind.PLACE, {}, "Katu 1", hours=HOURS)

    def entry(hours: OpeningHours | None, *channels: Channel) -> Entry:
        return Entry(EntryId("a"), {FI: "A"}, hours=hours, channels=channels)

    assert hours_of(entry(HOURS, phone)) == (HOURS, None)
    assert hours_of(entry(None, phone, place)) == (HOURS, None)
    assert hours_of(entry(None, phone)) == (phone.hours, ChannelKind.PHONE)
    assert hours_of(entry(None)) == (None, None)
