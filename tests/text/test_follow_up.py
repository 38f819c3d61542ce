from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.config.closures import holiday_closures
from bot.text.follow_up import Aspect, FollowUp, read_follow_up
from bot.text.named_days import read_day

ZONE = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
HOLIDAYS = holiday_closures(range(2026, 2028))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("onko kirjasto auki lauantaina", date(2026, 12, 5)),
        ("onko kirjasto auki jouluaattona", date(2026, 12, 24)),
        ("aukeaako halli itsenäisyyspäivänä?", date(2026, 12, 6)),
        ("onko uimahalli kiinni loppiaisena", date(2027, 1, 6)),
        ("är det öppet på julafton", date(2026, 12, 24)),
        ("is the library open on Christmas Day", date(2026, 12, 25)),
        ("mistä saan joulukuusen", None),
        ("", None),
    ],
)
def test_the_asked_day_is_read_also_by_the_name_of_a_holiday(words: str, day: date | None) -> None:
    assert read_day(words, MONDAY, ZONE, HOLIDAYS)[0] == day


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("entä lauantaina?", FollowUp(Aspect.HOURS, date(2026, 12, 5))),
        ("entä jouluaattona", FollowUp(Aspect.HOURS, date(2026, 12, 24))),
        ("och på lördag", FollowUp(Aspect.HOURS, date(2026, 12, 5))),
        ("what about sunday", FollowUp(Aspect.HOURS, date(2026, 12, 6))),
        ("onko se auki huomenna", FollowUp(Aspect.HOURS, date(2026, 12, 1))),
        ("när öppnar det", FollowUp(Aspect.HOURS, None)),
        ("mitä se maksaa", FollowUp(Aspect.PRICE, None)),
        ("vad kostar det?", FollowUp(Aspect.PRICE, None)),
        ("how much does it cost", FollowUp(Aspect.PRICE, None)),
        ("missä se on", FollowUp(Aspect.PLACE, None)),
        ("where is it", FollowUp(Aspect.PLACE, None)),
        ("mikä puhelinnumero siellä on", FollowUp(Aspect.PHONE, None)),
    ],
)
def test_short_words_about_the_same_are_a_follow_up(words: str, wanted: FollowUp) -> None:
    assert read_follow_up(words, MONDAY, ZONE, HOLIDAYS) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "entä uimahalli lauantaina?",
        "mitä maksaa uimahallin lippu",
        "var kan jag simma",
        "kiitos",
        "mitä siellä on",
        "entä",
        "",
        "onko se auki huomenna ja voiko siellä lainata suksia koko perheelle",
        "x" * 10_000,
    ],
)
def test_what_names_something_else_is_a_question_of_its_own(words: str) -> None:
    assert read_follow_up(words, MONDAY, ZONE, HOLIDAYS) is None
