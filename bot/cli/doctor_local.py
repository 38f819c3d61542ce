"""The checks that need nothing running: disk, time zone data, federation's settings, the service's file."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.cli.doctor_advice import advice
from bot.cli.findings import Finding, LocalCheck, Place, fail, ok, warn
from bot.storage.checkup import StorageHealth, storage_health

_MB = 1024 * 1024
DISK_LOW, DISK_OUT = 1024 * _MB, 200 * _MB
LATE = timedelta(minutes=10)

_LAW = ZoneInfo("Europe/Helsinki")
_TRANSITION = datetime(2026, 3, 29, 1, tzinfo=UTC)
"""Directive 2000/84/EC: summer time begins on the last Sunday of March at 01:00 UTC."""


def disk(place: Place) -> list[Finding]:
    free = shutil.disk_usage(place.state.root).free
    found = f"{free // _MB} MB free where {place.state.root} is"
    remedy = "Free some space or move the state folder: a full disk stops booking."
    if free < DISK_OUT:
        return [fail("disk", found, remedy)]
    return [warn("disk", found, remedy) if free < DISK_LOW else ok("disk", found)]


def time_zone(place: Place) -> list[Finding]:
    """The municipality's zone opens, and the data know a change that the law fixes."""
    zone = place.zone or _LAW
    try:
        now = datetime.now(zone)
        before, after = ((_TRANSITION + step).astimezone(ZoneInfo(_LAW.key)).utcoffset() for step in _around())
    except (ZoneInfoNotFoundError, OSError):
        before = after = None
    if (before, after) != (timedelta(hours=2), timedelta(hours=3)):
        return [
            fail("time_zone", "the time zone data are missing or wrong", "Run make install again: tzdata is in it.")
        ]
    return [ok("time_zone", f"{zone.key}, now {now:%H:%M} (UTC{now:%z}); summer time 2026 is where the law has it")]


def _around() -> tuple[timedelta, timedelta]:
    return -timedelta(seconds=1), timedelta()


def federation(place: Place) -> list[Finding]:
    try:
        text = (place.state.homeserver / "homeserver.yaml").read_text(encoding="utf-8")
        settings = yaml.safe_load(text)
    except FileNotFoundError:
        return [ok("federation", "the homeserver was not configured here yet")]
    except (OSError, yaml.YAMLError):
        return [fail("federation", "homeserver.yaml can't be read", "Start anew with eahtari up: it writes the file.")]
    return [judge_federation(settings if isinstance(settings, dict) else {})]


def judge_federation(settings: dict[str, Any]) -> Finding:
    """Whether listeners and settings agree; `settings` is Synapse's configuration."""
    ports = [str(one.get("port")) for one in settings.get("listeners", []) if "federation" in _names(one)]
    name, whitelist = settings.get("server_name"), settings.get("federation_domain_whitelist")
    if not ports:
        return ok("federation", f"off: {name} speaks with no other server, as a trial should")
    where = f"{name} listens for other servers on port {', '.join(ports)}"
    if whitelist == []:
        remedy = "List the region's servers in federation_domain_whitelist, or take the listener away."
        return warn("federation", f"{where}, but may speak with none", remedy)
    return ok("federation", where)


def _names(listener: dict[str, Any]) -> set[str]:
    return {name for resource in listener.get("resources", []) for name in resource.get("names", [])}


def storage(place: Place) -> list[Finding]:
    """The service's file: schema, what waits, what failed."""
    if not place.state.database.exists():
        return [warn("migrations", "the service has kept nothing here yet", "Start it once with eahtari up.")]
    try:
        health = storage_health(place.state.database, datetime.now(UTC) - LATE)
    except sqlite3.Error as error:
        remedy = "Stop the service and restore the newest file of the backup folder."
        return [fail("migrations", f"the service's file can't be read ({type(error).__name__})", remedy)]
    return list(judge_storage(health))


def judge_storage(health: StorageHealth) -> Iterator[Finding]:
    if health.unknown:
        yield fail("migrations", "the file was written by a later version", "Install that version of eahtari.")
    elif health.pending:
        remedy = "Start the service again: it backs the file up and applies them."
        yield fail("migrations", f"{len(health.pending)} steps of the schema are missing", remedy)
    else:
        yield ok("migrations", "the file has every step of the schema")
    if health.late is not None:
        yield _waiting(health.late)
    if health.unsent is not None:
        remedy = "The homeserver refused them for good: look at the service's log for their reason."
        yield _failures("outbox_failed", health.unsent, "messages that could not be sent", remedy)
    if health.unanswered is not None:
        remedy = "Each has a reference code in the service's log that says where it failed."
        yield _failures("inbox_failed", health.unanswered, "messages whose answer failed", remedy)


def _waiting(late: int) -> Finding:
    if not late:
        return ok("outbox_waiting", "nothing waits to be sent for longer than ten minutes")
    remedy = "Is the homeserver up, and does the service say ready? Then look at the service's log."
    return fail("outbox_waiting", f"{late} messages have waited to be sent for longer than ten minutes", remedy)


def _failures(id: str, count: int, what: str, remedy: str) -> Finding:
    return warn(id, f"{count} {what}", remedy) if count else ok(id, f"no {what}")


CHECKS: tuple[LocalCheck, ...] = (disk, time_zone, federation, storage, advice)
