"""A question as the engine reads it: folded text and its words. Hostile text is only data, and short after this.

Leaves languages, lemmas and meaning to its neighbours.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST = 500
"""Characters that are read of a question; what people ask stands in the first sentences."""

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_STOP = """
olla on oli ei en et ja tai kun jos että se tämä tuo minä sinä hän me te he mikä kuka joka mistä missä mihin
miten milloin koska kuinka moni paljon paljonko onko voida voi saada saa pitää pitääkö haluta tulla mennä
käydä tarvita täytyä joutua tehdä voiko voinko saako saanko mä sä mun sun mul mulla sul sulla mist mis miks
onks oisko ois vois sais pitäs pitäiskö pitääks haluisin haluaisin jo vielä nyt sitten sit kai niin nii myös
vain ihan mitä mitään joku jokin kaikki oma teillä teil täällä täältä siellä kanssa kans varten jälkeen ennen
asti pois yli noin hei moi moikka terve kiitos oon oot ollaan ettei eikä sekä mut mutta niinku tota siis ku
tän sen ton tätä sitä niitä ne nää noi meidän teidän heidän kelle kenelle kenen millon voisin voisinko voisko
saisko saisin tarvitsen tarvitsenko pitäisi olisi olisiko olen olemme olette ovat löytyy löytyykö tiedä tietää
kysyä kertoa i och ett att är jag du vi ni det den som på av för till med om hur var när vad vart vem har kan
ska man mitt min mina sig de inte int finns får gör blir hej tack nej eller men så från vid ut upp ens nån nåt
någon något skulle vill behöver måste också bara där här dom mig dig oss er sin sitt the a an is are do does
we you my your to of for in at and or how what where when who can could would like it there any have has be
with need want get please hello hi thanks i'm im am if this that from so should must will us our they
"""

STOP_WORDS = frozenset(_STOP.split())
"""Words, spoken ones too, that say nothing of what is asked."""


def fold(text: str) -> str:
    """NFC, one line, lower case, without control characters and lone surrogates, at most `LONGEST` characters.

    The length is cut before anything else is done, so that ten thousand characters cost as little as five hundred.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * LONGEST])
    printable = "".join(letter if letter.isprintable() else " " for letter in composed)
    return " ".join(printable.split())[:LONGEST].lower().strip()


def words(text: str) -> list[str]:
    """The words and numbers of a text in their order, folded."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=4096)
def telling(text: str) -> tuple[str, ...]:
    """The words that are no stop words; all words where nothing else is left."""
    found = words(text)
    return tuple(word for word in found if word not in STOP_WORDS) or tuple(found)


def core(text: str) -> str:
    """The telling words as one string: what letters are compared by."""
    return " ".join(telling(text))
