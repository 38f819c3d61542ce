"""Element's files at the root: the release under the theme, with headers that let nobody else in."""

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
