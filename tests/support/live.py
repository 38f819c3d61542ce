"""The homeserver that all live tests share, started once a session.

Its admin port lives on the session's event loop: tests that use it carry
`pytest.mark.asyncio(loop_scope="session")`. A test that stops or kills a homeserver starts one of its own.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.homeserver import TrialHomeserver


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def homeserver(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TrialHomeserver]:
    async with TrialHomeserver(tmp_path_factory.mktemp("homeserver") / "state") as running:
        yield running
