"""The join page's HTML and its headers, and the plain pages that a link shows when nobody can come in by it. Pure.

Leaves what the page does to its script (`join-page/`), which finds all it needs in the page itself.
"""

import json
from html import escape
from string import Template
from urllib.parse import urlsplit

from bot.actions.conference_door import Door
from bot.domain.language import Language, Text
from bot.text import join_words
from bot.web.front import STYLE
from bot.web.headers import page_policy
from bot.web.join_files import PREFIX, JoinFiles

_KEPT_BY_NOBODY = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""A link's address is a key: no cache, search engine or other site gets to know it."""

_DEVICES = (
    "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), screen-wake-lock=(self), "
    "autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=()"
)

_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/$prefix/$style">
<script type="module" src="/$prefix/$script"></script>
</head>
<body>
<a class="skip" id="skip" href="#main"></a>
<div id="page"></div>
<div id="polite" class="unseen" aria-live="polite"></div>
<div id="urgent" class="unseen" role="alert"></div>
<noscript>$without_script</noscript>
<script type="application/json" id="boot">$boot</script>
</body>
</html>
""")

_PLAIN = Template("""<!doctype html>
<html lang="fi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main>
<h1>$title</h1>
$sections
</main>
</body>
</html>
""")


def page(door: Door, language: Language, files: JoinFiles) -> str:
    """The page of an open door, which begins in `language`."""
    known = {
        "language": language.value,
        "title": join_words.spelled_out(door.title),
        "when": door.when,
        "name": door.name,
        "waits": door.waits,
        "words": join_words.as_json(),
    }
    return _PAGE.substitute(
        language=language.value,
        title=escape(door.title.in_(language)),
        prefix=PREFIX,
        style=files.style,
        script=files.script,
        without_script="".join(_paragraph(join_words.NO_SCRIPT, each) for each in Language),
        boot=_within_html(json.dumps(known, ensure_ascii=False)),
    )


def page_headers(media_url: str) -> dict[str, str]:
    """Own files and the address of the media, and nothing of anybody else's."""
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"connect-src 'self' {' '.join(_origins(media_url))}",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
    return {**_KEPT_BY_NOBODY, "Content-Security-Policy": "; ".join(policy), "Permissions-Policy": _DEVICES}


def plain_page(title: Text, text: Text, when: str | None = None) -> str:
    """A page of words in all three languages, Finnish first; it needs no file."""
    sections = "\n".join(_section(title, text, when, language) for language in Language)
    return _PLAIN.substitute(title=escape(title.fi), style=STYLE, sections=sections)


def plain_headers() -> dict[str, str]:
    return {**_KEPT_BY_NOBODY, "Content-Security-Policy": page_policy(STYLE)}


def _section(title: Text, text: Text, when: str | None, language: Language) -> str:
    heading = "" if language is Language.FI else f"<h2>{escape(title.in_(language))}</h2>\n"
    time = f"<p>{escape(join_words.WORDS['when'].in_(language))} {escape(when)}</p>\n" if when else ""
    return f'<section lang="{language.value}">\n{heading}{time}<p>{escape(text.in_(language))}</p>\n</section>'


def _paragraph(text: Text, language: Language) -> str:
    return f'<p lang="{language.value}">{escape(text.in_(language))}</p>'


def _within_html(document: str) -> str:
    """Without what could end or change a script element (HTML, "Restrictions for contents of script elements")."""
    return document.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _origins(media_url: str) -> tuple[str, str]:
    """For the web socket, and for the client's own look whether the server answers at all."""
    parts = urlsplit(media_url)
    is_safe = parts.scheme in {"wss", "https"}
    return f"{'wss' if is_safe else 'ws'}://{parts.netloc}", f"{'https' if is_safe else 'http'}://{parts.netloc}"
