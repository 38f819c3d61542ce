"""The checks of a LiveKit in the engine's place: does it answer, does its clock agree, does it take our key."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from livekit import api

from bot.cli.doctor_calls import CallCheck, CallPlace
from bot.cli.findings import Finding, fail, ok, warn
from bot.config.problems import ConfigurationError
from bot.config.secret_files import read_secret_file
from bot.config.settings import CallEngine

PATIENCE = 5.0
"""Seconds for one answer."""
CLOCK_WARN, CLOCK_FAIL = 5.0, 60.0
"""Seconds; a token's times are compared with LiveKit's clock."""

_REJECTED = frozenset({401, 403})


async def livekit(place: CallPlace) -> list[Finding]:
    calls = place.calls
    if calls.engine is not CallEngine.LIVEKIT or calls.address is None or calls.secret_file is None:
        return []
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    url = "http" + calls.address.removeprefix("ws")
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            status, date = answer.status, answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError) as error:
        remedy = "Does LiveKit run, and is address in [calls] right? A proxy in front must pass everything to it."
        return [fail("livekit", f"LiveKit does not answer at {calls.address} ({type(error).__name__})", remedy)]
    found = [judge_answer(calls.address, status), judge_clock(date, datetime.now(UTC))]
    return [*found, await _key(calls.address, str(calls.key), place)]


def judge_answer(address: str, status: int) -> Finding:
    """Its root answers 200."""
    if status == 200:  # noqa: PLR2004 -- HTTP's own number
        return ok("livekit", f"LiveKit answers at {address}; whether its UDP ports are open can't be seen from here")
    remedy = "Is address in [calls] LiveKit's own, and does the proxy in front pass everything to it?"
    return warn("livekit", f"{address} answers with {status}, where a LiveKit says 200", remedy)


def judge_clock(date: str, now: datetime) -> Finding:
    """`date` is an HTTP date (RFC 9110, 5.6.7), in whole seconds."""
    try:
        off = abs((now - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return warn("livekit_clock", "LiveKit does not tell the time", "Compare the two machines' clocks by hand.")
    if off <= CLOCK_WARN:
        return ok("livekit_clock", "this machine's clock and LiveKit's agree")
    found, remedy = f"this machine's clock and LiveKit's differ by {off:.0f} s", "Set both by NTP: tokens depend on it."
    return fail("livekit_clock", found, remedy) if off > CLOCK_FAIL else warn("livekit_clock", found, remedy)


async def _key(address: str, key: str, place: CallPlace) -> Finding:
    secret_file = place.calls.secret_file
    assert secret_file is not None  # noqa: S101 - the configuration's check: LiveKit comes with its secret
    try:
        secret = read_secret_file(secret_file)
    except ConfigurationError as error:
        return fail("livekit_key", " ".join(str(error).split()), "Without it, the service does not start.")
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with api.LiveKitAPI(address, key, secret, timeout=timeout, failover=False) as server:
            rooms = (await server.room.list_rooms(api.ListRoomsRequest())).rooms
    except (api.ServerError, aiohttp.ClientError, TimeoutError) as error:
        return judge_refusal(key, error)
    return ok("livekit_key", f"LiveKit takes the key {key}; {len(rooms)} rooms are open")


def judge_refusal(key: str, error: Exception) -> Finding:
    if isinstance(error, api.ServerError) and error.status in _REJECTED:
        remedy = "key and the word in secret_file must stand under keys in LiveKit's configuration; see its clock too."
        return fail("livekit_key", f"LiveKit does not take the key {key} with our secret", remedy)
    remedy = "See LiveKit's log, and whether the proxy in front passes /twirp to it."
    return fail("livekit_key", f"LiveKit could not be asked for its rooms ({type(error).__name__})", remedy)


CHECKS: tuple[CallCheck, ...] = (livekit,)
