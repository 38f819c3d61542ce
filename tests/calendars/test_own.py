"""Our own appointments are known again by their names, and nobody else's are taken for ours."""

import pytest

from bot.calendars.own import is_own, uid_of


@pytest.mark.parametrize("uid", [uid_of("7KQ2MX", "kunta.example"), "7kq2mx@KUNTA.example", " 7KQ2MX@kunta.example "])
def test_a_name_of_ours_is_known(uid: str) -> None:
    assert is_own(uid, "kunta.example")


@pytest.mark.parametrize(
    "uid",
    [
        "",
        "7KQ2MX",
        "7KQ2MX@",
        "7KQ2MX@muu.example",
        "7KQ2MX@kunta.example.org",
        "7KQ2M@kunta.example",
        "7KQ2MX9@kunta.example",
        "O0I1L8@kunta.example",
        "kokous-7KQ2MX@kunta.example",
    ],
)
def test_a_name_of_somebody_elses_is_not(uid: str) -> None:
    assert not is_own(uid, "kunta.example")
