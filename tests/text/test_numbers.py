"""Answers to numbered choices, and yes or no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numbers import read_choice, read_yes_no

TWO = (
    *("2", "2.", "2)", "(2)", "*2*", "#2", "２", "2:nen", "nro 2", "no 2", "nr 2", "numero kaksi", "kaksi"),
    *("kakkonen", "Kakkonen!", "toinen", "otan toisen", "toka", "vaihtoehto 2", "två", "tvåan", "tvaan"),
    *("den andra", "jag tar tvåan", "two", "the second", "the second one", "number two", "2nd", "2:a"),
    *("2️⃣", "2\u20e3", "\u202e2\u202c", "  2  ", "2 kiitos"),
)


@pytest.mark.parametrize("text", TWO)
def test_two_is_read(text: str) -> None:
    assert read_choice(text, 5) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "6", "-", "en", "ehkä", "1 tai 2", "1-2", "2 3", "rakennuslupa 2", "kaksi henkilöä", "klo 2"),
        *("2.30", "26.11.", "-1", "2,5", "²³", "٢x", "99999999999", "2 " * 40),
    ],
)
def test_what_is_no_answer_is_none(text: str) -> None:
    assert read_choice(text, 5) is None


@pytest.mark.parametrize(
    ("text", "count", "number"), [("🔟", 10, 10), ("kymppi", 10, 10), ("kymppi", 9, None), ("viimeinen", 4, 4)]
)
def test_the_count_bounds_the_answer(text: str, count: int, number: int | None) -> None:
    assert read_choice(text, count) == number


@pytest.mark.parametrize(
    "text", ["kyllä", "Joo!", "kyllä, kiitos", "ok", "ja", "Ja tack", "yes", "yes please", "👍", "👍🏽", "✅"]
)
def test_yes(text: str) -> None:
    assert read_yes_no(text) is True


@pytest.mark.parametrize("text", ["ei", "Ei.", "en", "ei kiitos", "nej", "nej tack", "no", "No, thanks", "👎", "❌"])
def test_no(text: str) -> None:
    assert read_yes_no(text) is False


@pytest.mark.parametrize("text", ["", "ehkä", "kyllä vai ei", "ei tänään vaan huomenna", "yes or no", "joo " * 50])
def test_neither(text: str) -> None:
    assert read_yes_no(text) is None


@given(st.text(max_size=10_000), st.integers(0, 20))
def test_no_text_raises(text: str, count: int) -> None:
    number = read_choice(text, count)
    assert number is None or 1 <= number <= count
    assert read_yes_no(text) in (True, False, None)
