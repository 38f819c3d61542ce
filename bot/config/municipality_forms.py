"""The forms of the municipality and its closures, each way: from the file and back to an entry.

Leaves units, desks and places to `bot.config.place_forms`.
"""

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bot.config import fields
from bot.config.form_parts import Form, Name
from bot.domain.directory import Closure, Municipality
from bot.domain.language import Language


class MunicipalityTable(Form):
    """`[municipality]` as the file has it."""

    id: fields.Identifier
    code: fields.MunicipalityCode
    name: Name
    time_zone: fields.TimeZone = "Europe/Helsinki"
    default_language: Language = Language.FI
    phone: fields.Phone = ""
    room_closes_days: fields.RoomDays = 7
    room_kept_days: Annotated[fields.RoomDays, Field(validate_default=True)] = 90

    @field_validator("room_kept_days")
    @classmethod
    def _kept_until_closed(cls, kept: int, info: ValidationInfo) -> int:
        """A room is left after it was closed, and never before."""
        closes = info.data.get("room_closes_days", 0)
        if kept < closes:
            remedy = f"Keep rooms at least as long as they stay open: {closes} days or more."
            fields.refuse(f"{kept} is less than room_closes_days, which is {closes}", remedy)
        return kept


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
            room_closes_after=timedelta(days=self.room_closes_days),
            room_kept_for=timedelta(days=self.room_kept_days),
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
            room_closes_days=municipality.room_closes_after.days,
            room_kept_days=municipality.room_kept_for.days,
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
