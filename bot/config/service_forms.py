"""The forms of officials and services, each way: from the file and back to an entry.

What ties one entry to another is checked in `bot.config.checks`.
"""

from datetime import timedelta

from pydantic import Field

from bot.config import fields
from bot.config.form_parts import Form, Keywords, Name, Prose, Week
from bot.domain.directory import Official, Service
from bot.domain.ids import OfficialId, ServiceId, UnitId
from bot.domain.language import Language

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class OfficialForm(Form):
    """`[[official]]`, with named hours already put in place of their name."""

    id: fields.Identifier
    unit: fields.Identifier
    title: Name
    account: fields.Localpart
    languages: fields.Languages = (Language.FI,)
    hours: Week
    active: bool = True

    @property
    def key(self) -> str:
        return self.id

    def value(self) -> Official:
        return Official(
            id=OfficialId(self.id),
            unit=UnitId(self.unit),
            title=self.title.text(),
            account=self.account,
            hours=self.hours.hours(),
            languages=self.languages,
            active=self.active,
        )

    @classmethod
    def of(cls, official: Official) -> "OfficialForm":
        return cls(
            id=official.id,
            unit=official.unit,
            title=Name.of(official.title),
            account=official.account,
            languages=official.languages,
            hours=Week.of(official.hours),
            active=official.active,
        )


class ServiceForm(Form):
    """`[[service]]`: what can be booked."""

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
        )
