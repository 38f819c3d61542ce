"""Who may come in: media tokens (JWT, HS256, LiveKit's claims), checked and renewed.

Issuing the first one is the service's matter. A token is good for one room and one identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import jwt
from google.protobuf.json_format import ParseError
from jwt import PyJWTError
from livekit.api import AccessToken, TokenVerifier, VideoGrants

LIFETIME = timedelta(minutes=10)
LEEWAY = timedelta(seconds=10)
"""How far two clocks may be apart."""
LONGEST = 8192
"""Characters of a token."""
LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token grants."""

    room: str
    identity: str
    name: str = ""
    role: str = ""
    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    issued: float = 0.0
    """Unix seconds, of the claim `nbf`."""


class Tokens:
    """Checks and renews with one key and secret."""

    def __init__(self, key: str, secret: str) -> None:
        self._key = key
        self._secret = secret
        self._verifier = TokenVerifier(key, secret, leeway=LEEWAY)

    def read(self, token: str) -> Pass | None:
        """None: forged, foreign, expired, not yet good, or without a room to join."""
        if not token or len(token) > LONGEST:
            return None
        try:
            claims = self._verifier.verify(token)
            told = dict(claims.attributes or {})
        except (PyJWTError, ParseError, ValueError, TypeError, KeyError, AttributeError):
            return None
        video = claims.video
        if video is None or video.room_join is not True or not _is_name(video.room) or not _is_name(claims.identity):
            return None
        attributes = {str(key)[:64]: str(value)[:256] for key, value in list(told.items())[:16]}
        return Pass(
            room=video.room,
            identity=claims.identity,
            name=str(claims.name or "")[:LONGEST_NAME],
            role=attributes.get("role", ""),
            can_publish=video.can_publish is not False,
            can_subscribe=video.can_subscribe is not False,
            can_publish_data=video.can_publish_data is not False,
            metadata=str(claims.metadata or "")[:1024],
            attributes=attributes,
            issued=_issued(token),
        )

    def renewed(self, held: Pass) -> str:
        """A fresh token for who is in already."""
        grants = VideoGrants(
            room=held.room,
            room_join=True,
            room_create=False,
            can_publish=held.can_publish,
            can_subscribe=held.can_subscribe,
            can_publish_data=held.can_publish_data,
            can_update_own_metadata=False,
        )
        token = AccessToken(self._key, self._secret).with_identity(held.identity).with_name(held.name)
        token = token.with_grants(grants).with_ttl(LIFETIME).with_attributes(dict(held.attributes))
        return str(token.with_metadata(held.metadata).to_jwt())


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def _issued(token: str) -> float:
    """`nbf` of a token that was verified; LiveKit's claims class leaves it out."""
    claims = jwt.decode(token, options={"verify_signature": False})
    moment = claims.get("nbf", claims.get("iat", 0.0))
    return float(moment) if isinstance(moment, int | float) else 0.0
