"""The schema, as steps that are each applied once and in order.

A released step is never edited: `tests/storage/released/` keeps a file of every released schema and opens it.
Moments are whole seconds since 1970 in UTC. Columns that hold what a person wrote are emptied once handled.
"""

from sqlite_utils import Migrations
from sqlite_utils.db import Database

from bot.storage.advice_schema import ADVICE
from bot.storage.calls_schema import CALLS, name_conferences
from bot.storage.catalogue_schema import IMPORTS

SCHEMA = Migrations("eahtari")

_FIRST = """
CREATE TABLE entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
    body TEXT NOT NULL, seeded TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    user_id TEXT PRIMARY KEY, language TEXT, chosen INTEGER NOT NULL DEFAULT 0,
    allowance REAL NOT NULL, counted_at INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
    lane INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, plan TEXT,
    alias TEXT NOT NULL UNIQUE, room_id TEXT UNIQUE, created INTEGER NOT NULL,
    UNIQUE (kind, subject)
) STRICT;

CREATE TABLE inbox (
    event_id TEXT PRIMARY KEY, room_id TEXT NOT NULL, sender TEXT NOT NULL, sent INTEGER NOT NULL,
    received INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT, state TEXT NOT NULL, reference TEXT
) STRICT;
CREATE INDEX inbox_open ON inbox (received) WHERE state = 'new' OR state = 'locked';

CREATE TABLE outbox (
    item INTEGER PRIMARY KEY, lane INTEGER NOT NULL REFERENCES room (lane), kind TEXT NOT NULL, payload TEXT,
    key TEXT NOT NULL UNIQUE, urgent INTEGER NOT NULL, created INTEGER NOT NULL, not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, begun INTEGER, device TEXT,
    state TEXT NOT NULL DEFAULT 'waiting', event_id TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (lane, item) WHERE state = 'waiting';
CREATE INDEX outbox_event ON outbox (event_id) WHERE event_id IS NOT NULL;

CREATE TABLE question (
    room_id TEXT NOT NULL, person TEXT NOT NULL, item INTEGER, language TEXT NOT NULL,
    prefix TEXT NOT NULL, choices TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (room_id, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE appointment (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, service TEXT NOT NULL, official TEXT NOT NULL,
    citizen TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    busy_start INTEGER NOT NULL, busy_end INTEGER NOT NULL, state TEXT NOT NULL, card INTEGER
) STRICT;
CREATE INDEX appointment_busy ON appointment (official, busy_start) WHERE state = 'booked';
CREATE INDEX appointment_citizen ON appointment (citizen, end) WHERE state = 'booked';
CREATE TABLE history (
    id INTEGER PRIMARY KEY, appointment INTEGER NOT NULL REFERENCES appointment (id),
    at INTEGER NOT NULL, what TEXT NOT NULL, party TEXT NOT NULL
) STRICT;
CREATE INDEX history_appointment ON history (appointment);
CREATE TABLE quantum (
    official TEXT NOT NULL, at INTEGER NOT NULL, appointment INTEGER NOT NULL,
    PRIMARY KEY (official, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
    appointment INTEGER NOT NULL, kind TEXT NOT NULL, due INTEGER NOT NULL, stale INTEGER NOT NULL,
    done INTEGER, PRIMARY KEY (appointment, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due) WHERE done IS NULL;
"""


_CALENDAR = """
ALTER TABLE appointment ADD COLUMN place TEXT;
ALTER TABLE appointment ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN until INTEGER;
ALTER TABLE appointment ADD COLUMN series INTEGER;
ALTER TABLE appointment ADD COLUMN offered INTEGER NOT NULL DEFAULT 0;
DROP INDEX appointment_busy;
CREATE INDEX appointment_taken ON appointment (official, busy_start)
    WHERE state = 'booked' OR state = 'held' OR state = 'visited' OR state = 'no-show';
CREATE INDEX appointment_place ON appointment (place, busy_start)
    WHERE place IS NOT NULL AND (state = 'booked' OR state = 'held' OR state = 'visited' OR state = 'no-show');
CREATE INDEX appointment_card ON appointment (card) WHERE card IS NOT NULL;
CREATE INDEX appointment_held ON appointment (until) WHERE state = 'held';
CREATE INDEX appointment_series ON appointment (series) WHERE series IS NOT NULL;
CREATE INDEX appointment_missed ON appointment (citizen, start) WHERE state = 'cancelled' OR state = 'no-show';
CREATE INDEX appointment_gone ON appointment (official, start) WHERE state = 'cancelled';
CREATE INDEX appointment_last ON appointment (citizen, service, start) WHERE state = 'visited' OR state = 'booked';
ALTER TABLE history ADD COLUMN detail TEXT;
ALTER TABLE quantum RENAME COLUMN official TO resource;
ALTER TABLE person ADD COLUMN identity INTEGER NOT NULL DEFAULT 0;

CREATE TABLE block (
    id INTEGER PRIMARY KEY, resource TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, until INTEGER, source TEXT
) STRICT;
CREATE INDEX block_resource ON block (resource, start);
CREATE INDEX block_source ON block (kind, source);

CREATE TABLE day_hours (
    official TEXT NOT NULL, day TEXT NOT NULL, spans TEXT NOT NULL, before TEXT, PRIMARY KEY (official, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    kind TEXT NOT NULL, subject TEXT NOT NULL, due INTEGER NOT NULL, stale INTEGER, done INTEGER,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_due ON job (due) WHERE done IS NULL;
INSERT INTO job (kind, subject, due, stale, done)
    SELECT kind, CAST(appointment AS TEXT), due, stale, done FROM timer;
DROP TABLE timer;

CREATE TABLE waiting (
    id INTEGER PRIMARY KEY, citizen TEXT NOT NULL, service TEXT NOT NULL, before INTEGER NOT NULL,
    created INTEGER NOT NULL, ended INTEGER
) STRICT;
CREATE UNIQUE INDEX waiting_open ON waiting (service, citizen) WHERE ended IS NULL;
CREATE TABLE freed (
    id INTEGER PRIMARY KEY, resource TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL
) STRICT;
CREATE TABLE told (
    freed INTEGER NOT NULL REFERENCES freed (id), waiting INTEGER NOT NULL REFERENCES waiting (id),
    PRIMARY KEY (freed, waiting)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
CREATE TABLE guest (
    appointment INTEGER NOT NULL REFERENCES appointment (id), user_id TEXT NOT NULL, added INTEGER NOT NULL,
    PRIMARY KEY (appointment, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
    token TEXT PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE calendar_source (
    official TEXT PRIMARY KEY, address TEXT NOT NULL, fetched INTEGER, problem TEXT
) STRICT, WITHOUT ROWID;
"""


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)


@SCHEMA()  # type: ignore[untyped-decorator]  # the package's types do not reach through its decorator
def m001_first_appointment(db: Database) -> None:
    """Directory, people, rooms, inbox, outbox, appointments and their reminders."""
    _run(db, _FIRST)


@SCHEMA()  # type: ignore[untyped-decorator]  # as above
def m002_whole_calendar(db: Database) -> None:
    """Holds, places, hours of single days, waiting lists, series, guests, calendars; one list of timed work."""
    _run(db, _CALENDAR)


@SCHEMA()  # type: ignore[untyped-decorator]  # as above
def m003_advice(db: Database) -> None:
    """The catalogue, and questions that are asked in a person's own words."""
    _run(db, ADVICE)


@SCHEMA()  # type: ignore[untyped-decorator]  # as above
def m004_calls(db: Database) -> None:
    """Conferences: links and who came by them, presences, orders to the engine, delayed leaves."""
    _run(db, CALLS)
    name_conferences(db)


@SCHEMA()  # type: ignore[untyped-decorator]  # as above
def m005_imports(db: Database) -> None:
    """Who taught a synonym, the log of imports, and the channels that services of PTV name."""
    _run(db, IMPORTS)
