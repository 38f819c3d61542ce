from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.domain.availability import Slot
from bot.domain.booking import Appointment, Party, State
from bot.domain.directory import Identity, Municipality, Official, Place, Service, Unit, WeeklyHours
from bot.domain.ids import AppointmentId, OfficialId, PlaceId, ServiceId, UnitId, UserId
from bot.domain.jobs import ReminderKind
from bot.domain.language import Language, Text
from bot.domain.refusals import (
    AlreadyBooked,
    AlreadyCancelled,
    AlreadyThen,
    Closed,
    HeldTime,
    HoldRanOut,
    IdentityNeeded,
    NoFreeTimes,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToCancel,
    TooLateToMove,
    TooManyHeld,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)
from bot.text import cards, confirmations, notices, waiting_words
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
HELD = HeldTime("AB2CD3", SERVICE, START)
HOLIDAY = Text(fi="Loppiainen", sv="Trettondagen", en="Epiphany")

WITH_TIMES: list[Refusal] = [
    SlotTaken(SERVICE, START, NEAREST),
    OutsideHours(SERVICE, START, NEAREST),
    Closed(SERVICE, date(2027, 1, 6), HOLIDAY, NEAREST),
    TooSoon(SERVICE, START, NEAREST),
    TooFar(SERVICE, date(2027, 3, 12), NEAREST),
    HoldRanOut(SERVICE, START, NEAREST),
]
REFUSALS: list[Refusal] = [
    *WITH_TIMES,
    TooFar(SERVICE, date(2027, 3, 12)),
    NoFreeTimes(SERVICE),
    TooManyOpen(SERVICE, 3),
    TooManyHeld((HELD,)),
    AlreadyBooked("AB2CD3"),
    *(IdentityNeeded(SERVICE, needed) for needed in (Identity.CONTACT, Identity.STRONG)),
    UnknownAppointment("AB2CD3"),
    TooLateToCancel(SERVICE, START),
    TooLateToMove(SERVICE, START),
    AlreadyThen("AB2CD3", START),
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


@pytest.mark.parametrize(
    "no",
    [
        *(NoFreeTimes(SERVICE), TooLateToCancel(SERVICE, START), TooLateToMove(SERVICE, START)),
        *(IdentityNeeded(SERVICE, needed) for needed in (Identity.CONTACT, Identity.STRONG)),
    ],
    ids=name,
)
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


EARLIER = Appointment(
    AppointmentId(1), "AB2CD3", SERVICE.id, OFFICIAL, UserId("@c:s"), NOW, NOW + timedelta(minutes=30), State.BOOKED
)
DESK = Place(PlaceId("p"), Text(fi="Tiski", sv="Disken", en="Desk"), "Kauppatori 1")


def on_the_spot(told: Visit) -> Visit:
    steps = Text(fi="Odota.", sv="Vänta.", en="Wait.")
    return replace(told, service=replace(told.service, remote=False, next_steps=steps), place=DESK)


def begins_in(minutes: float) -> Visit:
    return visit(now=START - timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [10, 5, 0])
@pytest.mark.parametrize(
    ("language", "come"),
    [(Language.FI, "Tule huoneeseen heti"), (Language.SV, "rummet genast"), (Language.EN, "room now")],
)
def test_where_no_reminder_follows_people_are_called_at_once(minutes: int, language: Language, come: str) -> None:
    assert come in plain(confirmations.confirmation(begins_in(minutes), language))
    called = {Language.FI: "Tulkaa huoneeseen heti", Language.SV: come, Language.EN: come}[language]
    assert called in plain(notices.welcome(begins_in(minutes), language))


@pytest.mark.parametrize("language", Language)
def test_where_a_reminder_follows_it_is_promised(language: Language) -> None:
    promise = {Language.FI: "Muistutan", Language.SV: "påminner", Language.EN: "remind"}[language]
    assert promise in plain(confirmations.confirmation(begins_in(10.1), language))
    assert promise not in plain(confirmations.confirmation(begins_in(10), language))
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
        confirmations.confirmation,
        notices.welcome,
        lambda v, language: confirmations.confirmation(replace(v, now=START), language),
        lambda v, language: notices.welcome(replace(v, now=START), language),
        lambda v, language: notices.withdrawn(v, language, service_stays=True),
        lambda v, language: notices.moved(replace(v, appointment=EARLIER), v, language),
        lambda v, language: notices.welcome(on_the_spot(v), language),
        lambda v, language: notices.welcome(replace(on_the_spot(v), now=START), language),
        lambda v, language: confirmations.confirmation(on_the_spot(v), language),
        lambda v, language: confirmations.confirmation(replace(on_the_spot(v), now=START), language),
        *(lambda v, language, k=kind: notices.reminder(v, k, language) for kind in ReminderKind),
        *(lambda v, language, k=kind: notices.reminder(on_the_spot(v), k, language) for kind in ReminderKind),
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


@pytest.mark.parametrize("language", Language)
def test_a_visit_on_the_spot_tells_place_and_address_and_speaks_of_no_meeting_in_the_room(language: Language) -> None:
    told = on_the_spot(visit())
    said = [confirmations.confirmation(told, language), confirmations.summary(told, language)]
    said += [notices.welcome(told, language), *(notices.reminder(told, kind, language) for kind in ReminderKind)]
    meeting = {Language.FI: "huoneessa tav", Language.SV: "rummet möts", Language.EN: "We meet in this room"}[language]
    for words in map(plain, said):
        assert f"{DESK.name.in_(language)}, {DESK.address}" in words
        assert meeting not in words


@pytest.mark.parametrize(("ahead", "offered"), [(timedelta(days=2), False), (timedelta(days=2, minutes=1), True)])
def test_a_time_more_than_two_days_off_makes_the_offer_to_wait(ahead: timedelta, *, offered: bool) -> None:
    told = visit(now=START - ahead)
    for word, language in zip(("!ilmoita s", "!meddela s", "!notify s"), Language, strict=True):
        assert (word in plain(confirmations.confirmation(told, language))) is offered


def test_the_summary_asks_yes_or_no_in_three_languages() -> None:
    replies = [confirmations.summary(visit(), language) for language in Language]
    assert differ(replies)
    for reply in replies:
        assert [len(block.items) for block in reply.blocks if isinstance(block, Choices)] == [2]
        assert "AB2CD3" not in plain(reply)


@pytest.mark.parametrize("booked", [None, EARLIER])
@pytest.mark.parametrize("say", [waiting_words.offer, waiting_words.offer_to_type])
def test_an_earlier_time_is_offered_in_three_languages(
    say: Callable[[waiting_words.Offer, Language], Reply], booked: Appointment | None
) -> None:
    offer = waiting_words.Offer(SERVICE, START, booked, ZONE, NOW)
    assert differ([say(offer, language) for language in Language])
    for language in Language:
        words, lines = plain(say(offer, language)), waiting_words.lines(offer, language)
        assert SERVICE.name.in_(language) in words
        assert not set("{}") & set(words)
        assert lines[0].endswith("2027-01-12 09:00")
        if say is waiting_words.offer_to_type:
            assert all(line in words for line in lines)


@pytest.mark.parametrize("waited", [True, False])
def test_wishes_are_answered_in_three_languages(*, waited: bool) -> None:
    assert differ([waiting_words.waits(SERVICE, language) for language in Language])
    assert differ([waiting_words.stopped(SERVICE, language, waited=waited) for language in Language])


@pytest.mark.parametrize("confidential", [False, True])
def test_a_confidential_unit_tells_no_subject(*, confidential: bool) -> None:
    told = [
        plain(cards.card(visit(confidential=confidential))),
        *(plain(cards.card(visit(confidential=confidential), party)) for party in Party),
        notices.room_name(visit(confidential=confidential), Language.FI),
    ]
    assert all(("Rakennusluvat" in words) is not confidential for words in told)
    assert "@c:s" not in "".join(told)
