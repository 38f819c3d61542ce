"""`!siirrä-varaus` as it is typed, and the reactions to a card."""

from bot.commands.incoming import Reacted, Said
from tests.commands.chat import OFFICIAL, Chat
from tests.commands.staff import booked, card_event, other_than, owner_of, unit_room

KELA = "!varaa kela huomenna klo 10"


def test_to_a_colleague_by_number_of_the_choice(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner = owner_of(chat, number)
    assert "Kenelle" in chat.say(f"!siirrä-varaus {number}", owner)
    assert "Siirretty" in chat.say("1", owner)
    assert owner_of(chat, number) == other_than(owner)


def test_to_a_colleague_by_name(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner = owner_of(chat, number)
    to = other_than(owner)
    assert "Siirretty" in chat.say(f"!siirrä-varaus {number} {to[1:].partition(':')[0]}", owner)
    assert owner_of(chat, number) == to


def test_to_another_time_and_to_a_day(chat: Chat) -> None:
    number = booked(chat)
    assert "11.00" in chat.say(f"!flytta-bokning {number} i morgon 11.00", OFFICIAL)
    assert "Vastaa numerolla" in chat.say(f"!siirrä-varaus {number} torstaina", OFFICIAL)
    assert "3.12." in chat.say("2", OFFICIAL)


def test_a_time_outside_hours_offers_others_that_can_be_chosen(chat: Chat) -> None:
    number = booked(chat)
    assert "1. " in chat.say(f"!siirrä-varaus {number} huomenna klo 22", OFFICIAL)
    assert "Siirretty" in chat.say("1", OFFICIAL)


def test_a_name_that_nobody_has_moves_nothing(chat: Chat) -> None:
    number = booked(chat, KELA)
    assert "En löytänyt" in chat.say(f"!siirrä-varaus {number} xyzzy", owner_of(chat, number))


def test_claim_and_hand_over_by_reaction(chat: Chat) -> None:
    number, room = booked(chat, KELA), unit_room(chat)
    owner = owner_of(chat, number)
    taker, card = other_than(owner), card_event(chat, number)
    assert "ei ole tarjottu" in chat.receive(Reacted(card, "✋"), taker, room)
    assert chat.receive(Reacted(card, "🔁"), owner, room) == ""
    assert chat.receive(Reacted(card, "✋🏽"), taker, room) == ""
    assert owner_of(chat, number) == taker


def test_a_busy_colleague_who_claims_gets_a_clear_word_in_the_units_room(chat: Chat) -> None:
    number, room = booked(chat, KELA), unit_room(chat)
    owner = owner_of(chat, number)
    taker = other_than(owner)
    booked(chat, KELA, OFFICIAL)
    card = card_event(chat, number)
    chat.receive(Reacted(card, "🔁"), owner, room)
    assert "Ei ole silloin vapaana" in chat.receive(Reacted(card, "✋"), taker, room)
    assert owner_of(chat, number) == owner


def test_other_reactions_are_peoples_own_business(chat: Chat) -> None:
    number, room = booked(chat, KELA), unit_room(chat)
    assert chat.receive(Reacted(card_event(chat, number), "👍"), owner_of(chat, number), room) == ""
    assert chat.receive(Reacted(card_event(chat, number), "🔁"), room=room) == ""


def test_without_a_number_the_coming_ones_are_asked(chat: Chat) -> None:
    assert "ei ole tulevia" in chat.say("!siirrä-varaus", OFFICIAL)
    number = booked(chat)
    assert number in chat.say("!siirrä-varaus", OFFICIAL)


def test_a_refusal_in_a_units_room_names_no_subject(chat: Chat) -> None:
    number, room = booked(chat, "!varaa vanhempainvartti huomenna klo 14"), unit_room(chat, "opetus")
    owner = owner_of(chat, number)
    for line in (f"!siirrä-varaus {number} 1.12.2027 klo 14", f"!siirrä-varaus {number}", "!viikko", "!päivä huomenna"):
        answer = chat.receive(Said(line), owner, room)
        assert answer
        assert "anhempainvartti" not in answer
