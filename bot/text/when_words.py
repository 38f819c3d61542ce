"""The vocabulary of time in Finnish, Swedish and English: phrases of folded words and what they mean.

Spellings are those of `bot.domain.folding.fold`, so å and ä stand as a and ö as o. The phrases of numbers
(`puoli yhdeksältä`, `om två veckor`) are generated once, when the module is read.
"""

from collections.abc import Iterator
from itertools import product

from bot.text.when_meanings import (
    Bound,
    Clock,
    Dash,
    DayPart,
    HourWord,
    Limit,
    Link,
    Mark,
    Meaning,
    Or,
    Relative,
    Soonest,
    Week,
    Weekday,
    Which,
)

_FINNISH_DAYS = ("maanantai", "tiistai", "torstai", "perjantai", "lauantai", "sunnuntai")
_FINNISH_NUMBERS = (0, 1, 3, 4, 5, 6)
_FINNISH_ENDINGS = ("", "na", "ksi", "n", "ta", "sta", "hin", "lle", "sin", "lta")
_WEDNESDAY = ("", "na", "ksi", "a", "sta", "on", "lle", "isin", "lta")
_SWEDISH_DAYS = ("mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag")
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ABBREVIATED = {
    **dict(zip(("ma", "ti", "ke", "to", "pe", "la", "su"), range(7), strict=True)),
    **dict(zip(("må", "ti", "on", "to", "fr", "lö", "sö"), range(7), strict=True)),
    **dict(zip(("mån", "tis", "ons", "tors", "fre", "lör", "sön"), range(7), strict=True)),
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), range(7), strict=True)),
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
"""By casefolded spelling with its dots, since `man` and `son` are words."""

MONTHS = {
    **{
        stem + ending: number
        for number, stem in enumerate(
            (
                *("tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesakuu"),
                *("heinakuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"),
            ),
            start=1,
        )
        for ending in ("", "ta", "n")
    },
    **{
        name: number
        for number, names in enumerate(
            (
                ("januari", "january", "jan"),
                ("februari", "february", "feb"),
                ("mars", "march", "mar"),
                ("april", "apr"),
                ("maj", "may"),
                ("juni", "june", "jun"),
                ("juli", "july", "jul"),
                ("augusti", "august", "aug"),
                ("september", "sep", "sept"),
                ("oktober", "october", "okt", "oct"),
                ("november", "nov"),
                ("december", "dec"),
            ),
            start=1,
        )
        for name in names
    },
}

FINNISH_NEXT = frozenset({"ensi", "ens", "tuleva", "tulevana", "seuraava", "seuraavana"})
NEXT = frozenset({"nasta", "next"})
THIS = frozenset({"tama", "tana", "denna", "kommande", "this", "coming"})
CONNECTIVES = frozenset({"to", "till", "ja", "och", "and"})
DAY_OF_MONTH = frozenset({"paiva", "paivana", "paivaksi", "pva", "pna"})
WEEK_NUMBER = frozenset({"viikolla", "viikko", "viikon", "viikolle", "vk", "vko", "vecka", "v", "week"})
NOON_HALVES = {"am": 0, "a.m": 0, "pm": 12, "p.m": 12}

# One to twelve: nominative; ablative and translative, which alone mean a time; English and Swedish.
_HOURS_FI = (
    *("yksi", "kaksi", "kolme", "nelja", "viisi", "kuusi", "seitseman", "kahdeksan"),
    *("yhdeksan", "kymmenen", "yksitoista", "kaksitoista"),
)
_FROM_FI = (
    *("yhdelta", "kahdelta", "kolmelta", "neljalta", "viidelta", "kuudelta", "seitsemalta", "kahdeksalta"),
    *("yhdeksalta", "kymmenelta", "yhdeltatoista", "kahdeltatoista"),
)
_SPOKEN_FI = (
    *("ykkoselta", "kakkoselta", "kolmoselta", "neloselta", "viitoselta", "kutoselta", "seiskalta"),
    *("kasilta", "ysilta", "kympilta", "yhdelttoist", "kahelttoist"),
)
_TO_FI = (
    *("yhdeksi", "kahdeksi", "kolmeksi", "neljaksi", "viideksi", "kuudeksi", "seitsemaksi", "kahdeksaksi"),
    *("yhdeksaksi", "kymmeneksi", "yhdeksitoista", "kahdeksitoista"),
)
_HOURS_SV = (
    *("ett", "tva", "tre", "fyra", "fem", "sex", "sju", "atta", "nio", "tio", "elva", "tolv"),
)  # fmt: skip
_HOURS_EN = (*("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),)
_HOUR_SPELLINGS = (_HOURS_FI, _HOURS_SV, _HOURS_EN)
_TIME_SPELLINGS = (_FROM_FI, _SPOKEN_FI, _TO_FI)
_DIGITS = tuple(str(hour) for hour in range(1, 13))

_BEFORE = {
    15: ("varttia vaille", "varttia vailla", "vartin vaille", "kvart i", "quarter to", "a quarter to"),
    5: ("viitta vaille", "viitta vailla", "viisi vaille", "fem i", "five to"),
    10: ("kymmenta vaille", "kymmenta vailla", "kymmenen vaille", "tio i", "ten to"),
    20: ("kahtakymmenta vaille", "tjugo i", "twenty to"),
    30: ("puoli", "puol", "halv"),
}
_PAST = {
    15: ("varttia yli", "vartin yli", "kvart over", "quarter past", "a quarter past"),
    5: ("viisi yli", "viitta yli", "fem over", "five past"),
    10: ("kymmenen yli", "kymmenta yli", "tio over", "ten past"),
    20: ("kaksikymmenta yli", "tjugo over", "twenty past"),
    30: ("half past", "half"),
}

_PHRASES: dict[Meaning, tuple[str, ...]] = {
    Relative(-1): ("eilen", "igar", "i gar", "yesterday"),
    Relative(0): ("tanaan", "tanaa", "tanaiseksi", "talle paivalle", "idag", "i dag", "today"),
    Relative(1): (
        *("huomenna", "huomena", "huomen", "huomiselle", "huomiseksi", "huomisen", "huomista"),
        *("imorgon", "i morgon", "imorron", "i morron", "tomorrow"),
    ),
    Relative(2): (
        *("ylihuomenna", "ylihuomiselle", "ylihuomiseksi", "ylihuomisen", "overmorgon", "i overmorgon"),
        *("iovermorgon", "day after tomorrow", "the day after tomorrow"),
    ),
    DayPart.MORNING: (
        *("aamupaiva", "aamupaivalla", "aamupaivaksi", "aamupaivasta", "aamulla", "aamu", "aamuksi", "ap"),
        *("aamusta", "aamuna", "aamupaivana", "formiddag", "formiddagen", "fm", "morgonen", "bitti", "morning"),
    ),
    DayPart.AFTERNOON: (
        *("iltapaiva", "iltapaivalla", "iltapaivaksi", "iltapaivasta", "iltapaivana", "ip", "eftermiddag"),
        *("eftermiddagen", "em", "afternoon"),
    ),
    DayPart.EVENING: ("illalla", "ilta", "illaksi", "iltana", "kvall", "kvallen", "ikvall", "evening"),
    Clock(12): ("keskipaivalla", "puoliltapaivin", "noon", "midday", "tolvslaget"),
    Week(0): ("talla viikolla", "taman viikon", "denna vecka", "den har veckan", "this week"),
    Week(1): (
        *("ensi viikolla", "ens viikolla", "ensi viikon", "ens viikon", "ensi viikko", "ensi viikoksi"),
        *("ensi viikolle", "seuraavalla viikolla", "seuraavan viikon", "nasta vecka", "nasta veckas"),
        "next week",
    ),
    Soonest(): (
        *("heti", "nyt", "mahdollisimman pian", "mahdollisimman nopeasti", "mahdollisimman aikaisin", "pian"),
        *("niin pian kuin mahdollista", "aikaisin", "aikaisin aika", "aikaisin vapaa aika", "aikaisin vapaa"),
        *("ensimmainen vapaa aika", "ensimmainen vapaa", "ensimmainen mahdollinen aika", "ensimmainen aika"),
        *("seuraava vapaa aika", "seuraava vapaa", "ekana vapaa", "eka vapaa aika", "eka vapaa"),
        *("genast", "snarast", "sa snart som mojligt", "sa fort som mojligt", "forsta lediga"),
        *("forsta lediga tid", "tidigast mojliga", "tidigaste", "tidigaste tid", "nu", "now"),
        *("as soon as possible", "asap", "first available", "first available time", "first free time"),
        *(
            "next available",
            "next available time",
            "earliest",
            "earliest time",
            "earliest available",
            "soonest",
        ),
        *("earliest possible", "the earliest", "the first available", "next free time"),
    ),
    Mark(): (
        *("klo", "kello", "kl", "klockan", "at", "tasan", "noin", "kellonaikaan", "prick", "around", "about"),
        *("clock", "vid", "sharp"),
    ),
    Link(): (
        *("pa", "den", "i", "the", "for", "in", "of", "till", "fran", "from", "on", "this", "tana"),
        *("talle", "talla", "denna"),
    ),
    Link(after=True): (
        *("maissa", "aikaan", "tienoilla", "aikoihin", "pintaan", "o'clock", "oclock", "tiden", "asti"),
        *("sharp", "kohdalla", "valilla"),
    ),
    Limit(Bound.NOT_BEFORE): ("efter", "after", "aikaisintaan", "tidigast"),
    Limit(Bound.NOT_AFTER): ("ennen", "fore", "innan", "before", "by", "viimeistaan", "senast"),
    Limit(Bound.NOT_BEFORE, after=True): ("jalkeen", "alkaen", "lahtien", "eteenpain"),
    Limit(Bound.NOT_AFTER, after=True): ("mennessa",),
    Dash(): ("-", "until"),
    Or(): ("tai", "eller", "or"),
}

_COUNTS = {
    **{str(n): n for n in range(1, 100)},
    **dict(
        zip(
            ("yhden", "kahden", "kolmen", "neljan", "viiden", "kuuden", "seitseman", "kahdeksan"),
            range(1, 9),
            strict=True,
        )
    ),
    **{word: n for words in (_HOURS_SV, _HOURS_EN) for n, word in enumerate(words, start=1)},
    "en": 1,
    "a": 1,
}
_UNITS = {
    **dict.fromkeys(("paivan", "dag", "dagar", "day", "days"), 1),
    **dict.fromkeys(("viikon", "vecka", "veckor", "week", "weeks"), 7),
}


def _plain() -> Iterator[tuple[str, Meaning]]:
    for meaning, spellings in _PHRASES.items():
        yield from ((spelling, meaning) for spelling in spellings)
    for part in ("aamuna", "aamulla", "aamupaivalla"):
        yield f"huomis{part}", Relative(1)


def _weekdays() -> Iterator[tuple[str, Meaning]]:
    for number, day in zip(_FINNISH_NUMBERS, _FINNISH_DAYS, strict=True):
        yield from ((day + ending, Weekday(number)) for ending in _FINNISH_ENDINGS)
    yield from (("keskiviikko" + ending, Weekday(2)) for ending in _WEDNESDAY)
    yield "keskiviikon", Weekday(2)
    for names, endings in ((_SWEDISH_DAYS, ("", "en", "ens")), (_ENGLISH_DAYS, ("", "s", "'s"))):
        for number, day in enumerate(names):
            yield from ((day + ending, Weekday(number)) for ending in endings)


def _qualified_weekdays() -> Iterator[tuple[str, Meaning]]:
    groups = ((FINNISH_NEXT, Which.AFTER_TODAY), (NEXT, Which.NEXT_WEEK), (THIS, Which.COMING))
    days = [(word, m.number) for word, m in _weekdays() if isinstance(m, Weekday)]
    days += [(word, number) for word, number in ABBREVIATED.items() if word.isascii() and word != "on"]
    for words, which in groups:
        for qualifier, (day, number) in product(sorted(words), days):
            yield f"{qualifier} {day}", Weekday(number, which=which)


def _hours() -> Iterator[tuple[str, Meaning]]:
    for spellings in _HOUR_SPELLINGS:
        yield from ((word, HourWord(hour)) for hour, word in enumerate(spellings, start=1))
    for spellings in _TIME_SPELLINGS:
        yield from ((word, Clock(hour, spoken=True)) for hour, word in enumerate(spellings, start=1))


def _minutes() -> Iterator[tuple[str, Meaning]]:
    hours = [
        (word, hour)
        for spellings in (*_HOUR_SPELLINGS, *_TIME_SPELLINGS, _DIGITS)
        for hour, word in enumerate(spellings, start=1)
    ]
    for table, sign in ((_BEFORE, -1), (_PAST, 1)):
        for minutes, phrases in table.items():
            for phrase, (word, hour) in product(phrases, hours):
                at = (hour * 60 + sign * minutes) % (12 * 60)
                yield f"{phrase} {word}", Clock(at // 60 or 12, at % 60, spoken=True)


def _distances() -> Iterator[tuple[str, Meaning]]:
    for (unit, days), after in product(_UNITS.items(), ("paasta", "kuluttua")):
        if unit.endswith("n"):
            yield f"{unit} {after}", Relative(days)
            yield from ((f"{word} {unit} {after}", Relative(n * days)) for word, n in _COUNTS.items())
    for before, (word, n), (unit, days) in product(("om", "in"), _COUNTS.items(), _UNITS.items()):
        yield f"{before} {word} {unit}", Relative(n * days)


def _all() -> Iterator[tuple[str, Meaning]]:
    for source in (_hours, _plain, _weekdays, _qualified_weekdays, _minutes, _distances):
        yield from source()


PHRASES: dict[tuple[str, ...], Meaning] = {tuple(phrase.split()): meaning for phrase, meaning in _all()}
LONGEST_PHRASE = max(map(len, PHRASES))
