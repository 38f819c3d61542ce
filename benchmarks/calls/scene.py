"""What synthetic participants send: ten seconds of a moving scene and of a voice, encoded once and played in a loop.

The scene is a person before shelves: the head sways, the mouth moves, the camera trembles and its sensor is noisy,
so that the encoder has as much to do as with a real camera; a test card would be still. Nothing is encoded while a
load runs. The file form is for handing the recording to the load's processes.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, RATE = 640, 360, 15
SECONDS = 10
BITRATE = 392_000
"""Bits a second of the pictures, without headers."""

PACKET = 1100
"""The most bytes of a picture in one packet: it passes any line with all headers."""

SOUND_MS = 20
_SAMPLES = 48 * SOUND_MS
_SOUNDS = SECONDS * 1000 // SOUND_MS
_OPUS = 32_000

_Plane = NDArray[np.uint8]
_Sound = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Recording:
    """`frames`: of each picture the VP8 payloads without descriptors, the first a key frame; Opus packets of 20 ms."""

    frames: tuple[tuple[bytes, ...], ...]
    voice: tuple[bytes, ...]
    hush: tuple[bytes, ...]

    @property
    def bitrate(self) -> float:
        """Bits a second of the pictures."""
        return sum(len(part) for frame in self.frames for part in frame) * 8 * RATE / len(self.frames)

    def save(self, path: Path) -> None:
        groups = (*self.frames, self.voice, self.hush)
        path.write_bytes(struct.pack("!L", len(groups)) + b"".join(map(_packed, groups)))

    @classmethod
    def load(cls, path: Path) -> "Recording":
        groups = tuple(_unpacked(path.read_bytes()))
        return cls(groups[:-2], groups[-2], groups[-1])


def record() -> Recording:
    """A few seconds of work; the same bytes every time on one version of the encoders."""
    pictures = list(_scene())
    frames, target = _encoded(pictures, BITRATE), float(BITRATE)
    for _ in range(3):  # the encoder misses its target by a tenth or two: it is told another one
        target *= BITRATE / _bitrate(frames)
        frames = _encoded(pictures, round(target))
    noise = np.random.default_rng(2)
    return Recording(
        tuple(tuple(frame[at : at + PACKET] for at in range(0, len(frame), PACKET)) for frame in frames),
        _sounds(_voice(noise)),
        _sounds(noise.normal(0, 12, _SAMPLES * _SOUNDS).astype(np.int16)),
    )


def _bitrate(frames: Sequence[bytes]) -> float:
    return sum(map(len, frames)) * 8 * RATE / len(frames)


def _scene() -> Iterator[_Plane]:
    """Brightness of each picture."""
    noise = np.random.default_rng(1)
    room, skin = _shelves(noise), noise.normal(0, 14, (HEIGHT, WIDTH))
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    for number in range(SECONDS * RATE):
        turn = 2 * math.pi * number / (SECONDS * RATE)
        x, y = WIDTH / 2 + 60 * math.sin(3 * turn), 165 + 14 * math.cos(5 * turn)
        shift = (round(3 * math.sin(7 * turn)), round(4 * math.cos(4 * turn)))
        picture = np.roll(room, shift, (0, 1)) + 6 * math.sin(2 * turn)
        _put(picture, 70 + skin / 2, ((across - x) / 190) ** 2 + ((down - 400) / 150) ** 2)
        _put(
            picture,
            165 + np.roll(skin, (round(y), round(x)), (0, 1)),
            ((across - x) / 75) ** 2 + ((down - y) / 100) ** 2,
        )
        _put(picture, 60, ((across - x) / 24) ** 2 + ((down - y - 50) / (3 + 9 * abs(math.sin(11 * turn)))) ** 2)
        for eye in (-28, 28):
            _put(picture, 45, ((across - x - eye) / 9) ** 2 + ((down - y + 22) / 5) ** 2)
        yield np.clip(picture + noise.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8)


def _shelves(noise: np.random.Generator) -> NDArray[np.float64]:
    """Backs of books in rows."""
    room = np.full((HEIGHT, WIDTH), 90.0)
    for top in range(0, HEIGHT, 90):
        left = 0
        while left < WIDTH:
            wide = int(noise.integers(8, 26))
            room[top + int(noise.integers(6, 30)) : top + 84, left : left + wide] = noise.integers(50, 200)
            left += wide + 1
    return room + noise.normal(0, 4, room.shape)


def _put(picture: NDArray[np.float64], what: float | NDArray[np.float64], inside: NDArray[np.float32]) -> None:
    """Paints where the ellipse's equation is below one."""
    np.copyto(picture, what, where=inside < 1)


def _encoded(pictures: Sequence[_Plane], bitrate: int) -> list[bytes]:
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)  # noqa: S101 - the name of a video encoder
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.bit_rate, encoder.framerate, encoder.time_base = bitrate, Fraction(RATE), Fraction(1, RATE)
    encoder.gop_size = 10 * len(pictures)
    encoder.options = {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0", "maxrate": str(bitrate)}
    encoder.options |= {"minrate": str(bitrate), "bufsize": str(bitrate), "error-resilient": "default"}
    return [
        bytes(packet) for number, picture in enumerate(pictures) for packet in encoder.encode(_frame(picture, number))
    ]


def _frame(picture: _Plane, number: int) -> av.VideoFrame:
    chroma = [np.full((HEIGHT // 2, WIDTH // 2), value, np.uint8) for value in (118, 136)]
    frame = av.VideoFrame.from_ndarray(
        np.vstack([picture.reshape(-1, WIDTH), *(c.reshape(-1, WIDTH) for c in chroma)]), "yuv420p"
    )
    frame.pts, frame.time_base = number, Fraction(1, RATE)
    return frame


def _voice(noise: np.random.Generator) -> _Sound:
    """Syllables of a deep voice with some breath."""
    at = np.arange(_SAMPLES * _SOUNDS) / 48_000
    syllables = 0.5 + 0.5 * np.sin(2 * np.pi * 3 * at)
    tone = sum(np.sin(2 * np.pi * 120 * harmonic * at) / harmonic for harmonic in range(1, 9))
    return np.asarray(5000 * tone * syllables + noise.normal(0, 500, at.size)).astype(np.int16)


def _sounds(samples: _Sound) -> tuple[bytes, ...]:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)  # noqa: S101 - the name of an audio encoder
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", _OPUS
    packets = list[bytes]()
    for number in range(_SOUNDS):
        part = samples[number * _SAMPLES : (number + 1) * _SAMPLES]
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * _SAMPLES, Fraction(1, 48_000)
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(packets)


def _packed(group: Sequence[bytes]) -> bytes:
    lengths = struct.pack(f"!H{len(group)}H", len(group), *map(len, group))
    return lengths + b"".join(group)


def _unpacked(data: bytes) -> Iterator[tuple[bytes, ...]]:
    (groups,), at = struct.unpack_from("!L", data), 4
    for _ in range(groups):
        (number,) = struct.unpack_from("!H", data, at)
        lengths, at = struct.unpack_from(f"!{number}H", data, at + 2), at + 2 + 2 * number
        parts = list[bytes]()
        for length in lengths:
            parts.append(data[at : at + length])
            at += length
        yield tuple(parts)
