"""The command `eahtari`: finds the subcommand and runs it. What each does is in `bot.cli`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = ("up", "serve", "demo", "doctor", "user", "config")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="eahtari", description="Remote service by chat that a municipality runs itself.")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"bot.cli.{name}").add_parser(subparsers)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
