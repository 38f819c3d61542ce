"""The towns that the advice is measured with."""

import json
from pathlib import Path

import pytest

from bot.catalogues.reading import read

FOLDER = Path(__file__).parents[2] / "benchmarks" / "towns"
TOWNS = ("lounaranta", "tervakallio", "salokangas", "terasniemi")


@pytest.mark.parametrize("town", TOWNS)
def test_a_town_is_read_whole_and_its_questions_name_its_entries(town: str) -> None:
    found = read((FOLDER / f"{town}.yaml").read_bytes(), f"{town}.yaml")
    questions = [json.loads(line) for line in (FOLDER / f"{town}.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = {id for question in questions for id in question["ok"]}
    entries = {entry.id for entry in found.catalogue.entries}
    assert not found.skipped
    assert len(questions) == 280
    assert asked <= entries
    assert {question["label"] for question in questions if question["type"] == "answer"} == entries
