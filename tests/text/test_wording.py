from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.domain.availability import Slot
from bot.domain.booking import Appointment, Party, State
from bot.domain.directory import Municipality, Official, Service, Unit, WeeklyHours
from bot.domain.ids import AppointmentId, OfficialId, ServiceId, UnitId, UserId
from bot.domain.jobs import ReminderKind
from bot.domain.language import Language, Text
from bot.domain.refusals import (
    AlreadyCancelled,
    Closed,
    NoFreeTimes,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToCancel,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)
from bot.text import cards, notices
from bot.text.notices import Visit
from bot.text.render import html, plain
from bot.text.reply import Choices, Reply
from bot.text.wording import Hearer, refusal

ZONE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2027, 1, 11, 6, tzinfo=UTC)
START = datetime(2027, 1, 12, 7, tzinfo=UTC)
OFFICIAL = OfficialId("o")
SERVICE = Service(
    ServiceId("s"),
    UnitId("u"),
    Text(fi="Rakennusluvat", sv="Bygglov", en="Building permits"),
    (OFFICIAL,),
    bring=Text(fi="Luonnos", sv="Skiss", en="Sketch"),
)
NEAREST = tuple(Slot(START + timedelta(minutes=30 * n), (OFFICIAL,)) for n in range(1, 4))
HOLIDAY = Text(fi="Loppiainen", sv="Trettondagen", en="Epiphany")

WITH_TIMES: list[Refusal] = [
    SlotTaken(SERVICE, START, NEAREST),
    OutsideHours(SERVICE, START, NEAREST),
    Closed(SERVICE, date(2027, 1, 6), HOLIDAY, NEAREST),
    TooSoon(SERVICE, START, NEAREST),
]
REFUSALS: list[Refusal] = [
    *WITH_TIMES,
    TooFar(SERVICE, date(2027, 3, 12)),
    NoFreeTimes(SERVICE),
    TooManyOpen(SERVICE, 3),
    UnknownAppointment("AB2CD3"),
    TooLateToCancel(SERVICE, START),
    AlreadyCancelled("AB2CD3"),
]


def hearer(language: Language, phone: str = "") -> Hearer:
    return Hearer(language, ZONE, NOW, phone)


def name(no: Refusal) -> str:
    return type(no).__name__


def differ(replies: list[Reply]) -> bool:
    """Every paragraph has words, and no two languages the same."""
    assert all(plain(reply).strip() and html(reply).strip() for reply in replies)
    return all(plain(one) != plain(two) for one, two in combinations(replies, 2))


def test_every_refusal_is_tested_here() -> None:
    assert {type(no) for no in REFUSALS} == set(get_args(Refusal))


@pytest.mark.parametrize("phone", ["", "06 000"])
@pytest.mark.parametrize("no", REFUSALS, ids=name)
def test_every_refusal_has_words_in_three_languages(no: Refusal, phone: str) -> None:
    assert differ([refusal(no, hearer(language, phone)) for language in Language])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("no", REFUSALS, ids=name)
def test_no_placeholder_is_left(no: Refusal, language: Language) -> None:
    assert not set("{}") & set(plain(refusal(no, hearer(language, "06 000"))))


@pytest.mark.parametrize("no", WITH_TIMES, ids=name)
def test_the_nearest_times_are_choices(no: Refusal) -> None:
    [listed] = [block for block in refusal(no, hearer(Language.FI)).blocks if isinstance(block, Choices)]
    assert listed.items == (("ti 12.1. klo 9.30",), ("ti 12.1. klo 10.00",), ("ti 12.1. klo 10.30",))


def test_without_nearest_times_there_is_nothing_to_choose() -> None:
    reply = refusal(SlotTaken(SERVICE, START, ()), hearer(Language.FI, "06 000"))
    assert not [block for block in reply.blocks if isinstance(block, Choices)]
    assert "06 000" in plain(reply)


@pytest.mark.parametrize("no", [NoFreeTimes(SERVICE), TooLateToCancel(SERVICE, START)], ids=name)
def test_where_the_chat_cannot_help_a_number_or_a_desk_is_named(no: Refusal) -> None:
    assert "06 000" in plain(refusal(no, hearer(Language.FI, "06 000")))
    assert "neuvontaan" in plain(refusal(no, hearer(Language.FI)))


@pytest.mark.parametrize("typed", ["{n}", "<b>", "{0}", "}{"])
def test_what_was_typed_is_repeated_and_never_read(typed: str) -> None:
    reply = refusal(UnknownAppointment(typed), hearer(Language.FI))
    assert typed in plain(reply)
    assert "<b>" not in html(reply)


def visit(*, confidential: bool = False, now: datetime = NOW) -> Visit:
    minutes = timedelta(minutes=30)
    return Visit(
        appointment=Appointment(
            AppointmentId(1), "AB2CD3", SERVICE.id, OFFICIAL, UserId("@c:s"), START, START + minutes, State.BOOKED
        ),
        service=SERVICE,
        unit=Unit(SERVICE.unit, Text(fi="Valvonta", sv="Tillsyn", en="Control"), confidential),
        official=Official(
            OFFICIAL, SERVICE.unit, Text(fi="Tarkastaja", sv="Inspektör", en="Inspector"), "o", WeeklyHours()
        ),
        municipality=Municipality("m", "989", Text.same("Kunta"), ZONE, "s"),
        now=now,
    )


def begins_in(minutes: float) -> Visit:
    return visit(now=START - timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [10, 5, 0])
@pytest.mark.parametrize(
    ("language", "come"),
    [(Language.FI, "Tule huoneeseen heti"), (Language.SV, "rummet genast"), (Language.EN, "room now")],
)
def test_where_no_reminder_follows_people_are_called_at_once(minutes: int, language: Language, come: str) -> None:
    assert come in plain(notices.confirmation(begins_in(minutes), language))
    called = {Language.FI: "Tulkaa huoneeseen heti", Language.SV: come, Language.EN: come}[language]
    assert called in plain(notices.welcome(begins_in(minutes), language))


@pytest.mark.parametrize("language", Language)
def test_where_a_reminder_follows_it_is_promised(language: Language) -> None:
    promise = {Language.FI: "Muistutan", Language.SV: "påminner", Language.EN: "remind"}[language]
    assert promise in plain(notices.confirmation(begins_in(10.1), language))
    assert promise not in plain(notices.confirmation(begins_in(10), language))
    assert "heti" not in plain(notices.welcome(begins_in(10.1), language))


@pytest.mark.parametrize("phone", ["", "06 000"])
def test_a_service_that_is_gone_is_not_offered_again(phone: str) -> None:
    told = visit()
    told = replace(told, municipality=replace(told.municipality, phone=phone))
    replies = [notices.withdrawn(told, language, service_stays=False) for language in Language]
    assert differ(replies)
    for reply, word in zip(replies, ("!varaa", "!boka", "!book"), strict=True):
        assert word not in plain(reply)
        assert phone in plain(reply)
        assert not set("{}") & set(plain(reply))


@pytest.mark.parametrize(
    "say",
    [
        notices.confirmation,
        notices.welcome,
        lambda v, language: notices.confirmation(replace(v, now=START), language),
        lambda v, language: notices.welcome(replace(v, now=START), language),
        lambda v, language: notices.withdrawn(v, language, service_stays=True),
        *(lambda v, language, k=kind: notices.reminder(v, k, language) for kind in ReminderKind),
        *(lambda v, language, p=party: notices.cancelled(v, p, language) for party in Party),
    ],
)
def test_every_notice_tells_the_facts_in_three_languages(say: Callable[[Visit, Language], Reply]) -> None:
    replies = [say(visit(), language) for language in Language]
    assert differ(replies)
    for language, reply in zip(Language, replies, strict=True):
        words = plain(reply)
        for needed in (SERVICE.name, SERVICE.bring):
            assert needed.in_(language) in words
        assert "AB2CD3" in words
        assert notices.Visit.when(visit(), language) in words
        assert not set("{}") & set(words)


@pytest.mark.parametrize("confidential", [False, True])
def test_a_confidential_unit_tells_no_subject(*, confidential: bool) -> None:
    told = [
        plain(cards.card(visit(confidential=confidential))),
        *(plain(cards.card(visit(confidential=confidential), party)) for party in Party),
        notices.room_name(visit(confidential=confidential), Language.FI),
    ]
    assert all(("Rakennusluvat" in words) is not confidential for words in told)
    assert "@c:s" not in "".join(told)
