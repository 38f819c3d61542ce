"""The last words in an appointment's room, before it is closed.

Leaves when that is to `bot.actions.room_life`.
"""

from datetime import datetime, timedelta

from bot.domain.language import Language, Text
from bot.text import times
from bot.text.notices import Visit
from bot.text.reply import Command, Reply, Strong, say


def closing(visit: Visit, until: datetime, language: Language) -> Reply:
    """`until` is when the service leaves the room for good; the day before is the last one that is promised."""
    closed = Text(
        fi="Tämä huone suljetaan nyt. Tänne ei voi enää kirjoittaa, mutta viestit ja liitteet voi vielä lukea.",
        sv="Det här rummet stängs nu. Det går inte längre att skriva här, men meddelanden och bilagor kan ännu läsas.",
        en="This room is now closed. Nobody can write here any more, but messages and attachments can still be read.",
    )
    save = Text(
        fi="Tallenna itsellesi, mitä tarvitset. Viimeinen päivä: {d}",
        sv="Spara det du behöver. Sista dagen: {d}",
        en="Save what you need. Last day: {d}",
    )
    zone = visit.municipality.time_zone
    today = visit.now.astimezone(zone).date()
    last_day = max(today, (until - timedelta(days=1)).astimezone(zone).date())
    written = times.day(last_day, language, today)
    return say(closed.in_(language)) + say(Strong(save.format(d=written).in_(language))) + _onward(visit, language)


def _onward(visit: Visit, language: Language) -> Reply:
    more = Text(
        fi="Onko sinulla vielä asiaa? Varaa uusi aika kahdenkeskisessä keskustelussamme: ",
        sv="Har du ännu något ärende? Boka en ny tid i vår privata chatt: ",
        en="Is there something else? Book a new time in our private chat: ",
    )
    typed = Text(fi="!varaa", sv="!boka", en="!book")
    call = Text(fi="Voit myös soittaa: {p}", sv="Du kan också ringa: {p}", en="You can also call: {p}")
    phone = visit.municipality.phone
    by_phone = say(call.format(p=phone).in_(language)) if phone else Reply(())
    return say(more.in_(language), Command(typed.in_(language))) + by_phone
