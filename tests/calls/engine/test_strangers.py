"""Who has no right to come in, and what nobody has any business to send."""

import asyncio
import json
import random
import socket
import time
from datetime import timedelta

import aiohttp
import jwt
import pytest
from livekit import api
from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from tests.calls.engine.client import Client, client
from tests.calls.engine.conftest import Enter
from tests.support.call_engine import RunningEngine

SEED = 20261124


def token(key: str, secret: str, *, ttl: timedelta = timedelta(minutes=10), **grants: object) -> str:
    video = api.VideoGrants(**{"room_join": True, "room": "huone", **grants})
    made = api.AccessToken(key, secret).with_identity("stranger").with_grants(video).with_ttl(ttl)
    return str(made.to_jwt())


async def status(running: RunningEngine, text: str) -> int:
    async with aiohttp.ClientSession() as http:
        try:
            await http.ws_connect(f"{running.url}/rtc", params={"access_token": text})
        except aiohttp.WSServerHandshakeError as error:
            return error.status
    return 101


async def test_nobody_comes_in_without_a_good_token(running: RunningEngine) -> None:
    good = running.token("huone", "a")
    head, body, signature = good.split(".")
    bad = {
        "none": "",
        "no token at all": "abc",
        "forged": token(running.key, "another-secret-of-at-least-32-characters"),
        "foreign": token("another", running.secret),
        "expired": token(running.key, running.secret, ttl=timedelta(seconds=-60)),
        "altered": f"{head}.{body[:-4]}AAAA.{signature}",
        "unsigned": f"{head}.{body}.",
        "without a room": jwt.encode(
            {"iss": running.key, "sub": "stranger", "exp": time.time() + 60, "video": {"roomJoin": True}},
            running.secret,
            "HS256",
        ),
        "without the right to join": token(running.key, running.secret, room_join=False),
        "endless": "a" * 20_000,
    }
    answers = {name: await status(running, text) for name, text in bad.items()}
    assert set(answers.values()) <= {400, 401}, answers
    assert await status(running, good) == 101


async def test_a_removed_persons_token_is_worthless(running: RunningEngine, enter: Enter) -> None:
    from bot.calls.client import EngineClient  # noqa: PLC0415 - of this test only

    old = running.token("huone", "b")
    two = await enter("b", sound=False)
    async with EngineClient(running.socket) as orders:
        await orders.remove("huone", "b")
    await two.until(lambda: two.left is not None)
    assert await status(running, old) == 403


async def test_tokens_stand_in_no_log(running: RunningEngine, enter: Enter) -> None:
    await enter("a")
    await status(running, "abc")
    text = running.log
    assert "eyJ" not in text
    assert "access_token" not in text
    assert "huone" not in text


@pytest.mark.parametrize("kind", ["bytes", "messages", "descriptions", "datagrams"])
async def test_rubbish_harms_nobody(running: RunningEngine, enter: Enter, kind: str) -> None:
    one, two = await enter("a"), await enter("b")
    await one.until(lambda: len(one.packets) == 2)
    rubbish = random.Random(SEED)  # noqa: S311 - a seeded fuzzer
    async with client(running.url, running.token("huone", "rubbish")) as enemy:
        await enemy.enter()
        await FUZZERS[kind](enemy, rubbish, running)
        for who in (one, two):
            before = sum(who.packets.values())
            await who.until(lambda who=who, before=before: sum(who.packets.values()) > before + 50, within=5)  # type: ignore[misc]  # the loop's
    assert running.process.pid is not None
    assert "Traceback" not in running.log


async def _bytes(enemy: Client, rubbish: random.Random, _: RunningEngine) -> None:
    for _number in range(2000):
        await enemy.send_raw(rubbish.randbytes(rubbish.randrange(0, 300)))


async def _messages(enemy: Client, rubbish: random.Random, _: RunningEngine) -> None:
    """Well-formed protobufs with nonsense in them, and true ones with bytes changed."""
    whole = pr.SignalRequest(
        track_setting=pr.UpdateTrackSettings(track_sids=["TR_x"] * 50, width=2**31, quality=pm.VideoQuality.HIGH)
    ).SerializeToString()
    for _number in range(2000):
        data = bytearray(whole)
        for _change in range(rubbish.randrange(1, 6)):
            data[rubbish.randrange(len(data))] = rubbish.randrange(256)
        await enemy.send_raw(bytes(data))
    for sid in ("", "TR_x", "x" * 5000):
        await enemy.send(mute=pr.MuteTrackRequest(sid=sid, muted=True))
        await enemy.send(trickle=pr.TrickleRequest(candidateInit=json.dumps({"candidate": sid})))
        await enemy.send(answer=pr.SessionDescription(type="answer", sdp=sid))


async def _descriptions(enemy: Client, rubbish: random.Random, _: RunningEngine) -> None:
    from bot.calls.sdp import writing  # noqa: PLC0415 - of this fuzzer only
    from bot.calls.sdp.values import Keys  # noqa: PLC0415 - as above

    keys = Keys("abcd", "abcdefghijklmnopqrstuv", (("sha-256", "AB:" * 31 + "AB"),))
    sections = [writing.Sent(str(n), "video", "s", f"t{n}", n) for n in range(1, 8)]
    text = writing.offer(writing.Local(keys, ("1 1 udp 1 127.0.0.1 9 typ host",), 1), 1, sections)
    for number in range(400):
        changed = bytearray(text.encode())
        for _change in range(rubbish.randrange(1, 40)):
            changed[rubbish.randrange(len(changed))] = rubbish.randrange(32, 127)
        offer = pr.SessionDescription(type="offer", sdp=changed.decode(), id=number)
        await enemy.send(add_track=pr.AddTrackRequest(cid=f"t{number}", type=pm.TrackType.VIDEO))
        await enemy.send(offer=offer)


async def _datagrams(_enemy: Client, rubbish: random.Random, running: RunningEngine) -> None:
    """Straight to every UDP port that the engine listens on: STUN, DTLS, RTP and RTCP in form, nonsense in content."""
    import psutil  # noqa: PLC0415 - of this fuzzer only

    ports = [one.laddr for one in psutil.Process(running.pid).net_connections("udp4")]
    assert ports
    heads = [b"\x00\x01\x00\x00\x21\x12\xa4\x42", b"\x16\xfe\xfd", b"\x80\x60", b"\x80\xc8", b"\x90\xef", b"\x81\xc9"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(20_000):
            where = rubbish.choice(ports)
            sender.sendto(rubbish.choice(heads) + rubbish.randbytes(rubbish.randrange(0, 200)), (where.ip, where.port))
            if number % 200 == 0:
                await asyncio.sleep(0.01)


FUZZERS = {"bytes": _bytes, "messages": _messages, "descriptions": _descriptions, "datagrams": _datagrams}
