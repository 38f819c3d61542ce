"""`!ilmoita`: "tell me if an earlier time comes free", from the offer to the earlier appointment."""

import pytest

from bot.actions.due import do_due
from bot.config.entries import EntryKind
from bot.domain.ids import UserId
from tests.commands.chat import CITIZEN, Chat
from tests.commands.test_conversation import number_in

OTHER = UserId("@toinen:localhost")


def time_passes(chat: Chat) -> None:
    chat.later(seconds=1)
    chat.store.transact_now(lambda tx: do_due(tx, chat.now))


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("!ilmoita rakennuslupa", "Selvä, ilmoitan"),
        ("!meddela bygglov", "jag meddelar dig"),
        ("!notify building permit", "I will tell you here"),
    ],
)
def test_tell_me_if_an_earlier_time_comes_free(chat: Chat, line: str, done: str) -> None:
    assert done in chat.say(line)


def test_it_is_offered_behind_times_that_lie_far_ahead(chat: Chat) -> None:
    for line in ("!varaa rakennuslupa", "!varaa rakennuslupa 14.12."):
        assert "aikaisempi aika vapautuu" not in chat.say(line)
    key = (EntryKind.SERVICE, "rakennuslupa")
    entry = {"notice_minutes": 5 * 24 * 60}
    chat.store.transact_now(lambda tx: tx.entries.change(key, {**tx.entries.current()[key], **entry}))
    far = chat.say("!varaa rakennuslupa")
    assert "7. Ilmoita minulle, jos aikaisempi aika vapautuu" in far
    assert "Selvä, ilmoitan" in chat.say("7")
    assert "aikaisempi aika vapautuu" not in chat.say("!varaa rakennuslupa")


def test_a_confirmation_of_a_time_more_than_two_days_off_tells_of_it(chat: Chat) -> None:
    assert "!ilmoita rakennuslupa" in chat.say("!varaa rakennuslupa 14.12. klo 9")
    assert "!ilmoita" not in chat.say("!varaa kela huomenna klo 9")


def test_where_nothing_is_free_it_is_the_one_choice(chat: Chat) -> None:
    key = (EntryKind.OFFICIAL, "rakennustarkastaja")
    chat.store.transact_now(lambda tx: tx.entries.change(key, {**tx.entries.current()[key], "active": False}))
    for line in ("!ajat rakennuslupa", "!varaa rakennuslupa", "!varaa rakennuslupa huomenna klo 10"):
        assert "1. Ilmoita minulle" in chat.say(line)
    assert "Selvä, ilmoitan" in chat.say("1")
    assert "Ilmoita minulle" not in chat.say("!ajat rakennuslupa")


def test_an_earlier_time_that_is_free_already_is_offered_at_once(chat: Chat) -> None:
    number = number_in(chat.say("!varaa rakennuslupa 14.12. klo 9"))
    answer = chat.say("!ilmoita rakennuslupa")
    assert "Vapaana on jo nyt" in answer
    moved = chat.say("1")
    assert "Aika on siirretty" in moved
    assert number in moved


def test_a_freed_time_is_told_and_one_number_moves_to_it(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa huomenna klo 9", OTHER)
    freed = number_in(chat.say("!varaa rakennuslupa huomenna klo 9.30", OTHER))
    number = number_in(chat.say("!varaa rakennuslupa 14.12. klo 9"))
    chat.say("!ilmoita rakennuslupa")
    chat.later(minutes=31)
    chat.say(f"!peru {freed}", OTHER)
    time_passes(chat)
    answer = chat.say("1")
    assert "Aikaisempi aika vapautui: Rakennusluvat ti 1.12. klo 9.30" in answer
    assert f"Nykyinen aikasi: ma 14.12. klo 9.00 · {number}" in answer
    assert "Aika on siirretty" in answer
    assert "ilmoitan" not in chat.say("!varaukset")


def test_who_is_in_the_middle_of_something_is_told_what_to_type(chat: Chat) -> None:
    freed = number_in(chat.say("!varaa rakennuslupa huomenna klo 9", OTHER))
    chat.say("!ilmoita rakennuslupa 20.12.")
    chat.say("!varaa kela ensi viikolla")
    chat.say(f"!peru {freed}", OTHER)
    time_passes(chat)
    answer = chat.say("1")
    assert "Ota aika näin: !varaa rakennuslupa 2026-12-01 09:00" in answer
    assert "Kelan asiointi" in answer
    assert "Kyllä, varaa" in answer
    assert "Aika on varattu" in chat.say("!varaa rakennuslupa 2026-12-01 09:00")


@pytest.mark.parametrize("line", ["!ilmoita rakennuslupa lopeta", "!ilmoita lopeta", "!meddela bygglov sluta"])
def test_it_ends_when_the_person_says_stop(chat: Chat, line: str) -> None:
    chat.say("!ilmoita rakennuslupa")
    assert "lopeta" in chat.say("!ilmoita")
    assert chat.say(line)
    assert chat.store.transact_now(lambda tx: tx.waiting.of(CITIZEN)) == []
    assert "Et ole pyytänyt" in chat.say("!ilmoita rakennuslupa lopeta")


def test_without_a_service_it_is_asked(chat: Chat) -> None:
    assert "Mihin palveluun" in chat.say("!ilmoita")
    assert "Selvä, ilmoitan" in chat.say("rakennuslupa")


def test_bookings_tell_what_is_waited_for(chat: Chat) -> None:
    chat.say("!ilmoita rakennuslupa")
    assert "!ilmoita rakennuslupa lopeta" in chat.say("!varaukset")
