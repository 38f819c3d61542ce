"""A reply is a tree of blocks; only the renderers in `bot.text.render` know what plain text or HTML is.

Leaves the words to those who build the tree. Strings inside are data: nothing in them is ever markup.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the message."""

    words: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type as it stands, such as `!varaa rakennuslupa`."""

    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address of ours and what stands for it. Only http, https and matrix addresses become links."""

    address: str
    words: str


Inline = str | Strong | Command | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    words: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Numbered choices; the number is what the person types or taps. `first` goes on from an earlier list."""

    items: tuple[tuple[Inline, ...], ...]
    first: int = 1


Block = Paragraph | Heading | Bullets | Choices


@dataclass(frozen=True, slots=True)
class Reply:
    """Blocks from top to bottom. Empty trees are never sent."""

    blocks: tuple[Block, ...]

    def __add__(self, other: "Reply") -> "Reply":
        return Reply(self.blocks + other.blocks)


def say(*parts: Inline) -> Reply:
    """A reply of one paragraph."""
    return Reply((Paragraph(parts),))


def heading(words: str) -> Reply:
    return Reply((Heading(words),))


def bullets(*items: tuple[Inline, ...] | Inline) -> Reply:
    return Reply((Bullets(tuple(i if isinstance(i, tuple) else (i,) for i in items)),))


def choices(*items: tuple[Inline, ...] | Inline, first: int = 1) -> Reply:
    return Reply((Choices(tuple(i if isinstance(i, tuple) else (i,) for i in items), first),))
