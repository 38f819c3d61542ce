"""Files on their way into a room: uploaded to the homeserver's media repository, then told of by an event.

In an encrypted room the file is encrypted before it leaves, and its key travels in the event, which is encrypted
too (client-server API, "Sending encrypted attachments"). An upload that is done twice is harmless: the event names
one of the two. Leaves sending the event, exactly once, to `bot.matrix.outbox`.
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import nio
from nio.crypto.attachments import encrypt_attachment

from bot.matrix.http import NOT_JSON, MatrixError, upload

_UPLOAD = "/_matrix/media/v3/upload"
_UNTOLD = "application/octet-stream"
"""What the media repository hears of an encrypted file: neither its kind nor its name."""


async def file_content(client: nio.AsyncClient, payload: Mapping[str, object], *, encrypted: bool) -> dict[str, Any]:
    """Uploads the file of an outbox item and gives its event's content, `m.file`. Raises `MatrixError`."""
    name, media_type = str(payload["name"]), str(payload["media_type"])
    data = b64decode(str(payload["data"]))
    if encrypted:
        hidden, keys = encrypt_attachment(data)
        place: dict[str, Any] = {"file": {**keys, "url": await _uploaded(client, hidden, _UNTOLD)}}
    else:
        place = {"url": await _uploaded(client, data, media_type, name)}
    info = {"mimetype": media_type, "size": len(data)}
    return {"msgtype": "m.file", "body": name, "filename": name, "info": info, "m.mentions": {}, **place}


async def _uploaded(client: nio.AsyncClient, data: bytes, media_type: str, name: str = "") -> str:
    """The `mxc` address of what was uploaded."""
    query = f"?{urlencode({'filename': name})}" if name else ""
    address = (await upload(client, _UPLOAD + query, data, media_type)).get("content_uri")
    if not isinstance(address, str):
        raise MatrixError(200, NOT_JSON)
    return address
