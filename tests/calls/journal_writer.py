"""A process that writes evidence, tells on its output what is on disk, and is killed by the test.

`python journal_writer.py FILE FIRST`: pieces of evidence named FIRST, FIRST + 1, … several at a time.
"""

import asyncio
import sys
import time
from pathlib import Path

from bot.calls.evidence import EvidenceDraft, Kind
from bot.calls.journal import Journal


def draft(name: int) -> EvidenceDraft:
    return EvidenceDraft(time.time(), "huone", str(name), "PA_x", Kind.JOINED, {"name": "Ääni", "role": "guest"})


async def write(journal: Journal, name: int) -> None:
    (evidence,) = await journal.record([draft(name)])
    print(name, evidence.number, flush=True)  # noqa: T201 - the test reads what was awaited


async def main(path: Path, first: int) -> None:
    journal = Journal(path, now=time.time())
    await journal.start(time.time(), version="test")
    for name in range(first, first + 100_000, 8):
        await asyncio.gather(*(write(journal, name + offset) for offset in range(8)))


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
