"""What ties the entries together: references resolve, accounts and names are unambiguous.

Each check notes its problems in the draft; none stops the others.
"""

from bot.config.draft import Draft, place_of
from bot.config.entries import EntryKind
from bot.config.official_forms import OfficialForm
from bot.config.place_forms import DeskForm
from bot.config.problems import shown, suggestion
from bot.config.service_forms import ServiceForm
from bot.domain.language import Language


def check_ties(draft: Draft) -> None:
    _check_units(draft)
    _check_servants_and_places(draft)
    _check_accounts(draft)
    _check_service_names(draft)


def _place(kind: EntryKind, id: str, *keys: str) -> str:
    return " › ".join([place_of(kind, {"id": id}), *keys])


def _check_units(draft: Draft) -> None:
    for (kind, id), entry in draft.forms.items():
        if isinstance(entry, DeskForm | OfficialForm | ServiceForm):
            _check_reference(draft, EntryKind.UNIT, entry.unit, _place(kind, id, "unit"))


def _check_servants_and_places(draft: Draft) -> None:
    for service in draft.of(ServiceForm):
        for official in service.officials:
            _check_reference(draft, EntryKind.OFFICIAL, official, _place(EntryKind.SERVICE, service.id, "officials"))
        for place in service.places:
            _check_reference(draft, EntryKind.PLACE, place, _place(EntryKind.SERVICE, service.id, "places"))


def _check_reference(draft: Draft, kind: EntryKind, id: str, place: str) -> None:
    known = draft.knows(kind)
    if id not in known:
        remedy = suggestion(id, known, f"Add a [[{kind}]] with that id, or name another.")
        draft.refuse(place, f"{shown(id)} is the id of no {kind}", remedy)


def _check_accounts(draft: Draft) -> None:
    owners: dict[str, str] = {}
    for official in draft.of(OfficialForm):
        owner = owners.setdefault(official.account, official.id)
        if owner != official.id:
            place = _place(EntryKind.OFFICIAL, official.id, "account")
            what = f'{shown(official.account)} is also the account of official "{owner}"'
            draft.refuse(place, what, "Give each official an account of their own.")


def _check_service_names(draft: Draft) -> None:
    owners: dict[tuple[Language, str], str] = {}
    for service in draft.of(ServiceForm):
        for language in Language:
            name = service.name.text().in_(language)
            owner = owners.setdefault((language, name.casefold()), service.id)
            if owner != service.id:
                place = _place(EntryKind.SERVICE, service.id, "name", language)
                what = f'{shown(name)} is also the name of service "{owner}"'
                draft.refuse(place, what, "Give one of them another name: people choose a service by its name.")
