"""Opening hours of a service in words: one asked day, and the usual week. What is not said is "not known"."""

from datetime import date

from bot.domain.catalogue import ChannelKind, Entry, OpeningHours
from bot.domain.language import Language, Text
from bot.text import hours_words
from bot.text.when_wording import day_nearby

_OPEN = Text(fi="{d}: avoinna {h}", sv="{d}: öppet {h}", en="{d}: open {h}")
_CLOSED = Text(fi="{d}: suljettu", sv="{d}: stängt", en="{d}: closed")
_UNKNOWN = Text(fi="{d}: aukiolo ei ole tiedossa", sv="{d}: öppettiden är inte känd", en="{d}: hours are not known")
_HOLIDAY = Text(
    fi="{n}: poikkeavista aukioloajoista ei ole tietoa. Varmista ennen kuin lähdet.",
    sv="{n}: avvikande öppettider är inte kända. Kontrollera innan du går.",
    en="{n}: it is not known whether the hours differ. Please check before you go.",
)


def hours_of(entry: Entry) -> tuple[OpeningHours | None, ChannelKind | None]:
    """The entry's own, else those of its place; else those of another channel, and then of which kind it is."""
    if entry.hours is not None:
        return entry.hours, None
    having = sorted((one for one in entry.channels if one.hours), key=lambda one: one.kind is not ChannelKind.PLACE)
    first = next(iter(having), None)
    return (None, None) if first is None else (first.hours, None if first.kind is ChannelKind.PLACE else first.kind)


def on_day(hours: OpeningHours | None, day: date, today: date, language: Language) -> str:
    """`Huomenna ke 25.11.: avoinna 10.00–19.00`."""
    written = day_nearby(day, language, today)
    found = None if hours is None else hours.on(day)
    if found is None:
        return _UNKNOWN.format(d=written).in_(language)
    if not found:
        return _CLOSED.format(d=written).in_(language)
    return _OPEN.format(d=written, h=hours_words.spans(found, language)).in_(language)


def caution(hours: OpeningHours | None, day: date, language: Language, holiday: Text | None) -> str:
    """Said of a holiday for which the catalogue names no exception; else empty."""
    told = hours is not None and any(one.covers(day) for one in hours.exceptions)
    return "" if holiday is None or hours is None or told else _HOLIDAY.format(n=holiday.in_(language)).in_(language)
