import json
from datetime import date
from typing import Any

import pytest

from bot.catalogues.form import from_json, to_json
from bot.catalogues.problems import Read
from bot.catalogues.reading import read

SERVICE: dict[str, Any] = {"id": "a", "serviceNames": [{"language": "fi", "type": "Name", "value": "Avustus"}]}
TIE = {"serviceChannel": {"id": "c"}}


def ptv(*services: dict[str, Any], numbers: tuple[str, ...] = ()) -> Read:
    phones = [{"type": "Phone", "number": number} for number in numbers]
    channel = {"id": "c", "serviceChannelType": "Phone", "phoneNumbers": phones}
    return read(json.dumps([*services, channel]).encode(), "ptv.json")


def texts(length: int) -> list[dict[str, str]]:
    return [{"language": "fi", "type": type, "value": "x" * length} for type in ("Description", "UserInstruction")]


@pytest.mark.parametrize(
    ("more", "numbers"),
    [
        ({"serviceChannels": [TIE] * 3}, tuple(str(number) for number in range(100, 400))),
        ({"serviceChannels": [TIE]}, ("1" * 30_000,)),
        ({"serviceDescriptions": texts(15_000)}, ()),
        ({"areas": [{"municipalities": [{"code": f"{n:03}"} for n in range(k, k + 500)]} for k in (0, 500)]}, ()),
    ],
    ids=["channels", "number", "description", "municipalities"],
)
def test_a_service_that_could_not_be_read_back_is_a_problem_at_once(
    more: dict[str, Any], numbers: tuple[str, ...]
) -> None:
    found = ptv(SERVICE | more, SERVICE | {"id": "b"}, numbers=numbers)
    assert [problem.where for problem in found.problems] == ["a"]
    assert [entry.id for entry in found.catalogue.entries] == ["b"]
    assert all(from_json(to_json(entry)) == entry for entry in found.catalogue.entries)


def test_terms_in_several_lists_are_bounded_together() -> None:
    lists = ", ".join("{fi: [" + ", ".join(f"{name}{n}" for n in range(400)) + "]}" for name in "ab")
    found = read(f"entries:\n- id: x\n  name: X\n  terms: [{lists}]\n".encode(), "a.yaml")
    assert [(problem.where, problem.line) for problem in found.problems] == [("x", 2)]


def test_the_name_of_a_bad_service_can_be_printed() -> None:
    (problem,) = ptv(SERVICE | {"id": "\ud800"}).problems
    assert str(problem).encode()


def test_a_moment_of_ptv_is_a_day_in_finland() -> None:
    (entry,) = ptv(SERVICE | {"modified": "2026-12-23T22:30:00Z"}).catalogue.entries
    assert entry.updated == date(2026, 12, 24)
    assert ptv(SERVICE | {"modified": "9999-12-31T23:59:59Z"}).problems


@pytest.mark.parametrize("span", ["24-5", "24:00-05:00", "24-24"])
def test_no_hours_begin_at_the_end_of_the_day(span: str) -> None:
    found = read(f"entries:\n- id: x\n  name: X\n  hours: {{week: {{mon: '{span}'}}}}\n".encode(), "a.yaml")
    assert [problem.reason for problem in found.problems] == ["Hours end before they begin."]
