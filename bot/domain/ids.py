"""Names of things, each a type of its own, so that a room's id can't be handed in for a user's."""

from typing import NewType

UserId = NewType("UserId", str)
"""A Matrix user id, `@localpart:server` (Matrix specification, appendix 4.2.1)."""

RoomId = NewType("RoomId", str)
"""A Matrix room id, `!opaque`."""

EventId = NewType("EventId", str)
"""A Matrix event id, `$opaque`."""

ServiceId = NewType("ServiceId", str)
UnitId = NewType("UnitId", str)
OfficialId = NewType("OfficialId", str)
DeskId = NewType("DeskId", str)
PlaceId = NewType("PlaceId", str)
AppointmentId = NewType("AppointmentId", int)
SeriesId = NewType("SeriesId", int)

ResourceId = NewType("ResourceId", str)
"""What can be taken by one visit at a time: an official under their own id, or a place behind its prefix."""

_PLACE = "place:"


def resource(of: OfficialId) -> ResourceId:
    return ResourceId(of)


def place_resource(of: PlaceId) -> ResourceId:
    """Ids hold no colon, so a place is never taken for an official."""
    return ResourceId(_PLACE + of)


def place_of(taken: ResourceId) -> PlaceId | None:
    """The place behind a resource; none where it is an official."""
    return PlaceId(taken.removeprefix(_PLACE)) if taken.startswith(_PLACE) else None


def server_of(user: UserId) -> str:
    """The homeserver that answers for a user: what follows the first colon, which may hold a port."""
    return user.partition(":")[2]


def localpart_of(user: UserId) -> str:
    return user.partition(":")[0].removeprefix("@")
