"""The words of advice: an entry as an answer on a phone, choices, "I don't know", and the staff's cards.

What is quoted stands as the municipality wrote it, cut at a sentence's end; the words around it are ours.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.domain.advice import Referral
from bot.domain.catalogue import Channel, ChannelKind, Entry, Words, best
from bot.domain.inquiry import Inquiry
from bot.domain.language import Language, Text
from bot.text.opening_words import caution, hours_of, on_day
from bot.text.reply import Command, Inline, Link, Reply, Strong, bullets, say

LONGEST_QUOTE = 600
"""Characters of a quoted text: a phone's screen."""
LONGEST_PRICE = 200
MOST_CHANNELS = 3

_REGRET = Text(fi="", sv="Tyvärr finns det här bara på finska:", en="Unfortunately this is in Finnish only:")
_FOREIGN = Text(
    fi="Tästä on tietoa vain toisella kielellä:",
    sv="Det här finns bara på ett annat språk:",
    en="This is in another language only:",
)
_SOURCE = Text(fi="Lähde: ", sv="Källa: ", en="Source: ")
_UPDATED = Text(fi="päivitetty {d}", sv="uppdaterad {d}", en="updated {d}")
_PRICE = Text(fi="Hinta: ", sv="Pris: ", en="Price: ")
_HOURS = Text(fi="Aukioloajat: ", sv="Öppettider: ", en="Hours: ")
_NOT_KNOWN = Text(fi="ei tiedossa", sv="inte känt", en="not known")
_PLACE = Text(fi="Paikka: ", sv="Plats: ", en="Place: ")
_PHONE = Text(fi="Puhelin: ", sv="Telefon: ", en="Phone: ")
_BY = {
    ChannelKind.PHONE: _PHONE,
    ChannelKind.PLACE: _PLACE,
    ChannelKind.E_SERVICE: Text(fi="Verkkoasiointi: ", sv="E-tjänst: ", en="E-service: "),
    ChannelKind.FORM: Text(fi="Lomake: ", sv="Blankett: ", en="Form: "),
    ChannelKind.EMAIL: Text(fi="Sähköposti: ", sv="E-post: ", en="E-mail: "),
    ChannelKind.WEB: Text(fi="Verkossa: ", sv="På webben: ", en="On the web: "),
    ChannelKind.CHAT: Text(fi="Chat: ", sv="Chatt: ", en="Chat: "),
    ChannelKind.VIDEO: Text(fi="Video: ", sv="Video: ", en="Video: "),
}
ASK_OFFICIAL = Text(fi="Kysy virkailijalta", sv="Fråga en tjänsteman", en="Ask an official")
BOOK_TIME = Text(fi="Varaa aika", sv="Boka en tid", en="Book a time")
NONE_OF_THESE = Text(fi="Ei mikään näistä", sv="Inget av dessa", en="None of these")
NOT_HELPED = Text(fi="Eikö tämä auttanut?", sv="Hjälpte det inte?", en="Did this not help?")
WHICH = Text(
    fi="Mitä näistä tarkoitat? Vastaa numerolla:",
    sv="Vilket av dessa menar du? Svara med siffra:",
    en="Which of these do you mean? Answer with a number:",
)
DO_NOT_KNOW = Text(
    fi="Tähän en osaa vastata. Näin pääset eteenpäin:",
    sv="Det här kan jag inte svara på. Så här kommer du vidare:",
    en="I don't know the answer to this. Here is how to go on:",
)
NOT_READY = Text(
    fi="Neuvonta ei vastaa juuri nyt. Näin pääset eteenpäin:",
    sv="Rådgivningen svarar inte just nu. Så här kommer du vidare:",
    en="The advice does not answer right now. Here is how to go on:",
)
NOT_OURS = Text(
    fi="Tätä asiaa ei hoida kunta.",
    sv="Det här sköter inte kommunen.",
    en="The municipality does not take care of this.",
)
OTHER_WAYS = Text(fi="Miten jatketaan?", sv="Hur går vi vidare?", en="How shall we go on?")
NO_IDENTITY = Text(
    fi="Älä lähetä henkilötunnusta tässä keskustelussa. En tallentanut sitä.",
    sv="Skicka inte din personbeteckning i den här chatten. Jag sparade den inte.",
    en="Please do not send a personal identity code in this chat. I did not store it.",
)
SENT_ON = Text(
    fi="Kysymyksesi on nyt virkailijoilla numerolla {n}. Vastaus tulee tähän, ehkä vasta seuraavana arkipäivänä.",
    sv="Din fråga är nu hos tjänstemännen med numret {n}. Svaret kommer i den här chatten, kanske först nästa vardag.",
    en="Your question is now with the officials as number {n}. The answer comes here, perhaps on the next working day.",
)
ALREADY_SENT = Text(
    fi="Kysymys {n} on jo virkailijoilla.",
    sv="Frågan {n} är redan hos tjänstemännen.",
    en="Question {n} is with the officials.",
)
GONE = Text(
    fi="Tuota kysymystä ei enää ole. Kysy uudelleen omin sanoin.",
    sv="Den frågan finns inte längre. Fråga på nytt med egna ord.",
    en="That question is no longer there. Ask again in your own words.",
)
CALL = Text(fi="Voit myös soittaa: ", sv="Du kan också ringa: ", en="You can also call: ")


def answer(
    entry: Entry, language: Language, today: date, day: date | None = None, holiday: Text | None = None
) -> Reply:
    """An entry as the answer; `day` is the asked one, and `holiday` the name of it where it is one."""
    found = best(entry.summary, language) or best(entry.description, language)
    reply = _regret(found[1] if found else language, language)
    reply += say(Strong(_in(entry.name, language)))
    reply += say(quoted(found[0])) if found else Reply(())
    reply += _hours(entry, language, today, day, holiday)
    if price := best(entry.prices, language):
        reply += say(_PRICE.in_(language), quoted(price[0], LONGEST_PRICE))
    ways = [_way(one, language) for one in _chosen(entry.channels)]
    return reply + (bullets(*ways) if ways else Reply(())) + source(entry, language)


def _regret(found: Language, asked: Language) -> Reply:
    if found is asked:
        return Reply(())
    words = (_REGRET if found is Language.FI else _FOREIGN).in_(asked)
    return say(words) if words else Reply(())


def _in(words: Words, language: Language) -> str:
    found = best(words, language)
    return found[0] if found else ""


def quoted(words: str, most: int = LONGEST_QUOTE) -> str:
    """Whole sentences up to `most` characters; a longer first sentence ends in three dots at a word's end."""
    told = " ".join(words.split())
    if len(told) <= most:
        return told
    ends = [end.end() for end in re.finditer(r"[.!?](?=\s)", told[: most + 1])]
    return told[: ends[-1]] if ends else told[:most].rsplit(" ", 1)[0] + " …"


def _hours(entry: Entry, language: Language, today: date, day: date | None, holiday: Text | None) -> Reply:
    hours, by = hours_of(entry)
    if hours is None and entry.hours_text:
        return say(_HOURS.in_(language), _in(entry.hours_text, language))
    if hours is None and day is None:
        return Reply(())
    asked = day or today
    warning = caution(hours, asked, language, holiday)
    told = f"{_BY[by].in_(language) if by else ''}{on_day(hours, asked, today, language)}."
    return say(" ".join(filter(None, (told, warning))))


def _chosen(channels: Sequence[Channel]) -> list[Channel]:
    """One of a kind, the most useful kinds first."""
    order = list(_BY)
    first = {one.kind: one for one in reversed(channels) if one.value}
    return sorted(first.values(), key=lambda one: order.index(one.kind))[:MOST_CHANNELS]


def _way(channel: Channel, language: Language) -> tuple[Inline, ...]:
    name = _in(channel.name, language)
    value = Link(channel.value, channel.value) if channel.value.startswith("https://") else channel.value
    return (_BY[channel.kind].in_(language), value, f" ({name})" if name else "")


def source(entry: Entry, language: Language) -> Reply:
    """`Lähde: https://…, päivitetty 1.10.2026`; empty where neither is known."""
    updated = "" if entry.updated is None else _UPDATED.format(d=_date(entry.updated, language)).in_(language)
    if entry.source:
        return say(_SOURCE.in_(language), Link(entry.source, entry.source), f", {updated}" if updated else "")
    return say(updated[:1].upper() + updated[1:] + ".") if updated else Reply(())


def _date(day: date, language: Language) -> str:
    return f"{day:%Y-%m-%d}" if language is Language.EN else f"{day.day}.{day.month}.{day.year}"


def price(entry: Entry, language: Language) -> Reply:
    found = best(entry.prices, language)
    told = quoted(found[0]) if found else _NOT_KNOWN.in_(language)
    reply = say(Strong(_in(entry.name, language))) + say(_PRICE.in_(language), told)
    return reply + (Reply(()) if found else _number(entry, language)) + source(entry, language)


def _number(entry: Entry, language: Language) -> Reply:
    """Where to ask what the catalogue does not say."""
    ways = [_way(one, language) for one in entry.channels if one.kind is ChannelKind.PHONE and one.value][:1]
    return bullets(*ways) if ways else Reply(())


def by_channel(entry: Entry, kind: ChannelKind, language: Language) -> Reply:
    """Where it is, or its number; "not known" where the catalogue does not say."""
    ways = [_way(one, language) for one in entry.channels if one.kind is kind and one.value][:MOST_CHANNELS]
    head = say(Strong(_in(entry.name, language)))
    return (
        head
        + (
            bullets(*ways)
            if ways
            else say(_BY[kind].in_(language), _NOT_KNOWN.in_(language)) + _number(entry, language)
        )
        + source(entry, language)
    )


def hours_answer(entry: Entry, language: Language, today: date, day: date, holiday: Text | None) -> Reply:
    """A follow-up about a day."""
    reply = say(Strong(_in(entry.name, language)))
    if hours_of(entry)[0] is None and entry.hours_text:
        return reply + say(_HOURS.in_(language), _in(entry.hours_text, language)) + source(entry, language)
    hours, _ = hours_of(entry)
    known = hours is not None and hours.on(day) is not None
    reply += _hours(entry, language, today, day, holiday)
    return reply + (Reply(()) if known else _number(entry, language)) + source(entry, language)


def referral(found: Referral, language: Language) -> Reply:
    """Who takes care of what the municipality does not."""
    reply = say(NOT_OURS.in_(language), " ", Strong(_in(found.name, language))) + say(_in(found.advice, language))
    ways: list[tuple[Inline, ...]] = []
    if found.url:
        ways.append((Link(found.url, found.url),))
    if found.phone:
        ways.append((_PHONE.in_(language), Strong(found.phone)))
    return reply + (bullets(*ways) if ways else Reply(()))


def name_of(entry: Entry, language: Language) -> str:
    return _in(entry.name, language)


_ASKED = Text(fi="Kysymys {n}", sv="Fråga {n}", en="Question {n}")
_HOW_TO_ANSWER = Text(
    fi="Vastaa tähän viestiin tai kirjoita: ",
    sv="Svara på det här meddelandet eller skriv: ",
    en="Reply to this message, or write: ",
)
_ANSWER_LINE = Text(fi="!vastaa {n} vastauksesi", sv="!svara {n} ditt svar", en="!answer {n} your answer")
_ANSWERED_BY = Text(fi="Vastannut: {o}", sv="Besvarad av: {o}", en="Answered by: {o}")
_TO_KEEP = Text(
    fi="📌 talleta vastaus neuvontaan", sv="📌 spara svaret i rådgivningen", en="📌 keep the answer for the advice"
)
_PROPOSED = Text(
    fi="Ehdotus neuvontaan. ✅ hyväksyy joku muu kuin vastaaja.",
    sv="Förslag till rådgivningen. ✅ godkänns av någon annan än den som svarade.",
    en="Proposed for the advice. ✅ by somebody else than who answered.",
)
_KEPT = Text(fi="Talletettu neuvontaan.", sv="Sparad i rådgivningen.", en="Kept for the advice.")
FROM_OFFICIAL = Text(
    fi="Virkailijan vastaus kysymykseesi {n}",
    sv="Tjänstemannens svar på din fråga {n}",
    en="An official's answer to your question {n}",
)


def card(inquiry: Inquiry, language: Language, official: str = "", *, confidential: bool = False) -> Reply:
    """A question on its unit's wall, without its writer; a confidential unit sees the number only."""
    number = inquiry.number
    question = "" if confidential else f": {inquiry.masked}"
    reply = say(Strong(_ASKED.format(n=number).in_(language)), question)
    if not official:
        return reply + say(_HOW_TO_ANSWER.in_(language), Command(_ANSWER_LINE.format(n=number).in_(language)))
    reply += say(_ANSWERED_BY.format(o=official).in_(language))
    return reply if confidential else reply + say(inquiry.draft or "")


def state_line(what: str, language: Language) -> Reply:
    """What can be done with an answered card: `keep`, `proposed` or `kept`."""
    return say({"keep": _TO_KEEP, "proposed": _PROPOSED, "kept": _KEPT}[what].in_(language))
