"""The words of every refusal: why, and what the person can do now.

One `match` that ends in `assert_never`: a refusal without words does not pass the type check.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.domain.availability import Slot
from bot.domain.directory import Identity, Service
from bot.domain.language import Language, Text
from bot.domain.refusals import (
    AlreadyBooked,
    AlreadyCancelled,
    AlreadyThen,
    Closed,
    HeldTime,
    HoldRanOut,
    IdentityNeeded,
    NoFreeTimes,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToCancel,
    TooLateToMove,
    TooManyHeld,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)
from bot.text import times, typed
from bot.text.reply import Command, Reply, choices, say


@dataclass(frozen=True, slots=True)
class Hearer:
    """Who hears it: language, local time, and the number to call where the chat can't help."""

    language: Language
    zone: ZoneInfo
    now: datetime
    phone: str = ""

    def moment(self, at: datetime) -> str:
        return times.moment(at, self.zone, self.language, self.now)

    def of(self, text: Text) -> str:
        return text.in_(self.language)


def refusal(no: Refusal, hearer: Hearer) -> Reply:  # noqa: C901, PLR0911, PLR0912 - one case for each refusal, checked whole
    match no:
        case SlotTaken(service, start, nearest):
            why = Text(fi="Tämä aika on jo varattu: ", sv="Den här tiden är upptagen: ", en="This time is taken: ")
            return say(hearer.of(why), hearer.moment(start)) + _instead(service, nearest, hearer)
        case OutsideHours(service, start, nearest):
            why = Text(
                fi="Palvelua ei saa tähän aikaan: ",
                sv="Tjänsten ges inte vid den här tiden: ",
                en="The service is not given at this time: ",
            )
            return say(hearer.of(why), hearer.moment(start)) + _instead(service, nearest, hearer)
        case Closed(service, _, name, nearest):
            why = Text(fi="Silloin on suljettu: ", sv="Då är det stängt: ", en="We are closed then: ")
            return say(hearer.of(why), hearer.of(name)) + _instead(service, nearest, hearer)
        case TooSoon(service, start, nearest):
            why = Text(
                fi="Tätä aikaa ei voi enää varata: ",
                sv="Den här tiden kan inte längre bokas: ",
                en="This time can no longer be booked: ",
            )
            return say(hearer.of(why), hearer.moment(start)) + _instead(service, nearest, hearer)
        case TooFar(service, last, nearest):
            until = times.day(last, hearer.language, hearer.now.astimezone(hearer.zone).date())
            return _too_far(service, until, nearest, hearer)
        case NoFreeTimes(service):
            return no_free_times(service, hearer)
        case TooManyOpen(_, limit):
            return _too_many(limit, hearer)
        case TooManyHeld(held):
            return _too_many_held(held, hearer)
        case HoldRanOut(service, start, nearest):
            return _ran_out(start, hearer) + _instead(service, nearest, hearer)
        case AlreadyBooked(number):
            return _already_booked(number, hearer)
        case IdentityNeeded(service, needed):
            return _identity(service, needed, hearer)
        case UnknownAppointment(number):
            return _unknown(number, hearer)
        case TooLateToCancel():
            return _too_late(hearer)
        case TooLateToMove(_, start):
            return _too_late_to_move(start, hearer)
        case AlreadyThen(number, start):
            return _already_then(number, start, hearer)
        case AlreadyCancelled(number):
            why = Text(fi="Varaus on jo peruttu: ", sv="Bokningen är redan avbokad: ", en="Already cancelled: ")
            return say(hearer.of(why), number) + _book_anew(hearer)
    assert_never(no)


def _instead(service: Service, nearest: tuple[Slot, ...], hearer: Hearer) -> Reply:
    if not nearest:
        return no_free_times(service, hearer)
    offer = Text(
        fi="Lähimmät vapaat ajat. Vastaa numerolla:",
        sv="Närmaste lediga tider. Svara med siffra:",
        en="The nearest free times. Answer with a number:",
    )
    return say(hearer.of(offer)) + choices(*(hearer.moment(slot.start) for slot in nearest))


def _call(hearer: Hearer) -> Text:
    if not hearer.phone:
        return Text(
            fi="Ota yhteyttä kunnan neuvontaan.",
            sv="Kontakta kommunens rådgivning.",
            en="Please contact the municipality's service desk.",
        )
    return Text(fi="Voit myös soittaa: {p}", sv="Du kan också ringa: {p}", en="You can also call: {p}").format(
        p=hearer.phone
    )


def no_free_times(service: Service, hearer: Hearer) -> Reply:
    why = Text(
        fi="Vapaita aikoja ei nyt ole: {s}. Uusia vapautuu, kun joku peruu. ",
        sv="Just nu finns inga lediga tider: {s}. Nya blir lediga när någon avbokar. ",
        en="There are no free times now: {s}. New ones come free when somebody cancels. ",
    )
    return say(hearer.of(why.format(s=hearer.of(service.name))), hearer.of(_call(hearer)))


def _too_far(service: Service, last: str, nearest: tuple[Slot, ...], hearer: Hearer) -> Reply:
    why = Text(
        fi="Niin pitkälle ei voi vielä varata. Viimeinen päivä on nyt: {d}.",
        sv="Så långt fram kan man inte boka ännu. Sista dagen är nu: {d}.",
        en="It is not possible to book that far ahead yet. The last day is now: {d}.",
    )
    return say(hearer.of(why.format(d=last))) + _instead(service, nearest, hearer)


def _ran_out(start: datetime, hearer: Hearer) -> Reply:
    why = Text(
        fi="Viisi minuuttia ehti kulua, enkä enää pidä sinulle tätä aikaa: ",
        sv="Fem minuter har gått, och jag håller inte längre den här tiden för dig: ",
        en="Five minutes have passed, and this time is no longer kept for you: ",
    )
    return say(hearer.of(why), hearer.moment(start))


def _too_many_held(held: tuple[HeldTime, ...], hearer: Hearer) -> Reply:
    """Ends in choices, two for each time: to book it or to let it go (`bot.commands.choosing` has their lines)."""
    why = Text(
        fi="Sinulla on vielä vahvistamatta aikoja: {n}. Varaa tai vapauta ensin jokin niistä. Vastaa numerolla:",
        sv="Du har ännu obekräftade tider: {n}. Boka eller släpp först någon av dem. Svara med siffra:",
        en="You still have times to confirm: {n}. Book one or let it go first. Answer with a number:",
    ).format(n=len(held))
    book = Text(fi="Varaa: ", sv="Boka: ", en="Book: ")
    drop = Text(fi="Vapauta: ", sv="Släpp: ", en="Let go: ")
    named = (f"{hearer.of(one.service.name)} {hearer.moment(one.start)}" for one in held)
    listed = (hearer.of(what) + name for name in named for what in (book, drop))
    return say(hearer.of(why)) + choices(*listed)


def _already_booked(number: str, hearer: Hearer) -> Reply:
    why = Text(
        fi="Tämä aika on jo sinulle varattu. Jos et pääse, peru se: ",
        sv="Den här tiden är redan bokad för dig. Om du inte kan komma, avboka: ",
        en="This time is already booked for you. If you can't come, cancel it: ",
    )
    return say(hearer.of(why), Command(f"{hearer.of(typed.CANCEL)} {number}"))


def _identity(service: Service, needed: Identity, hearer: Hearer) -> Reply:
    """What is needed, and how it is reached."""
    why = Text(
        fi="Tässä palvelussa meidän pitää tietää varmemmin, kuka olet: {s}.",
        sv="I den här tjänsten behöver vi säkrare veta vem du är: {s}.",
        en="For this service we need to know more surely who you are: {s}.",
    ).format(s=hearer.of(service.name))
    contact = Text(
        fi="Kirjoita kunnan omalla tunnuksella: kirjaudu kunnan palvelimelle ja varaa siellä. ",
        sv="Skriv med kommunens egen användare: logga in på kommunens server och boka där. ",
        en="Write with an account of the municipality: log in to its server and book there. ",
    )
    strong = Text(
        fi="Näytä henkilöllisyystodistus kunnan palvelupisteessä, niin voit sen jälkeen varata täällä. ",
        sv="Visa en identitetshandling vid kommunens servicedisk, så kan du sedan boka här. ",
        en="Show an identity document at the municipality's service desk; after that you can book here. ",
    )
    how = strong if needed is Identity.STRONG else contact
    return say(hearer.of(why)) + say(hearer.of(how), hearer.of(_call(hearer)))


def _too_many(limit: int, hearer: Hearer) -> Reply:
    why = Text(
        fi="Sinulla on jo tähän palveluun niin monta aikaa kuin voi olla: {n}. Siirrä tai peru ensin yksi: ",
        sv="Du har redan så många tider som får bokas: {n}. Flytta eller avboka först en: ",
        en="You already have as many times as can be booked: {n}. Move or cancel one first: ",
    )
    return say(hearer.of(why.format(n=limit)), Command(hearer.of(typed.BOOKINGS)))


def _unknown(number: str, hearer: Hearer) -> Reply:
    why = Text(
        fi="En löydä sinulta varausta numerolla {n}. Omat varauksesi näet näin: ",
        sv="Jag hittar ingen bokning för dig med nummer {n}. Dina bokningar ser du så här: ",
        en="I can't find a booking of yours with number {n}. See your bookings: ",
    )
    return say(hearer.of(why.format(n=number)), Command(hearer.of(typed.BOOKINGS)))


def _too_late(hearer: Hearer) -> Reply:
    why = Text(
        fi="Tätä aikaa ei voi enää perua täällä. ",
        sv="Den här tiden kan inte längre avbokas här. ",
        en="This appointment can no longer be cancelled here. ",
    )
    return say(hearer.of(why), hearer.of(_call(hearer)))


def _too_late_to_move(start: datetime, hearer: Hearer) -> Reply:
    why = Text(
        fi="Tätä aikaa ei voi enää siirtää täällä: ",
        sv="Den här tiden kan inte längre flyttas här: ",
        en="This appointment can no longer be moved here: ",
    )
    return say(hearer.of(why), hearer.moment(start), ". ", hearer.of(_call(hearer)))


def _already_then(number: str, start: datetime, hearer: Hearer) -> Reply:
    why = Text(fi="Aikasi on jo silloin: ", sv="Din tid är redan då: ", en="Your appointment is at that time: ")
    other = Text(fi="Muut vapaat ajat: ", sv="Andra lediga tider: ", en="Other free times: ")
    moving = Command(f"{hearer.of(typed.MOVE)} {number}")
    return say(hearer.of(why), hearer.moment(start)) + say(hearer.of(other), moving)


def _book_anew(hearer: Hearer) -> Reply:
    how = Text(fi="Varaa uusi aika: ", sv="Boka en ny tid: ", en="Book a new time: ")
    return say(hearer.of(how), Command(hearer.of(typed.BOOK)))
