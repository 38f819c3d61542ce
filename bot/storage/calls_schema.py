"""Tables of conferences. A part of the fourth step of the schema; see `bot.storage.migrations` for its rules.

`room.media` is the name by which the engine knows a room's conference. Names of guests are emptied when the visit's
room is forgotten; what stays of a presence is when, how long, as what and how good the line was. Of tokens and of
what browsers call themselves only digests are kept. An id is never given again (`AUTOINCREMENT`): the engine and
messages know visitors by it.
"""

from sqlite_utils.db import Database

from bot.domain.conference import media_room
from bot.domain.ids import RoomId

CALLS = """
ALTER TABLE room ADD COLUMN media TEXT;
CREATE UNIQUE INDEX room_media ON room (media) WHERE media IS NOT NULL;

CREATE TABLE conference_link (
    id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, appointment INTEGER REFERENCES appointment (id),
    role TEXT NOT NULL, purpose TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL,
    made INTEGER NOT NULL, ended INTEGER
) STRICT;
CREATE INDEX conference_link_appointment ON conference_link (appointment);

CREATE TABLE conference_visitor (
    id INTEGER PRIMARY KEY AUTOINCREMENT, link INTEGER NOT NULL REFERENCES conference_link (id),
    session TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
    came INTEGER NOT NULL, seen INTEGER NOT NULL, let_in INTEGER, ended INTEGER, card INTEGER, shown TEXT
) STRICT;
CREATE INDEX conference_visitor_link ON conference_visitor (link, session);
CREATE INDEX conference_visitor_shown ON conference_visitor (id) WHERE shown IS NOT NULL;
CREATE INDEX conference_visitor_card ON conference_visitor (card) WHERE card IS NOT NULL;

CREATE TABLE conference_presence (
    id INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, sid TEXT NOT NULL, identity TEXT NOT NULL,
    role TEXT NOT NULL, name TEXT NOT NULL, joined INTEGER NOT NULL, ended INTEGER, reason TEXT,
    media TEXT NOT NULL DEFAULT '', speaking_s REAL, lost_share REAL, round_trip_ms REAL, UNIQUE (room, sid)
) STRICT;
CREATE INDEX conference_presence_open ON conference_presence (room) WHERE ended IS NULL;
CREATE INDEX conference_presence_named ON conference_presence (room) WHERE identity != '';
CREATE TABLE conference_journal (journal TEXT PRIMARY KEY, through INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE conference_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, room TEXT NOT NULL, kind TEXT NOT NULL,
    asked INTEGER NOT NULL, language TEXT NOT NULL, lane INTEGER, identity TEXT NOT NULL, shown TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX conference_order_waiting ON conference_order (id) WHERE state = 'waiting';
CREATE TABLE conference_lock (room TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE delayed_leave (
    room TEXT NOT NULL, identity TEXT NOT NULL, delay_id TEXT NOT NULL, delay_s REAL NOT NULL,
    delegated_at INTEGER NOT NULL, PRIMARY KEY (room, identity)
) STRICT, WITHOUT ROWID;
"""


def name_conferences(db: Database) -> None:
    """Gives the rooms that exist already their conference's name."""
    rooms = db.execute("SELECT lane, room_id FROM room WHERE room_id IS NOT NULL").fetchall()
    db.conn.executemany(
        "UPDATE room SET media = ? WHERE lane = ?", [(media_room(RoomId(room_id)), lane) for lane, room_id in rooms]
    )
