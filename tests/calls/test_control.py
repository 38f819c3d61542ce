import asyncio
import json
import logging
import socket
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calls.client import EngineClient
from bot.calls.conference import Policy, PolicyChange, Present
from bot.calls.control import AT_ONCE, LONGEST_LINE, Control, answer
from bot.calls.evidence import Evidence, Kind
from bot.calls.journal import Journal
from bot.calls.orders import Status, Trouble
from tests.calls.quiet_engine import QuietEngine

Raw = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls" / "engine.sock"


@pytest_asyncio.fixture
async def engine(tmp_path: Path) -> AsyncIterator[QuietEngine]:
    async with Journal(tmp_path / "journal.db", now=time.time()) as journal:
        yield QuietEngine(journal)


@pytest_asyncio.fixture
async def control(path: Path, engine: QuietEngine) -> AsyncIterator[Control]:
    async with Control(path, engine) as serving:
        yield serving


@pytest_asyncio.fixture
async def client(path: Path, control: Control) -> AsyncIterator[EngineClient]:  # noqa: ARG001 - it serves meanwhile
    async with EngineClient(path) as opened:
        yield opened


@asynccontextmanager
async def raw(path: Path) -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ask(connection: Raw, *lines: bytes) -> list[Any]:
    reader, writer = connection
    for line in lines:
        writer.write(line + b"\n")
    return [json.loads(await asyncio.wait_for(reader.readline(), 10)) for _ in lines]


# Orders


async def test_a_policy_is_kept_for_a_room_that_nobody_is_in_yet(engine: QuietEngine, client: EngineClient) -> None:
    assert await client.policy("huone", PolicyChange(locked=True, max_participants=12, loudest=0)) is None
    assert await client.policy("huone", PolicyChange(last_n=4)) is None
    assert engine.rooms["huone"].policy == Policy(locked=True, max_participants=12, loudest=0, last_n=4)


async def test_participants_are_told_as_the_engine_knows_them(engine: QuietEngine, client: EngineClient) -> None:
    await engine.come("huone", "citizen", "Änni 😀")
    await engine.come("huone", "official")
    found = await client.participants("huone")
    assert not isinstance(found, Trouble)
    assert list(found) == engine.rooms["huone"].present()
    assert (found[0].name, found[0].publishes) == ("Änni 😀", ("audio",))


async def test_the_word_is_taken_and_given_back(engine: QuietEngine, client: EngineClient) -> None:
    await engine.come("huone", "citizen")
    assert await client.mute("huone", "citizen", muted=True) is None
    assert engine.rooms["huone"].present()[0].muted
    assert await client.mute("huone", "citizen", muted=False) is None
    assert not engine.rooms["huone"].present()[0].muted


async def test_removing_and_closing_end_what_is_there(engine: QuietEngine, client: EngineClient) -> None:
    for name in ("citizen", "official"):
        await engine.come("huone", name)
    assert await client.remove("huone", "citizen") is None
    assert [present.identity for present in engine.rooms["huone"].present()] == ["official"]
    assert await client.close("huone") is None
    assert await client.participants("huone") is Trouble.UNKNOWN_ROOM


async def test_what_is_not_there_is_told_as_such(engine: QuietEngine, client: EngineClient) -> None:
    assert await client.remove("huone", "citizen") is Trouble.UNKNOWN_ROOM
    assert await client.close("huone") is Trouble.UNKNOWN_ROOM
    await engine.come("huone", "official")
    assert await client.mute("huone", "citizen", muted=True) is Trouble.UNKNOWN_PARTICIPANT


async def test_evidence_is_read_settled_and_gone(engine: QuietEngine, client: EngineClient) -> None:
    await engine.come("huone", "citizen")
    found = await client.evidence(0, 100, 0)
    assert not isinstance(found, Trouble)
    assert [evidence.kind for evidence in found] == [Kind.OPENED, Kind.JOINED, Kind.PUBLISHED]
    assert found == await engine.journal.read(0, 100)
    assert await client.settled(found[1].number) is None
    assert await client.evidence(0, 100, 0) == found[2:]


async def test_who_waits_for_evidence_holds_no_other_order_up(engine: QuietEngine, client: EngineClient) -> None:
    waiting = asyncio.create_task(client.evidence(0, 100, 30))
    await asyncio.sleep(0.05)
    start = time.monotonic()
    status = await client.status()
    await engine.come("huone", "citizen")
    found = await waiting
    assert time.monotonic() - start < 2
    assert isinstance(status, Status)
    assert not isinstance(found, Trouble)
    assert found[0].kind is Kind.OPENED


async def test_status_comes_whole(engine: QuietEngine, client: EngineClient) -> None:
    await engine.come("huone", "citizen")
    assert await client.status() == Status(1, 1, 0.5, 40.0, engine.started_at, "quiet")


# The server against whatever comes


def list_of(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_only_the_owner_may_open_the_socket(path: Path, control: Control) -> None:  # noqa: ARG001 - it serves meanwhile
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


async def test_a_socket_that_a_killed_engine_left_is_taken_over(path: Path, engine: QuietEngine) -> None:
    path.parent.mkdir()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    async with Control(path, engine), EngineClient(path) as client:
        assert isinstance(await client.status(), Status)
    assert list_of(path.parent) == []


async def test_a_socket_may_lie_deeper_than_the_kernel_takes(tmp_path: Path, engine: QuietEngine) -> None:
    path = tmp_path / ("a" * 60) / ("b" * 60) / "engine.sock"
    async with Control(path, engine), EngineClient(path) as client:
        assert isinstance(await client.status(), Status)
        assert mode(path) == 0o600


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"policy"',
    b"\xff\xfe\x00",
    b"[" * 30_000,
    b'{"id": 1}',
    b'{"id": 1, "op": ["policy"]}',
    b'{"id": 1, "op": "__class__"}',
    b'{"id": 1, "op": "policy"}',
    b'{"id": 1, "op": "policy", "room": ""}',
    b'{"id": 1, "op": "policy", "room": "a\\u0000b"}',
    b'{"id": 1, "op": "policy", "room": "\\ud800"}',
    b'{"id": 1, "op": "policy", "room": "a", "locked": "yes"}',
    b'{"id": 1, "op": "policy", "room": "a", "locked": null}',
    b'{"id": 1, "op": "policy", "room": "a", "loudest": -1}',
    b'{"id": 1, "op": "policy", "room": "a", "loudest": true}',
    b'{"id": 1, "op": "policy", "room": "a", "max_participants": 1e3}',
    b'{"id": 1, "op": "mute", "room": "a", "identity": "b", "muted": 1}',
    b'{"id": 1, "op": "evidence", "after": 0, "limit": 1, "wait_s": NaN}',
    b'{"id": 1, "op": "evidence", "after": 0, "limit": 1, "wait_s": -1}',
    b'{"id": 1, "op": "evidence", "after": 99999999999999999999, "limit": 1}',
    b'{"id": 1, "op": "settled", "through": "all"}',
    b'{"id": 1, "op": "participants", "room": "' + b"a" * 600 + b'"}',
]


@pytest.mark.parametrize("line", HOSTILE, ids=[line[:60].decode(errors="replace") for line in HOSTILE])
async def test_what_is_no_request_is_answered_as_such_and_the_next_is_served(
    path: Path,
    control: Control,  # noqa: ARG001 - it serves meanwhile
    line: bytes,
) -> None:
    async with raw(path) as connection:
        told = await ask(connection, line, b'{"id": 2, "op": "status"}')
    assert {(row["id"], row["ok"]) for row in told} <= {(None, False), (1, False), (2, True)}
    assert [row["error"] for row in told if not row["ok"]] == ["bad_request"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.binary(max_size=200)
    | st.builds(
        lambda raw: json.dumps(raw).encode(),
        st.dictionaries(
            st.sampled_from(["id", "op", "room", "identity", "muted", "locked", "after", "limit", "wait_s", "through"]),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers())
            | st.sampled_from(["policy", "participants", "mute", "remove", "close", "settled", "status"]),
        ),
    )
)  # fmt: skip
def test_any_line_has_an_answer(tmp_path: Path, line: bytes) -> None:
    async def reply() -> dict[str, Any]:
        async with Journal(tmp_path / "journal.db", now=time.time()) as journal:
            return await answer(QuietEngine(journal), line)

    told = asyncio.run(reply())
    assert told["ok"] is True or told["error"] in set(Trouble) - {Trouble.FAILED}
    json.dumps(told)


async def test_a_line_beyond_the_limit_ends_that_connection_alone(path: Path, client: EngineClient) -> None:
    async with raw(path) as (reader, writer):
        writer.write(b"x" * (LONGEST_LINE * 2))
        told = json.loads(await asyncio.wait_for(reader.readline(), 10))
        assert told == {"id": None, "ok": False, "error": "bad_request"}
        assert await asyncio.wait_for(reader.read(), 10) == b""
    assert isinstance(await client.status(), Status)


async def test_several_clients_are_served_and_one_that_goes_harms_no_other(path: Path, control: Control) -> None:  # noqa: ARG001 - it serves meanwhile
    async with EngineClient(path) as first, EngineClient(path) as second:
        async with raw(path) as (_, writer):
            writer.write(b'{"id": 1, "op": "evidence", "after": 0, "limit": 1, "wait_s": 60}\n{"id": 2, "op": "st')
            await writer.drain()
            assert isinstance(await first.status(), Status)
        assert isinstance(await second.status(), Status)


async def test_a_client_that_asks_without_end_is_read_no_further(path: Path, control: Control) -> None:  # noqa: ARG001 - it serves meanwhile
    waits = b'{"id": 1, "op": "evidence", "after": 0, "limit": 1, "wait_s": 1}'
    async with raw(path) as connection, EngineClient(path) as other:
        start = time.monotonic()
        asked = asyncio.create_task(ask(connection, *[waits] * (AT_ONCE + 1)))
        assert isinstance(await other.status(), Status)
        assert time.monotonic() - start < 0.9
        assert len(await asked) == AT_ONCE + 1
        assert time.monotonic() - start > 1.9


class Faulty(QuietEngine):
    async def status(self) -> Status | Trouble:
        raise RuntimeError("Kuntalainen Meikäläinen")


async def test_a_fault_in_the_engine_is_an_answer_and_its_log_names_nobody(
    path: Path, engine: QuietEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with Control(path, Faulty(engine.journal)), EngineClient(path) as client:
        assert await client.status() is Trouble.FAILED
        assert await client.participants("huone") is Trouble.UNKNOWN_ROOM
    assert "RuntimeError" in caplog.text
    assert "Kuntalainen" not in caplog.text


# The client and an engine that comes and goes


async def test_without_an_engine_the_answer_is_unreachable_in_time(path: Path) -> None:
    async with EngineClient(path, patience=0.3) as client:
        start = time.monotonic()
        assert await client.status() is Trouble.UNREACHABLE
        assert time.monotonic() - start < 1


async def test_an_order_waits_for_an_engine_that_is_being_started(path: Path, engine: QuietEngine) -> None:
    async with EngineClient(path) as client:
        asked = asyncio.create_task(client.status())
        await asyncio.sleep(0.2)
        async with Control(path, engine):
            assert isinstance(await asked, Status)


async def test_an_order_whose_answer_was_lost_is_given_again_to_the_next_engine(
    path: Path, engine: QuietEngine
) -> None:
    await engine.journal.alive(1.0)
    async with EngineClient(path) as client:
        async with Control(path, engine):
            asked = asyncio.create_task(client.evidence(0, 10, 5))
            await asyncio.sleep(0.1)
        await engine.come("huone", "citizen")
        async with Control(path, engine):
            found = await asked
    assert not isinstance(found, Trouble)
    assert len(found) == 3


async def test_many_orders_at_once_share_one_connection_and_get_their_own_answers(
    engine: QuietEngine, client: EngineClient
) -> None:
    for index in range(20):
        await engine.come(f"huone {index}", f"citizen {index}")
    found = await asyncio.gather(*(client.participants(f"huone {index}") for index in range(20)))
    identities = [people[0].identity for people in found if not isinstance(people, Trouble)]
    assert identities == [f"citizen {index}" for index in range(20)]


@asynccontextmanager
async def impostor(path: Path, says: bytes) -> AsyncIterator[None]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(says)
        await writer.drain()
        await reader.read()
        writer.close()

    path.parent.mkdir(exist_ok=True)
    server = await asyncio.start_unix_server(serve, path)
    try:
        yield
    finally:
        server.close()


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (b"nonsense\n", Trouble.UNREACHABLE),
        (b"[1, 2]\n", Trouble.UNREACHABLE),
        (b'{"id": [1], "ok": true}\n', Trouble.UNREACHABLE),
        (b'{"id": 7, "ok": true}\n', Trouble.UNREACHABLE),
        (b'{"id": 1, "ok": true, "result": {"rooms": "many"}}\n', Trouble.FAILED),
        (b'{"id": 1, "ok": true}\n', Trouble.FAILED),
        (b'{"id": 1, "ok": false, "error": ["x"]}\n', Trouble.FAILED),
        (b'{"id": 1, "ok": false, "error": "of a later version"}\n', Trouble.FAILED),
        (b'{"id": 1}\n', Trouble.FAILED),
    ],
)
async def test_nonsense_from_the_other_end_is_trouble_and_no_error(path: Path, says: bytes, trouble: Trouble) -> None:
    async with impostor(path, says), EngineClient(path, patience=0.4) as client:
        assert await client.status() is trouble


async def test_evidence_of_a_later_version_is_left_out(path: Path) -> None:
    known = {"number": 2, "at": 1.0, "room": "r", "identity": "i", "sid": "s", "kind": "media", "facts": {}}
    says = {"id": 1, "ok": True, "result": [{**known, "number": 1, "kind": "danced"}, known]}
    async with impostor(path, json.dumps(says).encode() + b"\n"), EngineClient(path) as client:
        assert await client.evidence(0, 10, 0) == [Evidence(2, 1.0, "r", "i", "s", Kind.MEDIA, {})]


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_leaving_the_client_leaves_no_file_open(path: Path, control: Control) -> None:  # noqa: ARG001 - it serves meanwhile
    before = open_files()
    for _ in range(20):
        async with EngineClient(path) as client:
            assert isinstance(await client.status(), Status)
    await asyncio.sleep(0.1)
    assert open_files() <= before + 1


def test_a_participant_is_told_with_all_it_holds() -> None:
    assert set(Present.__slots__) == {
        "identity", "sid", "name", "role", "joined_at", "publishes", "muted", "speaking_s", "quality",
    }  # fmt: skip
