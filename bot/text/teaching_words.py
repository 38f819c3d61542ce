"""What officials are told about changes of the catalogue's words."""

from bot.domain.language import Language, Text
from bot.domain.teaching import Replay
from bot.text.reply import Reply, bullets, heading, say

MOST_SHOWN = 8

TAKE = Text(fi="Ota käyttöön", sv="Ta i bruk", en="Take into use")
LEAVE = Text(fi="Jätä tekemättä", sv="Lämna ogjort", en="Leave it")
_BETTER = Text(fi="Paranee", sv="Blir bättre", en="Gets better")
_WORSE = Text(fi="Huononee", sv="Blir sämre", en="Gets worse")
_RIGHT = Text(
    fi="Testikysymyksiä oikein ennen: {a}, muutoksen jälkeen: {b}, kysymyksiä: {n}.",
    sv="Testfrågor rätt före: {a}, efter ändringen: {b}, frågor: {n}.",
    en="Test questions right before: {a}, after the change: {b}, questions: {n}.",
)
_NO_TESTS = Text(
    fi="Testikysymyksiä ei ole, joten muutosta ei voitu kokeilla. Lisää niitä: !testikysymys",
    sv="Det finns inga testfrågor, så ändringen kunde inte prövas. Lägg till: !testfråga",
    en="There are no test questions, so the change could not be tried. Add some: !test-question",
)
NOT_TRIED = Text(
    fi="Muutosta ei voitu kokeilla juuri nyt. Voit silti ottaa sen käyttöön.",
    sv="Ändringen kunde inte prövas just nu. Du kan ändå ta den i bruk.",
    en="The change could not be tried right now. You may take it into use all the same.",
)
TRYING = Text(
    fi="Kokeilen muutosta testikysymyksillä. Kerron tuloksen tässä noin minuutissa.",
    sv="Jag prövar ändringen med testfrågorna. Jag berättar resultatet här om ungefär en minut.",
    en="I am trying the change on the test questions. The result comes here in about a minute.",
)
TAKEN = Text(
    fi="Muutos on tehty. Se on käytössä muutaman minuutin kuluttua.",
    sv="Ändringen är gjord. Den är i bruk om några minuter.",
    en="The change is made. It is in use within a few minutes.",
)
LEFT = Text(fi="Muutosta ei tehty.", sv="Ändringen gjordes inte.", en="The change was not made.")
DECIDED = Text(
    fi="Siitä on jo päätetty, tai sitä ei ole.",
    sv="Det är redan avgjort, eller så finns det inte.",
    en="That is decided already, or it is not there.",
)
NO_ENTRY = Text(
    fi="Sillä tunnuksella ei ole tietoa. Tarkoititko jotakin näistä?",
    sv="Det finns ingen uppgift med den koden. Menade du någon av dessa?",
    en="There is no entry with that id. Did you mean one of these?",
)
HOW_TERMS = Text(
    fi="Lisää sanoja näin: !sanat uimahalli vesijumppa, altaalle. Poista lisätty näin: !sanat uimahalli - altaalle",
    sv="Lägg till ord så här: !ord uimahalli vattengymnastik, bassäng. Ta bort så här: !ord uimahalli - bassäng",
    en="Add words like this: !words uimahalli aqua gym, pool. Take one out again: !words uimahalli - pool",
)
NOT_TAUGHT = Text(
    fi="Näitä sanoja ei ole lisätty keskustelussa. Tietoon kirjoitetut sanat poistetaan tiedostosta.",
    sv="De här orden har inte lagts till i chatten. Ord som står i uppgiften tas bort ur filen.",
    en="These words were not added in chat. Words that the entry itself has are taken out of its file.",
)
HOW_SYNONYM = Text(
    fi="Kirjoita näin: !synonyymi päikky* = päiväkoti, varhaiskasvatus",
    sv="Skriv så här: !synonym dagis* = daghem, småbarnspedagogik",
    en="Write it like this: !same-as kindergarten* = day care, early education",
)
HOW_TEST = Text(
    fi="Kirjoita näin: !testikysymys uimahalli pääseekö altaaseen sunnuntaina",
    sv="Skriv så här: !testfråga uimahalli kommer man till bassängen på söndag",
    en="Write it like this: !test-question uimahalli can I swim on Sunday",
)
TEST_KEPT = Text(
    fi="Testikysymys on talletettu. Niitä on nyt: {n}",
    sv="Testfrågan är sparad. De är nu: {n}",
    en="The test question is kept. There are now: {n}",
)
WORDS_NOW = Text(fi="Sanat nyt", sv="Orden nu", en="The words now")


def replayed(replay: Replay, language: Language) -> Reply:
    """What gets better and worse."""
    if not replay.asked:
        return say(_NO_TESTS.in_(language))
    right = _RIGHT.format(a=replay.right_before, b=replay.right_after, n=replay.asked)
    reply = say(right.in_(language))
    for title, questions in ((_BETTER, replay.better), (_WORSE, replay.worse)):
        if questions:
            reply += heading(f"{title.in_(language)}: {len(questions)}") + bullets(*questions[:MOST_SHOWN])
    return reply
