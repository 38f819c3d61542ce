"""`eahtari advice`: taking entries in, taking them into use, and measuring the answers."""

import argparse
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_MODULES = ("bot.cli.advice_import", "bot.cli.advice_imports", "bot.cli.advice_publish", "bot.cli.advice_eval")


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("advice", help="the catalogue that questions in chat are answered from")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name in _MODULES:
        if find_spec(name) is not None:
            import_module(name).add_parser(actions)
