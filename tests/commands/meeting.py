"""A video meeting in the tests: a link that was made by a command, a browser at its door, evidence of the engine."""

import re
from dataclasses import dataclass

from bot.actions import conference_door, conference_evidence
from bot.actions.calendars import PUBLIC_ADDRESS, digest_of
from bot.actions.conference_door import Entrance
from bot.commands.incoming import Said
from bot.domain.conference import Evidence, MediaRoom, media_room
from bot.domain.ids import EventId, RoomId, UserId
from bot.domain.language import Language
from tests.commands.chat import OFFICIAL, Chat
from tests.commands.staff import appointment_room, booked

ADDRESS = "https://asiointi.example"
OFFICIALS_ID, CITIZENS_ID = f"{OFFICIAL}:PUHELIN", "@kuntalainen:localhost:SELAIN"


@dataclass
class Meeting:
    """An appointment of today, half an hour before it begins."""

    chat: Chat
    number: str
    room: str
    evidence: int = 0

    @property
    def media(self) -> MediaRoom:
        return media_room(RoomId(self.room))

    def say(self, words: str, person: UserId = OFFICIAL) -> str:
        return self.chat.receive(Said(words), person, self.room)

    def link(self, words: str = "!kutsu tulkki") -> str:
        """The digest of a new link's token."""
        found = re.search(rf"{ADDRESS}/k/(\S+)", self.say(words))
        assert found is not None
        return digest_of(found[1])

    def enter(self, digest: str, browser: str = "selain", name: str = "Nimi", *, take_over: bool = False) -> Entrance:
        return self.chat.store.transact_now(
            lambda tx: conference_door.enter(
                tx, digest, visitor=browser, name=name, language=Language.FI, take_over=take_over, now=self.chat.now
            )
        )

    def status(self, digest: str, browser: str = "selain") -> Entrance:
        return self.chat.store.transact_now(
            lambda tx: conference_door.status(tx, digest, visitor=browser, now=self.chat.now)
        )

    def witness(self, kind: str, sid: str = "", identity: str = "", **facts: object) -> None:
        self.evidence += 1
        moment = self.chat.now.timestamp()
        one = Evidence(self.evidence, moment, self.media, identity, sid, kind, facts)
        self.chat.store.transact_now(lambda tx: conference_evidence.take(tx, [one], self.chat.now))

    def joins(self, sid: str, identity: str, name: str, role: str) -> None:
        self.witness("joined", sid, identity, name=name, role=role)

    def last_card(self) -> EventId:
        (card,) = self.chat.store.transact_now(
            lambda tx: tx.outbox._db.execute("SELECT max(card) FROM conference_visitor").fetchone()
        )
        return EventId(f"$sent-{card}")


def begun(chat: Chat) -> Meeting:
    chat.store.transact_now(lambda tx: tx.facts.set(PUBLIC_ADDRESS, ADDRESS))
    number = booked(chat)
    room = appointment_room(chat, number)
    found = chat.store.transact_now(lambda tx: tx.appointments.by_number(number))
    assert found is not None
    chat.now = found.start
    return Meeting(chat, number, room)
