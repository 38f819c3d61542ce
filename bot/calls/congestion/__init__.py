"""How much one receiver's line can take, and which layers it therefore gets: pure, without I/O, time comes in.

`SendSide` estimates the line from transport-cc feedback and asks for padding; `allocate` deals the estimate out;
`Pacer` spreads key frames; `Downlink` is all of it for one receiver. Forwarding, rewriting and sending are the
media plane's, and so is the choice of tracks.
"""

from bot.calls.congestion.allocation import Wanted, allocate
from bot.calls.congestion.downlink import Downlink
from bot.calls.congestion.pacer import Pacer
from bot.calls.congestion.send_side import SendSide

__all__ = ["Downlink", "Pacer", "SendSide", "Wanted", "allocate"]
