"""How the commands of a video meeting are called; what they do stands in the modules named below."""

from collections.abc import Callable
from typing import Any

from bot.commands import conference, conference_guests, conference_links
from bot.commands.conference import OfVisit, WhoInVisit
from bot.commands.spec import Answer, Command, Conversation, Group, Role, Rooms
from bot.domain.conference import OrderKind
from bot.domain.language import Text
from bot.text import conference_words, typed


def _of_visit(word: Text, summary: Text, run: Callable[[Conversation, OfVisit], Answer]) -> Command[OfVisit]:
    return Command(
        names=typed.bare(word),
        summary=summary,
        examples=word.map(lambda name: f"{name}\n{name} H7K3MP"),
        args=OfVisit,
        run=run,
        group=Group.STAFF,
        allow=Role.OFFICIAL,
        rooms=Rooms.WORK,
    )


def _of_person(
    word: Text, summary: Text, examples: Text, run: Callable[[Conversation, WhoInVisit], Answer]
) -> Command[WhoInVisit]:
    return Command(
        names=typed.bare(word),
        summary=summary,
        examples=examples,
        args=WhoInVisit,
        run=run,
        group=Group.STAFF,
        allow=Role.OFFICIAL,
        rooms=Rooms.WORK,
    )


PARTICIPANTS = _of_visit(
    conference_words.PARTICIPANTS_WORD,
    Text(
        fi="Näytä, ketkä ovat videotapaamisessa, ketkä odottavat ja ketkä olivat mukana",
        sv="Visa vilka som är i videomötet, vilka som väntar och vilka som var med",
        en="Show who is in the video meeting, who waits and who was there",
    ),
    conference.show,
)
LOCK = _of_visit(
    conference_words.LOCK_WORD,
    Text(
        fi="Lukitse videotapaaminen: uusia ei pääse sisään",
        sv="Lås videomötet: inga nya kommer in",
        en="Lock the video meeting: nobody new comes in",
    ),
    conference.lock(conference_words.LOCK_WORD, locked=True),
)
UNLOCK = _of_visit(
    conference_words.UNLOCK_WORD,
    Text(fi="Avaa videotapaamisen lukko", sv="Lås upp videomötet", en="Unlock the video meeting"),
    conference.lock(conference_words.UNLOCK_WORD, locked=False),
)
MUTE = _of_person(
    conference_words.MUTE_WORD,
    Text(
        fi="Hiljennä osallistujan mikrofoni videotapaamisessa",
        sv="Tysta en deltagares mikrofon i videomötet",
        en="Mute a participant's microphone in the video meeting",
    ),
    Text(
        fi="!hiljennä\n!hiljennä tulkki\n!hiljennä kaikki\n!hiljennä H7K3MP tulkki",
        sv="!tysta\n!tysta tolk\n!tysta alla\n!tysta H7K3MP tolk",
        en="!mute\n!mute interpreter\n!mute everybody\n!mute H7K3MP interpreter",
    ),
    conference.order(conference_words.MUTE_WORD, OrderKind.MUTE),
)
UNMUTE = _of_person(
    conference_words.UNMUTE_WORD,
    Text(
        fi="Anna puheenvuoro takaisin hiljennetylle",
        sv="Ge ordet tillbaka till den som tystats",
        en="Let somebody who was muted speak again",
    ),
    Text(
        fi="!puheenvuoro tulkki\n!puheenvuoro kaikki",
        sv="!ge-ordet tolk\n!ge-ordet alla",
        en="!unmute interpreter\n!unmute everybody",
    ),
    conference.order(conference_words.UNMUTE_WORD, OrderKind.UNMUTE),
)
REMOVE = _of_person(
    conference_words.REMOVE_WORD,
    Text(
        fi="Poista osallistuja videotapaamisesta",
        sv="Ta bort en deltagare från videomötet",
        en="Remove a participant from the video meeting",
    ),
    Text(fi="!poista vieras", sv="!ta-bort gäst", en="!remove guest"),
    conference.order(conference_words.REMOVE_WORD, OrderKind.REMOVE),
)
LET_IN = _of_person(
    conference_words.LET_IN_WORD,
    Text(
        fi="Päästä ovella odottava vieras videotapaamiseen",
        sv="Släpp in en gäst som väntar vid videomötets dörr",
        en="Let a guest who waits at the door into the video meeting",
    ),
    Text(fi="!päästä\n!päästä V12", sv="!släpp-in\n!släpp-in V12", en="!let-in\n!let-in V12"),
    conference_guests.let_in,
)
TURN_AWAY = _of_person(
    conference_words.TURN_AWAY_WORD,
    Text(
        fi="Älä päästä ovella odottavaa videotapaamiseen",
        sv="Släpp inte in den som väntar vid videomötets dörr",
        en="Don't let somebody who waits at the door into the video meeting",
    ),
    Text(fi="!käännytä V12", sv="!avvisa V12", en="!turn-away V12"),
    conference_guests.turn_away,
)
CANCEL_LINK = _of_person(
    conference_words.CANCEL_LINK_WORD,
    Text(
        fi="Peru linkki, jolla joku kutsuttiin videotapaamiseen",
        sv="Återta en länk som någon bjöds in till videomötet med",
        en="Cancel a link by which somebody was invited to the video meeting",
    ),
    Text(
        fi="!peru-kutsu\n!peru-kutsu L3\n!peru-kutsu H7K3MP tulkki",
        sv="!återta-inbjudan\n!återta-inbjudan L3\n!återta-inbjudan H7K3MP tolk",
        en="!cancel-invitation\n!cancel-invitation L3\n!cancel-invitation H7K3MP interpreter",
    ),
    conference_links.cancel,
)
COMMANDS: tuple[Command[Any], ...] = (
    PARTICIPANTS,
    LET_IN,
    TURN_AWAY,
    CANCEL_LINK,
    MUTE,
    UNMUTE,
    LOCK,
    UNLOCK,
    REMOVE,
)
