from bot.calls.rtp.outgoing import Outgoing
from bot.calls.rtp.packet import ExtensionIds, Packet, parse, unwrapped
from bot.calls.rtp.vp8 import descriptor
from tests.calls.rtp.making import DELTA, KEY, picture, sound

IDS = ExtensionIds(transport_cc=5)
CAMERA, OTHER = "camera", "other"


def film(*, rtx: bool = False) -> Outgoing:
    return Outgoing(
        71, 100, 90000, is_video=True, transport_cc_id=5, abs_send_time_id=2,
        rtx_ssrc=72 if rtx else 0, rtx_payload_type=101 if rtx else 0,
    )  # fmt: skip


def read(data: bytearray | None) -> Packet:
    assert data is not None
    packet = parse(bytes(data), IDS)
    assert packet is not None
    return packet


def shown(out: Outgoing, sequence: int, frame: int = DELTA, *, source: str = CAMERA, marker: int = 128) -> bytearray:
    packet, numbered = picture(sequence, frame, marker=marker, timestamp=3000 * sequence, picture_id=sequence)
    data = out.forward(packet, source, numbered, sequence / 30)
    assert data is not None
    return data


def test_a_packet_is_sent_again_as_it_was_and_three_times_at_most() -> None:
    out = film()
    shown(out, 500, KEY, source=OTHER)
    data = shown(out, 1, KEY)
    sequence = read(data).sequence
    assert [out.resend(sequence) for _ in range(4)] == [data, data, data, None]


def test_sending_again_does_not_hand_out_the_callers_bytes() -> None:
    out = film()
    data = shown(out, 1, KEY)
    again = out.resend(read(data).sequence)
    data[out.transport_cc_at] = 99
    assert again is not data
    assert again is not None
    assert again[out.transport_cc_at] == 0


def test_it_bears_the_time_of_the_new_sending() -> None:
    out = film()
    data = shown(out, 1, KEY)
    again = out.resend(read(data).sequence, 9.5)
    assert again is not None
    assert int.from_bytes(again[out.abs_send_time_at :][:3], "big") == int(9.5 * 2**18)


def test_what_never_was_is_not_sent() -> None:
    out = film()
    assert out.resend(5) is None
    sequence = read(shown(out, 1, KEY)).sequence
    assert out.resend(sequence + 1 & 0xFFFF) is None
    assert out.resend(sequence + 512 & 0xFFFF) is None


def test_the_last_512_packets_are_kept() -> None:
    out = film()
    first = read(shown(out, 0, KEY)).sequence
    for number in range(1, 512):
        shown(out, number)
    assert out.resend(first) is not None
    shown(out, 512)
    assert out.resend(first) is None


def test_sending_again_counts_in_the_report() -> None:
    out = film()
    data = shown(out, 1, KEY)
    out.resend(read(data).sequence)
    assert (out.packets, out.octets) == (2, 2 * len(read(data).payload))


def test_on_a_stream_of_its_own_the_original_number_stands_first() -> None:
    out = film(rtx=True)
    shown(out, 900, KEY, source=OTHER)
    data = shown(out, 1, KEY)
    first, second = (read(out.resend(read(data).sequence)) for _ in range(2))
    assert (first.ssrc, first.payload_type, first.marker) == (72, 101, 128)
    assert (second.sequence - first.sequence) & 0xFFFF == 1
    original = unwrapped(first, 100, 71)
    assert original is not None
    sent = read(data)
    assert (original.sequence, original.timestamp, original.payload) == (sent.sequence, sent.timestamp, sent.payload)
    numbered = descriptor(original.payload)
    assert numbered is not None
    assert numbered.picture_id == 901


def test_before_the_first_picture_only_a_stream_of_its_own_is_probed() -> None:
    assert film().padding(3, 200) == []
    assert len(film(rtx=True).padding(3, 200)) == 3


def test_probes_after_a_frame_take_numbers_and_the_picture_goes_on_behind_them() -> None:
    out = film()
    sent = read(shown(out, 1, KEY))
    probes = [read(probe) for probe in out.padding(3, 200)]
    following = read(shown(out, 2))
    assert [(packet.sequence - sent.sequence) & 0xFFFF for packet in (*probes, following)] == [1, 2, 3, 4]
    assert {(probe.timestamp, probe.payload, probe.marker) for probe in probes} == {(sent.timestamp, b"", 0)}
    assert following.timestamp == 6000


def test_a_probe_has_the_size_that_was_asked_for() -> None:
    out = film()
    shown(out, 1, KEY)
    head = len(shown(out, 2)) - 9
    assert [len(out.padding(1, size)[0]) - head for size in (200, 255, 1, 0, 999)] == [200, 255, 1, 1, 255]


def test_within_a_frame_nothing_is_probed() -> None:
    out = film()
    shown(out, 1, KEY, marker=0)
    assert out.padding(3, 200) == []


def test_a_packet_late_behind_probes_keeps_its_number() -> None:
    out = film()
    first = read(shown(out, 1, KEY))
    shown(out, 3)
    out.padding(5, 100)
    following = read(shown(out, 4))
    late = read(shown(out, 2))
    assert (late.sequence - first.sequence) & 0xFFFF == 1
    assert (following.sequence - first.sequence) & 0xFFFF == 8


def test_a_switch_goes_on_behind_the_probes() -> None:
    out = film()
    first = read(shown(out, 1, KEY))
    out.padding(5, 100)
    assert (read(shown(out, 900, KEY, source=OTHER)).sequence - first.sequence) & 0xFFFF == 6


def test_a_lost_probe_is_replaced_by_a_small_one() -> None:
    out = film()
    shown(out, 1, KEY)
    probe = out.padding(1, 200)[0]
    again = out.resend(read(probe).sequence)
    assert again is not None
    assert len(again) == len(probe) - 199
    assert read(again).payload == b""


def test_probes_on_a_stream_of_their_own_take_none_of_our_numbers() -> None:
    out = film(rtx=True)
    first = read(shown(out, 1, KEY, marker=0))
    probes = [read(probe) for probe in out.padding(2, 200)]
    assert {(probe.ssrc, probe.payload_type, probe.payload) for probe in probes} == {(72, 101, b"")}
    assert (read(shown(out, 2)).sequence - first.sequence) & 0xFFFF == 1
    assert out.packets == 2


def test_sound_is_sent_again_too() -> None:
    out = Outgoing(70, 111, 48000, is_video=False)
    data = out.forward(sound(1), "microphone", None, 1.0)
    assert out.resend(read(data).sequence) == data
