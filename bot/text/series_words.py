"""What is said of bookings that an official makes for a citizen, once or in a series."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.language import Language, Text
from bot.text import notices, typed
from bot.text.notices import Visit
from bot.text.reply import Bullets, Command, Inline, Reply, Strong, bullets, say
from bot.text.wording import Hearer

BOOK_FOR_WORD = Text(fi="!varaa-asiakkaalle", sv="!boka-åt", en="!book-for")
IDENTIFIED = Text(fi="tunnistettu", sv="identifierad", en="identified")
ANYWAY = Text(fi="silti", sv="ändå", en="anyway")
NO = Text(fi="ei", sv="nej", en="no")

NO_PERSON = Text(
    fi="Kenelle? Anna asiakkaan Matrix-tunnus: {c}",
    sv="Åt vem? Ange kundens Matrix-id: {c}",
    en="For whom? Give the citizen's Matrix id: {c}",
)
EXAMPLE = Text(
    fi="!varaa-asiakkaalle @asiakas:kunta.fi palvelu huomenna klo 10",
    sv="!boka-åt @kund:kommun.fi tjänst i morgon kl 10",
    en="!book-for @citizen:town.fi service tomorrow at 10",
)
NOT_IDENTIFIED = Text(
    fi="Palvelu vaatii tunnistetun asiakkaan. Kun olet tunnistanut hänet, lisää rivin loppuun: {w}",
    sv="Tjänsten kräver en identifierad kund. När du har identifierat kunden, lägg till sist på raden: {w}",
    en="The service needs an identified citizen. Once you have identified them, add to the end of the line: {w}",
)
NO_RULE = Text(
    fi="En ymmärtänyt toistoa. Kirjoita esimerkiksi: joka viikko 6 kertaa",
    sv="Jag förstod inte upprepningen. Skriv till exempel: varje vecka 6 gånger",
    en="I did not understand the repetition. Write for example: every week 6 times",
)
NO_SERIES_TIME = Text(
    fi="Sarjalle tarvitaan päivä ja kellonaika, josta se alkaa.",
    sv="En serie behöver dag och klockslag för början.",
    en="A series needs the day and the time that it begins with.",
)
BOOKED = Text(
    fi="Varattu asiakkaalle: {n} aikaa.", sv="Bokat åt kunden: {n} tider.", en="Booked for the citizen: {n} times."
)
NONE_FREE = Text(
    fi="Yksikään sarjan ajoista ei ole vapaana. Mitään ei varattu.",
    sv="Ingen av seriens tider är ledig. Ingenting bokades.",
    en="None of the series' times is free. Nothing was booked.",
)
CONFLICTS = Text(
    fi="Nämä ajat eivät käy. Suluissa lähin vapaa aika:",
    sv="De här tiderna går inte. Inom parentes närmaste lediga tid:",
    en="These times do not work. The nearest free time is in brackets:",
)
STILL = Text(
    fi="Mitään ei ole vielä varattu. Vastaa numerolla:",
    sv="Ingenting är bokat ännu. Svara med siffra:",
    en="Nothing is booked yet. Answer with a number:",
)
BOOK_REST = Text(fi="Varaa muut: {n}", sv="Boka de övriga: {n}", en="Book the others: {n}")
BOOK_NONE = Text(fi="Älä varaa mitään", sv="Boka ingenting", en="Book nothing")
NOTHING_BOOKED = Text(fi="Mitään ei varattu.", sv="Ingenting bokades.", en="Nothing was booked.")
ROOMS = Text(
    fi="Kahden ensimmäisen ajan huoneet avataan heti, muiden päivää ennen.",
    sv="Rummen för de två första tiderna öppnas genast, de andra dagen före.",
    en="The rooms of the first two times are opened now, the others the day before.",
)
_FOR_YOU = Text(
    fi="Sinulle on varattu nämä ajat:", sv="De här tiderna är bokade åt dig:", en="These times are booked for you:"
)
_SEE = Text(
    fi="Kaikki aikasi näet kahdenkeskisessä keskustelussamme: ",
    sv="Alla dina tider ser du i vår privata chatt: ",
    en="See all your times in our private chat: ",
)


def for_you(visits: Sequence[Visit], language: Language) -> Reply:
    """To the citizen, in the first appointment's room: all times of the series."""
    rows: list[tuple[Inline, ...]] = [
        (Strong(visit.when(language)), f" · {visit.appointment.number}") for visit in visits
    ]
    head = say(Strong(_FOR_YOU.in_(language)), " ", visits[0].service.name.in_(language))
    see = Command(typed.BOOKINGS.in_(language))
    return head + Reply((Bullets(tuple(rows)),)) + say(_SEE.in_(language), see)


def booked(visits: Sequence[Visit], language: Language) -> Reply:
    """To the official."""
    rows: list[tuple[Inline, ...]] = [
        (Strong(visit.when(language)), f" · {visit.official.title.in_(language)} · {visit.appointment.number}")
        for visit in visits
    ]
    return say(Strong(BOOKED.format(n=len(visits)).in_(language))) + Reply((Bullets(tuple(rows)),))


def booked_once(visit: Visit, language: Language) -> Reply:
    return say(Strong(BOOKED.format(n=1).in_(language))) + notices.facts(visit, language)


def conflicts(several: Sequence[tuple[datetime, datetime | None]], hearer: Hearer) -> Reply:
    """Each time that does not work, with the nearest that does."""
    return say(hearer.of(CONFLICTS)) + bullets(*(_conflict(start, nearest, hearer) for start, nearest in several))


def _conflict(start: datetime, nearest: datetime | None, hearer: Hearer) -> str:
    return hearer.moment(start) + ("" if nearest is None else f" ({hearer.moment(nearest)})")
