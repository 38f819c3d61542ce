"""What a short question after an answer asks about the same matter: "entä lauantaina?", "vad kostar det".

Only what consists of such words counts; one that names anything else is a question of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.domain.directory import Closure
from bot.text.named_days import read_day

MOST_WORDS = 7


class Aspect(Enum):
    HOURS = auto()
    PRICE = auto()
    PLACE = auto()
    PHONE = auto()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`day` is the asked day; none where none was named."""

    aspect: Aspect
    day: date | None


_WORDS = {
    Aspect.PRICE: """paljonko maksaa maksaako hinta hinnat kallis ilmainen ilmaista maksuton maksutonta
        kostar pris priset avgift gratis cost costs price fee free much""",
    Aspect.PLACE: """missä mistä osoite sijaitsee minne mihin var adress ligger finns where address located""",
    Aspect.PHONE: """puhelin puhelinnumero numero numeroon numerosta soittaa soitan telefon telefonnummer ringa
        ringer nummer phone number call""",
    Aspect.HOURS: """auki avoinna aukiolo aukioloajat aukeaa milloin koska kiinni öppet öppnar öppettider stängt när
        open opens hours closed when""",
}
_ASPECTS = {word: aspect for aspect, words in reversed(_WORDS.items()) for word in words.split()}
_FILLERS = frozenset(
    """entä entäs entäpä ja mites miten no niin se siellä siitä sinne sitten on onko ovatko myös vielä mikä mitä aikaan
    asti voi voiko saa nyt och men hur är det den dit där då på också vad mycket i vilken tid and what about how is it
    its the there on then also do does i to at in you are they""".split()  # noqa: SIM905 - words are read more easily as a text
)


def read_follow_up(words: str, sent: datetime, zone: ZoneInfo, holidays: Sequence[Closure] = ()) -> FollowUp | None:
    """None where it is not one. `sent` is what "tomorrow" is counted from."""
    spoken = re.findall(r"\w+", words.lower())
    if not spoken or len(spoken) > MOST_WORDS:
        return None
    day, left = read_day(words, sent, zone, holidays)
    named = [_ASPECTS[word] for word in left if word in _ASPECTS]
    if any(word not in _FILLERS and word not in _ASPECTS for word in left):
        return None
    if day is not None and (not named or Aspect.HOURS in named):
        return FollowUp(Aspect.HOURS, day)
    if named:
        return FollowUp(named[0], day)
    return None
