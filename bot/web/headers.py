"""Headers that guard a browser, and those that must not pass a proxy. Pure."""

import base64
import hashlib
from collections.abc import Iterable, Mapping

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

GUARDS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "eahtari",
}
"""On every answer, unless it says otherwise itself."""

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
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def element_policy(homeserver: str) -> str:
    """The policy for Element Web: its own files, its own homeserver, and nobody else.

    Its cryptography is WebAssembly, its themes are inline styles, decrypted media are blobs, and it frames
    its own pages for them.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            f"connect-src 'self' blob: {homeserver}",
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
