"""What the tests of `eahtari doctor` on calls look through, and how they look at what was found."""

from dataclasses import replace

from bot.cli.doctor_calls import CallPlace
from bot.cli.findings import Finding
from bot.cli.running import Running
from bot.cli.up import EXAMPLE
from bot.config.reading import read
from bot.config.settings import Calls, Web
from bot.config.state import StateFolder

UDP_PORTS = (18_300, 18_399)


def place(
    state: StateFolder, calls: Calls | None = None, *, port: int | None = None, public_url: str | None = None
) -> CallPlace:
    known = read(EXAMPLE)
    settings = replace(known.settings, calls=calls or Calls(udp_ports=UDP_PORTS), web=Web(public_url))
    return CallPlace(state, None if port is None else Running(port), replace(known, settings=settings))


def by_id(findings: list[Finding]) -> dict[str, Finding]:
    """Whatever is wrong comes with a remedy."""
    assert all(one.remedy for one in findings if one.status != "ok")
    assert len({one.id for one in findings}) == len(findings)
    return {one.id: one for one in findings}


def statuses(findings: list[Finding]) -> dict[str, str]:
    return {id: str(one.status) for id, one in by_id(findings).items()}
