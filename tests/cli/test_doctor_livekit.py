"""`eahtari doctor` on a LiveKit in the engine's place, where there is one."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli import doctor_calls, doctor_livekit
from bot.config.settings import CallEngine, Calls
from bot.config.state import StateFolder
from tests.calls.browsers.media_server import livekit
from tests.support.doctor import by_id, place, statuses
from tests.support.ports import free_port
from tests.support.turn_server import SECRET

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def livekits(address: str, secret_file: Path, key: str, secret: str) -> Calls:
    secret_file.write_text(secret)
    return Calls(engine=CallEngine.LIVEKIT, address=address, key=key, secret_file=secret_file)


async def test_a_sound_livekit_answers_takes_the_key_and_has_the_time(
    state: StateFolder, tmp_path: Path, secret_file: Path
) -> None:
    async with livekit(tmp_path) as server:
        known = place(state, livekits(server.url, secret_file, server.key, server.secret))
        assert statuses(await doctor_livekit.livekit(known)) == {
            "livekit": "ok",
            "livekit_clock": "ok",
            "livekit_key": "ok",
        }
        assert await doctor_calls.engine(known) == await doctor_calls.ports(known) == []
        wrong = place(state, livekits(server.url, secret_file, server.key, "another-secret-of-at-least-32-characters"))
        assert statuses(await doctor_livekit.livekit(wrong))["livekit_key"] == "fail"
        stranger = place(state, livekits(server.url, secret_file, "nobody", server.secret))
        found = by_id(await doctor_livekit.livekit(stranger))["livekit_key"]
        assert (found.status, "does not take the key nobody" in found.found) == ("fail", True)


async def test_an_absent_livekit_is_told(state: StateFolder, secret_file: Path) -> None:
    absent = place(state, livekits(f"ws://127.0.0.1:{free_port()}", secret_file, "eahtari", SECRET))
    assert statuses(await doctor_livekit.livekit(absent)) == {"livekit": "fail"}


async def test_what_answers_in_a_livekits_place_is_told(state: StateFolder, secret_file: Path) -> None:
    async def nothing_here(_request: web.Request) -> web.Response:
        return web.Response(status=404)

    app, port = web.Application(), free_port()
    app.router.add_route("*", "/{path:.*}", nothing_here)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        known = place(state, livekits(f"ws://127.0.0.1:{port}", secret_file, "eahtari", SECRET))
        found = statuses(await doctor_livekit.livekit(known))
    finally:
        await runner.cleanup()
    assert found == {"livekit": "warn", "livekit_clock": "ok", "livekit_key": "fail"}


@pytest.mark.parametrize(("seconds", "status"), [(0, "ok"), (-6, "warn"), (59, "warn"), (61, "fail")])
def test_a_livekits_clock_is_compared(seconds: int, status: str) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert doctor_livekit.judge_clock(date, NOW).status == status
