"""The chair's commands of a video meeting as they are typed and tapped."""

import pytest

from bot.actions.conference_door import Let, Turned, Waiting
from bot.actions.deliveries import KEYCAPS
from bot.commands.incoming import Reacted, Said
from bot.text import door_words
from tests.commands.chat import CITIZEN, OFFICIAL, Chat
from tests.commands.meeting import CITIZENS_ID, OFFICIALS_ID, Meeting, begun
from tests.commands.staff import ADVISER, unit_room


@pytest.fixture
def meeting(chat: Chat) -> Meeting:
    return begun(chat)


def orders(meeting: Meeting) -> list[tuple[str, str]]:
    rows = meeting.chat.store.transact_now(
        lambda tx: tx.outbox._db.execute("SELECT kind, identity FROM conference_order ORDER BY id").fetchall()
    )
    return [(str(kind), str(identity)) for kind, identity in rows]


def full(meeting: Meeting) -> str:
    """Official, citizen and an interpreter are in; the interpreter's link."""
    digest = meeting.link()
    meeting.enter(digest, name="Kielitaitoinen")
    meeting.say("!päästä")
    entrance = meeting.status(digest)
    assert isinstance(entrance, Let)
    meeting.joins("PA_1", OFFICIALS_ID, "", "official")
    meeting.joins("PA_2", CITIZENS_ID, "Ähtärin Asukas", "citizen")
    meeting.joins("PA_3", entrance.identity, entrance.name, "guest")
    return digest


def test_nobody_has_been_there_yet(meeting: Meeting) -> None:
    assert "ei ole ollut vielä ketään" in meeting.say("!osallistujat")
    assert "ei ole nyt ketään" in meeting.say("!hiljennä")


def test_who_is_there_with_minutes_who_waits_and_who_was_there(meeting: Meeting) -> None:
    full(meeting)
    meeting.enter(meeting.link("!kutsu läheinen"), "b", "Sukulainen")
    meeting.chat.later(minutes=12)
    meeting.witness("left", "PA_2", CITIZENS_ID, reason="left", lost_share=0.2)
    answer = meeting.say("!osallistujat")
    assert "Mukana nyt: 2" in answer
    assert f"{OFFICIAL} · palvelija · 12 min" in answer
    assert "Kielitaitoinen (tulkki) · vieras · 12 min" in answer
    assert "Odottaa ovella: 1" in answer
    assert "Sukulainen (läheinen) · V2" in answer
    assert "Oli mukana: 1" in answer
    assert "Ähtärin Asukas · asiakas · 10.00–10.12 · 12 min · huono yhteys" in answer


@pytest.mark.parametrize(("word", "words"), [("!deltagare", "Med nu: 3"), ("!participants", "There now: 3")])
def test_the_list_comes_in_the_language_of_the_command(meeting: Meeting, word: str, words: str) -> None:
    full(meeting)
    assert words in meeting.say(word)


def test_who_comes_back_is_one_line(meeting: Meeting) -> None:
    full(meeting)
    meeting.chat.later(minutes=5)
    meeting.witness("left", "PA_2", CITIZENS_ID, reason="dead")
    meeting.chat.later(minutes=1)
    meeting.joins("PA_4", CITIZENS_ID, "Ähtärin Asukas", "citizen")
    meeting.chat.later(minutes=2)
    answer = meeting.say("!osallistujat")
    assert answer.count("Asukas") == 1
    assert "Ähtärin Asukas · asiakas · 7 min" in answer


def test_a_guest_is_let_in_by_tapping_the_card(meeting: Meeting) -> None:
    digest = meeting.link()
    assert meeting.enter(digest) == Waiting()
    meeting.say("!osallistujat")  # sends what waits
    answer = meeting.chat.receive(Reacted(meeting.last_card(), KEYCAPS[0]), OFFICIAL, meeting.room)
    assert "Päästettiin" not in answer
    assert isinstance(meeting.status(digest), Let)


def test_a_guest_is_turned_away_by_tapping_the_card(meeting: Meeting) -> None:
    digest = meeting.link()
    meeting.enter(digest)
    meeting.say("!osallistujat")
    meeting.chat.receive(Reacted(meeting.last_card(), KEYCAPS[1]), OFFICIAL, meeting.room)
    assert meeting.status(digest) == Turned(door_words.TURNED_AWAY)


def test_only_an_officials_tap_opens_the_door(meeting: Meeting) -> None:
    digest = meeting.link()
    meeting.enter(digest)
    meeting.say("!osallistujat")
    for person, key in ((CITIZEN, KEYCAPS[0]), (OFFICIAL, "👍"), (OFFICIAL, KEYCAPS[4])):
        assert meeting.chat.receive(Reacted(meeting.last_card(), key), person, meeting.room) == ""
    assert meeting.status(digest) == Waiting()


def test_a_guest_is_let_in_by_the_number_of_the_choice(meeting: Meeting) -> None:
    digest = meeting.link()
    meeting.enter(digest)
    assert "Päästin sisään: Nimi (tulkki)" in meeting.say("1")
    assert isinstance(meeting.status(digest), Let)


@pytest.mark.parametrize(
    "typed", ["!päästä", "!päästä V1", "!päästä Nimi", "!päästä tulkki", "!släpp-in", "!let-in v1"]
)
def test_a_guest_is_let_in_by_typing(meeting: Meeting, typed: str) -> None:
    digest = meeting.link()
    meeting.enter(digest)
    meeting.say(typed)
    assert isinstance(meeting.status(digest), Let)


def test_all_who_wait_are_let_in_at_once_or_one_of_them(meeting: Meeting) -> None:
    one, other = meeting.link(), meeting.link("!kutsu läheinen")
    meeting.enter(one, "a", "Ensimmäinen")
    meeting.enter(other, "b", "Toinen")
    assert "Ensimmäinen" in meeting.say("!päästä Ensimmäinen")
    assert meeting.status(other, "b") == Waiting()
    assert "Toinen" in meeting.say("!päästä kaikki")
    assert "ei odota nyt ketään" in meeting.say("!päästä")


def test_turning_away_needs_to_know_whom(meeting: Meeting) -> None:
    one, other = meeting.link(), meeting.link()
    meeting.enter(one, "a", "Ensimmäinen")
    meeting.enter(other, "b", "Toinen")
    assert "En löydä häntä" in meeting.say("!käännytä")
    assert "En löydä häntä" in meeting.say("!päästä Kolmas")
    assert "Ei päästetty sisään: Toinen" in meeting.say("!käännytä V2")
    assert "ei odota enää" in meeting.say("!päästä V2")
    assert "En löydä häntä" in meeting.say("!päästä V99")
    assert meeting.status(one, "a") == Waiting()


def test_one_participant_is_muted_and_gets_the_word_back(meeting: Meeting) -> None:
    full(meeting)
    assert "Hiljennän: Kielitaitoinen (tulkki). Anna puheenvuoro takaisin: !puheenvuoro" in meeting.say(
        "!hiljennä kielitaitoinen"
    )
    assert "Ordet får: Kielitaitoinen (tolk)" in meeting.say("!ge-ordet tolk")
    assert "Hiljennän: Ähtärin Asukas" in meeting.say("!hiljennä asiakas")
    guest = "@_eahtari_guest_1:localhost:LINK"
    assert orders(meeting) == [("mute", guest), ("unmute", guest), ("mute", CITIZENS_ID)]


def test_everybody_but_officials_is_muted(meeting: Meeting) -> None:
    full(meeting)
    meeting.say("!hiljennä kaikki")
    assert [identity for _, identity in orders(meeting)] == [CITIZENS_ID, "@_eahtari_guest_1:localhost:LINK"]


def test_without_a_name_it_is_asked_who(meeting: Meeting) -> None:
    full(meeting)
    answer = meeting.say("!hiljennä")
    assert "Kenet hiljennetään?" in answer
    assert "2. Ähtärin Asukas" in answer
    meeting.say("2")
    assert orders(meeting) == [("mute", CITIZENS_ID)]


def test_whoever_is_not_there_is_neither_muted_nor_removed(meeting: Meeting) -> None:
    full(meeting)
    for typed in ("!hiljennä Xyzzy", "!poista Xyzzy", "!hiljennä #99", "!poista kaikki"):
        assert "En löydä häntä" in meeting.say(typed), typed
    assert orders(meeting) == []


def test_who_is_removed_does_not_come_back_by_the_link(meeting: Meeting) -> None:
    digest = full(meeting)
    assert "Poistan videotapaamisesta: Kielitaitoinen (tulkki)" in meeting.say("!poista tulkki")
    assert meeting.status(digest) == Turned(door_words.REMOVED)
    assert orders(meeting) == [("remove", "@_eahtari_guest_1:localhost:LINK")]


def test_a_locked_meeting_lets_nobody_in_until_it_is_unlocked(meeting: Meeting) -> None:
    digest = meeting.link()
    meeting.enter(digest)
    assert "Lukitsen" in meeting.say("!lukitse")
    assert "Videotapaaminen on lukittu" in meeting.say("!osallistujat")
    for typed in ("!päästä", "!päästä V1"):
        assert "Avaa lukko ensin: !avaa-lukko" in meeting.say(typed)
    tapped = meeting.chat.receive(Reacted(meeting.last_card(), KEYCAPS[0]), OFFICIAL, meeting.room)
    assert "lukittu" in tapped
    assert meeting.status(digest) == Waiting()
    meeting.say("!avaa-lukko")
    meeting.say("!päästä")
    assert isinstance(meeting.status(digest), Let)


def test_before_the_room_is_made_there_is_nothing_to_lock(meeting: Meeting) -> None:
    meeting.chat.store.transact_now(
        lambda tx: tx.outbox._db.execute("UPDATE room SET room_id = NULL, media = NULL WHERE kind = 'appointment'")
    )
    assert "ei ole vielä valmis" in meeting.chat.say(f"!lukitse {meeting.number}", OFFICIAL)


def test_elsewhere_the_only_meeting_that_goes_on_is_meant(meeting: Meeting) -> None:
    full(meeting)
    assert "Mukana nyt: 3" in meeting.chat.say("!osallistujat", OFFICIAL)
    assert "Hiljennän" in meeting.chat.say("!hiljennä tulkki", OFFICIAL)
    assert "Mukana nyt: 3" in meeting.chat.say(f"!osallistujat {meeting.number}", OFFICIAL)


def test_elsewhere_it_is_asked_which_meeting_is_meant(meeting: Meeting) -> None:
    assert "Mitä varausta tarkoitat" in meeting.chat.say("!osallistujat", OFFICIAL)
    assert "ei ole ollut vielä ketään" in meeting.chat.say("1", OFFICIAL)


def test_in_a_staff_room_nobody_is_named(meeting: Meeting) -> None:
    full(meeting)
    meeting.enter(meeting.link("!kutsu läheinen"), "b", "Sukulainen")
    room = unit_room(meeting.chat, "rakennusvalvonta")
    said = [
        meeting.chat.receive(Said(typed), OFFICIAL, room)
        for typed in (f"!osallistujat {meeting.number}", f"!hiljennä {meeting.number}", "!päästä V2", "!poista vieras")
    ]
    assert "asiakas" in said[0]
    assert "läheinen · V2" in said[0]
    for answer in said:
        for name in ("Asukas", "Kielitaitoinen", "Sukulainen", "@"):
            assert name not in answer, answer


def test_the_commands_are_for_officials_of_the_unit(meeting: Meeting) -> None:
    full(meeting)
    assert "henkilöstölle" in meeting.say("!osallistujat", CITIZEN)
    stranger = meeting.chat.say(f"!osallistujat {meeting.number}", ADVISER)
    assert "En löydä yksikkösi varausta" in stranger
    assert "En löydä häntä" in meeting.chat.say("!päästä V1", ADVISER)
