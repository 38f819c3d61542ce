"""Element's files at the root: the release under the theme, with headers that let nobody else in."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.web.edge import add_pages, application, listening
from bot.web.element import ElementFiles
from bot.web.release import NotElementError, require_release
from tests.support.ports import free_port
from tests.web.conftest import edge_of
from tests.web.rtc_doubles import call_door
from tests.web.test_edge import raw_status


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "element"
    for name, content in {
        "index.html": "<title>Element</title>",
        "config.json": '{"brand": "the release\'s"}',
        "config.127.0.0.1.json": '{"brand": "a host\'s"}',
        "welcome.html": "the release's",
        "bundles/a1b2/bundle.js": "js",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    return folder


@pytest_asyncio.fixture
async def port(release: Path, tmp_path: Path) -> AsyncIterator[int]:
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "welcome.html").write_text("Tervetuloa")
    number = free_port()
    files = ElementFiles(release, theme, {"brand": "ours"})
    settings = replace(edge_of(number, "http://127.0.0.1:1", {}), element=files)
    app = application(settings)
    add_pages(app, settings)
    async with listening(app, number):
        yield number


async def text(port: int, path: str) -> tuple[int, str, str, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        headers = answer.headers
        policy, caching = headers.get("Content-Security-Policy", ""), headers.get("Cache-Control", "")
        return answer.status, await answer.text(), policy, caching


async def test_the_index_stands_at_the_root_and_talks_to_its_homeserver_only(port: int) -> None:
    status, html, policy, caching = await text(port, "/")
    assert (status, html, caching) == (200, "<title>Element</title>", "no-cache")
    assert f"connect-src 'self' blob: http://localhost:{port}" in policy
    assert "'wasm-unsafe-eval'" in policy
    assert "'unsafe-eval'" not in policy


async def test_the_configuration_and_the_theme_win_over_the_release(port: int) -> None:
    assert (await text(port, "/config.json"))[:2] == (200, '{"brand": "ours"}')
    assert (await text(port, "/welcome.html"))[:2] == (200, "Tervetuloa")
    assert (await text(port, "/config.127.0.0.1.json"))[0] == 404


async def test_hashed_bundles_are_kept_by_browsers(port: int) -> None:
    assert "immutable" in (await text(port, "/bundles/a1b2/bundle.js"))[3]


@pytest.mark.parametrize("path", ["/link", "/../secret", "/%2e%2e/secret", "/x/..%2f..%2fsecret", "/bundles", "/%00"])
async def test_nothing_outside_the_folders_is_served(port: int, path: str) -> None:
    assert await raw_status(port, f"GET {path} HTTP/1.1") in {400, 403, 404}


async def test_a_page_is_read_and_not_written(port: int) -> None:
    assert await raw_status(port, "POST /welcome.html HTTP/1.1\r\nContent-Length: 0") == 405


def test_a_folder_that_is_no_release_is_a_sentence(tmp_path: Path, release: Path) -> None:
    require_release(release)
    with pytest.raises(NotElementError, match=r"holds no Element Web release.*releases"):
        require_release(tmp_path)


CALL_PAGE = '<!doctype html><script>window.global = window;</script><script src="a.js"></script><script>\n"ä"</script>'


async def test_the_call_widgets_own_scripts_are_let_run_and_no_others(release: Path, port: int) -> None:
    widget = release / "widgets" / "element-call" / "index.html"
    widget.parent.mkdir(parents=True)
    widget.write_text(CALL_PAGE, encoding="utf-8")
    status, html, policy, _ = await text(port, "/widgets/element-call/index.html")
    assert (status, html) == (200, CALL_PAGE)
    scripts = re.findall(r"'sha256-[^']+'", policy)
    assert scripts == ["'sha256-pQY0fuQAnnVQH5nQfjo80rzGkQzeN3JeAtAJ+1KcD4k='", scripts[1]]  # as a browser computes it
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "sha256" not in (await text(port, "/"))[2]


async def test_pages_of_calls_may_ask_for_camera_and_microphone_and_reach_the_regions_engines(
    release: Path, tmp_path: Path
) -> None:
    number = free_port()
    door = call_door("wss://asiointi.example/livekit/sfu", frozenset({"naapuri.example"}))
    files = ElementFiles(release, tmp_path, {})
    settings = replace(edge_of(number, "http://127.0.0.1:1", {}), element=files, calls=door)
    app = application(settings)
    add_pages(app, settings)
    async with (
        listening(app, number),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{number}/") as answer,
    ):
        headers = answer.headers
    assert "camera=(self), microphone=(self), display-capture=(self)" in headers["Permissions-Policy"]
    (connect,) = [part for part in headers["Content-Security-Policy"].split("; ") if part.startswith("connect-src")]
    for source in ("wss://asiointi.example", "https://naapuri.example", "wss://*.naapuri.example"):
        assert source in connect.split()
