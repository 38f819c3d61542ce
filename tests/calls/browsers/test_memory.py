"""The search for byte strings in another process's memory finds them, and those only."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.calls.browsers import memory
from tests.calls.browsers.memory import found

NEEDLE = bytes(range(40, 72))


@asynccontextmanager
async def holder(place: int) -> AsyncIterator[int]:
    """A process with the needle in it once, so many bytes after the beginning of a page. Gives its id."""
    program = f"""
import mmap, sys
held = mmap.mmap(-1, 20_000_000)
for value in range(40, 72):
    held[8_192_000 + {place} + value - 40] = value
print(flush=True)
sys.stdin.read()
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield process.pid
    finally:
        process.kill()
        await process.wait()


async def test_what_a_process_holds_is_found_and_nothing_else() -> None:
    async with holder(1000) as pid:
        needles = {"held": NEEDLE, "a part": NEEDLE[10:31], "backwards": NEEDLE[::-1]}
        assert found(pid, needles) == {"held", "a part"}


async def test_a_string_on_the_border_of_two_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_CHUNK", 4096)
    async with holder(4096 - 16) as pid:
        assert found(pid, {"held": NEEDLE, "backwards": NEEDLE[::-1]}) == {"held"}
