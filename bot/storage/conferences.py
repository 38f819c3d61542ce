"""Links into conferences, and who came by them."""

from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.deliveries import ItemId
from bot.domain.conference import Link, NewLink, Purpose, Role, Visitor, VisitorState
from bot.domain.ids import AppointmentId
from bot.domain.language import Language
from bot.storage.moments import from_seconds, to_seconds

_LINK = "id, digest, appointment, role, purpose, language, name, made, ended"
_VISITOR = "v.id, v.link, v.session, v.name, v.language, v.state, v.came, v.seen, v.let_in, v.ended, v.card, v.shown"
_LinkRow = tuple[int, str, int | None, str, str, str, str, int, int | None]
_VisitorRow = tuple[int, int, str, str, str, str, int, int, int | None, int | None, int | None, str | None]


class SqlConferences:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add_link(self, new: NewLink, now: datetime) -> Link:
        cursor = self._db.execute(
            """INSERT INTO conference_link (digest, appointment, role, purpose, language, name, made)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (new.digest, new.appointment, new.role, new.purpose, new.language, new.name, to_seconds(now)),
        )
        found = self.link(cursor.lastrowid or 0)
        assert found is not None  # noqa: S101 - it was inserted in this transaction
        return found

    def by_digest(self, digest: str) -> Link | None:
        return next(iter(self._links("digest = ?", digest)), None)

    def link(self, id: int) -> Link | None:
        return next(iter(self._links("id = ?", id)), None)

    def links_of(self, appointment: AppointmentId) -> list[Link]:
        return self._links("appointment = ? AND ended IS NULL ORDER BY id", appointment)

    def end_link(self, link: Link, now: datetime) -> None:
        self._db.execute(
            "UPDATE conference_link SET ended = ? WHERE id = ? AND ended IS NULL", (to_seconds(now), link.id)
        )

    def end_practice_links(self, now: datetime) -> None:
        self._db.execute(
            "UPDATE conference_link SET ended = ? WHERE appointment IS NULL AND ended IS NULL", (to_seconds(now),)
        )

    def _links(self, where: str, *values: object) -> list[Link]:
        rows = self._db.execute(f"SELECT {_LINK} FROM conference_link WHERE {where}", values)  # noqa: S608 - our own words
        return [_link(row) for row in rows.fetchall()]

    def come(self, link: Link, session: str, name: str, language: Language, now: datetime) -> Visitor:
        moment = to_seconds(now)
        cursor = self._db.execute(
            """INSERT INTO conference_visitor (link, session, name, language, state, came, seen)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (link.id, session, name, language, VisitorState.WAITING, moment, moment),
        )
        found = self.visitor(cursor.lastrowid or 0)
        assert found is not None  # noqa: S101 - it was inserted in this transaction
        return found

    def keep(self, visitor: Visitor) -> None:
        self._db.execute(
            """UPDATE conference_visitor
            SET name = ?, language = ?, state = ?, seen = ?, let_in = ?, ended = ?, card = ?, shown = ? WHERE id = ?""",
            (
                visitor.name,
                visitor.language,
                visitor.state,
                to_seconds(visitor.seen),
                _seconds(visitor.let_in),
                _seconds(visitor.ended),
                visitor.card,
                visitor.shown,
                visitor.id,
            ),
        )

    def visitor(self, id: int) -> Visitor | None:
        return next(iter(self._visitors("v.id = ?", id)), None)

    def visitor_by_card(self, card: ItemId) -> Visitor | None:
        return next(iter(self._visitors("v.card = ?", card)), None)

    def of_session(self, link: Link, session: str) -> Visitor | None:
        where = "v.link = ? AND v.session = ? ORDER BY v.id DESC LIMIT 1"
        return next(iter(self._visitors(where, link.id, session)), None)

    def inside_or_waiting(self, link: Link) -> list[Visitor]:
        return self._visitors("v.link = ? AND v.state IN ('waiting', 'let-in') ORDER BY v.id", link.id)

    def openings(self, link: Link) -> int:
        rows = self._db.execute("SELECT count(*) FROM conference_visitor WHERE link = ?", (link.id,))
        return int(rows.fetchone()[0])

    def shown(self) -> list[Visitor]:
        return self._visitors("v.shown IS NOT NULL ORDER BY v.id")

    def waiting_for(self, appointment: AppointmentId) -> list[Visitor]:
        return self._visitors("l.appointment = ? AND v.state = 'waiting' ORDER BY v.id", appointment)

    def visitors_of(self, appointment: AppointmentId) -> list[Visitor]:
        return self._visitors("l.appointment = ? ORDER BY v.id", appointment)

    def _visitors(self, where: str, *values: object) -> list[Visitor]:
        rows = self._db.execute(
            f"SELECT {_VISITOR} FROM conference_visitor v JOIN conference_link l ON l.id = v.link WHERE {where}",  # noqa: S608 - our own words
            values,
        )
        return [_visitor(row) for row in rows.fetchall()]

    def forget_names(self, appointment: AppointmentId) -> None:
        self._db.execute("UPDATE conference_link SET name = '' WHERE appointment = ?", (appointment,))
        self._db.execute(
            """UPDATE conference_visitor SET name = '', session = ''
            WHERE link IN (SELECT id FROM conference_link WHERE appointment = ?)""",
            (appointment,),
        )

    def forget_practice(self, before: datetime) -> bool:
        of_practice = "link IN (SELECT id FROM conference_link WHERE appointment IS NULL)"
        self._db.execute(
            f"DELETE FROM conference_visitor WHERE seen < ? AND {of_practice}",  # noqa: S608 - our own words
            (to_seconds(before),),
        )
        left = self._db.execute(f"SELECT 1 FROM conference_visitor WHERE {of_practice} LIMIT 1")  # noqa: S608 - our own words
        return left.fetchone() is not None


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_seconds(moment)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_seconds(seconds)


def _link(row: _LinkRow) -> Link:
    id, digest, appointment, role, purpose, language, name, made, ended = row
    return Link(
        id=id,
        digest=digest,
        appointment=None if appointment is None else AppointmentId(appointment),
        role=Role(role),
        purpose=Purpose(purpose),
        language=Language(language),
        name=name,
        made=from_seconds(made),
        ended=_moment(ended),
    )


def _visitor(row: _VisitorRow) -> Visitor:
    id, link, session, name, language, state, came, seen, let_in, ended, card, shown = row
    return Visitor(
        id=id,
        link=link,
        session=session,
        name=name,
        language=Language(language),
        state=VisitorState(state),
        came=from_seconds(came),
        seen=from_seconds(seen),
        let_in=_moment(let_in),
        ended=_moment(ended),
        card=card,
        shown=shown,
    )
