"""Commands meet an appointment whose service or official the municipality no longer has, without a fault."""

from datetime import timedelta

import pytest

from bot.config.entries import Entry, EntryKey, EntryKind
from bot.storage.transaction import SqlTransaction
from tests.commands.chat import OFFICIAL, Chat
from tests.commands.test_conversation import number_in

INSPECTOR: EntryKey = (EntryKind.OFFICIAL, "rakennustarkastaja")
PERMIT: EntryKey = (EntryKind.SERVICE, "rakennuslupa")


def drop(chat: Chat, gone: EntryKey) -> None:
    """The entry goes without its appointments, and whatever needs it takes another official."""

    def without(entry: Entry) -> Entry:
        givers = entry.get("officials")
        if not isinstance(givers, list) or gone[1] not in givers:
            return entry
        return {**entry, "officials": [giver for giver in givers if giver != gone[1]] or ["lupasihteeri"]}

    def work(tx: SqlTransaction) -> None:
        left = {key: without(entry) for key, entry in tx.entries.current().items() if key != gone}
        tx.entries.replace(left, {})

    chat.store.transact_now(work)


@pytest.mark.parametrize("gone", [PERMIT, INSPECTOR])
@pytest.mark.parametrize("days", [0, 2])
def test_every_command_about_it_is_answered(chat: Chat, gone: EntryKey, days: int) -> None:
    number = number_in(chat.say("!varaa rakennuslupa huomenna klo 10"))
    drop(chat, gone)
    chat.now += timedelta(days=days)
    assert "En löydä" in chat.say(f"!peru {number}")
    said = [chat.say(line) for line in ("!varaukset", "!peru", "!ajat", "!palvelut")]
    assert all(said)
    assert ("Poistunut palvelu" in said[0]) is (gone == PERMIT and days == 0)
    if gone == PERMIT:
        assert number in chat.say("!päivä 1.12.2026", OFFICIAL)
        assert "En löydä" in chat.say(f"!peru {number}", OFFICIAL)
