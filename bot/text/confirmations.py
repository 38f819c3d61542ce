"""What a person is told who is about to book, and who has booked.

What others are told of an appointment, and what follows later, is `bot.text.notices`' matter.
"""

from datetime import timedelta

from bot.domain.language import Language, Text
from bot.text import typed
from bot.text.notices import OFFICIAL, SERVICE, TIME, Visit, facts, to_change, where_and_bring
from bot.text.reply import Command, Inline, Reply, Strong, bullets, choices, say

WORTH_WAITING = timedelta(days=2)
"""A time further ahead than this makes the offer to wait for an earlier one."""


def summary(visit: Visit, language: Language) -> Reply:
    """What a person is about to book, with the question whether they do; its choices are yes and no, in this order."""
    rows: list[tuple[Inline, ...]] = [
        (SERVICE.in_(language), Strong(visit.service.name.in_(language))),
        (TIME.in_(language), Strong(visit.when(language))),
        (OFFICIAL.in_(language), visit.official.title.in_(language)),
    ]
    ask = Text(
        fi="Pidän tätä aikaa sinulle viisi minuuttia. Varataanko se? Vastaa numerolla:",
        sv="Jag håller den här tiden för dig i fem minuter. Ska den bokas? Svara med siffra:",
        en="I keep this time for you for five minutes. Shall I book it? Answer with a number:",
    )
    yes = Text(fi="Kyllä, varaa", sv="Ja, boka", en="Yes, book it")
    no = Text(fi="Ei, näytä muita aikoja", sv="Nej, visa andra tider", en="No, show other times")
    listed = bullets(*rows, *where_and_bring(visit, language))
    return listed + say(ask.in_(language)) + choices(yes.in_(language), no.in_(language))


def confirmation(visit: Visit, language: Language) -> Reply:
    """The answer to the person who booked: what, what happens next, how to come, and how to change it."""
    done = Text(fi="Aika on varattu.", sv="Tiden är bokad.", en="Your time is booked.")
    joining = _joining_on_the_spot(visit) if visit.on_the_spot else _joining(visit)
    return (
        say(Strong(done.in_(language)))
        + facts(visit, language)
        + say(joining.in_(language))
        + say(_DOCUMENTS.in_(language))
        + _next_steps(visit, language)
        + to_change(visit, language)
        + _to_wait(visit, language)
    )


_DOCUMENTS = Text(
    fi="Asiakirjat ja kuvat voit lähettää siihen huoneeseen liitteinä jo ennen tapaamista.",
    sv="Dokument och bilder kan du skicka som bilagor i det rummet redan före mötet.",
    en="You can send documents and pictures to that room as attachments already before we meet.",
)


def _joining(visit: Visit) -> Text:
    if visit.begins_at_once:
        return Text(
            fi="Aikasi alkaa kohta. Saat kutsun huoneeseen, jossa tapaamme. Tule huoneeseen heti.",
            sv="Din tid börjar strax. Du får en inbjudan till rummet där vi möts. Kom till rummet genast.",
            en="Your appointment begins soon. You will get an invitation to the room where we meet. "
            "Come to the room now.",
        )
    return Text(
        fi="Saat kutsun huoneeseen, jossa tapaamme. Avaa kutsu ja hyväksy se. Muistutan sinua ajoissa.",
        sv="Du får en inbjudan till rummet där vi möts. Öppna den och godkänn. Jag påminner dig i tid.",
        en="You will get an invitation to the room where we meet. Open it and accept. I will remind you in time.",
    )


def _joining_on_the_spot(visit: Visit) -> Text:
    """A visit on the spot has a room too: for words, documents and reminders."""
    if visit.begins_at_once:
        return Text(
            fi="Käynti on paikan päällä ja alkaa kohta: tule heti. Saat kutsun huoneeseen, jossa voit kirjoittaa.",
            sv="Besöket är på plats och börjar strax: kom genast. Du får en inbjudan till ett rum där du kan skriva.",
            en="The visit is on the spot and begins soon: come now. You will get an invitation to a room to write in.",
        )
    return Text(
        fi="Käynti on paikan päällä. Saat myös kutsun huoneeseen, jossa voit kirjoittaa: hyväksy se. "
        "Muistutan ajoissa.",
        sv="Besöket är på plats. Du får också en inbjudan till ett rum där du kan skriva: godkänn den. "
        "Jag påminner i tid.",
        en="The visit is on the spot. You will also get an invitation to a room to write in: accept it. "
        "I will remind you in time.",
    )


def _next_steps(visit: Visit, language: Language) -> Reply:
    steps = visit.service.next_steps.in_(language)
    head = Text(fi="Mitä seuraavaksi: ", sv="Vad som händer nu: ", en="What happens next: ")
    return say(head.in_(language), steps) if steps else Reply(())


def _to_wait(visit: Visit, language: Language) -> Reply:
    """Where the time lies far ahead, an earlier one can be waited for."""
    if visit.appointment.start - visit.now <= WORTH_WAITING:
        return Reply(())
    ask = Text(
        fi="Haluatko aikaisemman ajan, jos sellainen vapautuu? Kirjoita: ",
        sv="Vill du ha en tidigare tid om en sådan blir ledig? Skriv: ",
        en="Would you like an earlier time if one comes free? Type: ",
    )
    return say(ask.in_(language), Command(f"{typed.NOTIFY.in_(language)} {visit.service.id}"))
