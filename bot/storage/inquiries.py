"""Questions in people's own words: whole until they are settled, masked for sixty days."""

from datetime import datetime
from typing import Any

from sqlite_utils.db import Database

from bot.actions.deliveries import ItemId, Lane
from bot.domain.advice import Band
from bot.domain.catalogue import EntryId
from bot.domain.ids import EventId, OfficialId, UnitId, UserId
from bot.domain.inquiry import Inquiry, NewInquiry, State
from bot.domain.language import Language
from bot.storage.moments import from_seconds, to_seconds

_COLUMNS = (
    "id, event, lane, person, language, asked, words, masked, state, band, entry, answered, unit, card, draft, author"
)

_MOST = 500
"""Questions that are looked through at once: reading takes the service's time from everybody else."""


class SqlInquiries:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._added = False

    def add(self, new: NewInquiry) -> None:
        self._db.execute(
            """INSERT OR IGNORE INTO inquiry (event, lane, person, language, asked, words, masked, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'new')""",
            (new.event, new.lane, new.person, new.language, to_seconds(new.asked), new.words, new.masked),
        )
        self._added = True

    def were_added(self) -> bool:
        """Since it was last asked for: whoever answers them is then woken."""
        added, self._added = self._added, False
        return added

    def next_new(self) -> Inquiry | None:
        return self._one("state = 'new' ORDER BY id LIMIT 1")

    def get(self, id: int) -> Inquiry | None:
        return self._one("id = ?", id)

    def by_card(self, card: ItemId) -> Inquiry | None:
        return self._one("card = ?", card)

    def _one(self, where: str, *values: object) -> Inquiry | None:
        found = self._all(where, *values)
        return found[0] if found else None

    def _all(self, where: str, *values: object) -> list[Inquiry]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM inquiry WHERE {where}", values)  # noqa: S608 - our own words
        return [_inquiry(row) for row in rows.fetchall()]

    def keep(self, inquiry: Inquiry) -> None:
        self._db.execute(
            """UPDATE inquiry SET person = ?, language = ?, words = ?, masked = ?, state = ?, band = ?, entry = ?,
            answered = ?, unit = ?, card = ?, draft = ?, author = ? WHERE id = ?""",
            (
                inquiry.person,
                inquiry.language,
                inquiry.words,
                inquiry.masked,
                inquiry.state,
                inquiry.band,
                inquiry.entry,
                None if inquiry.answered is None else to_seconds(inquiry.answered),
                inquiry.unit,
                inquiry.card,
                inquiry.draft,
                inquiry.author,
                inquiry.id,
            ),
        )

    def subject(self, lane: Lane, since: datetime) -> EntryId | None:
        row = self._db.execute(
            """SELECT entry FROM inquiry WHERE lane = ? AND entry IS NOT NULL AND answered >= ?
            ORDER BY answered DESC, id DESC LIMIT 1""",
            (lane, to_seconds(since)),
        ).fetchone()
        return None if row is None else EntryId(row[0])

    def unanswered(self, since: datetime) -> list[Inquiry]:
        found = self._all(
            "(state = 'open' OR state = 'unsure') AND asked >= ? ORDER BY state = 'open' DESC, id DESC LIMIT ?",
            to_seconds(since),
            _MOST,
        )
        return sorted(found, key=lambda one: one.id)

    def drop(self, id: int) -> None:
        self._db.execute("DELETE FROM inquiry WHERE id = ?", (id,))


def _inquiry(row: tuple[Any, ...]) -> Inquiry:
    id, event, lane, person, language, asked, words, masked, state, band, entry, answered, unit, card, draft, by = row
    return Inquiry(
        id=id,
        event=EventId(event),
        lane=lane,
        person=None if person is None else UserId(person),
        language=Language(language),
        asked=from_seconds(asked),
        words=words,
        masked=masked,
        state=State(state),
        band=None if band is None else Band(band),
        entry=None if entry is None else EntryId(entry),
        answered=None if answered is None else from_seconds(answered),
        unit=None if unit is None else UnitId(unit),
        card=card,
        draft=draft,
        author=None if by is None else OfficialId(by),
    )
