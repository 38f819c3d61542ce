from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.actions.due import do_due
from bot.advice_round import AdviceRound
from bot.commands.incoming import Came, Incoming, Said
from bot.commands.reception import receive
from bot.domain.advice import Advice
from bot.domain.catalogue import Catalogue, EntryId
from bot.domain.ids import EventId, RoomId, UserId
from bot.domain.inquiry import KEPT_FOR, Inquiry
from bot.storage.database import Database
from bot.storage.outbox import Queued
from bot.storage.transaction import SqlTransaction
from tests.commands.advising import (
    CHILDREN,
    LIBRARY,
    PERMIT,
    Town,
    asked_official,
    one,
    several,
    summaries,
    unknown,
    with_catalogue,
)
from tests.commands.chat import CITIZEN, Chat
from tests.commands.staff import ADVISER

KEYCAP_TWO = "2\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


class Given:
    """Advises in the order in which it was given; trains nothing."""

    def __init__(self, *answers: Advice) -> None:
        self.answers = list(answers)

    async def advise(self, question: str) -> Advice:
        return self.answers[0] if question == "?" else self.answers.pop(0)

    async def publish(self, catalogue: Catalogue) -> None:
        """Nothing is trained."""

    async def rehearse(self, catalogue: Catalogue, questions: Sequence[str]) -> list[Advice]:
        assert catalogue.entries
        return [await self.advise(question) for question in questions]

    async def close(self) -> None:
        """Nothing is open."""


async def answered(town: Town, *answers: Advice) -> list[str]:
    """All that the citizen hears when a round that was started just now has answered what waits."""
    going = AdviceRound(town.chat.store, Given(*answers), lambda: town.chat.now, queued=lambda: None)
    await going.publish()
    while await going.once():
        pass
    before = len(town.heard.get(f"direct:{CITIZEN}", []))
    town.new(f"direct:{CITIZEN}")
    return town.heard[f"direct:{CITIZEN}"][before:]


async def test_questions_of_a_room_are_answered_in_their_order(town: Town) -> None:
    town.say("mistä saan lainata kirjoja")
    town.say("tarvitsenko luvan saunaan")
    first, second = await answered(town, one(LIBRARY), one(PERMIT))
    assert "Kirjastosta saa lainata" in first
    assert "Rakentamiseen" in second


async def test_what_was_asked_before_a_kill_is_answered_once_after_it(town: Town, tmp_path: Path) -> None:
    town.say("mistä saan lainata kirjoja")
    with Database(tmp_path / "eahtari.db") as store:
        again = Town(replace(town.chat, store=store), town.heard)
        (said,) = await answered(again, one(LIBRARY))
        assert "Kirjastosta saa lainata" in said
    assert town.do(lambda tx: tx.inquiries.next_new()) is None


def inquiry(town: Town, id: int = 1) -> Inquiry:
    found = town.do(lambda tx: tx.inquiries.get(id))
    assert found is not None
    return found


def later(town: Town, **distance: float) -> None:
    town.chat.later(**distance)
    town.do(lambda tx: do_due(tx, town.chat.now))


def test_nothing_is_kept_of_what_was_answered(town: Town) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))
    later(town, minutes=31)
    assert town.do(lambda tx: tx.inquiries.get(1)) is None


def test_words_are_kept_for_half_an_hour_and_the_writer_for_a_day(town: Town) -> None:
    town.ask("missä asuu joulupukki", unknown())
    later(town, minutes=31)
    assert (inquiry(town).words, inquiry(town).person) == (None, CITIZEN)
    later(town, days=1)
    assert (inquiry(town).person, inquiry(town).masked) == (None, "missä asuu joulupukki")
    assert "ei odota enää" in town.say("!vastaa K1 Korvatunturilla.", ADVISER)
    later(town, days=KEPT_FOR.days)
    assert town.do(lambda tx: tx.inquiries.get(1)) is None


def test_an_official_who_was_asked_can_answer_after_days(town: Town) -> None:
    asked_official(town)
    later(town, minutes=31)
    later(town, days=5)
    assert inquiry(town).words is None
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "nuorisotilasta" in town.heard[f"direct:{CITIZEN}"][-1]
    assert (inquiry(town).person, inquiry(town).words) == (None, None)


def test_an_identity_code_is_not_even_kept_until_the_answer(town: Town) -> None:
    town.say("tunnukseni on 131052\N{EN DASH}308T, missä jonossa olen")
    assert "131052" not in str(inquiry(town))
    assert "henkilötunnusta" in town.settle(unknown())


def test_a_choice_of_a_confidential_unit_takes_the_question_there(town: Town) -> None:
    town.ask("tarvitsen apua kotona kovasti", several(PERMIT, CHILDREN))
    assert "kotona" not in town.say("!kysymykset", ADVISER)
    town.say("2")
    town.say("1")
    assert f"unit:{CHILDREN.unit}" in town.heard
    assert "kotona" not in town.walls()


def test_a_choice_of_an_open_unit_takes_the_question_there(town: Town) -> None:
    town.ask("haluan rakentaa saunan pihalle", several(CHILDREN, PERMIT))
    town.say("2")
    town.say("2")
    assert "saunan" in "".join(town.heard[f"unit:{PERMIT.unit}"])


def test_an_entry_that_is_looked_at_later_does_not_take_the_question_from_the_official(town: Town) -> None:
    town.ask("haluan lainata kanootin jostain", several(LIBRARY, PERMIT))
    town.say("3")
    town.say("1")
    town.say("!neuvo kirjasto K1")
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "nuorisotilasta" in town.heard[f"direct:{CITIZEN}"][-1]


def test_the_second_best_is_no_answer_where_the_best_is_gone(town: Town) -> None:
    found = replace(one(LIBRARY), found=(*one(replace(LIBRARY, id=EntryId("poissa"))).found, *one(PERMIT).found))
    assert "Mitä näistä tarkoitat?" in town.ask("mistä saan lainata kirjoja", found)


def test_a_confidential_answer_does_not_become_an_entry(town: Town) -> None:
    town.ask("pelkään lapseni puolesta kovasti", one(CHILDREN))
    town.say("1")
    own = town.do(lambda tx: next(o for o in tx.directory.officials.values() if o.unit == CHILDREN.unit))
    official, room = UserId(f"@{own.account}:localhost"), f"unit:{CHILDREN.unit}"
    assert "!talleta" not in town.say("!vastaa K1 Soitan sinulle tänään.", official)
    assert inquiry(town).draft is None
    assert "Luottamuksellista" in town.say("!talleta K1", official)
    town.tap("📌", official, room)
    assert town.tap("✅", official, room) == ""
    assert "Soitan" not in summaries(town)


def test_confidential_questions_stand_apart_where_they_are_not_shown(town: Town) -> None:
    for words in ("pelkään lapseni puolesta kovasti", "pelkään lapseni puolesta nyt"):
        town.ask(words, one(CHILDREN))
        town.say("1")
    own = town.do(lambda tx: next(o for o in tx.directory.officials.values() if o.unit == CHILDREN.unit))
    said = town.receive(Said("!kysymykset"), UserId(f"@{own.account}:localhost"), f"unit:{CHILDREN.unit}")
    assert "K1" in said
    assert "K2" in said


def test_a_room_that_others_came_into_gets_no_answer_of_an_official(town: Town) -> None:
    asked_official(town)
    third = UserId("@kolmas:localhost")
    came = Incoming(EventId("$came"), RoomId(f"!direct-{CITIZEN}"), third, town.chat.now, Came(third))
    town.do(lambda tx: receive(tx, came, town.chat.limits, town.chat.now))
    assert "ei odota enää" in town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "nuorisotilasta" not in str(town.heard)


class Written(Town):
    """Keeps the formatted bodies of what was sent."""

    def _sent(self, tx: SqlTransaction, queued: Queued) -> None:
        self.html += str(queued.payload.get("html", ""))
        super()._sent(tx, queued)

    html: str = ""


def test_markup_of_people_is_nowhere_markup(chat: Chat) -> None:
    with_catalogue(chat)
    town = Written(chat)
    town.ask("saako <img src=x onerror=alert(1)> ja <b>kanoottia</b> lainata", unknown())
    town.say("1")
    town.say("!kysymykset", ADVISER)
    town.say("!vastaa K1 <a href='https://paha.example'>tästä</a>", ADVISER)
    assert "&lt;b&gt;kanoottia" in town.html
    assert "&lt;a href" in town.html
    assert not any(mark in town.html for mark in ("<img", "<b>", "<a href='https://paha"))


def test_tomorrow_is_counted_from_when_it_was_written(town: Town) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))

    def work(tx: SqlTransaction) -> None:
        sent = town.chat.now - timedelta(days=1)
        said = Incoming(EventId("$late"), RoomId(f"!direct-{CITIZEN}"), CITIZEN, sent, Said("entä huomenna"))
        receive(tx, said, town.chat.limits, town.chat.now)

    town.do(work)
    assert "ma 30.11.: avoinna" in town.new(f"direct:{CITIZEN}")
