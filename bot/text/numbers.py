"""Reads an answer to numbered choices, and yes or no, in Finnish, Swedish and English.

Only an answer that is nothing but a choice counts: a line with other words in it is somebody's sentence,
and what it means is for others to find out. Times are read by `bot.text.when`, after this.
"""

import re
from collections.abc import Iterable

from bot.domain.folding import fold

_LONGEST_ANSWER = 60
_DIGITS = re.compile(r"[0-9]{1,3}")
_ENDINGS = re.compile(r"([0-9]{1,3})(?:st|nd|rd|th|:?[ae]|:s|:n|:nen|:ta)")
_KEYCAPS = dict.fromkeys((0xFE0F, 0x20E3), None) | {0x1F51F: "10"}
"""Variation selector and enclosing keycap go; the keycap ten is a character of its own (Unicode TR 51)."""
_PUNCTUATION = " .,:;!?()[]{}<>'\"`*_#"
_DASHES = frozenset("-–—")
_FILLERS = frozenset(
    {
        *("nro", "numero", "no", "nr", "nummer", "number", "vaihtoehto", "alternativ", "option", "choice"),
        *("se", "otan", "valitsen", "ottaisin", "haluan", "den", "det", "jag", "tar", "valjer", "the", "i"),
        *("take", "choose", "pick", "one", "kiitos", "tack", "please", "aika", "tid", "time", "tiden"),
    }
)
# Swedish `en` is left out: in Finnish it says "I don't".
_CARDINALS = (
    ("yksi", "ykkonen", "ykkosen", "ensimmainen", "ensimmaisen", "eka", "ekan"),
    ("kaksi", "kakkonen", "kakkosen", "toinen", "toisen", "toka", "tokan"),
    ("kolme", "kolmonen", "kolmosen", "kolmas", "kolmannen"),
    ("nelja", "nelonen", "nelosen", "neljas", "neljannen"),
    ("viisi", "viitonen", "viitosen", "vitonen", "vitosen", "viides", "viidennen"),
    ("kuusi", "kuutonen", "kuutosen", "kutonen", "kutosen", "kuudes", "kuudennen"),
    ("seitseman", "seiska", "seiskan", "seitsemas", "seitsemannen"),
    ("kahdeksan", "kahdeksikko", "kasi", "kasin", "kahdeksas", "kahdeksannen"),
    ("yhdeksan", "yhdeksikko", "ysi", "ysin", "yhdeksas", "yhdeksannen"),
    ("kymmenen", "kymppi", "kympin", "kymmenes", "kymmenennen"),
)
_SWEDISH = (
    ("ett", "ettan", "forsta", "etta"),
    ("tva", "tvaan", "andra", "tvaa"),
    ("tre", "trean", "tredje", "trea"),
    ("fyra", "fyran", "fjarde"),
    ("fem", "femman", "femte", "femma"),
    ("sex", "sexan", "sjatte", "sexa"),
    ("sju", "sjuan", "sjunde", "sjua"),
    ("atta", "attan", "attonde"),
    ("nio", "nian", "nionde", "nia"),
    ("tio", "tian", "tionde", "tia"),
)
_ENGLISH = (
    ("one", "first"),
    ("two", "second"),
    ("three", "third"),
    ("four", "fourth"),
    ("five", "fifth"),
    ("six", "sixth"),
    ("seven", "seventh"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("ten", "tenth"),
)
_LAST = frozenset({"viimeinen", "viimeisen", "vika", "vikan", "sista", "last"})
_NUMBERS = {
    word: number
    for rows in (_CARDINALS, _SWEDISH, _ENGLISH)
    for number, words in enumerate(rows, start=1)
    for word in words
}
_YES = frozenset(
    {
        *("kylla", "joo", "juu", "jep", "ok", "okei", "k", "kyl", "sopii", "kay", "vahvista", "vahvistan"),
        *("varaa", "hyva", "selva", "toki", "se sopii", "se kay", "kylla kiitos", "joo kiitos"),
        *("sopii hyvin", "ja", "jo", "japp", "jaa", "okej", "visst", "garna", "det passar", "bekrafta"),
        *("ja tack", "det gar bra", "javisst", "boka", "stammer", "yes", "y", "yep", "yeah", "sure", "okay"),
        *("confirm", "yes please", "book", "book it", "correct", "👍", "✅", "✔", "☑", "👌"),
    }
)
_NO = frozenset(
    {
        *(
            "ei",
            "en",
            "e",
            "eipa",
            "ei kiitos",
            "ei kay",
            "ei sovi",
            "en halua",
            "peru",
            "peruuta",
        ),
        *("ala", "nej", "nej tack", "inte", "avbryt", "nix", "no", "n", "nope", "no thanks"),
        *("no thank you", "cancel", "don't", "dont", "never mind", "👎", "❌", "✖", "🚫"),
    }
)


def read_choice(text: str, count: int) -> int | None:
    """The number from 1 to `count` that an answer names, else None: `2`, `nro 2`, `kakkonen`, `tvåan`, `2️⃣`.

    Names of one number only: `1 tai 2` is no answer, and neither is a number out of range.
    """
    words = _words(text)
    named = {number for word in words if (number := _number(word, count)) is not None}
    if not named:
        return None
    others = [word for word in words if _number(word, count) is None and word not in _FILLERS]
    number = named.pop() if len(named) == 1 else _without_fillers(words, count)
    return number if number is not None and not others and 1 <= number <= count else None


def read_yes_no(text: str) -> bool | None:
    """True for yes, False for no, None for anything else; an answer alone, not a sentence that holds one."""
    answer = " ".join(_words(text))
    if answer in _YES:
        return True
    return False if answer in _NO else None


def _words(text: str) -> tuple[str, ...]:
    """Nothing where the text is longer than any answer."""
    if len(text) > _LONGEST_ANSWER:
        return ()
    bare = "".join(c for c in text.translate(_KEYCAPS) if not 0x1F3FB <= ord(c) <= 0x1F3FF)  # noqa: PLR2004 (skin tones, TR 51)
    return tuple(word for part in fold(bare).split() if (word := part.strip(_PUNCTUATION)) and word not in _DASHES)


def _number(word: str, count: int) -> int | None:
    if _DIGITS.fullmatch(word):
        return int(word)
    if found := _ENDINGS.fullmatch(word):
        return int(found[1])
    return count if word in _LAST else _NUMBERS.get(word)


def _without_fillers(words: Iterable[str], count: int) -> int | None:
    """`the second one` names two numbers, of which `one` is no number."""
    named = {_number(word, count) for word in words if word not in _FILLERS} - {None}
    return named.pop() if len(named) == 1 else None
