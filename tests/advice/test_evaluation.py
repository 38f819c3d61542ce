import json

from bot.advice.evaluation import Asked, Question, each, figures, read_questions
from bot.domain.advice import Advice, Band, Found
from bot.domain.catalogue import EntryId
from bot.domain.language import Language


def _asked(right: str, band: Band, *found: str) -> Asked:
    question = Question("1", "q", "fi", "plain", frozenset((right,)) if right else frozenset())
    advice = Advice(band, tuple(Found(EntryId(entry), 0.5) for entry in found), Language.FI)
    return Asked(question, advice, 10.0)


def test_broken_lines_are_named_and_left_out() -> None:
    good = json.dumps({"id": 1, "q": "a", "lang": "fi", "style": "s", "type": "answer", "label": "x", "ok": ["y"]})
    lines = [good, "{", "[]", json.dumps({"id": 2, "q": "b", "type": "odd"}), "", json.dumps({"q": 3}), good]
    questions, problems = read_questions(lines)
    assert [question.right for question in questions] == [{"x", "y"}] * 2
    assert [problem.split(":")[0] for problem in problems] == ["line 2", "line 3", "line 4", "line 6"]


def test_a_question_to_refuse_has_no_right_entry() -> None:
    questions, _ = read_questions([json.dumps({"id": 1, "q": "a", "type": "refuse", "label": "passi"})])
    assert questions[0].right == frozenset()


def test_the_figures_are_those_of_the_issue() -> None:
    asked = [
        _asked("a", Band.ONE, "a", "b"),
        _asked("a", Band.CHOICES, "b", "a"),
        _asked("a", Band.HAND_OVER, "b", "c"),
        _asked("", Band.HAND_OVER, "b"),
        _asked("", Band.ONE, "b"),
    ]
    found = figures(asked)
    assert (found["r_at_1"], found["r_at_3"], found["mrr"]) == (0.3333, 0.6667, 0.5)
    assert (found["single_precision"], found["single_share"]) == (0.5, 0.4)
    assert (found["unanswerable_single_share"], found["answerable_handed_over_share"]) == (0.5, 0.3333)
    assert found["refusal"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_nothing_asked_gives_no_figures_and_no_fault() -> None:
    assert figures([])["r_at_1"] is None


def test_every_question_is_written_with_its_band_and_three_best() -> None:
    row = json.loads(each([_asked("a", Band.CHOICES, "b", "a", "c", "d")])[0])
    assert (row["band"], row["rank"], len(row["found"])) == ("choices", 2, 3)
