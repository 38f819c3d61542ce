"""What happens to appointments of a service or an official that the municipality no longer has."""

from dataclasses import replace
from functools import partial

import pytest

from bot.actions.booking import cancel, withdraw
from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.config.entries import EntryKey, EntryKind
from bot.domain.booking import Appointment
from bot.domain.ids import OfficialId, ServiceId, UserId
from bot.domain.language import Language
from bot.domain.refusals import AlreadyCancelled, UnknownAppointment
from bot.text import notices
from tests.support.town import CITIZEN, INSPECTOR, NOW, PERMIT, TUESDAY, Town, minutes

SERVICE: EntryKey = (EntryKind.SERVICE, "rakennuslupa")
OFFICIAL: EntryKey = (EntryKind.OFFICIAL, "rakennustarkastaja")


def entries(town: Town) -> list[EntryKey]:
    return list(town.do(lambda tx: tx.entries.current()))


def drop(town: Town, *keys: EntryKey) -> None:
    town.do(lambda tx: tx.entries.replace({k: e for k, e in tx.entries.current().items() if k not in keys}, {}))


def drop_official(town: Town) -> None:
    """The official is gone, and another one gives the service."""
    town.change(EntryKind.SERVICE, PERMIT, officials=["lupasihteeri"])
    drop(town, OFFICIAL)


def withdrawn(town: Town, appointment: Appointment, *, stays: bool) -> None:
    town.do(lambda tx: withdraw(tx, appointment, NOW, service_stays=stays))


def said(town: Town, room: RoomKind) -> dict[str, object]:
    return [payload for kind, what, _, payload in town.outbox() if kind == room and what in {"say", "amend"}][-1]


@pytest.mark.parametrize("stays", [True, False])
def test_both_are_told_and_the_time_is_free(*, town: Town, stays: bool) -> None:
    found = town.booked()
    withdrawn(town, found, stays=stays)
    told = said(town, RoomKind.APPOINTMENT)
    assert told["mention"] == [CITIZEN, INSPECTOR]
    assert "kunta joutui perumaan" in str(told["body"])
    assert found.number in str(told["body"])
    assert ("!varaa Rakennusluvat" in str(told["body"])) is stays
    assert ("!palvelut" in str(told["body"])) is not stays
    assert "Palvelija perui" in str(said(town, RoomKind.UNIT)["body"])
    assert town.rows("SELECT what, party FROM history ORDER BY id")[-1] == ("cancelled", "official")
    assert town.rows("SELECT count(*) FROM quantum") == [(0,)]
    assert town.rows("SELECT count(*) FROM job WHERE kind IN ('day-before', 'soon')") == [(0,)]


def test_the_citizen_is_told_in_their_language_and_whom_to_call(town: Town) -> None:
    (municipality,) = (id for kind, id in entries(town) if kind is EntryKind.MUNICIPALITY)
    town.change(EntryKind.MUNICIPALITY, municipality, phone="06 112 233")
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.EN, chosen=True))
    withdrawn(town, town.booked(), stays=False)
    body = str(said(town, RoomKind.APPOINTMENT)["body"])
    for words in ("the municipality had to cancel", "!services", "06 112 233"):
        assert words in body


def test_no_deadline_keeps_a_running_one(town: Town) -> None:
    found = town.booked()
    town.do(lambda tx: withdraw(tx, found, TUESDAY + minutes(5), service_stays=True))
    assert town.rows("SELECT state FROM appointment") == [("cancelled",)]


def test_when_its_service_went_with_it_the_citizen_hears_that_it_is_cancelled(town: Town) -> None:
    found = town.booked()
    withdrawn(town, found, stays=False)
    drop(town, SERVICE)
    assert town.do(lambda tx: cancel(tx, CITIZEN, found.number, NOW)) == AlreadyCancelled(found.number)


@pytest.mark.parametrize("user", [CITIZEN, INSPECTOR])
@pytest.mark.parametrize("gone", ["service", "official", "both"])
def test_one_of_a_service_or_official_that_is_gone_is_unknown(town: Town, gone: str, user: UserId) -> None:
    found = town.booked()
    if gone != "service":
        drop_official(town)
    if gone != "official":
        drop(town, SERVICE)
    before = town.outbox()
    for now in (NOW, TUESDAY + minutes(600)):
        answer = town.do(partial(cancel, user=user, number=found.number, now=now))
        assert answer == UnknownAppointment(found.number)
    assert town.outbox() == before


def test_its_history_still_has_words(town: Town) -> None:
    found = town.booked()
    drop(town, SERVICE)
    visit = town.do(lambda tx: visit_of(tx, found, NOW))
    assert (visit.service.name.fi, visit.official.title.fi) == ("Poistunut palvelu", "Rakennustarkastaja")
    assert (visit.unit.id, visit.unit.confidential) == ("rakennusvalvonta", False)
    assert found.number in str(notices.facts(visit, Language.SV))


def test_what_is_gone_altogether_counts_as_confidential(town: Town) -> None:
    gone = replace(town.booked(), service=ServiceId("entinen"), official=OfficialId("entinen"))
    visit = town.do(lambda tx: visit_of(tx, gone, NOW))
    assert (visit.service.name.fi, visit.official.title.fi) == ("Poistunut palvelu", "Entinen palvelija")
    assert visit.unit.confidential
