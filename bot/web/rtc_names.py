"""Names in a media room, as all clients and servers of MatrixRTC compute them. Pure.

Source: MSC4195 and what its clients do. Names of people and rooms never stand in the open in the newer shapes.
"""

import base64
import hashlib
import json

CALL = "m.call#ROOM"
"""The slot of a room's one call."""


def digest(*parts: str) -> str:
    """SHA-256 of the parts as a compact JSON array, letters not escaped, in base64 without padding."""
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def media_room(room_id: str, slot_id: str = CALL) -> str:
    """The media room of a Matrix room's slot."""
    return digest(room_id, slot_id)


def plain_identity(user: str, device: str) -> str:
    """How the oldest shape names a participant."""
    return f"{user}:{device}"
