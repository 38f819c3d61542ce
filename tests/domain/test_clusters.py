from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clusters import clusters


def test_questions_that_say_about_the_same_stand_together() -> None:
    said = [
        "saako kanoottia lainata",
        "missä on uimahalli",
        "Kanoottia lainata saako",
        "saako teiltä kanoottia lainata",
    ]
    assert clusters(said, str) == [[said[0], said[2], said[3]], [said[1]]]


def test_the_largest_group_comes_first_and_equal_ones_keep_their_order() -> None:
    assert clusters(["leirit", "uinti", "kirjat", "uinti"], str) == [["uinti", "uinti"], ["leirit"], ["kirjat"]]


def test_nothing_and_empty_words_are_borne() -> None:
    assert clusters([], str) == []
    assert sum(map(len, clusters(["", "", "kysymys"], str))) == 3


@given(st.lists(st.text("abcdeä ", max_size=12), max_size=25))
def test_each_question_stands_in_one_group_in_its_order(said: list[str]) -> None:
    found = clusters(list(enumerate(said)), lambda one: one[1])
    assert sorted(one for group in found for one in group) == list(enumerate(said))
    assert all(group == sorted(group) for group in found)
    assert [len(group) for group in found] == sorted((len(group) for group in found), reverse=True)


def test_five_hundred_long_questions_are_put_together_in_moderate_time() -> None:
    said = [" ".join(f"sana{(number * 37 + word * word) % 4999}" for word in range(60)) for number in range(500)]
    before = process_time()
    clusters(said, str)
    assert process_time() - before < 5
