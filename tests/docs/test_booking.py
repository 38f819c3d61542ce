"""`docs/booking.md` names a test for every edge case, and the tests exist."""

from pathlib import Path

from tests.support import tables

PAGE = tables.TESTS.parent / "docs" / "booking.md"


def test_every_edge_case_has_a_test_that_exists() -> None:
    assert len(tables.rows(PAGE)) > 30
    assert tables.without_test(PAGE) == []
    assert tables.missing(PAGE, Path(__file__).parent) == []
