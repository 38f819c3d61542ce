"""What PTV's channels tell and what happens to parts of them that are wrong."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogues.form import entry as read_entry
from bot.catalogues.form import from_json, plain, to_json
from bot.catalogues.problems import Read
from bot.catalogues.ptv_file import NOT_GIVEN
from bot.catalogues.reading import read
from bot.domain.catalogue import Channel, ChannelKind, Entry, EntryId
from bot.domain.language import Language

NAME = [{"language": "fi", "type": "Name", "value": "Torppa"}]
WEEK = {
    "serviceHourType": "DaysOfTheWeek",
    "openingHour": [{"dayFrom": "Monday", "dayTo": "Friday", "from": "09:00:00", "to": "15:00:00"}],
}
CLOSED = {"serviceHourType": "Exceptional", "validFrom": "2026-12-24T00:00:00", "isClosed": True}
MONDAY, EVE = date(2026, 11, 30), date(2026, 12, 24)


def ptv(kind: str, **channel: Any) -> Read:
    service = {"id": "s", "serviceNames": NAME, "serviceChannels": [{"serviceChannel": {"id": "c", "name": "Torppa"}}]}
    whole = {"id": "c", "serviceChannelType": kind, "serviceChannelNames": NAME, **channel}
    return read(json.dumps([service, whole]).encode(), "ptv.json")


def channels(found: Read) -> list[tuple[str, str, dict[str, str]]]:
    (entry,) = found.catalogue.entries
    return [
        (one.kind, one.value, {str(lang): words for lang, words in (one.note or one.name).items()})
        for one in entry.channels
    ]


def test_the_note_of_a_number_is_in_its_own_language() -> None:
    number = {"type": "Phone", "prefixNumber": "+358", "number": "0401"}
    notes = [("sv", "på svenska"), ("fi", "suomeksi"), ("en", "in English"), ("se", "davvisámegillii")]
    phones = [{**number, "language": language, "additionalInformation": words} for language, words in notes]
    told = {"sv": "på svenska", "fi": "suomeksi", "en": "in English"}
    assert channels(ptv("Phone", phoneNumbers=phones)) == [("phone", "+358 401", told)]


def test_the_pages_of_a_place_are_kept_each_with_its_title() -> None:
    pages = [
        {"language": "fi", "url": "https://a.example/fi", "value": "Torpan sivut"},
        {"language": "sv", "url": "https://a.example/sv"},
        {"language": "en", "url": "https://a.example/fi", "value": "The Cottage"},
        {"language": "fi", "url": "javascript:alert(1)"},
    ]
    assert channels(ptv("ServiceLocation", webPages=pages)) == [
        ("web", "https://a.example/fi", {"fi": "Torpan sivut", "en": "The Cottage"}),
        ("web", "https://a.example/sv", {"fi": "Torppa"}),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {**WEEK, "openingHour": [{"dayFrom": "Saturday", "from": "25:00", "to": "26:00"}]},
        {**WEEK, "openingHour": [*WEEK["openingHour"], {"dayFrom": "Saturday", "from": "x"}]},
        {**WEEK, "validFrom": "eilen"},
        {**WEEK, "validFrom": "2027-06-01", "validTo": "2027-01-01"},
        {**WEEK, "openingHour": {"dayFrom": "Saturday", "from": {"a": 1}}},
        {"serviceHourType": "Exceptional", "validFrom": "2026-99-99", "isClosed": True},
    ],
    ids=["times", "one of a week", "begin", "order", "type", "exception"],
)
def test_a_bad_part_of_the_hours_is_left_out_alone_and_named(bad: dict[str, Any]) -> None:
    found = ptv("Phone", phoneNumbers=[{"type": "Phone", "number": "0401"}], serviceHours=[WEEK, bad, CLOSED])
    hours = found.catalogue.entries[0].hours
    assert hours is not None
    assert [len(hours.on(day) or ()) for day in (MONDAY, EVE)] == [1, 0]
    assert found.problems == ()
    (part,) = found.parts
    assert part.where == "s"
    assert part.reason.startswith("Channel Torppa (c): Opening hours, part 2: ")


def test_a_week_with_a_bad_day_does_not_say_that_this_day_is_closed() -> None:
    week = {**WEEK, "openingHour": [*WEEK["openingHour"], {"dayFrom": "Saturday", "from": "x"}]}
    (entry,) = ptv("Phone", phoneNumbers=[{"type": "Phone", "number": "0401"}], serviceHours=[week]).catalogue.entries
    assert entry.hours is None


def test_channels_that_are_in_no_file_are_counted_and_named() -> None:
    services = [
        {"id": id, "serviceNames": NAME, "serviceChannels": [{"serviceChannel": {"id": "k", "name": "Puhelin"}}]}
        for id in ("a", "b")
    ]
    found = read(json.dumps(services).encode(), "ptv.json")
    assert dict(found.skipped) == {NOT_GIVEN: 2}
    assert [part.where for part in found.parts] == ["a", "b"]
    assert "Puhelin (k)" in found.parts[0].reason
    assert len(found.catalogue.entries) == 2


words = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=40)
texts = st.dictionaries(st.sampled_from(Language), words, max_size=3)
addresses = st.from_regex(r"https://[a-z]{1,20}\.example/[a-zåäö0-9/_.%-]{0,60}", fullmatch=True)


@settings(deadline=None)
@given(name=texts, value=addresses, note=texts)
def test_a_form_is_written_and_read_back_the_same(name: dict[Any, str], value: str, note: dict[Any, str]) -> None:
    form = Channel(ChannelKind.FORM, name, value, note=note)
    entry = Entry(EntryId("lomake"), {Language.FI: "Lomake"}, channels=(form,))
    assert from_json(to_json(entry)) == entry
    assert read_entry(plain(entry)) == entry


@settings(deadline=None)
@given(name=words, value=addresses)
def test_a_printable_form_of_ptv_is_a_form_that_can_be_kept(name: str, value: str) -> None:
    names = [{"language": "fi", "type": "Name", "value": name}]
    found = ptv("PrintableForm", serviceChannelNames=names, channelUrls=[{"language": "fi", "value": value}])
    (entry,) = found.catalogue.entries
    assert entry.channels == (Channel(ChannelKind.FORM, {Language.FI: name}, value),)
    assert from_json(to_json(entry)) == entry
