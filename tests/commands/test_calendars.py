"""`!kalenteri` as it is typed: the private address of a feed, and the address of an official's own calendar."""

import re

import pytest

from bot.actions.calendars import PUBLIC_ADDRESS, digest_of
from bot.domain.ids import OfficialId, UserId
from bot.domain.jobs import JobKind
from tests.commands.chat import CITIZEN, OFFICIAL, Chat

INSPECTOR = OfficialId("rakennustarkastaja")
OWN = "https://kalenteri.example/k/salaisuus.ics"


@pytest.fixture(autouse=True)
def _public(chat: Chat) -> None:
    chat.store.transact_now(lambda tx: tx.facts.set(PUBLIC_ADDRESS, "https://palvelu.example"))


def token_in(answer: str) -> str:
    found = re.search(r"https://palvelu\.example/kalenteri/([A-Za-z0-9_-]{43})\.ics", answer)
    assert found is not None, answer
    return found[1]


def owner(chat: Chat, token: str) -> UserId | None:
    return chat.store.transact_now(lambda tx: tx.feeds.owner(digest_of(token)))


def test_a_person_gets_a_private_address_with_a_warning(chat: Chat) -> None:
    answer = chat.say("!kalenteri")
    assert owner(chat, token_in(answer)) == CITIZEN
    assert "kuka tahansa, jolla se on, näkee kalenterisi" in answer


def test_the_token_itself_is_kept_nowhere(chat: Chat) -> None:
    token = token_in(chat.say("!kalenteri"))
    dump = chat.store.transact_now(lambda tx: "\n".join(tx.feeds._db.conn.iterdump()))
    assert digest_of(token) in dump
    assert token not in dump


def test_an_address_is_shown_once_and_renewed_on_wish(chat: Chat) -> None:
    first = token_in(chat.say("!kalenteri"))
    assert "on jo kalenteriosoite" in chat.say("!kalenteri")
    second = token_in(chat.say("!kalenteri uusi"))
    assert (owner(chat, first), owner(chat, second)) == (None, CITIZEN)


def test_an_address_is_ended(chat: Chat) -> None:
    token = token_in(chat.say("!kalender"))
    assert "borttagen" in chat.say("!kalender av")
    assert owner(chat, token) is None
    assert "Du har ingen kalenderadress" in chat.say("!kalender av")


def test_what_is_not_understood_changes_nothing(chat: Chat) -> None:
    token = token_in(chat.say("!calendar"))
    assert "did not understand" in chat.say("!calendar soon")
    assert owner(chat, token) == CITIZEN


def test_an_official_hears_of_the_other_direction_too(chat: Chat) -> None:
    assert "!kalenteri osoite https://…" in chat.say("!kalenteri", OFFICIAL)
    assert "!kalenteri osoite" not in chat.say("!kalenteri")


@pytest.mark.parametrize("typed", [OWN, OWN.replace("https", "webcal"), f"<{OWN}>", OWN.replace("https", "WebCal")])
def test_an_official_names_their_own_calendar_and_it_is_read_at_once(chat: Chat, typed: str) -> None:
    answer = chat.say(f"!kalenteri osoite {typed}", OFFICIAL)
    assert "luen kalenterisi nyt" in answer
    assert "salaisuus" not in answer
    source = chat.store.transact_now(lambda tx: tx.feeds.source(INSPECTOR))
    assert source is not None
    assert source.address == OWN
    assert chat.store.transact_now(lambda tx: tx.jobs.planned(JobKind.FETCH, INSPECTOR)) == chat.now


def test_an_address_pasted_without_its_word_is_understood(chat: Chat) -> None:
    assert "I read your calendar now" in chat.say(f"!calendar {OWN}", OFFICIAL)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("http://kalenteri.example/k.ics", "suojatusta osoitteesta"),
        ("ftp://kalenteri.example/k.ics", "suojatusta osoitteesta"),
        ("kalenteri.example/k.ics", "ei ole sellainen"),
        ("https://nimi:sana@kalenteri.example/k.ics", "ei ole sellainen"),
        ("https://kalenteri.example:8443/k.ics", "ei ole sellainen"),
        ("https://kalenteri.example/k k.ics", "ei ole sellainen"),
        ("https://", "ei ole sellainen"),
        (f"https://kalenteri.example/{'k' * 2100}", "ei ole sellainen"),
        ("", "ei ole sellainen"),
    ],
)
def test_an_address_that_can_not_be_one_is_refused_with_the_reason(chat: Chat, typed: str, why: str) -> None:
    answer = chat.say(f"!kalenteri osoite {typed}", OFFICIAL)
    assert why in answer
    assert "!kalenteri osoite https://…" in answer
    assert chat.store.transact_now(lambda tx: tx.feeds.sources()) == []


def test_an_official_ends_the_reading(chat: Chat) -> None:
    chat.say(f"!kalenteri osoite {OWN}", OFFICIAL)
    assert "En lue enää" in chat.say("!kalenteri osoite pois", OFFICIAL)
    assert chat.store.transact_now(lambda tx: tx.feeds.sources()) == []
    assert chat.store.transact_now(lambda tx: tx.jobs.planned(JobKind.FETCH, INSPECTOR)) is None
    assert "En lue mitään" in chat.say("!kalenteri osoite pois", OFFICIAL)


def test_a_citizens_calendar_is_not_read(chat: Chat) -> None:
    assert "palvelijoiden" in chat.say(f"!kalenteri osoite {OWN}")
    assert chat.store.transact_now(lambda tx: tx.feeds.sources()) == []
