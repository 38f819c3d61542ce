"""What the join page says within the conference: the controls, who is there, the line, and what has happened."""

from collections.abc import Mapping

from bot.domain.language import Text

_CONTROLS: Mapping[str, Text] = {
    "call_title": Text(fi="Videotapaaminen", sv="Videomöte", en="Video meeting"),
    "controls": Text(fi="Painikkeet", sv="Knappar", en="Controls"),
    "microphone_on": Text(fi="Mikrofoni päällä", sv="Mikrofonen på", en="Microphone on"),
    "microphone_off": Text(fi="Mikrofoni pois", sv="Mikrofonen av", en="Microphone off"),
    "camera_on": Text(fi="Kamera päällä", sv="Kameran på", en="Camera on"),
    "camera_off": Text(fi="Kamera pois", sv="Kameran av", en="Camera off"),
    "hand_up": Text(fi="Viittaa", sv="Räck upp handen", en="Raise hand"),
    "hand_down": Text(fi="Laske käsi", sv="Ta ner handen", en="Lower hand"),
    "screen_share": Text(fi="Jaa näyttö", sv="Dela skärm", en="Share screen"),
    "screen_stop": Text(fi="Lopeta jako", sv="Sluta dela", en="Stop sharing"),
    "pictures_off": Text(fi="Vain ääni", sv="Bara ljud", en="Sound only"),
    "pictures_on": Text(fi="Näytä kuvat", sv="Visa bilder", en="Show pictures"),
    "settings": Text(fi="Asetukset", sv="Inställ\u00adningar", en="Settings"),
    "leave": Text(fi="Poistu", sv="Lämna", en="Leave"),
    "settings_failed": Text(
        fi="Laitetta ei voitu vaihtaa. Valitse toinen.",
        sv="Enheten kunde inte bytas. Välj en annan.",
        en="The device could not be changed. Choose another one.",
    ),
    "screen_failed": Text(
        fi="Näyttöä ei voitu jakaa. Yritä uudelleen.",
        sv="Skärmen kunde inte delas. Försök igen.",
        en="The screen could not be shared. Try again.",
    ),
}

_PEOPLE: Mapping[str, Text] = {
    "participants": Text(fi="Osallistujat", sv="Deltagare", en="Participants"),
    "shared_screens": Text(fi="Jaettu näyttö", sv="Delad skärm", en="Shared screen"),
    "present": Text(fi="Paikalla: {count}", sv="På plats: {count}", en="Present: {count}"),
    "you": Text(fi="{name} (sinä)", sv="{name} (du)", en="{name} (you)"),
    "someone": Text(fi="Osallistuja", sv="Deltagare", en="Participant"),
    "your_screen": Text(fi="Sinun näyttösi", sv="Din skärm", en="Your screen"),
    "screen_of": Text(fi="Näyttö: {name}", sv="Skärm: {name}", en="Screen: {name}"),
    "is_muted": Text(fi="mikrofoni pois", sv="mikrofonen av", en="microphone off"),
    "hand_is_up": Text(fi="viittaa", sv="räcker upp handen", en="hand raised"),
    "line_is_weak": Text(fi="heikko yhteys", sv="svag förbindelse", en="weak connection"),
    "picture_rests": Text(
        fi="Kuva on tauolla, koska yhteys on heikko. Ääni kuuluu.",
        sv="Bilden är pausad eftersom förbindelsen är svag. Ljudet hörs.",
        en="The picture is paused because the connection is weak. The sound goes on.",
    ),
    "came": Text(fi="Liittyi: {name}", sv="Anslöt: {name}", en="Joined: {name}"),
    "went": Text(fi="Poistui: {name}", sv="Lämnade: {name}", en="Left: {name}"),
    "hand_raised": Text(fi="Viittaa: {name}", sv="Räcker upp handen: {name}", en="Raised a hand: {name}"),
    "own_hand_up": Text(
        fi="Kätesi on ylhäällä. Siitä kerrotaan muille.",
        sv="Din hand är uppe. De andra får veta det.",
        en="Your hand is up. The others are told.",
    ),
    "own_hand_down": Text(fi="Kätesi on alhaalla.", sv="Din hand är nere.", en="Your hand is down."),
    "alone": Text(
        fi="Olet nyt yksin tapaamisessa. Muut tulevat pian. Pidä tämä sivu auki.",
        sv="Du är nu ensam i mötet. De andra kommer snart. Håll den här sidan öppen.",
        en="You are alone in the meeting now. The others will come soon. Keep this page open.",
    ),
}

_LINE: Mapping[str, Text] = {
    "you_are_in": Text(fi="Olet nyt tapaamisessa.", sv="Du är nu med i mötet.", en="You are in the meeting now."),
    "line_unknown": Text(fi="Yhteys: mitataan", sv="Förbindelse: mäts", en="Connection: measuring"),
    "line_good": Text(fi="Yhteys: hyvä", sv="Förbindelse: bra", en="Connection: good"),
    "line_fair": Text(fi="Yhteys: kohtalainen", sv="Förbindelse: nöjaktig", en="Connection: fair"),
    "line_poor": Text(fi="Yhteys: heikko", sv="Förbindelse: svag", en="Connection: weak"),
    "reconnecting": Text(
        fi="Yhteys katkesi. Yhdistetään uudelleen. Sinun ei tarvitse tehdä mitään.",
        sv="Förbindelsen bröts. Ansluter på nytt. Du behöver inte göra något.",
        en="The connection broke. Reconnecting. You need not do anything.",
    ),
    "line_is_back": Text(fi="Yhteys palasi.", sv="Förbindelsen är tillbaka.", en="The connection is back."),
    "poor_line": Text(
        fi="Yhteys on heikko. Kuvat ovat pois, jotta ääni kuuluu. Ne palaavat, kun yhteys paranee.",
        sv="Förbindelsen är svag. Bilderna är borta så att ljudet hörs. De kommer tillbaka när förbindelsen är bättre.",
        en="The connection is weak. Pictures are off so that the sound is heard. They return when it gets better.",
    ),
    "now_sound_only": Text(
        fi="Vain ääni. Kuvat ovat pois.", sv="Bara ljud. Bilderna är borta.", en="Sound only. Pictures are off."
    ),
    "now_pictures": Text(fi="Kuvat näkyvät taas.", sv="Bilderna syns igen.", en="Pictures are shown again."),
    "sound_blocked": Text(
        fi="Selain ei vielä toista ääntä. Paina painiketta, niin kuulet muut.",
        sv="Webbläsaren spelar inte upp ljud ännu. Tryck på knappen, så hör du de andra.",
        en="The browser plays no sound yet. Press the button to hear the others.",
    ),
    "sound_allow": Text(fi="Kuuntele", sv="Lyssna", en="Listen"),
    "chair_muted": Text(
        fi="Tapaamisen vetäjä sulki mikrofonisi. Paina Viittaa, jos haluat puhua. Avaa mikrofoni, kun saat"
        " puheenvuoron.",
        sv="Mötesledaren stängde av din mikrofon. Räck upp handen om du vill tala. Slå på mikrofonen när du får ordet.",
        en="The meeting's host turned your microphone off. Raise your hand if you want to speak. Turn the microphone"
        " on when you are given the floor.",
    ),
}

CALL: Mapping[str, Text] = {**_CONTROLS, **_PEOPLE, **_LINE}
