"""One synthetic participant behind any door: what it sends, what it gets, and when it was in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiortc import RTCCertificate, RTCIceServer

from benchmarks.calls.receiving import Receiver
from benchmarks.calls.scene import Recording
from benchmarks.calls.sending import Camera


@dataclass(frozen=True, slots=True)
class Place:
    """Who joins, and from where: `index` of `others` participants, bound to `address`."""

    index: int
    others: int
    address: str
    certificate: RTCCertificate
    recording: Recording
    relay: RTCIceServer | None = None
    """The only way, where there is one."""


@dataclass(slots=True)
class Participant:
    """Somebody who is in; `pictures_due` and `sounds_due` on the monotonic clock."""

    camera: Camera
    receiver: Receiver
    close: Callable[[], Awaitable[None]]
    pictures_due: float = 0.0
    sounds_due: float = 0.0


class Door(Protocol):
    """The way into a conference; `receiver` counts from the first packet."""

    receiver: Receiver

    async def join(self) -> Participant: ...

    async def meet(self, others: Sequence[int]) -> None: ...

    async def close(self) -> None: ...
