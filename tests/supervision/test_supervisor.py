import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.supervision.errors import ChildFailedError
from bot.supervision.supervisor import RestartPolicy, Supervisor
from tests.supervision.conftest import MakeChild
from tests.support.processes import alive, until

STAYS = "import signal\nready()\nsignal.pause()"
IGNORES_SIGTERM = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nready()\nwhile True: signal.pause()"


def says_when_stopped(order: Path, name: str) -> str:
    return (
        "import signal, sys\n"
        f"def stop(*_):\n    open({str(order)!r}, 'a').write({name + chr(10)!r})\n    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\nready()\nwhile True: signal.pause()"
    )


async def test_children_stop_in_reverse_order(make_child: MakeChild, tmp_path: Path) -> None:
    order = tmp_path / "order"
    async with Supervisor(print) as supervisor:
        await supervisor.start(make_child("first", says_when_stopped(order, "first")))
        await supervisor.start(make_child("second", says_when_stopped(order, "second")))
    assert order.read_text().split() == ["second", "first"]


async def test_a_child_that_ignores_sigterm_is_killed_after_the_deadline(make_child: MakeChild) -> None:
    async with Supervisor(print) as supervisor:
        await supervisor.start(make_child("stubborn", IGNORES_SIGTERM, stop_limit=0.3))
        (pid,) = supervisor.pids().values()
    assert not alive(pid)


async def test_a_grandchild_ends_with_its_parents_group(make_child: MakeChild, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = (
        "import subprocess, signal\n"
        "child = subprocess.Popen(['sleep', '1000'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid))\nready()\nsignal.pause()"
    )
    async with Supervisor(print) as supervisor:
        await supervisor.start(make_child("parent", program))
    await until(lambda: not alive(int(pid_file.read_text())))


async def test_a_child_that_ends_while_starting_is_reported_with_its_last_words(
    make_child: MakeChild,
) -> None:
    child = make_child("broken", "raise SystemExit('the configuration is wrong')")
    async with Supervisor(print) as supervisor:
        with pytest.raises(ChildFailedError, match="Broken ended while starting") as failure:
            await supervisor.start(child)
    assert "the configuration is wrong" in str(failure.value)


async def test_a_child_that_is_never_ready_is_given_up_and_gone(make_child: MakeChild) -> None:
    async def never() -> bool:
        return False

    async with Supervisor(print) as supervisor:
        with pytest.raises(ChildFailedError, match="not ready within"):
            await supervisor.start(make_child("mute", STAYS, ready=never, start_limit=0.5))
        (pid,) = supervisor.pids().values()
        assert not alive(pid)


async def test_a_killed_child_is_started_again_and_the_others_live_on(make_child: MakeChild) -> None:
    told: list[str] = []
    policy = RestartPolicy(first_pause=0.01)
    async with Supervisor(told.append, policy) as supervisor:
        await supervisor.start(make_child("one", STAYS))
        await supervisor.start(make_child("other", STAYS))
        before = supervisor.pids()
        watching = asyncio.ensure_future(supervisor.watch())
        os.kill(before["one"], signal.SIGKILL)
        await until(lambda: len(told) == 2)
        after = supervisor.pids()
        assert after["one"] != before["one"]
        assert alive(after["one"])
        assert after["other"] == before["other"]
        watching.cancel()
    assert told[0] == "One ended (signal 9); starting it again in 0.01 s."


async def test_a_child_that_keeps_dying_ends_everything(make_child: MakeChild) -> None:
    policy = RestartPolicy(deaths=3, first_pause=0.01)
    async with Supervisor(lambda _: None, policy) as supervisor:
        await supervisor.start(make_child("sound", STAYS))
        await supervisor.start(make_child("sick", "import time\nready()\ntime.sleep(0.3)\nraise SystemExit(7)"))
        sound = supervisor.pids()["sound"]
        with pytest.raises(ChildFailedError, match="Sick ended 3 times within 60 s"):
            await supervisor.watch()
        assert alive(sound)
    assert not alive(sound)


async def test_the_second_signal_kills_at_once(make_child: MakeChild) -> None:
    async with Supervisor(print) as supervisor:
        await supervisor.start(make_child("stubborn", IGNORES_SIGTERM, stop_limit=60))
        stopping = asyncio.ensure_future(supervisor.stop())
        await asyncio.sleep(0)
        supervisor.kill()
        await asyncio.wait_for(stopping, 5)


async def test_a_stop_that_is_cut_short_leaves_nobody(make_child: MakeChild) -> None:
    supervisor = Supervisor(print)
    await supervisor.start(make_child("first", IGNORES_SIGTERM, stop_limit=60))
    await supervisor.start(make_child("second", IGNORES_SIGTERM, stop_limit=60))
    everyone = list(supervisor.pids().values())
    stopping = asyncio.ensure_future(supervisor.stop())
    await asyncio.sleep(0)
    assert supervisor.is_stopping
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    await until(lambda: not any(alive(pid) for pid in everyone))


def test_pauses_double_up_to_the_longest() -> None:
    policy = RestartPolicy(first_pause=0.5, longest_pause=8)
    assert [policy.pause(deaths) for deaths in range(1, 7)] == [0.5, 1, 2, 4, 8, 8]
