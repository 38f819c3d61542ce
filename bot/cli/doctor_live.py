"""The checks of a running service: ports, homeserver, clock, edge, the service's account and its keys.

They only ask: no account is made, no key is renewed, no limit is lifted.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

import aiohttp

from bot.cli.findings import Finding, Live, LiveCheck, fail, ok, warn
from bot.cli.running import HOST
from bot.domain.ids import UserId
from bot.homeserver.api import Api, segment
from bot.homeserver.errors import AdminError
from bot.matrix.checkup import account_keys, default_room_version
from bot.matrix.http import MatrixError
from bot.matrix.identity import CryptoError, CryptoHealth

ROOM_VERSIONS = frozenset({"10", "11", "12"})
CLOCK_WARN, CLOCK_FAIL = 5.0, 60.0
FEW_KEYS = 10
PATIENCE = 5.0
"""Seconds for one answer."""

_VERSION = "/_synapse/admin/v1/server_version"
HIDDEN = (
    _VERSION,
    f"/{_VERSION}",
    f"/%5Fsynapse{_VERSION.removeprefix('/_synapse')}",
    f"/_matrix/..{_VERSION}",
    f"/_matrix/%2e%2e{_VERSION}",
    "/_SYNAPSE/admin/v1/server_version",
)
"""Spellings of one administrative address; the edge must refuse each."""

_RESTART = "Stop eahtari up and start it again."


async def ports(live: Live) -> list[Finding]:
    wanted = {"the web edge": live.running.port, "the homeserver": live.running.homeserver_port}
    silent = [f"{name} ({port})" for name, port in wanted.items() if not await _listens(port)]
    if silent:
        return [fail("ports", f"nobody listens for {', '.join(silent)}", f"{_RESTART} Its log folder says why.")]
    return [ok("ports", ", ".join(f"{name} listens on {port}" for name, port in wanted.items()))]


async def _listens(port: int) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(HOST, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def homeserver(live: Live) -> list[Finding]:
    """Reachable, its version, and its clock beside ours."""
    try:
        async with live.http.get(f"{live.running.homeserver}/health") as answer:
            status, date = answer.status, answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError):
        return [fail("homeserver", "the homeserver does not answer", f"{_RESTART} See log/homeserver-output.log.")]
    if status != 200:  # noqa: PLR2004 -- HTTP's own number
        return [fail("homeserver", f"the homeserver answers its health check with {status}", _RESTART)]
    return [judge_version(await _running_version(live), _installed()), judge_clock(date, datetime.now(UTC))]


async def _running_version(live: Live) -> str | None:
    with contextlib.suppress(AdminError):
        answer = await _administration(live, "server version", _VERSION)
        return None if answer is None else str(answer.get("server_version", "")).partition(" ")[0]
    return None


def _installed() -> str | None:
    try:
        return version("matrix-synapse")
    except PackageNotFoundError:
        return None


def judge_version(running: str | None, installed: str | None) -> Finding:
    """A homeserver that was updated on disk and not restarted is told."""
    if running is None:
        remedy = "The administrator's token in secrets/admin.json is missing or revoked: run eahtari user list once."
        return warn("homeserver", "the homeserver answers; its version can't be asked", remedy)
    if installed is not None and running != installed:
        return warn("homeserver", f"Synapse {running} runs, {installed} is installed", _RESTART)
    return ok("homeserver", f"Synapse {running} answers")


def judge_clock(date: str, now: datetime) -> Finding:
    """`date` is an HTTP date (RFC 9110, 5.6.7), in whole seconds."""
    try:
        off = abs((now - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return warn("clock", "the homeserver does not tell the time", "Compare the clocks by hand.")
    if off <= CLOCK_WARN:
        return ok("clock", "this machine's clock and the homeserver's agree")
    remedy = "Set the clock by NTP (timedatectl set-ntp true): appointments and reminders follow it."
    found = f"the clocks differ by {off:.0f} s"
    return fail("clock", found, remedy) if off > CLOCK_FAIL else warn("clock", found, remedy)


async def rate_limit(live: Live) -> list[Finding]:
    """Admin API, "Override ratelimiting for users": an empty answer is no override, zeros are no limit."""
    session = live.state.read_secret("service.json")
    if session is None:
        return [warn("rate_limit", "the service has no account yet", "Start it once with eahtari up.")]
    user = segment(UserId(str(session["user_id"])))
    try:
        answer = await _administration(live, "rate limit", f"/_synapse/admin/v1/users/{user}/override_ratelimit")
    except AdminError as error:
        return [warn("rate_limit", f"can't be asked ({error})", "See whether eahtari user list works.")]
    if answer is None:
        return [warn("rate_limit", "can't be asked: no administrator yet", "Run eahtari user list once.")]
    return [judge_limit(answer)]


def judge_limit(answer: dict[str, object]) -> Finding:
    if answer.get("messages_per_second") == 0:
        return ok("rate_limit", "the service's account is free from the homeserver's limits")
    remedy = (
        'As the administrator, POST {"messages_per_second": 0, "burst_count": 0} to '
        "/_synapse/admin/v1/users/SERVICE/override_ratelimit on the homeserver's own port."
    )
    return fail("rate_limit", "the homeserver's limits slow the service's account down", remedy)


async def _administration(live: Live, operation: str, path: str) -> dict[str, object] | None:
    """Asks with the kept token; None without one. Raises `AdminError`."""
    token = (live.state.read_secret("admin.json") or {}).get("access_token")
    if not isinstance(token, str):
        return None
    async with Api(live.running.homeserver) as api:
        return await api.call(operation, "GET", path, token=token)


async def account(live: Live) -> list[Finding]:
    """The service's session, its keys and the version of the rooms it makes."""
    session = live.state.read_secret("service.json")
    if session is None:
        return [warn("device", "the service has not signed in yet", "Start it once with eahtari up.")]
    try:
        keys = await account_keys(live.running.homeserver, session, live.state.secret("identity.json"))
        rooms = await default_room_version(live.running.homeserver, session)
    except MatrixError as error:
        remedy = "Is the homeserver the one that made secrets/service.json? Restore both from the same backup."
        return [fail("device", f"the service's session does not work ({error})", remedy)]
    except CryptoError as error:
        return [fail("device", "the identity's key file can't be used", error.words.en)]
    return [*judge_keys(keys), judge_room_version(rooms)]


def judge_keys(keys: CryptoHealth) -> Iterator[Finding]:
    """A careful client (MSC4153) sends its keys to signed devices only."""
    repair = f"{_RESTART} It repairs this, or says what is in the way."
    if not keys.device_published:
        yield fail("device", "the homeserver does not know the service's device", repair)
    elif not keys.device_signed:
        yield fail("device", "the service's device is not cross-signed: careful clients won't write to it", repair)
    else:
        yield ok("device", "the service's device is cross-signed")
    yield _identity(keys)
    yield from _spare_keys(keys)


def _identity(keys: CryptoHealth) -> Finding:
    if not keys.identity_kept:
        remedy = "Restore secrets/identity.json from a backup, then start the service again."
        return fail("identity", "the file of the identity's private keys is missing", remedy)
    if not keys.master_matches:
        remedy = "Another client replaced the identity, or the key file is an old one: restore the right file."
        return fail("identity", "the homeserver shows another identity than the service holds", remedy)
    return ok("identity", "the homeserver shows the identity that the service holds")


def _spare_keys(keys: CryptoHealth) -> Iterator[Finding]:
    left = f"{keys.one_time_keys} one-time keys are left"
    remedy = "The running service uploads new ones by itself: if this stays, look at its log."
    yield warn("one_time_keys", left, remedy) if keys.one_time_keys < FEW_KEYS else ok("one_time_keys", left)
    match keys.fallback_unused:
        case True:
            yield ok("fallback_key", "the fallback key is there, unused")
        case False:
            yield warn("fallback_key", "the fallback key is used or missing", remedy)
        case None:
            yield warn("fallback_key", "the homeserver knows no fallback keys", "Update the homeserver.")


def judge_room_version(default: str) -> Finding:
    if default in ROOM_VERSIONS:
        return ok("room_version", f"new rooms get version {default}")
    remedy = f"Set default_room_version in homeserver.yaml to one of {', '.join(sorted(ROOM_VERSIONS))}."
    return warn("room_version", f'new rooms get version "{default}", which the service was not tested with', remedy)


async def service(live: Live) -> list[Finding]:
    try:
        async with live.http.get(f"{live.running.edge}/healthz") as answer:
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return [fail("service", "the service does not answer", f"{_RESTART} See log/service.log.")]
    parts = told.get("parts", {}) if isinstance(told, dict) else {}
    lame = sorted(str(name) for name, ready in parts.items() if not ready)
    if lame or not parts:
        remedy = "Wait a few seconds and look again; if it stays, see log/service.log."
        return [fail("service", f"the service is not ready: {', '.join(lame) or 'it names no part'}", remedy)]
    return [ok("service", f"the service is ready ({', '.join(sorted(parts))})")]


async def admin_closed(live: Live) -> list[Finding]:
    """Asks raw: a client library would tidy the tricks up before they leave."""
    try:
        answers = {target: await _raw_status(live.running.port, target) for target in HIDDEN}
    except (OSError, TimeoutError):
        return [fail("admin_closed", "the web edge does not answer", _RESTART)]
    return [judge_closed(answers)]


def judge_closed(answers: dict[str, int]) -> Finding:
    """403 for every spelling (RFC 9110, 15.5.4)."""
    through = sorted(f"{target} → {status}" for target, status in answers.items() if status != 403)  # noqa: PLR2004 -- HTTP's own number
    if not through:
        return ok("admin_closed", f"the web edge refuses the admin API in all {len(answers)} spellings tried")
    remedy = "Take the service off the network until it is repaired: whatever answers there isn't eÄhtäri's own edge."
    return fail("admin_closed", f"not refused at the web edge: {', '.join(through)}", remedy)


async def _raw_status(port: int, target: str) -> int:
    """The status of one GET; 0 for an answer that isn't HTTP."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(f"GET {target} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            words = (await reader.readline()).split()
        finally:
            writer.close()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


CHECKS: tuple[LiveCheck, ...] = (ports, homeserver, service, admin_closed, rate_limit, account)
