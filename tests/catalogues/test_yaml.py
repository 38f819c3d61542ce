from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues.form import from_json, to_json
from bot.catalogues.problems import Read
from bot.catalogues.reading import read
from bot.domain.catalogue import ChannelKind
from bot.domain.directory import Span
from bot.domain.language import Language

POOL = """
municipality: {code: 049, name: {fi: Mallila}}
synonyms:
- {fi: altaalle*, means: [uimahalli]}
entries:
- id: uimahalli
  name: {fi: Uimahalli, sv: Simhallen}
  summary: Halli on auki joka päivä.
  terms: [vesijumppa, {fi: uinti, sv: simning}]
  hours:
    week: {mon: "12-20", tue: ["10-12", "13:30-20:00"]}
    seasons: [{from: 2027-07-01, to: 2027-07-31, week: {}}]
    exceptions:
    - {date: 2026-12-24, closed: true, name: {fi: Jouluaatto}}
    - {date: 2026-12-31, open: "10-14"}
  channels: [{kind: phone, value: "+358 00 000 0001"}]
  url: https://www.mallila.example/uimahalli
  updated: 2026-10-01
"""


def entries(text: str) -> Read:
    return read(text.encode(), "luettelo.yaml")


def test_an_entry_is_read_with_everything_that_it_says() -> None:
    found = entries(POOL)
    (pool,) = found.catalogue.entries
    assert found.problems == ()
    assert found.catalogue.code == "049"
    assert pool.name == {Language.FI: "Uimahalli", Language.SV: "Simhallen"}
    assert pool.summary == {Language.FI: "Halli on auki joka päivä."}
    assert pool.terms == {Language.FI: ("vesijumppa", "uinti"), Language.SV: ("simning",)}
    assert pool.channels[0].kind is ChannelKind.PHONE
    assert pool.updated == date(2026, 10, 1)
    assert found.catalogue.synonyms[0].said == "altaalle*"


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        (date(2026, 11, 30), (Span(time(12), time(20)),)),
        (date(2026, 12, 1), (Span(time(10), time(12)), Span(time(13, 30), time(20)))),
        (date(2026, 12, 2), ()),
        (date(2026, 12, 24), ()),
        (date(2026, 12, 31), (Span(time(10), time(14)),)),
        (date(2027, 7, 5), ()),
    ],
)
def test_exceptions_go_before_seasons_and_seasons_before_the_week(day: date, spans: tuple[Span, ...]) -> None:
    hours = entries(POOL).catalogue.entries[0].hours
    assert hours is not None
    assert hours.on(day) == spans


def test_what_is_kept_as_json_is_the_same_entry() -> None:
    (pool,) = entries(POOL).catalogue.entries
    assert from_json(to_json(pool)) == pool


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("- id: toinen\n  name: {de: Bad}", "fi, sv or en"),
        ("- id: toinen", "needs a name"),
        ("- name: Nimi", "id"),
        ("- id: uimahalli\n  name: Kaksi", "there already"),
        ("- id: toinen\n  name: Nimi\n  url: javascript:alert(1)", "link"),
        ("- id: toinen\n  name: Nimi\n  hours: {week: {mon: '20-12'}}", "before they begin"),
        ("- id: toinen\n  name: Nimi\n  hours: {week: {mon: ['9-12', '11-13']}}", "overlap"),
        ("- id: toinen\n  name: Nimi\n  hours: {week: {mon: '25-26'}}", "0:00 to 24:00"),
        ("- id: toinen\n  name: Nimi\n  updated: 2026-13-40", "."),
        ("- id: toinen\n  name: Nimi\n  channels: [{kind: pigeon}]", "kind"),
        ("- vain tekstiä", "key: value"),
        ("- id: toinen\n  name: !!python/object:os.system x", "has a tag"),
    ],
)
def test_a_bad_entry_is_named_with_its_line_and_the_good_ones_are_read(bad: str, reason: str) -> None:
    found = entries(f"{POOL}{bad}\n")
    (problem,) = found.problems
    assert [entry.id for entry in found.catalogue.entries] == ["uimahalli"]
    assert problem.line == POOL.count("\n") + 1
    assert reason in problem.reason


def test_a_broken_file_says_from_which_line_on() -> None:
    found = entries("entries:\n- id: a\n  name: [\n")
    assert not found.whole
    assert found.problems[0].line is not None


def test_anchors_are_refused_before_they_can_grow() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]" for n in range(9)]
    found = entries("\n".join(lines))
    assert "anchor" in found.problems[0].reason


def test_deep_nesting_is_a_problem_and_no_fault() -> None:
    assert entries("entries: " + "[" * 5000).problems
    assert read(b'{"itemList": ' + b"[" * 100_000, "ptv.json").problems


@given(st.binary(max_size=300), st.sampled_from(["a.yaml", "a.md", "a.json"]))
def test_arbitrary_bytes_never_raise(raw: bytes, name: str) -> None:
    assert isinstance(read(raw, name), Read)


@given(st.data())
def test_a_file_with_characters_changed_never_raises(data: st.DataObject) -> None:
    text = list(POOL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place] = data.draw(st.sampled_from(list("{}[]:,-'\"\n &*!|>%@\0é0")))
    assert isinstance(entries("".join(text)), Read)
