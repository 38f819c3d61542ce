"""What a check of `eahtari doctor` reports, and what it is handed. Leaves the checks to their own modules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

import aiohttp

from bot.cli.running import Running
from bot.config.state import StateFolder


class Status(StrEnum):
    OK = "ok"
    WARN = "warn"
    """It works, and somebody should look."""
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result; `remedy` is a sentence, empty where nothing is to be done."""

    id: str
    status: Status
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One state folder. `zone` is the municipality's, None before anything was stored."""

    state: StateFolder
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A running service, and a session to ask its homeserver and edge with."""

    state: StateFolder
    running: Running
    http: aiohttp.ClientSession


LocalCheck: TypeAlias = Callable[[Place], list[Finding]]
LiveCheck: TypeAlias = Callable[[Live], Awaitable[list[Finding]]]


def ok(id: str, found: str) -> Finding:
    return Finding(id, Status.OK, found)


def warn(id: str, found: str, remedy: str) -> Finding:
    return Finding(id, Status.WARN, found, remedy)


def fail(id: str, found: str, remedy: str) -> Finding:
    return Finding(id, Status.FAIL, found, remedy)
