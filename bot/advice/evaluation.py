"""How good the engine is on a question file: ranks, bands, refusals and times.

A question file is JSON lines: `{"id", "q", "lang", "style", "type": "answer" | "refuse", "label", "ok"}`; right is the
label or any of `ok`. What is measured is whatever `ask` does, so the caller chooses the process that answers.
"""

import json
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.domain.advice import Advice, Band

_UNRANKED = 1000
SHOWN = 3
"""Choices that a person sees."""


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    language: str
    style: str
    right: frozenset[str]
    """Entries that are right answers; empty: it should be refused."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what came of it; `rank` from 0, `_UNRANKED` where no right one is among those found."""

    question: Question
    advice: Advice
    milliseconds: float

    @property
    def rank(self) -> int:
        found = [found.entry for found in self.advice.found]
        return next((place for place, entry in enumerate(found) if entry in self.question.right), _UNRANKED)


def read_questions(lines: Iterable[str]) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """The questions, and a sentence for each line that is left out."""
    found, problems = list[Question](), list[str]()
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_question(json.loads(line)))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                problems.append(f"line {number}: {type(error).__name__}: {error}")
    return tuple(found), tuple(problems)


def _question(row: dict[str, Any]) -> Question:
    kind = row["type"]
    if kind not in ("answer", "refuse"):
        raise ValueError(f"the type is `answer` or `refuse`, not {kind!r}")
    ok = row.get("ok") or []
    if not isinstance(row["q"], str) or not isinstance(ok, list):
        raise TypeError("`q` is a text and `ok` a list")
    right = frozenset(str(id) for id in (row.get("label"), *ok) if id) if kind == "answer" else frozenset[str]()
    if kind == "answer" and not right:
        raise ValueError("a question with an answer names it by `label` or `ok`")
    return Question(str(row["id"]), row["q"], str(row.get("lang", "")), str(row.get("style", "")), right)


async def ask_all(questions: Sequence[Question], ask: Callable[[str], Awaitable[Advice]]) -> tuple[Asked, ...]:
    """One after another, in their order."""
    found = list[Asked]()
    for question in questions:
        start = time.perf_counter()
        advice = await ask(question.text)
        found.append(Asked(question, advice, 1000 * (time.perf_counter() - start)))
    return tuple(found)


def figures(asked: Sequence[Asked]) -> dict[str, object]:
    """Everything that can be told from the answers; shares of nothing are none."""
    can, cannot = _split(asked)
    ones = [one for one in asked if one.advice.band is Band.ONE]
    times = np.array([one.milliseconds for one in asked] or [0.0])
    return {
        "questions": len(asked),
        "answerable": len(can),
        **_ranks(can),
        "by_language": _by(can, lambda question: question.language),
        "by_style": _by(can, lambda question: question.style),
        "single_precision": _share([one.rank == 0 for one in ones]),
        "single_share": _share([one.advice.band is Band.ONE for one in asked]),
        "answerable_single_share": _share([one.advice.band is Band.ONE for one in can]),
        "unanswerable_single_share": _share([one.advice.band is Band.ONE for one in cannot]),
        "answerable_handed_over_share": _share([one.advice.band is Band.HAND_OVER for one in can]),
        "refusal": _refusal(can, cannot),
        "referral_share": _share([one.advice.referral is not None for one in cannot]),
        "latency_ms": {f"p{share}": round(float(np.percentile(times, share)), 1) for share in (50, 95, 99)},
    }


def each(asked: Sequence[Asked]) -> list[str]:
    """One JSON line for every question with its band and its three best."""
    return [
        json.dumps(
            {
                "id": one.question.id,
                "q": one.question.text,
                "lang": one.question.language,
                "style": one.question.style,
                "type": "answer" if one.question.right else "refuse",
                "right": sorted(one.question.right),
                "band": one.advice.band.value,
                "found": [
                    {"entry": found.entry, "probability": found.probability} for found in one.advice.found[:SHOWN]
                ],
                "rank": one.rank + 1 if one.rank < _UNRANKED else None,
                "referral": bool(one.advice.referral),
                "ms": round(one.milliseconds, 1),
            },
            ensure_ascii=False,
        )
        for one in asked
    ]


def _split(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    return [one for one in asked if one.question.right], [one for one in asked if not one.question.right]


def _ranks(asked: Sequence[Asked]) -> dict[str, float | None]:
    ranks = [one.rank for one in asked]
    mrr = [1 / (rank + 1) if rank < _UNRANKED else 0.0 for rank in ranks]
    return {
        "r_at_1": _share([rank < 1 for rank in ranks]),
        "r_at_3": _share([rank < SHOWN for rank in ranks]),
        "mrr": round(sum(mrr) / len(mrr), 4) if mrr else None,
    }


def _by(asked: Sequence[Asked], name: Callable[[Question], str]) -> dict[str, dict[str, float | int | None]]:
    names = sorted({name(one.question) for one in asked})
    groups = {key: [one for one in asked if name(one.question) == key] for key in names}
    return {key: {"questions": len(group), **_ranks(group)} for key, group in groups.items()}


def _refusal(can: Sequence[Asked], cannot: Sequence[Asked]) -> dict[str, float | None]:
    wrongly = sum(one.advice.band is Band.HAND_OVER for one in can)
    rightly = sum(one.advice.band is Band.HAND_OVER for one in cannot)
    precision = rightly / (rightly + wrongly) if rightly + wrongly else None
    recall = rightly / len(cannot) if cannot else None
    f1 = 2 * rightly / (2 * rightly + wrongly + len(cannot) - rightly) if cannot or wrongly else None
    return {
        name: None if value is None else round(value, 4)
        for name, value in (("precision", precision), ("recall", recall), ("f1", f1))
    }


def _share(truths: Sequence[bool]) -> float | None:
    return round(sum(truths) / len(truths), 4) if truths else None
