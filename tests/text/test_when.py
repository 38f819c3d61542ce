"""What people write as a time, in three languages. Now is Tuesday, 24 November 2026, 10.30 in Helsinki."""

from datetime import date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.language import Language
from bot.text import times
from bot.text.when import Bound, DayPart, When, WhenProblem, read_when, resolve

ZONE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)


def read(line: str) -> When:
    return read_when(line, NOW, ZONE)


def on(day: int, month: int, hour: int, minute: int = 0, *, rest: str = "", year: int = 2026) -> When:
    return When(day=date(year, month, day), time=time(hour, minute), rest=rest)


def day(day: int, month: int, *, rest: str = "", year: int = 2026) -> When:
    return When(day=date(year, month, day), rest=rest)


def clock(hour: int, minute: int = 0, *, rest: str = "") -> When:
    return When(time=time(hour, minute), rest=rest)


FINNISH = {
    "rakennuslupa huomenna klo 10": on(25, 11, 10, rest="rakennuslupa"),
    "rakennuslupa to 26.11. 10:00": on(26, 11, 10, rest="rakennuslupa"),
    "to 26.11. klo 10 rakennuslupa": on(26, 11, 10, rest="rakennuslupa"),
    "passi 12.3. 9:00": on(12, 3, 9, rest="passi", year=2027),
    "huomenna rakennuslupa kello 9.15": on(25, 11, 9, 15, rest="rakennuslupa"),
    "ensi maanantaina klo 9": on(30, 11, 9),
    "ens maanantaina klo 9": on(30, 11, 9),
    "maanantai 9.30": on(30, 11, 9, 30),
    "maanantaina yhdeksältä": on(30, 11, 9),
    "maanantaiksi klo 8": on(30, 11, 8),
    "30.11 kl 14": on(30, 11, 14),
    "30.11 klo 14": on(30, 11, 14),
    "26.11.2026 10.00": on(26, 11, 10),
    "26.11.26 klo 10": on(26, 11, 10),
    "2026-11-26 10:00": on(26, 11, 10),
    "2026-11-26T10:00": on(26, 11, 10),
    "26/11 klo 10": on(26, 11, 10),
    "26. marraskuuta klo 10": on(26, 11, 10),
    "26. päivä marraskuuta kello kymmenen": on(26, 11, 10),
    "marraskuun 30. päivä klo 12.15": on(30, 11, 12, 15),
    "30. päivä klo 9": on(30, 11, 9),
    "24. joulukuuta": day(24, 12),
    "12. maaliskuuta 2027": day(12, 3, year=2027),
    "10-10.30": clock(10),
    "huomenna 9-11": on(25, 11, 9),
    "huomenna klo 9 - 11": on(25, 11, 9),
    "torstai 26.11.2026 klo 9.00–9.30": on(26, 11, 9),
    "klo 10": clock(10),
    "klo10": clock(10),
    "Klo. 9": clock(9),
    "kello kymmenen": clock(10),
    "kymmeneltä": clock(10),
    "kello kaksi": clock(14),
    "puoli yhdeksältä": clock(8, 30),
    "puoli yhdeksän": clock(8, 30),
    "puol ysiltä": clock(8, 30),
    "puoli 9": clock(8, 30),
    "varttia vaille kymmenen": clock(9, 45),
    "vartin yli yhdeksän": clock(9, 15),
    "viittä vaille kaksitoista": clock(11, 55),
    "kymmenen yli yhdeksän": clock(9, 10),
    "puoli yksi": clock(12, 30),
    "tasan 12": clock(12),
    "klo 12 tasan": clock(12),
    "noin klo 13": clock(13),
    "klo 13 maissa": clock(13),
    "huomenna 10:ltä": on(25, 11, 10),
    "ke klo 9,30": on(25, 11, 9, 30),
    "tänään": day(24, 11),
    "tänään klo 15": on(24, 11, 15),
    "huomenna": day(25, 11),
    "huomiseksi": day(25, 11),
    "ylihuomenna klo 9": on(26, 11, 9),
    "tiistaina": day(1, 12),
    "tiistaina klo 15": on(24, 11, 15),
    "tiistaina klo 9": on(1, 12, 9),
    "ke": day(25, 11),
    "keskiviikkona kirjasto": day(25, 11, rest="kirjasto"),
    "kirjasto pe": day(27, 11, rest="kirjasto"),
    "to kirjasto 13": on(26, 11, 13, rest="kirjasto"),
    "ensi viikon tiistaina": day(1, 12),
    "ensi torstaina": day(26, 11),
    "tiistaina ensi viikolla klo 10": on(1, 12, 10),
    "viikolla 50 torstaina": day(10, 12),
    "viikon päästä": day(1, 12),
    "kahden viikon päästä maanantaina": day(7, 12),
    "3 päivän kuluttua klo 8": on(27, 11, 8),
    "26.11": day(26, 11),
    "26.11.": day(26, 11),
    "9.30": clock(9, 30),
    "10.30": clock(10, 30),
    "9.10": clock(9, 10),
    "9.10.": day(9, 10, year=2027),
    "klo 9.10": clock(9, 10),
    "26.11. 9.10": on(26, 11, 9, 10),
    "huomenna 9.10": on(25, 11, 9, 10),
    "9.12 klo 10": on(9, 12, 10),
    "9.12 10.15": on(9, 12, 10, 15),
    "9.12. 9.12": on(9, 12, 9, 12),
    "29.2.": day(29, 2, year=2028),
    "24.11.": day(24, 11),
    "23.11.": day(23, 11, year=2027),
    "rakennus- ja ympäristölupa huomenna 9": on(25, 11, 9, rest="rakennus- ja ympäristölupa"),
    "HUOMENNA KLO 10!!!": on(25, 11, 10),
    "tanaan klo 15": on(24, 11, 15),
    "\u202ehuomenna\u202c klo\u200b 10": on(25, 11, 10),
    "huomenna klo 10": on(25, 11, 10),
}
SWEDISH_AND_ENGLISH = {
    "bygglov i morgon 10": on(25, 11, 10, rest="bygglov"),
    "bygglov imorgon kl. 10": on(25, 11, 10, rest="bygglov"),
    "på torsdag kl 9.30": on(26, 11, 9, 30),
    "tors 26.11 kl. 9.00": on(26, 11, 9),
    "pass den 26 november klockan 10": on(26, 11, 10, rest="pass"),
    "den 26:e kl 9": on(26, 11, 9),
    "halv nio på fredag": on(27, 11, 8, 30),
    "kvart i tio": clock(9, 45),
    "kvart över tio i övermorgon": on(26, 11, 10, 15),
    "idag": day(24, 11),
    "i dag kl. 15": on(24, 11, 15),
    "må kl 9": on(30, 11, 9),
    "lö": day(28, 11),
    "nästa torsdag": day(3, 12),
    "tisdag nästa vecka": day(1, 12),
    "om två veckor": day(8, 12),
    "building permit on Thursday at 2 pm": on(26, 11, 14, rest="building permit"),
    "tomorrow at 9:30am": on(25, 11, 9, 30),
    "today": day(24, 11),
    "Thu 26 Nov at 9:00": on(26, 11, 9),
    "Nov 26th at 10": on(26, 11, 10),
    "the day after tomorrow at noon": on(26, 11, 12),
    "quarter to ten tomorrow": on(25, 11, 9, 45),
    "half past nine on Friday": on(27, 11, 9, 30),
    "10 o'clock tomorrow": on(25, 11, 10),
    "next Monday": day(30, 11),
    "next Thursday": day(3, 12),
    "in 3 days": day(27, 11),
    "from 9 to 11 tomorrow": on(25, 11, 9),
    "to renew passport tomorrow at 9": on(25, 11, 9, rest="to renew passport"),
    "bygglov tomorrow klo 10": on(25, 11, 10, rest="bygglov"),
}
WISHES = {
    "ylihuomenna aamupäivällä": When(day=date(2026, 11, 26), part=DayPart.MORNING),
    "tänä iltapäivänä": When(day=date(2026, 11, 24), part=DayPart.AFTERNOON),
    "i eftermiddag": When(day=date(2026, 11, 24), part=DayPart.AFTERNOON),
    "huomenna iltapäivällä klo 2": When(day=date(2026, 11, 25), time=time(14), part=DayPart.AFTERNOON),
    "aamulla klo 8": When(time=time(8), part=DayPart.MORNING),
    "illalla kello 6": When(time=time(18), part=DayPart.EVENING),
    "ensi viikolla": When(week=date(2026, 11, 30)),
    "next week": When(week=date(2026, 11, 30)),
    "nästa vecka bygglov": When(week=date(2026, 11, 30), rest="bygglov"),
    "viikolla 53": When(week=date(2026, 12, 28)),
    "viikolla 2": When(week=date(2027, 1, 11)),
    "klo 12 jälkeen": When(time=time(12), bound=Bound.NOT_BEFORE),
    "före kl. 10 på fredag": When(day=date(2026, 11, 27), time=time(10), bound=Bound.NOT_AFTER),
    "ennen perjantaita": When(day=date(2026, 11, 27), bound=Bound.NOT_AFTER),
    "heti": When(earliest=True),
    "rakennuslupa mahdollisimman pian": When(earliest=True, rest="rakennuslupa"),
    "first available": When(earliest=True),
    "aikaisin aika": When(earliest=True),
    "ensimmäinen vapaa aika huomenna": When(day=date(2026, 11, 25), earliest=True),
    "så snart som möjligt": When(earliest=True),
}
PROBLEMS = {
    "31.2.": WhenProblem.NO_SUCH_DATE,
    "31.4. klo 10": WhenProblem.NO_SUCH_DATE,
    "29.2.2027": WhenProblem.NO_SUCH_DATE,
    "32.1.": WhenProblem.NO_SUCH_DATE,
    "31.13.": WhenProblem.NO_SUCH_DATE,
    "0.0.": WhenProblem.NO_SUCH_DATE,
    "1.1.0000": WhenProblem.NO_SUCH_DATE,
    "40. päivä": WhenProblem.NO_SUCH_DATE,
    "viikolla 54": WhenProblem.NO_SUCH_DATE,
    "25:00": WhenProblem.NO_SUCH_TIME,
    "huomenna klo 25": WhenProblem.NO_SUCH_TIME,
    "25.00": WhenProblem.NO_SUCH_TIME,
    "klo 9.75": WhenProblem.NO_SUCH_TIME,
    "13 pm": WhenProblem.NO_SUCH_TIME,
    "eilen": WhenProblem.PAST,
    "igår kl. 10": WhenProblem.PAST,
    "1.1.2026": WhenProblem.PAST,
    "tänään klo 9": WhenProblem.PAST,
    "to 25.11. klo 10": WhenProblem.WEEKDAY_MISMATCH,
    "ke tai to klo 10": WhenProblem.SEVERAL,
    "huomenna klo 10 tai 11": WhenProblem.SEVERAL,
    "28.3.2027 klo 3.30": WhenProblem.SKIPPED,
}
NOT_TIMES = (
    *("", "10", "rakennuslupa", "rakennuslupa 2", "kaksi viikkoa", "#2", "12.75", "lupa 99", "maanantaikerho"),
    *("building permit or parking permit", "talk to us", "one two", "klockrent", "the library"),
)


@pytest.mark.parametrize(("line", "expected"), (FINNISH | SWEDISH_AND_ENGLISH | WISHES).items())
def test_a_line_is_read(line: str, expected: When) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(("line", "problem"), PROBLEMS.items())
def test_what_cannot_be_is_said(line: str, problem: WhenProblem) -> None:
    assert read(line).problem is problem


@pytest.mark.parametrize("line", NOT_TIMES)
def test_what_is_no_time_is_left_alone(line: str) -> None:
    assert read(line) == When(rest=line)
    assert read(line).is_empty


def test_there_are_at_least_sixty_finnish_examples() -> None:
    assert len(FINNISH) >= 60


def test_words_may_come_one_by_one() -> None:
    assert read_when(["huomenna", "klo", "10"], NOW, ZONE) == on(25, 11, 10)


def test_now_may_be_given_in_any_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert read_when("huomenna", late, ZONE).day == date(2026, 11, 26)


def test_a_time_that_comes_twice_is_the_earlier_one() -> None:
    found = resolve(date(2027, 10, 31), time(3, 30), ZONE)
    assert found is not None
    assert found.utcoffset() == timedelta(hours=3)
    assert read("31.10.2027 klo 3.30").problem is None


@pytest.mark.parametrize(("hour", "minute"), [(3, 0), (3, 30), (3, 59)])
def test_a_time_that_the_clocks_skip_is_none(hour: int, minute: int) -> None:
    assert resolve(date(2027, 3, 28), time(hour, minute), ZONE) is None


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_ends_of_the_calendar_raise_nothing(edge: date) -> None:
    resolve(edge, time(0, 0), ZONE)
    resolve(edge, time(23, 59), ZONE)


PIECES = st.sampled_from(
    [
        *("klo", "to", "9.10", "9.10.", "10", "-", "tai", "huomenna", "26.11.", "31.2.", "ensi", "viikolla", "99"),
        *("2027", "päivä", "marraskuuta", "jälkeen", "pm", "puoli", "kymmenen", "9-", "-9", "1.1.9999", "i", "den"),
        *("29.2.", "vecka", "53", "om", "99", "veckor", "heti", "25:00", "\u202e", ".", "🎉", "lupa", "0.0.0000"),
    ]
)


@given(st.one_of(st.text(max_size=10_000), st.lists(PIECES, max_size=60).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_no_text_raises(line: str) -> None:
    assert isinstance(read(line), When)


BASE = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
DST_DAYS = st.sampled_from([datetime(2026, 10, 25), datetime(2027, 3, 28), datetime(2027, 10, 31)])  # noqa: DTZ001 (a wall date)


@given(
    now=st.integers(0, 365 * 24 * 60).map(lambda minutes: BASE + timedelta(minutes=minutes)),
    ahead=st.integers(0, 365 * 24 * 60),
    language=st.sampled_from(Language),
)
@settings(max_examples=500, deadline=None)
def test_what_is_written_is_read_back_to_the_minute(now: datetime, ahead: int, language: Language) -> None:
    check_round_trip(now, (now + timedelta(minutes=ahead)).astimezone(ZONE), language)


@given(day=DST_DAYS, minutes=st.integers(0, 24 * 60 - 1), language=st.sampled_from(Language))
@settings(max_examples=300, deadline=None)
def test_so_it_is_on_the_days_of_clock_changes(day: datetime, minutes: int, language: Language) -> None:
    start = day.replace(tzinfo=ZONE).astimezone(ZoneInfo("UTC"))
    check_round_trip(start - timedelta(days=100), (start + timedelta(minutes=minutes)).astimezone(ZONE), language)


def check_round_trip(now: datetime, at: datetime, language: Language) -> None:
    end = at + timedelta(minutes=30)
    for written in (
        times.moment(at, ZONE, language, now),
        times.moment_nearby(at, ZONE, language, now),
        times.moment_in_full(at, ZONE, language),
        times.span(at, end, ZONE, language, now) if end.date() == at.date() else times.moment(at, ZONE, language, now),
    ):
        found = read_when(written, now, ZONE)
        assert found == When(day=at.date(), time=at.time()), written
        assert found.day is not None
        assert found.time is not None
        assert resolve(found.day, found.time, ZONE) == at.replace(fold=0), written


@pytest.mark.parametrize(
    "piece",
    [
        *("klo ", "9.10 ", "9-", ".", "to ", "1", "tai ", "10 - ", "ﷺ", "noin ", "26.11. 9.10 ", "den 26 ", "i "),
        *("puoli ", "ensi ", "1.", ":", "26.", "9,10", "viikon päästä "),
    ],
)
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    """Four times the text may take eight times as long, where a quadratic reader takes sixteen."""
    short, long = (piece * 10_000)[:2_500], (piece * 10_000)[:10_000]
    assert cost(long) < 8 * cost(short) + 0.05
    assert cost(long) < 2


def cost(line: str) -> float:
    """Seconds of processor time, the best of three."""

    def once() -> float:
        start = process_time()
        read(line)
        return process_time() - start

    return min(once() for _ in range(3))
