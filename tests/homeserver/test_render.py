import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config.state import StateFolder
from bot.homeserver.render import UPLOAD_LIMIT, HomeserverSettings, ServerNameChangedError, fill, render
from bot.web.edge import UPLOAD_LIMIT as EDGE_LIMIT

HOSTILE = "localhost\ninjected: true # ${form_secret}"


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder.at(tmp_path / "state")
    folder.create()
    return folder


def settings(server_name: str = "ahtari.example", port: int = 8471) -> HomeserverSettings:
    return HomeserverSettings(server_name, "palvelu", "http://localhost:8470", port)


def rendered(state: StateFolder) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(render(settings(), state).read_text())
    return content


def test_the_settings_that_must_not_change_unseen(state: StateFolder) -> None:
    config = rendered(state)
    assert config["server_name"] == "ahtari.example"
    assert config["public_baseurl"] == "http://localhost:8470/"
    (listener,) = config["listeners"]
    assert (listener["bind_addresses"], listener["port"]) == (["127.0.0.1"], 8471)
    assert listener["resources"] == [{"names": ["client", "openid"], "compress": False}]
    closed = ("enable_registration", "allow_guest_access", "report_stats", "url_preview_enabled", "send_federation")
    assert [config[key] for key in closed] == [False] * len(closed)
    assert config["trusted_key_servers"] == []
    assert config["federation_domain_whitelist"] == []
    assert config["presence"] == {"enabled": False}
    assert config["push"] == {"enabled": True, "include_content": False}
    assert config["user_directory"]["search_all_users"] is False
    assert config["max_event_delay_duration"] == "24h"
    assert config["default_room_version"] == "12"
    assert config["rc_invites"]["per_user"]["burst_count"] >= 50


def test_the_registration_owns_guests_and_shares_the_service(state: StateFolder) -> None:
    render(settings(), state)
    registration = yaml.safe_load((state.homeserver / "registration.yaml").read_text())
    assert registration["sender_localpart"] == "_eahtari_as"
    assert registration["url"] is None
    assert registration["namespaces"]["users"] == [
        {"exclusive": True, "regex": "@_eahtari_.*"},
        {"exclusive": False, "regex": r"@palvelu:ahtari\.example$"},
    ]


def test_clients_and_homeservers_find_the_calls_where_the_edge_answers(state: StateFolder) -> None:
    (transport,) = rendered(state)["matrix_rtc"]["transports"]
    assert transport["url"] == "ws://localhost:8470/livekit/sfu"
    assert transport["livekit_service_url"] == "http://localhost:8470/livekit/jwt"
    registration = yaml.safe_load((state.homeserver / "registration.yaml").read_text())
    assert registration["io.element.msc4512.proxy_url"] == "http://127.0.0.1:8470/livekit/forwarded"
    assert registration["io.element.msc4512.proxy_prefix"] == "rtc/livekit"
    assert registration["io.element.msc4502.scopes"] == ["urn:matrix:client:io.element.msc4502:rooms:is_joined"]


def test_a_livekit_elsewhere_is_told_by_its_own_address(state: StateFolder) -> None:
    elsewhere = replace(settings(), signalling="wss://puhelut.example", edge_port=8000)
    config = yaml.safe_load(render(elsewhere, state).read_text())
    assert config["matrix_rtc"]["transports"][0]["url"] == "wss://puhelut.example"
    registration = yaml.safe_load((state.homeserver / "registration.yaml").read_text())
    assert registration["io.element.msc4512.proxy_url"] == "http://127.0.0.1:8000/livekit/forwarded"


def test_synapse_logs_at_warning_with_rotation(state: StateFolder) -> None:
    render(settings(), state)
    log = yaml.safe_load((state.homeserver / "log.yaml").read_text())
    assert log["root"]["level"] == "WARNING"
    assert log["handlers"]["file"]["class"] == "logging.handlers.RotatingFileHandler"


def test_secrets_are_made_once_and_closed_to_others(state: StateFolder) -> None:
    first, second = rendered(state), rendered(state)
    for key in ("registration_shared_secret", "macaroon_secret_key", "form_secret"):
        assert first[key] == second[key]
        assert len(first[key]) >= 64
    files = [*state.secrets.iterdir(), *state.homeserver.glob("*.yaml")]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_the_signing_key_survives_a_second_rendering(state: StateFolder) -> None:
    render(settings(), state)
    key = state.secret("signing.key").read_text()
    render(settings(port=9001), state)
    assert state.secret("signing.key").read_text() == key


def test_another_server_name_on_the_same_state_is_refused(state: StateFolder) -> None:
    render(settings(), state)
    with pytest.raises(ServerNameChangedError, match=r"belongs to the server name ahtari\.example"):
        render(settings("other.example"), state)


def test_a_value_cannot_break_out_of_its_place() -> None:
    filled = yaml.safe_load(fill("a: ${value}\nb: x/${value}\nc: ${port}", {"value": HOSTILE, "port": 1}))
    assert filled == {"a": HOSTILE, "b": f"x/{HOSTILE}", "c": 1}


def test_a_placeholder_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("a: x/${absent}", {})


def test_the_edge_and_the_homeserver_take_files_of_the_same_size() -> None:
    assert UPLOAD_LIMIT == EDGE_LIMIT
