"""What is said when an appointment changes hands or time: to the citizen, to who takes it over and who had it."""

from bot.domain.language import Language, Text
from bot.text import notices
from bot.text.notices import Visit
from bot.text.reply import Reply, Strong, say

_OTHER_OFFICIAL = Text(
    fi="Palvelijasi on vaihtunut. Aikasi pysyy samana.",
    sv="Du betjänas nu av en annan person. Din tid är densamma.",
    en="Somebody else will serve you. Your time stays the same.",
)
_YOURS = Text(
    fi="Sinulle siirtyi varaus. Saat kutsun sen huoneeseen.",
    sv="En bokning har flyttats till dig. Du får en inbjudan till dess rum.",
    en="A booking was handed over to you. You will be invited to its room.",
)
_NOT_YOURS = Text(
    fi="Varauksesi siirtyi toiselle:", sv="Din bokning har övergått till:", en="Your booking went to somebody else:"
)
MOVED = Text(
    fi="Siirretty. Kerroin siitä asiakkaalle.", sv="Flyttad. Jag meddelade kunden.", en="Moved. I told the citizen."
)
TO_WHOM = Text(
    fi="Kenelle varaus siirretään? Vastaa numerolla:",
    sv="Till vem flyttas bokningen? Svara med siffra:",
    en="To whom does the booking go? Answer with a number:",
)
NO_SUCH_OFFICIAL = Text(
    fi="En löytänyt sellaista virkailijaa.",
    sv="Jag hittade ingen sådan tjänsteman.",
    en="I did not find such an official.",
)
WHEN = Text(
    fi="Mihin aikaan varaus siirretään? Vastaa numerolla:",
    sv="Till vilken tid flyttas bokningen? Svara med siffra:",
    en="To what time is the booking moved? Answer with a number:",
)
NO_TIMES = Text(
    fi="Vapaata aikaa ei löytynyt. Mitään ei muutettu.",
    sv="Ingen ledig tid hittades. Ingenting ändrades.",
    en="No free time was found. Nothing was changed.",
)
MOVE_BOOKING_WORD = Text(fi="!siirrä-varaus", sv="!flytta-bokning", en="!move-booking")


def other_official(visit: Visit, language: Language) -> Reply:
    return (
        say(Strong(_OTHER_OFFICIAL.in_(language))) + notices.facts(visit, language) + notices.to_change(visit, language)
    )


def yours_now(visit: Visit, language: Language) -> Reply:
    return say(Strong(_YOURS.in_(language))) + notices.facts(visit, language)


def no_longer_yours(visit: Visit, language: Language) -> Reply:
    return say(Strong(_NOT_YOURS.in_(language))) + notices.facts(visit, language)
