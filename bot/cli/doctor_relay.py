"""The checks of the relay (TURN): its ways, whether it takes our credentials, and whether it reaches the engine."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from bot.calls.media.gathering import Network, local_addresses
from bot.calls.media.relay_probe import Passage, Tried, passages, tried
from bot.calls.media.relay_talk import Fault, Way
from bot.calls.turn import Relay
from bot.cli.doctor_calls import CallCheck, CallPlace, judge_firewall
from bot.cli.findings import Finding, fail, ok, warn
from bot.config.problems import ConfigurationError
from bot.config.secret_files import read_secret_file
from bot.config.settings import CallEngine, Turn

CERTIFICATE_ENDS = timedelta(days=10)
"""Renewals that work come earlier."""
IDENTITY = "eahtari doctor"

_PRINT = "eahtari turn-config prints coturn's configuration"


async def relay(place: CallPlace) -> list[Finding]:
    """Every way that clients are told of, tried as they would; then a datagram through the relay to the engine."""
    turn, is_own = place.calls.turn, place.calls.engine is CallEngine.OWN
    if turn is None or not is_own:
        return [*_none(place), *_firewall(place)]
    try:
        known = Relay(turn.address, read_secret_file(turn.secret_file), turn.port, turn.tls_port)
    except ConfigurationError as error:
        unread = fail("relay_secret", " ".join(str(error).split()), "Then start again: the call engine needs it.")
        return [unread, *_firewall(place)]
    server = known.server_for(IDENTITY, time.time())
    results = await asyncio.gather(*(tried(way, turn.address, port, server) for way, port in ways(turn)))
    working = next(((one.way, port) for one, (_, port) in zip(results, ways(turn), strict=True) if not one.fault), None)
    found = [finding for one in results for finding in judge_way(one, turn, datetime.now(UTC))]
    if working is None:
        return [*found, *_firewall(place)]
    way, port = working
    through = await passages(way, (turn.address, port), server, place.network)
    return [*found, judge_passages(through), *_firewall(place, through)]


def ways(turn: Turn) -> list[tuple[Way, int]]:
    """What clients are told, each with its port."""
    plain = [(Way.UDP, turn.port), (Way.TCP, turn.port)]
    return plain if turn.tls_port is None else [*plain, (Way.TLS, turn.tls_port)]


def _none(place: CallPlace) -> Iterator[Finding]:
    if place.calls.turn is not None:
        yield warn("relay", "[calls.turn] is not used: a LiveKit tells its clients of relays itself", "Remove it.")
    elif place.calls.engine is CallEngine.OWN:
        yield ok("relay", "no relay: people whose network lets no UDP out can't take part ([calls.turn])")


def _firewall(place: CallPlace, through: Sequence[Passage] = ()) -> Iterator[Finding]:
    """A datagram from this very machine has met no firewall."""
    if place.calls.engine is CallEngine.OWN:
        own = {*local_addresses(Network()), place.calls.external_address}
        source = next((one.source for one in through if one.source), "")
        is_elsewhere = bool(source) and source not in own and not ip_address(source).is_loopback
        through_from = source if is_elsewhere else ""
        yield from judge_firewall(*place.calls.udp_ports, is_public=place.is_public, through=through_from)


def judge_way(one: Tried, turn: Turn, now: datetime) -> Iterator[Finding]:
    id, port = f"relay_{one.way.lower()}", dict(ways(turn))[one.way]
    where = f"the relay at {turn.address}:{port} by {one.way}"
    if one.fault is not None:
        yield fail(id, f"{where}: {_fault(one)}", _remedy(one, turn, port))
    elif one.certificate_until is not None and one.certificate_until < now + CERTIFICATE_ENDS:
        found = f"{where} works; its certificate ends on {one.certificate_until:%Y-%m-%d}"
        yield warn(id, found, "Renew it, and restart coturn so that it reads the new one.")
    else:
        yield ok(id, f"{where} takes the service's credentials; it relays from {one.relayed}")


def _fault(one: Tried) -> str:
    told = {
        Fault.UNKNOWN_HOST: "this name has no address",
        Fault.UNREACHABLE: f"not reached ({one.detail})",
        Fault.CERTIFICATE: f"no TLS that a browser would take ({one.detail})",
        Fault.NO_RELAY: "what answers is no relay",
        Fault.CREDENTIALS: "it does not take the service's credentials",
        Fault.OPEN: "it asks for no credentials, so that anybody can use it",
        Fault.REFUSED: f"it lends no address ({one.detail})",
    }
    return told[one.fault or Fault.REFUSED]


def _remedy(one: Tried, turn: Turn, port: int) -> str:
    kind = "UDP" if one.way is Way.UDP else "TCP"
    told = {
        Fault.UNKNOWN_HOST: "Correct address in [calls.turn], or the name in DNS.",
        Fault.UNREACHABLE: f"Does coturn run, and is {kind} {port} open in its firewall? {_PRINT}.",
        Fault.CERTIFICATE: f"coturn needs a certificate for {turn.address} that its user can read; its log says more.",
        Fault.NO_RELAY: f"Correct port and tls_port in [calls.turn]; {_PRINT}.",
        Fault.CREDENTIALS: "static-auth-secret must be the word in secret_file, and both clocks must be right. "
        f"{_PRINT}.",
        Fault.OPEN: f"Take no-auth out of coturn's configuration; {_PRINT}.",
        Fault.REFUSED: "coturn's log says why: its quotas, or no free port between min-port and max-port.",
    }
    return told[one.fault or Fault.REFUSED]


def judge_passages(found: Sequence[Passage]) -> Finding:
    """`found` is in the order of trying; the last one came, where any did."""
    if not found:
        remedy = "Free a port of udp_ports, and see coturn's quotas; then look again."
        return warn("relay_engine", "whether the relay reaches the engine could not be tried", remedy)
    last = found[-1]
    if last.source:
        return ok("relay_engine", f"what the relay sends to {last.address} comes in at UDP {last.port}")
    told = ", ".join(one.address for one in found)
    if not any(one.is_allowed for one in found):
        remedy = f"allowed-peer-ip in coturn's configuration must be the engine's address; {_PRINT}."
        return fail("relay_engine", f"the relay refuses to send to the engine ({told})", remedy)
    remedy = (
        "Open udp_ports for the relay. A relay behind the same router as the engine also needs that the router "
        "sends the external address back in; otherwise put the relay elsewhere."
    )
    return fail("relay_engine", f"what the relay sends to the engine ({told}) does not come in", remedy)


CHECKS: tuple[CallCheck, ...] = (relay,)
