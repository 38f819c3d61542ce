"""Who dies without a word is soon gone for the others."""

import pytest

from tests.calls.browsers.conference import CITIZEN, OFFICIAL, Conference
from tests.calls.browsers.stretch import both_meet

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_killed_browser_is_gone_for_the_others(held: Conference) -> None:
    other = await held.enter(OFFICIAL)
    doomed = await held.browser.driver.launch()
    victim = await held.enter(CITIZEN, browser=doomed)
    await both_meet(other, victim)
    held.present.remove(victim)
    await doomed.kill()
    await other.until(lambda now: victim.identity not in now.others, within=held.server.misses_within_s)
