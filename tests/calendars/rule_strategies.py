"""Recurrence rules of every kind that ends somewhere."""

from hypothesis import assume
from hypothesis import strategies as st

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def lists(low: int, high: int, size: int = 3) -> st.SearchStrategy[str]:
    """Comma-separated numbers that are never zero where negative ones are allowed."""
    numbers = st.integers(low, high).filter(lambda n: n != 0 or low == 0)
    return st.lists(numbers, min_size=1, max_size=size, unique=True).map(lambda found: ",".join(map(str, found)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that match something each year: `dateutil` searches the others until the year 9999.

    It also counts the places of a first week (BYSETPOS) from the start of the series on, not from that of the week,
    as RFC 5545, 3.3.10 has it; so there the week begins with the series, on a Monday.
    """
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = {"FREQ": frequency}
    numbered = ["1", "-1", "2", ""] if frequency in {"YEARLY", "MONTHLY"} else [""]
    prefix = draw(st.sampled_from(numbered))
    weekdays = st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(
        lambda days: ",".join(prefix + day for day in days)
    )
    kinds = {"BYDAY": weekdays, "BYMONTHDAY": lists(-28, 28)}
    if frequency == "YEARLY":
        kinds |= {"BYYEARDAY": lists(-365, 365), "BYWEEKNO": lists(1, 52)}
    if kind := draw(st.sampled_from([None, *kinds])):
        parts[kind] = draw(kinds[kind])
    others = {
        "INTERVAL": st.integers(1, 4).map(str),
        "COUNT": st.integers(1, 40).map(str),
        "UNTIL": st.sampled_from(["20260615T093000", "20271231", "20250101"]),
        "WKST": st.sampled_from(DAYS),
        "BYMINUTE": lists(0, 59),
    }
    if kind not in {"BYYEARDAY", "BYWEEKNO"}:
        others["BYMONTH"] = lists(1, 12)
    if frequency != "HOURLY":
        others |= {"BYHOUR": lists(0, 23), "BYSETPOS": st.sampled_from(["1", "-1", "1,-1"])}
    for name in draw(st.lists(st.sampled_from(sorted(others)), unique=True, max_size=4)):
        parts[name] = draw(others[name])
    assume(not {"COUNT", "UNTIL"} <= parts.keys())
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        parts["WKST"] = "MO"
    return ";".join(f"{name}={value}" for name, value in parts.items())
