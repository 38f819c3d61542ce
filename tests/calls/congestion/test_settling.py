"""What a receiver gets on lines of different widths, over many seeds."""

import pytest

from tests.calls.congestion.simulated_call import SimulatedCall
from tests.calls.congestion.simulated_line import LineFacts

SEEDS = range(12)
NARROW = LineFacts(capacity=((0.0, 600e3),))
TINY = LineFacts(capacity=((0.0, 150e3),))
WIDE = LineFacts()


@pytest.mark.parametrize("seed", SEEDS)
def test_at_600_kbits_layers_are_settled_within_eight_seconds_and_stay(seed: int) -> None:
    call = SimulatedCall(NARROW, seed)
    call.run(68)
    assert call.goals() == [0, 0, 0]
    assert call.last_switch() < 8
    assert 540e3 < call.downlink.line.estimate <= 600e3


@pytest.mark.parametrize("seed", SEEDS)
def test_at_600_kbits_neither_probes_nor_key_frames_queue_more_than_150_ms(seed: int) -> None:
    call = SimulatedCall(NARROW, seed)
    call.run(68)
    assert call.padding_bytes > 0
    assert call.largest_queue(0, 68) <= 0.15
    assert not call.line.dropped


@pytest.mark.parametrize("seed", SEEDS)
def test_at_600_kbits_a_single_picture_has_360_lines(seed: int) -> None:
    call = SimulatedCall(NARROW, seed, pictures=1, bitrates=(150e3, 450e3, 1.7e6))
    call.run(60)
    assert call.goals() == [1]
    assert call.last_switch() < 8


@pytest.mark.parametrize("seed", SEEDS)
def test_at_150_kbits_pictures_pause_and_sound_stays(seed: int) -> None:
    call = SimulatedCall(TINY, seed)
    call.run(60)
    assert call.goals() == [None, None, None]
    assert call.last_switch() < 8
    assert call.audio_lost_share() < 0.02
    assert call.largest_queue(8, 60) <= 0.15


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unlimited_line_has_the_top_layers_within_five_seconds(seed: int) -> None:
    call = SimulatedCall(WIDE, seed)
    call.run(20)
    reached = call.reached(2)
    assert reached is not None
    assert reached < 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_distant_unlimited_line_has_the_top_layers_within_five_seconds(seed: int) -> None:
    call = SimulatedCall(LineFacts(delay_s=((0.0, 0.15),)), seed)
    call.run(20)
    reached = call.reached(2)
    assert reached is not None
    assert reached < 5


@pytest.mark.parametrize("seed", SEEDS)
def test_between_the_layers_the_speaker_is_seen_best(seed: int) -> None:
    call = SimulatedCall(LineFacts(capacity=((0.0, 2.4e6),)), seed)
    call.run(60)
    assert call.goals() == [2, 0, 0]
    assert call.switches(8, 60) == 0
    assert call.largest_queue(8, 60) <= 0.15


@pytest.mark.parametrize("seed", range(4))
def test_once_everything_wanted_is_had_no_padding_is_sent(seed: int) -> None:
    call = SimulatedCall(WIDE, seed)
    call.run(10)
    before = call.padding_bytes
    call.run(30)
    assert before > 0
    assert call.padding_bytes == before


@pytest.mark.parametrize("seed", range(4))
def test_receivers_share_nothing(seed: int) -> None:
    alone = SimulatedCall(WIDE, seed)
    alone.run(15)
    beside, narrow = SimulatedCall(WIDE, seed), SimulatedCall(TINY, seed)
    for second in range(1, 16):
        narrow.run(second)
        beside.run(second)
    assert beside.estimates == alone.estimates
    assert narrow.goals() == [None, None, None]
