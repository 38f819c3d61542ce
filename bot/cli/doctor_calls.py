"""The checks of the calls: what the page needs, and the own engine with its ports and addresses.

They look from the inside: what only somebody outside can see, such as a firewall, is said to be unseen. The relay and
a LiveKit have checks of their own (`bot.cli.doctor_relay`, `bot.cli.doctor_livekit`).
"""

import errno
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import aiohttp
import psutil

from bot.call_parts import ENGINE_AFTER
from bot.calls.client import EngineClient
from bot.calls.media.gathering import Network, local_addresses
from bot.calls.orders import Status, Trouble
from bot.cli.findings import Finding, fail, ok, warn
from bot.cli.running import HOST, Running
from bot.cli.up import EXAMPLE
from bot.config.settings import SIGNALLING_PATH, CallEngine, Calls, Configuration
from bot.config.state import StateFolder
from bot.supervision.health import answers_ok
from bot.web.join_files import NOT_BUILT, built

PATIENCE = 3.0
"""Seconds for the engine's answer."""
PORTS_EACH = 2
"""UDP ports of one participant: what goes up, and what comes down."""
FEW_PEOPLE = 50
MOST_TAKEN = 0.1
"""Share of the range that other programs may have before somebody should look."""

_HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_RESERVED = Path("/proc/sys/net/ipv4/ip_local_reserved_ports")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_RESTART = "Stop eahtari up and start it again."


@dataclass(frozen=True, slots=True)
class CallPlace:
    """What the calls are judged by; `running` is None where nothing runs."""

    state: StateFolder
    running: Running | None
    configuration: Configuration

    @property
    def calls(self) -> Calls:
        return self.configuration.settings.calls

    @property
    def network(self) -> Network:
        """The own engine's."""
        return Network(ports=self.calls.udp_ports, external_address=self.calls.external_address)

    @property
    def is_public(self) -> bool:
        """Whether people elsewhere are to reach it; a trial serves its own machine."""
        address = self.configuration.settings.web.public_url
        return address is not None and urlsplit(address).hostname not in _LOOPBACK


def running_config(state: StateFolder) -> Path:
    """The file that the running service was started with, where that is told; else the example's."""
    told = (state.read_run() or {}).get("config")
    return Path(told) if isinstance(told, str) else EXAMPLE


CallCheck: TypeAlias = Callable[[CallPlace], Awaitable[list[Finding]]]


# What both engines need


async def page(place: CallPlace) -> list[Finding]:
    """The join page, and an address on which a browser opens a camera."""
    return [judge_page(is_built=built() is not None), judge_web(place.configuration.settings.web.public_url)]


def judge_page(*, is_built: bool) -> Finding:
    if is_built:
        return ok("join_page", "the page of links into meetings is built")
    what, _, remedy = NOT_BUILT.partition(". ")
    return fail("join_page", what, f"{remedy}, then start again: the service reads it at its start.")


def judge_web(public_url: str | None) -> Finding:
    """Secure contexts (W3C): https, and http on this very machine."""
    if public_url is None:
        return ok("call_web", "no public_url: browsers open cameras on this machine only, as a trial should")
    parts = urlsplit(public_url)
    if parts.scheme == "https" or parts.hostname in _LOOPBACK:
        return ok("call_web", f"browsers open cameras on pages of {public_url}")
    remedy = "Put a proxy with a certificate in front, and write public_url with https."
    return fail("call_web", f"browsers open neither camera nor microphone on {public_url}", remedy)


# The own engine


async def engine(place: CallPlace) -> list[Finding]:
    """Whether the running engine answers the service's orders, and clients' signalling, directly and by the edge."""
    if place.calls.engine is not CallEngine.OWN or place.running is None:
        return []
    async with EngineClient(place.state.root / "calls" / "engine.sock", patience=PATIENCE) as client:
        told = judge_engine(await client.status(), datetime.now(UTC))
    return [told, await _signalling(place.running)]


async def _signalling(running: Running) -> Finding:
    """The engine refuses who shows no token (401); the edge answers 502 for an engine that it can't reach."""
    port = running.port + ENGINE_AFTER
    if not await answers_ok(f"http://{HOST}:{port}/healthz"):
        return fail("call_signalling", f"nobody takes calls on port {port}", f"{_RESTART} See log/calls.log.")
    timeout, url = aiohttp.ClientTimeout(total=PATIENCE), f"{running.edge}{SIGNALLING_PATH}/rtc/validate"
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            passes = answer.status == 401  # noqa: PLR2004 -- HTTP's own number
    except (aiohttp.ClientError, TimeoutError):
        passes = False
    if not passes:
        what = f"calls are taken on port {port}, and the web edge does not pass them on"
        return fail("call_signalling", what, f"{_RESTART} See log/service.log.")
    return ok("call_signalling", f"calls are taken on port {port}, and through the web edge")


def judge_engine(status: Status | Trouble, now: datetime) -> Finding:
    if isinstance(status, Trouble):
        what = "does not answer on its socket" if status is Trouble.UNREACHABLE else f"answers with a fault ({status})"
        return fail("call_engine", f"the call engine {what}", f"{_RESTART} See log/calls.log.")
    age = max(now.timestamp() - status.started_at, 1.0)
    return ok(
        "call_engine",
        f"the call engine answers: {status.rooms} conferences, {status.participants} participants, "
        f"{status.cpu_s:.0f} s of processor time in {age:.0f} s ({status.cpu_s / age:.1%} of a core), "
        f"{status.rss_mb:.0f} MB",
    )


async def ports(place: CallPlace) -> list[Finding]:
    """The UDP range: can it be bound, is it large enough, does the system hand it out to others."""
    if place.calls.engine is not CallEngine.OWN:
        return []
    first, last = place.calls.udp_ports
    own = _bound_by_us(place.state)
    taken = [port for port in range(first, last + 1) if port not in own and not _is_free(port)]
    overlap = _handed_out(first, last)
    return [judge_ports(first, last, len(taken)), *([judge_overlap(first, last, *overlap)] if overlap else [])]


def judge_ports(first: int, last: int, taken: int) -> Finding:
    usable, name = last - first + 1 - taken, f"UDP {first}-{last}"
    people = usable // PORTS_EACH
    found = f"{name}: {usable} ports can be bound, enough for {people} people at a time"
    others = f"{name}: {taken} ports are taken by other programs, which leaves enough for {people} people at a time"
    if not people:
        return fail("call_ports", others, "Stop what uses them, or name another range as udp_ports.")
    if taken > MOST_TAKEN * (last - first + 1):
        return warn("call_ports", others, "See who uses them (ss -ulnp), or name another range as udp_ports.")
    if people < FEW_PEOPLE:
        return warn("call_ports", found, "Widen udp_ports: whoever comes when they are used up gets no connection.")
    return ok("call_ports", found)


def judge_overlap(first: int, last: int, low: int, high: int) -> Finding:
    return warn(
        "call_ports",
        f"UDP {first}-{last} overlaps {low}-{high}, which the system hands out to any program",
        f"Choose a range below {low}, or keep it free: sysctl net.ipv4.ip_local_reserved_ports={first}-{last}",
    )


def _is_free(port: int) -> bool:
    """On every address that the engine binds."""
    for address in local_addresses(Network()):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            try:
                datagrams.bind((address, port))
            except OSError as error:
                if error.errno != errno.EADDRNOTAVAIL:
                    return False
    return True


def _bound_by_us(state: StateFolder) -> set[int]:
    """Ports of the calls that are held just now: those of `eahtari up` and everything that it started."""
    pid = (state.read_run() or {}).get("pid")
    if not isinstance(pid, int):
        return set()
    try:
        up = psutil.Process(pid)
        family = [up, *up.children(recursive=True)]
        return {one.laddr.port for process in family for one in process.net_connections(kind="udp4") if one.laddr}
    except psutil.Error:
        return set()


def _handed_out(first: int, last: int) -> tuple[int, int] | None:
    """ip(7): the range of outgoing connections where it meets ours and ours is not kept free of them."""
    try:
        low, high = map(int, _HANDED_OUT.read_text(encoding="ascii").split())
        reserved = _RESERVED.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    kept = {port for part in reserved.split(",") if part for port in _numbers(part)}
    meeting = set(range(max(low, first), min(high, last) + 1))
    return (low, high) if meeting - kept else None


def _numbers(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


async def address(place: CallPlace) -> list[Finding]:
    """Which address clients are told for sound and picture."""
    if place.calls.engine is not CallEngine.OWN:
        return []
    external = place.calls.external_address
    if external is not None:
        return [judge_external(ip_address(external))]
    return [judge_own([ip_address(one) for one in local_addresses(Network())], is_public=place.is_public)]


def judge_external(told: IPv4Address | IPv6Address) -> Finding:
    remedy = "Name the address that the Internet sees as external_address, or leave it out in a network of your own."
    if isinstance(told, IPv6Address):
        return fail("call_address", f"external_address {told} is IPv6, and media goes by IPv4", remedy)
    if told.is_loopback or told.is_multicast or told.is_unspecified or told.is_reserved:
        return fail("call_address", f"nobody elsewhere can send to the external_address {told}", remedy)
    if not told.is_global:
        found = f"external_address {told} is private: only people in the same network reach it"
        return warn("call_address", found, remedy)
    return ok("call_address", f"clients send sound and picture to {told}; that it is yours can't be seen from here")


def judge_own(addresses: list[IPv4Address | IPv6Address], *, is_public: bool) -> Finding:
    told = ", ".join(map(str, addresses))
    if not is_public or any(one.is_global for one in addresses):
        return ok("call_address", f"clients send sound and picture to {told}")
    remedy = "Name the address that the Internet sees as external_address."
    return warn("call_address", f"this machine has private addresses only ({told}), and clients are told these", remedy)


def judge_firewall(first: int, last: int, *, is_public: bool, through: str = "") -> Iterator[Finding]:
    """`through`: another machine's address, from which a datagram has just come in."""
    name = f"UDP {first}-{last}"
    if through:
        yield ok("call_firewall", f"{name}: a datagram from {through} came in; whether everybody's do is not seen here")
    elif not is_public:
        yield ok("call_firewall", f"{name}: whether a firewall lets other machines in can't be seen from here")
    else:
        remedy = "Open the range in every firewall on the way, and try a call from another network, such as a phone's."
        yield warn("call_firewall", f"{name} must be open to everybody: from here that can't be seen", remedy)


CHECKS: tuple[CallCheck, ...] = (page, engine, ports, address)
