"""How arguments are read out of what a person typed. Every reader understands all three languages and never raises."""

from bot.commands.spec import Facts
from bot.domain.directory import Service
from bot.domain.language import Language
from bot.domain.matching import Candidate, Decision, decide, fold, rank
from bot.text.when import When, read_when

_LANGUAGES = {
    Language.FI: ("fi", "suomi", "suomeksi", "finska", "finnish"),
    Language.SV: ("sv", "ruotsi", "ruotsiksi", "svenska", "swedish", "se"),
    Language.EN: ("en", "englanti", "englanniksi", "engelska", "english"),
}


def read_time(line: str, facts: Facts) -> tuple[When, str]:
    """The time part from anywhere in the line, counted from when the message was sent."""
    when = read_when(line, facts.sent, facts.directory.municipality.time_zone)
    return when, when.rest


def read_service(line: str, facts: Facts) -> tuple[Decision | None, str]:
    """All that is left of the line as a service's name, loosely; none where nothing was said."""
    words = line.strip()
    if not words:
        return None, ""
    return decide(rank(words, [_candidate(service) for service in facts.directory.services.values()])), ""


def _candidate(service: Service) -> Candidate:
    names = (service.id, service.name.fi, service.name.sv, service.name.en)
    return Candidate(service.id, names, tuple(word for words in service.keywords.values() for word in words))


def read_number(line: str, _: Facts) -> tuple[str, str]:
    """A booking number: the first word of the line, or all of it where it was written in groups."""
    return line.strip(), ""


def read_words(line: str, _: Facts) -> tuple[str, str]:
    return line.strip(), ""


def read_language(line: str, _: Facts) -> tuple[Language | str | None, str]:
    """A language by its code or name; the word itself where it is none of ours."""
    word = fold(line.strip())
    if not word:
        return None, ""
    return next((language for language, names in _LANGUAGES.items() if word in names), line.strip()), ""
