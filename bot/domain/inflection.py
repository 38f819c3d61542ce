"""Whether one word is a form of another: Finnish inflection and gradation, Swedish and English endings.

Not a grammar but a guess good enough to find a service by: stems are generated from the word as it stands in
a name (by consonant gradation and by what its ending becomes), and a form is a stem with a known ending.
Words are folded (`bot.domain.folding.fold`), so ä is a and ö is o.
"""

from functools import lru_cache

_VOWELS = frozenset("aeiouy")
_PARTITIVE_AND_PLURAL = ("a", "ta", "ja", "ia", "ita", "t", "jen", "ien", "iden", "itten", "i", "j")
_CASES = (
    *("n", "na", "ksi", "ssa", "sta", "lla", "lta", "lle", "tta", "seen", "siin", "hun", "hyn", "hin"),
    *("han", "hon", "hen", "in", "en", "an", "on", "un", "yn", "ssani", "ni", "si", "nsa", "mme", "nne"),
    *("ina", "iksi", "issa", "ista", "illa", "ilta", "ille", "ihin", "isiin", "itta"),
)
_SWEDISH_ENGLISH = (
    *("s", "et", "ets", "ens", "er", "erna", "ar", "arna", "or", "orna", "es", "'s", "ns", "ts"),
)  # fmt: skip
_CLITICS = ("", "kin", "ko", "kaan", "han", "ni", "mme", "nsa")
_ENDINGS = frozenset(
    ending + clitic for ending in ("", *_PARTITIVE_AND_PLURAL, *_CASES, *_SWEDISH_ENGLISH) for clitic in _CLITICS
)
_LONGEST_ENDING = max(map(len, _ENDINGS))
_WEAK = (
    *(("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("mp", "mm"), ("nt", "nn"), ("lt", "ll")),
    *(("rt", "rr"), ("lk", "l"), ("rk", "r"), ("ht", "hd"), ("p", "v"), ("t", "d"), ("k", "")),
)
"""Strong grade and weak grade, the longer clusters first."""

_FINAL = (
    ("nen", ("se", "s")),
    ("uus", ("uude", "uut", "uuks")),
    ("yys", ("yyde", "yyt", "yyks")),
    ("us", ("ukse", "uks", "ust")),
    ("ys", ("ykse", "yks", "yst")),
    ("os", ("okse", "oks", "ost")),
    ("es", ("ekse", "eks", "est")),
    ("is", ("ikse", "iks", "ii", "ist")),
    ("as", ("aa", "akse", "ast")),
    ("in", ("ime", "im", "int")),
    ("si", ("de", "te", "se", "s", "t")),
    ("i", ("e", "")),
    ("e", ("ee", "et")),
)
"""What the end of a nominative becomes before endings."""

_SHORTEST = 3


def is_form_of(word: str, name: str) -> bool:
    """`rakennusluvasta` of `rakennuslupa`, `kirjastoon` of `kirjasto`, `bygglovet` of `bygglov`; and itself."""
    if word == name:
        return True
    if word[:2] != name[:2]:
        return False
    return any(
        word.startswith(stem) and word[len(stem) :] in _ENDINGS
        for stem in stems(name)
        if len(word) <= len(stem) + _LONGEST_ENDING
    )


def is_ending(letters: str) -> bool:
    """Whether the letters, or none, can follow a stem."""
    return letters in _ENDINGS


@lru_cache(maxsize=8192)
def stems(name: str) -> frozenset[str]:
    """The word itself and what it can look like before an ending; none is shorter than three letters."""
    found = {name}
    for end, replacements in _FINAL:
        if name.endswith(end):
            found.update(name[: -len(end)] + new for new in replacements)
            break
    if name.endswith("t") and name[-2:-1] in _VOWELS:
        found.add(name[:-1])
    found.update([grade for stem in tuple(found) for grade in _grades(stem)])
    found.update([stem[:-1] for stem in tuple(found) if stem.endswith("a")])
    return frozenset(stem for stem in found if len(stem) >= _SHORTEST)


def _grades(stem: str) -> tuple[str, ...]:
    """The other grades of the consonants before the last vowels: `lupa` → `luva`, `asiakaa` → `asiakkaa`."""
    body = stem.rstrip("aeiouy")
    tail = stem[len(body) :]
    if not tail or not body:
        return ()
    weaker = next((body.removesuffix(strong) + weak for strong, weak in _WEAK if body.endswith(strong)), None)
    stronger = [body.removesuffix(weak) + strong for strong, weak in _WEAK if weak and body.endswith(weak)]
    return tuple(grade + tail for grade in (*stronger[:1], *([weaker] if weaker else [])))
