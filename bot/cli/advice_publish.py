"""`eahtari advice publish`: trains the engine for the catalogue that the service keeps, and takes it into use.

A running service does the same by itself; this says how long it took, what is expected, and what is wrong with own
matters.
"""

import argparse
import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import Any

from bot.actions.advice import MODEL_OF, model_of
from bot.advice.client import EngineGone, EngineProcess
from bot.advice.published import Published, corpus_version
from bot.cli.running import CommandError, opened
from bot.config.state import StateFolder, StateFolderError
from bot.domain.catalogue import Catalogue
from bot.storage.database import NewerSchemaError


def add_parser(actions: "argparse._SubParsersAction[Any]") -> None:
    parser = actions.add_parser("publish", help="take the catalogue into use")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0, or 2 where it can't be done; what was in use before stays then."""
    try:
        state = StateFolder.at(args.state)
        with opened(state) as store:
            catalogue, revision = store.transact_now(lambda tx: (tx.catalogue.catalogue(), tx.catalogue.revision()))
            corpus = corpus_version(state.advice)
            published = asyncio.run(_publish(catalogue, state.advice))
            store.transact_now(lambda tx: tx.facts.set(MODEL_OF, model_of(revision, corpus)))
    except (CommandError, EngineGone, StateFolderError, NewerSchemaError) as error:
        print(error, file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"The service's file can't be used: {error}.", file=sys.stderr)
        return 2
    print(told(published))
    return 0


async def _publish(catalogue: Catalogue, folder: Path) -> Published:
    if not catalogue.entries:
        raise CommandError("The catalogue is empty: take entries in first with eahtari advice import.")
    engine = EngineProcess(folder)
    try:
        return await engine.publish(catalogue)
    finally:
        await engine.close()


def told(published: Published) -> str:
    return (
        f"{published.entries} entries are in use, after {published.seconds:.0f} s of training ({published.step}). "
        f"Expected on questions like the corpus': one answer to {published.single_share:.0%}, "
        f"{published.single_precision:.0%} of them right."
    )
