"""Reads what clients and other homeservers ask of the token service, trusting nothing of it. Pure.

Each shape of request becomes a value whose texts have the form and size that Matrix gives them; what has not is
refused as a value too. Leaves to others whether the one who asks may have what is asked for.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.ids import UserId
from bot.web.rtc_names import CALL, digest, media_room, plain_identity

BODY_LIMIT = 16 * 1024
"""Bytes of one request; the longest honest one has about 1,500."""
LONGEST_DELAY = timedelta(hours=24)
"""The homeserver keeps no delayed event longer (`max_event_delay_duration`)."""
USUAL_DELAY = timedelta(hours=1)
"""What a delegated leave waits at least, where its request doesn't say (MSC4195)."""
_SHORTEST_DELAY = timedelta(seconds=5)

_ROOM = re.compile(r"![^\x00-\x20\x7f]{1,254}")
_USER = re.compile(r"@[^\x00-\x20\x7f:]{1,200}:[A-Za-z0-9.:\[\]-]{1,240}")
_SERVER = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_DELAY = re.compile(r"[A-Za-z0-9._~=+-]{1,255}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,1024}")
_WORD = re.compile(r"[^\x00-\x1f\x7f]{1,255}")


@dataclass(frozen=True, slots=True)
class Bad:
    """The request is not of its shape; `words` are for the client's developer."""

    words: str
    code: str = "M_BAD_JSON"


@dataclass(frozen=True, slots=True)
class OpenId:
    """A token by which the homeserver `server` tells who somebody is (Client-Server API, "OpenID")."""

    token: str
    server: str


@dataclass(frozen=True, slots=True)
class Delay:
    """A delayed "I have left" that the client hands over (MSC4140)."""

    delay_id: str
    length: timedelta = USUAL_DELAY


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody wants in. `device` and `member` are the client's own words about itself."""

    room_id: str
    slot_id: str
    member: str
    device: str | None

    @property
    def room(self) -> str:
        return media_room(self.room_id, self.slot_id)

    def identity_of(self, user: UserId) -> str:
        if self.device is None:
            return digest(user, self.member)
        return digest(user, self.device, self.member)


@dataclass(frozen=True, slots=True)
class PlainSeat:
    """The oldest shape: there the participant is named in the open."""

    room_id: str
    device: str

    @property
    def room(self) -> str:
        return media_room(self.room_id, CALL)

    def identity_of(self, user: UserId) -> str:
        return plain_identity(user, self.device)


@dataclass(frozen=True, slots=True)
class Vouched:
    """A request whose asker is told by an OpenID token; `claimed` is who the client says it is."""

    open_id: OpenId
    seat: Seat | PlainSeat
    claimed: str | None = None
    delay: Delay | None = None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A request that a homeserver passed on; `user` only where it comes from another homeserver."""

    seat: Seat
    url: str
    server: str | None = None
    user: UserId | None = None
    delay: Delay | None = None


def json_object(body: bytes) -> Mapping[str, Any] | Bad:
    """The body's JSON object. Depth is bounded by its size and by the parser's own guard."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return Bad("The body is not JSON.", "M_NOT_JSON")
    return found if isinstance(found, dict) else Bad("The body is not an object.")


def plain_request(body: Mapping[str, Any]) -> Vouched | Bad:
    """`POST …/sfu/get`."""
    room, device = _text(body, "room", _ROOM), _text(body, "device_id", _WORD)
    open_id, delay = _open_id(body), _delay(body)
    if room is None or device is None:
        return Bad("room or device_id is missing or not of its form.")
    if isinstance(open_id, Bad):
        return open_id
    if isinstance(delay, Bad):
        return delay
    return Vouched(open_id, PlainSeat(room, device), delay=delay)


def vouched_request(body: Mapping[str, Any], *, needs_delay: bool = False) -> Vouched | Bad:
    """`POST …/get_token` and, with a delay that must be there, `POST …/delegate_delayed_leave`."""
    seat, open_id, delay = _seat(body), _open_id(body), _delay(body)
    for part in (seat, open_id, delay):
        if isinstance(part, Bad):
            return part
    member = body["member"] if isinstance(body.get("member"), dict) else {}
    claimed = _text(member, "claimed_user_id", _USER)
    if claimed is None or not isinstance(seat, Seat) or seat.device is None:
        return Bad("member has no claimed_user_id or claimed_device_id.")
    if needs_delay and delay is None:
        return Bad("delay_id or delay_timeout is missing.")
    return Vouched(open_id, seat, claimed, delay)  # type: ignore[arg-type]  # the refusals have been sorted out


def forwarded_request(
    body: Mapping[str, Any], *, from_homeserver: bool = False, needs_delay: bool = False
) -> Forwarded | Bad:
    """`…/rtc/livekit/get_token` and `…/delegate_delayed_leave`, as a homeserver passes them on."""
    seat, url = _seat(body), _text(body, "url", _TOKEN)
    if isinstance(seat, Bad):
        return seat
    server = _text(body, "server_name", _SERVER)
    user = _text(body, "user_id", _USER)
    delay_id = _text(body, "delay_id", _DELAY)
    if url is None:
        return Bad("url is missing or not of its form.")
    if "server_name" in body and server is None:
        return Bad("server_name is not of its form.")
    if from_homeserver and user is None:
        return Bad("user_id is missing or not of its form.")
    if needs_delay and delay_id is None:
        return Bad("delay_id is missing or not of its form.")
    delay = None if delay_id is None else Delay(delay_id)
    return Forwarded(seat, url, server, UserId(user) if from_homeserver and user is not None else None, delay)


def user_id(text: str) -> UserId | None:
    """A user id of its form, from a header."""
    return UserId(text) if _USER.fullmatch(text) and len(text) <= 255 else None  # noqa: PLR2004 - appendix 4.2.1


def _seat(body: Mapping[str, Any]) -> Seat | Bad:
    """The participant stands as `member: {id, claimed_device_id}` in the clients, as `member_id` in the proposal."""
    room, slot = _text(body, "room_id", _ROOM), _text(body, "slot_id", _WORD)
    if room is None or slot is None:
        return Bad("room_id or slot_id is missing or not of its form.")
    if "member" not in body:
        member, device = _text(body, "member_id", _WORD), None
    elif isinstance(body["member"], dict):
        member, device = _text(body["member"], "id", _WORD), _text(body["member"], "claimed_device_id", _WORD)
        if "claimed_device_id" in body["member"] and device is None:
            return Bad("claimed_device_id is not of its form.")
    else:
        member, device = None, None
    return Bad("the member is missing or not of its form.") if member is None else Seat(room, slot, member, device)


def _open_id(body: Mapping[str, Any]) -> OpenId | Bad:
    found = body.get("openid_token")
    if not isinstance(found, dict):
        return Bad("openid_token is missing.")
    token, server = _text(found, "access_token", _TOKEN), _text(found, "matrix_server_name", _SERVER)
    if token is None or server is None:
        return Bad("openid_token is incomplete or not of its form.")
    return OpenId(token, server)


def _delay(body: Mapping[str, Any]) -> Delay | Bad | None:
    """Both fields or none. `delay_cs_api_url` is not read: a client doesn't choose whom the service calls."""
    if not body.get("delay_id") and not body.get("delay_timeout"):
        return None
    delay_id, timeout = _text(body, "delay_id", _DELAY), body.get("delay_timeout")
    if delay_id is None or not isinstance(timeout, int) or isinstance(timeout, bool):
        return Bad("delay_id or delay_timeout is missing or not of its form.")
    least, most = _SHORTEST_DELAY // _MILLISECOND, LONGEST_DELAY // _MILLISECOND
    if not least <= timeout <= most:
        return Bad(f"delay_timeout is not between {least} and {most} milliseconds.")
    return Delay(delay_id, timeout * _MILLISECOND)


_MILLISECOND = timedelta(milliseconds=1)


def _text(body: Mapping[str, Any], key: str, form: re.Pattern[str]) -> str | None:
    """A field that is text of a form; a lone half of a surrogate pair can't be written out again."""
    found = body.get(key)
    if not isinstance(found, str) or not form.fullmatch(found):
        return None
    return found if all(not "\ud800" <= letter <= "\udfff" for letter in found) else None
