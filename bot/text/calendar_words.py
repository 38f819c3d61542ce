"""The words of an appointment inside people's own calendars, and those about a calendar's private address.

A confidential unit's entry names the unit and nothing that tells what it is about: calendars are shared and synced
further than anybody thinks.
"""

from bot.domain.language import Language, Text
from bot.text import typed
from bot.text.notices import BRING, NUMBER, TAKE_ALONG, Visit
from bot.text.reply import Command, Reply, bullets, say

FILE_NAME = Text(fi="aika-{n}.ics", sv="tid-{n}.ics", en="appointment-{n}.ics")

_CANCELLED = Text(fi="Peruttu", sv="Avbokad", en="Cancelled")


def summary(visit: Visit, language: Language, *, cancelled: bool) -> str:
    """The subject: the service, or the unit where that is confidential."""
    subject = (visit.unit.name if visit.unit.confidential else visit.service.name).in_(language)
    return f"{_CANCELLED.in_(language)}: {subject}" if cancelled else subject


def description(visit: Visit, language: Language, *, cancelled: bool) -> str:
    """How to come, what to have at hand, and what to do if one can't; a line each."""
    number = NUMBER.in_(language) + visit.appointment.number
    if cancelled:
        return f"{_FELL_THROUGH.in_(language)}\n{number}"
    come = (_ON_THE_SPOT if visit.on_the_spot else _REMOTE).in_(language)
    return "\n".join([number, come, *_at_hand(visit, language), *_changes(visit, language)])


_FELL_THROUGH = Text(
    fi="Tämä aika on peruttu.",
    sv="Den här tiden är avbokad.",
    en="This appointment is cancelled.",
)
_ON_THE_SPOT = Text(
    fi="Tule paikan päälle sovittuna aikana.",
    sv="Kom till platsen på avtalad tid.",
    en="Come to the place at the agreed time.",
)
_REMOTE = Text(
    fi="Liity näin: avaa Matrix-sovelluksessasi huone, johon sait kutsun.",
    sv="Så deltar du: öppna i din Matrix-app rummet som du fick en inbjudan till.",
    en="To join, open the room that you were invited to in your Matrix app.",
)


def _at_hand(visit: Visit, language: Language) -> list[str]:
    bring = "" if visit.unit.confidential else visit.service.bring.in_(language)
    label = TAKE_ALONG if visit.on_the_spot else BRING
    return [label.in_(language) + bring] if bring else []


def _changes(visit: Visit, language: Language) -> list[str]:
    cannot = Text(
        fi="Etkö pääse? Kirjoita palvelulle: {c}",
        sv="Kan du inte komma? Skriv till tjänsten: {c}",
        en="Can't come? Write to the service: {c}",
    )
    other = Text(fi="Toinen aika: {c}", sv="En annan tid: {c}", en="Another time: {c}")
    call = Text(fi="Puhelin: {p}", sv="Telefon: {p}", en="Telephone: {p}")
    number, phone = visit.appointment.number, visit.municipality.phone
    lines = [
        cannot.format(c=f"{typed.CANCEL.in_(language)} {number}"),
        other.format(c=f"{typed.MOVE.in_(language)} {number}"),
    ]
    return [line.in_(language) for line in (*lines, *([call.format(p=phone)] if phone else []))]


def feed_name(municipality: str, language: Language) -> str:
    """What a subscriber's calendar is called."""
    return (
        Text(fi="Varatut ajat: {m}", sv="Bokade tider: {m}", en="Appointments: {m}")
        .format(m=municipality)
        .in_(language)
    )


def feed_address(address: str, language: Language) -> Reply:
    """A new private address, said once: nobody can look it up later. As no link, so that nothing fetches a preview."""
    yours = Text(
        fi="Tässä on oma kalenteriosoitteesi. Tilaa se kalenterisovelluksessasi, niin varatut aikasi näkyvät siellä:",
        sv="Här är din egen kalenderadress. Prenumerera på den i din kalenderapp, så syns dina bokade tider där:",
        en="This is your own calendar address. Subscribe to it in your calendar app to see your appointments there:",
    )
    careful = Text(
        fi="Säilytä osoite vain itselläsi: kuka tahansa, jolla se on, näkee kalenterisi.",
        sv="Håll adressen för dig själv: vem som helst som har den ser din kalender.",
        en="Keep the address to yourself: whoever has it sees your calendar.",
    )
    return say(yours.in_(language)) + say(Command(address)) + say(careful.in_(language)) + _renew_or_end(language)


def feed_exists(language: Language) -> Reply:
    words = Text(
        fi="Sinulla on jo kalenteriosoite. En voi näyttää sitä uudelleen, koska siitä on tallessa vain tiiviste.",
        sv="Du har redan en kalenderadress. Jag kan inte visa den igen, eftersom bara dess kontrollsumma är sparad.",
        en="You have a calendar address already. I can't show it again, since only its digest is kept.",
    )
    return say(words.in_(language)) + _renew_or_end(language)


def feed_ended(language: Language) -> Reply:
    words = Text(
        fi="Kalenteriosoitteesi on poistettu. Se ei enää näytä mitään kenellekään. Uusi osoite: ",
        sv="Din kalenderadress är borttagen. Den visar inte längre något för någon. En ny adress: ",
        en="Your calendar address is gone. It shows nothing to anybody any more. A new address: ",
    )
    return say(words.in_(language), Command(CALENDAR.in_(language)))


def no_feed(language: Language) -> Reply:
    words = Text(
        fi="Sinulla ei ole kalenteriosoitetta. Saat sellaisen näin: ",
        sv="Du har ingen kalenderadress. Så får du en: ",
        en="You have no calendar address. Get one like this: ",
    )
    return say(words.in_(language), Command(CALENDAR.in_(language)))


def no_feeds_here(language: Language) -> Reply:
    words = Text(
        fi="Kalenteriosoitteita ei ole nyt saatavilla. Lisää ajan kalenteriisi liitteestä, joka on ajan huoneessa.",
        sv="Kalenderadresser är inte tillgängliga just nu. Lägg till tiden i din kalender från bilagan i tidens rum.",
        en="Calendar addresses are not available now. Add the appointment from the attachment in its room.",
    )
    return say(words.in_(language))


def not_understood(language: Language) -> Reply:
    words = Text(
        fi="En ymmärtänyt. Kalenteriosoitteesi saat näin: ",
        sv="Jag förstod inte. Din kalenderadress får du så här: ",
        en="I did not understand. Get your calendar address like this: ",
    )
    return say(words.in_(language), Command(CALENDAR.in_(language))) + _renew_or_end(language)


CALENDAR = Text(fi="!kalenteri", sv="!kalender", en="!calendar")


def _renew_or_end(language: Language) -> Reply:
    renew = Text(
        fi="Uusi osoite, jolloin vanha lakkaa: ",
        sv="En ny adress, och den gamla upphör: ",
        en="A new address, which ends the old one: ",
    )
    end = Text(fi="Poista osoite: ", sv="Ta bort adressen: ", en="End the address: ")
    new = Text(fi="!kalenteri uusi", sv="!kalender ny", en="!calendar new")
    off = Text(fi="!kalenteri pois", sv="!kalender av", en="!calendar off")
    return bullets(
        (renew.in_(language), Command(new.in_(language))),
        (end.in_(language), Command(off.in_(language))),
    )
