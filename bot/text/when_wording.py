"""Words about times that people wrote or are shown: what is wrong with a wish, and days that lie near."""

from datetime import date

from bot.domain.language import Language, Text
from bot.text import times
from bot.text.when import WhenProblem

_PROBLEMS = {
    WhenProblem.NO_SUCH_DATE: Text(
        fi="Sellaista päivää ei ole.", sv="Den dagen finns inte.", en="There is no such date."
    ),
    WhenProblem.NO_SUCH_TIME: Text(
        fi="Sellaista kellonaikaa ei ole.", sv="Det klockslaget finns inte.", en="There is no such time."
    ),
    WhenProblem.WEEKDAY_MISMATCH: Text(
        fi="Viikonpäivä ja päivämäärä eivät täsmää. Valitse aika tästä:",
        sv="Veckodagen och datumet stämmer inte överens. Välj en tid här:",
        en="The weekday and the date do not match. Choose a time here:",
    ),
    WhenProblem.SEVERAL: Text(
        fi="Luin viestistä monta aikaa. Valitse yksi:",
        sv="Jag läste flera tider i meddelandet. Välj en:",
        en="I read several times in your message. Choose one:",
    ),
    WhenProblem.PAST: Text(
        fi="Se aika on jo mennyt.", sv="Den tiden har redan gått.", en="That time has already passed."
    ),
    WhenProblem.SKIPPED: Text(
        fi="Silloin kelloja siirretään, eikä sitä kellonaikaa ole.",
        sv="Då ställs klockan om och det klockslaget finns inte.",
        en="The clocks change then and that time does not exist.",
    ),
}

_NEAR = (
    Text(fi="Tänään {d}", sv="I dag {d}", en="Today {d}"),
    Text(fi="Huomenna {d}", sv="I morgon {d}", en="Tomorrow {d}"),
)


def problem_words(problem: WhenProblem, language: Language) -> str:
    return _PROBLEMS[problem].in_(language)


def day_nearby(on: date, language: Language, today: date) -> str:
    """`Huomenna ke 25.11.` for a day that is read at once; without the word where it lies further away."""
    written = times.day(on, language, today)
    distance = (on - today).days
    return _NEAR[distance].format(d=written).in_(language) if 0 <= distance < len(_NEAR) else written
