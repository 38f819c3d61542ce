"""What is asked about a thing: its price, its hours, applying, a fault. Tells siblings apart that share a matter.

The fee and the application of the same service are one matter to the classifier, and two entries to a town.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.advice.normalising import fold
from bot.domain.catalogue import Entry

_PRICE = (
    r"maksa\w*|maksu\w*|\w+maksu\w*|hinta\w*|hinna\w*|\w+hinna\w*|\w+hinta\w*|euro\w*|€|ilma[it]\w*|alennu\w*|alet"
    r"|pulit\w*"
    r"|kalli\w*|halpa\w*|taksa\w*|hyvity\w*|paljonko|paljo|palauttaako|rahat|rahaa"
    r"|kosta\w*|pris\w*|\w*avgift\w*|betala\w*|rabatt\w*|gratis|dyr\w*|billig\w*|taxa\w*|pengar\w*|återbet\w*"
    r"|cost\w*|pric\w*|fees?|pay|paying|payment\w*|free|discount\w*|refund\w*|expensive|cheap\w*|how much|money"
)
_HOURS = (
    r"auki\w*|kiinni|monelta|mihin aikaan|aukeaa|sulkeutu\w*|sulje\w*|öppe\w*|öppna\w*|stäng\w*|hur dags|vilken tid"
    r"|open\w*|clos\w*|hours|what time"
)
_APPLYING = (
    r"hake\w*|haku\w*|\w+haku|hakemus\w*|haetaan|ilmoittautu\w*|ilmottautu\w*|ilmoittaa|jonotus\w*|anomus\w*"
    r"|ansök\w*|anmäl\w*|söka|söker|söks|köplats\w*|apply\w*|appl\w*|regist\w*|enrol\w*|sign up"
)
_FAULT = (
    r"vika\w*|vikoja|viat|rikki|hajos\w*|hajonnu\w*|epäku\w*|ei toimi\w*|vuota\w*|vuoto\w*|korja\w*|pimeä\w*"
    r"|tukossa|tukkeu\w*|fel|felanm\w*|trasig\w*|sönder|läck\w*|funkar inte|fungerar inte|repar\w*"
    r"|broken|fault\w*|leak\w*|not work\w*|fix\w*"
)
_ENDING = (
    r"irtisano\w*|\w*irtisanomi\w*|peru(?:a|n|nut|t\w*|u\w*|mi\w*)|lopett\w*|eroa\w*|luopu\w*"
    r"|säg\w*(?: \w+)? upp|uppsäg\w*|avbok\w*|avbest\w*|avslut\w*|sluta\w*"
    r"|cancel\w*|terminat\w*|quit\w*|give up|stop using"
)
_ASPECTS = tuple(re.compile(rf"\b(?:{words})(?!\w)") for words in (_PRICE, _HOURS, _APPLYING, _FAULT, _ENDING))


def asked(texts: Sequence[str]) -> NDArray[np.float32]:
    """(texts, aspects): 1 where the text speaks of the aspect."""
    return np.array([[bool(one.search(fold(text))) for one in _ASPECTS] for text in texts], np.float32)


def told(entries: Sequence[Entry]) -> NDArray[np.float32]:
    """(entries, aspects): 1 where an entry's name is about the aspect."""
    rows = [asked([*entry.name.values()] or [""]).max(axis=0) for entry in entries]
    return np.array(rows, np.float32).reshape(len(entries), len(_ASPECTS))
