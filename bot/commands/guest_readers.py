"""How `!kutsu` reads for whom a link is to be: the purpose, the page's language and a name, in any order. Pure."""

from dataclasses import dataclass

from bot.commands.readers import LANGUAGES, is_number
from bot.commands.spec import Facts
from bot.domain.conference import Purpose, cleaned_name
from bot.domain.language import Language
from bot.domain.matching import fold

_PURPOSES = {
    Purpose.INTERPRETER: ("tulkki", "tulkille", "tulkin", "tolk", "tolken", "interpreter", "translator"),
    Purpose.RELATIVE: (
        *("läheinen", "läheiselle", "läheisen", "omainen", "omaiselle", "omaisen", "sukulainen", "perheenjäsen"),
        *("närstående", "anhörig", "släkting", "relative", "family"),
    ),
    Purpose.AUTHORITY: (
        *("viranomainen", "viranomaiselle", "viranomaisen", "virkamies", "myndighet", "myndigheten", "authority"),
    ),
    Purpose.OTHER: ("vieras", "vieraalle", "vieraan", "muu", "muulle", "gäst", "gästen", "guest", "other"),
}
_KNOWN = {fold(word): purpose for purpose, words in _PURPOSES.items() for word in words}
_FILLERS = frozenset(fold(word) for word in ("toinen", "toiselle", "toisen", "annan", "another", "på", "in", "an"))
_SHORTEST = 3
"""A language's code is too short to tell it from a name."""
_PAGES = {fold(name): language for language, names in LANGUAGES.items() for name in names if len(name) >= _SHORTEST}


@dataclass(frozen=True, slots=True)
class Guest:
    """What was said about a guest; none: nothing."""

    purpose: Purpose | None = None
    page: Language | None = None
    name: str = ""


def read_guest(line: str, facts: Facts) -> tuple[Guest, str]:  # noqa: ARG001 - a reader's signature
    """All but a booking number in front, which is left for its own reader."""
    first, _space, behind = line.strip().partition(" ")
    number, said = (first, behind) if is_number(first) else ("", line)
    purpose: Purpose | None = None
    page: Language | None = None
    rest: list[str] = []
    for word in said.split():
        folded = fold(word.strip(",.;:()"))
        if purpose is None and folded in _KNOWN:
            purpose = _KNOWN[folded]
        elif page is None and folded in _PAGES:
            page = _PAGES[folded]
        else:
            rest.append(word)
    if purpose is not None or page is not None:
        rest = [word for word in rest if fold(word) not in _FILLERS]
    return Guest(purpose, page, cleaned_name(" ".join(rest))), number
