"""Tokens that let one participant into one media room, for the own engine and for a LiveKit alike.

Their form is LiveKit's (JWT, HS256). Leaves the decision who may come in to whoever asks for a token.
"""

import secrets
from datetime import timedelta

from livekit import api

from bot.config.secret_files import read_secret_file
from bot.config.settings import Calls
from bot.config.state import Secret, StateFolder

SECRET = "calls.json"  # noqa: S105 - the name of a file
"""The secret that the service shares with the own engine: `key` and `secret`."""
LIFETIME = timedelta(minutes=10)
"""Long enough to come in and to come back after a broken line; the engine renews it while one is connected."""


class MediaTokens:
    """Issues tokens under one key; `secret` is at least 32 characters."""

    def __init__(self, key: str, secret: str) -> None:
        self._key = key
        self._secret = secret

    def issue(
        self,
        *,
        room: str,
        identity: str,
        name: str = "",
        role: str = "member",
        can_publish: bool = True,
        ttl: timedelta = LIFETIME,
    ) -> str:
        """A token for `identity` in the media room `room`; `role` is official, citizen, guest or member.

        `name` stands in the token as it is shown to the others in the room. Nobody may rename himself or open
        a room by it. Raises ValueError without a room or an identity, or for a longer life than `LIFETIME`.
        """
        if not timedelta() < ttl <= LIFETIME:
            raise ValueError("a media token lives for ten minutes at most")
        grants = api.VideoGrants(
            room=room,
            room_join=True,
            room_create=False,
            can_publish=can_publish,
            can_publish_data=can_publish,
            can_subscribe=True,
            can_update_own_metadata=False,
        )
        token = api.AccessToken(self._key, self._secret).with_identity(identity).with_grants(grants).with_ttl(ttl)
        return str(token.with_name(name).with_attributes({"role": role}).to_jwt())


def own_secret(state: StateFolder) -> Secret:
    """`key` and `secret` of the own engine, made and kept at the first call. Raises `StateFolderError`."""
    return state.secret_made_once(SECRET, _new_secret)


def media_tokens(calls: Calls, state: StateFolder) -> MediaTokens:
    """The issuer for the configured engine. Raises `StateFolderError` and, for a bad file, `ConfigurationError`."""
    if calls.key is not None and calls.secret_file is not None:
        return MediaTokens(calls.key, read_secret_file(calls.secret_file))
    known = own_secret(state)
    return MediaTokens(str(known["key"]), str(known["secret"]))


def _new_secret() -> Secret:
    return {"key": f"eahtari{secrets.token_hex(4)}", "secret": secrets.token_urlsafe(48)}
