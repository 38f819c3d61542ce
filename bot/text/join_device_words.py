"""What the join page says about camera, microphone and speaker: trying them, and what to do when one does not work."""

from collections.abc import Mapping

from bot.domain.language import Text

_CHECK: Mapping[str, Text] = {
    "check_title": Text(fi="Kokeile kuvaa ja ääntä", sv="Prova bild och ljud", en="Try picture and sound"),
    "check_text": Text(
        fi="Kun olet valmis, paina alhaalla Liity.",
        sv="När du är klar, tryck på Anslut längst ner.",
        en="When you are ready, press Join below.",
    ),
    "asking": Text(
        fi="Selain kysyy luvan kameraan ja mikrofoniin. Valitse Salli.",
        sv="Webbläsaren frågar om kameran och mikrofonen får användas. Välj Tillåt.",
        en="The browser asks whether camera and microphone may be used. Choose Allow.",
    ),
    "picture": Text(fi="Kuva", sv="Bild", en="Picture"),
    "sound": Text(fi="Ääni", sv="Ljud", en="Sound"),
    "microphone": Text(fi="Mikrofoni", sv="Mikrofon", en="Microphone"),
    "speaker": Text(fi="Kaiutin", sv="Högtalare", en="Speaker"),
    "own_picture": Text(fi="Oma kuvasi", sv="Din egen bild", en="Your own picture"),
    "level": Text(fi="Mikrofonin voimakkuus", sv="Mikrofonens nivå", en="Microphone level"),
    "speak_to_try": Text(
        fi="Sano jotakin. Palkki liikkuu, kun äänesi kuuluu.",
        sv="Säg något. Stapeln rör sig när din röst hörs.",
        en="Say something. The bar moves when you are heard.",
    ),
    "you_are_heard": Text(fi="Äänesi kuuluu.", sv="Din röst hörs.", en="You are heard."),
    "camera_off_now": Text(
        fi="Kamera ei ole päällä. Muut eivät näe sinua.",
        sv="Kameran är inte på. De andra ser dig inte.",
        en="The camera is off. The others don't see you.",
    ),
    "microphone_off_now": Text(
        fi="Mikrofoni ei ole päällä. Muut eivät kuule sinua.",
        sv="Mikrofonen är inte på. De andra hör dig inte.",
        en="The microphone is off. The others don't hear you.",
    ),
    "turn_camera_on": Text(fi="Avaa kamera", sv="Slå på kameran", en="Turn the camera on"),
    "turn_camera_off": Text(fi="Sulje kamera", sv="Stäng av kameran", en="Turn the camera off"),
    "turn_microphone_on": Text(fi="Avaa mikrofoni", sv="Slå på mikrofonen", en="Turn the microphone on"),
    "turn_microphone_off": Text(fi="Sulje mikrofoni", sv="Stäng av mikrofonen", en="Turn the microphone off"),
    "choose_camera": Text(fi="Valitse kamera", sv="Välj kamera", en="Choose the camera"),
    "choose_microphone": Text(fi="Valitse mikrofoni", sv="Välj mikrofon", en="Choose the microphone"),
    "choose_speaker": Text(fi="Valitse kaiutin", sv="Välj högtalare", en="Choose the speaker"),
    "play_sound": Text(fi="Soita merkkiääni", sv="Spela en testsignal", en="Play a test sound"),
    "sound_plays": Text(
        fi="Merkkiääni soi. Jos et kuule sitä, lisää laitteen äänenvoimakkuutta.",
        sv="Testsignalen spelas. Om du inte hör den, höj enhetens volym.",
        en="The test sound plays. If you don't hear it, turn up your device's volume.",
    ),
    "sound_help": Text(
        fi="Paina painiketta: kuulet kolme ääntä. Jos et kuule, lisää laitteen äänenvoimakkuutta.",
        sv="Tryck på knappen: du hör tre toner. Om du inte hör dem, höj enhetens volym.",
        en="Press the button: you hear three notes. If you don't, turn up your device's volume.",
    ),
    "sound_failed": Text(
        fi="Merkkiääntä ei voitu soittaa. Voit silti liittyä.",
        sv="Testsignalen kunde inte spelas. Du kan ändå ansluta.",
        en="The test sound could not be played. You can join all the same.",
    ),
    "join": Text(fi="Liity", sv="Anslut", en="Join"),
    "join_sound_only": Text(fi="Liity ilman kuvaa", sv="Anslut utan bild", en="Join without a picture"),
    "join_listening": Text(fi="Liity kuuntelemaan", sv="Anslut för att lyssna", en="Join to listen"),
    "check_later": Text(
        fi="Voit avata ja sulkea kameran ja mikrofonin myös tapaamisen aikana.",
        sv="Du kan slå på och stänga av kameran och mikrofonen också under mötet.",
        en="You can turn camera and microphone on and off during the meeting, too.",
    ),
}

_HELP: Mapping[str, Text] = {
    "help_both_refused": Text(
        fi="Selain ei saa käyttää kameraa eikä mikrofonia. Paina osoiterivin alussa olevaa kuvaketta, salli ne ja yritä"
        " uudelleen. Voit myös liittyä vain kuuntelemaan.",
        sv="Webbläsaren får inte använda kameran och mikrofonen. Tryck på symbolen i början av adressfältet, tillåt dem"
        " och försök igen. Du kan också ansluta bara för att lyssna.",
        en="The browser may not use camera and microphone. Press the symbol at the start of the address bar, allow them"
        " and try again. You can also join just to listen.",
    ),
    "help_camera_refused": Text(
        fi="Selain ei saa käyttää kameraa. Paina osoiterivin alussa olevaa kuvaketta, salli kamera ja yritä uudelleen."
        " Voit myös liittyä ilman kuvaa.",
        sv="Webbläsaren får inte använda kameran. Tryck på symbolen i början av adressfältet, tillåt kameran och försök"
        " igen. Du kan också ansluta utan bild.",
        en="The browser may not use the camera. Press the symbol at the start of the address bar, allow the camera and"
        " try again. You can also join without a picture.",
    ),
    "help_camera_missing": Text(
        fi="Laitteesta ei löytynyt kameraa. Se ei haittaa: voit liittyä pelkällä äänellä.",
        sv="Ingen kamera hittades. Det gör inget: du kan ansluta med bara ljud.",
        en="No camera was found. That is fine: you can join with sound only.",
    ),
    "help_camera_busy": Text(
        fi="Kamera on toisen ohjelman käytössä. Sulje se ohjelma ja yritä uudelleen, tai liity ilman kuvaa.",
        sv="Kameran används av ett annat program. Stäng det programmet och försök igen, eller anslut utan bild.",
        en="Another program uses the camera. Close that program and try again, or join without a picture.",
    ),
    "help_camera_failed": Text(
        fi="Kameraa ei saatu auki. Yritä uudelleen tai liity ilman kuvaa.",
        sv="Kameran kunde inte öppnas. Försök igen eller anslut utan bild.",
        en="The camera could not be opened. Try again, or join without a picture.",
    ),
    "help_microphone_refused": Text(
        fi="Selain ei saa käyttää mikrofonia, joten muut eivät kuule sinua. Paina osoiterivin alussa olevaa kuvaketta,"
        " salli mikrofoni ja yritä uudelleen.",
        sv="Webbläsaren får inte använda mikrofonen, så de andra hör dig inte. Tryck på symbolen i början av"
        " adressfältet, tillåt mikrofonen och försök igen.",
        en="The browser may not use the microphone, so the others don't hear you. Press the symbol at the start of the"
        " address bar, allow the microphone and try again.",
    ),
    "help_microphone_missing": Text(
        fi="Laitteesta ei löytynyt mikrofonia. Kytke mikrofoni tai kuulokkeet ja yritä uudelleen. Voit myös liittyä"
        " vain kuuntelemaan.",
        sv="Ingen mikrofon hittades. Koppla in en mikrofon eller ett headset och försök igen. Du kan också ansluta bara"
        " för att lyssna.",
        en="No microphone was found. Connect a microphone or a headset and try again. You can also join just to"
        " listen.",
    ),
    "help_microphone_busy": Text(
        fi="Mikrofoni on toisen ohjelman käytössä. Sulje se ohjelma ja yritä uudelleen.",
        sv="Mikrofonen används av ett annat program. Stäng det programmet och försök igen.",
        en="Another program uses the microphone. Close that program and try again.",
    ),
    "help_microphone_failed": Text(
        fi="Mikrofonia ei saatu auki. Yritä uudelleen tai liity kuuntelemaan.",
        sv="Mikrofonen kunde inte öppnas. Försök igen eller anslut för att lyssna.",
        en="The microphone could not be opened. Try again, or join to listen.",
    ),
    "help_insecure": Text(
        fi="Kameraa ja mikrofonia voi käyttää vain suojatussa osoitteessa, jonka alussa on https. Pyydä oikea linkki"
        " siltä, joka kutsui sinut.",
        sv="Kamera och mikrofon kan bara användas på en skyddad adress som börjar med https. Be den som bjöd in dig om"
        " rätt länk.",
        en="Camera and microphone work only at a protected address that begins with https. Ask whoever invited you for"
        " the right link.",
    ),
}

DEVICES: Mapping[str, Text] = {**_CHECK, **_HELP}
