from struct import pack

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp.vp8 import Descriptor, descriptor, rewrite, rewritten
from tests.calls.rtp.making import DELTA, KEY, unhurried, vp8


def read(payload: bytes) -> Descriptor:
    found = descriptor(payload)
    assert found is not None
    return found


def test_the_long_form_is_read() -> None:
    found = read(vp8(KEY, picture_id=0x7ABC, tl0=200, layer=2))
    assert (found.keyframe, found.starts_frame, found.size) == (True, True, 6)
    assert (found.picture_id_at, found.picture_id, found.picture_id_is_long) == (2, 0x7ABC, True)
    assert (found.tl0_at, found.tl0, found.temporal_layer) == (4, 200, 2)


def test_the_short_picture_id_is_read() -> None:
    found = read(b"\x90\x80\x7f\x01")
    assert (found.picture_id_at, found.picture_id, found.picture_id_is_long, found.tl0_at) == (2, 127, False, 0)


def test_a_descriptor_of_one_byte_has_no_numbers() -> None:
    found = read(b"\x10\x00")
    assert (found.keyframe, found.picture_id_at, found.tl0_at, found.size) == (True, 0, 0, 1)


def test_a_key_index_without_layers_tells_no_layer() -> None:
    found = read(b"\x90\x10\xdf\x01")
    assert (found.temporal_layer, found.size) == (0, 3)


@pytest.mark.parametrize(
    ("payload", "starts", "key"),
    [
        (vp8(KEY), True, True),
        (vp8(DELTA), True, False),
        (vp8(KEY, starts=False), False, False),  # the middle of a frame, whose bytes may look like anything
        (b"\x11\x00", False, False),  # the start of a later partition
        (b"\x18\x00", True, True),  # a reserved bit is set, and to be ignored
        (b"\x30\x00", True, True),  # a frame that nothing refers to
    ],
)
def test_a_key_frame_shows_only_where_it_starts(payload: bytes, starts: bool, key: bool) -> None:  # noqa: FBT001 - cases
    assert (read(payload).starts_frame, read(payload).keyframe) == (starts, key)


def test_every_cut_of_the_descriptor_is_none() -> None:
    payload = vp8()
    assert [descriptor(payload[:size]) is None for size in range(8)] == [True] * 7 + [False]


def test_numbers_are_rewritten_and_nothing_else() -> None:
    payload = vp8(KEY, picture_id=5, tl0=6, layer=1)
    assert rewritten(payload, read(payload), 0x7FFF, 255) == vp8(KEY, picture_id=0x7FFF, tl0=255, layer=1)


def test_numbers_over_their_width_wrap() -> None:
    payload = vp8(picture_id=5, tl0=6)
    assert rewritten(payload, read(payload), 0x8001, 256) == vp8(picture_id=1, tl0=0)


def test_a_short_picture_id_keeps_its_length() -> None:
    payload = b"\x90\x80\x05\x01rest"
    assert rewritten(payload, read(payload), 0x1FF, 0) == b"\x90\x80\x7f\x01rest"


def test_fields_that_are_not_there_are_not_written() -> None:
    assert rewritten(b"\x10\x01rest", read(b"\x10\x01rest"), 77, 88) == b"\x10\x01rest"


def test_the_descriptor_of_another_payload_does_nothing() -> None:
    assert rewritten(b"\x90", read(vp8()), 77, 88) == b"\x90"


def test_a_payload_within_a_packet_is_rewritten_in_place() -> None:
    data = bytearray(12) + vp8(picture_id=5, tl0=6)
    rewrite(data, 12, read(vp8()), 300, 9)
    assert bytes(data) == bytes(12) + vp8(picture_id=300, tl0=9)


@unhurried
@given(
    start=st.integers(0, 1),
    picture_id=st.none() | st.integers(0, 0x7FFF),
    tl0=st.none() | st.integers(0, 255),
    layer=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1)),
    key_index=st.none() | st.integers(0, 31),
)
def test_it_reads_what_aiortc_writes(
    start: int, picture_id: int | None, tl0: int | None, layer: tuple[int, int] | None, key_index: int | None
) -> None:
    written = bytes(VpxPayloadDescriptor(start, 0, picture_id, tl0, layer, key_index))
    found = read(written + b"\x00")
    assert found.size == len(written)
    assert (found.picture_id, found.tl0, found.temporal_layer) == (picture_id or 0, tl0 or 0, layer[0] if layer else 0)
    assert (found.picture_id_at > 0, found.tl0_at > 0) == (picture_id is not None, tl0 is not None)
    assert found.keyframe == (start == 1)


@unhurried
@given(st.binary(max_size=12), st.integers(0, 1 << 20), st.integers(0, 1 << 20))
def test_no_bytes_make_it_raise_and_what_is_rewritten_reads_so(payload: bytes, picture_id: int, tl0: int) -> None:
    found = descriptor(payload)
    if found is None:
        return
    again = read(rewritten(payload, found, picture_id, tl0))
    if found.picture_id_at:
        assert again.picture_id == picture_id & (0x7FFF if found.picture_id_is_long else 0x7F)
    if found.tl0_at:
        assert again.tl0 == tl0 & 255
    assert (again.size, again.keyframe, again.temporal_layer) == (found.size, found.keyframe, found.temporal_layer)


@unhurried
@given(st.binary(max_size=12), st.binary(max_size=12))
def test_no_mixture_of_descriptor_and_payload_raises(one: bytes, other: bytes) -> None:
    found = descriptor(one)
    if found is not None:
        assert len(rewritten(other, found, 1, 1)) == len(other)
        rewrite(bytearray(pack("!H", 1) + other), 2, found, 1, 1)
