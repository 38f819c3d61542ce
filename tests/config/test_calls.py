"""The section `[calls]`: what it means when it is absent, and what is wrong with it, in words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config.problems import ConfigurationError, Problem
from bot.config.reading import read
from bot.config.secret_files import read_secret_file
from bot.config.settings import CallEngine, Calls, Configuration, Turn

Reader = Callable[[str], Configuration]
Broken = Callable[[str, str], tuple[Problem, ...]]

LIVEKIT = """
[calls]
engine = "livekit"
address = "wss://puhelut.example/"
key = "APIahtari"
secret_file = "secrets/livekit.secret"
"""
OWN = """
[calls]
udp_ports = "30000-30999"
external_address = "198.51.100.7"
[calls.turn]
address = "turn.kunta.example"
tls_port = 5349
secret_file = "/etc/eahtari/turn.secret"
"""


def test_without_the_section_the_own_engine_answers_below_the_edge(town: str, read_text: Reader) -> None:
    calls = read_text(town).settings.calls
    assert calls == Calls()
    assert calls.engine is CallEngine.OWN
    assert calls.udp_ports == (20000, 20999)
    assert calls.signalling_address("https://asiointi.example") == "wss://asiointi.example/livekit/sfu"
    assert calls.signalling_address("http://localhost:8470/") == "ws://localhost:8470/livekit/sfu"


def test_a_livekit_of_ones_own_is_read_with_its_secret_beside_the_file(
    town: str, read_text: Reader, tmp_path: Path
) -> None:
    calls = read_text(town + LIVEKIT).settings.calls
    assert (calls.engine, calls.key) == (CallEngine.LIVEKIT, "APIahtari")
    assert calls.signalling_address("https://asiointi.example") == "wss://puhelut.example"
    assert calls.secret_file == tmp_path / "secrets" / "livekit.secret"


def test_the_own_engines_network_is_read(town: str, read_text: Reader) -> None:
    calls = read_text(town + OWN).settings.calls
    assert (calls.udp_ports, calls.external_address) == ((30000, 30999), "198.51.100.7")
    assert calls.turn == Turn("turn.kunta.example", Path("/etc/eahtari/turn.secret"), 3478, 5349)


ELSEWHERE = 'engine = "livekit"\naddress = "wss://a.example"\n'
CASES = [
    ("engine", 'engine = "jitsi"', "is not one of the choices", "'livekit'"),
    ("adress", 'adress = "wss://a.example"', "is not a known key", '"address"'),
    ("address", 'address = "puhelut.example"', "is not a signalling address", "wss://"),
    ("address", 'address = "https://puhelut.example"', "is not a signalling address", "wss://"),
    ("address", 'address = "wss://a.example/?token=x"', "is not a signalling address", "wss://"),
    ("address", 'address = "wss://a.example:99999"', "is not a signalling address", "wss://"),
    ("address", 'address = "ws://puhelut.example"', "is not encrypted", "wss"),
    ("address", 'engine = "livekit"\nkey = "abc"\nsecret_file = "x"', "is missing", "wss://"),
    ("key", ELSEWHERE + 'secret_file = "x"', "is missing", "Add key"),
    ("key", ELSEWHERE + 'key = "a b"\nsecret_file = "x"', "LiveKit key", "3 to 64"),
    ("secret_file", ELSEWHERE + 'key = "abc"', "is missing", "Add secret_file"),
    ("secret_file", ELSEWHERE + 'key = "abc"\nsecret_file = " "', "no file", "path"),
    ("key", 'key = "abc"', "not used by the own engine", "livekit"),
    ("secret_file", 'secret_file = "x"', "not used by the own engine", "livekit"),
    ("udp_ports", 'udp_ports = "20000"', "is not a range of ports", "20000-20999"),
    ("udp_ports", "udp_ports = 20000", "is not text", "quotation marks"),
    ("udp_ports", 'udp_ports = "20999-20000"', "no usable range", "lower one first"),
    ("udp_ports", 'udp_ports = "1000-2000"', "no usable range", "1024"),
    ("udp_ports", 'udp_ports = "20000-20003"', "no usable range", "at least 10"),
    ("external_address", 'external_address = "ahtari.example"', "is not an IP address", "in digits"),
    ("turn › secret_file", 'turn = { address = "turn.example" }', "is missing", "secret_file"),
    ("turn › address", 'turn = { address = "turn example", secret_file = "x" }', "is not a host", "turn."),
    ("turn › port", 'turn = { address = "a.example", secret_file = "x", port = 0 }', "out of range", "from 1 to 65535"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[2]}")
def test_a_mistake_is_told_with_key_and_remedy(town: str, read_text: Reader, case: tuple[str, str, str, str]) -> None:
    key, lines, what, remedy = case
    with pytest.raises(ConfigurationError) as caught:
        read_text(f"{town}\n[calls]\n{lines}\n")
    (problem,) = [one for one in caught.value.problems if one.key == f"calls › {key}"]
    assert what in problem.what
    assert remedy in problem.remedy


def test_the_examples_own_lines_are_sound_when_they_are_brought_to_life(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "examples" / "ahtari.toml").read_text(encoding="utf-8")
    head, mark, rest = text.partition("# [calls]")
    section, blank, tail = rest.partition("\n\n")
    alive = "\n".join(line.removeprefix("# ") for line in section.splitlines())
    path = tmp_path / "eahtari.toml"
    path.write_text(f"{head}{mark.removeprefix('# ')}{alive}{blank}{tail}", encoding="utf-8")
    assert read(path).settings.calls.turn is not None


def test_a_secret_is_one_long_word_in_a_closed_file(tmp_path: Path) -> None:
    path = tmp_path / "livekit.secret"
    path.write_text("x" * 40 + "\n", encoding="utf-8")
    path.chmod(0o600)
    assert read_secret_file(path) == "x" * 40


@pytest.mark.parametrize(
    ("content", "mode", "what"),
    [
        (None, 0, "can't be read"),
        (b"short", 0o600, "no usable secret"),
        (b"two words " * 10, 0o600, "no usable secret"),
        (b"x" * 5000, 0o600, "no usable secret"),
        (b"\xff" * 40, 0o600, "not UTF-8"),
        (b"x" * 40, 0o644, "can be read by everybody"),
    ],
)
def test_an_unusable_secret_file_is_told_without_its_content(
    tmp_path: Path, content: bytes | None, mode: int, what: str
) -> None:
    path = tmp_path / "livekit.secret"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(ConfigurationError, match=what) as caught:
        read_secret_file(path)
    assert "xxxx" not in str(caught.value)
