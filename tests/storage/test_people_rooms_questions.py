import pytest

from bot.actions.deliveries import ItemId, Open
from bot.actions.rooms import RoomKind, RoomPlan
from bot.commands.question import Question
from bot.config.entries import EntryKind
from bot.domain.allowance import Allowance, Limits
from bot.domain.ids import RoomId, UserId
from bot.domain.language import Language
from bot.storage.entries import SqlEntries
from tests.support.town import CITIZEN, INSPECTOR, NOW, STRANGER, Town, minutes

PLAN = RoomPlan(RoomKind.APPOINTMENT, "7", "nimi", "aihe", encrypted=True, invitees=(CITIZEN, INSPECTOR), direct=True)
ONE, TWO = RoomId("!one"), RoomId("!two")
LIMITS = Limits()


def question(*choices: str) -> Question:
    return Question(Language.SV, "!boka kela", choices, NOW + minutes(30))


def test_a_room_is_wanted_once(town: Town) -> None:
    room, new = town.do(lambda tx: tx.rooms.want(PLAN, NOW))
    assert new
    assert room.room_id is None
    assert town.do(lambda tx: tx.rooms.want(PLAN, NOW)) == (room, False)
    planned = town.do(lambda tx: tx.rooms.plan(room.lane))
    assert planned is not None
    assert planned[1] == PLAN
    assert planned[0].startswith("huone-")


def test_a_made_room_is_found_by_everything(town: Town) -> None:
    room, _ = town.do(lambda tx: tx.rooms.want(PLAN, NOW))
    town.do(lambda tx: tx.rooms.opened(room.lane, ONE))
    found = town.do(lambda tx: tx.rooms.by_id(ONE))
    assert found is not None
    assert found.room_id == ONE
    assert town.do(lambda tx: tx.rooms.by_lane(room.lane)) == found
    assert town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, "7")) == found
    assert town.do(lambda tx: tx.rooms.by_id(TWO)) is None


def test_a_newer_room_of_a_person_takes_the_older_ones_place(town: Town) -> None:
    first = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, ONE, NOW))
    assert town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, ONE, NOW)) == first
    second = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, TWO, NOW))
    assert (second.lane, second.room_id) == (first.lane, TWO)
    assert town.do(lambda tx: tx.rooms.by_id(ONE)) is None
    assert town.do(lambda tx: tx.rooms.plan(first.lane)) is None


def test_a_room_known_as_anothers_is_taken_over(town: Town) -> None:
    theirs = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, ONE, NOW))
    taken = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, STRANGER, ONE, NOW))
    assert (taken.lane, taken.subject) == (theirs.lane, STRANGER)
    assert town.do(lambda tx: tx.rooms.find(RoomKind.DIRECT, CITIZEN)) is None


def test_taking_over_forgets_the_persons_older_room(town: Town) -> None:
    older = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, STRANGER, TWO, NOW))
    town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, ONE, NOW))
    town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, STRANGER, ONE, NOW))
    now = town.do(lambda tx: tx.rooms.find(RoomKind.DIRECT, STRANGER))
    assert now is not None
    assert now.room_id == ONE
    left = town.do(lambda tx: tx.rooms.by_lane(older.lane))
    assert left is not None
    assert (left.kind, left.room_id) == (RoomKind.SHARED, TWO)


def test_a_shared_room_frees_its_subject(town: Town) -> None:
    room = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, ONE, NOW))
    town.do(lambda tx: tx.rooms.set_kind(room, RoomKind.SHARED))
    assert town.do(lambda tx: tx.rooms.find(RoomKind.DIRECT, CITIZEN)) is None
    shared = town.do(lambda tx: tx.rooms.by_id(ONE))
    assert shared is not None
    assert (shared.kind, shared.lane) == (RoomKind.SHARED, room.lane)
    assert town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, TWO, NOW)).lane != room.lane


def test_nothing_is_queued_for_a_room_that_is_not_planned(town: Town) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        town.do(lambda tx: tx.outbox.put(99, Open(), key="k", now=NOW))  # type: ignore[arg-type]  # no such lane


def test_a_question_is_pending_until_its_time_for_its_person_and_room(town: Town) -> None:
    town.do(lambda tx: tx.questions.ask(ONE, CITIZEN, question("a", "b"), ItemId(3)))

    def pending(room: RoomId = ONE, person: UserId = CITIZEN, after: float = 0) -> tuple[Question, ItemId] | None:
        return town.do(lambda tx: tx.questions.pending(room, person, NOW + minutes(after)))

    assert pending() == (question("a", "b"), 3)
    assert pending(after=29.9) is not None
    assert pending(after=30) is None
    assert pending(room=TWO) is None
    assert pending(person=STRANGER) is None
    town.do(lambda tx: tx.questions.ask(ONE, CITIZEN, question("c"), ItemId(4)))
    assert pending() == (question("c"), 4)
    town.do(lambda tx: tx.questions.drop(ONE, CITIZEN))
    assert pending() is None


def test_a_chosen_language_outlives_a_used_one(town: Town) -> None:
    def use(language: Language, *, chosen: bool) -> Language | None:
        town.do(lambda tx: tx.people.set_language(CITIZEN, language, chosen=chosen))
        return town.do(lambda tx: tx.people.language(CITIZEN))

    assert town.do(lambda tx: tx.people.language(CITIZEN)) is None
    assert use(Language.EN, chosen=False) is Language.EN
    assert use(Language.SV, chosen=False) is Language.SV
    assert use(Language.EN, chosen=True) is Language.EN
    assert use(Language.FI, chosen=False) is Language.EN
    assert use(Language.FI, chosen=True) is Language.FI


def test_an_allowance_is_kept_beside_the_language(town: Town) -> None:
    full = Allowance.full(LIMITS, NOW)
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.SV, chosen=True))
    assert town.do(lambda tx: tx.people.allowance(CITIZEN, LIMITS, NOW)) == full
    used = full.spent().after_telling()
    town.do(lambda tx: tx.people.keep_allowance(CITIZEN, used))
    assert town.do(lambda tx: tx.people.allowance(CITIZEN, LIMITS, NOW)) == used
    assert town.do(lambda tx: tx.people.language(CITIZEN)) is Language.SV
    town.do(lambda tx: tx.people.keep_allowance(STRANGER, used))
    assert town.do(lambda tx: tx.people.language(STRANGER)) is None


def test_a_change_leaves_what_was_seeded(town: Town) -> None:
    key = (EntryKind.SERVICE, "rakennuslupa")
    town.change(*key, minutes=45)
    current, seeded = town.do(lambda tx: (tx.entries.current()[key], tx.entries.seeded()[key]))
    assert current["minutes"] == 45
    assert seeded.get("minutes") == 30
    assert town.do(lambda tx: tx.directory.services)[key[1]].duration == minutes(45)  # type: ignore[index]  # a service's id by its word


def test_the_directory_is_parsed_once_for_each_revision(town: Town) -> None:
    def twice(entries: SqlEntries) -> bool:
        return entries.directory() is entries.directory()

    assert town.do(lambda tx: twice(tx.entries))
    assert town.do(lambda tx: tx.entries.are_seeded())
