"""The form of the whole `eahtari.toml`: its single tables in full, its lists of tables as they stand.

Each listed table is checked by itself, so that one mistake hides no other.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from bot.config import fields
from bot.config.call_forms import CallsTable
from bot.config.form_parts import Form, Name, Week
from bot.config.municipality_forms import MunicipalityTable
from bot.config.settings import Eve, Holidays, Homeserver, HomeserverMode, ServiceAccount, Settings, Web

SCHEMA = 1
"""The version of the file's form that this release reads."""


class HomeserverTable(Form):
    """`[homeserver]`."""

    server_name: fields.ServerName
    mode: HomeserverMode = HomeserverMode.EMBEDDED


class WebTable(Form):
    """`[web]`."""

    public_url: fields.WebAddress | None = None


class ServiceAccountTable(Form):
    """`[service_account]`: the account that people write to."""

    localpart: fields.Localpart = "palvelu"
    display_name: Name = Name(fi="Palvelu", sv="Service", en="Service")


class RegionTable(Form):
    """`[region]`: homeservers whose users may open a direct room."""

    servers: Annotated[tuple[fields.ServerName, ...], AfterValidator(fields.distinct)] = ()


class HolidaysTable(Form):
    """`[holidays]`."""

    country: Literal["FI"] = "FI"
    closed: bool = True
    eves: Annotated[tuple[Eve, ...], AfterValidator(fields.distinct)] = (Eve.MIDSUMMER, Eve.CHRISTMAS)


class DocumentForm(Form):
    """The file."""

    schema_: Literal[1] = Field(alias="schema")
    municipality: MunicipalityTable
    homeserver: HomeserverTable
    web: WebTable = WebTable()
    service_account: ServiceAccountTable = ServiceAccountTable()
    region: RegionTable = RegionTable()
    holidays: HolidaysTable = HolidaysTable()
    calls: CallsTable = CallsTable()
    hours: dict[str, Week] = Field(default_factory=dict)
    closure: tuple[Any, ...] = ()
    unit: tuple[Any, ...] = ()
    desk: tuple[Any, ...] = ()
    place: tuple[Any, ...] = ()
    official: tuple[Any, ...] = ()
    service: tuple[Any, ...] = ()

    def settings(self, folder: Path) -> Settings:
        """The settings; `folder` is where the file stands, from which it names others."""
        account = self.service_account
        return Settings(
            homeserver=Homeserver(self.homeserver.server_name, self.homeserver.mode),
            web=Web(self.web.public_url),
            service_account=ServiceAccount(account.localpart, account.display_name.text()),
            holidays=Holidays(self.holidays.country, self.holidays.closed, self.holidays.eves),
            calls=self.calls.value(folder),
        )

    def municipality_entry(self) -> dict[str, Any]:
        """`[municipality]` with what the other tables add to it."""
        added = {"server_name": self.homeserver.server_name, "region_servers": list(self.region.servers)}
        return self.municipality.model_dump(mode="json") | added
