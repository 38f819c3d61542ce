"""Writes `released/STEP.sql`: a file of today's schema with one of everything in it, as SQL text.

Run once when a step of the schema is released, `python -m tests.storage.make_released`; what is there already
is kept, since a released file tells how the world was.
"""

import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bot.actions.booking import cancel
from bot.actions.deliveries import ItemId
from bot.commands.incoming import Incoming, Locked, Said
from bot.commands.question import Question
from bot.config.entries import EntryKind
from bot.domain.allowance import Allowance
from bot.domain.catalogue import Entry, EntryId, Origin, Synonym
from bot.domain.catalogue_import import Import, ImportKind
from bot.domain.conference import DelayedLeave, Evidence, MediaRoom, NewLink, NewOrder, OrderKind, Purpose
from bot.domain.ids import EventId, RoomId
from bot.domain.language import Language
from bot.storage.migrations import SCHEMA
from bot.storage.transaction import SqlTransaction
from tests.support.town import BENEFITS, CITIZEN, NOW, PERMIT, STRANGER, TUESDAY, open_town

RELEASED = Path(__file__).parent / "released"
ROOM = RoomId("!huone")


UNITS = ("rakennusvalvonta", "yhteispalvelu")
KEPT = {"ahtari", PERMIT, BENEFITS, *UNITS, "rakennustarkastaja", "palveluneuvoja", "yhteispalveluneuvoja"}


def shrink(tx: SqlTransaction) -> None:
    """Two services and who gives them are enough of the town."""
    few = {key: entry for key, entry in tx.entries.current().items() if key[1] in KEPT and key[0] != EntryKind.DESK}
    tx.entries.replace(few, few)


def fill(tx: SqlTransaction) -> None:
    tx.people.set_language(CITIZEN, Language.SV, chosen=True)
    tx.people.keep_allowance(CITIZEN, Allowance(3, NOW))
    tx.inbox.add(Incoming(EventId("$one"), ROOM, CITIZEN, NOW, Said("!varaa")), NOW)
    tx.inbox.add(Incoming(EventId("$two"), ROOM, CITIZEN, NOW, Locked()), NOW, locked="{}")
    tx.questions.ask(ROOM, CITIZEN, Question(Language.FI, "!varaa", ("!varaa kela",), NOW), ItemId(1))


def fill_calls(tx: SqlTransaction) -> None:
    visit, room = tx.appointments.by_number(tx.facts.get("the appointment's number") or ""), MediaRoom("huone")
    assert visit is not None
    link = tx.conferences.add_link(NewLink("digest", visit.id, Purpose.INTERPRETER, Language.SV), NOW)
    tx.conferences.come(link, "session", "tulkki", Language.SV, NOW)
    tx.presences.take(Evidence(1, NOW.timestamp(), room, f"{CITIZEN}:LAITE", "PA_1", "joined", {"role": "citizen"}))
    tx.orders.give(NewOrder(room, OrderKind.LOCK, "$one:lock", Language.FI), NOW)
    tx.orders.lock(room, locked=True)
    tx.delayed_leaves.put(DelayedLeave(room, f"{CITIZEN}:LAITE", "delay", timedelta(minutes=1), NOW))


def fill_imports(tx: SqlTransaction) -> None:
    entry = Entry(EntryId("avustus"), {Language.FI: "Avustus"}, origin=Origin.PTV)
    tx.catalogue.take(Origin.PTV, [entry], complete=True)
    tx.catalogue.set_synonym(Synonym(Language.FI, "raha*", ("avustus",)))
    tx.catalogue.take_synonyms([Synonym(Language.FI, "tuki*", ("avustus",))], complete=True)
    tx.imports.tie({entry.id: ("kanava",)})
    tx.imports.add(Import(NOW, "https://ptv.example/v11", "989", ImportKind.FULL, taken=1, added=1))


def main() -> None:
    target = RELEASED / f"{SCHEMA._migrations[-1].name}.sql"
    with tempfile.TemporaryDirectory() as folder, open_town(Path(folder)) as town:
        town.do(shrink)
        number = town.booked().number
        town.do(lambda tx: tx.facts.set("the appointment's number", number))
        other = town.booked(TUESDAY, STRANGER, BENEFITS).number
        town.do(lambda tx: cancel(tx, STRANGER, other, NOW))
        town.do(fill)
        town.do(fill_calls)
        town.do(fill_imports)
        with closing(sqlite3.connect(town.path)) as connection, target.open("x", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in connection.iterdump())


if __name__ == "__main__":
    main()
