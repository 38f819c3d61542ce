"""Lines that become narrower and wider, longer, lossy and jittery, and clocks that drift."""

import pytest

from tests.calls.congestion.simulated_call import SimulatedCall
from tests.calls.congestion.simulated_line import LineFacts

SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_that_becomes_narrow_and_wide_again_has_720_lines_back_within_fifteen_seconds(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 5e6), (20.0, 600e3), (50.0, 5e6))), seed)
    call.run(50)
    assert call.goals() == [0, 0, 0]
    assert call.switches(28, 50) == 0
    assert call.largest_queue(28, 50) <= 0.15
    call.run(75)
    reached = call.reached(2, pictures=1)
    assert reached is not None
    assert reached < 65


@pytest.mark.parametrize("seed", SEEDS)
def test_sound_survives_a_sudden_fall_to_600_kbits(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 5e6), (20.0, 600e3))), seed)
    call.run(40)
    assert len(call.audio_lost) <= 0.02 * len(call.audio_sent)
    assert call.largest_queue(26, 40) <= 0.15


@pytest.mark.parametrize("seed", SEEDS)
def test_three_lost_packets_in_a_hundred_each_way_leave_the_top_layers(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 5e6),), loss=0.03, loss_back=0.03), seed, pictures=2)
    call.run(60)
    reached = call.reached(2)
    assert reached is not None
    assert reached < 8
    assert call.switches(8, 60) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_loss_does_not_starve_a_line_that_just_carries_720_lines(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 2.4e6),), loss=0.03, loss_back=0.03), seed, pictures=1)
    call.run(60)
    assert call.reached(2) is not None
    assert call.switches(10, 60) == 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("longer", [0.03, 0.08, 0.2])
def test_a_route_that_becomes_longer_costs_nothing_for_long(seed: int, longer: float) -> None:
    facts = LineFacts(capacity=((0.0, 5e6),), delay_s=((0.0, 0.04), (20.0, 0.04 + longer)))
    call = SimulatedCall(facts, seed, pictures=2)
    call.run(60)
    reached = call.reached(2)
    assert reached is not None
    assert reached < 35


@pytest.mark.parametrize("drift", [3e-4, -3e-4])
@pytest.mark.parametrize("seed", range(4))
def test_a_receiver_with_a_drifting_clock_is_served_alike(seed: int, drift: float) -> None:
    narrow = SimulatedCall(LineFacts(capacity=((0.0, 600e3),), drift=drift), seed)
    narrow.run(120)
    assert narrow.goals() == [0, 0, 0]
    assert narrow.switches(8, 120) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_radio_that_jitters_flaps_no_more_than_seldom(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 2.4e6),), jitter_s=0.005), seed)
    call.run(68)
    assert call.goals()[0] is not None
    assert call.switches(8, 68) <= 6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stall_of_half_a_second_passes(seed: int) -> None:
    facts = LineFacts(capacity=((0.0, 3e6), (20.0, 20e3), (20.5, 3e6)))
    call = SimulatedCall(facts, seed, pictures=1)
    call.run(40)
    reached = call.reached(2)
    assert reached is not None
    assert reached < 30


@pytest.mark.parametrize("seed", range(4))
def test_reports_that_come_seldom_suffice(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 600e3),)), seed, report_every=(0.1, 0.25))
    call.run(60)
    assert call.goals() == [0, 0, 0]
    assert call.switches(8, 60) == 0
    assert call.largest_queue(0, 60) <= 0.17
