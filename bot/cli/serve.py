"""`eahtari serve`: the service's own process, as `eahtari up` starts it beside the homeserver."""

import argparse
import asyncio
import contextlib
import logging
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import Options, serve
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.state import StateFolder, StateFolderError
from bot.domain.allowance import Limits
from bot.worker import place_of

log = logging.getLogger(__name__)


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("serve", help="run the service alone (eahtari up does it for you)")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--element", type=Path)
    parser.add_argument("--homeserver", help="the homeserver's address, if not the port after --port")
    parser.add_argument("--clock-offset", type=float, default=0.0, help="seconds; a demonstration's state only")
    parser.add_argument("--no-limits", action="store_true", help="answer any number of messages (for measuring)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    configure_logging()
    try:
        asyncio.run(_until_told(_options(args)))
    except (ConfigurationError, StateFolderError) as error:
        print(error)
        return 2
    except Exception as fault:  # noqa: BLE001 - the process ends here; the kind and place are logged, never content
        log.error("stopped by %s: %s at %s", type(fault).__name__, _safe(fault), place_of(fault))  # noqa: TRY400 - no traceback
        return 1
    return 0


def _safe(fault: BaseException) -> str:
    """Messages of our own errors hold no personal data; those of others may."""
    if isinstance(fault, BaseExceptionGroup):
        return ", ".join(f"{type(e).__name__} at {place_of(e)}" for e in fault.exceptions)
    return str(fault) if type(fault).__module__.startswith("bot.") else ""


def _options(args: argparse.Namespace) -> Options:
    state = StateFolder.at(args.state)
    state.create()
    if args.clock_offset and not state.is_demo:
        raise StateFolderError("The clock can be moved in a demonstration's state only. Leave --clock-offset out.")
    return Options(
        state=state,
        configuration=read(args.config),
        port=args.port,
        element=args.element,
        homeserver_address=args.homeserver,
        offset=timedelta(seconds=args.clock_offset),
        limits=Limits(burst=10**6, per_minute=10**6) if args.no_limits else Limits(),
    )


async def _until_told(options: Options) -> None:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)  # type: ignore[union-attr]  # asyncio.run always runs a task
    with contextlib.suppress(asyncio.CancelledError):
        await serve(options)


def configure_logging() -> None:
    """Our own lines only: nio and others write ids and content into theirs."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.CRITICAL)
    logging.getLogger("bot").setLevel(logging.INFO)
