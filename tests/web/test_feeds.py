"""A private feed over real requests, out of real storage."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from icalendar import Calendar
from multidict import CIMultiDictProxy

from bot.actions import calendars
from bot.actions.booking import cancel
from bot.actions.calendars import PUBLIC_ADDRESS, Feed
from bot.domain.allowance import Limits
from bot.web import feeds
from bot.web.clients import Turnstile
from bot.web.edge import add_pages, application, listening
from bot.web.feeds import add_feeds
from tests.support.ports import free_port
from tests.support.town import CITIZEN, NOW, Town, open_town
from tests.web.conftest import edge_of


@dataclass
class Served:
    town: Town
    url: str
    now: datetime = NOW

    def address(self) -> str:
        """A new private address of the citizen's."""
        found = self.town.do(lambda tx: calendars.renew(tx, CITIZEN, NOW))
        assert found is not None
        return found


@pytest_asyncio.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    with open_town(tmp_path) as town:
        port = free_port()
        here = Served(town, f"http://127.0.0.1:{port}")
        town.do(lambda tx: tx.facts.set(PUBLIC_ADDRESS, here.url))

        async def source(digest: str) -> Feed | None:
            return await town.store.transact(lambda tx: calendars.feed(tx, digest, here.now))

        settings = edge_of(port, "http://127.0.0.1:1", {})
        app = application(settings)
        add_feeds(app, source, lambda: here.now, behind_proxy=False)
        add_pages(app, settings)
        async with listening(app, port):
            yield here


@dataclass(frozen=True)
class Answered:
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes


async def ask(address: str, method: str = "GET", **headers: str) -> Answered:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession(headers=given) as session, session.request(method, address) as answer:
        return Answered(answer.status, answer.headers, await answer.read())


async def test_a_subscriber_reads_their_appointments_and_nobody_keeps_them(served: Served) -> None:
    booked = served.town.booked()
    answer = await ask(served.address())
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    (event,) = Calendar.from_ical(answer.body).events
    assert event["UID"] == f"{booked.number}@localhost"


async def test_an_unchanged_feed_is_not_sent_again_and_a_changed_one_is(served: Served) -> None:
    booked, address = served.town.booked(), served.address()
    etag = (await ask(address)).headers["ETag"]
    same = await ask(address, If_None_Match=etag)
    assert (same.status, same.body, same.headers["ETag"]) == (304, b"", etag)
    served.town.do(lambda tx: cancel(tx, CITIZEN, booked.number, NOW))
    changed = await ask(address, If_None_Match=etag)
    assert changed.status == 200
    assert b"STATUS:CANCELLED" in changed.body


async def test_only_reading_is_possible(served: Served) -> None:
    address = served.address()
    head = await ask(address, "HEAD")
    assert (head.status, head.body) == (200, b"")
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        assert (await ask(address, method)).status == 405


async def test_no_token_of_anybodys_looks_like_any_other(served: Served) -> None:
    ended = served.address()
    served.address()
    wrong = [ended, *(f"{served.url}/kalenteri/{name}" for name in ("x", "x.ics", f"{'A' * 43}.ics", "%00.ics"))]
    answers = [await ask(address) for address in wrong]
    assert {(a.status, a.body, a.headers["Cache-Control"]) for a in answers} == {(404, b"", "no-store")}
    assert len({tuple(sorted(set(a.headers) - {"Date"})) for a in answers}) == 1


async def test_no_token_is_logged(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address = served.address()
    await ask(address)
    await ask(address + "x")
    token = address.rpartition("/")[2]
    assert not any(token[:20] in record.getMessage() for record in caplog.records)


async def test_one_address_asks_so_often_and_then_waits(served: Served) -> None:
    address = f"{served.url}/kalenteri/x.ics"
    found = [(await ask(address)).status for _ in range(feeds.LIMITS.burst + 1)]
    assert (found[:-1], found[-1]) == ([404] * feeds.LIMITS.burst, 429)
    served.now += timedelta(minutes=1)
    assert (await ask(served.address())).status == 200


def test_a_household_counts_as_one_and_others_are_not_held_up() -> None:
    turnstile = Turnstile(Limits(burst=1, per_minute=1), lambda: NOW)
    found = [turnstile.lets_pass(a) for a in ("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:3::1", "192.0.2.1")]
    assert found == [True, False, True, True]
