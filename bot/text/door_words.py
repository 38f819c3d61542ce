"""Why a link does not let somebody in, and what they can do. Shown on the join page, in the language it is read in."""

from bot.domain.language import Text

PRACTICE = Text(fi="Kokeile videotapaamista", sv="Prova videomötet", en="Try the video meeting")
MEETING = Text(fi="Tapaaminen", sv="Möte", en="Meeting")

UNKNOWN = Text(
    fi="Tämä linkki ei toimi. Tarkista, että se on kokonaan mukana, tai pyydä uusi linkki kutsujalta.",
    sv="Länken fungerar inte. Kontrollera att hela länken är med, eller be den som bjöd in om en ny.",
    en="This link does not work. Check that it is complete, or ask whoever invited you for a new one.",
)
TOO_EARLY = Text(
    fi="Ovi avautuu 30 minuuttia ennen tapaamista. Tule silloin uudelleen samalla linkillä.",
    sv="Dörren öppnas 30 minuter före mötet. Kom då tillbaka med samma länk.",
    en="The door opens 30 minutes before the meeting. Come back then with the same link.",
)
CLOSED = Text(
    fi="Tapaaminen on päättynyt tai peruttu, eikä linkki ole enää käytössä. Kysy tarvittaessa kutsujalta.",
    sv="Mötet är slut eller avbokat, och länken används inte längre. Fråga vid behov den som bjöd in.",
    en="The meeting is over or was cancelled, and the link is no longer in use. If needed, ask whoever invited you.",
)
TURNED_AWAY = Text(
    fi="Sinua ei päästetty tähän tapaamiseen. Jos tämä on virhe, ota yhteyttä kutsujaan.",
    sv="Du släpptes inte in till det här mötet. Om det är ett misstag, kontakta den som bjöd in.",
    en="You were not let into this meeting. If this is a mistake, please contact whoever invited you.",
)
REMOVED = Text(
    fi="Osallistumisesi tähän tapaamiseen on päätetty. Jos tämä on virhe, ota yhteyttä kutsujaan.",
    sv="Ditt deltagande i mötet har avslutats. Om det är ett misstag, kontakta den som bjöd in.",
    en="Your part in this meeting was ended. If this is a mistake, please contact whoever invited you.",
)
LEFT = Text(
    fi="Olet poistunut, tai linkki avattiin toisella laitteella. Voit tulla uudelleen samalla linkillä.",
    sv="Du har gått, eller så öppnades länken på en annan enhet. Du kan komma tillbaka med samma länk.",
    en="You have left, or the link was opened on another device. You can come again with the same link.",
)
TOO_OFTEN = Text(
    fi="Tällä linkillä on tultu ovelle liian monta kertaa. Pyydä kutsujalta uusi linkki.",
    sv="Den här länken har använts för många gånger. Be den som bjöd in om en ny länk.",
    en="This link was used too many times. Ask whoever invited you for a new one.",
)
