"""The whole service and a client that refuses devices not signed by their owner."""

import re

import pytest

from tests.live.trial import Trial
from tests.node.driver import StrictClient

pytestmark = [pytest.mark.live, pytest.mark.node, pytest.mark.asyncio(loop_scope="session")]

NO_SHIELD = 0


async def test_an_encrypted_booking_is_confirmed_without_a_shield(town: Trial) -> None:
    account = await town.account()
    async with StrictClient(town.address) as client:
        await client.login(account.user_id[1:].partition(":")[0], account.password)
        room = await client.create_direct(town.service)
        await client.wait_member(room, town.service)
        line = f"!varaa rakennuslupa {town.when()}"
        said = await client.send(room, line)
        answer = await client.wait_message(room, town.service, contains="Varausnumero")
    number = re.search(r"Varausnumero: (\w{6})", answer.body or "")
    assert number is not None
    assert (answer.encrypted, answer.failure, answer.shield_colour) == (True, None, NO_SHIELD)
    town.traces.update({account.user_id, room, said, answer.event_id, line, number[1]})
