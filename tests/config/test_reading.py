from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.config.problems import ConfigurationError, Problem
from bot.config.reading import read
from bot.config.settings import Configuration
from bot.domain.directory import NO_WORDS, Identity, Span
from bot.domain.ids import OfficialId, PlaceId, ServiceId, UserId
from bot.domain.language import Language, Text

Reader = Callable[[str], Configuration]
Broken = Callable[[str, str], tuple[Problem, ...]]


def test_a_whole_town_is_read_into_the_domain(town: str, read_text: Reader) -> None:
    found = read_text(town)
    municipality = found.directory.municipality
    assert (municipality.code, municipality.server_name) == ("989", "kunta.example")
    assert municipality.region_servers == ("naapuri.example",)
    service = found.directory.services[ServiceId("purku")]
    assert service.duration == timedelta(minutes=30)
    assert service.buffer_after == timedelta(minutes=10)
    assert service.partner == Text(fi="Kela", sv="FPA", en="Kela")
    assert found.directory.services[ServiceId("rakennuslupa")].keywords == {Language.FI: ("sauna",)}
    assert found.directory.closures[0].covers(date(2026, 12, 31))


def test_named_hours_stand_for_their_spans_and_24_is_midnight(town: str, read_text: Reader) -> None:
    officials = read_text(town).directory.officials
    monday = officials[OfficialId("rakennustarkastaja")].hours.days[0]
    assert monday == (Span(time(9), time(12)), Span(time(13), time(15)))
    assert officials[OfficialId("lupasihteeri")].hours.days[1] == (Span(time(20), time(0)),)


def test_places_and_what_services_need_are_read_into_the_domain(town: str, read_text: Reader) -> None:
    directory = read_text(town).directory
    place = directory.places[PlaceId("huone")]
    assert (place.name.sv, place.address) == ("Rum", "Kaupungintalo")
    assert place.hours is not None
    assert place.hours.days[2] == (Span(time(8), time(16)),)
    service = directory.services[ServiceId("purku")]
    assert service.hours is not None
    assert service.hours.days[0] == (Span(time(9), time(12)), Span(time(13), time(15)))
    assert (service.places, service.identity, service.remote) == (("huone",), Identity.STRONG, False)
    assert service.release_delay == timedelta(minutes=45)
    assert service.next_steps.en == "Invitation"


def test_single_days_are_read_with_their_hours_or_as_absence(town: str, read_text: Reader) -> None:
    official = read_text(town).directory.officials[OfficialId("lupasihteeri")]
    assert official.hours_on(date(2027, 1, 7)) == (Span(time(10), time(11)), Span(time(22), time(0)))
    assert official.hours_on(date(2027, 1, 5)) == ()
    assert official.hours_on(date(2027, 1, 12)) == (Span(time(20), time(0)),)


def test_what_is_left_out_has_defaults(town: str, read_text: Reader) -> None:
    directory = read_text(town).directory
    service = directory.services[ServiceId("rakennuslupa")]
    assert (service.hours, service.places, service.identity, service.remote) == (None, (), Identity.NONE, True)
    assert (service.release_delay, service.next_steps) == (timedelta(), NO_WORDS)
    assert directory.officials[OfficialId("rakennustarkastaja")].exceptions == {}
    assert directory.municipality.room_closes_after == timedelta(days=7)
    assert directory.municipality.room_kept_for == timedelta(days=90)


def test_a_place_without_hours_and_the_rooms_times_are_the_municipalitys_to_say(town: str, read_text: Reader) -> None:
    text = town.replace('hours = { wed = ["8:00-16:00"] }\n', "")
    directory = read_text(text.replace("time_zone", "room_closes_days = 0\nroom_kept_days = 0\ntime_zone")).directory
    assert directory.places[PlaceId("huone")].hours is None
    assert directory.municipality.room_closes_after == directory.municipality.room_kept_for == timedelta()


def test_settings_have_defaults(town: str, read_text: Reader) -> None:
    settings = read_text(town).settings
    assert settings.service_user == UserId("@palvelu:kunta.example")
    assert settings.web.public_url is None
    assert settings.holidays.closed


CASES = [
    ("schema = 1", "schema = 2", "schema", "2 is not one of the choices", "Choose 1."),
    ("schema = 1\n", "", "schema", "is missing", "schema = 1"),
    ("schema = 1", "schema = 1\nhomeservr = {}", "homeservr", "is not a known key", '"homeserver"'),
    ('code = "989"', "code = 989", "municipality › code", "is not text", "quotation marks"),
    ('code = "989"', 'code = "98"', "municipality › code", "not a municipality code", "three digits"),
    ('"Europe/Helsinki"', '"Europe/Helsinky"', "municipality › time_zone", "not a known time zone", "Helsinki"),
    ('sv = "Kommun", ', "", "municipality › name › sv", "is missing", "Add it"),
    ('sv = "Kommun"', 'sv = " "', "municipality › name › sv", "is empty", "three languages"),
    ('"kunta.example"', '"Kunta.example"', "homeserver › server_name", "not a server name", "small letters"),
    ('"kunta.example"', '"kunta.example"\nmode = "own"', "homeserver › mode", "not one of", "embedded"),
    ('[homeserver]\nserver_name = "kunta.example"\n', "", "homeserver", "is missing", "[homeserver]"),
    ("[region]", '[web]\npublic_url = "http://kunta.example"\n[region]', "web › public_url", "not encr", "https"),
    ("[region]", '[web]\npublic_url = "kunta"\n[region]', "web › public_url", "not a web address", "in full"),
    ("[region]", '[holidays]\neves = ["easter"]\n[region]', "holidays › eves › item 1", "not one", "midsummer"),
    ("last = 2026-12-31", "last = 2026-12-01", "closure number 1", "before it begins", "Swap"),
    ("last = 2026-12-31", 'last = "joulu"', "closure number 1 › last", "is not a date", "2026-12-24"),
    ('id = "piste"', 'id = "Piste"', 'desk "Piste" › id', "is not an id", "small letters"),
    ('id = "piste"\n', "", "desk number 1 › id", "is missing", "Add it"),
    ('account = "lupasihteeri"', 'account = "Lupa Sihteeri"', 'official "lupasihteeri" › account', "Matrix", "a-z"),
    ('account = "lupasihteeri"', 'account = "_lupa"', 'official "lupasihteeri" › account', "Matrix", "in front"),
    ('account = "lupasihteeri"', 'account = "1234"', 'official "lupasihteeri" › account', "Matrix", "a letter"),
    ('account = "lupasihteeri"', 'account = "rakennustarkastaja"', 'official "lupasihteeri" › account',
     'also the account of official "rakennustarkastaja"', "of their own"),
    ('account = "lupasihteeri"', 'account = "palvelu"', 'official "lupasihteeri" › account',
     "the service's own account", "another account"),
    ('hours = "office"', 'hours = "offise"', 'official "rakennustarkastaja" › hours', "no [hours] table", '"office"'),
    ('hours = "office"', 'hours = "office"\nlanguages = ["no"]',
     'official "rakennustarkastaja" › languages › item 1', "not one of the choices", "'fi', 'sv' or 'en'"),
    ('hours = "office"', 'hours = "office"\nlanguages = []', 'official "rakennustarkastaja" › languages',
     "is empty", "at least one language"),
    ('"9:00-12:00"', '"9:00-12:03"', "hours › office › mon › item 1", "steps of 5", "five minutes"),
    ('"9:00-12:00"', '"9-12"', "hours › office › mon › item 1", "not a span of time", "9:00-12:00"),
    ('"9:00-12:00"', '"25:00-26:00"', "hours › office › mon › item 1", "does not exist", "24:00"),
    ('"9:00-12:00"', '"12:00-9:00"', "hours › office › mon › item 1", "ends before it begins", "earlier"),
    ('"13:00-15:00"', '"11:00-15:00"', "hours › office › mon", "begins before", "without overlaps"),
    ("mon = [", "mo = [", "hours › office › mo", "is not a known key", '"mon"'),
    ("minutes = 30", "minutes = 33", 'service "rakennuslupa" › minutes', "33 is not a multiple of 5", "30 or 35"),
    ("minutes = 30", 'minutes = "30"', 'service "rakennuslupa" › minutes', "not a whole number", "without quot"),
    ("minutes = 30", "minutes = 0", 'service "rakennuslupa" › minutes', "out of range", "from 5 to 480"),
    ("minutes = 30", "minutes = 30\nencrypted = 1", 'service "rakennuslupa" › encrypted', "neither true", "true or"),
    ("minutes = 30", "minuts = 30", 'service "rakennuslupa" › minuts', "is not a known key", '"minutes"'),
    ("minutes = 30", "colour = 30", 'service "rakennuslupa" › colour', "is not a known key", "known keys are"),
    ('officials = ["lupasihteeri"]', "officials = []", 'service "purku" › officials', "is empty", "at least one"),
    ('officials = ["lupasihteeri"]', 'officials = "lupasihteeri"', 'service "purku" › officials', "not a list", "["),
    ('officials = ["lupasihteeri"]', 'officials = ["lupasihteri"]', 'service "purku" › officials',
     "is the id of no official", 'Did you mean "lupasihteeri"?'),
    ('["rakennustarkastaja", "lupasihteeri"]', '["lupasihteeri", "lupasihteeri"]',
     'service "rakennuslupa" › officials', "twice", "Remove"),
    ('summary = { fi = "Luvat", sv = "Lov", en = "Permits" }', 'summary = { fi = "Luvat" }',
     'service "purku" › summary', "no words in sv, en", "all three"),
    ('fi = "Purkaminen"', 'fi = "RAKENNUSLUVAT"', 'service "purku" › name › fi',
     'also the name of service "rakennuslupa"', "another name"),
    ('id = "purku"', 'id = "rakennuslupa"', 'service "rakennuslupa"', "stands twice", "of its own"),
    ('unit = "rakennusvalvonta"\nname = { fi = "Piste"', 'unit = "rakennusvalvota"\nname = { fi = "Piste"',
     'desk "piste" › unit', "is the id of no unit", '"rakennusvalvonta"'),
    ('id = "huone"', 'id = "Huone"', 'place "Huone" › id', "is not an id", "small letters"),
    ('hours = { wed = ["8:00-16:00"] }', 'hours = "offise"', 'place "huone" › hours', "no [hours] table", '"office"'),
    ('hours = { wed = ["8:00-16:00"] }', 'hours = { wed = ["8-16"] }', 'place "huone" › hours › wed › item 1',
     "not a span of time", "9:00-12:00"),
    ('hours = "office"\nplaces', 'hours = "offise"\nplaces', 'service "purku" › hours', "no [hours] table", '"office"'),
    ('places = ["huone"]', 'places = ["huonne"]', 'service "purku" › places', "is the id of no place", '"huone"?'),
    ('places = ["huone"]', 'places = ["huone", "huone"]', 'service "purku" › places', "twice", "Remove"),
    ('places = ["huone"]', "places = []", 'service "purku" › places', "is empty, but", "remote = false"),
    ('places = ["huone"]\n', "", 'service "purku" › places', "is empty, but the service is not", "Name the place"),
    ("remote = false", 'remote = "no"', 'service "purku" › remote', "neither true nor false", "true or false"),
    ('identity = "strong"', 'identity = "sure"', 'service "purku" › identity', "not one of", "'contact' or 'strong'"),
    ('identity = "strong"', "identity = 2", 'service "purku" › identity', "not one of", "'none'"),
    ("release_minutes = 45", "release_minutes = -5", 'service "purku" › release_minutes', "out of range", "from 0"),
    ('next_steps = { fi = "Kutsu", ', "next_steps = { ", 'service "purku" › next_steps', "no words in fi", "all three"),
    ("day = 2027-01-07", 'day = "pian"', 'official "lupasihteeri" › exception › item 1 › day', "not a date", "without"),
    ("day = 2027-01-07\n", "", 'official "lupasihteeri" › exception › item 1 › day', "missing", "day = 2026-12-28"),
    ("day = 2027-01-05", "day = 2027-01-07", 'official "lupasihteeri" › exception', "2027-01-07 twice", "one list"),
    ('"10:00-11:00"', '"11:00-10:00"', 'official "lupasihteeri" › exception › item 1 › hours › item 1',
     "ends before it begins", "earlier"),
    ('"10:00-11:00"', '"23:00-23:30"', 'official "lupasihteeri" › exception › item 1 › hours',
     "begins before", "without overlaps"),
    ("time_zone", "room_kept_days = 6\ntime_zone", "municipality › room_kept_days", "which is 7", "7 days or more"),
    ("time_zone", "room_closes_days = 91\ntime_zone", "municipality › room_kept_days", "90 is less", "91 days"),
    ("time_zone", "room_closes_days = -1\ntime_zone", "municipality › room_closes_days", "out of range", "from 0"),
    ('en = "Demolition"', 'en = "De\\u202Emolition"', 'service "purku" › name › en', "control characters", "Type"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[2]}: {case[3]}")
def test_one_mistake_is_told_with_file_key_and_remedy(broken: Broken, case: tuple[str, str, str, str, str]) -> None:
    old, new, key, what, remedy = case
    (problem,) = [one for one in broken(old, new) if one.key == key]
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.file.endswith("eahtari.toml")
    assert str(problem) == f"{problem.file}: {problem.key}: {problem.what}. {problem.remedy}"


def test_a_single_table_where_a_list_of_tables_belongs_is_told_how_to_write_it(broken: Broken) -> None:
    (problem, *_) = [one for one in broken("[[desk]]", "[desk]") if one.key == "desk"]
    assert "[[service]]" in problem.remedy


def test_all_mistakes_are_told_at_once(town: str, read_text: Reader) -> None:
    text = town.replace('"989"', '"x"').replace("minutes = 30", "minutes = 31").replace('account = "l', 'account = "L')
    with pytest.raises(ConfigurationError) as caught:
        read_text(
            text.replace('unit = "rakennusvalvonta"\nname = { fi = "Purk', 'unit = "poissa"\nname = { fi = "Purk')
        )
    assert [problem.key for problem in caught.value.problems] == [
        "municipality › code",
        'official "lupasihteeri" › account',
        'service "rakennuslupa" › minutes',
        'service "purku" › unit',
    ]
    assert "4 problems" in str(caught.value)
    assert str(caught.value).count("\n") == 4


def test_who_refers_to_a_broken_entry_is_not_blamed(broken: Broken) -> None:
    keys = [problem.key for problem in broken('account = "rakennustarkastaja"', 'account = "Ä"')]
    assert keys == ['official "rakennustarkastaja" › account']


def test_broken_named_hours_are_told_once(broken: Broken) -> None:
    assert len(broken('"9:00-12:00"', '"9-12"')) == 1


def test_toml_syntax_is_told_with_its_line(broken: Broken) -> None:
    (problem,) = broken("[homeserver]", "[homeserver")
    assert problem.key.startswith("line 9")
    assert "is not TOML" in problem.what


def test_a_file_that_is_not_there_is_a_problem_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="can't be read"):
        read(tmp_path / "none.toml")


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes("# ä".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        read(path)
