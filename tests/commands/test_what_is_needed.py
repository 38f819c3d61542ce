"""What a service asks of its visitors: who they are, where to come, what to bring; and what the confirmation tells."""

import pytest

from bot.config.entries import JSON, EntryKind
from bot.domain.directory import Identity
from bot.domain.ids import UserId
from tests.commands.chat import CITIZEN, Chat

FOREIGN = UserId("@vieras:naapuri.example")
PERMIT = (EntryKind.SERVICE, "rakennuslupa")
LINE = "!varaa rakennuslupa huomenna klo 10"


def change(chat: Chat, **fields: JSON) -> None:
    chat.store.transact_now(lambda tx: tx.entries.change(PERMIT, {**tx.entries.current()[PERMIT], **fields}))


def known_as(chat: Chat, person: UserId, identity: Identity) -> None:
    chat.store.transact_now(lambda tx: tx.people.set_identity(person, identity))


@pytest.mark.parametrize(("person", "enough"), [(CITIZEN, True), (FOREIGN, False)])
def test_a_confirmed_contact_is_an_account_of_the_municipalitys_own_homeserver(
    chat: Chat, person: UserId, *, enough: bool
) -> None:
    change(chat, identity="contact")
    answer = chat.say(LINE, person)
    assert ("Aika on varattu" in answer) is enough
    assert ("kunnan omalla tunnuksella" in answer) is not enough


@pytest.mark.parametrize(
    ("line", "words"),
    [(LINE, "henkilöllisyystodistus"), ("!boka bygglov", "identitetshandling"), ("!book building permit", "identity")],
)
def test_strong_identification_is_reached_at_a_desk(chat: Chat, line: str, words: str) -> None:
    change(chat, identity="strong")
    assert words in chat.say(line)
    known_as(chat, CITIZEN, Identity.STRONG)
    assert words not in chat.say(line)


def test_a_choice_of_a_free_time_asks_who_the_person_is_too(chat: Chat) -> None:
    change(chat, identity="strong")
    assert "Vapaat ajat" in chat.say("!ajat rakennuslupa")
    assert "henkilöllisyystodistus" in chat.say("1")
    assert "ei ole varauksia" in chat.say("!varaukset")


def test_the_confirmation_tells_what_to_bring_what_follows_and_how_to_join(chat: Chat) -> None:
    steps: JSON = {"fi": "Saat päätöksen postissa.", "sv": "Beslutet kommer med posten.", "en": "A letter follows."}
    change(chat, next_steps=steps)
    answer = chat.say(LINE)
    for part in ("Ota esille: ", "Mitä seuraavaksi: Saat päätöksen postissa.", "kutsun huoneeseen", "liitteinä"):
        assert part in answer
    for word in ("!siirrä ", "!peru "):
        assert word in answer


@pytest.mark.parametrize(
    ("line", "place", "along", "spot"),
    [
        ("!varaa henkilollisyys huomenna", "Paikka: Yhteispalvelupisteen tiski, ", "Ota mukaan: ", "paikan päällä"),
        ("!boka henkilollisyys i morgon", "Plats: Samservicekontorets disk, ", "Ta med: ", "på plats"),
        ("!book henkilollisyys tomorrow", "Place: Joint service desk, ", "Bring along: ", "on the spot"),
    ],
)
def test_a_visit_on_the_spot_says_its_address(chat: Chat, line: str, place: str, along: str, spot: str) -> None:
    chat.say(line)
    held = chat.say("1")
    booked = chat.say("1")
    for answer in (held, booked):
        assert f"{place}Kaupungintalo, pohjakerros" in answer
        assert along in answer
    assert spot in booked
    assert "jossa tapaamme" not in booked


def test_a_place_is_shown_where_the_service_needs_one(chat: Chat) -> None:
    assert "Paikka: Kaupungintalon videopiste" in chat.say("!varaa videopiste huomenna klo 10")
    assert "Paikka" not in chat.say(LINE)
