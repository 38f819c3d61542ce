"""What is said about an appointment: in its room, on the unit's wall, before it begins, when it falls through.

Every saying exists in three languages; a placeholder stands uninflected after a colon. Who hears it and where
is `bot.actions.notify`'s matter. A confidential unit's card shows a number and a time, never a subject or name.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.booking import Appointment, Party, ReminderKind
from bot.domain.directory import Municipality, Official, Service, Unit
from bot.domain.language import Language, Text
from bot.text import times
from bot.text.reply import Command, Inline, Paragraph, Reply, Strong, bullets, say


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment and all that its words may need."""

    appointment: Appointment
    service: Service
    unit: Unit
    official: Official
    municipality: Municipality
    now: datetime

    def when(self, language: Language) -> str:
        """Day, start and end in local time."""
        zone = self.municipality.time_zone
        return times.span(self.appointment.start, self.appointment.end, zone, language, self.now)


SERVICE = Text(fi="Palvelu: ", sv="Tjänst: ", en="Service: ")
TIME = Text(fi="Aika: ", sv="Tid: ", en="Time: ")
OFFICIAL = Text(fi="Palvelija: ", sv="Betjänas av: ", en="Served by: ")
NUMBER = Text(fi="Varausnumero: ", sv="Bokningsnummer: ", en="Booking number: ")
BRING = Text(fi="Ota esille: ", sv="Ta fram: ", en="Have at hand: ")
CANCEL_WORD = Text(fi="!peru", sv="!avboka", en="!cancel")


def facts(visit: Visit, language: Language) -> Reply:
    """The appointment as a list: service, time, official, number, and what to have at hand."""
    rows: list[tuple[Inline, ...]] = [
        (SERVICE.in_(language), Strong(visit.service.name.in_(language))),
        (TIME.in_(language), Strong(visit.when(language))),
        (OFFICIAL.in_(language), visit.official.title.in_(language)),
        (NUMBER.in_(language), Strong(visit.appointment.number)),
    ]
    if bring := visit.service.bring.in_(language):
        rows.append((BRING.in_(language), bring))
    return bullets(*rows)


def confirmation(visit: Visit, language: Language) -> Reply:
    """The answer to the person who booked."""
    done = Text(fi="Aika on varattu.", sv="Tiden är bokad.", en="Your time is booked.")
    after = Text(
        fi="Saat kutsun huoneeseen, jossa tapaamme. Avaa kutsu ja hyväksy se. Muistutan sinua ajoissa.",
        sv="Du får en inbjudan till rummet där vi möts. Öppna den och godkänn. Jag påminner dig i tid.",
        en="You will get an invitation to the room where we meet. Open it and accept. I will remind you in time.",
    )
    return (
        say(Strong(done.in_(language)))
        + facts(visit, language)
        + say(after.in_(language))
        + _to_cancel(visit, language)
    )


def _to_cancel(visit: Visit, language: Language) -> Reply:
    cannot = Text(fi="Etkö pääse? Kirjoita: ", sv="Kan du inte komma? Skriv: ", en="Can't come? Type: ")
    typed = f"{CANCEL_WORD.in_(language)} {visit.appointment.number}"
    return say(cannot.in_(language), Command(typed))


def welcome(visit: Visit, language: Language) -> Reply:
    """The first words in the appointment's room."""
    hello = Text(
        fi="Tervetuloa! Tässä huoneessa tavataan sovittuna aikana. Voit kirjoittaa ja lähettää liitteitä jo nyt.",
        sv="Välkommen! I det här rummet möts vi på avtalad tid. Du kan skriva och skicka bilagor redan nu.",
        en="Welcome! We meet in this room at the agreed time. You can write and send attachments already now.",
    )
    return say(hello.in_(language)) + facts(visit, language) + _to_cancel(visit, language)


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
    return say(Strong(head.in_(language))) + facts(visit, language) + _to_cancel(visit, language)


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


def _book_again(visit: Visit, language: Language) -> Reply:
    new = Text(
        fi="Varaa uusi aika: kirjoita minulle kahdenkeskisessä keskustelussa ",
        sv="Boka en ny tid: skriv till mig i vår privata chatt ",
        en="Book a new time: write to me in our private chat ",
    )
    typed = Text(fi="!varaa {s}", sv="!boka {s}", en="!book {s}").format(s=visit.service.name.in_(language))
    return say(new.in_(language), Command(typed.in_(language)))


def card(visit: Visit) -> Reply:
    """The card on the unit's wall, in the municipality's own language."""
    return _card(visit, Text(fi="Varattu", sv="Bokad", en="Booked"))


def cancelled_card(visit: Visit, by: Party) -> Reply:
    words = {
        Party.CITIZEN: Text(fi="Asiakas perui", sv="Kunden avbokade", en="Cancelled by the citizen"),
        Party.OFFICIAL: Text(fi="Palvelija perui", sv="Avbokad av oss", en="Cancelled by us"),
    }[by]
    return _card(visit, words)


def _card(visit: Visit, state: Text) -> Reply:
    language = visit.municipality.default_language
    subject = "" if visit.unit.confidential else f" · {visit.service.name.in_(language)}"
    parts: tuple[Inline, ...] = (
        Strong(state.in_(language)),
        f": {visit.when(language)}{subject} · {visit.official.title.in_(language)} · {visit.appointment.number}",
    )
    return Reply((Paragraph(parts),))


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
