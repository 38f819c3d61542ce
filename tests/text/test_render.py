import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.render import html, plain
from bot.text.reply import (
    Block,
    Bullets,
    Choices,
    Command,
    Heading,
    Inline,
    Link,
    Paragraph,
    Reply,
    Strong,
    bullets,
    choices,
    heading,
    say,
)

TAG = re.compile(
    r'</?(?:p|h4|ul|ol|li|strong|code|a)>|<br>|<ol start="\d+">|<a href="(?:https?|matrix):[^"<>]*">',
)
HOSTILE = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("<>&\"'\n"), max_size=30)
ADDRESSES = HOSTILE.map(lambda tail: f"https://kunta.example/{tail}") | st.sampled_from(
    [
        "javascript:alert(1)",
        "data:text/html,<b>",
        "mxc://x/y",
        "matrix:u/a:b",
        "JavaScript:1",
        " https://x",
        "http://[",
        "",
    ]
)
INLINES = HOSTILE | HOSTILE.map(Strong) | HOSTILE.map(Command) | st.builds(Link, ADDRESSES, HOSTILE)
ROWS: st.SearchStrategy[tuple[Inline, ...]] = st.lists(INLINES, max_size=4).map(tuple)
ITEMS = st.lists(ROWS, max_size=4).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    ROWS.map(Paragraph), HOSTILE.map(Heading), ITEMS.map(Bullets), st.builds(Choices, ITEMS, st.integers(1, 99))
)
REPLIES = st.lists(BLOCKS, max_size=5).map(lambda blocks: Reply(tuple(blocks)))


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"href", "start"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(REPLIES)
def test_no_tag_but_ours_and_every_one_closed(reply: Reply) -> None:
    rendered = html(reply)
    rest = TAG.sub("", rendered)
    assert "<" not in rest
    assert ">" not in rest
    balance = Balance()
    balance.feed(rendered)
    balance.close()
    assert balance.open == []


@given(HOSTILE)
def test_words_arrive_as_they_are(words: str) -> None:
    rendered = html(say(words)).removeprefix("<p>").removesuffix("</p>")
    assert rendered == "".join(html(say(letter)).removeprefix("<p>").removesuffix("</p>") for letter in words)
    assert plain(say(words)) == words


@pytest.mark.parametrize("address", ["http://x", 'https://x/?a=1&b="2"', "matrix:r/a:b", "HTTPS://X"])
def test_only_these_addresses_become_links(address: str) -> None:
    rendered = html(say(Link(address, "tästä")))
    found = re.fullmatch(r'<p><a href="([^"]*)">tästä</a></p>', rendered)
    assert found is not None
    assert unescape(found[1]) == address


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "mxc://s/m", "ftp://x", "//x", "x", "", "\x01javascript:x"]
)
def test_other_addresses_stay_words(address: str) -> None:
    assert "<a" not in html(say(Link(address, "tästä")))


def test_an_ordered_list_goes_on_where_it_says() -> None:
    assert html(choices("a", "b")) == "<ol><li>a</li><li>b</li></ol>"
    assert html(choices("a", "b", first=4)) == '<ol start="4"><li>a</li><li>b</li></ol>'
    assert plain(choices("a", "b", first=4)) == "4. a\n5. b"


def test_plain_text_reads_well() -> None:
    reply = heading("Ajat") + say("Kirjoita ", Command("!varaa"), ".") + bullets("yksi", ("kaksi ", Strong("2")))
    assert plain(reply) == "Ajat\n\nKirjoita !varaa.\n\n• yksi\n• kaksi 2"
    assert plain(say(Link("https://x", "ohje"))) == "ohje: https://x"
    assert plain(say(Link("https://x", "https://x"))) == "https://x"


def test_line_breaks_survive() -> None:
    assert html(say("a\nb")) == "<p>a<br>b</p>"
