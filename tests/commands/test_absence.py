"""`!poissa` and the citizen's answer, as they are typed."""

from bot.commands.incoming import Said
from tests.commands.chat import CITIZEN, OFFICIAL, Chat
from tests.commands.staff import appointment_room, booked, other_than, owner_of

KELA = "!varaa kela huomenna klo 10"


def test_sick_leave_asks_the_official_first_and_each_citizen_then(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner, room = owner_of(chat, number), appointment_room(chat, number)
    assert "koskee varauksia: 1" in chat.say("!poissa huomenna", owner)
    assert "Kysyin asiakkailta" in chat.say("1", owner)
    assert "Aikasi on nyt tämä" in chat.receive(Said("1"), CITIZEN, room)
    assert owner_of(chat, number) == other_than(owner)


def test_nothing_is_done_where_the_official_says_no(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner = owner_of(chat, number)
    chat.say("!poissa huomenna", owner)
    assert "Mitään ei muutettu" in chat.say("2", owner)
    assert owner_of(chat, number) == owner


def test_the_question_stands_while_the_citizen_asks_other_things(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner, room = owner_of(chat, number), appointment_room(chat, number)
    chat.say("!poissa huomenna kyllä", owner)
    chat.later(hours=3)
    assert chat.receive(Said("!apua"), CITIZEN, room)
    assert "Aika on peruttu" in chat.receive(Said("5"), CITIZEN, room)


def test_a_room_that_is_made_later_knows_its_question(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner = owner_of(chat, number)
    chat.say("!poissa huomenna kyllä", owner)
    room = appointment_room(chat, number)
    assert "Aikasi on nyt tämä" in chat.receive(Said("1"), CITIZEN, room)


def test_the_choice_can_be_typed_in_the_direct_room(chat: Chat) -> None:
    number = booked(chat, KELA)
    owner = owner_of(chat, number)
    chat.say("!poissa huomenna kyllä", owner)
    assert "ei ole valittavaa" in chat.say("!sijainen ABCDEF")
    assert "Here are new choices" in chat.say(f"!substitute {number} tomorrow at 3")
    assert "Good. This is your time" in chat.say("1")
    assert "nothing to choose" in chat.say(f"!substitute {number}")


def test_away_without_appointments_is_done_at_once_and_undone(chat: Chat) -> None:
    assert "Olet poissa" in chat.say("!poissa 3 pv", OFFICIAL)
    assert "ma 30.11. – ke 2.12. on peruttu" in chat.say("!poissa peru", OFFICIAL)
    assert "ei ole merkitty" in chat.say("!poissa peru", OFFICIAL)


def test_how_long_is_asked(chat: Chat) -> None:
    assert "Kuinka kauan" in chat.say("!poissa", OFFICIAL)
    assert "Olet poissa ma 30.11." in chat.say("1", OFFICIAL)


def test_in_swedish_and_english(chat: Chat) -> None:
    assert "Du är borta" in chat.say("!borta i morgon", OFFICIAL)
    assert "is undone" in chat.say("!away undo", OFFICIAL)


def test_a_citizen_has_no_such_command(chat: Chat) -> None:
    assert "henkilöstölle" in chat.say("!poissa 3 pv")
