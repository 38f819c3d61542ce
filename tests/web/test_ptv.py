"""How PTV's interface is asked: addresses, repeated tries, pauses and bounds, with a real server on this machine."""

import gzip
from collections.abc import Iterator, Mapping

import pytest

from bot.web.ptv import OFFICIAL, Ptv, PtvError, PtvLimits, root_of
from tests.support.ptv_server import CODE, Answer, PtvServer, serving

LIMITS = PtvLimits(page=100_000, total=150_000, pages=20, seconds=1, whole=20, tries=4, pause=1, longest_pause=3)
SERVICES = f"Service/list/area/Municipality/code/{CODE}"


@pytest.fixture
def server() -> Iterator[PtvServer]:
    with serving(PtvServer()) as running:
        yield running


class Pauses(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def services(server: PtvServer, pauses: Pauses | None = None, limits: PtvLimits = LIMITS) -> int:
    async with Ptv(server.address, CODE, limits, sleep=pauses if pauses is not None else Pauses()) as ptv:
        return len(await ptv.services(None))


@pytest.mark.parametrize(
    "address",
    [
        OFFICIAL,
        f"{OFFICIAL}/",
        f"{OFFICIAL}/Service",
        f"{OFFICIAL}/{SERVICES}?page=3#x",
        f"{OFFICIAL}/ServiceChannel/list",
    ],
)
def test_the_root_is_found_from_any_of_its_addresses(address: str) -> None:
    assert root_of(address) == OFFICIAL


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example/v11",
        "http://127.0.0.1.example/",
        "ftp://127.0.0.1/",
        "https://",
        "x",
        "//[",
        "http://localhost",
    ],
)
def test_what_is_neither_https_nor_this_machine_is_refused(address: str) -> None:
    with pytest.raises(PtvError):
        root_of(address)


def failing(times: int, answer: Answer, path: str = SERVICES) -> object:
    left = [times]

    def fault(asked: str, _query: Mapping[str, str]) -> Answer | None:
        if asked == path and left[0]:
            left[0] -= 1
            return answer
        return None

    return fault


@pytest.mark.parametrize("answer", [500, 502, 503, 429, 408, b"{", b"[7]"])
async def test_what_may_pass_is_tried_again_with_growing_pauses(server: PtvServer, answer: Answer) -> None:
    server.fault = failing(3, answer)  # type: ignore[assignment]
    pauses = Pauses()
    assert await services(server, pauses) == 8
    assert [0.75 <= pauses[0] <= 1.25, 1.5 <= pauses[1] <= 2.5, 3 <= pauses[2] <= 3] == [True] * 3


@pytest.mark.parametrize("answer", [400, 401, 403, 404, 301, b"x" * 200_000])
async def test_what_does_not_pass_is_asked_for_once(server: PtvServer, answer: Answer) -> None:
    server.fault = failing(9, answer)  # type: ignore[assignment]
    with pytest.raises(PtvError, match="Nothing was changed"):
        await services(server)
    assert len(server.asked) == 1


async def test_after_the_last_try_it_is_given_up(server: PtvServer) -> None:
    server.fault = lambda _path, _query: 500
    with pytest.raises(PtvError, match="answered 500"):
        await services(server)
    assert len(server.asked) == LIMITS.tries


async def test_a_server_is_left_alone_for_as_long_as_it_asks(server: PtvServer) -> None:
    server.headers = {"Retry-After": "2"}
    server.fault = failing(1, 503)  # type: ignore[assignment]
    pauses = Pauses()
    await services(server, pauses)
    assert pauses == [2]


async def test_a_server_that_hangs_is_left(server: PtvServer) -> None:
    server.delay = 5
    with pytest.raises(PtvError, match="takes too long"):
        await services(server, limits=PtvLimits(seconds=0.1, tries=2))
    assert len(server.asked) == 2


async def test_all_of_it_has_an_end_too(server: PtvServer) -> None:
    server.delay = 0.2
    with pytest.raises(PtvError, match="long"):
        await services(server, limits=PtvLimits(seconds=0.3, whole=0.3))


async def test_all_pages_together_are_bounded(server: PtvServer) -> None:
    for one in server.services:
        one["more"] = "x" * 20_000
    with pytest.raises(PtvError, match="page 3: the answer is too large"):
        await services(server)


async def test_a_small_answer_that_unpacks_to_a_large_one_is_left(server: PtvServer) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    server.fault = lambda _path, _query: gzip.compress(b" " * 10_000_000)
    with pytest.raises(PtvError, match="too large"):
        await services(server)


async def test_nobody_listens() -> None:
    with serving(PtvServer()) as stopped:
        pass
    with pytest.raises(PtvError, match="can't be reached"):
        await services(stopped)


async def test_ids_are_asked_for_a_hundred_at_a_time_and_only_sound_ones(server: PtvServer) -> None:
    ids = [f"00000000-0000-4000-9000-{number:012d}" for number in range(250)]
    async with Ptv(server.address, CODE, LIMITS, sleep=Pauses()) as ptv:
        assert await ptv.channels([*ids, "x,y&z=1"]) == []
    lots = [query["guids"].split(",") for path, query in server.asked if path == "ServiceChannel/list"]
    assert [len(lot) for lot in lots] == [100, 100, 50]
    assert [id for lot in lots for id in lot] == ids


async def test_a_list_that_grows_while_it_is_read_is_read_to_its_end(server: PtvServer) -> None:
    def grow(_path: str, query: Mapping[str, str]) -> Answer | None:
        if query["page"] == "3":
            server.services.append({**server.services[0], "id": "00000000-0000-4000-8001-000000000099"})
            server.services.append({**server.services[0], "id": "00000000-0000-4000-8001-000000000098"})
        return None

    server.fault = grow
    assert await services(server) == 10
