import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.running import opened
from bot.config.reading import read
from bot.config.state import StateFolder
from bot.domain.catalogue import Catalogue, Synonym
from bot.domain.language import Language
from bot.storage.database import Database

GOOD = """municipality: {code: '989', name: Mallila}
entries:
- {id: halli, name: Uimahalli}
- {id: kirja, name: Kirjasto}
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = StateFolder.at(tmp_path / "state")
    folder.create()
    example = Path(__file__).parents[2] / "examples" / "ahtari.toml"
    configuration = read(example)
    with Database(folder.database, folder.backup) as store:
        store.transact_now(lambda tx: tx.entries.replace(configuration.entries, configuration.entries))
    return folder.root


def run(state: Path, text: str, *more: str) -> int:
    file = state.parent / "luettelo.yaml"
    file.write_text(text, encoding="utf-8")
    return main(["advice", "import", str(file), "--state", str(state), *more])


def kept(state: Path) -> Catalogue:
    with opened(StateFolder.at(state)) as store:
        return store.transact_now(lambda tx: tx.catalogue.catalogue())


def test_entries_are_taken_in_and_what_is_gone_from_the_file_goes(state: Path) -> None:
    assert run(state, GOOD) == 0
    assert [entry.id for entry in kept(state).entries] == ["halli", "kirja"]
    assert kept(state).code == "989"
    assert run(state, GOOD.replace("- {id: kirja, name: Kirjasto}\n", "")) == 0
    assert [entry.id for entry in kept(state).entries] == ["halli"]


def test_a_bad_entry_is_named_and_nothing_is_removed(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(state, GOOD)
    capsys.readouterr()
    assert run(state, GOOD.replace("name: Kirjasto", "nimi: Kirjasto"), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["problems"] == [{"where": "kirja", "line": 4, "reason": "An entry needs a name."}]
    assert [entry.id for entry in kept(state).entries] == ["halli", "kirja"]


def test_a_file_that_can_not_be_read_changes_nothing(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(state, GOOD)
    assert run(state, "entries: [") == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert len(kept(state).entries) == 2


def test_synonyms_go_with_their_line_and_the_staffs_stay(state: Path) -> None:
    words = "synonyms:\n- {fi: päikky*, means: [päiväkoti]}\n- {fi: altaalle*, means: [uimahalli]}\n"
    assert run(state, GOOD + words) == 0
    with opened(StateFolder.at(state)) as store:
        store.transact_now(lambda tx: tx.catalogue.set_synonym(Synonym(Language.FI, "altaalle*", ("halli",))))
    assert run(state, GOOD, "--add") == 0
    assert len(kept(state).synonyms) == 2
    assert run(state, GOOD) == 0
    assert kept(state).synonyms == (Synonym(Language.FI, "altaalle*", ("halli",)),)


def test_a_channel_that_no_file_has_is_told_and_is_no_fault(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services = Path(__file__).parents[2] / "examples" / "advice" / "ptv" / "services.json"
    command = ["advice", "import", str(services), "--municipality", "989", "--state", str(state)]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "Left out: channels that a service names but that were not given: 9" in told
    assert told.count("Left out of an entry: ") == 9


def test_an_import_of_files_is_written_down_also_where_it_failed(state: Path) -> None:
    run(state, GOOD)
    run(state, "entries: [")
    with opened(StateFolder.at(state)) as store:
        failed, done = store.transact_now(lambda tx: tx.imports.newest(5))
    assert (done.source, done.taken, done.failure) == ("luettelo.yaml", 2, None)
    assert (failed.taken, failed.failure) == (0, "No entry could be read.")
    assert failed.problems
