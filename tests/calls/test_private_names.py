"""What `bot.calls.media` uses of aiortc, aioice and pylibsrtp beyond their public interface, one test for each name.

The versions are pinned exactly. Whoever raises one reads here, in a sentence each, what has to be looked at anew.
"""

import inspect
import tomllib
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from aioice import ice
from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aiortc import RTCDataChannel, RTCIceTransport
from aiortc.rtcdatachannel import RTCDataChannelParameters
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer
from aiortc.rtcsctptransport import RTCSctpTransport
from pylibsrtp import SRTP_MAX_SRTCP_TRAILER_LEN, Policy, Session
from pylibsrtp._binding import ffi, lib

from bot.calls.media.srtp import LARGEST, TRAILER, Srtp
from bot.calls.media.transport import new_certificate

ROOT = Path(__file__).parents[2]
PACKET = bytes.fromhex("806f0001000000010000000a") + b"sound"
REPORT = bytes.fromhex("80c900010000000a")
"""An empty receiver report (RFC 3550, 6.4.2)."""


def takes(function: Callable[..., Any], *expected: str) -> bool:
    """The parameters, `self` left out, begin with these names."""
    names = [name for name in inspect.signature(function).parameters if name != "self"]
    return names[: len(expected)] == list(expected)


@pytest.fixture
async def connection() -> AsyncIterator[ice.Connection]:
    made = ice.Connection(ice_controlling=True, components=1)
    yield made
    await made.close()


@pytest.fixture
async def dtls() -> RTCDtlsTransport:
    return RTCDtlsTransport(RTCIceTransport(RTCIceGatherer(iceServers=[])), [new_certificate()])


def session(direction: int) -> Session:
    return Session(Policy(key=bytes(range(30)), ssrc_type=direction))


def sending() -> Session:
    return session(Policy.SSRC_ANY_OUTBOUND)


def receiving() -> Session:
    return session(Policy.SSRC_ANY_INBOUND)


@pytest.mark.parametrize("name", ["aiortc", "aioice", "pylibsrtp"])
def test_the_version_in_use_is_the_one_that_is_pinned(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = f"{name}=={version(name)}"
    assert pinned in project["project"]["dependencies"], f"pyproject does not pin {name} to the version in use"


# aioice


def test_a_stun_protocol_is_made_for_the_connection_that_receives() -> None:
    assert takes(ice.StunProtocol.__init__, "receiver"), "StunProtocol() no longer takes its connection alone"


def test_a_stun_protocol_gets_every_datagram_first() -> None:
    name = "StunProtocol.datagram_received(data, addr)"
    assert takes(ice.StunProtocol.datagram_received, "data", "addr"), f"{name} is where media is taken out"


async def test_a_stun_protocol_hands_what_is_no_stun_to_its_connection(connection: ice.Connection) -> None:
    taken: list[tuple[bytes, int]] = []
    connection.data_received = lambda data, component: taken.append((data, component))
    protocol = ice.StunProtocol(connection)
    protocol.local_candidate = Candidate("1", 1, "udp", 1, "192.0.2.1", 1, "host")
    protocol.datagram_received(b"\x16\xfe\xfd", ("192.0.2.2", 2))
    assert taken == [(b"\x16\xfe\xfd", 1)], "DTLS no longer reaches the connection by StunProtocol.datagram_received"


async def test_a_stun_protocol_keeps_its_socket_as_transport(connection: ice.Connection) -> None:
    protocol = ice.StunProtocol(connection)
    made = object()
    protocol.connection_made(made)
    assert protocol.transport is made, "StunProtocol.transport is what the fast way sends by"


async def test_a_connection_asks_get_component_candidates_for_its_sockets(connection: ice.Connection) -> None:
    asked: list[dict[str, Any]] = []

    async def candidates(**arguments: Any) -> list[Candidate]:
        asked.append(arguments)
        return []

    connection.get_component_candidates = candidates
    await connection.gather_candidates()
    assert [set(one) for one in asked] == [{"component", "addresses"}], (
        "Connection.get_component_candidates is no longer where sockets are bound"
    )
    assert takes(ice.Connection.get_component_candidates, "component", "addresses", "timeout"), (
        "Connection.get_component_candidates has other parameters than MediaConnection's"
    )


async def test_a_connection_keeps_its_protocols_in_a_list(connection: ice.Connection) -> None:
    assert connection._protocols == [], "Connection._protocols is no list that bound sockets are put into"


async def test_a_connection_keeps_nominated_pairs_by_component(connection: ice.Connection) -> None:
    assert connection._nominated == {}, "Connection._nominated is no mapping of components to pairs"
    assert isinstance(connection._nominated, dict), "Connection._nominated is no mapping of components to pairs"


async def test_closing_a_connection_empties_its_mapping_of_pairs_in_place(connection: ice.Connection) -> None:
    held = connection._nominated
    held[1] = ice.CandidatePair(ice.StunProtocol(connection), Candidate("1", 1, "udp", 1, "192.0.2.1", 1, "host"))
    await connection.close()
    assert held == {}, "The fast way keeps Connection._nominated, which close() must empty and not replace"


async def test_a_pair_tells_its_protocol_and_the_other_address(connection: ice.Connection) -> None:
    protocol = ice.StunProtocol(connection)
    connection._nominated[1] = pair = ice.CandidatePair(
        protocol, Candidate.from_sdp("1 1 udp 1 192.0.2.1 4000 typ host")
    )
    assert pair.protocol is protocol, "CandidatePair.protocol is what the fast way sends by"
    assert isinstance(inspect.getattr_static(pair, "remote_addr"), property), "CandidatePair.remote_addr is gone"
    connection._nominated.clear()


def test_what_a_connection_hears_can_be_given_back_to_it() -> None:
    assert takes(ice.Connection.data_received, "data", "component"), (
        "Connection.data_received(data, component) is how aiortc's own way gets media"
    )


def test_a_candidate_is_written_with_its_address_in_the_fifth_place() -> None:
    candidate = Candidate("1", 1, "udp", 7, "192.0.2.1", 4000, "host")
    assert candidate.to_sdp().split(" ")[4] == "192.0.2.1", "The external address takes the fifth word's place"


def test_foundation_and_priority_of_host_candidates_are_aioices_own() -> None:
    foundation = candidate_foundation("host", "udp", "192.0.2.1")
    assert foundation, "candidate_foundation(type, transport, address) is used for host candidates"
    assert foundation != candidate_foundation("host", "udp", "192.0.2.2"), "Foundations must differ by address"
    assert candidate_priority(1, "host") > candidate_priority(1, "srflx"), "Priorities must put the host first"


# aiortc


async def test_a_gatherer_keeps_the_connection_that_an_ice_transport_takes_over(connection: ice.Connection) -> None:
    gatherer = RTCIceGatherer(iceServers=[])
    assert isinstance(gatherer._connection, ice.Connection), "RTCIceGatherer._connection is no aioice connection"
    gatherer._connection = connection
    transport = RTCIceTransport(gatherer)
    assert transport._connection is connection, "RTCIceTransport no longer takes its gatherer's connection"
    assert gatherer.getLocalParameters().usernameFragment == connection.local_username, (
        "RTCIceGatherer tells other credentials than its connection's"
    )


@pytest.mark.parametrize("role", ["client", "server"])
async def test_the_role_in_dtls_can_be_set_before_the_start(dtls: RTCDtlsTransport, role: str) -> None:
    assert takes(RTCDtlsTransport._set_role, "role"), "RTCDtlsTransport._set_role(role) is how the answer is kept to"
    dtls._set_role(role)
    assert dtls._role == role, "RTCDtlsTransport._set_role no longer settles the role"


async def test_the_keys_of_both_directions_are_none_until_dtls_agreed(dtls: RTCDtlsTransport) -> None:
    assert vars(dtls).get("_rx_srtp", 1) is None, "RTCDtlsTransport._rx_srtp is where the keys of what comes stand"
    assert vars(dtls).get("_tx_srtp", 1) is None, "RTCDtlsTransport._tx_srtp is where the keys of what goes stand"


async def test_what_was_decrypted_goes_through_two_handlers(dtls: RTCDtlsTransport) -> None:
    taken: list[tuple[str, bytes]] = []

    async def rtp(data: bytes, arrival_time_ms: int) -> None:  # noqa: ARG001 - aiortc's signature
        taken.append(("rtp", data))

    async def rtcp(data: bytes) -> None:
        taken.append(("rtcp", data))

    wires = iter([sending().protect(PACKET), sending().protect_rtcp(REPORT)])

    async def received() -> bytes:
        return next(wires)

    dtls._rx_srtp = receiving()
    dtls._RTCDtlsTransport__handshake_done = True
    dtls._handle_rtp_data, dtls._handle_rtcp_data = rtp, rtcp
    dtls.transport._recv = received
    await dtls._recv_next()
    await dtls._recv_next()
    assert taken == [("rtp", PACKET), ("rtcp", REPORT)], (
        "RTCDtlsTransport._handle_rtp_data and _handle_rtcp_data no longer get the packets in clear"
    )


async def test_aiortcs_own_way_encrypts_and_sends_both_kinds(dtls: RTCDtlsTransport) -> None:
    sent: list[bytes] = []

    async def send(data: bytes) -> None:
        sent.append(data)

    dtls._tx_srtp = sending()
    dtls.transport._send = send
    dtls._state = type(dtls._state).CONNECTED
    await dtls._send_rtp(PACKET)
    await dtls._send_rtp(REPORT)
    receiver = receiving()
    assert (receiver.unprotect(sent[0]), receiver.unprotect_rtcp(sent[1])) == (PACKET, REPORT), (
        "RTCDtlsTransport._send_rtp no longer sends RTP and RTCP alike"
    )


async def test_aiortcs_own_way_raises_connection_error_before_it_is_open(dtls: RTCDtlsTransport) -> None:
    with pytest.raises(ConnectionError):
        await dtls._send_rtp(PACKET)


async def test_a_data_channel_can_be_made_before_the_association(dtls: RTCDtlsTransport) -> None:
    association = RTCSctpTransport(dtls)
    channel = RTCDataChannel(association, RTCDataChannelParameters(label="_reliable"))
    assert (channel.label, channel.readyState) == ("_reliable", "connecting"), (
        "RTCDataChannel(association, parameters) no longer opens by itself once the association is up"
    )


async def test_an_association_waits_for_its_side_of_dtls_to_be_known(dtls: RTCDtlsTransport) -> None:
    assert takes(RTCSctpTransport.start, "remoteCaps", "remotePort"), (
        "RTCSctpTransport.start(remoteCaps, remotePort) is called with the port of the description"
    )
    assert RTCSctpTransport(dtls).port == 5000, "The engine's descriptions say sctp-port 5000 (RFC 8841)"


# pylibsrtp


def test_a_session_keeps_the_c_session_behind_a_pointer() -> None:
    held = sending()._srtp
    assert ffi.typeof(held) is ffi.typeof("srtp_t *"), "Session._srtp is no pointer to a session of libsrtp"


@pytest.mark.parametrize("name", ["srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"])
def test_the_four_functions_take_session_buffer_and_length(name: str) -> None:
    kind = ffi.typeof(getattr(lib, name))
    assert [one.cname for one in kind.args] == ["struct srtp_ctx_t_ *", "void *", "int *"], (
        f"{name} of libsrtp takes other arguments"
    )
    assert lib.srtp_err_status_ok == 0, "Success of libsrtp is no longer zero"


def test_the_buffer_has_room_for_the_trailer_of_either_kind() -> None:
    assert TRAILER + 4 >= SRTP_MAX_SRTCP_TRAILER_LEN, "libsrtp may write a longer trailer than the buffer keeps free"
    assert LARGEST - TRAILER > 1500, "The buffer is smaller than a packet of Ethernet"


def test_one_buffer_used_again_gives_what_pylibsrtp_gives() -> None:
    ours, theirs = Srtp(sending()), receiving()
    wire = ours.protected(PACKET)
    assert wire is not None
    assert theirs.unprotect(bytes(wire)) == PACKET, "The fast way's packets can't be read by pylibsrtp"
    report = ours.protected_rtcp(REPORT)
    assert report is not None
    assert theirs.unprotect_rtcp(bytes(report)) == REPORT, "The fast way's RTCP can't be read by pylibsrtp"
    back = Srtp(receiving())
    other = sending()
    assert back.opened(other.protect(PACKET)) == PACKET, "The fast way can't read pylibsrtp's packets"
    assert back.opened_rtcp(other.protect_rtcp(REPORT)) == REPORT, "The fast way can't read pylibsrtp's RTCP"


def test_a_changed_or_repeated_packet_is_not_opened() -> None:
    back = Srtp(receiving())
    wire = sending().protect(PACKET)
    changed = wire[:-1] + bytes([wire[-1] ^ 1])
    assert back.opened(changed) is None, "libsrtp's refusal is no longer told by a status"
    assert back.opened(wire) == PACKET
    assert back.opened(wire) is None, "libsrtp's replay protection is off"


@pytest.mark.parametrize("size", [0, 1, 7, 8, 11, 12, LARGEST - TRAILER, LARGEST, LARGEST + 1, 65535])
def test_no_length_of_rubbish_leaves_the_buffer(size: int) -> None:
    srtp = Srtp(receiving())
    assert srtp.opened(b"\x80" * size) is None
    assert srtp.opened_rtcp(b"\x80\xc8" * (size // 2)) is None


def test_what_has_no_room_for_its_trailer_is_not_sent() -> None:
    srtp = Srtp(sending())
    assert srtp.protected(bytes(LARGEST - TRAILER + 1)) is None
    assert srtp.protected_rtcp(bytes(LARGEST - TRAILER + 1)) is None


def test_every_private_name_in_the_code_is_known_here() -> None:
    used = set()
    for path in (ROOT / "bot" / "calls" / "media").glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        used |= {word for line in lines if "noqa: SLF001" in line for word in _private(line)}
    here = Path(__file__).read_text(encoding="utf-8")
    assert used, "The hooks are no longer marked"
    assert {name for name in used if name not in here} == set(), "A private name has no test"


def _private(line: str) -> list[str]:
    code = line.partition("#")[0]
    words = code.replace("(", " ").replace(")", " ").replace("[", " ").replace(",", " ").split()
    chains = [word.removeprefix("self.").split(".")[1:] for word in words]
    return [part for chain in chains for part in chain if part.startswith("_") and not part.startswith("__")]
