import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest
from livekit import api

from bot.config.problems import ConfigurationError
from bot.config.settings import CallEngine, Calls
from bot.config.state import StateFolder
from bot.web.media_tokens import LIFETIME, MediaTokens, media_tokens, own_secret

KEY, SECRET = "eahtari-test", "a-secret-of-at-least-32-characters!!"


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder.at(tmp_path / "state")
    folder.create()
    return folder


def claims(token: str, secret: str = SECRET, key: str = KEY) -> api.access_token.Claims:
    return api.TokenVerifier(key, secret).verify(token)


def test_a_token_says_who_comes_into_which_room_as_what() -> None:
    issued = MediaTokens(KEY, SECRET).issue(room="huone", identity="me", name="Äiti", role="guest", can_publish=False)
    found = claims(issued)
    assert (found.identity, found.name, found.attributes) == ("me", "Äiti", {"role": "guest"})
    assert found.video is not None
    assert (found.video.room, found.video.room_join, found.video.can_subscribe) == ("huone", True, True)
    assert (found.video.can_publish, found.video.can_publish_data) == (False, False)
    assert (found.video.room_create, found.video.can_update_own_metadata) == (False, False)


def test_a_token_is_good_for_ten_minutes_and_for_no_longer() -> None:
    tokens = MediaTokens(KEY, SECRET)
    ends = api.access_token.jwt.decode(tokens.issue(room="huone", identity="me"), options={"verify_signature": False})
    assert 595 <= ends["exp"] - time.time() <= 600
    for odd in (LIFETIME + timedelta(seconds=1), timedelta(), -LIFETIME):
        with pytest.raises(ValueError, match="ten minutes"):
            tokens.issue(room="huone", identity="me", ttl=odd)


@pytest.mark.parametrize(("room", "identity"), [("", "me"), ("huone", "")])
def test_there_is_no_token_for_nobody_or_for_nowhere(room: str, identity: str) -> None:
    with pytest.raises(ValueError, match="identity and room"):
        MediaTokens(KEY, SECRET).issue(room=room, identity=identity)


def test_another_secret_does_not_verify_it() -> None:
    issued = MediaTokens(KEY, SECRET).issue(room="huone", identity="me")
    with pytest.raises(api.access_token.jwt.InvalidSignatureError):
        claims(issued, SECRET[::-1])


def test_the_own_engines_secret_is_made_once_and_closed_to_others(state: StateFolder) -> None:
    first, second = own_secret(state), own_secret(state)
    assert first == second
    assert len(first["secret"]) >= 43
    assert stat.S_IMODE(state.secret("calls.json").stat().st_mode) == 0o600
    issued = media_tokens(Calls(), state).issue(room="huone", identity="me")
    assert claims(issued, first["secret"], first["key"]).identity == "me"


def test_a_livekit_of_ones_own_has_its_secret_in_a_file(state: StateFolder, tmp_path: Path) -> None:
    path = tmp_path / "livekit.secret"
    calls = Calls(engine=CallEngine.LIVEKIT, address="wss://a.example", key="APIahtari", secret_file=path)
    with pytest.raises(ConfigurationError):
        media_tokens(calls, state)
    path.write_text(SECRET, encoding="utf-8")
    path.chmod(0o600)
    issued = media_tokens(calls, state).issue(room="huone", identity="me")
    assert claims(issued, SECRET, "APIahtari").identity == "me"
    assert not state.secret("calls.json").exists()
