"""The form of services, each way: from the file and back to an entry.

What ties one entry to another is checked in `bot.config.checks`.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from bot.config import fields
from bot.config.form_parts import Form, Keywords, Name, Prose, Week
from bot.domain.directory import Identity, Service
from bot.domain.ids import OfficialId, PlaceId, ServiceId, UnitId

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class Needed(StrEnum):
    """How a level of `Identity` is written."""

    NONE = "none"
    CONTACT = "contact"
    STRONG = "strong"


class ServiceForm(Form):
    """`[[service]]`: what can be booked; named hours were put in already."""

    id: fields.Identifier
    unit: fields.Identifier
    name: Name
    officials: fields.Officials
    minutes: fields.DurationMinutes = 30
    buffer_before: fields.BufferMinutes = 0
    buffer_after: fields.BufferMinutes = 0
    notice_minutes: fields.NoticeMinutes = 60
    horizon_days: fields.HorizonDays = 60
    cancel_hours: fields.CancelHours = 0
    most_open: fields.MostOpen = 3
    encrypted: bool = False
    summary: Prose = Field(default_factory=Prose)
    bring: Prose = Field(default_factory=Prose)
    keywords: Keywords = Field(default_factory=Keywords)
    partner: Name | None = None
    hours: Week | None = None
    remote: bool = True
    places: Annotated[tuple[fields.Identifier, ...], AfterValidator(fields.distinct), Field(validate_default=True)] = ()
    identity: Needed = Needed.NONE
    next_steps: Prose = Field(default_factory=Prose)
    release_minutes: fields.ReleaseMinutes = 0

    @field_validator("places")
    @classmethod
    def _somewhere(cls, places: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not places and not info.data.get("remote", True):
            remedy = "Name the place where the visit is, or remove remote = false."
            fields.refuse("is empty, but the service is not given remotely", remedy)
        return places

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Service:
        return Service(
            id=ServiceId(self.id),
            unit=UnitId(self.unit),
            name=self.name.text(),
            officials=tuple(OfficialId(official) for official in self.officials),
            duration=timedelta(minutes=self.minutes),
            buffer_before=timedelta(minutes=self.buffer_before),
            buffer_after=timedelta(minutes=self.buffer_after),
            minimum_notice=timedelta(minutes=self.notice_minutes),
            horizon=timedelta(days=self.horizon_days),
            cancellation_deadline=timedelta(hours=self.cancel_hours),
            most_open=self.most_open,
            encrypted=self.encrypted,
            summary=self.summary.text(),
            bring=self.bring.text(),
            keywords=self.keywords.by_language(),
            partner=None if self.partner is None else self.partner.text(),
            hours=None if self.hours is None else self.hours.hours(),
            places=tuple(PlaceId(place) for place in self.places),
            identity=Identity[self.identity.name],
            remote=self.remote,
            next_steps=self.next_steps.text(),
            release_delay=timedelta(minutes=self.release_minutes),
        )

    @classmethod
    def of(cls, service: Service) -> "ServiceForm":
        return cls(
            id=service.id,
            unit=service.unit,
            name=Name.of(service.name),
            officials=service.officials,
            minutes=service.duration // _MINUTE,
            buffer_before=service.buffer_before // _MINUTE,
            buffer_after=service.buffer_after // _MINUTE,
            notice_minutes=service.minimum_notice // _MINUTE,
            horizon_days=service.horizon.days,
            cancel_hours=service.cancellation_deadline // _HOUR,
            most_open=service.most_open,
            encrypted=service.encrypted,
            summary=Prose.of(service.summary),
            bring=Prose.of(service.bring),
            keywords=Keywords.of(service.keywords),
            partner=None if service.partner is None else Name.of(service.partner),
            hours=None if service.hours is None else Week.of(service.hours),
            remote=service.remote,
            places=service.places,
            identity=Needed[service.identity.name],
            next_steps=Prose.of(service.next_steps),
            release_minutes=service.release_delay // _MINUTE,
        )
