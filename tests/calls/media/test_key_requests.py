from itertools import pairwise

from bot.calls.media.track import KEY_FORGIVEN_S, KEY_LONGEST_PAUSE_S, KEY_PAUSE_S, KeyRequests, Stream, Track


def passed(asked_every: float, seconds: float) -> list[float]:
    requests = KeyRequests()
    moments = [round(number * asked_every, 3) for number in range(int(seconds / asked_every))]
    return [moment for moment in moments if requests.passes(moment)]


def test_a_first_request_and_one_after_a_long_while_pass_at_once() -> None:
    requests = KeyRequests()
    assert requests.passes(100.0)
    assert requests.passes(100.0 + KEY_FORGIVEN_S)
    assert requests.passes(100.0 + KEY_FORGIVEN_S + KEY_PAUSE_S)


def test_who_asks_without_an_end_is_heard_less_and_less() -> None:
    moments = passed(asked_every=0.1, seconds=60)
    pauses = [round(after - before, 3) for before, after in pairwise(moments)]
    assert pauses[:4] == [KEY_PAUSE_S, 2 * KEY_PAUSE_S, 4 * KEY_PAUSE_S, KEY_LONGEST_PAUSE_S]
    assert set(pauses[4:]) == {KEY_LONGEST_PAUSE_S}


def test_many_viewers_together_cost_the_publisher_one_key_frame_in_a_pause() -> None:
    sent: list[bytes] = []
    stream = Stream(Track("TR_1", "PA_1", is_video=True), 0, 7, sent.append)
    for tenth in range(20):
        stream.ask_for_key(tenth / 10)
    assert len(sent) == round(2 / KEY_PAUSE_S)
