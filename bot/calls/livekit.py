"""`Orders` to a LiveKit server of the operator's own, by its RoomService, and evidence out of its webhooks.

For installations that have outgrown one machine. What LiveKit can't do is in `CAPABILITIES`; all of it was tried
against livekit-server 1.13.5. LiveKit knows no evidence, so what its webhooks tell is numbered by a `Journal` here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from livekit import api
from livekit.protocol import models, webhook

from bot.calls.conference.values import PolicyChange, Present, Source
from bot.calls.evidence import Evidence, EvidenceDraft, Facts, Kind, LeaveReason
from bot.calls.journal import Journal, JournalError
from bot.calls.orders import Capabilities, Status, Trouble

CAPABILITIES = Capabilities(
    lock=False,
    loudest=False,
    last_n=False,
    changes_limit=False,
    voids_tokens=False,
    lasting_mute=False,
    media_evidence=False,
    figures=False,
)
EMPTY_LIFE = 3600
"""Seconds that a room that was opened waits for its first participant: longer than any token lives."""
PATIENCE = 5.0
"""Seconds for one order."""

_SOURCES = {
    models.TrackSource.MICROPHONE: Source.MICROPHONE,
    models.TrackSource.CAMERA: Source.CAMERA,
    models.TrackSource.SCREEN_SHARE: Source.SCREEN_SHARE,
    models.TrackSource.SCREEN_SHARE_AUDIO: Source.SCREEN_SHARE_AUDIO,
}
_REASONS = {
    models.DisconnectReason.CLIENT_INITIATED: LeaveReason.LEFT,
    models.DisconnectReason.DUPLICATE_IDENTITY: LeaveReason.REPLACED,
    models.DisconnectReason.PARTICIPANT_REMOVED: LeaveReason.REMOVED,
    models.DisconnectReason.ROOM_DELETED: LeaveReason.ROOM_CLOSED,
    models.DisconnectReason.ROOM_CLOSED: LeaveReason.ROOM_CLOSED,
    models.DisconnectReason.SERVER_SHUTDOWN: LeaveReason.ENGINE_STOPPED,
}
_PUBLISHES = {Source.MICROPHONE: "audio", Source.CAMERA: "video", Source.SCREEN_SHARE: "screen"}


class LiveKitOrders:
    """`url` is the server's http(s) or ws(s) address. An async context manager."""

    def __init__(self, url: str, key: str, secret: str, journal: Journal) -> None:
        self._url, self._key, self._secret = url, key, secret
        self._journal = journal
        self._api: api.LiveKitAPI | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        self._api = api.LiveKitAPI(self._url, self._key, self._secret, timeout=timeout, failover=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._api is not None:
            await self._api.aclose()

    async def open(self, room: str) -> Trouble | None:
        """Makes a room where there is none: a LiveKit without `room.auto_create` lets nobody in before that."""
        try:
            await self._rooms.create_room(api.CreateRoomRequest(name=room, empty_timeout=EMPTY_LIFE))
        except _FAULTS as error:
            return _trouble(error, Trouble.UNKNOWN_ROOM)
        return None

    async def policy(self, room: str, change: PolicyChange) -> Trouble | None:
        """Only the highest number of participants, and only before anybody is in; the lock is `UNSUPPORTED`.

        How many are heard and seen spares lines and rights nobody, so those are passed over.
        """
        if change.locked:
            return Trouble.UNSUPPORTED
        if change.max_participants is None:
            return None
        wanted = change.max_participants
        request = api.CreateRoomRequest(name=room, max_participants=wanted, empty_timeout=EMPTY_LIFE)
        try:
            made = await self._rooms.create_room(request)
        except _FAULTS as error:
            return _trouble(error, Trouble.UNKNOWN_ROOM)
        return None if made.max_participants == wanted else Trouble.UNSUPPORTED

    async def participants(self, room: str) -> Sequence[Present] | Trouble:
        found = await self._list(room)
        return found if isinstance(found, Trouble) else [_present(info) for info in found]

    async def mute(self, room: str, identity: str, *, muted: bool) -> Trouble | None:
        info = await self._get(room, identity)
        if isinstance(info, Trouble):
            return info
        open_ones = [track for track in info.tracks if track.type == models.TrackType.AUDIO and not track.muted]
        try:
            for track in open_ones if muted else ():
                request = api.MuteRoomTrackRequest(room=room, identity=identity, track_sid=track.sid, muted=True)
                await self._rooms.mute_published_track(request)
        except _FAULTS as error:
            return _trouble(error, Trouble.UNKNOWN_PARTICIPANT)
        return None

    async def remove(self, room: str, identity: str) -> Trouble | None:
        info = await self._get(room, identity)
        if isinstance(info, Trouble):
            return info
        try:
            await self._rooms.remove_participant(api.RoomParticipantIdentity(room=room, identity=identity))
        except _FAULTS as error:
            return _trouble(error, Trouble.UNKNOWN_PARTICIPANT)
        return None

    async def close(self, room: str) -> Trouble | None:
        try:
            await self._rooms.delete_room(api.DeleteRoomRequest(room=room))
        except _FAULTS as error:
            return _trouble(error, Trouble.UNKNOWN_ROOM)
        return None

    async def evidence(self, after: int, limit: int, wait_s: float) -> Sequence[Evidence] | Trouble:
        try:
            return await self._journal.read(after, limit, wait_s=wait_s)
        except JournalError:
            return Trouble.FAILED

    async def settled(self, through: int) -> Trouble | None:
        try:
            await self._journal.settled(through)
        except JournalError:
            return Trouble.FAILED
        return None

    async def status(self) -> Status | Trouble:
        """Rooms and participants; LiveKit tells neither its load nor its version, which are 0 and empty."""
        try:
            rooms = (await self._rooms.list_rooms(api.ListRoomsRequest())).rooms
        except _FAULTS as error:
            return _trouble(error, Trouble.FAILED)
        return Status(len(rooms), sum(room.num_participants for room in rooms), 0.0, 0.0, 0.0, "")

    async def rooms(self) -> Sequence[str] | Trouble:
        """The names of all rooms that are open, also of those that nobody is in."""
        try:
            return [room.name for room in (await self._rooms.list_rooms(api.ListRoomsRequest())).rooms]
        except _FAULTS as error:
            return _trouble(error, Trouble.FAILED)

    @property
    def _rooms(self) -> api.room_service.RoomService:
        if self._api is None:
            raise RuntimeError("used outside its context")
        return self._api.room

    async def _list(self, room: str) -> Sequence[models.ParticipantInfo] | Trouble:
        """LiveKit answers for an unknown room as for an empty one."""
        try:
            answer = await self._rooms.list_participants(api.ListParticipantsRequest(room=room))
            found: list[models.ParticipantInfo] = list(answer.participants)
            if not found and not (await self._rooms.list_rooms(api.ListRoomsRequest(names=[room]))).rooms:
                return Trouble.UNKNOWN_ROOM
        except _FAULTS as error:
            return _trouble(error, Trouble.UNKNOWN_ROOM)
        return found

    async def _get(self, room: str, identity: str) -> models.ParticipantInfo | Trouble:
        found = await self._list(room)
        if isinstance(found, Trouble):
            return found
        return next((info for info in found if info.identity == identity), Trouble.UNKNOWN_PARTICIPANT)


_FAULTS = (api.ServerError, aiohttp.ClientError, TimeoutError)


def _trouble(error: Exception, not_found: Trouble) -> Trouble:
    if not isinstance(error, api.ServerError) or error.code == api.ServerErrorCode.UNAVAILABLE:
        return Trouble.UNREACHABLE
    return not_found if error.code == api.ServerErrorCode.NOT_FOUND else Trouble.FAILED


def _present(info: models.ParticipantInfo) -> Present:
    kinds = {_PUBLISHES.get(_SOURCES.get(track.source, Source.UNKNOWN)) for track in info.tracks}
    return Present(
        identity=info.identity,
        sid=info.sid,
        name=info.name,
        role=info.attributes.get("role", ""),
        joined_at=_joined_at(info),
        publishes=tuple(kind for kind in ("audio", "video", "screen") if kind in kinds),
        muted=not any(track.type == models.TrackType.AUDIO and not track.muted for track in info.tracks),
        speaking_s=0.0,
    )


def _joined_at(info: models.ParticipantInfo) -> float:
    return info.joined_at_ms / 1000 if info.joined_at_ms else float(info.joined_at)


# Webhooks


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook, believed. `id` is the same when LiveKit sends it again; what is no evidence has no `drafts`."""

    id: str
    drafts: Sequence[EvidenceDraft]


class LiveKitWebhooks:
    """Checks that a webhook was signed with our key, and writes what it tells into the journal, once."""

    def __init__(self, key: str, secret: str, journal: Journal) -> None:
        self._receiver = api.WebhookReceiver(api.TokenVerifier(key, secret))
        self._journal = journal

    async def take(self, body: bytes, authorization: str) -> bool:
        """False for what LiveKit didn't sign (answer 401). Raises `JournalError`: answer 500, and it comes again."""
        hook = self.read(body, authorization)
        if hook is None:
            return False
        for each in hook.drafts:
            await self._journal.record([each], once=only_once(each) or hook.id)
        return True

    def read(self, body: bytes, authorization: str) -> Hook | None:
        """None for anything that isn't a webhook signed with our key, whatever the bytes."""
        try:
            event = self._receiver.receive(body.decode(), authorization)
        except Exception:  # noqa: BLE001 - the library raises bare Exception and those of JWT, base64 and protobuf
            return None
        return Hook(event.id, drafts(event)) if event.event else None


def only_once(evidence: EvidenceDraft) -> str | None:
    """By what a coming and a going are known, whoever tells of them; None for anything else."""
    is_presence = evidence.kind in {Kind.JOINED, Kind.LEFT}
    return f"{evidence.kind} {evidence.room} {evidence.sid}" if is_presence else None


def drafts(event: webhook.WebhookEvent) -> Sequence[EvidenceDraft]:
    """Who leaves has come: a webhook of that which was lost is made good."""
    told = draft(event)
    if told is None:
        return ()
    if told.kind is not Kind.LEFT:
        return (told,)
    info = event.participant
    facts = _facts(Kind.JOINED, event)
    return (EvidenceDraft(_joined_at(info), told.room, told.identity, told.sid, Kind.JOINED, facts), told)


def draft(event: webhook.WebhookEvent) -> EvidenceDraft | None:
    """Of participants that never got a connection (`participant_connection_aborted`) nothing had been told either."""
    kind = _KINDS.get(event.event)
    if kind is None:
        return None
    info = event.participant
    facts = _facts(kind, event)
    return EvidenceDraft(float(event.created_at), event.room.name, info.identity, info.sid, kind, facts)


_KINDS = {
    "room_started": Kind.OPENED,
    "participant_joined": Kind.JOINED,
    "track_published": Kind.PUBLISHED,
    "track_unpublished": Kind.UNPUBLISHED,
    "participant_left": Kind.LEFT,
    "room_finished": Kind.CLOSED,
}


def _facts(kind: Kind, event: webhook.WebhookEvent) -> Facts:
    info = event.participant
    if kind is Kind.JOINED:
        return {"name": info.name, "role": info.attributes.get("role", "")}
    if kind in {Kind.PUBLISHED, Kind.UNPUBLISHED}:
        return {"track": event.track.sid, "source": _SOURCES.get(event.track.source, Source.UNKNOWN).value}
    if kind is Kind.LEFT:
        reason = _REASONS.get(info.disconnect_reason, LeaveReason.DEAD)
        return {"reason": reason.value, "seconds": max(float(event.created_at) - _joined_at(info), 0.0)}
    return {}
