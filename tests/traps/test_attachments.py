"""Files and closed rooms on the real homeserver, read back as a citizen's client does."""

import secrets
from pathlib import Path

import nio
import pytest
from nio.crypto.attachments import decrypt_attachment

from bot.actions.deliveries import Attach, Close
from bot.actions.rooms import RoomKind, RoomPlan
from bot.domain.ids import RoomId
from bot.matrix.http import JSON, V3, MatrixError, call, segment
from bot.matrix.power import creation
from tests.support.homeserver import TrialHomeserver
from tests.support.killing_proxy import KillingProxy, Moment
from tests.support.processes import until
from tests.traps.citizen import Citizen
from tests.traps.opening import post_room_on
from tests.traps.post import PostRoom, running

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

NAME = "aika-äö 1.ics"
MEDIA_TYPE = "text/calendar"


async def _deliver(post: PostRoom) -> None:
    async with running(post.pump().run()):
        await until(lambda: post.waiting() == 0)


async def _attach(post: PostRoom, room: str, data: bytes) -> None:
    post._put(post.room(room), Attach(NAME, MEDIA_TYPE, data), f"{room}:file")
    await _deliver(post)


async def _events(citizen: Citizen, room: str) -> list[JSON]:
    page = await call(citizen.client, "GET", f"{V3}/rooms/{segment(room)}/messages?dir=b&limit=20")
    return [e for e in page["chunk"] if e["sender"] != citizen.user_id and e["type"].startswith("m.room.")]


async def _downloaded(citizen: Citizen, address: str) -> tuple[bytes, str, str]:
    """Octets, media type and file name as the media repository gives them."""
    answer = await citizen.client.download(address)
    assert isinstance(answer, nio.MemoryDownloadResponse), answer
    return answer.body, answer.content_type, answer.filename or ""


async def test_a_file_in_a_plain_room_is_what_was_attached(post: PostRoom, citizen: Citizen) -> None:
    room, data = await citizen.room_with(post.client, encrypted=False), secrets.token_bytes(5_000)
    await _attach(post, room, data)
    (event,) = [e for e in await _events(citizen, room) if e["type"] == "m.room.message"]
    content = event["content"]
    assert (content["msgtype"], content["filename"], content["body"]) == ("m.file", NAME, NAME)
    assert content["info"] == {"mimetype": MEDIA_TYPE, "size": len(data)}
    assert await _downloaded(citizen, content["url"]) == (data, MEDIA_TYPE, NAME)


async def test_a_file_in_an_encrypted_room_is_unreadable_to_the_homeserver(post: PostRoom, citizen: Citizen) -> None:
    room, data = await citizen.room_with(post.client), secrets.token_bytes(5_000)
    await _attach(post, room, data)
    await citizen.look()
    answer = await citizen.client.room_messages(RoomId(room), limit=20)
    assert isinstance(answer, nio.RoomMessagesResponse), answer
    (event,) = [e for e in answer.chunk if isinstance(e, nio.RoomEncryptedFile)]
    content = event.source["content"]
    assert (content["filename"], content["info"]) == (NAME, {"mimetype": MEDIA_TYPE, "size": len(data)})
    assert "url" not in content
    stored, media_type, name = await _downloaded(citizen, content["file"]["url"])
    assert (stored == data, media_type, name) == (False, "application/octet-stream", "")
    keys = content["file"]
    assert decrypt_attachment(stored, keys["key"]["k"], keys["hashes"]["sha256"], keys["iv"]) == data


async def test_what_was_attached_is_forgotten_once_it_was_sent(post: PostRoom, citizen: Citizen) -> None:
    room = await citizen.room_with(post.client, encrypted=False)
    await _attach(post, room, b"BEGIN:VCALENDAR")
    kept = post.store.transact_now(lambda tx: list(tx.outbox._db.execute("SELECT state, payload FROM outbox")))
    assert kept == [("sent", None)]


async def _closed_room(post: PostRoom, citizen: Citizen, *, encrypted: bool) -> str:
    plan = RoomPlan(RoomKind.APPOINTMENT, "1", "Nimi", "Aihe", encrypted=encrypted, invitees=())
    body = creation(plan, f"huone-{secrets.token_hex(8)}")
    room = str((await call(post.client, "POST", f"{V3}/createRoom", body))["room_id"])
    await call(post.client, "POST", f"{V3}/rooms/{segment(room)}/invite", {"user_id": citizen.user_id})
    await call(citizen.client, "POST", f"{V3}/rooms/{segment(room)}/join", {})
    await citizen.look()
    return room


@pytest.mark.parametrize("encrypted", [False, True])
async def test_in_a_closed_room_nobody_writes_but_the_service(
    post: PostRoom, citizen: Citizen, *, encrypted: bool
) -> None:
    room = await _closed_room(post, citizen, encrypted=encrypted)
    await (citizen.whisper(room, "ennen") if encrypted else citizen.send(room, {"msgtype": "m.text", "body": "ennen"}))
    lane = post.room(room)
    for attempt in ("first", "again"):
        post._put(lane, Close(), f"{room}:{attempt}")
    post.say(lane, "suljettu", f"{room}:closed")
    await _deliver(post)
    for kind in ("m.room.message", "m.room.encrypted", "m.reaction", "org.matrix.msc3401.call.member"):
        with pytest.raises(MatrixError, match="M_FORBIDDEN"):
            await citizen.send(room, {"msgtype": "m.text", "body": "jälkeen"}, kind)
    assert post.waiting() == 0
    levels = await call(post.client, "GET", f"{V3}/rooms/{segment(room)}/state/m.room.power_levels/")
    assert (levels["events_default"], levels["invite"], levels["events"]["m.room.name"]) == (50, 100, 100)


CUTS = 2
"""aiohttp tries some requests a second time by itself."""


@pytest.mark.parametrize("lost", ["/upload", "/send/"])
async def test_a_file_whose_answer_was_lost_stands_in_the_room_once(
    homeserver: TrialHomeserver, citizen: Citizen, tmp_path: Path, lost: str
) -> None:
    async with (
        KillingProxy(homeserver.url) as proxy,
        post_room_on(homeserver, tmp_path / "behind", proxy.url) as behind,
    ):
        room, data = await citizen.room_with(behind.client, encrypted=False), secrets.token_bytes(500)
        for _ in range(CUTS):
            proxy.arm("POST" if lost == "/upload" else "PUT", lost, Moment.AFTER, lambda: None)
        behind._put(behind.room(room), Attach(NAME, MEDIA_TYPE, data), f"{room}:file")
        async with running(behind.pump().run()):
            await until(lambda: behind.waiting() == 0, within=40)
    (event,) = [e for e in await _events(citizen, room) if e["type"] == "m.room.message"]
    assert await _downloaded(citizen, event["content"]["url"]) == (data, MEDIA_TYPE, NAME)
