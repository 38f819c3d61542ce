"""The upkeep of a member's connection: whether its client is gone without a goodbye, and a fresh token in time."""

from collections.abc import Callable

from bot.calls.signalling import messages
from bot.calls.signalling.member import Member
from bot.calls.signalling.seats import Seat
from bot.calls.signalling.tokens import Tokens

SILENT_S = 7.0
"""Neither media nor a consent check for so long: the client is gone. Consent itself takes 30 s to end (RFC 7675)."""
WIRE_GRACE_S = 5.0
"""So long a client whose websocket broke may take to come anew before the others see it leave."""
WIRELESS_S = 60.0
"""So long it keeps its place while its media still flows: what stands between may be starting anew."""
FLOWING_S = 3.0
CONNECT_S = 20.0
RENEW_S = 240.0
"""A token of ten minutes is renewed this often while its holder is in."""


class Upkeep:
    """`bury` begins the end of a member that is dead."""

    def __init__(self, tokens: Tokens, bury: Callable[[Seat], None]) -> None:
        self._tokens = tokens
        self._bury = bury

    def look(self, seat: Seat, now: float) -> None:
        member = seat.member
        if _is_dead(member, now):
            self._bury(seat)
        elif now - member.token_renewed_at > RENEW_S:
            member.token_renewed_at = now
            member.send(messages.token(self._tokens.renewed(member.held)))


def _is_dead(member: Member, now: float) -> bool:
    limit = SILENT_S if member.has_connected else CONNECT_S
    lost = member.wire_lost_at
    return member.silent_s > limit or (lost is not None and _is_over(now - lost, member.silent_s))


def _is_over(wireless_s: float, silent_s: float) -> bool:
    """Whether a client without its websocket is gone."""
    return wireless_s > WIRE_GRACE_S and (silent_s > FLOWING_S or wireless_s > WIRELESS_S)
