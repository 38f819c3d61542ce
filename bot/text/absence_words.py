"""What is said when an official is away: to the citizens whose times it touches, and to the official.

Why somebody is away is never said.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.domain.directory import Official
from bot.domain.language import Language, Text
from bot.text import notices, times, typed
from bot.text.notices import Visit
from bot.text.reply import Command, Inline, Reply, Strong, choices, say

SUBSTITUTE_WORD = Text(fi="!sijainen", sv="!ersättare", en="!substitute")
AWAY_WORD = Text(fi="!poissa", sv="!borta", en="!away")
CANCEL = Text(fi="peru", sv="avboka", en="cancel")
"""Behind `SUBSTITUTE_WORD` and a number: none of the times suits."""
YES = Text(fi="kyllä", sv="ja", en="yes")
NO = Text(fi="ei", sv="nej", en="no")
BACK = Text(fi="peru", sv="ångra", en="undo")

_AWAY = Text(
    fi="Valitettavasti palvelijasi on poissa varaamanasi aikana: {t}. Miten jatketaan? Vastaa numerolla:",
    sv="Tyvärr är den som skulle betjäna dig borta vid din tid: {t}. Hur går vi vidare? Svara med siffra:",
    en="We are sorry: the official is away at your time: {t}. How shall we go on? Answer with a number:",
)
_SAME = Text(fi="Sama aika, palvelijana: {o}", sv="Samma tid, hos: {o}", en="The same time, served by: {o}")
_NONE = Text(fi="Peru aika", sv="Avboka tiden", en="Cancel the appointment")
_ELSE_SUBSTITUTE = Text(
    fi="Jos et vastaa, toinen palvelija hoitaa asiasi samaan aikaan. Vastaa ennen: {d}",
    sv="Om du inte svarar betjänas du av en annan vid samma tid. Svara före: {d}",
    en="If you do not answer, somebody else will serve you at the same time. Answer before: {d}",
)
_ELSE_CANCELLED = Text(
    fi="Jos et vastaa, aika perutaan. Vastaa ennen: {d}",
    sv="Om du inte svarar avbokas tiden. Svara före: {d}",
    en="If you do not answer, the appointment is cancelled. Answer before: {d}",
)
_NO_LONGER_FREE = Text(
    fi="Se aika ehti mennä. Tässä ovat uudet vaihtoehdot:",
    sv="Den tiden hann gå åt. Här är nya alternativ:",
    en="That time has just gone. Here are new choices:",
)
_SETTLED = Text(
    fi="Palvelijasi on poissa, ja toinen hoitaa asiasi samaan aikaan.",
    sv="Den som skulle betjäna dig är borta, och en annan betjänar dig vid samma tid.",
    en="The official is away, and somebody else will serve you at the same time.",
)
_FELL_THROUGH = Text(
    fi="Pahoittelemme: palvelija on poissa, eikä sijaista löytynyt. Aika on peruttu.",
    sv="Vi beklagar: den som skulle betjäna dig är borta och ingen ersättare hittades. Tiden är avbokad.",
    en="We are sorry: the official is away and no substitute was found. The appointment is cancelled.",
)
_STAYS = Text(
    fi="Palvelijasi onkin paikalla. Aikasi on voimassa entisellään.",
    sv="Den som skulle betjäna dig är på plats ändå. Din tid gäller som förut.",
    en="The official is there after all. Your appointment stands as it was.",
)
_CHOSEN = Text(fi="Selvä. Aikasi on nyt tämä:", sv="Bra. Din tid är nu den här:", en="Good. This is your time now:")
_CANCELLED = Text(fi="Aika on peruttu.", sv="Tiden är avbokad.", en="The appointment is cancelled.")
NOTHING_ASKED = Text(
    fi="Tästä varauksesta ei ole valittavaa. Omat varauksesi: ",
    sv="För den här bokningen finns inget att välja. Dina bokningar: ",
    en="There is nothing to choose for this booking. Your bookings: ",
)


def question(
    visit: Visit, substitute: Official | None, starts: Sequence[datetime], until: datetime, language: Language
) -> Reply:
    """The choices in the order of `lines`."""
    return say(_AWAY.format(t=visit.when(language)).in_(language)) + _choices(
        visit, substitute, starts, until, language
    )


def asked_again(
    visit: Visit, substitute: Official | None, starts: Sequence[datetime], until: datetime, language: Language
) -> Reply:
    return say(_NO_LONGER_FREE.in_(language)) + _choices(visit, substitute, starts, until, language)


def _choices(
    visit: Visit, substitute: Official | None, starts: Sequence[datetime], until: datetime, language: Language
) -> Reply:
    same = [] if substitute is None else [_SAME.format(o=substitute.title.in_(language)).in_(language)]
    others = [_moment(visit, start, language) for start in starts]
    silent = _ELSE_CANCELLED if substitute is None else _ELSE_SUBSTITUTE
    listed = choices(*same, *others, _NONE.in_(language))
    return listed + say(silent.format(d=_moment(visit, until, language)).in_(language))


def _moment(visit: Visit, at: datetime, language: Language) -> str:
    return times.moment(at, visit.municipality.time_zone, language, visit.now)


def lines(visit: Visit, substitute: Official | None, starts: Sequence[datetime], language: Language) -> list[str]:
    """The command line behind each choice: `!sijainen H7K3MP`, `!sijainen H7K3MP 2026-11-26 09:00`, `… peru`."""
    zone, word = visit.municipality.time_zone, f"{SUBSTITUTE_WORD.in_(language)} {visit.appointment.number}"
    same = [] if substitute is None else [word]
    others = [f"{word} {start.astimezone(zone):%Y-%m-%d %H:%M}" for start in starts]
    return [*same, *others, f"{word} {CANCEL.in_(language)}"]


def settled(visit: Visit, language: Language) -> Reply:
    return say(Strong(_SETTLED.in_(language))) + notices.facts(visit, language) + notices.to_change(visit, language)


def fell_through(visit: Visit, language: Language) -> Reply:
    new = Text(
        fi="Varaa uusi aika: kirjoita minulle kahdenkeskisessä keskustelussa ",
        sv="Boka en ny tid: skriv till mig i vår privata chatt ",
        en="Book a new time: write to me in our private chat ",
    )
    book = f"{typed.BOOK.in_(language)} {visit.service.name.in_(language)}"
    apology = say(Strong(_FELL_THROUGH.in_(language))) + notices.facts(visit, language)
    return apology + say(new.in_(language), Command(book))


def stays(visit: Visit, language: Language) -> Reply:
    return say(Strong(_STAYS.in_(language))) + notices.facts(visit, language)


def chosen(visit: Visit, language: Language) -> Reply:
    return say(Strong(_CHOSEN.in_(language))) + notices.facts(visit, language) + notices.to_change(visit, language)


def cancelled(visit: Visit, language: Language) -> Reply:
    return say(Strong(_CANCELLED.in_(language)), " ", visit.when(language))


HOW_LONG = Text(
    fi="Kuinka kauan olet poissa? Vastaa numerolla, tai kirjoita päivät:",
    sv="Hur länge är du borta? Svara med siffra, eller skriv dagarna:",
    en="How long are you away? Answer with a number, or type the days:",
)
LENGTHS = (
    Text(fi="1 pv", sv="1 dag", en="1 day"),
    Text(fi="2 pv", sv="2 dagar", en="2 days"),
    Text(fi="3 pv", sv="3 dagar", en="3 days"),
    Text(fi="7 pv", sv="7 dagar", en="7 days"),
)
_AFFECTED = Text(
    fi="Poissa {d}: tämä koskee varauksia: {n}. Kysyn jokaiselta asiakkaalta, miten jatketaan. Vastaa numerolla:",
    sv="Borta {d}: det här berör bokningar: {n}. Jag frågar varje kund hur vi går vidare. Svara med siffra:",
    en="Away {d}: bookings that this touches: {n}. I ask each citizen how to go on. Answer with a number:",
)
DO_IT = Text(fi="Merkitse poissa", sv="Anteckna frånvaro", en="Mark me as away")
LEAVE_IT = Text(fi="Älä tee mitään", sv="Gör ingenting", en="Do nothing")
NOTHING_DONE = Text(fi="Mitään ei muutettu.", sv="Ingenting ändrades.", en="Nothing was changed.")
_MARKED = Text(
    fi="Olet poissa {d} – silloin ei voi varata aikaa.",
    sv="Du är borta {d} – inga tider kan bokas då.",
    en="You are away {d} – no times can be booked then.",
)
_ASKED = Text(
    fi="Kysyin asiakkailta, miten jatketaan: {n}. Peru poissaolo: ",
    sv="Jag frågade kunderna hur vi går vidare: {n}. Ångra frånvaron: ",
    en="Citizens whom I asked how to go on: {n}. Undo the absence: ",
)
_UNDO = Text(fi="Peru poissaolo: ", sv="Ångra frånvaron: ", en="Undo the absence: ")
_AT_ONCE = Text(
    fi="Alle tunnin päässä olevat hoidettiin heti: sijaiselle {s}, peruttiin {c}.",
    sv="De som börjar inom en timme avgjordes genast: till ersättare {s}, avbokades {c}.",
    en="Those within the hour were settled at once: to a substitute {s}, cancelled {c}.",
)
_IS_BACK = Text(
    fi="Poissaolo {d} on peruttu. Ajat, joista asiakas ei ollut vielä valinnut, ovat taas voimassa: {n}",
    sv="Frånvaron {d} är ångrad. Tider som kunden inte hade hunnit välja om gäller igen: {n}",
    en="The absence {d} is undone. Times for which the citizen had not chosen yet stand again: {n}",
)
WAS_NOT_AWAY = Text(
    fi="Sinulle ei ole merkitty poissaoloa.", sv="Ingen frånvaro är antecknad.", en="You are not marked as away."
)


def days(several: Iterable[date], language: Language, today: date) -> str:
    """`ti 12.1.`, or the first and the last day."""
    written = [times.day(day, language, today) for day in several]
    return written[0] if len(written) == 1 else f"{written[0]} – {written[-1]}"


def affected(span: str, count: int, language: Language) -> Reply:
    ask = say(_AFFECTED.format(d=span, n=count).in_(language))
    return ask + choices(DO_IT.in_(language), LEAVE_IT.in_(language))


def marked(span: str, asked: int, taken: int, fallen: int, language: Language) -> Reply:
    """What the official hears once it is done."""
    undo = Command(f"{AWAY_WORD.in_(language)} {BACK.in_(language)}")
    reply = say(Strong(_MARKED.format(d=span).in_(language)))
    if taken or fallen:
        reply += say(_AT_ONCE.format(s=taken, c=fallen).in_(language))
    ahead: Inline = _ASKED.format(n=asked).in_(language) if asked else _UNDO.in_(language)
    return reply + say(ahead, undo)


def is_back(span: str, restored: int, language: Language) -> Reply:
    return say(_IS_BACK.format(d=span, n=restored).in_(language))
