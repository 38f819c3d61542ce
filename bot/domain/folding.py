"""Normal forms of what people type: one spelling for comparison, one clean spelling for keeping.

Leaves the meaning of words to those who compare them. Source of the forms: Unicode Standard Annex 15
(NFKC) and the general categories of Unicode's chapter 4.5.
"""

from unicodedata import category, combining, normalize

LONGEST = 10_000
"""Characters that are looked at; what follows is never read."""

_LETTERS = str.maketrans({"ø": "o", "æ": "a", "ß": "ss", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})
_SPACES = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")


def clean(text: str) -> str:
    """NFKC without control, format, private and unassigned characters; white space becomes single blanks."""
    kept = (_visible(character) for character in normalize("NFKC", text[:LONGEST]))
    return " ".join("".join(kept).split())[:LONGEST].rstrip()


def _visible(character: str) -> str:
    if character in _SPACES:
        return " "
    return "" if category(character)[0] == "C" else character


def fold(text: str) -> str:
    """The spelling for comparison: clean, caseless, without diacritics (`Äidinkieli` → `aidinkieli`).

    At most `LONGEST` characters. Idempotent. A person may type a letter as it looks without its dots, so
    å, ä and a are one letter here: a fold is for finding, never for showing.
    """
    bare = "".join(c for c in normalize("NFKD", clean(text).casefold()) if not combining(c))
    return clean(bare.translate(_LETTERS).casefold())
