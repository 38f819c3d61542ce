"""What the join page says: before the conference, at its door, and after it.

The words of trying out devices are in `bot.text.join_device_words`, those within the conference in
`bot.text.join_call_words`. The page gets all of them as JSON, since the language can be changed at any moment.
"""

from collections.abc import Mapping

from bot.domain.language import Language, Text
from bot.text.join_call_words import CALL
from bot.text.join_device_words import DEVICES

_START: Mapping[str, Text] = {
    "skip": Text(fi="Siirry sisältöön", sv="Gå till innehållet", en="Skip to the content"),
    "languages": Text(fi="Kieli", sv="Språk", en="Language"),
    "welcome": Text(
        fi="Tervetuloa videotapaamiseen", sv="Välkommen till videomötet", en="Welcome to the video meeting"
    ),
    "welcome_text": Text(
        fi="Et tarvitse tunnusta etkä ohjelmia. Kerro nimesi, kokeile kameraa ja ääntä, ja sinut päästetään sisään.",
        sv="Du behöver inget konto och inga program. Ange ditt namn, prova kamera och ljud, så släpps du in.",
        en="You need no account and no programs. Tell your name, try camera and sound, and you will be let in.",
    ),
    "welcome_practice": Text(
        fi="Täällä voit harjoitella rauhassa. Kerro nimesi ja kokeile kameraa ja ääntä. Tunnusta ei tarvita.",
        sv="Här kan du öva i lugn och ro. Ange ditt namn och prova kamera och ljud. Inget konto behövs.",
        en="You can practise here in peace. Tell your name and try camera and sound. No account is needed.",
    ),
    "when": Text(fi="Aika:", sv="Tid:", en="Time:"),
    "your_name": Text(fi="Nimesi", sv="Ditt namn", en="Your name"),
    "name_help": Text(
        fi="Muut osallistujat näkevät nimesi.", sv="De andra deltagarna ser ditt namn.", en="The others see your name."
    ),
    "name_missing": Text(
        fi="Kirjoita nimesi, niin pääset eteenpäin.",
        sv="Skriv ditt namn, så kommer du vidare.",
        en="Write your name to go on.",
    ),
    "go_on": Text(fi="Jatka", sv="Fortsätt", en="Continue"),
    "privacy": Text(
        fi="Yhteys on suojattu, eikä ääntä tai kuvaa tallenneta. Palvelu välittää ne, joten niitä ei ole salattu päästä"
        " päähän.",
        sv="Förbindelsen är skyddad, och varken ljud eller bild sparas. Tjänsten förmedlar dem, så de är inte"
        " totalsträckskrypterade.",
        en="The connection is protected, and neither sound nor picture is stored. The service passes them on, so they"
        " are not end-to-end encrypted.",
    ),
}

_DOOR: Mapping[str, Text] = {
    "connecting_title": Text(fi="Hetki vielä", sv="Ett ögonblick", en="One moment"),
    "connecting_text": Text(fi="Yhdistetään…", sv="Ansluter…", en="Connecting…"),
    "no_answer": Text(
        fi="Palvelu ei nyt vastaa. Yritetään uudelleen. Tarkista, että laitteesi on verkossa.",
        sv="Tjänsten svarar inte just nu. Vi försöker igen. Kontrollera att enheten är uppkopplad.",
        en="The service does not answer just now. Trying again. Check that your device is online.",
    ),
    "waiting_title": Text(fi="Odotushuone", sv="Väntrum", en="Waiting room"),
    "waiting_text": Text(
        fi="Sinut päästetään sisään. Odota hetki.",
        sv="Du släpps in. Vänta en stund.",
        en="You will be let in. Please wait.",
    ),
    "waiting_more": Text(
        fi="Tapaamisen vetäjä tietää, että odotat. Pidä tämä sivu auki.",
        sv="Mötesledaren vet att du väntar. Håll den här sidan öppen.",
        en="The meeting's host knows that you are waiting. Keep this page open.",
    ),
    "let_in": Text(fi="Sinut päästettiin sisään.", sv="Du har släppts in.", en="You have been let in."),
    "in_use_title": Text(fi="Linkki on jo käytössä", sv="Länken används redan", en="The link is already in use"),
    "in_use_text": Text(
        fi="Joku on tapaamisessa samalla linkillä toisella laitteella. Jos se olet sinä, voit jatkaa tällä laitteella."
        " Silloin toisen laitteen yhteys päättyy.",
        sv="Någon är med i mötet med samma länk på en annan enhet. Om det är du kan du fortsätta på den här enheten."
        " Då avslutas den andra enhetens förbindelse.",
        en="Somebody is in the meeting with the same link on another device. If it is you, you can go on with this"
        " device. The other device's connection then ends.",
    ),
    "in_use_yes": Text(fi="Jatka tällä laitteella", sv="Fortsätt på den här enheten", en="Continue on this device"),
    "in_use_no": Text(fi="Peruuta", sv="Avbryt", en="Cancel"),
    "turned_title": Text(fi="Nyt ei pääse sisään", sv="Det går inte att komma in nu", en="You can't come in now"),
}

_AFTER: Mapping[str, Text] = {
    "left_title": Text(fi="Olet poistunut", sv="Du har lämnat mötet", en="You have left"),
    "left_text": Text(
        fi="Voit palata samalla linkillä niin kauan kuin tapaaminen kestää. Muuten voit sulkea tämän sivun.",
        sv="Du kan komma tillbaka med samma länk så länge mötet pågår. Annars kan du stänga den här sidan.",
        en="You can come back by the same link as long as the meeting lasts. Otherwise you can close this page.",
    ),
    "removed_title": Text(
        fi="Sinut poistettiin tapaamisesta", sv="Du har tagits bort från mötet", en="You were removed from the meeting"
    ),
    "removed_text": Text(
        fi="Tapaamisen vetäjä päätti osallistumisesi. Jos se oli erehdys, pyydä uusi kutsu siltä, joka kutsui sinut.",
        sv="Mötesledaren avslutade ditt deltagande. Om det var ett misstag, be den som bjöd in dig om en ny inbjudan.",
        en="The meeting's host ended your part in it. If it was a mistake, ask whoever invited you for a new"
        " invitation.",
    ),
    "ended_title": Text(fi="Tapaaminen on päättynyt", sv="Mötet är slut", en="The meeting has ended"),
    "ended_text": Text(
        fi="Kiitos osallistumisesta. Voit sulkea tämän sivun.",
        sv="Tack för att du var med. Du kan stänga den här sidan.",
        en="Thank you for taking part. You can close this page.",
    ),
    "replaced_title": Text(
        fi="Tapaaminen jatkuu toisella laitteella",
        sv="Mötet fortsätter på en annan enhet",
        en="The meeting goes on on another device",
    ),
    "replaced_text": Text(
        fi="Linkkisi avattiin toisella laitteella. Jos se et ollut sinä, palaa tapaamiseen ja kerro siitä vetäjälle.",
        sv="Din länk öppnades på en annan enhet. Om det inte var du, kom tillbaka och berätta det för mötesledaren.",
        en="Your link was opened on another device. If that was not you, come back and tell the meeting's host.",
    ),
    "refused_title": Text(fi="Nyt ei pääse sisään", sv="Det går inte att komma in nu", en="You can't come in now"),
    "refused_text": Text(
        fi="Tapaaminen on lukittu tai täynnä. Odota hetki ja yritä uudelleen, tai ota yhteyttä siihen, joka kutsui"
        " sinut.",
        sv="Mötet är låst eller fullt. Vänta en stund och försök igen, eller kontakta den som bjöd in dig.",
        en="The meeting is locked or full. Wait a moment and try again, or contact whoever invited you.",
    ),
    "lost_title": Text(fi="Yhteys katkesi", sv="Förbindelsen bröts", en="The connection was lost"),
    "lost_text": Text(
        fi="Yhteyttä ei saatu takaisin. Tarkista, että laitteesi on verkossa, ja palaa sitten tapaamiseen.",
        sv="Det gick inte att få tillbaka förbindelsen. Kontrollera att enheten är uppkopplad och kom sedan tillbaka.",
        en="The connection did not come back. Check that your device is online, and then return to the meeting.",
    ),
    "come_back": Text(fi="Palaa tapaamiseen", sv="Återvänd till mötet", en="Return to the meeting"),
    "try_again": Text(fi="Yritä uudelleen", sv="Försök igen", en="Try again"),
    "close": Text(fi="Sulje", sv="Stäng", en="Close"),
    "understood": Text(fi="Selvä", sv="Okej", en="OK"),
}

_WORD: Mapping[str, Text] = {
    "word_given": Text(
        fi="Sait puheenvuoron. Mikrofonisi on vielä pois päältä.",
        sv="Du har fått ordet. Din mikrofon är fortfarande av.",
        en="You may speak now. Your microphone is still off.",
    ),
    "word_speak": Text(fi="Avaa mikrofoni", sv="Slå på mikrofonen", en="Turn the microphone on"),
    "word_later": Text(fi="Ei nyt", sv="Inte nu", en="Not now"),
}

WORDS: Mapping[str, Text] = {**_START, **_DOOR, **_AFTER, **_WORD, **DEVICES, **CALL}
"""By the keys that the page's source uses; `{name}` and `{count}` are filled in by the page."""

UNKNOWN_TITLE = Text(fi="Linkki ei toimi", sv="Länken fungerar inte", en="The link does not work")
UNKNOWN = Text(
    fi="Tarkista, että osoite on kokonainen, tai avaa linkki uudelleen viestistä. Jos se ei auta, pyydä uusi linkki"
    " siltä, joka kutsui sinut.",
    sv="Kontrollera att adressen är hel eller öppna länken på nytt från meddelandet. Om det inte hjälper, be den som"
    " bjöd in dig om en ny länk.",
    en="Check that the address is complete, or open the link again from the message. If that does not help, ask"
    " whoever invited you for a new link.",
)
CLOSED_TITLE = Text(fi="Tapaaminen on päättynyt", sv="Mötet är slut", en="The meeting has ended")
CLOSED = Text(
    fi="Tämä linkki ei ole enää voimassa. Jos asiasi jäi kesken, ota yhteyttä siihen, joka kutsui sinut.",
    sv="Den här länken gäller inte längre. Om ditt ärende inte blev klart, kontakta den som bjöd in dig.",
    en="This link is no longer valid. If your matter was left unfinished, contact whoever invited you.",
)
CANCELLED_TITLE = Text(fi="Kutsu on peruttu", sv="Inbjudan är återtagen", en="The invitation was cancelled")
EARLY_TITLE = Text(fi="Olet ajoissa", sv="Du är i god tid", en="You are early")
EARLY = Text(
    fi="Ovi avataan vähän ennen tapaamista. Avaa sama linkki silloin uudelleen.",
    sv="Dörren öppnas strax före mötet. Öppna samma länk då på nytt.",
    en="The door opens shortly before the meeting. Open the same link again then.",
)
BUSY_TITLE = Text(fi="Hetki, kiitos", sv="Ett ögonblick, tack", en="One moment, please")
BUSY = Text(
    fi="Sivua on avattu hyvin monta kertaa. Odota minuutti ja yritä uudelleen.",
    sv="Sidan har öppnats väldigt många gånger. Vänta en minut och försök igen.",
    en="The page was opened very many times. Wait a minute and try again.",
)
NOT_BUILT_TITLE = Text(
    fi="Videotapaaminen ei ole nyt käytössä", sv="Videomötet är inte i bruk nu", en="Video meetings are not available"
)
NOT_BUILT = Text(
    fi="Ota yhteyttä siihen, joka kutsui sinut. Ylläpitäjälle: sivua ei ole koottu. Aja: make join-page",
    sv="Kontakta den som bjöd in dig. För administratören: sidan har inte byggts. Kör: make join-page",
    en="Contact whoever invited you. For the operator: the page has not been built. Run: make join-page",
)
NO_SCRIPT = Text(
    fi="Videotapaaminen tarvitsee JavaScriptin. Ota se käyttöön selaimen asetuksista tai avaa linkki toisella"
    " selaimella.",
    sv="Videomötet behöver JavaScript. Tillåt det i webbläsarens inställningar eller öppna länken i en annan"
    " webbläsare.",
    en="The video meeting needs JavaScript. Allow it in the browser's settings, or open the link in another browser.",
)
NAMELESS = Text(fi="Kerro nimesi.", sv="Ange ditt namn.", en="Tell your name.")


def as_json(words: Mapping[str, Text] = WORDS) -> dict[str, dict[str, str]]:
    """For the page: `{key: {"fi": …, "sv": …, "en": …}}`."""
    return {key: spelled_out(text) for key, text in words.items()}


def spelled_out(text: Text) -> dict[str, str]:
    return {language.value: text.in_(language) for language in Language}
