"""What the relay does to signalling: candidates lead over the bad line, everything else passes."""

import json

import pytest
from livekit.protocol import rtc

from tests.support.signalling_relay import Session, address_of, first_address, moved, with_one_candidate
from tests.support.udp_relay import LOOPBACK, UdpRelay

HOST = "candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host generation 0"
NAME = "candidate:1 1 udp 2130706431 0b1c.local 5000 typ host"
SIX = "candidate:2 1 udp 2130706431 2001:db8::1 5000 typ host"
TCP = "candidate:3 1 tcp 1518214911 192.0.2.7 9 typ host tcptype active"
RELAY = (LOOPBACK, 4000)


def test_a_candidate_is_moved_whatever_its_address_was() -> None:
    assert moved(HOST, RELAY) == "candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host"
    assert moved(NAME, RELAY) == "candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host"


@pytest.mark.parametrize("candidate", [SIX, TCP, "", "nonsense"])
def test_what_is_not_udp_over_ipv4_has_no_way_past_the_relay(candidate: str) -> None:
    assert moved(candidate, RELAY) is None
    assert address_of(candidate) is None


def test_a_description_keeps_one_candidate_in_each_section_that_had_any() -> None:
    lines = ["v=0", "m=audio 9", f"a={HOST}", f"a={SIX}", f"a={TCP}", f"a={HOST}", "m=video 9", "a=mid:1"]
    sdp = "\r\n".join(lines) + "\r\n"
    assert first_address(sdp) == ("192.0.2.7", 5000)
    moved_line = "a=candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host"
    assert with_one_candidate(sdp, RELAY).splitlines() == ["v=0", "m=audio 9", moved_line, "m=video 9", "a=mid:1"]


def offer(ufrag: str) -> bytes:
    description = rtc.SessionDescription(type="offer", sdp=f"v=0\r\na=ice-ufrag:{ufrag}\r\nm=audio 9\r\na={HOST}\r\n")
    return rtc.SignalRequest(offer=description).SerializeToString()


def trickle(candidate: str, *, final: bool = False) -> bytes:
    init = json.dumps({"candidate": candidate, "sdpMid": "0"})
    message = rtc.TrickleRequest(candidateInit=init, target=rtc.SignalTarget.PUBLISHER, final=final)
    return rtc.SignalResponse(trickle=message).SerializeToString()


async def port_offered(session: Session, ufrag: str) -> int:
    message = rtc.SignalRequest()
    message.ParseFromString(await session.to_server(offer(ufrag)) or b"")
    address = first_address(message.offer.sdp)
    assert address is not None
    return address[1]


async def test_an_offer_again_keeps_its_path_and_an_ice_restart_gets_another() -> None:
    async with UdpRelay() as relay:
        session = Session(relay)
        first = await port_offered(session, "one")
        assert await port_offered(session, "one") == first
        assert await port_offered(session, "two") != first


async def test_a_server_trickles_one_candidate_and_the_end_of_them() -> None:
    async with UdpRelay() as relay:
        session = Session(relay)
        passed = [await session.to_client(trickle(one)) for one in (SIX, HOST, TCP, HOST)]
        assert [one is not None for one in passed] == [False, True, False, False]
        last = rtc.SignalResponse()
        last.ParseFromString(await session.to_client(trickle(TCP, final=True)) or b"")
        address = address_of(json.loads(last.trickle.candidateInit)["candidate"])
        assert address is not None
        assert address[0] == LOOPBACK


async def test_other_messages_pass_as_they_are() -> None:
    async with UdpRelay() as relay:
        raw = rtc.SignalRequest(ping=7).SerializeToString()
        assert await Session(relay).to_server(raw) is raw


async def test_a_client_learns_of_no_ice_server_that_leads_past_the_relay() -> None:
    servers = [rtc.ICEServer(urls=["stun:stun.example.org"])]
    raw = rtc.SignalResponse(join=rtc.JoinResponse(ice_servers=servers)).SerializeToString()
    async with UdpRelay() as relay:
        message = rtc.SignalResponse()
        message.ParseFromString(await Session(relay).to_client(raw) or b"")
    assert not message.join.ice_servers
