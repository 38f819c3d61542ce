"""`eahtari turn-config`: prints coturn's whole configuration, from the municipality's file and the relay's secret.

Leaves what coturn is told to `synapse-config/turnserver.conf`, and the relay's trial to `eahtari doctor`.
"""

import argparse
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

from bot.calls.media.gathering import Network, local_addresses
from bot.calls.turn import Coturn
from bot.cli.doctor_calls import running_config
from bot.cli.running import CommandError
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.secret_files import read_secret_file
from bot.config.settings import CallEngine, Calls, Configuration, Turn
from bot.config.state import StateFolder, StateFolderError

TEMPLATE = Path(__file__).parents[2] / "synapse-config" / "turnserver.conf"
RELAY_PORTS = (49_152, 49_999)

_TLS_LINES = ("tls-listening-port=", "cert=", "pkey=", "no-tlsv1", "no-tlsv1_1", "no-dtls")
_NO_TLS_PORT = 5349
_WITHOUT_TLS = "no-tls\nno-dtls"
_FIRST_FREE_PORT = 1024
"""Below it a port needs a right that Debian's coturn.service does not give (capabilities(7))."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the file does not say; None where the machine is asked."""

    address: str | None
    external_address: str | None
    engine_address: str | None
    certificate: str | None
    private_key: str | None
    folder: str
    relay_ports: tuple[int, int]


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("turn-config", help="print the configuration of coturn, the relay of calls")
    parser.add_argument("--config", type=Path, help="the municipality's file; none: the one that the service runs with")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.add_argument("--address", help="the relay machine's own IPv4 address, where it is another or has several")
    parser.add_argument("--external-address", help="by which the world reaches the relay; none: that of its name")
    parser.add_argument("--engine-address", help="by which the relay reaches the call engine; none: external_address")
    parser.add_argument("--certificate", help="PEM file for tls_port; none: where certbot keeps it")
    parser.add_argument("--private-key", help="PEM file; none: where certbot keeps it")
    parser.add_argument("--folder", default="/var/lib/turn", help="where coturn keeps its database")
    parser.add_argument(
        "--relay-ports", type=_ports, default=RELAY_PORTS, metavar="FIRST-LAST", help="UDP, at the relay"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0, or 2 where it can't be done; nothing is printed to the standard output then."""
    names = ("address", "external_address", "engine_address", "certificate", "private_key", "folder", "relay_ports")
    told = Told(**{name: getattr(args, name) for name in names})
    try:
        configuration = read(args.config or running_config(StateFolder.at(args.state)))
        turn = _turn(configuration.settings.calls)
        place = coturn(configuration, turn, told, _secret(turn.secret_file))
        print(text(place, has_tls=turn.tls_port is not None), end="")
    except (CommandError, ConfigurationError, StateFolderError) as error:
        print(error, file=sys.stderr)
        return 2
    for hint in hints(place, turn):
        print(hint, file=sys.stderr)
    return 0


def _ports(value: str) -> tuple[int, int]:
    first, _, last = value.partition("-")
    if not (first.isascii() and last.isascii() and first.isdigit() and last.isdigit()):
        raise argparse.ArgumentTypeError("write first and last, such as 49152-49999")
    if not _FIRST_FREE_PORT <= int(first) <= int(last) <= 65535:  # noqa: PLR2004 - the last port there is
        raise argparse.ArgumentTypeError("use ports from 1024 to 65535, the lower one first")
    return int(first), int(last)


def _turn(calls: Calls) -> Turn:
    if calls.engine is not CallEngine.OWN:
        raise CommandError("A LiveKit brings its own relay: nothing is to be configured here.")
    if calls.turn is None:
        raise CommandError(
            "The file names no relay. Add [calls.turn] with its address and secret_file (docs/calls.md), "
            "and name the file with --config FILE."
        )
    return calls.turn


def _secret(path: Path) -> str:
    """The word in the file, made at the first call. Raises `ConfigurationError`, `CommandError`."""
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret_file(path)
    except OSError as error:
        raise CommandError(f"The secret_file {path} can't be made: {error.strerror}. Make its folder.") from error
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        if os.geteuid() == 0:  # made by root for the service, which is whoever the folder belongs to
            owner = path.parent.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
    print(f"Made the secret in {path}. Start the service again so that its engine reads it.", file=sys.stderr)
    return read_secret_file(path)


def coturn(configuration: Configuration, turn: Turn, told: Told, secret: str) -> Coturn:
    """What coturn is to be told. Raises `CommandError` for what neither the file nor the machine says."""
    calls = configuration.settings.calls
    address = told.address or _one_address("--address")
    engine = told.engine_address or calls.external_address or _one_address("--engine-address")
    live = f"/etc/letsencrypt/live/{turn.address}"
    place = Coturn(
        realm=configuration.settings.homeserver.server_name,
        secret=secret,
        address=address,
        external_address=told.external_address or _address_of(turn.address),
        engine_address=engine,
        certificate=told.certificate or f"{live}/fullchain.pem",
        private_key=told.private_key or f"{live}/privkey.pem",
        folder=told.folder,
        port=turn.port,
        tls_port=turn.tls_port or _NO_TLS_PORT,
        relay_ports=told.relay_ports,
    )
    _refuse_no_address(place)
    _refuse_meeting(place, calls)
    return place


def _one_address(option: str) -> str:
    found = local_addresses(Network())
    if len(found) != 1:
        raise CommandError(f"This machine has several addresses ({', '.join(found)}): choose one with {option}.")
    return found[0]


def _address_of(host: str) -> str:
    """What the world finds by the name. Debian's /etc/hosts has 127.0.1.1 for the own one, which nobody can use."""
    try:
        found = str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0])
    except (OSError, UnicodeError):
        found = "no IPv4 address"
    if not _is_ipv4(found) or ip_address(found).is_loopback:
        raise CommandError(
            f"Here the name {host} leads to {found}: correct it in DNS, or say by which address the world reaches the "
            "relay with --external-address ADDRESS."
        )
    return found


def _refuse_no_address(place: Coturn) -> None:
    names = {
        "--address": place.address,
        "--external-address": place.external_address,
        "--engine-address": place.engine_address,
    }
    for option, value in names.items():
        if not _is_ipv4(value):
            raise CommandError(f"{value} is not an IPv4 address, by which media goes: name one with {option}.")


def _is_ipv4(value: str) -> bool:
    try:
        return isinstance(ip_address(value), IPv4Address)
    except ValueError:
        return False


def _refuse_meeting(place: Coturn, calls: Calls) -> None:
    (first, last), (low, high) = calls.udp_ports, place.relay_ports
    if place.address in local_addresses(Network()) and first <= high and low <= last:
        raise CommandError(
            f"The relay's UDP ports {low}-{high} meet the engine's {first}-{last}: choose others with --relay-ports."
        )


def text(place: Coturn, *, has_tls: bool) -> str:
    """The file. Raises `CommandError`."""
    template = TEMPLATE.read_text(encoding="utf-8")
    try:
        return place.file(template if has_tls else _without_tls(template))
    except ValueError as error:
        raise CommandError(f"It can't be written: {error}.") from error


def _without_tls(template: str) -> str:
    lines = [line for line in template.splitlines() if not line.startswith(_TLS_LINES)]
    return "\n".join([*lines, _WITHOUT_TLS, ""])


def hints(place: Coturn, turn: Turn) -> list[str]:
    """What the file does not settle by itself, for the operator's eyes."""
    told = [f"Open at the relay: UDP and TCP {place.port}, UDP {place.relay_ports[0]}-{place.relay_ports[1]}."]
    if turn.tls_port is not None:
        told.append(f"Open TCP {place.tls_port} too. coturn's user must be able to read {place.private_key}.")
    if min(place.port, turn.tls_port or place.port) < _FIRST_FREE_PORT:
        told.append("A port below 1024 needs AmbientCapabilities=CAP_NET_BIND_SERVICE in coturn.service.")
    if not ip_address(place.external_address).is_global:
        told.append(f"{place.external_address} is private: the world reaches the relay by another --external-address.")
    return [*told, "The file holds the secret: keep it from others. Then restart coturn, and run eahtari doctor."]
