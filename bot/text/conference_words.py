"""What is said in chat about a visit's conference: who is in it, who waits at its door, and what the chair did.

The words of guest links are `bot.text.guest_words`', those at the door `bot.text.door_words`'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.conference import Line, OrderKind, Purpose, Role, VisitorState
from bot.domain.language import Language, Text
from bot.text.reply import Command, Inline, Reply, Strong, bullets, choices, say

PARTICIPANTS_WORD = Text(fi="!osallistujat", sv="!deltagare", en="!participants")
MUTE_WORD = Text(fi="!hiljennä", sv="!tysta", en="!mute")
REMOVE_WORD = Text(fi="!poista", sv="!ta-bort", en="!remove")
UNMUTE_WORD = Text(fi="!puheenvuoro", sv="!ge-ordet", en="!unmute")
LOCK_WORD = Text(fi="!lukitse", sv="!lås", en="!lock")
UNLOCK_WORD = Text(fi="!avaa-lukko", sv="!lås-upp", en="!unlock")
LET_IN_WORD = Text(fi="!päästä", sv="!släpp-in", en="!let-in")
TURN_AWAY_WORD = Text(fi="!käännytä", sv="!avvisa", en="!turn-away")
CANCEL_LINK_WORD = Text(fi="!peru-kutsu", sv="!återta-inbjudan", en="!cancel-invitation")
EVERYBODY = Text(fi="kaikki", sv="alla", en="everybody")

ROLES = {
    Role.OFFICIAL: Text(fi="palvelija", sv="betjänar", en="official"),
    Role.CITIZEN: Text(fi="asiakas", sv="kund", en="citizen"),
    Role.GUEST: Text(fi="vieras", sv="gäst", en="guest"),
    Role.MEMBER: Text(fi="muu osallistuja", sv="annan deltagare", en="other participant"),
}
PURPOSES = {
    Purpose.INTERPRETER: Text(fi="tulkki", sv="tolk", en="interpreter"),
    Purpose.RELATIVE: Text(fi="läheinen", sv="närstående", en="relative"),
    Purpose.AUTHORITY: Text(fi="toinen viranomainen", sv="annan myndighet", en="another authority"),
    Purpose.OTHER: Text(fi="vieras", sv="gäst", en="guest"),
}

NOT_BEGUN = Text(
    fi="Videotapaamisessa ei ole ollut vielä ketään: {n}",
    sv="Ingen har ännu varit i videomötet: {n}",
    en="Nobody has been in the video meeting yet: {n}",
)
NOBODY_IN = Text(
    fi="Videotapaamisessa ei ole nyt ketään.",
    sv="Ingen är i videomötet just nu.",
    en="Nobody is in the video meeting now.",
)
NOBODY_WAITS = Text(
    fi="Ovella ei odota nyt ketään.", sv="Ingen väntar vid dörren just nu.", en="Nobody waits at the door now."
)
NO_SUCH_PERSON = Text(
    fi="En löydä häntä videotapaamisesta: {w}. Ketkä ovat mukana: ",
    sv="Jag hittar inte personen i videomötet: {w}. Vilka som är med: ",
    en="I can't find them in the video meeting: {w}. Who is there: ",
)
NO_SUCH_VISITOR = Text(
    fi="En löydä häntä ovelta: {w}. Ketkä odottavat: ",
    sv="Jag hittar inte personen vid dörren: {w}. Vilka som väntar: ",
    en="I can't find them at the door: {w}. Who waits: ",
)
WHOM = {
    OrderKind.MUTE: Text(
        fi="Kenet hiljennetään? Vastaa numerolla:",
        sv="Vem ska tystas? Svara med siffra:",
        en="Whom do you mute? Answer with a number:",
    ),
    OrderKind.UNMUTE: Text(
        fi="Kenelle annetaan puheenvuoro? Vastaa numerolla:",
        sv="Vem får ordet? Svara med siffra:",
        en="Who may speak again? Answer with a number:",
    ),
    OrderKind.REMOVE: Text(
        fi="Kuka poistetaan videotapaamisesta? Vastaa numerolla:",
        sv="Vem ska tas bort från videomötet? Svara med siffra:",
        en="Whom do you remove from the video meeting? Answer with a number:",
    ),
}
DOING = {
    OrderKind.MUTE: Text(
        fi="Hiljennän: {w}. Anna puheenvuoro takaisin: ",
        sv="Jag tystar: {w}. Ge ordet tillbaka: ",
        en="Muting: {w}. To let them speak again: ",
    ),
    OrderKind.UNMUTE: Text(
        fi="Puheenvuoron saa: {w}. Hän avaa mikrofoninsa itse.",
        sv="Ordet får: {w}. Personen öppnar själv sin mikrofon.",
        en="May speak again: {w}. They open their microphone themselves.",
    ),
    OrderKind.REMOVE: Text(
        fi="Poistan videotapaamisesta: {w}", sv="Jag tar bort från videomötet: {w}", en="Removing: {w}"
    ),
    OrderKind.LOCK: Text(
        fi="Lukitsen videotapaamisen. Uusia ei pääse sisään; mukana olevat voivat palata. Avaa lukko: ",
        sv="Jag låser videomötet. Inga nya kommer in; de som är med kan komma tillbaka. Lås upp: ",
        en="Locking the video meeting. Nobody new comes in; who is there can come back. To unlock: ",
    ),
    OrderKind.UNLOCK: Text(
        fi="Avaan videotapaamisen lukon.", sv="Jag låser upp videomötet.", en="Unlocking the video meeting."
    ),
}
FAILED = {
    OrderKind.MUTE: Text(
        fi="Hiljentäminen ei onnistunut: {w}. Hän on ehkä jo lähtenyt. Katso: ",
        sv="Personen kunde inte tystas: {w}. Personen har kanske gått. Se: ",
        en="Muting did not work: {w}. They may have left. See: ",
    ),
    OrderKind.UNMUTE: Text(
        fi="Puheenvuoroa ei voitu antaa: {w}. Hän on ehkä jo lähtenyt. Katso: ",
        sv="Ordet kunde inte ges: {w}. Personen har kanske gått. Se: ",
        en="They could not be unmuted: {w}. They may have left. See: ",
    ),
    OrderKind.REMOVE: Text(
        fi="Poistaminen ei onnistunut: {w}. Hän on ehkä jo lähtenyt. Katso: ",
        sv="Personen kunde inte tas bort: {w}. Personen har kanske gått. Se: ",
        en="Removing did not work: {w}. They may have left. See: ",
    ),
    OrderKind.LOCK: Text(
        fi="Lukitseminen ei onnistunut. Yritä uudelleen: ",
        sv="Låsningen lyckades inte. Försök igen: ",
        en="Locking did not work. Try again: ",
    ),
    OrderKind.UNLOCK: Text(
        fi="Lukon avaaminen ei onnistunut. Yritä uudelleen: ",
        sv="Upplåsningen lyckades inte. Försök igen: ",
        en="Unlocking did not work. Try again: ",
    ),
    OrderKind.CLOSE: Text(
        fi="Videotapaamisen sulkeminen ei onnistunut. Katso, onko siellä vielä joku: ",
        sv="Videomötet kunde inte stängas. Se om någon ännu är där: ",
        en="The video meeting could not be closed. See whether anybody is still there: ",
    ),
}
_AGAIN = {OrderKind.LOCK: LOCK_WORD, OrderKind.UNLOCK: UNLOCK_WORD}
IS_LOCKED = Text(
    fi="Videotapaaminen on lukittu. Avaa lukko ensin: ",
    sv="Videomötet är låst. Lås upp först: ",
    en="The video meeting is locked. Unlock it first: ",
)
NO_ROOM_YET = Text(
    fi="Tapaamisen huone ei ole vielä valmis. Yritä hetken päästä uudelleen.",
    sv="Mötets rum är inte färdigt ännu. Försök igen om en stund.",
    en="The appointment's room is not ready yet. Try again in a moment.",
)
LET_IN = Text(fi="Päästin sisään: {w}", sv="Insläppt: {w}", en="Let in: {w}")
TURNED_AWAY = Text(fi="Ei päästetty sisään: {w}", sv="Inte insläppt: {w}", en="Not let in: {w}")
ALREADY = Text(
    fi="Hän ei odota enää ovella: {w}",
    sv="Personen väntar inte längre vid dörren: {w}",
    en="No longer at the door: {w}",
)

WHICH_LINK = Text(
    fi="Mikä kutsu perutaan? Vastaa numerolla:",
    sv="Vilken inbjudan återtas? Svara med siffra:",
    en="Which invitation is cancelled? Answer with a number:",
)
CANCELLED_LINK = Text(
    fi="Kutsu on peruttu: {w}. Linkki ei enää toimi, ja sillä tulleet poistuvat videotapaamisesta.",
    sv="Inbjudan är återtagen: {w}. Länken fungerar inte längre, och de som kom med den lämnar videomötet.",
    en="The invitation is cancelled: {w}. The link no longer works, and whoever came by it leaves the video meeting.",
)
CANCELLED_BEFORE = Text(
    fi="Kutsu on peruttu jo aiemmin: {w}", sv="Inbjudan är redan återtagen: {w}", en="Already cancelled: {w}"
)
NO_LINKS = Text(
    fi="Tähän videotapaamiseen ei ole kutsulinkkejä, jotka olisivat voimassa.",
    sv="Det finns inga giltiga inbjudningslänkar till det här videomötet.",
    en="There are no invitation links to this video meeting that would be valid.",
)
NO_SUCH_LINK = Text(
    fi="En löydä kutsua: {w}. Näin näet kutsut, jotka voit perua: ",
    sv="Jag hittar inte inbjudan: {w}. Så ser du vilka du kan återta: ",
    en="I can't find the invitation: {w}. To see which can be cancelled: ",
)
LINK_CANCELLED = Text(
    fi="Tämä kutsu on peruttu, eikä linkki enää toimi. Kysy tarvittaessa siltä, joka kutsui sinut.",
    sv="Den här inbjudan är återtagen och länken fungerar inte längre. Fråga vid behov den som bjöd in dig.",
    en="This invitation was cancelled, and the link no longer works. If needed, ask whoever invited you.",
)
"""On the join page."""
_CANCELLED = Text(
    fi="Kutsu videotapaamiseen peruttiin, eikä sen linkki enää toimi: ",
    sv="Inbjudan till videomötet återtogs, och länken fungerar inte längre: ",
    en="An invitation to the video meeting was cancelled, and its link no longer works: ",
)
_HAND = Text(
    fi="Viittaa videotapaamisessa: ", sv="Räcker upp handen i videomötet: ", en="Raised a hand in the video meeting: "
)

_WAITS = Text(fi="Ovella odottaa: ", sv="Vid dörren väntar: ", en="Waiting at the door: ")
_LET = Text(fi="Päästä sisään", sv="Släpp in", en="Let in")
_NOT_LET = Text(fi="Älä päästä", sv="Släpp inte in", en="Don't let in")
_CHAIR = Text(
    fi="Palvelija valitsee numerolla tai napauttamalla.",
    sv="Den som betjänar väljer med siffra eller genom att trycka.",
    en="The official chooses by number or by tapping.",
)
_SETTLED = {
    VisitorState.LET_IN: Text(fi="Päästettiin sisään: ", sv="Släpptes in: ", en="Was let in: "),
    VisitorState.TURNED_AWAY: Text(fi="Ei päästetty sisään: ", sv="Släpptes inte in: ", en="Was not let in: "),
    VisitorState.LEFT: Text(fi="Lähti ovelta: ", sv="Gick från dörren: ", en="Left the door: "),
}
_PRESENT = Text(fi="Mukana nyt: {n}", sv="Med nu: {n}", en="There now: {n}")
_WAITING = Text(fi="Odottaa ovella: {n}", sv="Väntar vid dörren: {n}", en="Waiting at the door: {n}")
_WAS = Text(fi="Oli mukana: {n}", sv="Var med: {n}", en="Was there: {n}")
_HOW_TO_LET = Text(fi="Päästä sisään: ", sv="Släpp in: ", en="To let in: ")
_LOCKED = Text(fi="Videotapaaminen on lukittu.", sv="Videomötet är låst.", en="The video meeting is locked.")
_GOOD = Text(fi="hyvä yhteys", sv="bra förbindelse", en="good line")
_FAIR = Text(fi="yhteys pätki vähän", sv="förbindelsen hackade lite", en="line broke up a little")
_POOR = Text(fi="huono yhteys", sv="dålig förbindelse", en="poor line")
_FAIR_LOSS, _POOR_LOSS, _SLOW_MS = 0.02, 0.08, 400.0

_ENCRYPTED = Text(
    fi="Huone ja videotapaaminen on salattu päästä päähän: vain mukana olevat lukevat ja kuulevat. "
    "Siksi mukaan ei voi tulla pelkällä linkillä.",
    sv="Rummet och videomötet är krypterade hela vägen: bara de som är med läser och hör. "
    "Därför kan ingen komma med enbart med en länk.",
    en="The room and the video meeting are end-to-end encrypted: only those inside read and hear. "
    "So nobody can come in by a link alone.",
)
_OPEN = Text(
    fi="Yhteys on suojattu, mutta huonetta ja videotapaamista ei ole salattu päästä päähän. "
    "Siksi mukaan voi kutsua vieraan linkillä: ",
    sv="Förbindelsen är skyddad, men rummet och videomötet är inte krypterade hela vägen. "
    "Därför kan en gäst bjudas in med en länk: ",
    en="The connection is protected, but the room and the video meeting are not end-to-end encrypted. "
    "So a guest can be invited by a link: ",
)


def how_private(word: Text, language: Language, *, encrypted: bool) -> Reply:
    """To both sides, when their room opens; `word` is the command that invites."""
    if encrypted:
        return say(_ENCRYPTED.in_(language))
    return say(_OPEN.in_(language), Command(word.in_(language)))


def card(who: str, number: str, language: Language) -> Reply:
    """Somebody waits at the door; ends in what the official chooses from."""
    head = say(_WAITS.in_(language), Strong(who), f" ({number})")
    return head + choices(_LET.in_(language), _NOT_LET.in_(language)) + say(_CHAIR.in_(language))


def settled_card(who: str, state: VisitorState, language: Language) -> Reply:
    """What the card says once it was decided. Raises `KeyError` for somebody who waits."""
    return say(_SETTLED[state].in_(language), Strong(who))


def link_cancelled(who: str, language: Language) -> Reply:
    """To both parties, in their room."""
    return say(_CANCELLED.in_(language), Strong(who))


def hand_raised(who: str, language: Language) -> Reply:
    """To those in the visit's room, whose clients don't show the hands of guests by link."""
    return say(_HAND.in_(language), Strong(who))


def failed(kind: OrderKind, who: str, language: Language) -> Reply:
    """An order could not be carried out: what to do now."""
    word = _AGAIN.get(kind, PARTICIPANTS_WORD)
    return say(FAILED[kind].format(w=who).in_(language), Command(word.in_(language)))


def line_words(line: Line, language: Language) -> str:
    """How good somebody's line was, in few words; empty where it was not measured."""
    if line.lost_share is None and line.round_trip_ms is None:
        return ""
    lost, slow = line.lost_share or 0.0, (line.round_trip_ms or 0.0) >= _SLOW_MS
    if lost >= _POOR_LOSS:
        return _POOR.in_(language)
    return (_FAIR if slow or lost >= _FAIR_LOSS else _GOOD).in_(language)


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the list: who, as what, and how long."""

    who: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    present: Sequence[Seen]
    waiting: Sequence[Seen]
    former: Sequence[Seen]
    locked: bool


def participants(listing: Listing, language: Language) -> Reply:
    """Who is there, who waits and who was there; the parts that have somebody in them."""
    reply = _part(_PRESENT, listing.present, language) if listing.present else say(NOBODY_IN.in_(language))
    if listing.waiting:
        reply += _part(_WAITING, listing.waiting, language)
        reply += say(_HOW_TO_LET.in_(language), Command(LET_IN_WORD.in_(language)))
    if listing.former:
        reply += _part(_WAS, listing.former, language)
    return reply + (say(_LOCKED.in_(language)) if listing.locked else Reply(()))


def _part(head: Text, seen: Sequence[Seen], language: Language) -> Reply:
    rows: list[tuple[Inline, ...]] = [(Strong(one.who), "".join(f" · {fact}" for fact in one.facts)) for one in seen]
    return say(Strong(head.format(n=len(seen)).in_(language))) + bullets(*rows)
