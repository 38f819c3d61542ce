from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config.directory import directory, entries
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.region import read_region
from bot.config.settings import Configuration
from bot.domain.availability import Calendar, open_intervals
from bot.domain.directory import Identity, Official, Service, WeeklyHours
from bot.domain.ids import OfficialId, PlaceId, ServiceId, UserId
from bot.domain.language import Language
from bot.domain.opening import within

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def town() -> Configuration:
    return read(EXAMPLES / "ahtari.toml")


def test_the_town_has_42_officials_and_about_25_services(town: Configuration) -> None:
    assert len(town.directory.officials) == 42
    assert 25 <= len(town.directory.services) <= 30
    assert town.settings.homeserver.server_name == "localhost"


def test_the_trials_official_gives_building_permits_of_half_an_hour_every_working_day(town: Configuration) -> None:
    service = town.directory.services[ServiceId("rakennuslupa")]
    assert service.officials == (OfficialId("rakennustarkastaja"),)
    assert service.duration.total_seconds() == 1800
    assert not service.encrypted
    assert all(town.directory.officials[OfficialId("rakennustarkastaja")].hours.days[:5])


def test_accounts_are_the_officials_ids(town: Configuration) -> None:
    assert all(official.account == official.id for official in town.directory.officials.values())


def test_services_of_confidential_units_are_encrypted(town: Configuration) -> None:
    units = town.directory.units
    assert all(service.encrypted == units[service.unit].confidential for service in town.directory.services.values())


def test_every_service_has_words_to_find_it_by_in_every_language(town: Configuration) -> None:
    for service in town.directory.services.values():
        assert all(len(service.keywords[language]) >= 3 for language in Language), service.id
        assert all(service.summary.in_(language) for language in Language), service.id


def test_three_partner_authorities_share_the_desk(town: Configuration) -> None:
    partners = {service.partner.fi for service in town.directory.services.values() if service.partner}
    (desk,) = [desk for desk in town.directory.desks.values() if desk.partners]
    assert partners == {partner.fi for partner in desk.partners}
    assert len(partners) == 3


def _fits(town: Configuration, service: Service) -> bool:
    needed = (service.buffer_before + service.duration + service.buffer_after).total_seconds()
    spans = (s for o in town.directory.servants_of(service) for day in o.hours.days for s in day)
    return any((s.end.hour - s.start.hour) * 3600 + (s.end.minute - s.start.minute) * 60 >= needed for s in spans)


def test_every_service_fits_into_some_officials_hours(town: Configuration) -> None:
    assert all(_fits(town, service) for service in town.directory.services.values())


def _overlap(service: Service, hours: WeeklyHours, official: Official) -> bool:
    needed = service.buffer_before + service.duration + service.buffer_after
    days = ((date(2027, 1, 11) + timedelta(days=n)) for n in range(7))
    calendar = Calendar((), (), ZoneInfo("Europe/Helsinki"))
    spans = (
        span
        for day in days
        for span in within(open_intervals(official, day, calendar, service), hours, day, calendar.zone)
    )
    return any(span.end - span.start >= needed for span in spans)


def test_every_place_is_open_while_somebody_can_use_it(town: Configuration) -> None:
    places = town.directory.places
    for service in town.directory.services.values():
        for hours in filter(None, [service.hours, *(places[place].hours for place in service.places)]):
            assert any(_overlap(service, hours, one) for one in town.directory.servants_of(service)), service.id


def test_two_services_share_the_quiet_room(town: Configuration) -> None:
    quiet = [service for service in town.directory.services.values() if PlaceId("hiljainen-huone") in service.places]
    assert len(quiet) == 2
    assert quiet[0].officials != quiet[1].officials


def test_there_is_a_video_point_for_those_without_a_device_and_a_desk_for_visits_on_the_spot(
    town: Configuration,
) -> None:
    point, desk = (town.directory.services[ServiceId(id)] for id in ("videopiste", "henkilollisyys"))
    assert (point.remote, point.places) == (True, (PlaceId("videopiste"),))
    assert (desk.remote, desk.places) == (False, (PlaceId("palvelutiski"),))
    assert [s.id for s in town.directory.services.values() if s.identity is Identity.STRONG] == ["lastenvalvoja"]


def test_the_town_survives_the_way_through_its_entries(town: Configuration) -> None:
    assert directory(town.entries) == town.directory
    assert entries(directory(town.entries)) == town.entries


def test_the_region_has_ten_municipalities_each_with_a_server_of_its_own() -> None:
    region = read_region(EXAMPLES / "region.toml")
    assert {one.code for one in region.municipalities} == {
        "005", "010", "052", "300", "403", "408", "743", "759", "934", "989",
    }  # fmt: skip
    assert len(set(region.servers)) == 10
    assert not any(":" in server for server in region.servers)
    lapua = region.municipality_of(UserId("@a:lapua.example"))
    assert lapua is not None
    assert lapua.name.sv == "Lappo"
    assert region.municipality_of(UserId("@lapua.example:muualla.example")) is None


def test_a_region_is_read_strictly_and_tells_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "region.toml"
    text = (EXAMPLES / "region.toml").read_text(encoding="utf-8")
    text = text.replace('"lapua.example"', '"lapua.example:8448"').replace('"soini.example"', '"alavus.example"')
    path.write_text(text.replace('code = "934"', 'kode = "934"'), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_region(path)
    assert [(problem.key, problem.what) for problem in caught.value.problems] == [
        ('municipality "lapua" › server_name', '"lapua.example:8448" has a port'),
        ('municipality "vimpeli" › code', "is missing"),
        ('municipality "vimpeli" › kode', "is not a known key"),
        ('municipality "soini" › server_name', '"alavus.example" is also the server_name of municipality "alavus"'),
    ]
