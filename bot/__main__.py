"""The command `eahtari`: finds the subcommand and runs it. What each does is in `bot.cli`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = ("up", "serve", "demo", "doctor", "user", "config", "advice", "turn-config")


def parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of some commands; importing only the one that is run keeps the start short."""
    top = argparse.ArgumentParser(prog="eahtari", description="Remote service by chat that a municipality runs itself.")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND")
    for name in names:
        import_module(f"bot.cli.{name.replace('-', '_')}").add_parser(subparsers)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    args = parser(words[:1] if words[:1] and words[0] in COMMANDS else COMMANDS).parse_args(words)
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
