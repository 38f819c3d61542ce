"""Who may come in: the lock, the number of places, and tokens that a removal or a closing made worthless.

A token can't be called back, so its identity is refused until the last token from before has run out.
"""

from bot.calls.conference.values import Policy, Refusal

TOKEN_LIFE = 600.0
"""Seconds; no token lives longer."""


class Door:
    """Identities that were in, and moments before which tokens count for nothing."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._removed: dict[str, float] = {}
        self._closed_at: float | None = None

    def refuses(
        self, identity: str, issued: float | None, now: float, policy: Policy, others: int | None
    ) -> Refusal | None:
        """`others` is how many are in; None for an identity that is in already and only comes anew."""
        if self._is_void(self._removed.get(identity), issued, now):
            return Refusal.REMOVED
        if self._is_void(self._closed_at, issued, now):
            return Refusal.CLOSED
        if others is None:
            return None
        if policy.locked and identity not in self._known:
            return Refusal.LOCKED
        return Refusal.FULL if 0 < policy.max_participants <= others else None

    def know(self, identity: str) -> None:
        self._known.add(identity)

    def remove(self, identity: str, now: float) -> None:
        """A locked room is closed to them then, whatever their token."""
        self._known.discard(identity)
        self._removed[identity] = now

    def close(self, now: float) -> None:
        self._known.clear()
        self._removed.clear()
        self._closed_at = now

    def remembers(self, now: float) -> bool:
        moments = [*self._removed.values(), *([] if self._closed_at is None else [self._closed_at])]
        return any(now - moment < TOKEN_LIFE for moment in moments)

    @staticmethod
    def _is_void(moment: float | None, issued: float | None, now: float) -> bool:
        """A token's moment is a whole second, rounded down (RFC 7519 `nbf`), so one made in that second is refused."""
        if moment is None or now - moment >= TOKEN_LIFE:
            return False
        return issued is None or issued <= moment
