"""Reads offers and answers of browsers. What can't be read is refused as a value, never raised.

Only what the engine uses is looked at. Lengths and counts are capped: the text comes from outside.
"""

import re
from collections.abc import Iterable, Iterator

from bot.calls.sdp.values import Codec, Description, Keys, Section

LONGEST = 200_000
"""Characters; 60 sections of a browser take about half of it."""
MOST_SECTIONS = 256
MOST_LINES = 400
"""Lines of one section."""
MOST_CANDIDATES = 64
KINDS = ("audio", "video", "application")
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_TOKEN = re.compile(r"[A-Za-z0-9_+/.:-]{1,256}")
_RTPMAP = re.compile(r"(\d{1,3}) ([\w.-]{1,32})/(\d{1,6})")
_EXTMAP = re.compile(r"(\d{1,3})(?:/\w+)? (\S{1,200})")
_FORMAT = re.compile(r"\d{1,3}")
_APT = re.compile(r"(\d{1,3}) .*?\bapt=(\d{1,3})")
_SSRC = re.compile(r"(\d{1,10})(?: |$)")
_FID = re.compile(r"FID (\d{1,10}) (\d{1,10})")
_RID = re.compile(r"([A-Za-z0-9_-]{1,16}) send\b")
_FINGERPRINT = re.compile(r"(sha-(?:256|384|512)) ([0-9A-Fa-f:]{40,200})")
_LARGEST = 0xFFFFFFFF


def read(text: str) -> Description | None:
    """The description, or None where it is none that a bundle can be made of."""
    if len(text) > LONGEST:
        return None
    head, *bodies = _parts(text)
    if not bodies or len(bodies) > MOST_SECTIONS or any(len(body) > MOST_LINES for body in bodies):
        return None
    keys = _keys(head, bodies)
    sections = tuple(_section(body, number) for number, body in enumerate(bodies))
    if keys is None or any(section is None for section in sections):
        return None
    known = tuple(section for section in sections if section is not None)
    if len({section.mid for section in known}) != len(known):
        return None
    return Description(known, keys, _candidates([head, *bodies]))


def _parts(text: str) -> list[list[str]]:
    """The session's lines, then those of each section."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("m="):
            parts.append([])
        parts[-1].append(line.strip())
    return parts


def _values(lines: Iterable[str], name: str) -> Iterator[str]:
    start = f"a={name}:"
    return (line[len(start) :] for line in lines if line.startswith(start))


def _first(parts: Iterable[list[str]], name: str) -> str:
    return next((value for part in parts for value in _values(part, name)), "")


def _keys(head: list[str], bodies: list[list[str]]) -> Keys | None:
    parts = [*(body for body in bodies if not _is_rejected(body)), head]
    ufrag, password, setup = (_first(parts, name) for name in ("ice-ufrag", "ice-pwd", "setup"))
    found = [match for part in parts for value in _values(part, "fingerprint") if (match := _FINGERPRINT.match(value))]
    if not (_TOKEN.fullmatch(ufrag) and _TOKEN.fullmatch(password) and found):
        return None
    fingerprints = tuple(dict.fromkeys((match[1], match[2].upper()) for match in found))
    return Keys(ufrag, password, fingerprints, setup if setup in ("active", "passive") else "actpass")


def _is_rejected(body: list[str]) -> bool:
    return body[0].split(" ")[1:2] == ["0"] and "a=bundle-only" not in body


def _section(body: list[str], number: int) -> Section | None:
    kind = body[0][2:].split(" ", 1)[0]
    mid = _first([body], "mid") or str(number)
    if kind not in KINDS or not _TOKEN.fullmatch(mid):
        return None
    port = _first([body], "sctp-port")
    return Section(
        kind=kind,
        mid=mid,
        direction=next((one for one in DIRECTIONS if f"a={one}" in body), "sendrecv"),
        rejected=_is_rejected(body),
        track_id=_first([body], "msid").partition(" ")[2][:256],
        rids=tuple(match[1] for value in _values(body, "rid") if (match := _RID.match(value)))[:3],
        codecs=_codecs(body),
        extensions={match[2]: int(match[1]) for value in _values(body, "extmap") if (match := _EXTMAP.match(value))},
        ssrcs=_ssrcs(body),
        repairs=_repairs(body),
        sctp_port=int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 5000,  # noqa: PLR2004 - digits of a port
    )


def _codecs(body: list[str]) -> tuple[Codec, ...]:
    """In the order of the `m=` line, which is the other side's preference."""
    repairs = {int(match[1]): int(match[2]) for value in _values(body, "fmtp") if (match := _APT.match(value))}
    maps = {int(match[1]): match for value in _values(body, "rtpmap") if (match := _RTPMAP.match(value))}
    order = [int(word) for word in body[0].split(" ")[3:] if _FORMAT.fullmatch(word)]
    return tuple(
        Codec(number, maps[number][2], int(maps[number][3]), repairs.get(number))
        for number in order
        if number in maps and number < 128  # noqa: PLR2004 - seven bits in the header
    )


def _ssrcs(body: list[str]) -> tuple[int, ...]:
    found = (int(match[1]) for value in _values(body, "ssrc") if (match := _SSRC.match(value)))
    return tuple(dict.fromkeys(ssrc for ssrc in found if ssrc <= _LARGEST))


def _repairs(body: list[str]) -> dict[int, int]:
    found = (match for value in _values(body, "ssrc-group") if (match := _FID.match(value)))
    return {int(match[2]): int(match[1]) for match in found}


def _candidates(parts: list[list[str]]) -> tuple[str, ...]:
    return tuple(value for part in parts for value in _values(part, "candidate"))[:MOST_CANDIDATES]
