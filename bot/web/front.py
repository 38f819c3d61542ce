"""The page at `/` when no Element Web is served: what this is, and which address to type into a client.

Self-contained: no script, no picture, no request to anybody.
"""

from dataclasses import dataclass
from html import escape
from string import Template

from bot.domain.language import Language, Text
from bot.web.headers import page_policy

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --quiet: #4a525c; --paper: #fbfaf7; --line: #c9c5bb; --code: #efece4;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #ecebe6; --quiet: #b4bac2; --paper: #16191d; --line: #3b424a; --code: #23282e; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.125rem/1.6 system-ui, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 2rem; }
section { border-top: 1px solid var(--line); padding: 1.5rem 0; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
p, ol { margin: 0 0 1rem; }
li { margin: 0 0 .5rem; }
code { background: var(--code); padding: .1em .35em; border-radius: .25em; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
"""

POLICY = page_policy(STYLE)

_PAGE = Template("""<!doctype html>
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

_SECTION = Template("""<section lang="$language">
<h2>$what</h2>
<p>$about</p>
<ol>
<li>$client</li>
<li>$address: <code>$public_address</code></li>
<li>$write: <code>$service</code></li>
</ol>
<p class="quiet">$element: <code>eahtari up --element $folder</code></p>
</section>""")

_WORDS = {
    "what": Text(fi="Asiointi keskustellen", sv="Ärenden i en chatt", en="Services by chat"),
    "about": Text(
        fi="Tässä osoitteessa toimii kunnan asiointipalvelu. Sitä käytetään Matrix-sovelluksella, kuten Elementillä.",
        sv="På den här adressen finns kommunens service. Du använder den med en Matrix-app, till exempel Element.",
        en="The municipality's service runs at this address. You use it with a Matrix app, such as Element.",
    ),
    "client": Text(
        fi="Avaa Matrix-sovellus ja valitse kirjautuminen.",
        sv="Öppna en Matrix-app och välj inloggning.",
        en="Open a Matrix app and choose to sign in.",
    ),
    "address": Text(
        fi="Kirjoita kotipalvelimeksi",
        sv="Skriv som hemserver",
        en="As the homeserver, type",
    ),
    "write": Text(
        fi="Kirjauduttuasi aloita keskustelu tämän kanssa",
        sv="När du har loggat in, börja en chatt med",
        en="Once signed in, start a chat with",
    ),
    "element": Text(
        fi="Ylläpitäjälle: Element Web näkyy tässä osoitteessa, kun lataat ja purat sen julkaisun"
        " (github.com/element-hq/element-web/releases) ja käynnistät palvelun näin",
        sv="För administratören: Element Web visas på den här adressen när du har laddat ner och packat upp en utgåva"
        " (github.com/element-hq/element-web/releases) och startar tjänsten så här",
        en="For the operator: Element Web appears at this address once you have downloaded and unpacked a release"
        " (github.com/element-hq/element-web/releases) and start the service like this",
    ),
}
_FOLDER = Text(fi="KANSIO", sv="MAPP", en="FOLDER")


@dataclass(frozen=True, slots=True)
class Front:
    """What the page says of this municipality."""

    name: Text
    public_address: str
    service: str
    """The service account's Matrix id."""


def page(front: Front) -> str:
    """The page as HTML, in all three languages one after another, Finnish first."""
    title = escape(" · ".join(dict.fromkeys(front.name.in_(language) for language in Language)))
    sections = "\n".join(_section(front, language) for language in Language)
    return _PAGE.substitute(title=title, style=STYLE, sections=sections)


def _section(front: Front, language: Language) -> str:
    words = {key: escape(text.in_(language)) for key, text in _WORDS.items()}
    return _SECTION.substitute(
        words,
        language=language.value,
        public_address=escape(front.public_address),
        service=escape(front.service),
        folder=escape(_FOLDER.in_(language)),
    )
