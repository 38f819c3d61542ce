"""A TOML file as plain values, with an error that says where it stops being TOML."""

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.config.problems import ConfigurationError, Problem

_PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def parse(path: Path) -> dict[str, Any]:
    """The document in a file. A `ConfigurationError` where it can't be read or isn't TOML 1.0."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refusal(
            path, "", f"can't be read ({error.strerror})", "Check the path and the right to read."
        ) from error
    except UnicodeDecodeError as error:
        raise _refusal(path, "", "is not UTF-8 text", "Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, str(error)) from error


def _syntax_error(path: Path, message: str) -> ConfigurationError:
    match = _PLACE.match(message)
    what = match["what"] if match else message
    place = f"line {match['line']}, column {match['column']}" if match and match["line"] else "end of the file"
    what = what[:1].lower() + what[1:]
    return _refusal(path, place, f"is not TOML: {what}", "Mend that place or the line before it.")


def _refusal(path: Path, key: str, what: str, remedy: str) -> ConfigurationError:
    return ConfigurationError([Problem(str(path), key, what, remedy)])
