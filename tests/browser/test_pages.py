"""The pages in a real Chromium, at a phone's width: what a person reads, and that nothing is asked of strangers."""

import asyncio
import shutil
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config.element import THEME
from bot.domain.ids import UserId
from bot.domain.language import Text
from bot.web.edge import Edge, add_pages, application, listening
from bot.web.front import Front
from tests.support.ports import free_port

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=390,900",
)


@pytest.fixture
async def front() -> AsyncIterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    page = Front(Text(fi="Ähtäri", sv="Etseri", en="Ähtäri"), address, UserId("@palvelu:localhost"))
    edge = Edge(front=page, homeserver="http://127.0.0.1:9", readiness=dict)
    app = application(edge)
    add_pages(app, edge)
    async with listening(app, port):
        yield address


MISSING = "Chromium is missing, so the page can't be looked at. Install it: apt-get install chromium"


async def chromium(profile: Path, *arguments: str) -> str:
    if shutil.which("chromium") is None:
        pytest.fail(MISSING, pytrace=False)
    process = await asyncio.create_subprocess_exec(
        "chromium",
        *FLAGS,
        f"--user-data-dir={profile}",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    return output.decode()


async def test_the_front_page_says_in_three_languages_where_to_go(front: str, tmp_path: Path) -> None:
    shown = await chromium(tmp_path / "profile", "--dump-dom", front)
    for language in ("fi", "sv", "en"):
        assert f'lang="{language}"' in shown
    assert shown.count(front) >= 3
    assert "@palvelu:localhost" in shown


@pytest.mark.parametrize("name", ["front", "welcome"])
async def test_a_page_is_painted_at_a_phones_width(name: str, front: str, tmp_path: Path) -> None:
    address = front if name == "front" else (THEME / "welcome.html").as_uri()
    picture = tmp_path / "page.png"
    await chromium(tmp_path / "profile", f"--screenshot={picture}", address)
    raw = picture.read_bytes()
    assert struct.unpack(">II", raw[16:24]) == (390, 900)
    assert len(raw) > 10_000, "an empty page compresses to less"
