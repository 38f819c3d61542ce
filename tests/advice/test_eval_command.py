import argparse
import json
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.advice.client import EngineProcess
from bot.advice.engine import Engine
from bot.advice.folder import ModelFolder
from bot.advice.published import Published
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue
from tests.advice.conftest import CATALOGUE

QUESTIONS = [
    {
        "id": "1",
        "q": "mihin aikaan bibsa on auki",
        "lang": "fi",
        "style": "spoken",
        "type": "answer",
        "label": "kirjasto",
    },
    {"id": "2", "q": "when does the library open", "lang": "en", "style": "std", "type": "answer", "ok": ["kirjasto"]},
    {"id": "3", "q": "passi vanheni", "lang": "fi", "style": "short", "type": "refuse"},
]


@pytest.fixture
def trained_before(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing takes the model of a few matters, so that only asking takes time."""

    async def publish(process: EngineProcess, catalogue: Catalogue) -> Published:
        folder = ModelFolder(process.folder)
        engine.model.save(folder.model("1"))
        folder.switch(folder.model("1"))
        return Published("1", "model-1.bin", len(catalogue.entries), Step.FULL, 1.0, 1.0, 1.0, 0.0)

    monkeypatch.setattr(EngineProcess, "publish", publish)


def _args(tmp_path: Path, questions: str) -> argparse.Namespace:
    (tmp_path / "town.yaml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "asked.jsonl").write_text(questions, encoding="utf-8")
    words = ["advice", "eval", "--json", "--catalogue", str(tmp_path / "town.yaml")]
    words += ["--questions", str(tmp_path / "asked.jsonl"), "--each", str(tmp_path / "each.jsonl")]
    return parser(["advice"]).parse_args(words)


@pytest.mark.usefixtures("trained_before")
def test_eval_prints_every_figure_and_names_broken_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = _args(tmp_path, "\n".join([*map(json.dumps, QUESTIONS), "{broken"]))
    assert args.run(args) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["questions"] == 3
    assert found["r_at_1"] == 1.0
    assert set(found["by_language"]) == {"fi", "en"}
    assert set(found["latency_ms"]) == {"p50", "p95", "p99"}
    assert found["memory_mb"] <= 400
    assert {"refusal", "by_style", "single_precision", "unanswerable_single_share", "mrr", "training_s"} <= set(found)
    assert "line 4" in printed.err
    assert len((tmp_path / "each.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_a_file_without_questions_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = _args(tmp_path, "{broken\n")
    assert args.run(args) == 2
    assert "no question" in capsys.readouterr().err
