"""The forms of the municipality, its closures, units and desks, each way: from the file and back to an entry.

What ties one entry to another is checked in `bot.config.checks`.
"""

from datetime import date
from zoneinfo import ZoneInfo

from pydantic import model_validator

from bot.config import fields
from bot.config.form_parts import Form, Name
from bot.domain.directory import Closure, Desk, Municipality, Unit
from bot.domain.ids import DeskId, UnitId
from bot.domain.language import Language


class MunicipalityTable(Form):
    """`[municipality]` as the file has it."""

    id: fields.Identifier
    code: fields.MunicipalityCode
    name: Name
    time_zone: fields.TimeZone = "Europe/Helsinki"
    default_language: Language = Language.FI
    phone: fields.Phone = ""


class MunicipalityForm(MunicipalityTable):
    """The municipality as an entry: its homeserver's name and the region's servers belong to it."""

    server_name: fields.ServerName
    region_servers: tuple[fields.ServerName, ...] = ()

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Municipality:
        return Municipality(
            id=self.id,
            code=self.code,
            name=self.name.text(),
            time_zone=ZoneInfo(self.time_zone),
            server_name=self.server_name,
            default_language=self.default_language,
            phone=self.phone,
            region_servers=self.region_servers,
        )

    @classmethod
    def of(cls, municipality: Municipality) -> "MunicipalityForm":
        return cls(
            id=municipality.id,
            code=municipality.code,
            name=Name.of(municipality.name),
            time_zone=municipality.time_zone.key,
            default_language=municipality.default_language,
            phone=municipality.phone,
            server_name=municipality.server_name,
            region_servers=municipality.region_servers,
        )


class ClosureForm(Form):
    """`[[closure]]`: days on which nothing is booked."""

    first: date
    last: date
    name: Name

    @model_validator(mode="after")
    def _first_before_last(self) -> "ClosureForm":
        if self.first > self.last:
            fields.refuse(f"ends on {self.last} before it begins on {self.first}", "Swap first and last.")
        return self

    @property
    def key(self) -> str:
        return f"{self.first}..{self.last}"

    def value(self) -> Closure:
        return Closure(self.first, self.last, self.name.text())

    @classmethod
    def of(cls, closure: Closure) -> "ClosureForm":
        return cls(first=closure.first, last=closure.last, name=Name.of(closure.name))


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
