"""What is said when a third person is brought into an appointment, by a Matrix id or by a link."""

from bot.domain.booking import Party
from bot.domain.conference import Purpose
from bot.domain.ids import UserId
from bot.domain.language import Language, Text
from bot.text.conference_words import PURPOSES
from bot.text.reply import Command, Link, Reply, Strong, say

INVITE_WORD = Text(fi="!kutsu", sv="!bjud-in", en="!invite")
INVITED = Text(
    fi="Kutsuttu tapaamiseen: {g}. Kerroin siitä tapaamisen huoneessa.",
    sv="Inbjuden till mötet: {g}. Jag meddelade det i mötets rum.",
    en="Invited to the appointment: {g}. I told it in the appointment's room.",
)
WHOM = Text(
    fi="Ketä kutsutaan ja mihin varaukseen? Kirjoita näin: !kutsu H7K3MP tulkki",
    sv="Vem bjuds in och till vilken bokning? Skriv så här: !bjud-in H7K3MP tolk",
    en="Who is invited, and to which booking? Type like this: !invite H7K3MP interpreter",
)
WHICH = Text(
    fi="Mihin tapaamiseen kutsut? Vastaa numerolla:",
    sv="Till vilket möte bjuder du in? Svara med siffra:",
    en="To which appointment do you invite? Answer with a number:",
)
FOR_WHOM = Text(
    fi="Kenelle teen linkin videotapaamiseen? Vastaa numerolla:",
    sv="Till vem gör jag en länk till videomötet? Svara med siffra:",
    en="For whom do I make a link to the video meeting? Answer with a number:",
)
BY_ID = Text(
    fi="Jos hänellä on Matrix-tunnus, voit kutsua hänet myös huoneeseen: ",
    sv="Om personen har ett Matrix-id kan du också bjuda in till rummet: ",
    en="Somebody with a Matrix id can also be invited into the room: ",
)
_BY = {
    Party.CITIZEN: Text(
        fi="Asiakas kutsui tapaamiseen mukaan: ", sv="Kunden bjöd in till mötet: ", en="The citizen invited: "
    ),
    Party.OFFICIAL: Text(
        fi="Palvelija kutsui tapaamiseen mukaan: ", sv="Vi bjöd in till mötet: ", en="The official invited: "
    ),
    Party.SERVICE: Text(fi="Tapaamiseen kutsuttiin: ", sv="Till mötet inbjöds: ", en="Invited: "),
}
_SEES = Text(
    fi="Hän näkee huoneen viestit ja liitteet.",
    sv="Personen ser rummets meddelanden och bilagor.",
    en="They see the room's messages and attachments.",
)
_BY_LINK = Text(
    fi="Hän tulee linkillä vain videotapaamiseen, eikä näe huoneen viestejä tai liitteitä. "
    "Hän odottaa ovella, kunnes hänet päästetään sisään.",
    sv="Personen kommer med en länk bara till videomötet och ser inte rummets meddelanden eller bilagor. "
    "Personen väntar vid dörren tills någon släpper in.",
    en="They come by a link into the video meeting only, and don't see the room's messages or attachments. "
    "They wait at the door until they are let in.",
)
_LINK = Text(fi="Linkki videotapaamiseen: {w}", sv="Länk till videomötet: {w}", en="Link to the video meeting: {w}")
_PASS_ON = Text(
    fi="Lähetä se vain hänelle, esimerkiksi tekstiviestillä tai sähköpostilla. "
    "Se avautuu tavallisessa selaimessa ilman tunnuksia.",
    sv="Skicka den bara till personen, till exempel med sms eller e-post. "
    "Den öppnas i en vanlig webbläsare utan inloggning.",
    en="Send it to that person only, for example by text message or email. "
    "It opens in an ordinary browser without an account.",
)
_DOOR = Text(
    fi="Ovi avautuu 30 minuuttia ennen aikaa. Kun vieras odottaa ovella, kerron siitä tapaamisen huoneessa.",
    sv="Dörren öppnas 30 minuter före tiden. När gästen väntar vid dörren säger jag till i mötets rum.",
    en="The door opens 30 minutes before the time. When the guest waits there, I tell it in the appointment's room.",
)
ENCRYPTED = Text(
    fi="Tämän palvelun tapaamiset on salattu päästä päähän, joten pelkällä linkillä ei valitettavasti pääse mukaan: "
    "kutsu henkilö Matrix-tunnuksella, esimerkiksi: ",
    sv="Den här tjänstens möten är krypterade hela vägen, så tyvärr räcker inte en länk: "
    "bjud in personen med Matrix-id, till exempel: ",
    en="This service's appointments are end-to-end encrypted, so sadly a link alone is not enough: "
    "invite the person by their Matrix id, for example: ",
)
_EXAMPLE_ID = Text(fi="@tulkki:esimerkki.fi", sv="@tolk:exempel.fi", en="@interpreter:example.fi")
NO_ADDRESS = Text(
    fi="Linkkejä ei voi nyt tehdä, koska palvelun osoite puuttuu. Kerro tästä ylläpidolle.",
    sv="Länkar kan inte göras nu eftersom tjänstens adress saknas. Meddela administratören.",
    en="Links can't be made now, because the service's address is missing. Please tell the administrator.",
)
TOO_MANY_LINKS = Text(
    fi="Tähän tapaamiseen on jo tehty linkkejä enimmäismäärä: {n}",
    sv="Till det här mötet har redan gjorts högsta antalet länkar: {n}",
    en="This appointment has as many links as it can have: {n}",
)


def joined(guest: UserId, by: Party, language: Language) -> Reply:
    """To both parties, in their room."""
    return say(_BY[by].in_(language), Strong(guest)) + say(_SEES.in_(language))


def invited_by_link(who: str, by: Party, language: Language) -> Reply:
    """To both parties, in their room, when a link was made."""
    return say(_BY[by].in_(language), Strong(who)) + say(_BY_LINK.in_(language))


def link(address: str, purpose: Purpose, name: str, page: Language, language: Language) -> Reply:
    """To the one who invites: the link, and how to pass it on. `page` is the language that the page opens in."""
    head = _LINK.format(w=who(purpose, name, language)).in_(language)
    told = say(f"{_DOOR.in_(language)} {_page(page, language)}".strip())
    return say(Strong(head)) + say(Link(address, address)) + say(_PASS_ON.in_(language)) + told


def who(purpose: Purpose, name: str, language: Language) -> str:
    """The name with the purpose behind it, or the purpose alone."""
    word = PURPOSES[purpose].in_(language)
    return f"{name} ({word})" if name else word


def encrypted(number: str, language: Language) -> Reply:
    """Why a link does not work here, and what does."""
    typed = f"{INVITE_WORD.in_(language)} {number} {_EXAMPLE_ID.in_(language)}"
    return say(ENCRYPTED.in_(language), Command(typed))


def _page(page: Language, language: Language) -> str:
    """The page's language is named where it is not the reader's own."""
    return _PAGES[page].in_(language) if page is not language else ""


_PAGES = {
    Language.FI: Text(fi="Sivun kieli: suomi.", sv="Sidans språk: finska.", en="The page's language: Finnish."),
    Language.SV: Text(fi="Sivun kieli: ruotsi.", sv="Sidans språk: svenska.", en="The page's language: Swedish."),
    Language.EN: Text(fi="Sivun kieli: englanti.", sv="Sidans språk: engelska.", en="The page's language: English."),
}
