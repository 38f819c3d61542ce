"""The two renderers of a reply tree: plain text for `body`, Matrix HTML for `formatted_body`.

Source of what HTML clients show: Matrix specification, client-server API, "m.room.message msgtypes".
Everything that is not a tag of ours is escaped here, and nowhere else.
"""

from html import escape

from bot.text.reply import Block, Bullets, Choices, Command, Heading, Inline, Link, Paragraph, Reply, Strong

_LINK_SCHEMES = frozenset({"http", "https", "matrix"})


def plain(reply: Reply) -> str:
    """Text that reads well where no HTML is shown, and aloud."""
    return "\n\n".join(_plain_block(block) for block in reply.blocks)


def html(reply: Reply) -> str:
    return "".join(_html_block(block) for block in reply.blocks)


def _plain_block(block: Block) -> str:
    match block:
        case Paragraph(parts):
            return _plain_inline(parts)
        case Heading(words):
            return words
        case Bullets(items):
            return "\n".join(f"• {_plain_inline(item)}" for item in items)
        case Choices(items, first):
            return "\n".join(f"{n}. {_plain_inline(item)}" for n, item in enumerate(items, start=first))


def _plain_inline(parts: tuple[Inline, ...]) -> str:
    return "".join(_plain_part(part) for part in parts)


def _plain_part(part: Inline) -> str:
    match part:
        case str():
            return part
        case Strong(words) | Command(words):
            return words
        case Link(address, words):
            return words if words == address else f"{words}: {address}"


def _html_block(block: Block) -> str:
    match block:
        case Paragraph(parts):
            return f"<p>{_html_inline(parts)}</p>"
        case Heading(words):
            return f"<h4>{_escape(words)}</h4>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li>{_html_inline(item)}</li>" for item in items) + "</ul>"
        case Choices(items, first):
            start = "" if first == 1 else f' start="{first}"'
            return f"<ol{start}>" + "".join(f"<li>{_html_inline(item)}</li>" for item in items) + "</ol>"


def _html_inline(parts: tuple[Inline, ...]) -> str:
    return "".join(_html_part(part) for part in parts)


def _html_part(part: Inline) -> str:
    match part:
        case str():
            return _escape(part)
        case Strong(words):
            return f"<strong>{_escape(words)}</strong>"
        case Command(words):
            return f"<code>{_escape(words)}</code>"
        case Link(address, words):
            if not _is_linkable(address):
                return _escape(_plain_part(part))
            return f'<a href="{escape(address)}">{_escape(words)}</a>'


def _is_linkable(address: str) -> bool:
    """A known scheme, and none of the blanks and controls that a URL can't hold (RFC 3986, section 2)."""
    scheme = address.partition(":")[0].lower()
    return scheme in _LINK_SCHEMES and address.isprintable() and " " not in address


def _escape(words: str) -> str:
    return escape(words, quote=True).replace("\n", "<br>")
