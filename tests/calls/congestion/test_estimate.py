"""The parts of the estimate one by one, and what a receiver may send that makes no sense."""

import random

import pytest

from bot.calls.congestion import Downlink, SendSide, Wanted
from bot.calls.congestion.delay import QueueDelay
from bot.calls.congestion.line import Backlog, Resending
from bot.calls.congestion.probing import Cluster, Outcome
from bot.calls.congestion.rates import Delivered, Losses, SteadyBitrates


def test_a_backlog_grows_by_bursts_and_leaks_at_its_rate() -> None:
    backlog = Backlog(1e6, 0.0)
    assert backlog.add(100e3, 0.0) == pytest.approx(0.1)
    assert backlog.seconds(0.06) == pytest.approx(0.04)
    assert backlog.add(10e3, 0.2) == pytest.approx(0.01)


def test_a_backlog_explains_a_quarter_of_a_second_at_most() -> None:
    backlog = Backlog(1e6, 0.0)
    backlog.add(5e6, 0.0)
    assert backlog.seconds(0.0) == pytest.approx(0.25)


def test_the_delivered_rate_is_that_of_arrivals_whatever_the_reports() -> None:
    delivered = Delivered()
    for number in range(20):
        delivered.add(100.0 + number * 0.07, 70e3)
    assert delivered.rate(0.3) == pytest.approx(1e6)
    assert Delivered().rate(0.3) == 0.0


def test_a_loss_by_chance_is_told_from_a_heavy_one_only_by_many_packets() -> None:
    few, many = Losses(), Losses()
    few.add(10, 40, 0.0)
    many.add(60, 400, 0.0)
    assert few.share == 0.0
    assert many.share == pytest.approx(0.15)
    assert 0.12 < many.at_least < 0.15


def test_the_base_delay_follows_a_clock_that_drifts_and_one_that_jumps() -> None:
    delay = QueueDelay()
    for tick in range(600):
        delay.add(5.0 + tick * 0.1 * 3e-4, tick * 0.1)
    assert delay.standing < 0.004
    delay.add(-900_000.0, 60.0)
    assert delay.standing == 0.0


def test_a_step_of_the_delay_is_told_from_a_ramp() -> None:
    step, ramp = QueueDelay(), QueueDelay()
    for tick in range(10):
        step.add(0.1 if tick >= 5 else 0.04, tick * 0.1)
        ramp.add(0.04 + max(0, tick - 5) * 0.03, tick * 0.1)
    assert step.step() == pytest.approx(0.1)
    assert ramp.step() is None


def cluster(rate: float, capacity: float, *, missing: int = 0) -> Cluster:
    probe, free, unreported = Cluster(1, rate, 0.5 * rate, 0.0, 0.2), 0.0, missing
    for tick in range(10):
        for _ in range(5):
            bits, at = rate * 0.02 / 5, tick * 0.02
            probe.sent(bits, at)
            free = max(free, at) + bits / capacity
            unreported -= 1
            if unreported < 0:
                probe.arrived(at, free + 0.05, bits)
    return probe


def test_a_train_measures_the_line_it_is_too_much_for() -> None:
    result = cluster(2e6, 1.2e6).result()
    assert result.outcome is Outcome.NARROW
    assert result.bps == pytest.approx(1.2e6, rel=0.03)


def test_a_train_that_is_not_too_much_shows_its_own_rate_and_no_more() -> None:
    result = cluster(2e6, 50e6).result()
    assert result.outcome is Outcome.TAKEN
    assert result.bps == pytest.approx(2e6, rel=0.03)


def test_a_train_whose_report_was_lost_shows_nothing() -> None:
    assert cluster(2e6, 50e6, missing=20).result().outcome is Outcome.VOID


def test_repetitions_stay_a_share_of_the_estimate() -> None:
    resending, sent = Resending(0.0), 0.0
    for tick in range(1000):
        for _ in range(10):
            sent += 9600 if resending.take(9600, 600e3, tick * 0.01) else 0
    assert sent <= 0.15 * 600e3 * 10 + 60e3
    assert sent > 0.1 * 600e3 * 10


def test_without_feedback_nothing_is_probed_and_the_receivers_own_estimate_counts() -> None:
    side = SendSide(0.0)
    for number in range(500):
        side.sent(number, 1000, number * 0.02)
        assert side.probe(number * 0.02, 5e6, 0.0) == 0
    assert side.estimate == 300e3
    side.hint(900e3)
    assert side.estimate == 900e3


def test_once_feedback_came_the_receivers_own_estimate_is_ignored() -> None:
    side = SendSide(0.0)
    side.sent(1, 1000, 0.0)
    side.feedback([(1, 50.0)], 0.1)
    side.hint(9e6)
    assert side.estimate == 300e3


def test_a_line_that_falls_silent_is_taken_for_narrower_and_narrower() -> None:
    side, now = SendSide(0.0), 0.0
    for number in range(400):
        now = number * 0.02
        side.sent(number, 500, now)
        side.probe(now, 5e6, 0.0)
        if number < 50:
            side.feedback([(number, now)], now)
    assert side.estimate < 100e3


def test_silence_because_nothing_was_sent_costs_nothing() -> None:
    side = SendSide(0.0)
    for second, number in ((0, 1), (1, 2), (60, 3)):
        side.sent(number, 500, float(second))
        side.feedback([(number, second + 0.05)], second + 0.05)
        side.probe(second + 0.06, 0.0, 0.0)
    assert side.estimate == 300e3


@pytest.mark.parametrize("seed", range(5))
def test_nonsense_in_reports_raises_nothing_and_leaves_an_estimate_within_its_bounds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance that is the same in every run
    downlink = Downlink(0.0)
    tracks = [Wanted("TR_a", 0, ((0, 150e3), (2, 1.7e6)))]
    for tick in range(2000):
        now = tick * 0.02
        downlink.sent(chance.randrange(0x10000), chance.randrange(1500), now)
        rows = [(chance.randrange(-5, 0x20000), chance.choice([None, 0.0, -1e9, 1e9, now])) for _ in range(20)]
        downlink.feedback(rows[: chance.randrange(21)], now)
        downlink.decide(tracks, 50e3, now)
        assert downlink.padding(now) >= 0
        assert 60e3 <= downlink.line.estimate <= 20e6


def test_a_key_frame_in_a_measured_bitrate_hardly_moves_the_levelled_one() -> None:
    steady = SteadyBitrates(0.0)
    steady.of([Wanted("TR_a", 0, ((0, 450e3),))], 0.0)
    for tick in range(1, 6):
        levelled = steady.of([Wanted("TR_a", 0, ((0, 610e3),))], tick * 0.2)
    assert levelled[0].layers[0][1] < 475e3


def test_sequence_numbers_wrap() -> None:
    side = SendSide(0.0)
    for number in range(65_500, 65_600):
        now = (number - 65_500) * 0.02
        side.sent(number & 0xFFFF, 500, now)
        side.feedback([(number & 0xFFFF, now + 3.0)], now + 0.05)
    assert side.loss == 0.0
    assert side.queue_s == pytest.approx(0.0)
