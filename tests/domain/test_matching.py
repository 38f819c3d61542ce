"""What people mean by loose words; the town is a small one of its own."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inflection import is_form_of
from bot.domain.matching import Candidate, Decision, Nothing, One, Several, decide, nearest_word, rank

TOWN = (
    Candidate(
        "rakennuslupa", ("Rakennusluvat", "Bygglov", "Building permits"), ("rakentaminen", "sauna", "construction")
    ),
    Candidate("ymparistolupa", ("Ympäristölupa", "Miljötillstånd", "Environmental permit")),
    Candidate("kirjasto", ("Kirjaston tiedonhaku", "Bibliotek", "Library"), ("kirja", "kirjasto", "laina")),
    Candidate("kirjaamo", ("Kirjaamon tietopalvelu", "Registratorskontoret", "Registry"), ("pöytäkirja", "päätös")),
    Candidate(
        "varhaiskasvatus", ("Varhaiskasvatukseen hakeminen", "Småbarnspedagogik"), ("päiväkoti", "daghem", "day care")
    ),
    Candidate("passi", ("Passi ja henkilökortti", "Pass och identitetskort", "Passport and identity card")),
    Candidate("yritysneuvonta", ("Yritysneuvonta", "Företagsrådgivning"), ("yrittäjä", "företagare")),
    Candidate("velkaneuvonta", ("Talous- ja velkaneuvonta", "Skuldrådgivning", "Debt advice")),
    Candidate("suomi", ("Äidinkielen tukiopetus", "Stödundervisning"), ("äidinkieli", "läksyt")),
    Candidate("kela", ("Kelan asiointi", "FPA-ärenden", "Kela matters"), ("eläke", "asumistuki")),
    Candidate("koulu", ("Vanhempainvartti", "Föräldrakvart", "Parent's quarter of an hour"), ("koulu", "skola")),
)

MEANT = {
    "rakennuslupa": "rakennuslupa",
    "rakennuslupaa": "rakennuslupa",
    "rakennusluvan": "rakennuslupa",
    "rakennusluvasta": "rakennuslupa",
    "rakennuslupaan": "rakennuslupa",
    "rakennuslupien": "rakennuslupa",
    "Rakennusluvista": "rakennuslupa",
    "RAKENNUSLUPA": "rakennuslupa",
    "rakenuslupa": "rakennuslupa",
    "rakenuslupaa": "rakennuslupa",
    "rakennsulupa": "rakennuslupa",
    "rakennus lupa": "rakennuslupa",
    "haluaisin rakennusluvan": "rakennuslupa",
    "saunan rakentaminen": "rakennuslupa",
    "bygglov": "rakennuslupa",
    "bygglovet": "rakennuslupa",
    "bygg lov": "rakennuslupa",
    "permit for building": "rakennuslupa",
    "kirjastoon": "kirjasto",
    "kirjastosta": "kirjasto",
    "krijasto": "kirjasto",
    "kirja": "kirjasto",
    "biblioteket": "kirjasto",
    "kirjaamoon": "kirjaamo",
    "päätöksen": "kirjaamo",
    "paivakoti": "varhaiskasvatus",
    "päiväkotiin": "varhaiskasvatus",
    "paivakodista": "varhaiskasvatus",
    "varhaiskasvatusta": "varhaiskasvatus",
    "varhaiskasvatuksen": "varhaiskasvatus",
    "hakeminen varhaiskasvatukseen": "varhaiskasvatus",
    "day care": "varhaiskasvatus",
    "passi": "passi",
    "passin": "passi",
    "henkilökorttia": "passi",
    "passport": "passi",
    "yritysneuvonnan": "yritysneuvonta",
    "yrittäjän": "yritysneuvonta",
    "velkaneuvontaa": "velkaneuvonta",
    "skuldrådgivningen": "velkaneuvonta",
    "aidinkieli": "suomi",
    "äidinkieltä": "suomi",
    "kelaan": "kela",
    "eläkkeestä": "kela",
    "fpa": "kela",
    "vanhempainvarttiin": "koulu",
    "föräldrakvarten": "koulu",
    "skolan": "koulu",
}


def decision(query: str) -> Decision:
    return decide(rank(query, TOWN))


@pytest.mark.parametrize(("query", "key"), MEANT.items())
def test_one_is_found(query: str, key: str) -> None:
    assert decision(query) == One(key)


def test_what_fits_several_is_a_choice() -> None:
    assert decision("lupa") == Several(("rakennuslupa", "ymparistolupa"))
    found = decision("neuvonta")
    assert isinstance(found, Several)
    assert set(found.keys) == {"yritysneuvonta", "velkaneuvonta"}


@pytest.mark.parametrize("query", ["", "   ", "???", "hammaslääkäri", "jotain ihan muuta", "\u202e", "🎉", "kaavoitus"])
def test_what_fits_nothing_is_nothing(query: str) -> None:
    assert decision(query) == Nothing()


@pytest.mark.parametrize(
    ("query", "nearest"),
    [("koulukuraattori", {"koulu"}), ("perheneuvonta", {"yritysneuvonta", "velkaneuvonta"}), ("lapsen elämä", set())],
)
def test_what_is_known_in_part_is_at_most_named(query: str, nearest: set[str]) -> None:
    found = decision(query)
    assert isinstance(found, Nothing)
    assert set(found.nearest) <= nearest


@pytest.mark.parametrize("exact", ["kirja", "KIRJA", "Kirjä"])
def test_an_exact_name_wins_over_all_that_is_alike(exact: str) -> None:
    town = (*TOWN, Candidate("bokhandel", ("Kirja",)))
    assert decide(rank(exact, town)) == One("bokhandel")


def test_two_things_of_one_name_are_a_choice() -> None:
    town = (Candidate("a", ("Neuvonta",)), Candidate("b", ("Neuvonta",)))
    assert decide(rank("neuvonta", town)) == Several(("a", "b"))


def test_the_id_is_exact_and_the_order_does_not_depend_on_the_input() -> None:
    assert decision("yritysneuvonta") == One("yritysneuvonta")
    assert rank("neuvonta", TOWN) == rank("neuvonta", TOWN[::-1])


def test_no_more_than_five_are_offered() -> None:
    town = tuple(Candidate(f"d{n}", (f"Neuvonta {n}",)) for n in range(9))
    found = decide(rank("neuvonta", town))
    assert isinstance(found, Several)
    assert len(found.keys) == 5


@pytest.mark.parametrize(
    ("word", "name"),
    [
        *(("luvista", "lupa"), ("lupien", "lupa"), ("asiakkaan", "asiakas"), ("hakemuksen", "hakemus")),
        *(("neuvonnasta", "neuvonta"), ("vedestä".replace("ä", "a"), "vesi"), ("pankissa", "pankki")),
        *(("perheen", "perhe"), ("puhelimella", "puhelin"), ("vanhuutta", "vanhuus"), ("kortteja", "kortti")),
        *(("bygglovets", "bygglov"), ("permits", "permit"), ("forskolan", "forskola")),
    ],
)
def test_forms_of_a_word(word: str, name: str) -> None:
    assert is_form_of(word, name)


@pytest.mark.parametrize(("word", "name"), [("kirjaamo", "kirjasto"), ("kalan", "kela"), ("lupaus", "lupa")])
def test_other_words_are_no_forms(word: str, name: str) -> None:
    assert not is_form_of(word, name)


KNOWN = ("varaa", "varaukset", "peru", "palvelut", "ajat", "kieli", "apua", "siirrä", "päivä", "boka", "book")


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        *(("vara", "varaa"), ("!vara", "varaa"), ("siirr", "siirrä"), ("siirra", "siirrä"), ("peruu", "peru")),
        *(("palveulut", "palvelut"), ("paiva", "päivä"), ("ajta", "ajat"), ("varaukest", "varaukset")),
        *(("xyz", None), ("a", None), ("", None), ("!", None), ("hammaslääkäri", None), ("v" * 10_000, None)),
    ],
)
def test_the_nearest_word(word: str, nearest: str | None) -> None:
    assert nearest_word(word, KNOWN) == nearest


def test_a_known_word_keeps_its_own_spelling() -> None:
    assert nearest_word("!vara", ["!varaa"]) == "!varaa"
    assert nearest_word("vara", []) is None


@given(st.text(max_size=10_000))
def test_no_text_raises(query: str) -> None:
    assert isinstance(decision(query), One | Several | Nothing)
    nearest_word(query, KNOWN)


def test_a_long_query_costs_no_more_than_its_beginning() -> None:
    start = process_time()
    for n in range(20):
        rank("".join(chr(97 + (n * 7 + i * i) % 26) for i in range(10_000)), TOWN)
        rank(" ".join(f"neuvo{n}{i}" for i in range(1_500)), TOWN)
    assert process_time() - start < 5
