import json

import pytest

from benchmarks.report import Report, percentile


def _report() -> Report:
    report = Report("commands")
    report.add("latency_p50_ms", 12.34567, "ms", "3 one after another")
    report.add("encrypted", None, "ms", "no client")
    report.aim("ratio", 1.1, 1.15)
    report.aim("start_s", 6.5, 6)
    return report


def test_the_json_object_has_the_agreed_keys_and_no_others() -> None:
    found = json.loads(_report().as_json())
    assert set(found) == {"benchmark", "environment", "results", "targets"}
    assert found["benchmark"] == "commands"
    assert [set(target) for target in found["targets"]] == [{"name", "value", "limit", "ok"}] * 2
    assert [target["ok"] for target in found["targets"]] == [True, False]
    assert found["results"][0] == {
        "name": "latency_p50_ms",
        "value": 12.346,
        "unit": "ms",
        "note": "3 one after another",
    }


def test_what_was_not_measured_is_null_and_named_so_in_the_table() -> None:
    report = _report()
    assert json.loads(report.as_json())["results"][1]["value"] is None
    assert "not measured" in next(line for line in report.as_table().splitlines() if "encrypted" in line)


def test_a_value_on_its_limit_is_within() -> None:
    report = Report("commands")
    report.aim("ratio", 1.15, 1.15)
    assert report.targets[0].ok


def test_the_table_says_which_target_was_missed() -> None:
    lines = _report().as_table().splitlines()
    assert [line.split()[-1] for line in lines if "<=" in line] == ["ok", "MISSED"]


def test_the_environment_names_versions_and_no_path() -> None:
    found = json.loads(_report().as_json())["environment"]
    assert {"python", "cores", "synapse", "matrix_nio"} <= set(found)
    assert not any("/" in str(value) for value in found.values())


@pytest.mark.parametrize(("share", "expected"), [(50, 2.0), (99, 4.0), (25, 1.0), (100, 4.0)])
def test_percentiles_are_by_nearest_rank(share: int, expected: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == expected


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)
