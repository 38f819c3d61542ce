"""Who was in a conference, as lines: somebody who came back is one line. In a staff room nobody is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.actions.conference import Attendance, name_of
from bot.actions.rooms import RoomKind
from bot.commands.spec import Conversation
from bot.domain.conference import Line, Presence, Visitor
from bot.text import conference_words, guest_words, times
from bot.text.conference_words import Listing, Seen


@dataclass(frozen=True, slots=True)
class Person:
    """All presences of one, in order of time."""

    presences: tuple[Presence, ...]

    @property
    def newest(self) -> Presence:
        return self.presences[-1]


def people(found: Iterable[Presence]) -> list[Person]:
    """By identity, in the order of their first coming; who was forgotten stays a line for each presence."""
    grouped: dict[str, list[Presence]] = {}
    for one in sorted(found, key=lambda one: (one.joined, one.id)):
        grouped.setdefault(one.identity or f"#{one.id}", []).append(one)
    return [Person(tuple(presences)) for presences in grouped.values()]


def listing(talk: Conversation, attendance: Attendance) -> Listing:
    everybody = people([*attendance.former, *attendance.present])
    inside = [person for person in everybody if person.newest.ended is None]
    gone = [person for person in everybody if person.newest.ended is not None]
    return Listing(
        present=[Seen(shown(talk, one.newest), (*_role(talk, one), _time(talk, one))) for one in inside],
        waiting=[_waiting(talk, attendance, visitor) for visitor in attendance.waiting],
        former=[Seen(shown(talk, one.newest), _role(talk, one) + _stay(talk, one)) for one in gone],
        locked=attendance.locked,
    )


def shown(talk: Conversation, presence: Presence) -> str:
    """Who it is; in a staff room only as what they are there."""
    if talk.room.kind is RoomKind.UNIT:
        return talk.of(conference_words.ROLES[presence.role])
    return name_of(talk.tx, presence, talk.language)


def visitor_shown(talk: Conversation, attendance: Attendance, visitor: Visitor) -> str:
    link = attendance.links.get(visitor.link)
    if link is None:
        return visitor.number
    named = "" if talk.room.kind is RoomKind.UNIT else visitor.name
    return guest_words.who(link.purpose, named, talk.language)


def _waiting(talk: Conversation, attendance: Attendance, visitor: Visitor) -> Seen:
    since = times.duration(talk.now - visitor.came, talk.language)
    return Seen(visitor_shown(talk, attendance, visitor), (visitor.number, since))


def _role(talk: Conversation, person: Person) -> tuple[str, ...]:
    role = talk.of(conference_words.ROLES[person.newest.role])
    return () if shown(talk, person.newest) == role else (role,)


def _time(talk: Conversation, person: Person) -> str:
    spent = sum((one.lasted(talk.now) for one in person.presences), timedelta())
    return times.duration(spent, talk.language)


def _stay(talk: Conversation, person: Person) -> tuple[str, ...]:
    """From when to when, how long in all, and how good the line was."""
    zone = talk.hearer.zone
    last = person.newest.ended or talk.now
    span = "–".join(times.clock(at, zone, talk.language) for at in (person.presences[0].joined, last))
    quality = conference_words.line_words(_worst([one.line for one in person.presences]), talk.language)
    return (span, _time(talk, person), *([quality] if quality else []))


def _worst(lines: Sequence[Line]) -> Line:
    lost = [line.lost_share for line in lines if line.lost_share is not None]
    slow = [line.round_trip_ms for line in lines if line.round_trip_ms is not None]
    return Line(lost_share=max(lost, default=None), round_trip_ms=max(slow, default=None))
