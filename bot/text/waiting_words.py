"""What people who wait for an earlier time are told, and the command lines behind their choices."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.booking import Appointment
from bot.domain.directory import Service
from bot.domain.language import Language, Text
from bot.text import times, typed
from bot.text.reply import Command, Reply, Strong, choices, say

STOP = Text(fi="lopeta", sv="sluta", en="stop")


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that came free; `booked` is the appointment that would be moved to it."""

    service: Service
    start: datetime
    booked: Appointment | None
    zone: ZoneInfo
    now: datetime

    def when(self, at: datetime, language: Language) -> str:
        return times.moment(at, self.zone, language, self.now)

    def taking(self, language: Language) -> str:
        """The line that takes the time: the booked one moves, or a new one is booked."""
        local = f"{self.start.astimezone(self.zone):%Y-%m-%d %H:%M}"
        if self.booked is not None:
            return f"{typed.MOVE.in_(language)} {self.booked.number} {local}"
        return f"{typed.BOOK.in_(language)} {self.service.id} {local}"

    def stopping(self, language: Language) -> str:
        return stop_line(self.service, language)


def stop_line(service: Service, language: Language) -> str:
    return f"{typed.NOTIFY.in_(language)} {service.id} {STOP.in_(language)}"


def lines(offer: Offer, language: Language) -> list[str]:
    return [offer.taking(language), offer.stopping(language)]


def offer(told: Offer, language: Language) -> Reply:
    """Ends in the numbered choices, whose lines are `lines`."""
    take = (
        Text(fi="Kyllä, varaa tämä aika", sv="Ja, boka den här tiden", en="Yes, book this time")
        if told.booked is None
        else Text(fi="Kyllä, siirrä aikani tähän", sv="Ja, flytta min tid hit", en="Yes, move my appointment here")
    )
    stop = Text(
        fi="Ei, älä ilmoita enää aikaisemmista",
        sv="Nej, meddela inte mer om tidigare tider",
        en="No, stop telling me of earlier times",
    )
    how = Text(
        fi="Vastaa numerolla pian: aika on vapaa muillekin. Jos se ei sovi, sinun ei tarvitse tehdä mitään.",
        sv="Svara snart med siffra: tiden är ledig också för andra. Om den inte passar behöver du inte göra något.",
        en="Answer soon with a number: the time is free for others too. If it does not suit you, do nothing.",
    )
    return _head(told, language) + say(how.in_(language)) + choices(take.in_(language), stop.in_(language))


def offer_to_type(told: Offer, language: Language) -> Reply:
    """The same for a person who is about to answer another question: a number would mean two things."""
    take = Text(fi="Ota aika näin: ", sv="Ta tiden så här: ", en="To take it, type: ")
    stop = Text(fi="Jos et halua enää ilmoituksia: ", sv="Om du inte vill ha fler: ", en="To hear no more of these: ")
    taking = say(take.in_(language), Command(told.taking(language)))
    return _head(told, language) + taking + say(stop.in_(language), Command(told.stopping(language)))


def _head(told: Offer, language: Language) -> Reply:
    head = Text(fi="Aikaisempi aika vapautui: ", sv="En tidigare tid blev ledig: ", en="An earlier time came free: ")
    freed = f"{told.service.name.in_(language)} {told.when(told.start, language)}"
    reply = say(head.in_(language), Strong(freed))
    if told.booked is None:
        return reply
    own = Text(fi="Nykyinen aikasi: ", sv="Din nuvarande tid: ", en="Your present time: ")
    return reply + say(own.in_(language), told.when(told.booked.start, language), f" · {told.booked.number}")


def waits(service: Service, language: Language) -> Reply:
    """The answer to a wish."""
    done = Text(
        fi="Selvä, ilmoitan sinulle tässä, jos aikaisempi aika vapautuu: {s}.",
        sv="Bra, jag meddelar dig här om en tidigare tid blir ledig: {s}.",
        en="I will tell you here if an earlier time comes free: {s}.",
    ).format(s=service.name.in_(language))
    stop = Text(fi="Lopeta näin: ", sv="Avsluta så här: ", en="To stop: ")
    return say(done.in_(language)) + say(stop.in_(language), Command(stop_line(service, language)))


def stopped(service: Service, language: Language, *, waited: bool) -> Reply:
    done = Text(
        fi="En enää ilmoita aikaisemmista ajoista: {s}.",
        sv="Jag meddelar inte mer om tidigare tider: {s}.",
        en="I will not tell you of earlier times any more: {s}.",
    )
    nothing = Text(
        fi="Et ole pyytänyt ilmoitusta aikaisemmista ajoista: {s}. Pyydä se näin: ",
        sv="Du har inte bett om besked om tidigare tider: {s}. Be om det så här: ",
        en="You have not asked to be told of earlier times: {s}. To ask for it: ",
    )
    name = service.name.in_(language)
    if waited:
        return say(done.format(s=name).in_(language))
    return say(nothing.format(s=name).in_(language), Command(f"{typed.NOTIFY.in_(language)} {service.id}"))


OFFER_TO_WAIT = Text(
    fi="Ilmoita minulle, jos aikaisempi aika vapautuu",
    sv="Meddela mig om en tidigare tid blir ledig",
    en="Tell me if an earlier time comes free",
)
"""A choice behind free times that lie far ahead."""
