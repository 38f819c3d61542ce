"""The forms of units, desks and places, each way: from the file and back to an entry.

What ties one entry to another is checked in `bot.config.checks`.
"""

from bot.config import fields
from bot.config.form_parts import Form, Name, Week
from bot.domain.directory import Desk, Place, Unit
from bot.domain.ids import DeskId, PlaceId, UnitId


class UnitForm(Form):
    """`[[unit]]`."""

    id: fields.Identifier
    name: Name
    confidential: bool = False

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Unit:
        return Unit(UnitId(self.id), self.name.text(), self.confidential)

    @classmethod
    def of(cls, unit: Unit) -> "UnitForm":
        return cls(id=unit.id, name=Name.of(unit.name), confidential=unit.confidential)


class DeskForm(Form):
    """`[[desk]]`."""

    id: fields.Identifier
    unit: fields.Identifier
    name: Name
    address: fields.Line = ""
    partners: tuple[Name, ...] = ()

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Desk:
        partners = tuple(partner.text() for partner in self.partners)
        return Desk(DeskId(self.id), UnitId(self.unit), self.name.text(), self.address, partners)

    @classmethod
    def of(cls, desk: Desk) -> "DeskForm":
        return cls(
            id=desk.id,
            unit=desk.unit,
            name=Name.of(desk.name),
            address=desk.address,
            partners=tuple(Name.of(partner) for partner in desk.partners),
        )


class PlaceForm(Form):
    """`[[place]]`: a room or a video point that one visit takes; named hours were put in already."""

    id: fields.Identifier
    name: Name
    address: fields.Line = ""
    hours: Week | None = None

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Place:
        hours = None if self.hours is None else self.hours.hours()
        return Place(PlaceId(self.id), self.name.text(), self.address, hours)

    @classmethod
    def of(cls, place: Place) -> "PlaceForm":
        return cls(
            id=place.id,
            name=Name.of(place.name),
            address=place.address,
            hours=None if place.hours is None else Week.of(place.hours),
        )
