"""How dates, times of day, spans and durations are written in Finnish, Finland-Swedish and English.

Finnish follows Kielitoimiston ohjepankki (weekday abbreviation without a full stop, `26.11.`, `klo 9.00`,
an en dash without blanks in a span); Swedish follows Institutet för de inhemska språken (`26.11` without
the last full stop, `kl. 9.00`); English writes the day before the month and a 24-hour clock.
Everything written here can be read back by `bot.text.when`.

Moments are aware datetimes, written as wall time of the zone that is handed in. The hour that a clock
change repeats is written alike both times. Leaves reading to `bot.text.when`.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.language import Language, Text

_SHORT = {
    Language.FI: ("ma", "ti", "ke", "to", "pe", "la", "su"),
    Language.SV: ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_LONG = {
    Language.FI: ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    Language.SV: ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_AT = Text(fi="klo", sv="kl.", en="at")
_NEAR = (
    Text(fi="tänään", sv="i dag", en="today"),
    Text(fi="huomenna", sv="i morgon", en="tomorrow"),
)
_DAYS = Text(fi="päivää", sv="dagar", en="days")


def moment(at: datetime, zone: ZoneInfo, language: Language, now: datetime) -> str:
    """`to 26.11. klo 9.00`, `tors 26.11 kl. 9.00`, `Thu 26 Nov at 9:00`; the year where it isn't now's.

    Holds no relative word, so it stays true however late it is read: for cards, reminders and calendars.
    """
    on = day(_local(at, zone), language, _local(now, zone))
    return f"{on} {_AT.in_(language)} {clock(at, zone, language)}"


def moment_nearby(at: datetime, zone: ZoneInfo, language: Language, now: datetime) -> str:
    """As `moment`, with today or tomorrow in words before it: for answers that are read at once."""
    distance = (_local(at, zone) - _local(now, zone)).days
    written = moment(at, zone, language, now)
    return f"{_NEAR[distance].in_(language)} {written}" if 0 <= distance < len(_NEAR) else written


def span(start: datetime, end: datetime, zone: ZoneInfo, language: Language, now: datetime) -> str:
    """`to 26.11. klo 9.00–9.30`; a span over midnight is written as two moments."""
    written = moment(start, zone, language, now)
    if _local(start, zone) == _local(end, zone):
        return f"{written}–{clock(end, zone, language)}"
    return f"{written} – {moment(end, zone, language, now)}"


def span_in_full(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> str:
    """`torstai 26.11.2026 klo 9.00–9.30`: weekday and year in full, for calendars, mail and headings."""
    written = moment_in_full(start, zone, language)
    if _local(start, zone) == _local(end, zone):
        return f"{written}–{clock(end, zone, language)}"
    return f"{written} – {moment_in_full(end, zone, language)}"


def moment_in_full(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """`torstai 26.11.2026 klo 9.00`, `torsdag 26.11.2026 kl. 9.00`, `Thursday 26 November 2026 at 9:00`."""
    return f"{day_in_full(_local(at, zone), language)} {_AT.in_(language)} {clock(at, zone, language)}"


def day(on: date, language: Language, today: date) -> str:
    """`to 26.11.`, `tors 26.11`, `Thu 26 Nov`; with the year where it isn't today's."""
    weekday = _SHORT[language][on.weekday()]
    year = on.year != today.year
    if language is Language.EN:
        return f"{weekday} {on.day} {_MONTHS[on.month - 1][:3]}" + (f" {on.year}" if year else "")
    close = "." if language is Language.FI or year else ""
    return f"{weekday} {on.day}.{on.month}{close}" + (str(on.year) if year else "")


def day_in_full(on: date, language: Language) -> str:
    weekday = _LONG[language][on.weekday()]
    if language is Language.EN:
        return f"{weekday} {on.day} {_MONTHS[on.month - 1]} {on.year}"
    return f"{weekday} {on.day}.{on.month}.{on.year}"


def clock(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """The wall clock without its preposition: `9.00` in Finnish and Swedish, `9:00` in English."""
    local = at.astimezone(zone)
    return f"{local.hour}{':' if language is Language.EN else '.'}{local.minute:02}"


def duration(length: timedelta, language: Language) -> str:
    """`30 min`, `1 h 15 min`, and whole days from two on: `3 päivää`. Seconds are dropped; never negative."""
    minutes = max(0, int(length.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48 and not rest and not hours % 24:  # noqa: PLR2004 (two days of 24 hours)
        return f"{hours // 24} {_DAYS.in_(language)}"
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def _local(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
