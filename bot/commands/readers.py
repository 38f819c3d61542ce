"""How arguments are read out of what a person typed. Every reader understands all three languages and never raises."""

import re

from bot.commands.spec import Facts
from bot.domain.booking import NUMBER_ALPHABET, NUMBER_LENGTH
from bot.domain.directory import Service
from bot.domain.language import Language
from bot.domain.matching import Candidate, Decision, decide, fold, rank
from bot.text.when import When, read_when

LANGUAGES = {
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


def read_first_number(line: str, _: Facts) -> tuple[str, str]:
    """A booking number in front of other words; all of the line where there is none."""
    first = _leading_number(line)
    return first or line.strip(), ""


def read_time_behind_number(line: str, facts: Facts) -> tuple[When, str]:
    """The time part of a line that may begin with a booking number, which has letters and digits of its own."""
    number = _leading_number(line)
    when, rest = read_time(line.strip().removeprefix(number).strip(), facts)
    return when, f"{number} {rest}".strip()


def is_number(word: str) -> bool:
    """Whether it could be a booking number."""
    return _leading_number(word) == word != ""


def _leading_number(line: str) -> str:
    """The first word where it looks like a booking number; `sunday` does, but it is a day when written like one."""
    first = line.strip().partition(" ")[0]
    bare = first.removeprefix("#")
    fits = len(bare) == NUMBER_LENGTH and set(bare.upper()) <= set(NUMBER_ALPHABET)
    return "" if not fits or fold(bare) in _DAYS_LIKE_NUMBERS else first


_DAYS_LIKE_NUMBERS = frozenset({"sunday"})
"""Words about time that are made of a booking number's letters, and as long."""


def read_same(line: str, _: Facts) -> tuple[bool, str]:
    """Whether the same official as last time is wanted; taken out of the line with the words around it."""
    rest = _SAME.sub(" ", line)
    return rest != line, " ".join(rest.split())


_SAME = re.compile(
    r"(?<![\w-])(?:samalle|samalla|saman|sama|samma|same)"
    r"(?: (?:virkailija\w*|henkilö\w*|kuin viimeksi|handläggare|tjänsteman|person|som sist|official|as last time))*"
    r"(?![\w-])",
    re.IGNORECASE,
)


def read_stop(line: str, _: Facts) -> tuple[bool, str]:
    """Whether something is to end: the last word of the line says so."""
    rest, _space, last = line.strip().rpartition(" ")
    return (True, rest) if fold(last) in _STOP else (False, line.strip())


_STOP = frozenset({"lopeta", "ei", "seis", "sluta", "avsluta", "nej", "stopp", "stop", "no"})


def read_language(line: str, _: Facts) -> tuple[Language | str | None, str]:
    """A language by its code or name; the word itself where it is none of ours."""
    word = fold(line.strip())
    if not word:
        return None, ""
    return next((language for language, names in LANGUAGES.items() if word in names), line.strip()), ""
