"""`!ajat`, `!varaa`: free times, and from a time that was typed in full to a booked appointment.

A time that is chosen from proposals goes on in `bot.commands.choosing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from bot.actions import booking
from bot.actions.identity import missing_identity
from bot.actions.notify import visit_of
from bot.commands.asking import chosen_service
from bot.commands.offering import ASKED, LISTED, SAME, Search, offer_times, refused, to_book
from bot.commands.readers import read_same, read_service, read_time
from bot.commands.spec import Answer, Command, Conversation, Group, Param
from bot.commands.wishes import suiting
from bot.domain.booking import Appointment
from bot.domain.directory import Official, Service
from bot.domain.language import Text
from bot.domain.matching import Decision
from bot.text import confirmations, typed
from bot.text.reply import Reply, say
from bot.text.when import When, resolve

SERVICE = Param(Text(fi="palvelu", sv="tjänst", en="service"), read_service)
TIME = Param(Text(fi="aika", sv="tid", en="time"), read_time)
_SAME = Param(SAME, read_same)

BOOK_WORD = typed.BOOK
TIMES_WORD = typed.TIMES


@dataclass(frozen=True, slots=True)
class Wish:
    """`same` asks for the official of the last visit."""

    service: Annotated[Decision | None, SERVICE]
    time: Annotated[When, TIME]
    same: Annotated[bool, _SAME]


def show_times(talk: Conversation, wish: Wish) -> Answer:
    service = wanted_service(talk, wish, typed.TIMES)
    if isinstance(service, Answer):
        return service
    search, ahead = search_for(talk, service, same=wish.same)
    return offer_times(talk, search, wish.time, LISTED, ahead)


def book(talk: Conversation, wish: Wish) -> Answer:
    """A time that was typed in full is booked at once; else times are proposed."""
    service = wanted_service(talk, wish, typed.BOOK)
    if isinstance(service, Answer):
        return service
    search, ahead = search_for(talk, service, same=wish.same)
    if (unknown := missing_identity(talk.tx, talk.person, service)) is not None:
        return refused(talk, search, unknown)
    start = exact(talk, wish.time)
    if start is None or ahead.blocks:
        return offer_times(talk, search, wish.time, ASKED, ahead)
    outcome = booking.book(talk.tx, talk.person, service.id, start, talk.now, officials=search.officials)
    if isinstance(outcome, booking.Booked):
        return confirmed(talk, outcome)
    return refused(talk, search, outcome)


def confirmed(talk: Conversation, booked: booking.Booked) -> Answer:
    return Answer(confirmations.confirmation(visit_of(talk.tx, booked.appointment, talk.now), talk.language))


def wanted_service(talk: Conversation, wish: Wish, word: Text) -> Service | Answer:
    """The service, or the question which one; what else was said already is kept."""
    when = wish.time
    parts = (
        talk.of(word),
        talk.of(SAME) if wish.same else "",
        f"{when.day:%Y-%m-%d}" if when.day else "",
        f"{when.time:%H:%M}" if when.time else "",
    )
    return chosen_service(talk, wish.service, " ".join(filter(None, parts)))


def search_for(talk: Conversation, service: Service, *, same: bool) -> tuple[Search, Reply]:
    """For whose times to look; where the same official can't be had, that is said ahead of everybody's times."""
    if not same:
        return to_book(talk, service), Reply(())
    last = talk.tx.appointments.last_of(talk.person, service.id)
    officials = [o for o in talk.tx.directory.servants_of(service) if last is not None and o.id == last.official]
    why = _cannot_have(talk, service, last, officials)
    return (
        (to_book(talk, service, officials), Reply(())) if why is None else (to_book(talk, service), say(talk.of(why)))
    )


def _cannot_have(
    talk: Conversation, service: Service, last: Appointment | None, officials: Sequence[Official]
) -> Text | None:
    if last is None:
        return Text(
            fi="Sinulla ei ole aiempaa käyntiä tässä palvelussa. Valitse näistä:",
            sv="Du har inget tidigare besök i den här tjänsten. Välj bland dessa:",
            en="You have no earlier visit to this service. Choose from these:",
        )
    if not officials:
        return Text(
            fi="Viimeksi palvellut virkailija ei enää anna tätä palvelua. Muiden ajat:",
            sv="Den som betjänade dig senast ger inte längre den här tjänsten. Andras tider:",
            en="The official of your last visit no longer gives this service. Times with others:",
        )
    if next(suiting(talk.tx, service, When(), talk.now, officials=officials), None) is None:
        return Text(
            fi="Viimeksi palvelleella virkailijalla ei ole vapaita aikoja. Muiden ajat:",
            sv="Den som betjänade dig senast har inga lediga tider. Andras tider:",
            en="The official of your last visit has no free times. Times with others:",
        )
    return None


def exact(talk: Conversation, when: When) -> datetime | None:
    """The one moment that was said, if it was."""
    if when.problem is not None or when.day is None or when.time is None or when.bound is not None:
        return None
    local = resolve(when.day, when.time, talk.hearer.zone)
    return None if local is None else local.astimezone(UTC)


TIMES = Command(
    names=typed.bare(typed.TIMES),
    summary=Text(
        fi="Näytä palvelun vapaat ajat", sv="Visa lediga tider för en tjänst", en="Show the free times of a service"
    ),
    examples=Text(
        fi="!ajat rakennuslupa\n!ajat kirjasto ensi viikolla",
        sv="!tider bygglov\n!tider bibliotek nästa vecka",
        en="!times building permit\n!times library next week",
    ),
    args=Wish,
    run=show_times,
    group=Group.BOOKING,
)

BOOK = Command(
    names=typed.bare(typed.BOOK),
    summary=Text(fi="Varaa aika", sv="Boka en tid", en="Book a time"),
    examples=Text(
        fi="!varaa rakennuslupa\n!varaa rakennuslupa huomenna klo 10\n!varaa rakennuslupa sama",
        sv="!boka bygglov\n!boka bygglov i morgon kl 10\n!boka bygglov samma",
        en="!book building permit\n!book building permit tomorrow at 10\n!book building permit same",
    ),
    args=Wish,
    run=book,
    group=Group.BOOKING,
)
