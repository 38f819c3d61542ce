"""The words of what an official is refused: why, and what they can do now.

One `match` that ends in `assert_never`: a refusal without words does not pass the type check.
"""

from typing import assert_never

from bot.domain.directory import Official
from bot.domain.language import Text
from bot.domain.staff_refusals import (
    Busy,
    DoesNotServe,
    HasIt,
    NoPerson,
    NotFound,
    NotHeldVisit,
    NotOffered,
    NotOpen,
    NotOwn,
    NotStarted,
    StaffRefusal,
    TakesPart,
    TooManyGuests,
)
from bot.text.reply import Reply, bullets, say
from bot.text.wording import Hearer

_NOT_FOUND = Text(
    fi="En löydä yksikkösi varausta numerolla {n}. Päivän varaukset näet näin: !päivä",
    sv="Jag hittar ingen bokning hos er enhet med nummer {n}. Dagens bokningar ser du så här: !dag",
    en="I can't find a booking of your unit with number {n}. See the day's bookings: !day",
)
_NOT_STARTED = Text(
    fi="Aika ei ole vielä alkanut: {n}, {t}. Merkitse se vasta silloin.",
    sv="Tiden har inte börjat ännu: {n}, {t}. Anteckna det först då.",
    en="It has not begun yet: {n}, {t}. Mark it then.",
)
_NOT_HELD = Text(
    fi="Varaus on peruttu tai odottaa asiakkaan valintaa, joten sitä ei voi merkitä: {n}",
    sv="Bokningen är avbokad eller väntar på kundens val, så den kan inte antecknas: {n}",
    en="The booking was cancelled or waits for the citizen's choice, so it can't be marked: {n}",
)
_NOT_OPEN = Text(
    fi="Varaus on jo alkanut, ohi tai peruttu, joten sitä ei voi enää muuttaa: {n}",
    sv="Bokningen har börjat, är över eller avbokad, så den kan inte längre ändras: {n}",
    en="The booking has begun, is over or was cancelled, so it can't be changed any more: {n}",
)
_DOES_NOT_SERVE = Text(
    fi="Ei anna tätä palvelua: {o}. Mitään ei muutettu.",
    sv="Ger inte den här tjänsten: {o}. Ingenting ändrades.",
    en="Does not give this service: {o}. Nothing was changed.",
)
_BUSY = Text(
    fi="Ei ole silloin vapaana: {o}, {t}. Mitään ei muutettu.",
    sv="Är inte ledig då: {o}, {t}. Ingenting ändrades.",
    en="Not free then: {o}, {t}. Nothing was changed.",
)
_ABLE = Text(fi="Nämä voivat ottaa sen:", sv="De här kan ta den:", en="These can take it:")
NOBODY = Text(
    fi="Kukaan muu ei ole silloin vapaana. Voit siirtää ajan: !siirrä-varaus NUMERO AIKA",
    sv="Ingen annan är ledig då. Du kan flytta tiden: !flytta-bokning NUMMER TID",
    en="Nobody else is free then. You can move the time: !move-booking NUMBER TIME",
)
_HAS_IT = Text(
    fi="Varaus on jo hänellä: {o}, {n}", sv="Bokningen är redan hos: {o}, {n}", en="It is already with: {o}, {n}"
)
_NOT_OFFERED = Text(
    fi="Varausta ei ole tarjottu muille: {n}. Sen palvelija voi tarjota sen reaktiolla 🔁.",
    sv="Bokningen har inte erbjudits andra: {n}. Den som har den kan erbjuda den med reaktionen 🔁.",
    en="The booking has not been offered: {n}. Whoever has it can offer it with the reaction 🔁.",
)
_NOT_OWN = Text(
    fi="Vain varauksen oma palvelija voi tarjota sen muille: {n}",
    sv="Bara den som har bokningen kan erbjuda den till andra: {n}",
    en="Only the one who has the booking can offer it to others: {n}",
)
_NO_PERSON = Text(
    fi="Anna henkilön Matrix-tunnus kokonaan, esimerkiksi: @tulkki:esimerkki.fi",
    sv="Ange personens Matrix-id i sin helhet, till exempel: @tolk:exempel.fi",
    en="Give the person's whole Matrix id, for example: @interpreter:example.fi",
)
_TAKES_PART = Text(
    fi="Hän on jo mukana tässä tapaamisessa.",
    sv="Personen är redan med i det här mötet.",
    en="The person takes part in this appointment already.",
)
_TOO_MANY = Text(
    fi="Tapaamiseen voi kutsua enintään: {n}.",
    sv="Till ett möte kan bjudas in högst: {n}.",
    en="At most this many can be invited to an appointment: {n}.",
)


def refusal(no: StaffRefusal, hearer: Hearer) -> Reply:  # noqa: C901, PLR0911 - one case for each refusal, checked whole
    match no:
        case NotFound(number):
            return say(hearer.of(_NOT_FOUND.format(n=number)))
        case NotStarted(number, start):
            return say(hearer.of(_NOT_STARTED.format(n=number, t=hearer.moment(start))))
        case NotHeldVisit(number):
            return say(hearer.of(_NOT_HELD.format(n=number)))
        case NotOpen(number):
            return say(hearer.of(_NOT_OPEN.format(n=number)))
        case DoesNotServe(official, able):
            why = _DOES_NOT_SERVE.format(o=hearer.of(official.title))
            return say(hearer.of(why)) + _able(able, hearer)
        case Busy(official, start, able):
            why = _BUSY.format(o=hearer.of(official.title), t=hearer.moment(start))
            return say(hearer.of(why)) + _able(able, hearer)
        case HasIt(official, number):
            return say(hearer.of(_HAS_IT.format(o=hearer.of(official.title), n=number)))
        case NotOwn(number):
            return say(hearer.of(_NOT_OWN.format(n=number)))
        case NotOffered(number):
            return say(hearer.of(_NOT_OFFERED.format(n=number)))
        case NoPerson():
            return say(hearer.of(_NO_PERSON))
        case TakesPart():
            return say(hearer.of(_TAKES_PART))
        case TooManyGuests(most):
            return say(hearer.of(_TOO_MANY.format(n=most)))
    assert_never(no)


def _able(able: tuple[Official, ...], hearer: Hearer) -> Reply:
    if not able:
        return say(hearer.of(NOBODY))
    return say(hearer.of(_ABLE)) + bullets(*(hearer.of(official.title) for official in able))
