"""What is said about an appointment: in its room, on the unit's wall, before it begins, when it falls through.

Every saying exists in three languages; a placeholder stands uninflected after a colon. Who hears it and where
is `bot.actions.notify`'s matter. A confidential unit's card shows a number and a time, never a subject or name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.booking import Appointment, Party
from bot.domain.directory import Municipality, Official, Place, Service, Unit, WeeklyHours
from bot.domain.ids import OfficialId, ServiceId, UnitId
from bot.domain.jobs import ReminderKind
from bot.domain.language import Language, Text
from bot.text import times, typed
from bot.text.reply import Command, Inline, Reply, Strong, bullets, say

LAST_REMINDER = timedelta(minutes=10)
"""How long before the start the last of `bot.domain.booking.reminders` is said."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment and all that its words may need, said at `now`."""

    appointment: Appointment
    service: Service
    unit: Unit
    official: Official
    municipality: Municipality
    now: datetime
    place: Place | None = None
    """The place that it takes, if it takes one."""

    @property
    def begins_at_once(self) -> bool:
        """Whether no reminder lies ahead: what is said now is the last thing said before the start."""
        return self.appointment.start - self.now <= LAST_REMINDER

    @property
    def on_the_spot(self) -> bool:
        return not self.service.remote

    def where(self, language: Language) -> str:
        """The place and its address; empty where there is none."""
        if self.place is None:
            return ""
        return ", ".join(part for part in (self.place.name.in_(language), self.place.address) if part)

    def when(self, language: Language) -> str:
        """Day, start and end in local time."""
        zone = self.municipality.time_zone
        return times.span(self.appointment.start, self.appointment.end, zone, language, self.now)


SERVICE = Text(fi="Palvelu: ", sv="Tjänst: ", en="Service: ")
TIME = Text(fi="Aika: ", sv="Tid: ", en="Time: ")
OFFICIAL = Text(fi="Palvelija: ", sv="Betjänas av: ", en="Served by: ")
NUMBER = Text(fi="Varausnumero: ", sv="Bokningsnummer: ", en="Booking number: ")
PLACE = Text(fi="Paikka: ", sv="Plats: ", en="Place: ")
TAKE_ALONG = Text(fi="Ota mukaan: ", sv="Ta med: ", en="Bring along: ")
BRING = Text(fi="Ota esille: ", sv="Ta fram: ", en="Have at hand: ")
SERVICE_ROOM_NAME = Text(fi="Etäpalvelu", sv="Distansservice", en="Remote service")
SERVICE_ROOM_TOPIC = Text(
    fi="Tämän huoneen ansiosta etäpalvelun löytää haulla. Täällä ei keskustella.",
    sv="Tack vare det här rummet hittas distansservicen i sökningen. Här förs inga samtal.",
    en="Because of this room the remote service is found by searching. Nobody talks here.",
)
"""The room in which the service stands alone."""
CANCEL_WORD = typed.CANCEL


def facts(visit: Visit, language: Language) -> Reply:
    """The appointment as a list: service, time, official, number, and what to have at hand."""
    rows: list[tuple[Inline, ...]] = [
        (SERVICE.in_(language), Strong(visit.service.name.in_(language))),
        (TIME.in_(language), Strong(visit.when(language))),
        (OFFICIAL.in_(language), visit.official.title.in_(language)),
        (NUMBER.in_(language), Strong(visit.appointment.number)),
    ]
    return bullets(*rows, *where_and_bring(visit, language))


def where_and_bring(visit: Visit, language: Language) -> list[tuple[Inline, ...]]:
    """Rows that only some services need."""
    rows: list[tuple[Inline, ...]] = []
    if where := visit.where(language):
        rows.append((PLACE.in_(language), where))
    if bring := visit.service.bring.in_(language):
        rows.append(((TAKE_ALONG if visit.on_the_spot else BRING).in_(language), bring))
    return rows


def to_change(visit: Visit, language: Language) -> Reply:
    """How the appointment is moved, and how it is cancelled."""
    cannot = Text(
        fi="Etkö pääse? Siirrä aika: ", sv="Kan du inte komma? Flytta tiden: ", en="Can't come? Move the appointment: "
    )
    cancel = Text(fi=" tai peru se: ", sv=" eller avboka: ", en=" or cancel it: ")
    number = visit.appointment.number
    moving, cancelling = (Command(f"{word.in_(language)} {number}") for word in (typed.MOVE, typed.CANCEL))
    return say(cannot.in_(language), moving, cancel.in_(language), cancelling)


def moved(before: Visit, after: Visit, language: Language) -> Reply:
    """Said in the appointment's room, to both."""
    head = Text(fi="Aika on siirretty.", sv="Tiden har flyttats.", en="The appointment has been moved.")
    old = Text(fi="Aiempi aika: ", sv="Tidigare tid: ", en="The time before: ")
    was = say(old.in_(language), before.when(language))
    return say(Strong(head.in_(language))) + facts(after, language) + was + to_change(after, language)


def welcome(visit: Visit, language: Language) -> Reply:
    """The first words in the appointment's room."""
    hello = _welcome_at_once(visit) if visit.begins_at_once else _welcome(visit)
    return say(hello.in_(language)) + facts(visit, language) + to_change(visit, language)


def _welcome(visit: Visit) -> Text:
    if visit.on_the_spot:
        return Text(
            fi="Tervetuloa! Käynti on paikan päällä sovittuna aikana. "
            "Tähän huoneeseen voit kirjoittaa ja lähettää liitteitä.",
            sv="Välkommen! Besöket är på plats på avtalad tid. I det här rummet kan du skriva och skicka bilagor.",
            en="Welcome! The visit is on the spot at the agreed time. You can write and send attachments in this room.",
        )
    return Text(
        fi="Tervetuloa! Tässä huoneessa tavataan sovittuna aikana. Voit kirjoittaa ja lähettää liitteitä jo nyt.",
        sv="Välkommen! I det här rummet möts vi på avtalad tid. Du kan skriva och skicka bilagor redan nu.",
        en="Welcome! We meet in this room at the agreed time. You can write and send attachments already now.",
    )


def _welcome_at_once(visit: Visit) -> Text:
    if visit.on_the_spot:
        return Text(
            fi="Tervetuloa! Aika alkaa kohta, ja käynti on paikan päällä. Tulkaa heti.",
            sv="Välkommen! Tiden börjar strax, och besöket är på plats. Kom genast.",
            en="Welcome! The appointment begins soon, and the visit is on the spot. Come now.",
        )
    return Text(
        fi="Tervetuloa! Aikanne alkaa kohta. Tulkaa huoneeseen heti ja jääkää tänne.",
        sv="Välkommen! Er tid börjar strax. Kom till rummet genast och stanna här.",
        en="Welcome! Your appointment begins soon. Come to this room now and stay here.",
    )


def reminder(visit: Visit, kind: ReminderKind, language: Language) -> Reply:
    head = {
        ReminderKind.DAY_BEFORE: Text(
            fi="Muistutus: sinulla on varattu aika.",
            sv="Påminnelse: du har en bokad tid.",
            en="Reminder: you have an appointment.",
        ),
        ReminderKind.SOON: Text(
            fi="Muistutus: aikasi alkaa kohta. Tavataan tässä huoneessa.",
            sv="Påminnelse: din tid börjar strax. Vi möts i det här rummet.",
            en="Reminder: your appointment begins soon. We meet in this room.",
        ),
    }[kind]
    if visit.on_the_spot and kind is ReminderKind.SOON:
        head = Text(
            fi="Muistutus: aikasi alkaa kohta. Käynti on paikan päällä.",
            sv="Påminnelse: din tid börjar strax. Besöket är på plats.",
            en="Reminder: your appointment begins soon. The visit is on the spot.",
        )
    return say(Strong(head.in_(language))) + facts(visit, language) + to_change(visit, language)


def cancelled(visit: Visit, by: Party, language: Language) -> Reply:
    """Said to the party that did not cancel."""
    if by is Party.CITIZEN:
        words = Text(
            fi="Asiakas perui ajan. Se on taas vapaana muille.",
            sv="Kunden har avbokat tiden. Den är ledig för andra igen.",
            en="The citizen has cancelled. The time is free for others again.",
        )
        return say(Strong(words.in_(language))) + facts(visit, language)
    words = Text(
        fi="Valitettavasti palvelija joutui perumaan aikasi.",
        sv="Tyvärr måste din tid avbokas.",
        en="We are sorry: your appointment had to be cancelled.",
    )
    return say(Strong(words.in_(language))) + facts(visit, language) + _book_again(visit, language)


def withdrawn(visit: Visit, language: Language, *, service_stays: bool) -> Reply:
    """Said to both when the municipality no longer has the service, or no longer the official."""
    words = Text(
        fi="Valitettavasti kunta joutui perumaan tämän ajan.",
        sv="Tyvärr måste kommunen avboka den här tiden.",
        en="We are sorry: the municipality had to cancel this appointment.",
    )
    onward = _book_again(visit, language) if service_stays else _other_services(visit, language)
    return say(Strong(words.in_(language))) + facts(visit, language) + onward


def _other_services(visit: Visit, language: Language) -> Reply:
    gone = Text(
        fi="Palvelua ei voi enää varata täältä. Muut palvelut näet kahdenkeskisessä keskustelussamme: ",
        sv="Tjänsten kan inte längre bokas här. Andra tjänster ser du i vår privata chatt: ",
        en="The service can no longer be booked here. See the other services in our private chat: ",
    )
    typed = Text(fi="!palvelut", sv="!tjänster", en="!services")
    call = Text(fi="Voit myös soittaa: {p}", sv="Du kan också ringa: {p}", en="You can also call: {p}")
    phone = visit.municipality.phone
    more = say(call.format(p=phone).in_(language)) if phone else Reply(())
    return say(gone.in_(language), Command(typed.in_(language))) + more


def gone_service(id: ServiceId, unit: UnitId) -> Service:
    """Stands for a service that the municipality no longer has."""
    name = Text(fi="Poistunut palvelu", sv="Tjänst som utgått", en="Former service")
    return Service(id=id, unit=unit, name=name, officials=())


def gone_official(id: OfficialId, unit: UnitId) -> Official:
    """Stands for an official whom the municipality no longer has."""
    title = Text(fi="Entinen palvelija", sv="Tidigare anställd", en="Former official")
    return Official(id=id, unit=unit, title=title, account="", hours=WeeklyHours(), active=False)


def _book_again(visit: Visit, language: Language) -> Reply:
    new = Text(
        fi="Varaa uusi aika: kirjoita minulle kahdenkeskisessä keskustelussa ",
        sv="Boka en ny tid: skriv till mig i vår privata chatt ",
        en="Book a new time: write to me in our private chat ",
    )
    typed = Text(fi="!varaa {s}", sv="!boka {s}", en="!book {s}").format(s=visit.service.name.in_(language))
    return say(new.in_(language), Command(typed.in_(language)))


def room_name(visit: Visit, language: Language) -> str:
    subject = visit.unit.name if visit.unit.confidential else visit.service.name
    zone = visit.municipality.time_zone
    return f"{subject.in_(language)} {times.moment(visit.appointment.start, zone, language, visit.now)}"


def room_topic(visit: Visit, language: Language) -> str:
    return NUMBER.in_(language) + visit.appointment.number


def unit_room_name(unit: Unit, language: Language) -> str:
    return Text(fi="Henkilöstö: ", sv="Personal: ", en="Staff: ").in_(language) + unit.name.in_(language)


def unit_room_topic(language: Language) -> str:
    return Text(
        fi="Yksikön varaukset. Päivän lista: !päivä",
        sv="Enhetens bokningar. Dagens lista: !dag",
        en="The unit's appointments. The day's list: !day",
    ).in_(language)
