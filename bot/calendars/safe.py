"""Words made fit for a calendar: what a person wrote can end no line, hide nothing and turn no text around.

Leaves escaping and folding (RFC 5545, 3.1 and 3.3.11) to `icalendar`.
"""

import re
from urllib.parse import quote

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls (RFC 5545, 3.1)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates (UAX 9)
    "\u200b\u2060\ufeff\ufff9-\ufffb"  # invisible; \u200c and \u200d stay, which scripts and emoji need
    "\ud800-\udfff"  # lone surrogates have no UTF-8
    "\U000e0000-\U000e007f"  # tags: text that no reader shows
    "]"
)
_URI_SAFE = "%:/?#[]@!$&()*+,;=-._~'"
_LONGEST = 4000


def lines(text: str) -> str:
    """Text of several lines: line ends of every kind become line feeds, and the forbidden is left out."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text)).strip()[:_LONGEST]


def line(text: str) -> str:
    """Text of one line: any run of white space is one space."""
    return " ".join(lines(text).split())


def parameter(text: str) -> str:
    """One line without the signs that need quoting rules beyond RFC 5545, which few readers know (RFC 6868)."""
    return line(text).replace('"', "'").replace("^", "")


def uri(address: str) -> str:
    """An address in which whatever is no sign of a URI (RFC 3986, 2) is percent-encoded."""
    return quote(_FORBIDDEN.sub("", address).strip(), safe=_URI_SAFE)
