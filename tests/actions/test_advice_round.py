import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.actions import advice, teaching
from bot.actions.rooms import Room, RoomKind
from bot.advice_round import LOOK_S, AdviceRound
from bot.domain.advice import Advice, Band, Found
from bot.domain.catalogue import Catalogue, Entry, EntryId, Origin
from bot.domain.ids import EventId, RoomId
from bot.domain.inquiry import KEPT_FOR, NewInquiry, State
from bot.domain.language import Language
from bot.domain.masking import masked
from bot.domain.teaching import Change, ChangeKind, NewProposal, TestQuestion
from bot.text import advice_words
from tests.support.town import CITIZEN, INSPECTOR, NOW, Town, minutes, open_town

LIBRARY = Entry(EntryId("kirjasto"), {Language.FI: "Kirjasto"}, {Language.FI: "Kirjastosta saa lainata."})


class Engine:
    """Finds the library, unless it is told to do otherwise; `?` only tries whether there is a model."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.published: list[Catalogue] = []
        self.fault: Exception | None = None
        self.untrainable = False

    async def advise(self, question: str) -> Advice:
        if question != "?":
            self.asked.append(question)
        if self.fault is not None:
            raise self.fault
        return Advice(Band.ONE, (Found(LIBRARY.id, 0.9),), Language.FI)

    async def publish(self, catalogue: Catalogue) -> None:
        self.published.append(catalogue)
        if self.untrainable:
            raise RuntimeError("no")

    async def rehearse(self, catalogue: Catalogue, questions: Sequence[str]) -> list[Advice]:
        assert catalogue.synonyms
        return [await self.advise(question) for question in questions]

    async def close(self) -> None:
        pass


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path) as found:
        found.do(lambda tx: tx.catalogue.take(Origin.FILE, [LIBRARY], complete=True))
        found.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, RoomId("!direct"), NOW))
        yield found


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def going(town: Town, engine: Engine) -> AdviceRound:
    found = AdviceRound(town.store, engine, lambda: NOW, queued=lambda: None)
    found._trained.set()
    return found


def direct(town: Town) -> Room:
    found = town.do(lambda tx: tx.rooms.find(RoomKind.DIRECT, CITIZEN))
    assert found is not None
    return found


def ask(town: Town, words: str, event: str = "$a") -> None:
    new = NewInquiry(EventId(event), direct(town).lane, CITIZEN, Language.FI, NOW, words, masked(words))
    town.do(lambda tx: tx.inquiries.add(new))


def said(town: Town) -> list[str]:
    return [str(payload["body"]) for room, kind, _, payload in town.outbox() if (room, kind) == ("direct", "say")]


async def test_a_question_is_answered_once(town: Town, going: AdviceRound) -> None:
    ask(town, "mistä lainaan")
    ask(town, "mistä lainaan")
    assert await going.once()
    assert not await going.once()
    assert len(said(town)) == 1


async def test_a_kill_while_the_engine_is_asked_loses_nothing(town: Town, engine: Engine, going: AdviceRound) -> None:
    ask(town, "mistä lainaan")
    engine.fault = asyncio.CancelledError()  # type: ignore[assignment]  # as a killed process stops in the middle
    with pytest.raises(asyncio.CancelledError):
        await going.once()
    engine.fault = None
    assert await AdviceRound.once(going)
    assert len(said(town)) == 1


async def test_answers_come_in_the_order_of_the_questions(town: Town, engine: Engine, going: AdviceRound) -> None:
    for number in range(5):
        ask(town, f"kysymys numero {number}", f"${number}")
    while await going.once():
        pass
    assert engine.asked == [f"kysymys numero {number}" for number in range(5)]
    assert len(said(town)) == 5


async def test_without_an_engine_the_person_gets_ways_on(town: Town, engine: Engine, going: AdviceRound) -> None:
    ask(town, "mistä lainaan")
    engine.fault = RuntimeError("gone")
    await going.once()
    assert "Kysy virkailijalta" in said(town)[0]


async def test_an_answer_that_cannot_be_said_holds_up_no_other(
    town: Town, going: AdviceRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(town, "mistä lainaan", "$a")
    ask(town, "mistä luen", "$b")
    with monkeypatch.context() as broken:
        broken.setattr(advice_words, "answer", _broken)
        await going.once()
    await going.once()
    first, second = said(town)
    assert "Kysy virkailijalta" in first
    assert "Kirjastosta saa lainata." in second


def _broken(*_: object, **__: object) -> None:
    raise ValueError


async def test_no_words_are_logged(
    town: Town, engine: Engine, going: AdviceRound, caplog: pytest.LogCaptureFixture
) -> None:
    ask(town, "salainen asia")
    engine.fault = RuntimeError("salainen asia")
    await going.once()
    assert caplog.text
    assert "salainen" not in caplog.text


async def test_a_catalogue_is_trained_once_for_each_revision(town: Town, engine: Engine, going: AdviceRound) -> None:
    assert await going.publish()
    assert not await going.publish()
    town.do(lambda tx: tx.catalogue.take(Origin.STAFF, [_other()], complete=False))
    assert await going.publish()
    assert [len(one.entries) for one in engine.published] == [1, 2]


def _other() -> Entry:
    return Entry(EntryId("uimahalli"), {Language.FI: "Uimahalli"}, {Language.FI: "Uimaan."}, origin=Origin.STAFF)


async def test_a_model_of_an_earlier_start_is_used_again(town: Town, engine: Engine, going: AdviceRound) -> None:
    await going.publish()
    again = AdviceRound(town.store, engine, lambda: NOW, queued=lambda: None)
    assert not await again.publish()
    ask(town, "mistä lainaan")
    async with asyncio.timeout(5):
        await again.once()
    assert len(engine.published) == 1
    assert "Kirjastosta" in said(town)[0]


async def test_an_older_model_answers_while_a_new_one_is_trained(town: Town, engine: Engine) -> None:
    starting = AdviceRound(town.store, engine, lambda: NOW, queued=lambda: None)
    engine.untrainable = True
    await starting.publish()
    ask(town, "mistä lainaan")
    async with asyncio.timeout(5):
        await starting.once()
    assert "Kirjastosta" in said(town)[0]


async def test_a_catalogue_that_cannot_be_trained_is_tried_more_and_more_seldom(
    engine: Engine, going: AdviceRound
) -> None:
    engine.untrainable = True
    await going.publish()
    await going.publish()
    assert going._look_s == 4 * LOOK_S


async def test_a_proposal_is_tried_and_its_official_asked(town: Town, going: AdviceRound) -> None:
    propose(town)
    assert await going.rehearse()
    assert not await going.rehearse()
    assert town.do(lambda tx: tx.catalogue.catalogue()).synonyms == ()
    assert "1." in said(town)[0]


async def test_a_proposal_that_cannot_be_tried_stops_nothing(
    town: Town, going: AdviceRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(town)
    with monkeypatch.context() as broken:
        broken.setattr(teaching, "report", _broken)
        await going.rehearse()
    ask(town, "mistä lainaan")
    assert await going.once()


def propose(town: Town) -> None:
    change = Change(ChangeKind.SYNONYM, Language.FI, "kirppu*", ("kirjasto",))
    new = NewProposal(EventId("$p"), direct(town).lane, INSPECTOR, Language.FI, NOW, change)
    town.do(lambda tx: tx.teaching.add_test(TestQuestion("missä kirppu on", LIBRARY.id)))
    town.do(lambda tx: tx.teaching.propose(new))


async def test_of_an_answered_question_nothing_is_kept(town: Town, going: AdviceRound) -> None:
    ask(town, "mistä lainaan")
    await going.once()
    assert town.do(lambda tx: advice.forget(tx, "1", NOW + minutes(30)))
    assert town.rows("SELECT * FROM inquiry") == []


async def test_an_unanswered_question_is_kept_masked_for_sixty_days(
    town: Town, engine: Engine, going: AdviceRound
) -> None:
    ask(town, "missä on nro 0401234567")
    engine.fault = RuntimeError()
    await going.once()
    town.do(lambda tx: advice.forget(tx, "1", NOW + minutes(30)))
    ((words, kept, state),) = town.rows("SELECT words, masked, state FROM inquiry")
    assert words is None
    assert "0401234567" not in str(kept)
    assert state == State.UNSURE
    town.do(lambda tx: advice.forget(tx, "1", NOW + KEPT_FOR))
    assert town.rows("SELECT * FROM inquiry") == []


async def test_a_model_of_an_earlier_corpus_is_trained_anew_at_the_next_start(town: Town) -> None:
    engine = Engine()

    def start(corpus: str) -> AdviceRound:
        return AdviceRound(town.store, engine, lambda: NOW, queued=lambda: None, corpus=lambda: corpus)

    assert await start("1").publish()
    assert not await start("1").publish()
    assert await start("2").publish()
    assert len(engine.published) == 2
