import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from bot.advice import client
from bot.advice.client import EngineGone, EngineProcess
from bot.advice.engine import Engine
from bot.advice.folder import ModelFolder
from bot.advice.published import corpus_version
from bot.advice.wire import from_advice, from_catalogue, to_advice, to_catalogue
from bot.domain.catalogue import Catalogue


@pytest.fixture
def published(engine: Engine, tmp_path: Path) -> Path:
    folder = ModelFolder(tmp_path)
    engine.model.save(folder.model("1"))
    folder.switch(folder.model("1"))
    return tmp_path


def test_a_catalogue_and_an_advice_survive_the_way(catalogue: Catalogue, engine: Engine) -> None:
    sent = from_catalogue(catalogue)
    assert from_catalogue(to_catalogue(sent)) == sent
    advice = engine.advise("passi vanheni, mistä uusi")
    assert to_advice(from_advice(advice)) == advice


async def test_without_a_model_the_engine_is_gone(tmp_path: Path) -> None:
    with pytest.raises(EngineGone, match="published"):
        await EngineProcess(tmp_path).advise("kirjasto")


async def test_a_broken_model_is_told(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path)
    folder.model("1").write_bytes(b"broken")
    folder.switch(folder.model("1"))
    with pytest.raises(EngineGone, match="can't be read"):
        await EngineProcess(tmp_path).advise("kirjasto")


async def test_a_killed_child_is_replaced_after_a_pause(
    published: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_FIRST_PAUSE", 0.1)
    process = EngineProcess(published)
    try:
        expected = engine.advise("milloin kirjasto on auki")
        assert await process.advise("milloin kirjasto on auki") == expected
        assert process._child is not None
        os.kill(process._child.pid, signal.SIGKILL)
        await process._child.wait()
        with pytest.raises(EngineGone):
            await process.advise("milloin kirjasto on auki")
        await asyncio.sleep(0.2)
        assert await process.advise("milloin kirjasto on auki") == expected
    finally:
        await process.close()


async def test_the_child_ends_when_its_input_ends(published: Path) -> None:
    process = EngineProcess(published)
    await process.start()
    child = process._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    assert await asyncio.wait_for(child.wait(), 10) == 0
    assert not psutil.pid_exists(child.pid) or psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE


async def test_ten_thousand_characters_and_surrogates_pass_the_pipe(published: Path, engine: Engine) -> None:
    odd, plain = "x\ud800\x00\n" * 10_000, "milloin kirjasto on auki"
    process = EngineProcess(published)
    try:
        assert await process.advise(odd) == engine.advise(odd)
        child = process._child
        assert await process.advise(plain) == engine.advise(plain)
        assert process._child is child
    finally:
        await process.close()


async def test_a_model_that_another_process_published_is_taken_up(published: Path, engine: Engine) -> None:
    process = EngineProcess(published)
    try:
        expected = await process.advise("milloin kirjasto on auki")
        before = process._child
        folder = ModelFolder(published)
        engine.model.save(folder.model("2"))
        folder.switch(folder.model("2"))
        assert await process.advise("milloin kirjasto on auki") == expected
        assert process._child is not before
        assert process._serving == folder.model("2")
    finally:
        await process.close()


def test_own_matters_belong_to_the_corpus_version(tmp_path: Path) -> None:
    plain = corpus_version(tmp_path)
    assert EngineProcess(tmp_path).all_corpora() == ()
    own = tmp_path / "matters"
    own.mkdir()
    (own / "ours.yaml").write_text("matters: []", encoding="utf-8")
    first = corpus_version(tmp_path)
    (own / "ours.yaml").write_text("matters: [] # more", encoding="utf-8")
    assert len({plain, first, corpus_version(tmp_path)}) == 3
    assert EngineProcess(tmp_path).all_corpora() == (own,)
