"""The engine as the service sees it: a process of its own that answers, and one that trains when asked to.

A process of its own keeps hundreds of megabytes and a minute's arithmetic out of the service's loop, and lets a fault
in C code end a child and not the service.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bot.advice.published import Published, model_in_use, own_matters
from bot.advice.wire import from_catalogue, to_advice
from bot.domain.advice import Advice, Step
from bot.domain.catalogue import Catalogue

_START, _ANSWER = 60.0, 15.0
_TRAIN, _TRAIN_EACH = 900.0, 0.5
"""Seconds for any catalogue and for each entry besides: thousands take minutes on a busy machine."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LINE = 8 * 2**20


class EngineGone(Exception):  # noqa: N818 -- the contract's name: what has happened, and no fault of the caller
    """No answer can be had now: no model is published, or the process ended. The message says which."""


@dataclass
class EngineProcess:
    """Serves one question at a time, in their order.

    A municipality's own matters are read from the folder `matters` beside the models; `corpus` are more such folders.
    A model that another process has published is taken up with the next question.
    """

    folder: Path
    corpus: tuple[Path, ...] = ()
    _child: Process | None = None
    _serving: Path | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _training: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pause: float = 0.0
    _not_before: float = 0.0

    async def advise(self, question: str) -> Advice:
        """Raises `EngineGone`. After a crash the process is started again, with growing pauses between."""
        async with self._lock:
            child = await self._started()
            try:
                row = await _exchange(child, {"question": question}, _ANSWER)
            except (OSError, ValueError, TimeoutError) as error:
                await self._broken()
                raise EngineGone(f"the engine's process ended or hung: {type(error).__name__}") from error
            if "advice" not in row:
                raise EngineGone(f"the engine could not read the question: {row.get('error')}")
            self._pause = 0.0
            return to_advice(row["advice"])

    async def publish(self, catalogue: Catalogue) -> Published:
        """Trains while the present model goes on answering, then switches over. Raises `EngineGone`."""
        async with self._training:
            options = [part for path in self.all_corpora() for part in ("--corpus", str(path))]
            child = await _spawn(str(self.folder), "--train", *options)
            try:
                row = await _exchange(child, from_catalogue(catalogue), _TRAIN + _TRAIN_EACH * len(catalogue.entries))
            except (OSError, ValueError, TimeoutError) as error:
                raise EngineGone(f"training ended early: {type(error).__name__}") from error
            finally:
                await _end(child)
        if "published" not in row:
            raise EngineGone(f"training failed: {row.get('error')}")
        async with self._lock:
            await self._stop()
            self._pause = self._not_before = 0.0
        return Published(**{**row["published"], "step": Step(row["published"]["step"])})

    def all_corpora(self) -> tuple[Path, ...]:
        return (*self.corpus, *own_matters(self.folder))

    async def start(self) -> None:
        """Starts the process ahead of the first question. Raises `EngineGone`."""
        async with self._lock:
            await self._started()

    def memory_mb(self) -> float | None:
        """Resident memory of the process that answers, MiB; none where it does not run."""
        if self._child is None or self._child.returncode is not None:
            return None
        return round(psutil.Process(self._child.pid).memory_info().rss / 2**20, 1)

    async def close(self) -> None:
        async with self._lock:
            await self._stop()

    async def _started(self) -> Process:
        model = model_in_use(self.folder)
        if self._child is not None and self._child.returncode is None:
            if model in {None, self._serving}:
                return self._child
            await self._stop()
        elif self._child is not None:
            await self._broken()
        if time.monotonic() < self._not_before:
            raise EngineGone("the engine's process has crashed and is started again in a moment")
        if model is None:
            raise EngineGone("no catalogue has been published yet")
        self._child, self._serving = await _spawn(str(model)), model
        try:
            row = await _read(self._child, _START)
        except (OSError, ValueError, TimeoutError) as error:
            await self._broken()
            raise EngineGone("the engine's process did not start") from error
        if "ready" not in row:
            await self._broken()
            raise EngineGone(str(row.get("error")))
        return self._child

    async def _broken(self) -> None:
        await self._stop()
        self._pause = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, 2 * self._pause))
        self._not_before = time.monotonic() + self._pause

    async def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await _end(child)


async def _spawn(*arguments: str) -> Process:
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.advice", *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=_LINE,
        env={**os.environ, **threads},
    )


async def _exchange(child: Process, row: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    if child.stdin is None:
        raise OSError("no input")
    child.stdin.write(json.dumps(row).encode() + b"\n")
    await child.stdin.drain()
    return await _read(child, seconds)


async def _read(child: Process, seconds: float) -> dict[str, Any]:
    if child.stdout is None:
        raise OSError("no output")
    async with asyncio.timeout(seconds):
        row = json.loads(await child.stdout.readline())
    if not isinstance(row, dict):
        raise TypeError("no object")
    return row


async def _end(child: Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    await child.wait()
