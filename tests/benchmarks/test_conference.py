"""The benchmark of conferences, in small: its load is what it says, its figures are complete."""

import asyncio
import json
import struct
from pathlib import Path

import av
import pytest
from aiortc.rtp import RtcpPacket, RtcpRrPacket, RtcpRtpfbPacket, RtcpSrPacket

from benchmarks import conference_load
from benchmarks.calls import rtcp
from benchmarks.calls.counts import Counts, merged
from benchmarks.calls.payload import Opener, starts_key_frame
from benchmarks.calls.scene import BITRATE, HEIGHT, RATE, WIDTH, Recording, record
from benchmarks.calls.sending import STAMP
from benchmarks.conference import Plan, measure
from bot.calls.rtp.transport_cc import read_feedback

TWO = Plan(sizes=(2,), seconds=2.0, rounds=1, late_joins=0)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record()


def test_pictures_have_the_bitrate_that_is_told(recording: Recording) -> None:
    assert recording.bitrate == pytest.approx(BITRATE, rel=0.03)
    assert len(recording.frames) == 10 * RATE


def test_pictures_move_and_decode_with_the_stamp_at_their_end(recording: Recording) -> None:
    """A test card would be encoded to nothing between its key frames."""
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    packets = [av.Packet(b"".join(frame) + STAMP.pack(2**60)) for frame in recording.frames[:30]]
    shown = [picture for packet in packets for picture in decoder.decode(packet)]
    assert [(picture.width, picture.height) for picture in shown] == [(WIDTH, HEIGHT)] * 30
    sizes = [sum(map(len, frame)) for frame in recording.frames[1:]]
    assert min(sizes) > 300


def test_a_recording_is_read_back_as_it_was(recording: Recording, tmp_path: Path) -> None:
    recording.save(tmp_path / "recording")
    assert Recording.load(tmp_path / "recording") == recording


def test_the_load_writes_rtcp_that_others_read() -> None:
    report = rtcp.sender_report(7, 1_800_000_000.5, 900, 10, 2000)
    blocks = [rtcp.Block(ssrc, 12, 3, 70_000) for ssrc in range(40)]
    wish = rtcp.nack(7, 9, [65_530, 65_533, 5, 30])
    parsed = RtcpPacket.parse(report + rtcp.receiver_reports(7, blocks) + wish)
    assert isinstance(parsed[0], RtcpSrPacket)
    assert parsed[0].sender_info.rtp_timestamp == 900
    assert sum(len(packet.reports) for packet in parsed if isinstance(packet, RtcpRrPacket)) == 40
    assert isinstance(parsed[-1], RtcpRtpfbPacket)
    assert list(rtcp.asked(wish)) == [rtcp.Asked(9, (65_530, 65_533, 5, 30))]
    assert list(rtcp.counted(report + wish)) == ["report", "wish"]


def test_the_loads_feedback_says_what_arrived_when() -> None:
    arrivals = [(65_534, 100.0), (65_535, 100.001), (2, 100.05), (3, 100.3), (4, 100.29)]
    read = read_feedback(rtcp.transport_feedback(7, 9, 3, arrivals))
    assert read is not None
    assert [sequence for sequence, at in read if at is None] == [0, 1]
    told = {sequence: at for sequence, at in read if at is not None}
    assert list(told) == [sequence for sequence, _ in arrivals]
    for sequence, at in arrivals:
        assert told[sequence] == pytest.approx(at, abs=0.0005)


@pytest.mark.parametrize("data", [b"", b"\x81", b"\x81\xcd\x00\x09" + bytes(8), bytes(40), b"\xff" * 40])
def test_the_load_lives_through_any_rtcp(data: bytes) -> None:
    assert not list(rtcp.asked(data))
    assert not list(rtcp.reported(data))


def test_a_late_comers_first_picture_is_decoded_and_not_only_counted(recording: Recording) -> None:
    async def first(frame: tuple[bytes, ...]) -> bool:
        opener = Opener()
        heads = [struct.pack("!BBHLL", 0x80, 96 | 0x80 * (at == len(frame) - 1), at, 0, 5) for at in range(len(frame))]
        packets = [
            head + (b"\x10" if not at else b"\0") + part
            for at, (head, part) in enumerate(zip(heads, frame, strict=True))
        ]
        assert starts_key_frame(packets[0]) == (frame in {recording.frames[0], broken})
        return any(opener.take(5, packet) for packet in packets)

    broken = (recording.frames[0][0][:3] + bytes(100),)
    assert asyncio.run(first(recording.frames[0]))
    assert not asyncio.run(first(recording.frames[1]))
    assert not asyncio.run(first(broken))


def test_windows_of_several_receivers_add_up() -> None:
    parts = [Counts(packets=3, lost=1, frozen_s=0.5, latencies_ms=[1.0]), Counts(packets=4, latencies_ms=[2.0])]
    total = merged(parts)
    assert (total.packets, total.lost, total.frozen_s, total.latencies_ms) == (7, 1, 0.5, [1.0, 2.0])


async def test_the_report_has_the_figures_of_every_policy(tmp_path: Path) -> None:
    found = json.loads((await measure(tmp_path, TWO, ["engine"])).as_json())
    figures = {result["name"]: result["value"] for result in found["results"]}
    for policy in ("all_voices", "three_loudest"):
        assert figures[f"engine_{policy}_cores_2"] > 0
        assert figures[f"engine_{policy}_pictures_share_2"] > 0.9
        assert figures[f"engine_{policy}_reports_2"] > 0.5
        assert figures[f"engine_{policy}_feedback_2"] > 1
        assert figures[f"engine_{policy}_lost_share_2"] == 0


async def test_a_long_load_is_told_by_the_minute(tmp_path: Path) -> None:
    found = json.loads((await conference_load.measure(tmp_path, [2], 4.0, 3)).as_json())
    figures = {result["name"]: result["value"] for result in found["results"]}
    assert figures["cores_2"] > 0
    assert figures["pictures_2"] > 4 * RATE
    assert {target["name"] for target in found["targets"]} == {"lost_share_2", "missing_share_2", "frozen_share_2"}
