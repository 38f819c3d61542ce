from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp.outgoing import Outgoing
from bot.calls.rtp.packet import ExtensionIds, Packet, parse
from bot.calls.rtp.vp8 import Descriptor, descriptor
from tests.calls.rtp.making import DELTA, KEY, picture, unhurried

LOW, HIGH = "layer q", "layer f"


def film(*, transport_cc_id: int = 5) -> Outgoing:
    return Outgoing(71, 100, 90000, is_video=True, transport_cc_id=transport_cc_id)


def sent(out: Outgoing, source: str, frame: tuple[Packet, Descriptor], now: float) -> tuple[Packet, Descriptor] | None:
    data = out.forward(frame[0], source, frame[1], now)
    if data is None:
        return None
    packet = parse(bytes(data), ExtensionIds(transport_cc=5))
    assert packet is not None
    numbered = descriptor(packet.payload)
    assert numbered is not None
    return packet, numbered


def certainly(came: tuple[Packet, Descriptor] | None) -> tuple[Packet, Descriptor]:
    assert came is not None
    return came


def test_it_begins_at_a_key_frame_with_the_sources_own_numbers() -> None:
    out = film()
    assert sent(out, LOW, picture(10, DELTA), 1.0) is None
    assert sent(out, LOW, picture(11, KEY, starts=False), 1.0) is None
    packet, numbered = certainly(sent(out, LOW, picture(12, KEY, timestamp=5, picture_id=300, tl0=9), 1.1))
    assert (packet.timestamp, numbered.picture_id, numbered.tl0) == (5, 300, 9)
    assert out.current == LOW


def test_a_layer_is_taken_at_its_key_frame_and_goes_on_without_a_gap() -> None:
    out = film()
    first, _ = certainly(sent(out, LOW, picture(10, KEY, timestamp=900, picture_id=77, tl0=8), 1.0))
    assert sent(out, HIGH, picture(5000, DELTA), 1.01) is None
    assert out.current == LOW
    key, numbered = certainly(sent(out, HIGH, picture(5001, KEY, timestamp=4_000_000_000, picture_id=5, tl0=200), 1.1))
    assert out.current == HIGH
    assert (key.sequence - first.sequence) & 0xFFFF == 1
    assert key.timestamp == 900 + 9000
    assert (numbered.picture_id, numbered.tl0) == (78, 9)


def test_after_the_switch_the_old_layer_is_silent() -> None:
    out = film()
    sent(out, LOW, picture(10, KEY), 1.0)
    sent(out, HIGH, picture(5000, KEY), 1.1)
    assert sent(out, LOW, picture(11, DELTA), 1.1) is None


def test_a_packet_of_the_new_layer_from_before_its_key_frame_is_dropped() -> None:
    out = film()
    sent(out, LOW, picture(10, KEY), 1.0)
    sent(out, HIGH, picture(5000, KEY), 1.1)
    assert sent(out, HIGH, picture(4999, DELTA), 1.1) is None
    assert sent(out, HIGH, picture(5001, DELTA), 1.1) is not None


def test_a_key_frame_that_starts_behind_its_other_packets_is_left_for_the_next_one() -> None:
    out = film()
    sent(out, LOW, picture(10, KEY), 1.0)
    assert sent(out, HIGH, picture(5001, KEY, starts=False), 1.1) is None
    assert sent(out, HIGH, picture(5000, KEY, marker=0), 1.11) is None
    assert sent(out, LOW, picture(11, DELTA), 1.12) is not None
    assert sent(out, HIGH, picture(5040, KEY), 1.6) is not None


def test_a_packet_passed_over_long_ago_hinders_no_key_frame() -> None:
    out = film()
    sent(out, HIGH, picture(5001, DELTA), 1.0)
    assert sent(out, HIGH, picture(4990, KEY), 900.0) is not None


def test_packets_late_after_the_switch_keep_their_place() -> None:
    out = film()
    sent(out, LOW, picture(10, KEY), 1.0)
    key, _ = certainly(sent(out, HIGH, picture(65_534, KEY, picture_id=1), 1.1))
    newest, _ = certainly(sent(out, HIGH, picture(65_537, DELTA, picture_id=4), 1.2))
    late, numbered = certainly(sent(out, HIGH, picture(65_536, DELTA, picture_id=3), 1.2))
    assert [(packet.sequence - key.sequence) & 0xFFFF for packet in (newest, late)] == [3, 2]
    assert numbered.picture_id == 3


def test_a_switch_counts_on_from_the_newest_not_from_the_last() -> None:
    out = film()
    first, _ = certainly(sent(out, LOW, picture(10, KEY, picture_id=1), 1.0))
    sent(out, LOW, picture(13, DELTA, picture_id=4), 1.1)
    sent(out, LOW, picture(12, DELTA, picture_id=3), 1.1)
    key, numbered = certainly(sent(out, HIGH, picture(900, KEY, picture_id=500), 1.2))
    assert (key.sequence - first.sequence) & 0xFFFF == 4
    assert numbered.picture_id == 5


def test_picture_ids_and_tl0_wrap_over_a_switch() -> None:
    out = film()
    sent(out, LOW, picture(10, KEY, picture_id=0x7FFF, tl0=255), 1.0)
    _, numbered = certainly(sent(out, HIGH, picture(900, KEY, picture_id=500, tl0=3), 1.2))
    assert (numbered.picture_id, numbered.tl0) == (0, 0)
    _, following = certainly(sent(out, HIGH, picture(901, DELTA, picture_id=501, tl0=4), 1.2))
    assert (following.picture_id, following.tl0) == (1, 1)


def test_the_time_never_stands_still_over_a_switch() -> None:
    out = film()
    first, _ = certainly(sent(out, LOW, picture(10, KEY, timestamp=0xFFFFFFFF), 1.0))
    key, _ = certainly(sent(out, HIGH, picture(900, KEY, timestamp=5), 1.0))
    assert (key.timestamp - first.timestamp) & 0xFFFFFFFF == 1


def test_there_and_back_again_is_still_one_stream() -> None:
    out = film()
    packets = []
    for turn in range(40):
        source, base = ((LOW, 100), (HIGH, 60_000))[turn % 2]
        for number in range(5):
            frame = picture(
                base + 5 * turn + number, KEY if number == 0 else DELTA, picture_id=turn, timestamp=3000 * number
            )
            packets.append(certainly(sent(out, source, frame, 1 + turn + number / 30)))
    steps = [(later[0].sequence - sooner[0].sequence) & 0xFFFF for sooner, later in pairwise(packets)]
    times = [(later[0].timestamp - sooner[0].timestamp) & 0xFFFFFFFF for sooner, later in pairwise(packets)]
    assert set(steps) == {1}
    assert all(0 < time < 90_000 for time in times)


def test_only_the_wanted_layer_takes_over() -> None:
    out = film()
    out.wanted = HIGH
    assert sent(out, LOW, picture(10, KEY), 1.0) is None
    assert sent(out, HIGH, picture(900, KEY), 1.0) is not None
    assert sent(out, LOW, picture(11, KEY), 1.1) is None
    assert out.current == HIGH


def test_a_paused_picture_goes_on_at_a_key_frame() -> None:
    out = film()
    first, _ = certainly(sent(out, LOW, picture(10, KEY, timestamp=0, picture_id=5, tl0=5), 1.0))
    out.pause()
    assert sent(out, LOW, picture(11, DELTA, timestamp=3000, picture_id=6), 1.03) is None
    key, numbered = certainly(sent(out, LOW, picture(400, KEY, timestamp=900_000, picture_id=95, tl0=70), 11.0))
    assert (key.sequence - first.sequence) & 0xFFFF == 1
    assert key.timestamp == 900_000
    assert (numbered.picture_id, numbered.tl0) == (6, 6)


def test_a_restarted_source_waits_for_a_key_frame() -> None:
    out = film()
    first, _ = certainly(sent(out, LOW, picture(10, KEY), 1.0))
    assert sent(out, LOW, picture(30_000, DELTA), 1.1) is None
    assert sent(out, LOW, picture(30_001, DELTA), 1.1) is None
    key, _ = certainly(sent(out, LOW, picture(30_002, KEY), 1.2))
    assert (key.sequence - first.sequence) & 0xFFFF == 1


def test_an_encrypted_frame_is_switched_by_its_clear_bytes() -> None:
    out = film(transport_cc_id=0)
    clear, _ = picture(10, KEY, picture_id=4)
    secret = bytes(range(200, 256))
    packet = Packet(96, 128, 10, 0, 7, clear.payload + secret)
    came = out.forward(packet, LOW, descriptor(packet.payload), 1.0)
    assert came is not None
    assert bytes(came[12:]) == packet.payload
    sent(out, HIGH, picture(77, KEY), 1.1)
    again = out.forward(packet, LOW, descriptor(packet.payload), 1.2)
    assert again is not None
    assert bytes(again[12 + 6 :]) == packet.payload[6:]


def test_the_same_packet_serves_many_subscribers_untouched() -> None:
    packet, numbered = picture(10, KEY, picture_id=4, tl0=3)
    before = bytes(packet.payload)
    for switches in range(3):
        out = film()
        for _ in range(switches):
            sent(out, LOW, picture(1, KEY, picture_id=99), 0.5)
        sent(out, HIGH, (packet, numbered), 1.0)
    assert packet.payload == before
    assert numbered.picture_id == 4


@unhurried
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=80))
def test_whatever_layers_come_the_stream_has_no_gap_and_no_repetition(frames: list[tuple[int, bool]]) -> None:
    out = film()
    count = [65_000, 100, 30_000]
    came = []
    for number, (layer, is_key) in enumerate(frames):
        count[layer] += 1
        frame = picture(count[layer], KEY if is_key else DELTA, picture_id=count[layer], timestamp=3000 * number)
        if layer == {"a": 0, "b": 1, "c": 2}.get(str(out.current)) or is_key:
            data = sent(out, "abc"[layer], frame, number / 30)
            if data is not None:
                came.append(data)
    steps = {(later[0].sequence - sooner[0].sequence) & 0xFFFF for sooner, later in pairwise(came)}
    pictures = {(later[1].picture_id - sooner[1].picture_id) & 0x7FFF for sooner, later in pairwise(came)}
    assert steps <= {1}
    assert pictures <= {1}
