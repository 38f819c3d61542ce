import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues.problems import Read
from bot.catalogues.reading import File, read, read_all
from bot.domain.catalogue import ChannelKind, Entry, Origin
from bot.domain.language import Language
from scripts import ptv_sample

EXAMPLES = Path(__file__).parents[2] / "examples" / "advice"
HUT = """---
id: laavu
terms: [nuotio, kota]
url: https://www.mallila.example/laavu
updated: 2026-06-01
---
# Laavu

Laavulla saa **tehdä tulen**.

Puut ovat [liiterissä](https://www.mallila.example/liiteri).
"""


def sample(code: str = "989") -> Read:
    return read_all([File(name, text.encode()) for name, text in ptv_sample.files().items()], code)


def by_name(found: Read, name: str) -> Entry:
    return next(entry for entry in found.catalogue.entries if entry.name[Language.FI] == name)


def test_the_example_files_are_read_without_a_problem() -> None:
    found = read_all(
        File(path.name, path.read_bytes()) for path in [EXAMPLES / "mallila.yaml", *sorted(EXAMPLES.glob("*.md"))]
    )
    assert found.problems == ()
    assert len(found.catalogue.entries) > 70
    assert found.whole


def test_the_sample_of_ptv_is_what_the_script_makes() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in (EXAMPLES / "ptv").iterdir()} == ptv_sample.files()


def test_markdown_is_one_entry_without_its_signs() -> None:
    (hut,) = read(HUT.encode(), "laavu.md").catalogue.entries
    assert hut.name == {Language.FI: "Laavu"}
    assert hut.summary == {Language.FI: "Laavulla saa tehdä tulen."}
    assert hut.description == {Language.FI: "Puut ovat liiterissä (https://www.mallila.example/liiteri)."}
    assert hut.terms == {Language.FI: ("nuotio", "kota")}


def test_another_language_of_the_same_id_joins_the_entry() -> None:
    swedish = HUT.replace("# Laavu", "# Vindskydd").replace("Laavulla saa **tehdä tulen**.", "Man får göra upp eld.")
    found = read_all([File("laavu.md", HUT.encode()), File("laavu.sv.md", swedish.encode())])
    (hut,) = found.catalogue.entries
    assert hut.name == {Language.FI: "Laavu", Language.SV: "Vindskydd"}


def test_markdown_without_front_matter_is_named() -> None:
    found = read(b"# Laavu\n", "laavu.md")
    assert found.problems[0].where == "laavu.md"


def test_services_of_ptv_find_their_channels_in_another_file() -> None:
    found = sample()
    museum = by_name(found, "Torppa, perinnetalo")
    assert [channel.kind for channel in museum.channels] == [ChannelKind.PLACE, ChannelKind.PHONE, ChannelKind.EMAIL]
    assert museum.channels[0].value == "Torpparintie 4, 00989 Mallila"
    assert museum.origin is Origin.PTV
    assert museum.updated == date(2026, 9, 14)


def test_hours_of_ptv_know_seasons_exceptions_and_days_without_an_end() -> None:
    hours = by_name(sample(), "Torppa, perinnetalo").hours
    assert hours is not None
    told = {
        day: hours.on(day) for day in (date(2026, 11, 28), date(2026, 12, 25), date(2026, 12, 31), date(2027, 6, 8))
    }
    assert [[f"{span.start:%H}-{span.end:%H}" for span in spans or ()] for spans in told.values()] == [
        ["12-16"],
        [],
        ["10-12"],
        ["11-17"],
    ]


def test_always_open_is_open_at_night() -> None:
    hours = by_name(sample(), "Yöpäivystys vesilaitoksella").hours
    assert hours is not None
    assert hours.on(date(2026, 11, 29))


def test_drafts_and_services_of_others_are_counted_and_left_out() -> None:
    assert dict(sample().skipped) == {"not published": 1, "given in other municipalities": 1}
    assert len(sample("").catalogue.entries) == len(sample().catalogue.entries) + 1


def test_prices_and_instructions_are_kept() -> None:
    permit = by_name(sample(), "Pysäköintitunnus asukkaalle")
    assert permit.prices == {Language.FI: "Tunnus maksaa 40 euroa vuodessa."}
    assert "rekisteriote" in permit.description[Language.FI]
    assert by_name(sample(), "Neuvontapiste").prices[Language.SV] == "Avgiftsfritt."


def test_a_service_without_a_name_is_named_by_its_id_and_the_others_stay() -> None:
    page = ptv_sample.services()
    page["itemList"][0]["serviceNames"] = []
    found = read(json.dumps(page).encode(), "services.json", "989")
    assert [problem.where for problem in found.problems] == [page["itemList"][0]["id"]]
    assert len(found.catalogue.entries) == len(sample().catalogue.entries) - 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_a_service_with_any_part_exchanged_never_raises(data: st.DataObject) -> None:
    page: Any = json.loads(json.dumps({"itemList": [*ptv_sample.services()["itemList"], *ptv_sample.channels()]}))
    one = data.draw(st.sampled_from(page["itemList"]))
    one[data.draw(st.sampled_from(sorted(one)))] = data.draw(json_values)
    assert isinstance(read(json.dumps(page).encode(), "ptv.json", "989"), Read)


@given(json_values)
def test_any_json_never_raises(value: object) -> None:
    assert isinstance(read(json.dumps([value]).encode(), "ptv.json"), Read)
