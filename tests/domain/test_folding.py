"""One spelling for comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import LONGEST, clean, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Äidinkieli", "aidinkieli"),
        ("NÄKÖAIKA", "nakoaika"),
        ("pa\u0308iva\u0308koti", "paivakoti"),
        ("Rådgivning", "radgivning"),
        ("straße", "strasse"),
        ("ﬁrma  １２", "firma 12"),
        ("\u202epassi\u202c\x00", "passi"),
        ("a\tb\nc", "a b c"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_cleaning_keeps_letters_as_they_are() -> None:
    assert clean("  Äiti\u200b \x07 Å ") == "Äiti Å"


@given(st.text(max_size=LONGEST + 100))
def test_folding_twice_is_folding_once_and_bounded(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert len(folded) <= LONGEST
