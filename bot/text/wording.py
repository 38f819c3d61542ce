"""The words of every refusal: why, and what the person can do now.

One `match` that ends in `assert_never`: a refusal without words does not pass the type check.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.domain.availability import Slot
from bot.domain.directory import Service
from bot.domain.language import Language, Text
from bot.domain.refusals import (
    AlreadyCancelled,
    Closed,
    NoFreeTimes,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToCancel,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)
from bot.text import times
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


def refusal(no: Refusal, hearer: Hearer) -> Reply:  # noqa: C901, PLR0911 - one case for each refusal, checked whole
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
        case TooFar(service, last):
            return _too_far(
                service, times.day(last, hearer.language, hearer.now.astimezone(hearer.zone).date()), hearer
            )
        case NoFreeTimes(service):
            return no_free_times(service, hearer)
        case TooManyOpen(_, limit):
            return _too_many(limit, hearer)
        case UnknownAppointment(number):
            return _unknown(number, hearer)
        case TooLateToCancel():
            return _too_late(hearer)
        case AlreadyCancelled(number):
            why = Text(fi="Varaus on jo peruttu: ", sv="Bokningen är redan avbokad: ", en="Already cancelled: ")
            return say(hearer.of(why), number)
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


def _too_far(service: Service, last: str, hearer: Hearer) -> Reply:
    why = Text(
        fi="Niin pitkälle ei voi vielä varata. Viimeinen päivä on nyt: {d}. Katso ajat: ",
        sv="Så långt fram kan man inte boka ännu. Sista dagen är nu: {d}. Se tiderna: ",
        en="It is not possible to book that far ahead yet. The last day is now: {d}. See the times: ",
    )
    typed = Text(fi="!ajat {s}", sv="!tider {s}", en="!times {s}")
    return say(hearer.of(why.format(d=last)), Command(hearer.of(typed.format(s=hearer.of(service.name)))))


def _too_many(limit: int, hearer: Hearer) -> Reply:
    why = Text(
        fi="Sinulla on jo tähän palveluun niin monta aikaa kuin voi olla: {n}. Peru ensin yksi. Omat varauksesi: ",
        sv="Du har redan så många tider som får bokas: {n}. Avboka först en. Dina bokningar: ",
        en="You already have as many times as can be booked: {n}. Cancel one first. Your bookings: ",
    )
    typed = Text(fi="!varaukset", sv="!bokningar", en="!bookings")
    return say(hearer.of(why.format(n=limit)), Command(hearer.of(typed)))


def _unknown(number: str, hearer: Hearer) -> Reply:
    why = Text(
        fi="En löydä sinulta varausta numerolla {n}. Omat varauksesi näet näin: ",
        sv="Jag hittar ingen bokning för dig med nummer {n}. Dina bokningar ser du så här: ",
        en="I can't find a booking of yours with number {n}. See your bookings: ",
    )
    typed = Text(fi="!varaukset", sv="!bokningar", en="!bookings")
    return say(hearer.of(why.format(n=number)), Command(hearer.of(typed)))


def _too_late(hearer: Hearer) -> Reply:
    why = Text(
        fi="Tätä aikaa ei voi enää perua täällä. ",
        sv="Den här tiden kan inte längre avbokas här. ",
        en="This appointment can no longer be cancelled here. ",
    )
    return say(hearer.of(why), hearer.of(_call(hearer)))
