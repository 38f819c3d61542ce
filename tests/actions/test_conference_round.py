"""Evidence is stored once and orders are carried out, whatever is killed in between."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.actions import booking, conference
from bot.actions.conference_door import Let
from bot.calls.conference.values import PolicyChange, Present
from bot.calls.evidence import Evidence, Kind
from bot.calls.orders import Status, Trouble
from bot.calls_round import CallsRound, EngineSilentError
from bot.domain.conference import ORDER_LIVES, OrderKind, Presence, guest_identity
from bot.domain.language import Language
from bot.storage.database import Database
from bot.text.conference_words import FAILED
from tests.actions.meetings import Meeting, opened
from tests.support.town import CITIZEN, NOW, TUESDAY, Town

AT = TUESDAY.timestamp()


@dataclass
class Engine:
    """An engine with a journal: it keeps evidence until it is told that all is stored."""

    room: str
    journal: list[Evidence] = field(default_factory=list)
    done: list[tuple[object, ...]] = field(default_factory=list)
    trouble: Trouble | None = None
    fault: BaseException | None = None
    dies_when: str = ""
    next_number: int = 1_000
    asked: "asyncio.Queue[object]" = field(default_factory=asyncio.Queue)

    async def heard(self, what: str) -> None:
        async with asyncio.timeout(10):
            while await self.asked.get() != what:
                pass

    def tells(self, kind: Kind, sid: str = "", **facts: str | float | None) -> None:
        identity = "@a:localhost:LAITE" if sid else ""
        self.journal.append(Evidence(self.next_number, AT, self.room, identity, sid, kind, facts))
        self.next_number += 3

    async def evidence(self, after: int, limit: int, wait_s: float) -> Sequence[Evidence] | Trouble:
        assert wait_s >= 0
        return self.trouble or [one for one in self.journal if one.number > after][:limit]

    async def settled(self, through: int) -> Trouble | None:
        self._may_die("settled")
        self.journal = [one for one in self.journal if one.number > through]
        self.asked.put_nowait("settled")
        return None

    async def policy(self, room: str, change: PolicyChange) -> Trouble | None:
        return self._do("policy", room, change.locked)

    async def mute(self, room: str, identity: str, *, muted: bool) -> Trouble | None:
        return self._do("mute", room, identity, muted)

    async def remove(self, room: str, identity: str) -> Trouble | None:
        return self._do("remove", room, identity)

    async def close(self, room: str) -> Trouble | None:
        return self._do("close", room)

    async def participants(self, room: str) -> Sequence[Present] | Trouble:
        raise NotImplementedError

    async def status(self) -> Status | Trouble:
        raise NotImplementedError

    def _do(self, *what: object) -> Trouble | None:
        if self.trouble is None:
            self.done.append(what)
            self.asked.put_nowait(what[0])
        self._may_die("order")
        return self.trouble

    def _may_die(self, when: str) -> None:
        if self.fault is not None and self.dies_when == when:
            raise self.fault


@pytest.fixture
def meeting(town: Town) -> Meeting:
    return opened(town)


@pytest.fixture
def engine(meeting: Meeting) -> Engine:
    return Engine(meeting.media)


@dataclass
class Clock:
    now: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def calls(town: Town, engine: Engine, clock: Clock) -> CallsRound:
    return start(town, engine, clock)


def start(town: Town, engine: Engine, clock: Callable[[], datetime]) -> CallsRound:
    return CallsRound(town.store, engine, clock, queued=lambda: None)


def joins(engine: Engine, sid: str = "PA_1") -> None:
    engine.tells(Kind.JOINED, sid, name="Nimi", role="citizen")


def present(town: Town) -> list[tuple[object, ...]]:
    return town.rows("SELECT sid, ended IS NULL, reason FROM conference_presence ORDER BY id")


def mute(meeting: Meeting, key: str = "$mute") -> None:
    (one, *_) = meeting.town.do(lambda tx: conference.attendance(tx, meeting.visit)).present
    given = meeting.given(key)
    meeting.town.do(lambda tx: conference.mute(tx, one, given, TUESDAY))


def lock(meeting: Meeting, *, locked: bool = True) -> None:
    given = meeting.given(f"$lock-{locked}")
    meeting.town.do(lambda tx: conference.lock(tx, meeting.visit, given, TUESDAY, locked=locked))


def guest_inside(meeting: Meeting) -> tuple[str, Presence]:
    """The digest of the guest's link, and their presence."""
    link = meeting.link()
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    meeting.witness("joined", TUESDAY, "PA_1", guest_identity(1, "localhost"), name="Nimi", role="guest")
    (guest,) = meeting.town.do(lambda tx: conference.attendance(tx, meeting.visit)).present
    return link, guest


def has_word(meeting: Meeting, link: str) -> bool | None:
    entrance = meeting.status(link, TUESDAY)
    assert isinstance(entrance, Let)
    return entrance.has_word


async def test_evidence_is_stored_and_the_engine_may_drop_it(town: Town, engine: Engine, calls: CallsRound) -> None:
    joins(engine)
    engine.tells(Kind.LEFT, "PA_1", reason="left", lost_share=0.5)
    assert await calls.take() == 2
    assert present(town) == [("PA_1", 0, "left")]
    assert engine.journal == []
    assert await calls.take() == 0


async def test_what_is_told_twice_is_stored_once(town: Town, engine: Engine, calls: CallsRound) -> None:
    joins(engine)
    kept = list(engine.journal)
    await calls.take()
    engine.journal = kept
    assert await calls.take() == 0
    assert len(present(town)) == 1


async def test_a_kill_before_the_engine_is_told_loses_and_doubles_nothing(
    town: Town, engine: Engine, calls: CallsRound, clock: Clock
) -> None:
    joins(engine)
    engine.fault, engine.dies_when = asyncio.CancelledError(), "settled"
    with pytest.raises(asyncio.CancelledError):
        await calls.take()
    engine.fault = None
    joins(engine, "PA_2")
    assert await start(town, engine, clock).take() == 1
    assert [row[0] for row in present(town)] == ["PA_1", "PA_2"]
    assert engine.journal == []


async def test_a_kill_while_it_is_stored_loses_nothing(
    town: Town, engine: Engine, calls: CallsRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    joins(engine)
    with monkeypatch.context() as broken:
        broken.setattr(Database, "transact", _killed)
        with pytest.raises(asyncio.CancelledError):
            await calls.take()
    assert len(engine.journal) == 1
    assert await calls.take() == 1
    assert len(present(town)) == 1


async def _killed(*_: object) -> None:
    raise asyncio.CancelledError


async def test_a_piece_that_cannot_be_stored_holds_up_no_other(
    town: Town, engine: Engine, calls: CallsRound, caplog: pytest.LogCaptureFixture
) -> None:
    joins(engine)
    engine.journal.append(Evidence(engine.next_number, 1e300, "r", "@a", "PA_2", Kind.JOINED))
    assert await calls.take() == 2
    assert len(present(town)) == 1
    assert engine.journal == []
    assert "could not be stored" in caplog.text


async def test_an_engine_that_started_anew_leaves_nobody_behind_and_is_told_what_is_locked(
    town: Town, meeting: Meeting, engine: Engine, calls: CallsRound
) -> None:
    joins(engine)
    lock(meeting)
    await calls.take()
    engine.done.clear()
    engine.tells(Kind.ENGINE_STARTED, last_alive=AT)
    await calls.take()
    assert present(town) == [("PA_1", 0, "engine_stopped")]
    await calls.take()
    assert engine.done == [("policy", meeting.media, True)]


async def test_a_silent_engine_is_asked_again_and_told_again(
    meeting: Meeting, engine: Engine, calls: CallsRound
) -> None:
    lock(meeting)
    engine.trouble = Trouble.UNREACHABLE
    with pytest.raises(EngineSilentError):
        await calls.take()
    engine.trouble = None
    await calls.take()
    assert engine.done == [("policy", meeting.media, True)]


async def test_orders_are_carried_out_in_turn(meeting: Meeting, engine: Engine, calls: CallsRound) -> None:
    joins(engine)
    await calls.take()
    mute(meeting)
    lock(meeting)
    lock(meeting, locked=False)
    while await calls.once():
        pass
    room = meeting.media
    assert engine.done == [
        ("mute", room, "@a:localhost:LAITE", True),
        ("policy", room, True),
        ("policy", room, False),
    ]
    assert not await calls.once()


async def test_a_guests_word_is_taken_and_given_once_the_engine_has_done_it(
    meeting: Meeting, calls: CallsRound
) -> None:
    link, guest = guest_inside(meeting)
    known = [has_word(meeting, link)]
    for number, muted in enumerate((True, False, True)):
        given = meeting.given(f"$order-{number}")
        meeting.town.do(lambda tx, on=muted, by=given: conference.mute(tx, guest, by, TUESDAY, muted=on))  # type: ignore[misc]
        assert has_word(meeting, link) is known[-1]
        await calls.once()
        known.append(has_word(meeting, link))
    assert known == [None, False, True, False]
    assert not await calls.once()


async def test_a_word_that_could_not_be_given_is_not_promised(
    meeting: Meeting, engine: Engine, calls: CallsRound
) -> None:
    link, guest = guest_inside(meeting)
    given = meeting.given()
    meeting.town.do(lambda tx: conference.mute(tx, guest, given, TUESDAY, muted=False))
    engine.trouble = Trouble.UNKNOWN_PARTICIPANT
    await calls.once()
    assert has_word(meeting, link) is None


async def test_an_order_that_fails_is_said_once_where_it_was_given(
    meeting: Meeting, engine: Engine, calls: CallsRound
) -> None:
    joins(engine)
    await calls.take()
    mute(meeting)
    engine.trouble = Trouble.UNKNOWN_PARTICIPANT
    before = len(meeting.said())
    while await calls.once():
        pass
    (told,) = meeting.said()[before:]
    assert told.startswith("Hiljentäminen ei onnistunut: Nimi.")
    assert "!osallistujat" in told


async def test_an_order_waits_for_an_engine_that_is_away_but_not_for_long(
    meeting: Meeting, engine: Engine, calls: CallsRound, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.calls_round.PAUSE_S", 0.0)
    lock(meeting)
    engine.trouble = Trouble.UNREACHABLE
    assert await calls.once()
    assert meeting.town.rows("SELECT state FROM conference_order") == [("waiting",)]
    clock.now = TUESDAY + ORDER_LIVES
    engine.trouble = None
    assert await calls.once()
    assert engine.done == []
    assert "Lukitseminen ei onnistunut" in meeting.said()[-1]
    assert not meeting.town.do(lambda tx: tx.orders.is_locked(meeting.media))


async def test_what_follows_from_a_visits_end_waits_as_long_as_it_must(
    meeting: Meeting, engine: Engine, calls: CallsRound, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.calls_round.PAUSE_S", 0.0)
    joins(engine)
    await calls.take()
    meeting.town.do(lambda tx: booking.cancel(tx, CITIZEN, meeting.visit.number, NOW))
    lock(meeting)
    engine.trouble = Trouble.UNREACHABLE
    clock.now = TUESDAY + 10 * ORDER_LIVES
    for _ in range(3):
        assert await calls.once()
    assert "Lukitseminen ei onnistunut" in meeting.said()[-1]
    engine.trouble = None
    assert await calls.once()
    assert engine.done == [("close", meeting.media)]


async def test_an_engine_that_comes_back_in_time_carries_the_order_out(
    meeting: Meeting, engine: Engine, calls: CallsRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.calls_round.PAUSE_S", 0.0)
    lock(meeting)
    engine.trouble = Trouble.UNREACHABLE
    await calls.once()
    engine.trouble = None
    assert await calls.once()
    assert engine.done == [("policy", meeting.media, True)]
    assert meeting.town.rows("SELECT state FROM conference_order") == [("done",)]


async def test_a_kill_after_an_order_was_carried_out_repeats_what_changes_nothing(
    town: Town, meeting: Meeting, engine: Engine, calls: CallsRound, clock: Clock
) -> None:
    lock(meeting)
    engine.fault, engine.dies_when = asyncio.CancelledError(), "order"
    with pytest.raises(asyncio.CancelledError):
        await calls.once()
    engine.fault = None
    again = start(town, engine, clock)
    assert await again.once()
    assert not await again.once()
    assert engine.done == 2 * [("policy", meeting.media, True)]
    assert "Lukitseminen ei onnistunut" not in meeting.said()[-1]


async def test_a_fault_of_the_engines_is_said_and_stops_nothing(
    meeting: Meeting, engine: Engine, calls: CallsRound, caplog: pytest.LogCaptureFixture
) -> None:
    lock(meeting)
    lock(meeting, locked=False)
    engine.fault, engine.dies_when = ValueError(f"{CITIZEN}"), "order"
    assert await calls.once()
    engine.fault = None
    assert await calls.once()
    assert "Lukitseminen ei onnistunut" in "".join(meeting.said())
    assert caplog.text
    assert CITIZEN not in caplog.text


async def test_where_the_engine_has_no_locks_the_service_keeps_people_out(
    meeting: Meeting, engine: Engine, calls: CallsRound
) -> None:
    lock(meeting)
    engine.trouble = Trouble.UNSUPPORTED
    assert await calls.once()
    assert meeting.town.rows("SELECT state FROM conference_order") == [("done",)]
    assert meeting.town.do(lambda tx: tx.orders.is_locked(meeting.media))


async def test_an_unlocking_that_failed_leaves_it_locked(meeting: Meeting, engine: Engine, calls: CallsRound) -> None:
    lock(meeting)
    await calls.once()
    lock(meeting, locked=False)
    engine.trouble = Trouble.FAILED
    await calls.once()
    assert meeting.town.do(lambda tx: tx.orders.is_locked(meeting.media))
    assert "Lukon avaaminen ei onnistunut" in meeting.said()[-1]


async def test_the_round_goes_on_by_itself_and_is_woken(
    town: Town, meeting: Meeting, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.calls_round.WAIT_S", 0.0)
    monkeypatch.setattr(engine, "evidence", _slowly(engine.evidence))
    calls = start(town, engine, clock)
    running = asyncio.create_task(calls.run())
    joins(engine)
    await engine.heard("settled")
    assert len(present(town)) == 1
    room = await town.store.transact(lambda tx: tx.rooms.by_media(meeting.media))
    assert room is not None
    given = conference.Given(room.lane, Language.FI, "$lock")
    await town.store.transact(lambda tx: conference.lock(tx, meeting.visit, given, TUESDAY, locked=True))
    calls.wake.set()
    await engine.heard("policy")
    assert engine.done == [("policy", meeting.media, True)]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def _slowly(evidence: Callable[..., object]) -> Callable[..., object]:
    async def ask(*args: object) -> object:
        await asyncio.sleep(0.01)
        return await evidence(*args)  # type: ignore[misc]

    return ask


def test_every_order_has_words_for_its_failure() -> None:
    assert set(FAILED) == set(OrderKind)
