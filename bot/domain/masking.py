"""Takes personal data out of a question before anything of it is kept. Rather too much than too little.

What it can't know, such as a name in the middle of a sentence without anything that marks it, it does not find; that
is why even masked questions are kept for sixty days only.
"""

import re

from bot.domain.folding import clean

IDENTITY = "[henkilötunnus]"
_MASK = "[…]"

IDENTITY_CODE = re.compile(
    r"(?<!\d)\d{6}\s?[-\u2010-\u2015\u2212+A-FU-Y]\s?\d{3}[0-9A-Y](?!\d)|(?<!\d)\d{6}\s?\d{3}[A-Y](?!\d)", re.IGNORECASE
)
"""Decree 128/2010 with the signs of the century that were added in 2023.

Also with the dashes that phones put in place of a hyphen, without any sign, and grown together with other words.
"""
_PERSONAL = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"@[\w.=/-]+:[\w.:-]+"),
    re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[0-9A-Z]{4}){3,7}\s?[0-9A-Z]{0,3}\b", re.IGNORECASE),
    re.compile(r"(?<![\w.:])\+?\d[\d\s()/\u2010-\u2015-]{5,}\d(?!\w|:\d)"),
    re.compile(r"(?<![\w.:])0\d{1,3}(?:\.\d{3,4}){2}(?!\w|\.\d)"),
    re.compile(r"\b[A-ZÅÄÖ]{2,3}-\d{1,3}\b", re.IGNORECASE),
    re.compile(
        r"\b[\wåäö-]*(?:katu|kadun|kadulla|tie|tien|tiellä|polku|polulla|kuja|kujalla|raitti|väylä|rinne|kaari"
        r"|gatan|vägen|stigen|gränden|street|road)\s+\d+\s?[a-z]?(?:\s?\d+)?\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<=\bnimeni on )[\wåäö-]+(?: [\wåäö-]+)?|(?<=\bnimi on )[\wåäö-]+(?: [\wåäö-]+)?"
        r"|(?<=\bjag heter )[\wåäö-]+(?: [\wåäö-]+)?"
        r"|(?<=\bnamn är )[\wåäö-]+(?: [\wåäö-]+)?|(?<=\bmy name is )[\wåäö-]+(?: [\wåäö-]+)?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<=\w )[A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäöé]+)? [A-ZÅÄÖ][a-zåäöé]{2,}\b"),
)


def masked(words: str, most: int = 500) -> str:
    """The words without identity codes, numbers, addresses and names, on one line, at most `most` characters."""
    found = without_identity_code(words)
    for pattern in _PERSONAL:
        found = pattern.sub(_MASK, found)
    return found[:most]


def without_identity_code(words: str) -> str:
    """All else stands, on one line and without characters that nobody sees."""
    return IDENTITY_CODE.sub(IDENTITY, clean(words))


def has_identity_code(words: str) -> bool:
    """Also where it was taken out already."""
    return IDENTITY in without_identity_code(words)
