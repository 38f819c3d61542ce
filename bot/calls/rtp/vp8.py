"""The descriptor before every VP8 payload (RFC 7741 section 4.2), read and renumbered without decoding.

End-to-end encryption leaves the descriptor and the first bytes of the frame in clear, so key frames are seen
there too.
"""

from dataclasses import dataclass

_EXTENDED, _STARTS, _PARTITION = 0x80, 0x10, 0x07
_HAS_PICTURE_ID, _HAS_TL0, _HAS_LAYER, _HAS_KEY_INDEX = 0x80, 0x40, 0x20, 0x10
_LONG = 0x80
_INTER_FRAME = 0x01  # bit P of the frame's own header (section 4.3)


@dataclass(slots=True)
class Descriptor:
    """What a forwarder has to know. Not frozen, for speed; nobody changes one.

    `picture_id_at` and `tl0_at` are offsets into the payload, 0: the field is absent. `keyframe` is true only
    in the packet that starts the key frame. `size` is the descriptor's length in bytes.
    """

    keyframe: bool
    starts_frame: bool
    picture_id_at: int
    picture_id: int
    picture_id_is_long: bool
    tl0_at: int
    tl0: int
    temporal_layer: int
    size: int


def descriptor(payload: bytes) -> Descriptor | None:
    """The descriptor that `payload` begins with, or None when it is cut short or nothing follows it."""
    try:
        return _read(payload)
    except IndexError:
        return None


def _read(payload: bytes) -> Descriptor:
    first = payload[0]
    at = 1
    picture_id_at = picture_id = tl0_at = tl0 = temporal_layer = 0
    is_long = False
    if first & _EXTENDED:
        fields = payload[1]
        at = 2
        if fields & _HAS_PICTURE_ID:
            picture_id_at, picture_id = at, payload[at] & 127
            is_long = payload[at] & _LONG != 0
            if is_long:
                at += 1
                picture_id = picture_id << 8 | payload[at]
            at += 1
        if fields & _HAS_TL0:
            tl0_at, tl0 = at, payload[at]
            at += 1
        if fields & (_HAS_LAYER | _HAS_KEY_INDEX):
            temporal_layer = payload[at] >> 6 if fields & _HAS_LAYER else 0
            at += 1
    starts_frame = first & (_STARTS | _PARTITION) == _STARTS
    keyframe = not payload[at] & _INTER_FRAME and starts_frame
    return Descriptor(
        keyframe, starts_frame, picture_id_at, picture_id, is_long, tl0_at, tl0, temporal_layer, at
    )  # fmt: skip


def rewritten(payload: bytes, descriptor: Descriptor, picture_id: int, tl0: int) -> bytes:
    """`payload` with other numbers in the fields that it has; a short PictureID takes the low seven bits."""
    data = bytearray(payload)
    rewrite(data, 0, descriptor, picture_id, tl0)
    return bytes(data)


def rewrite(data: bytearray, at: int, descriptor: Descriptor, picture_id: int, tl0: int) -> None:
    """The same in place, for a payload that begins at `at` in `data`. A descriptor of another payload does nothing."""
    if len(data) <= at + descriptor.size:
        return
    if descriptor.picture_id_at:
        here = at + descriptor.picture_id_at
        if descriptor.picture_id_is_long:
            data[here] = _LONG | picture_id >> 8 & 127
            data[here + 1] = picture_id & 255
        else:
            data[here] = picture_id & 127
    if descriptor.tl0_at:
        data[at + descriptor.tl0_at] = tl0 & 255
