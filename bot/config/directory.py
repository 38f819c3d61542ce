"""Entries to the domain's `Directory` and back, under the same checks as the file's.

Leaves the file to `bot.config.reading` and keeping to `bot.storage`.
"""

from collections.abc import Iterable

from bot.config.checks import check_ties
from bot.config.draft import Draft, EntryForm, place_of
from bot.config.entries import Entries, Entry, EntryKey, EntryKind, in_order
from bot.config.municipality_forms import ClosureForm, MunicipalityForm
from bot.config.official_forms import OfficialForm
from bot.config.place_forms import DeskForm, PlaceForm, UnitForm
from bot.config.problems import ConfigurationError
from bot.config.service_forms import ServiceForm
from bot.domain.directory import Directory

STORED = "stored configuration"
"""What stands for the file's name in a problem of stored entries."""


def directory(entries: Entries) -> Directory:
    """The municipality that the entries describe. Every problem at once as a `ConfigurationError`."""
    draft = Draft(STORED)
    for (kind, id), entry in in_order(entries).items():
        form = draft.add(kind, entry)
        if form is not None and form.key != id:
            draft.refuse(place_of(kind, entry), f'is kept under the id "{id}"', "Keep it under its own id.")
    return complete(draft)


def complete(draft: Draft) -> Directory:
    """The finished draft as a `Directory`, or a `ConfigurationError` with all that was found."""
    check_ties(draft)
    municipalities = list(draft.of(MunicipalityForm))
    if len(municipalities) > 1 or (not municipalities and not draft.problems):
        draft.refuse("municipality", f"stands {len(municipalities)} times", "There is exactly one.")
    if draft.problems:
        raise ConfigurationError(draft.problems)
    return Directory(
        municipality=municipalities[0].value(),
        units={unit.id: unit for unit in (form.value() for form in draft.of(UnitForm))},
        services={service.id: service for service in (form.value() for form in draft.of(ServiceForm))},
        officials={official.id: official for official in (form.value() for form in draft.of(OfficialForm))},
        desks={desk.id: desk for desk in (form.value() for form in draft.of(DeskForm))},
        places={place.id: place for place in (form.value() for form in draft.of(PlaceForm))},
        closures=tuple(sorted((form.value() for form in draft.of(ClosureForm)), key=lambda c: (c.first, c.last))),
    )


def entries(source: Directory) -> dict[EntryKey, Entry]:
    """The directory as entries: every field named, in one order, the same for the same directory."""
    return in_order({(kind, form.key): form.model_dump(mode="json") for kind, form in _forms(source)})


def _forms(source: Directory) -> Iterable[tuple[EntryKind, EntryForm]]:
    yield EntryKind.MUNICIPALITY, MunicipalityForm.of(source.municipality)
    yield from ((EntryKind.CLOSURE, ClosureForm.of(closure)) for closure in source.closures)
    yield from ((EntryKind.UNIT, UnitForm.of(unit)) for unit in source.units.values())
    yield from ((EntryKind.DESK, DeskForm.of(desk)) for desk in source.desks.values())
    yield from ((EntryKind.PLACE, PlaceForm.of(place)) for place in source.places.values())
    yield from ((EntryKind.OFFICIAL, OfficialForm.of(official)) for official in source.officials.values())
    yield from ((EntryKind.SERVICE, ServiceForm.of(service)) for service in source.services.values())
