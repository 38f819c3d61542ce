"""What is nested deeper than any sound message is cut, wherever it stands; all else is read as it is."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.http import DEEPEST, V3, _bounded, call
from tests.traps.faulty import Asked, FaultyHomeserver
from tests.traps.hurried import clock, hurried
from tests.traps.opening import post_room

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab"\\[]{}ä\n'),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(alphabet='ab"\\{'), children, max_size=4),
    max_leaves=300,
)


def _read(folder: Path, text: str) -> Any:
    async def work() -> Any:
        async def answer(_: Asked) -> web.Response:
            return web.Response(text=text, content_type="application/json")

        async with FaultyHomeserver() as server, post_room(server.url, folder, clock) as post:
            server.on("GET", "/whoami$", answer)
            return await call(post.client, "GET", f"{V3}/account/whoami")

    return hurried(work)


def _nested(levels: int) -> str:
    return '{"a":' * levels + '"innermost"' + "}" * levels


@pytest.mark.parametrize("levels", [DEEPEST, 500, 990, 5000, 100_000])
def test_a_neighbour_of_what_is_too_deep_is_read(tmp_path: Path, levels: int) -> None:
    found = _read(tmp_path, f'{{"before": ["x", {{"y": 1}}], "deep": {_nested(levels)}, "after": "\\"]}}"}}')
    assert (found["before"], found["after"]) == (["x", {"y": 1}], '"]}')
    depth, value = 0, found["deep"]
    while isinstance(value, dict):
        depth, value = depth + 1, value["a"]
    assert (depth, value) == (DEEPEST - 1, None)


def test_what_is_as_deep_as_is_allowed_is_whole(tmp_path: Path) -> None:
    text = _nested(DEEPEST)
    assert _read(tmp_path, text) == json.loads(text)


@given(VALUES)
def test_sound_answers_are_left_as_they_are(value: object) -> None:
    text = json.dumps({"many": [[]] * DEEPEST, "value": value}).encode()
    assert json.loads(_bounded(text)) == json.loads(text)


def test_the_time_to_look_grows_with_the_length_and_no_faster() -> None:
    begun = time.perf_counter()
    _bounded(b'"\\' * 300_000 + b"{" * 200)
    assert time.perf_counter() - begun < 2
