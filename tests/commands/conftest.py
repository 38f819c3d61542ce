from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config.reading import read
from bot.storage.database import Database
from tests.commands.advising import Town, with_catalogue
from tests.commands.chat import Chat

EXAMPLE = Path(__file__).parents[2] / "examples" / "ahtari.toml"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    """A citizen's direct room with the service, over real storage and the example town."""
    configuration = read(EXAMPLE)
    with Database(tmp_path / "eahtari.db") as store:
        store.transact_now(lambda tx: tx.entries.replace(configuration.entries, configuration.entries))
        yield Chat(store)


@pytest.fixture
def town(chat: Chat) -> Town:
    """The same room, with a catalogue to answer from."""
    return with_catalogue(chat)
