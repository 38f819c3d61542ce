"""What a homeserver's refusal is turned into: nothing but a sound code and a sound wait."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.matrix.http import LONGEST_WAIT_MS, NOT_JSON, UNREACHABLE, V3, MatrixError, call
from tests.traps.faulty import Cut, FaultyHomeserver, page, refused
from tests.traps.hurried import clock, hurried
from tests.traps.opening import post_room


def _refusal(folder: Path, answer: Callable[[], web.Response]) -> MatrixError:
    async def work() -> MatrixError:
        async with FaultyHomeserver() as server, post_room(server.url, folder, clock) as post:
            server.answers("GET", "/whoami$", answer)
            with pytest.raises(MatrixError) as raised:
                await call(post.client, "GET", f"{V3}/account/whoami")
            return raised.value

    return hurried(work)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(2500, 2500), (0, 0), (10**18, LONGEST_WAIT_MS), (-1, None), ("7", None), (1.5, None), (True, None), (None, None)],
)
def test_429_the_asked_wait_is_a_sound_number_of_at_most_an_hour(tmp_path: Path, asked: object, kept: int) -> None:
    error = _refusal(tmp_path, refused(429, "M_LIMIT_EXCEEDED", retry_after_ms=asked))
    assert (error.status, error.errcode, error.retry_after_ms) == (429, "M_LIMIT_EXCEEDED", kept)


@pytest.mark.parametrize(("header", "kept"), [("3", 3000), ("-3", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)])
def test_429_the_wait_may_stand_in_the_header(tmp_path: Path, header: str, kept: int | None) -> None:
    body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests"}
    error = _refusal(tmp_path, lambda: web.json_response(body, status=429, headers={"Retry-After": header}))
    assert error.retry_after_ms == kept


@pytest.mark.parametrize(
    "code", ["Käyttäjä @asukas:localhost", 7, None, {"user": "@asukas:localhost"}, "M_" + "X" * 80]
)
def test_a_code_that_is_none_names_nobody(tmp_path: Path, code: object) -> None:
    answer = lambda: web.json_response({"errcode": code, "error": "@asukas:localhost"}, status=403)  # noqa: E731 -- built anew for each request
    error = _refusal(tmp_path, answer)
    assert str(error) == "homeserver answered 403 M_UNKNOWN"
    assert "asukas" not in repr(error)


def test_a_proxys_page_in_the_homeservers_place_is_a_refusal(tmp_path: Path) -> None:
    error = _refusal(tmp_path, page(502))
    assert (error.status, error.errcode) == (502, NOT_JSON)


def test_a_cut_connection_is_unreachable(tmp_path: Path) -> None:
    error = _refusal(tmp_path, Cut)
    assert (error.status, error.errcode) == (0, UNREACHABLE)
