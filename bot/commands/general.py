"""`!apua`, `!palvelut`, `!kieli`: what anybody needs first, in any room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from bot.commands.asking import question
from bot.commands.booking import BOOK_WORD, TIMES_WORD
from bot.commands.readers import read_language, read_words
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.domain.directory import Service, Unit
from bot.domain.language import Language, Text
from bot.domain.matching import fold
from bot.text.reply import Command as Typed
from bot.text.reply import Inline, Reply, Strong, bullets, choices, heading, say


@dataclass(frozen=True, slots=True)
class AboutCommand:
    command: Annotated[str, Param(Text(fi="komento", sv="kommando", en="command"), read_words)]


@dataclass(frozen=True, slots=True)
class WithWord:
    word: Annotated[str, Param(Text(fi="sana", sv="ord", en="word"), read_words)]


@dataclass(frozen=True, slots=True)
class InLanguage:
    language: Annotated[Language | str | None, Param(Text(fi="kieli", sv="språk", en="language"), read_language)]


_GROUPS = {
    Group.BOOKING: Text(fi="Ajanvaraus", sv="Tidsbokning", en="Appointments"),
    Group.GENERAL: Text(fi="Yleistä", sv="Allmänt", en="General"),
    Group.STAFF: Text(fi="Virkailijoille", sv="För personalen", en="For officials"),
}


def help_command(all_commands: Callable[[], Iterable[Command[Any]]]) -> Command[AboutCommand]:
    """`!apua`, which reads every other declaration."""

    def run(talk: Conversation, args: AboutCommand) -> Answer:
        usable = [c for c in all_commands() if may_use(talk, c)]
        asked = fold(args.command).removeprefix("!")
        for command in usable:
            if asked in {fold(name) for name in (command.names.fi, command.names.sv, command.names.en)}:
                return Answer(_about(talk, command))
        return Answer(_overview(talk, usable))

    return Command(
        names=Text(fi="apua", sv="hjälp", en="help"),
        summary=Text(fi="Näytä tämä ohje", sv="Visa den här hjälpen", en="Show this help"),
        examples=Text(fi="!apua\n!apua varaa", sv="!hjälp\n!hjälp boka", en="!help\n!help book"),
        args=AboutCommand,
        run=run,
        group=Group.GENERAL,
        rooms=Rooms.ANYWHERE,
    )


def may_use(talk: Conversation, command: Command[Any]) -> bool:
    return command.allow is Role.CITIZEN or talk.tx.directory.official_of(talk.person) is not None


def _overview(talk: Conversation, usable: list[Command[Any]]) -> Reply:
    intro = Text(
        fi="Autan sinua asioimaan kunnan kanssa. Kirjoita komento, tai vastaa numerolla kun kysyn.",
        sv="Jag hjälper dig att sköta ärenden med kommunen. Skriv ett kommando, eller svara med siffra när jag frågar.",
        en="I help you deal with the municipality. Type a command, or answer with a number when I ask.",
    )
    reply = say(talk.of(intro))
    for group, title in _GROUPS.items():
        members = [c for c in usable if c.group is group and not c.hidden]
        if members:
            reply += heading(talk.of(title)) + bullets(*(_line(talk, c) for c in members))
    return reply + _phone(talk)


def _line(talk: Conversation, command: Command[Any]) -> tuple[Inline, ...]:
    return Typed(f"!{talk.of(command.names)}"), f" – {talk.of(command.summary)}"


def _phone(talk: Conversation) -> Reply:
    phone = talk.tx.directory.municipality.phone
    if not phone:
        return Reply(())
    call = Text(fi="Haluatko mieluummin soittaa? ", sv="Vill du hellre ringa? ", en="Would you rather call? ")
    return say(talk.of(call), Strong(phone))


def _about(talk: Conversation, command: Command[Any]) -> Reply:
    example = Text(fi="Esimerkiksi:", sv="Till exempel:", en="For example:")
    lines = talk.of(command.examples).split("\n")
    used = say(Typed(command.usage(talk.language)), f" – {talk.of(command.summary)}")
    return used + say(talk.of(example)) + bullets(*(Typed(line) for line in lines))


def show_services(talk: Conversation, args: WithWord) -> Answer:
    """Every service under its unit, numbered through; a number shows the service's free times."""
    wanted = fold(args.word)
    reply, keys = Reply(()), list[str]()
    for unit, services in _by_unit(talk):
        found = [s for s in services if wanted in _searchable(s, unit)]
        if found:
            reply += heading(talk.of(unit.name))
            reply += choices(*(_service_line(talk, s) for s in found), first=len(keys) + 1)
            keys += [s.id for s in found]
    if not keys:
        none = Text(
            fi="En löytänyt sillä sanalla. Kaikki palvelut: ",
            sv="Jag hittade inget med det ordet. Alla tjänster: ",
            en="I found nothing with that word. All services: ",
        )
        return Answer(say(talk.of(none), Typed(f"!{talk.of(SERVICES.names)}")))
    how = Text(
        fi="Vapaat ajat näet vastaamalla numerolla. Varaa: ",
        sv="Svara med siffra för att se lediga tider. Boka: ",
        en="Answer with a number to see the free times. To book: ",
    )
    word = talk.of(TIMES_WORD)
    asked = question(talk, word, (f"{word} {key}" for key in keys))
    return Answer(reply + say(talk.of(how), Typed(talk.of(BOOK_WORD))), asked)


def _by_unit(talk: Conversation) -> list[tuple[Unit, list[Service]]]:
    directory = talk.tx.directory
    grouped: dict[str, list[Service]] = {}
    for service in directory.services.values():
        grouped.setdefault(service.unit, []).append(service)
    return [(directory.units[services[0].unit], services) for services in grouped.values()]


def _searchable(service: Service, unit: Unit) -> str:
    texts = [service.name, service.summary, unit.name]
    words = [w for text in texts for w in (text.fi, text.sv, text.en)]
    return fold(" ".join(words + [k for keys in service.keywords.values() for k in keys]))


def _service_line(talk: Conversation, service: Service) -> tuple[Inline, ...]:
    partner = f" ({talk.of(service.partner)})" if service.partner else ""
    return (f"{talk.of(service.name)}{partner}",)


def set_language(talk: Conversation, args: InLanguage) -> Answer:
    if isinstance(args.language, Language):
        talk.tx.people.set_language(talk.person, args.language, chosen=True)
        done = Text(
            fi="Selvä, vastaan sinulle suomeksi.",
            sv="Bra, jag svarar dig på svenska.",
            en="I will answer you in English.",
        )
        return Answer(say(done.in_(args.language)))
    ask = Text(
        fi="Millä kielellä vastaan? Vastaa numerolla:",
        sv="På vilket språk svarar jag? Svara med siffra:",
        en="Which language do you want? Answer with a number:",
    )
    word = f"!{talk.of(LANGUAGE.names)}"
    asked = question(talk, word, (f"{word} {language}" for language in Language))
    return Answer(say(talk.of(ask)) + choices("suomi", "svenska", "English"), asked, taps=True)


SERVICES = Command(
    names=Text(fi="palvelut", sv="tjänster", en="services"),
    summary=Text(fi="Näytä palvelut", sv="Visa tjänsterna", en="Show the services"),
    examples=Text(
        fi="!palvelut\n!palvelut kirjasto", sv="!tjänster\n!tjänster bibliotek", en="!services\n!services library"
    ),
    args=WithWord,
    run=show_services,
    group=Group.BOOKING,
)

LANGUAGE = Command(
    names=Text(fi="kieli", sv="språk", en="language"),
    summary=Text(fi="Vaihda kieli", sv="Byt språk", en="Change the language"),
    examples=Text(fi="!kieli suomi", sv="!språk svenska", en="!language English"),
    args=InLanguage,
    run=set_language,
    group=Group.GENERAL,
    rooms=Rooms.ANYWHERE,
)
