from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp.received import Received
from tests.calls.rtp.making import unhurried

EVERY = 0.02


def stream(*, reports_missing: bool = True) -> Received:
    return Received(7, 48000, reports_missing=reports_missing)


def fed(received: Received, *sequences: int, start: float = 100.0) -> list[bool]:
    taken = []
    for number, sequence in enumerate(sequences):
        taken.append(received.add(sequence & 0xFFFF, 960 * sequence & 0xFFFFFFFF, start + EVERY * number))
    return taken


def test_nothing_came_yet() -> None:
    received = stream()
    report = received.report(5.0)
    assert (report.fraction_lost, report.packets_lost, report.highest_sequence, report.lsr) == (0, 0, 0, 0)
    assert (received.last_at, received.lost_share(), received.bitrate(5.0)) == (0.0, 0.0, 0.0)
    assert not received.is_missing(0)
    assert received.due_nacks(5.0) == []


def test_a_duplicate_is_refused() -> None:
    assert fed(stream(), 1, 2, 2, 1, 3) == [True, True, False, False, True]


def test_packets_out_of_order_are_taken_once() -> None:
    assert fed(stream(), 10, 12, 11, 11, 9) == [True, True, True, False, True]


def test_what_is_too_old_is_refused() -> None:
    received = stream()
    fed(received, 1, *range(3, 600))
    assert fed(received, 2) == [False]
    assert fed(received, 599 - 499) == [False]


def test_missing_packets_are_known_and_asked_for_at_once() -> None:
    received = stream()
    fed(received, 1, 4)
    assert [received.is_missing(sequence) for sequence in range(1, 6)] == [False, True, True, False, False]
    assert received.due_nacks(100.1) == [2, 3]


def test_a_packet_that_came_is_asked_for_no_more() -> None:
    received = stream()
    fed(received, 1, 4, 2)
    assert received.due_nacks(100.1) == [3]


def test_it_asks_every_80_ms_and_eight_times_at_most() -> None:
    received = stream()
    fed(received, 1, 3)
    asked = [at for at in range(0, 3000, 5) if received.due_nacks(101 + at / 1000)]
    assert len(asked) == 8
    assert {later - sooner for sooner, later in pairwise(asked)} <= {80, 85}
    assert received.given_up
    assert not received.is_missing(2)


def test_sequence_numbers_wrap_at_65535() -> None:
    received = stream()
    assert fed(received, 65533, 65534, 65537) == [True] * 3
    assert received.due_nacks(101) == [65535, 0]
    assert fed(received, 65535, 65536) == [True, True]
    assert received.report(101).highest_sequence == 0x10001
    assert received.report(101).packets_lost == 0


def test_two_wraps_are_counted_in_the_report() -> None:
    received = stream()
    fed(received, *range(60_000, 60_000 + 140_000, 1000))
    assert received.report(0).highest_sequence >> 16 == 3


def test_a_long_gap_is_given_up_at_once() -> None:
    received = stream()
    fed(received, 1, 103)
    assert received.due_nacks(101) == []
    assert received.given_up


def test_a_gap_of_a_hundred_is_still_asked_for() -> None:
    received = stream()
    fed(received, 1, 102)
    assert received.due_nacks(101) == list(range(2, 102))
    assert not received.given_up


def test_what_falls_out_of_the_window_is_given_up() -> None:
    received = stream()
    fed(received, 1, *range(3, 510))
    assert received.due_nacks(100) == []
    assert received.given_up


def test_sound_without_nack_asks_for_nothing() -> None:
    received = stream(reports_missing=False)
    fed(received, 1, 4)
    assert received.due_nacks(101) == []
    assert not received.is_missing(2)
    assert received.report(101).packets_lost == 2


def test_the_fraction_covers_the_time_since_the_last_report() -> None:
    received = stream()
    fed(received, 1, 2, 3, 8)  # 4 of 8 lost
    assert (received.report(101).fraction_lost, received.report(101).fraction_lost) == (128, 0)
    fed(received, 9, 10, 12)  # 1 of 4 lost
    report = received.report(102)
    assert (report.fraction_lost, report.packets_lost) == (64, 5)


def test_a_recovered_packet_lowers_the_loss_but_no_fraction_below_zero() -> None:
    received = stream()
    fed(received, 1, 2, 4)
    assert received.report(101).fraction_lost == 64
    fed(received, 3)
    report = received.report(102)
    assert (report.fraction_lost, report.packets_lost) == (0, 0)
    assert received.lost_share() == 0.0


def test_everything_lost_but_one_is_at_most_255() -> None:
    received = stream()
    fed(received, 1)
    received.report(101)
    fed(received, 3000)
    assert received.report(102).fraction_lost == 255


def test_the_share_of_what_never_came() -> None:
    received = stream()
    fed(received, *range(1, 91), 100)
    assert received.lost_share() == pytest.approx(0.09)


def test_an_even_stream_has_no_jitter_and_an_uneven_one_has() -> None:
    even, uneven = stream(), stream()
    for number in range(200):
        even.add(number, 960 * number, 5 + EVERY * number)
        uneven.add(number, 960 * number, 5 + EVERY * number + 0.01 * (number % 2))
    assert even.report(9).jitter <= 1
    assert uneven.report(9).jitter == pytest.approx(480, rel=0.02)


def test_a_wrap_of_the_timestamp_is_no_jitter() -> None:
    received = stream()
    for number in range(50):
        received.add(number, (0xFFFFFFFF - 960 * 20 + 960 * number) & 0xFFFFFFFF, 5 + EVERY * number)
    assert received.report(9).jitter <= 1


def test_a_new_clock_is_no_jitter() -> None:
    received = stream()
    fed(received, 1, 2)
    received.add(3, 2_000_000_000, 100 + 3 * EVERY)
    assert received.report(9).jitter <= 1


def test_the_senders_report_comes_back_with_its_age() -> None:
    received = stream()
    fed(received, 1)
    received.sender_report(0x1122334455667788, 960, 101.0)
    report = received.report(103.5)
    assert (report.lsr, report.dlsr) == (0x33445566, int(2.5 * 65536))


def test_one_number_out_of_all_order_is_not_believed() -> None:
    received = stream()
    assert fed(received, 1, 2, 30_000, 3) == [True, True, False, True]
    assert received.report(101).packets_lost == 0


def test_two_in_a_row_are_a_restart() -> None:
    received = stream()
    fed(received, 1, 2, 5)
    assert fed(received, 30_000, 30_001, 30_002) == [False, True, True]
    assert received.report(101).highest_sequence == 30_002
    assert received.given_up
    assert received.lost_share() == pytest.approx(2 / 7)


def test_a_restart_may_go_back() -> None:
    received = stream()
    fed(received, 40_000)
    assert fed(received, 7, 8, 9) == [False, True, True]


def test_the_rate_is_that_of_the_last_second() -> None:
    received = stream()
    for number in range(300):
        received.add(number, 0, 50 + number / 100, 125)
    assert received.bitrate(53.0) == pytest.approx(100_000, rel=0.01)
    assert received.bitrate(53.55) == pytest.approx(50_000, rel=0.15)
    assert received.bitrate(60) == 0.0


def test_the_last_packet_has_a_time() -> None:
    received = stream()
    fed(received, 1, 2, 2)
    assert received.last_at == 100 + EVERY


@unhurried
@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.floats(0, 1e9)), max_size=80))
def test_no_numbers_break_the_books(packets: list[tuple[int, int, float]]) -> None:
    received = stream()
    for sequence, timestamp, now in packets:
        received.add(sequence, timestamp, now, 1200)
        assert all(0 <= asked <= 0xFFFF for asked in received.due_nacks(now))
        report = received.report(now)
        assert 0 <= report.fraction_lost <= 255
        assert 0 <= report.highest_sequence <= 0xFFFFFFFF
        assert 0 <= report.dlsr <= 0xFFFFFFFF
        assert 0 <= received.lost_share() <= 1
        assert received.bitrate(now) >= 0


@unhurried
@given(
    st.integers(0, 0xFFFF),
    st.lists(st.integers(0, 90), min_size=1, max_size=90, unique=True),
)
def test_each_packet_of_a_window_is_taken_once_in_any_order(start: int, order: list[int]) -> None:
    received = stream()
    assert all(received.add((start + number) & 0xFFFF, 0, 1.0) for number in order)
    assert not any(received.add((start + number) & 0xFFFF, 0, 1.0) for number in order)
    assert received.report(1.0).packets_lost == max(order) - min(order) + 1 - len(order)
    came = {start + number & 0xFFFF for number in order}
    after_first = {start + number & 0xFFFF for number in range(order[0], max(order))}
    assert set(received.due_nacks(2.0)) == after_first - came
