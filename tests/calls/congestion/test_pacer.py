"""Key frames wait in the pacer, not on the line."""

from bot.calls.congestion import Pacer


def drained(pacer: Pacer[int], begin: float, end: float) -> list[tuple[float, int]]:
    out, now = [], begin
    while now < end:
        out += [(now, packet) for packet in pacer.due(now)]
        now += 0.005
    return out


def test_an_ordinary_frame_passes_at_once() -> None:
    pacer: Pacer[int] = Pacer(600e3, 0.0)
    assert all(pacer.offer(number, 1150, 0.0) for number in range(3))
    assert not pacer.held


def test_a_key_frame_leaves_in_order_and_never_queues_more_than_150_ms_at_the_estimate() -> None:
    rate, size, line = 600e3, 1150, 0.0
    pacer: Pacer[int] = Pacer(rate, 0.0)
    sent = [(0.0, number) for number in range(20) if pacer.offer(number, size, 0.0)]
    sent += drained(pacer, 0.0, 1.0)
    assert [number for _, number in sent] == list(range(20))
    for at, _ in sent:
        line = max(line, at) + size * 8 / rate
        assert line - at <= 0.15


def test_sound_goes_before_pictures_that_wait() -> None:
    pacer: Pacer[int] = Pacer(600e3, 0.0)
    for number in range(30):
        pacer.offer(number, 1150, 0.0)
    assert pacer.held
    assert pacer.offer(99, 138, 0.001, urgent=True)


def test_nothing_overtakes_what_is_held() -> None:
    pacer: Pacer[int] = Pacer(600e3, 0.0)
    for number in range(30):
        pacer.offer(number, 1150, 0.0)
    assert not pacer.offer(30, 50, 0.03)
    assert [number for _, number in drained(pacer, 0.03, 2.0)][-1] == 30


def test_a_large_key_frame_is_out_within_half_a_second() -> None:
    pacer: Pacer[int] = Pacer(2e6, 0.0)
    for number in range(64):  # 1280x720, seven times an ordinary frame
        pacer.offer(number, 1150, 0.0)
    assert drained(pacer, 0.0, 2.0)[-1][0] < 0.5


def test_what_is_given_up_is_returned_and_gone() -> None:
    pacer: Pacer[int] = Pacer(100e3, 0.0)
    passed = [number for number in range(10) if pacer.offer(number, 1150, 0.0)]
    assert pacer.clear() == list(range(len(passed), 10))
    assert not pacer.held
    assert pacer.due(5.0) == []
