"""When a delegated leave is put off, and when it is sent."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest

from bot.web.rtc_homeserver import Outcome
from bot.web.rtc_leaves import ABSENCE, CLAIM, DelayedLeaves
from tests.web.rtc_doubles import LeavesInMemory, RememberedEvents

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Call:
    """One room, `connected` being who is in it; the clock moves only where a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        self.connected: Collection[str] | None = ()
        self.events = RememberedEvents()
        self.store = LeavesInMemory()
        self.leaves = self.restarted_service()

    def restarted_service(self) -> DelayedLeaves:
        return DelayedLeaves(self.store, self.events, self._who, lambda: self.now)

    async def _who(self, room: str) -> Collection[str] | None:
        assert room == "room"
        return self.connected

    async def delegate(self, delay_id: str = "syd_1", delay: timedelta = HOUR, identity: str = "me") -> None:
        await self.leaves.delegate("room", identity, delay_id, delay)

    async def passes(self, time: timedelta) -> None:
        """The time goes by in turns of five seconds."""
        end = self.now + time
        while self.now < end:
            self.now += min(5 * SECOND, end - self.now)
            await self.leaves.look_after()

    def count(self, action: str) -> int:
        return sum(asked.startswith(action) for asked in self.events.asked)


@pytest.fixture
def call() -> Call:
    return Call()


async def test_a_leave_is_put_off_as_long_as_its_giver_is_connected(call: Call) -> None:
    await call.delegate()
    call.connected = {"me"}
    await call.passes(3 * HOUR)
    assert call.count("send") == 0
    assert 17 <= call.count("restart") <= 20


async def test_a_short_delay_is_put_off_before_it_ends(call: Call) -> None:
    await call.delegate(delay=18 * SECOND)
    call.connected = {"me"}
    await call.passes(timedelta(minutes=3))
    assert call.count("restart") >= 18


async def test_a_leave_that_the_engine_tells_is_sent_at_once_and_forgotten(call: Call) -> None:
    await call.delegate()
    await call.delegate("syd_2", identity="other")
    await call.leaves.left("room", "me", "dead")
    assert call.events.asked == ["send syd_1"]
    assert [leave.identity for leave in call.store.kept.values()] == ["other"]
    await call.leaves.left("room", "me")
    assert call.events.asked == ["send syd_1"]


@pytest.mark.parametrize("reason", ["replaced", "engine_stopped"])
async def test_one_who_comes_back_by_himself_has_not_left(call: Call, reason: str) -> None:
    await call.delegate()
    await call.leaves.left("room", "me", reason)
    assert call.events.asked == []


async def test_one_who_vanishes_without_a_word_of_the_engine_is_gone_after_a_while(call: Call) -> None:
    await call.delegate()
    call.connected = {"me"}
    await call.passes(10 * SECOND)
    call.connected = ()
    await call.passes(ABSENCE - SECOND)
    assert call.count("send") == 0
    await call.passes(10 * SECOND)
    assert call.count("send") == 1
    assert not call.store.kept


async def test_one_who_reconnects_in_time_was_never_gone(call: Call) -> None:
    await call.delegate()
    for _ in range(10):
        call.connected = {"me"}
        await call.passes(5 * SECOND)
        call.connected = ()
        await call.passes(ABSENCE - 5 * SECOND)
    assert call.count("send") == 0


async def test_one_who_hands_his_leave_over_before_he_connects_has_a_minute(call: Call) -> None:
    await call.delegate()
    await call.passes(CLAIM - 5 * SECOND)
    assert call.count("send") == 0
    call.connected = {"me"}
    await call.passes(HOUR)
    assert call.count("send") == 0


async def test_one_who_never_connects_is_gone_after_it(call: Call) -> None:
    await call.delegate()
    await call.passes(CLAIM + ABSENCE + 5 * SECOND)
    assert call.count("send") == 1


async def test_while_the_engine_cannot_say_nothing_is_decided(call: Call) -> None:
    await call.delegate()
    call.connected = {"me"}
    await call.passes(10 * SECOND)
    asked = list(call.events.asked)
    call.connected = None
    await call.passes(HOUR)
    assert call.events.asked == asked


async def test_a_service_that_was_away_sends_for_those_who_went_meanwhile(call: Call) -> None:
    await call.delegate()
    await call.delegate("syd_2", identity="other")
    call.connected = {"me", "other"}
    await call.passes(10 * SECOND)
    call.now += HOUR / 2
    call.connected = {"other"}
    call.leaves = call.restarted_service()
    await call.passes(ABSENCE + 10 * SECOND)
    assert [asked for asked in call.events.asked if asked.startswith("send")] == ["send syd_1"]
    assert call.events.asked.count("restart syd_2") >= 2


async def test_a_newer_leave_of_the_same_participant_takes_the_older_ones_place(call: Call) -> None:
    """The older one would end the newer membership once its hour is over."""
    await call.delegate("syd_1")
    await call.delegate("syd_2")
    assert call.events.asked == ["cancel syd_1"]
    await call.delegate("syd_2")
    assert call.events.asked == ["cancel syd_1"]
    await call.leaves.left("room", "me")
    assert call.events.asked == ["cancel syd_1", "send syd_2"]


async def test_what_the_homeserver_no_longer_knows_is_forgotten(call: Call) -> None:
    await call.delegate()
    call.connected = {"me"}
    call.events.outcome = Outcome.UNKNOWN
    await call.passes(5 * SECOND)
    assert not call.store.kept


async def test_a_homeserver_that_is_away_is_asked_again(call: Call) -> None:
    await call.delegate()
    call.events.outcome = Outcome.FAILED
    await call.leaves.left("room", "me")
    assert call.store.kept
    await call.passes(CLAIM + ABSENCE + 10 * SECOND)
    call.events.outcome = Outcome.DONE
    await call.passes(5 * SECOND)
    assert not call.store.kept
    assert call.events.asked[-1] == "send syd_1"


async def test_one_bad_turn_does_not_end_the_care_for_all(
    call: Call, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        turns += 1
        if turns == 1:
            raise ValueError("@asukas:ahtari.example")

    monkeypatch.setattr("bot.web.rtc_leaves.TICK", timedelta(milliseconds=1))
    monkeypatch.setattr(call.leaves, "look_after", turn)
    task = asyncio.create_task(call.leaves.run())
    async with asyncio.timeout(2):
        while turns < 3:  # noqa: ASYNC110 - the turns happen in the other task
            await asyncio.sleep(0.01)
    task.cancel()
    assert "ValueError" in caplog.text
    assert "asukas" not in caplog.text
