"""Start, stop, kill and what the configuration means to people, with homeservers of the tests' own."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.homeserver.process import environment
from tests.support.homeserver import Registered, TrialHomeserver
from tests.support.processes import alive

pytestmark = pytest.mark.live


async def client_call(
    server: TrialHomeserver, token: str, method: str, path: str, body: dict[str, Any]
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{server.url}/_matrix/client/v3{path}", json=body) as answer,
    ):
        content: dict[str, Any] = await answer.json()
        assert answer.status == 200, content
        return content


async def found_by(server: TrialHomeserver, seeker: Registered, term: str) -> list[str]:
    answer = await client_call(server, seeker.access_token, "POST", "/user_directory/search", {"search_term": term})
    return [result["user_id"] for result in answer["results"]]


async def test_people_survive_sigkill_and_a_restart(tmp_path: Path) -> None:
    async with TrialHomeserver(tmp_path / "state") as server:
        await server.register("kuntalainen")
        pid = server.pid
        await server.kill()
        assert not alive(pid)
        await server.restart()
        assert await server.admin.user_exists("kuntalainen")
        pid = server.pid
    assert not alive(pid)


async def test_a_citizen_finds_the_service_but_no_other_citizen(tmp_path: Path) -> None:
    """The service is found because it is alone in a world-readable room that nobody may join."""
    async with TrialHomeserver(tmp_path / "state") as server:
        seeker, service = await server.register("etsija"), await server.register("palvelu")
        await server.register("palveluntarvitsija")
        await client_call(
            server,
            service.access_token,
            "POST",
            "/createRoom",
            {
                "preset": "private_chat",
                "initial_state": [
                    {
                        "type": "m.room.history_visibility",
                        "state_key": "",
                        "content": {"history_visibility": "world_readable"},
                    }
                ],
            },
        )
        found: list[str] = []
        for _ in range(100):
            found = await found_by(server, seeker, "palvelu")
            if found:
                break
        assert found == ["@palvelu:localhost"]


def test_synapse_does_not_answer_systemd_in_its_parents_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    assert "NOTIFY_SOCKET" not in environment()
