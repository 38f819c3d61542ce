"""Children of the tests' own: small Python programs that a supervisor runs for real."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest

from bot.supervision.process import Child


class MakeChild(Protocol):
    def __call__(
        self,
        name: str,
        program: str,
        *,
        ready: Callable[[], Awaitable[bool]] | None = None,
        start_limit: float = 10.0,
        stop_limit: float = 5.0,
    ) -> Child: ...


@pytest.fixture
def make_child(tmp_path: Path) -> MakeChild:
    """A child that runs `program` and counts as ready once its marker file exists, unless told otherwise.

    Inside the program, `ready()` makes the marker.
    """

    def make(
        name: str,
        program: str,
        *,
        ready: Callable[[], Awaitable[bool]] | None = None,
        start_limit: float = 10.0,
        stop_limit: float = 5.0,
    ) -> Child:
        marker = tmp_path / f"{name}.ready"
        prelude = f"from pathlib import Path\nready = Path({str(marker)!r}).touch\n"

        async def marked() -> bool:
            return marker.exists()

        return Child(
            name=name,
            command=(sys.executable, "-c", prelude + program),
            ready=ready or marked,
            output=tmp_path / f"{name}.out",
            start_limit=start_limit,
            stop_limit=stop_limit,
        )

    return make
