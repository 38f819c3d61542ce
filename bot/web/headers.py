"""Headers that guard a browser, and those that must not pass a proxy. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from multidict import CIMultiDict

_HOP_BY_HOP = frozenset(  # RFC 9110, 7.6.1, and what went before it
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_OURS_TO_SAY = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"})

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

GUARDS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), display-capture=(), geolocation=()",
    "Server": "eahtari",
}
"""On every answer, unless it says otherwise itself."""

CALL_PERMISSIONS = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
"""The Permissions-Policy of pages in which one talks: the join page, and Element with its call widget, which stands
on the same origin."""

CORS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
}
"""Matrix clients run on any origin (Client-Server API, "Web Browser Clients")."""


def passed_on(headers: Iterable[tuple[str, str]], *, without: frozenset[str] = frozenset()) -> CIMultiDict[str]:
    """The end-to-end headers: without the hop's own and those that `Connection` names."""
    kept = CIMultiDict(headers)
    named = {name.strip().lower() for value in kept.getall("Connection", []) for name in value.split(",")}
    dropped = _HOP_BY_HOP | named | without
    return CIMultiDict((name, value) for name, value in kept.items() if name.lower() not in dropped)


def from_client(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """A request's headers for the homeserver; what only the edge may claim is dropped."""
    return passed_on(headers, without=_OURS_TO_SAY | {"expect"})


def from_homeserver(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """An answer's headers for the client."""
    return passed_on(headers, without=frozenset({"server", "date"}))


def page_policy(style: str) -> str:
    """The content security policy of a page that is nothing but its own text and one style sheet."""
    return (
        f"default-src 'none'; style-src {_digest(style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def inline_scripts(html: str) -> tuple[str, ...]:
    """Sources of a content security policy for the scripts within a page, by their content (CSP Level 3, 2.3.1)."""
    return tuple(_digest(script) for script in _INLINE_SCRIPT.findall(html))


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def element_policy(homeserver: str, engines: Sequence[str] = (), scripts: Sequence[str] = ()) -> str:
    """The policy for Element Web: its own files, its own homeserver, the region's call engines, and nobody else.

    `scripts` are the digests of those that stand within the page itself (`inline_scripts`).

    Its cryptography is WebAssembly, its themes are inline styles, decrypted media are blobs, and it frames
    its own pages for them.
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self' 'wasm-unsafe-eval'", *scripts)),
            "style-src 'self' 'unsafe-inline'",
            " ".join(("connect-src 'self' blob:", homeserver, *engines)),
            f"img-src 'self' blob: data: {homeserver}",
            f"media-src 'self' blob: data: {homeserver}",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'self'",
        )
    )
