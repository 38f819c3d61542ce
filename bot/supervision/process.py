"""One child process: started in a process group of its own, seen to be ready, stopped with a deadline.

Leaves restarts to `bot.supervision.supervisor`.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.supervision.child import launch
from bot.supervision.errors import ChildFailedError

_POLL = 0.05
_LOG_LIMIT = 5_000_000
"""Bytes after which a child's output starts a new file; one old file is kept."""
_SHOWN_LINES = 15


@dataclass(frozen=True, slots=True)
class Child:
    """What to run and how to know that it is ready."""

    name: str
    """As the operator reads it: "the homeserver"."""
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    output: Path
    """Where standard output and errors go."""
    folder: Path | None = None
    """The working directory; None: ours."""
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    start_limit: float = 60.0
    """Seconds from start to ready."""
    stop_limit: float = 10.0
    """Seconds from SIGTERM to SIGKILL."""
    listening: socket.socket | None = None
    """A socket that listens already and outlives the child: who connects while it starts anew only waits."""

    @property
    def title(self) -> str:
        """The name at the beginning of a sentence."""
        return self.name[0].upper() + self.name[1:]


class Process:
    """A child's life. `start` and `stop` may follow one another any number of times."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._process: asyncio.subprocess.Process | None = None
        self._output_start = 0

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    async def start(self) -> float:
        """Starts and waits until ready; the seconds that took.

        Raises `ChildFailedError`; then nothing of the child is left.
        """
        begun = time.monotonic()
        try:
            await self._spawn()
            async with asyncio.timeout(self.child.start_limit):
                await self._until_ready()
        except TimeoutError:
            await self.stop()
            raise ChildFailedError(
                f"{self.child.title} was not ready within {self.child.start_limit:.0f} s.{self._last()}"
            ) from None
        return time.monotonic() - begun

    async def wait(self) -> int:
        """The exit code, once the child has ended; negative for the signal that ended it."""
        if self._process is None:
            raise RuntimeError("the child was not started")
        return await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, the deadline, SIGKILL for the whole group. Nothing to do when it never ran."""
        if self._process is None:
            return
        if self._process.returncode is None:
            self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self.child.stop_limit):
                await self._process.wait()
        except TimeoutError:
            pass
        finally:
            self.kill()
        await self._process.wait()

    def kill(self) -> None:
        """SIGKILL for whatever is left of the child's group, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _spawn(self) -> None:
        output = _opened(self.child.output)
        self._output_start = os.fstat(output).st_size
        try:
            self._process = await asyncio.create_subprocess_exec(
                *launch(*self.child.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.child.folder,
                env=dict(self.child.environment),
                pass_fds=() if self.child.listening is None else (self.child.listening.fileno(),),
                process_group=0,  # a Ctrl-C at the terminal reaches us alone, and we stop them in order
            )
        finally:
            os.close(output)

    async def _until_ready(self) -> None:
        while True:
            ready = await self.child.ready()
            if self._process is None or self._process.returncode is not None:
                self.kill()
                raise ChildFailedError(f"{self.child.title} ended while starting.{self._last()}")
            if ready:
                return
            await asyncio.sleep(_POLL)

    def _last(self) -> str:
        """The end of what the child wrote since this start."""
        with self.child.output.open("rb") as file:
            file.seek(self._output_start)
            lines = file.read().decode(errors="replace").splitlines()[-_SHOWN_LINES:]
        said = "".join(f"\n    {line}" for line in lines)
        return f" Its last words (all of them: {self.child.output}):{said}" if said else ""


def _opened(output: Path) -> int:
    if output.exists() and output.stat().st_size > _LOG_LIMIT:
        output.replace(output.with_suffix(f"{output.suffix}.1"))
    return os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
