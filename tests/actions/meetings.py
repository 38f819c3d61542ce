"""A visit's conference in the tests: its room is made, links lead into it, browsers come to its door."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.actions import conference, conference_door, conference_evidence, guest_links
from bot.actions.calendars import PUBLIC_ADDRESS, digest_of
from bot.actions.conference import Given
from bot.actions.conference_door import Entrance
from bot.actions.guest_links import Linked, LinkRefusal, Wish
from bot.actions.rooms import Room, RoomKind
from bot.domain.booking import Appointment
from bot.domain.conference import Evidence, MediaRoom, Purpose, Visitor, media_room
from bot.domain.ids import RoomId, UserId
from bot.domain.language import Language
from tests.support.town import INSPECTOR, NOW, Town

ADDRESS = "https://asiointi.example"
ROOM = RoomId("!huone:localhost")


@dataclass
class Meeting:
    town: Town
    visit: Appointment
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def media(self) -> MediaRoom:
        return media_room(ROOM)

    @property
    def room(self) -> Room:
        found = self.town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(self.visit.id)))
        assert found is not None
        return found

    def make(
        self, by: UserId = INSPECTOR, purpose: Purpose = Purpose.INTERPRETER, now: datetime = NOW
    ) -> Linked | LinkRefusal:
        wish = Wish(purpose, Language.SV, "Kutsuttu")
        return self.town.do(lambda tx: guest_links.make(tx, by, self.visit.number, wish, now))

    def link(self) -> str:
        made = self.make()
        assert isinstance(made, Linked)
        return digest_of(made.address.rpartition("/")[2])

    def enter(self, digest: str, now: datetime, browser: str = "a", *, take_over: bool = False) -> Entrance:
        return self.town.do(
            lambda tx: conference_door.enter(
                tx, digest, visitor=browser, name="Nimi", language=Language.EN, take_over=take_over, now=now
            )
        )

    def status(self, digest: str, now: datetime, browser: str = "a") -> Entrance:
        return self.town.do(lambda tx: conference_door.status(tx, digest, visitor=browser, now=now))

    def leave(self, digest: str, now: datetime, browser: str = "a") -> None:
        self.town.do(lambda tx: conference_door.leave(tx, digest, visitor=browser, now=now))

    def waiting(self) -> list[Visitor]:
        return self.town.do(lambda tx: tx.conferences.waiting_for(self.visit.id))

    def let_in(self, now: datetime) -> None:
        for visitor in self.waiting():
            assert self.town.do(lambda tx, one=visitor: conference.let_in(tx, one, now))  # type: ignore[misc]

    def witness(self, kind: str, now: datetime, sid: str = "", identity: str = "", **facts: object) -> None:
        one = Evidence(next(self._numbers), now.timestamp(), self.media, identity, sid, kind, facts)
        self.town.do(lambda tx: conference_evidence.take(tx, [one], now))

    def given(self, key: str = "$order") -> Given:
        return Given(self.room.lane, Language.FI, key)

    def said(self) -> list[str]:
        """What was said and amended in the visit's room, in order."""
        return [str(payload["body"]) for room, _, _, payload in self.town.outbox() if _is_said(room, payload)]

    def orders(self) -> list[tuple[object, ...]]:
        return self.town.rows("SELECT kind, identity FROM conference_order ORDER BY id")


def _is_said(room: str, payload: dict[str, object]) -> bool:
    return room == RoomKind.APPOINTMENT and "body" in payload


def opened(town: Town, visit: Appointment | None = None) -> Meeting:
    """A visit whose room the homeserver has made."""
    meeting = Meeting(town, visit or town.booked())
    town.do(lambda tx: tx.facts.set(PUBLIC_ADDRESS, ADDRESS))
    lane = meeting.room.lane
    town.do(lambda tx: tx.rooms.opened(lane, ROOM))
    return meeting
