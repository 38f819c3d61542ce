"""The way in by a link, over real requests: what a browser gets, what it may send, and what nobody else learns."""

import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from livekit import api
from multidict import CIMultiDictProxy

from bot.actions.conference_door import DoorState
from bot.domain.language import Language, Text
from bot.text.conference_words import LINK_CANCELLED
from bot.text.join_words import CLOSED, EARLY, NO_SCRIPT, NOT_BUILT, UNKNOWN, WORDS, as_json
from bot.web import join
from bot.web.join_files import File, JoinFiles, built
from bot.web.join_request import BODY_LIMIT, COOKIE, language_of
from bot.web.media_tokens import MediaTokens
from tests.support.join_desk import Link, Served, serving

KEY, SECRET = "eahtaritest", "s" * 43
MEDIA = "wss://media.example.fi/livekit/sfu"
SOURCE = Path(__file__).parents[2] / "join-page" / "src"
FILES = JoinFiles(
    "app-ONE.js",
    "page-TWO.css",
    {
        "app-ONE.js": File(b"export {};" * 100, b"packed", "text/javascript"),
        "page-TWO.css": File(b"body{}", b"packed", "text/css"),
    },
)
BODY = {"name": "Kuntalainen", "language": "fi", "take_over": False}


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(FILES, MediaTokens(KEY, SECRET), MEDIA) as here:
        yield here


@dataclass(frozen=True)
class Answered:
    status: int
    headers: CIMultiDictProxy[str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def cookie(self) -> str:
        return self.headers.get("Set-Cookie", "")

    @property
    def visitor(self) -> str:
        return SimpleCookie(self.cookie)[COOKIE].value


async def get(address: str, **headers: str) -> Answered:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession(headers=given) as session, session.get(address) as answer:
        return Answered(answer.status, answer.headers, await answer.text())


async def post(served: Served, link: Link, what: str, body: object = None, visitor: str = "", **more: Any) -> Answered:
    """As the page does it; `more` are headers, and None leaves one out."""
    raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    headers = {"Origin": served.url, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    headers = {name: value for name, value in headers.items() if value is not None}
    if visitor:
        headers["Cookie"] = f"{COOKIE}={visitor}"
    address = f"{served.address(link)}/{what}"
    async with aiohttp.ClientSession() as session, session.post(address, data=raw, headers=headers) as answer:
        return Answered(answer.status, answer.headers, await answer.text())


def boot(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def policy(answer: Answered) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in rules}


async def test_an_open_link_shows_the_page_with_all_its_words(served: Served) -> None:
    link = served.desk.add(Link(name="Tulkki"))
    answer = await get(served.address(link))
    known = boot(answer.text)
    assert answer.status == 200
    assert known["words"] == as_json()
    assert known["title"] == {"fi": "Rakennusluvat", "sv": "Bygglov", "en": "Building permits"}
    assert (known["language"], known["name"], known["waits"]) == ("fi", "Tulkki", True)
    assert all(NO_SCRIPT.in_(each).split("'")[0] in answer.text for each in Language)


async def test_the_page_may_ask_its_own_site_and_the_media_and_nobody_else(served: Served) -> None:
    answer = await get(served.address(served.desk.add(Link())))
    rules = policy(answer)
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == ["'self'"]
    assert rules["connect-src"] == ["'self'", "wss://media.example.fi", "https://media.example.fi"]
    assert rules["frame-ancestors"] == rules["form-action"] == rules["base-uri"] == ["'none'"]
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts == [
        '<script type="module" src="/join/app-ONE.js">',
        '<script type="application/json" id="boot">',
    ], "a data block is no script, and nothing else stands in the page"
    assert "style=" not in answer.text
    assert "<style" not in answer.text


async def test_the_links_address_is_kept_and_passed_on_by_nobody(served: Served) -> None:
    link = served.desk.add(Link())
    for answer in (await get(served.address(link)), await get(f"{served.url}/k/{'x' * 43}")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers
    page = await get(served.address(link))
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert link.token not in page.text


async def test_words_of_others_can_not_break_out_of_the_page(served: Served) -> None:
    link = served.desk.add(Link(name='</script><script src="https://evil.example">&<!--'))
    answer = await get(served.address(link))
    assert "evil.example" in boot(answer.text)["name"]
    assert answer.text.count("</script>") == 2
    assert "<!--" not in answer.text


@pytest.mark.parametrize(
    ("state", "status", "text"),
    [
        (DoorState.CLOSED, 410, CLOSED),
        (DoorState.CANCELLED, 410, LINK_CANCELLED),
        (DoorState.TOO_EARLY, 200, EARLY),
    ],
)
async def test_a_door_that_is_not_open_says_why_in_three_languages(
    served: Served, state: DoorState, status: int, text: Text
) -> None:
    answer = await get(served.address(served.desk.add(Link(state=state))))
    assert answer.status == status
    assert all(text.in_(each) in answer.text for each in Language)
    assert "<script" not in answer.text
    assert ("15.00" in answer.text) == (state is DoorState.TOO_EARLY)


async def test_no_link_of_anybodys_looks_like_any_other(served: Served) -> None:
    names = ("x", "A" * 43, "A" * 4000, "%00", "%F0%9F%92%A9" * 9, "a%2Fb")
    answers = [await get(f"{served.url}/k/{name}") for name in names]
    assert {(a.status, a.text) for a in answers} == {(404, answers[0].text)}
    assert all(UNKNOWN.in_(each) in answers[0].text for each in Language)


async def test_a_page_that_is_not_built_says_so_to_the_operator() -> None:
    async with serving(None, MediaTokens(KEY, SECRET), MEDIA) as served:
        answer = await get(served.address(served.desk.add(Link())))
    assert answer.status == 503
    assert NOT_BUILT.fi in answer.text
    assert "make join-page" in answer.text


async def test_the_pages_files_are_kept_for_good_and_nothing_else_is_there(served: Served) -> None:
    plain = await get(f"{served.url}/join/app-ONE.js", Accept_Encoding="identity")
    assert (plain.status, plain.text) == (200, "export {};" * 100)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"].startswith("text/javascript")
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("manifest.json", "licences.txt", "..%2Fpackage.json", "app-ONE.js.map"):
        assert (await get(f"{served.url}/join/{name}")).status in {403, 404}


def test_only_a_whole_build_is_taken(tmp_path: Path) -> None:
    assert built(tmp_path) is None
    manifest = {"script": "a.js", "style": "a.css", "files": ["a.js", "a.css"]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert built(tmp_path) is None, "its files are missing"
    (tmp_path / "a.js").write_text("1")
    (tmp_path / "a.css").write_text("")
    found = built(tmp_path)
    assert found is not None
    assert found.files["a.js"].plain == b"1"
    wrong: object
    for wrong in ({**manifest, "files": ["a.js"]}, {**manifest, "files": ["../a.js", "a.css"]}, [], {}):
        (tmp_path / "manifest.json").write_text(json.dumps(wrong))
        assert built(tmp_path) is None


@pytest.mark.parametrize(
    ("of_link", "accepted", "shown"),
    [
        (Language.FI, "", Language.FI),
        (Language.FI, "sv-FI,sv;q=0.9,en;q=0.5", Language.SV),
        (Language.FI, "en-US,en;q=0.9,sv;q=0.8", Language.FI),
        (Language.FI, ";;;,=", Language.FI),
        (Language.EN, "sv", Language.EN),
        (Language.SV, "fi-FI", Language.SV),
    ],
)
def test_the_first_language_is_the_links_or_a_swedish_browsers(
    of_link: Language, accepted: str, shown: Language
) -> None:
    assert language_of(of_link, accepted) is shown


async def test_whoever_waits_is_known_by_a_cookie_of_this_link_alone(served: Served) -> None:
    link = served.desk.add(Link())
    came = await post(served, link, "enter", BODY)
    assert came.json == {"state": "waiting"}
    assert f"Path=/k/{link.token};" in f"{came.cookie};"
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in came.cookie.split(";")}
    assert len(came.visitor) == 43
    again = await post(served, link, "enter", BODY, came.visitor)
    assert again.visitor == came.visitor
    assert [(name, language) for _, name, language in link.entered] == [("Kuntalainen", Language.FI)] * 2
    assert (await post(served, link, "status", visitor=came.visitor)).json == {"state": "waiting"}


async def test_behind_a_proxy_with_https_the_cookie_never_goes_in_the_clear() -> None:
    public = "https://kunta.example.fi"
    async with serving(FILES, MediaTokens(KEY, SECRET), MEDIA, public) as served:
        came = await post(served, served.desk.add(Link()), "enter", BODY, Origin=public)
    assert "Secure" in {part.strip() for part in came.cookie.split(";")}


async def test_who_is_let_in_gets_a_media_token_for_this_conference_of_ten_minutes_at_most(served: Served) -> None:
    link = served.desk.add(Link(room="H-of-the-room"))
    visitor = (await post(served, link, "enter", BODY)).visitor
    link.let_in = True
    answers = [await post(served, link, what, visitor=visitor) for what in ("status", "token")]
    for answer in answers:
        assert (answer.json["state"], answer.json["name"]) == ("let", "Kuntalainen")
        media = answer.json["media"]
        assert (media["url"], media["lasts_s"]) == (MEDIA, 600)
        claims = api.TokenVerifier(KEY, SECRET).verify(media["token"])
        assert claims.video is not None
        assert (claims.video.room, claims.name, claims.attributes) == (
            "H-of-the-room",
            "Kuntalainen",
            {"role": "guest"},
        )
        assert claims.video.room_create is not True
    assert answers[0].headers["Cache-Control"] == "no-store"


async def test_a_media_token_ends_with_the_link(served: Served) -> None:
    link = served.desk.add(Link(let_in=True, until=served.now + timedelta(seconds=100)))
    answer = await post(served, link, "enter", BODY)
    assert answer.json["media"]["lasts_s"] == 100
    served.now += timedelta(seconds=100)
    assert (await post(served, link, "token", visitor=answer.visitor)).json["reason"]["fi"] == CLOSED.fi


async def test_a_second_browser_is_asked_before_it_takes_the_place(served: Served) -> None:
    link = served.desk.add(Link(let_in=True))
    first = await post(served, link, "enter", BODY)
    second = await post(served, link, "enter", BODY)
    assert second.json == {"state": "in_use"}
    taken = await post(served, link, "enter", {**BODY, "take_over": True}, second.visitor)
    assert taken.json["state"] == "let"
    assert (await post(served, link, "status", visitor=first.visitor)).json == {"state": "in_use"}


@pytest.mark.parametrize("value", ["true", 1, [True], None])
async def test_a_place_is_taken_over_by_a_plain_yes_only(served: Served, value: object) -> None:
    link = served.desk.add(Link(let_in=True))
    await post(served, link, "enter", BODY)
    assert (await post(served, link, "enter", {**BODY, "take_over": value})).json == {"state": "in_use"}


async def test_who_is_turned_away_hears_why_in_every_language(served: Served) -> None:
    reason = Text(fi="Ei nyt.", sv="Inte nu.", en="Not now.")
    answer = await post(served, served.desk.add(Link(refused=reason)), "enter", BODY)
    assert answer.json == {"state": "turned", "reason": {"fi": "Ei nyt.", "sv": "Inte nu.", "en": "Not now."}}
    assert not answer.cookie
    unknown = await post(served, Link(token="x"), "enter", BODY)
    assert unknown.json["reason"]["sv"] == UNKNOWN.sv


@pytest.mark.parametrize("has_word", [None, False, True])
async def test_who_is_in_hears_whether_the_chair_gave_the_word_back(served: Served, *, has_word: bool | None) -> None:
    link = served.desk.add(Link(let_in=True, has_word=has_word))
    visitor = (await post(served, link, "enter", BODY)).visitor
    assert (await post(served, link, "status", visitor=visitor)).json["has_word"] is has_word


async def test_a_raised_hand_is_told_once_a_minute_for_each_browser(served: Served) -> None:
    links = [served.desk.add(Link(let_in=True)) for _ in range(2)]
    visitors = [(await post(served, link, "enter", BODY)).visitor for link in links]
    for link, visitor in zip(links, visitors, strict=True):
        for _ in range(3):
            assert (await post(served, link, "hand", visitor=visitor)).json == {"state": "heard"}
    assert [link.hands for link in links] == [1, 1]
    served.now += timedelta(seconds=59)
    await post(served, links[0], "hand", visitor=visitors[0])
    assert links[0].hands == 1
    served.now += timedelta(seconds=1)
    await post(served, links[0], "hand", visitor=visitors[0])
    assert links[0].hands == 2


async def test_nobody_raises_anothers_hand(served: Served) -> None:
    link = served.desk.add(Link(let_in=True))
    visitor = (await post(served, link, "enter", BODY)).visitor
    await post(served, link, "hand")
    await post(served, link, "hand", visitor="x" * 43)
    assert (await post(served, link, "hand", visitor=visitor, Origin="https://example.org")).status == 403
    assert link.hands == 0


async def test_leaving_gives_the_place_back(served: Served) -> None:
    link = served.desk.add(Link(let_in=True))
    visitor = (await post(served, link, "enter", BODY)).visitor
    assert (await post(served, link, "leave")).json == {"state": "left"}
    assert link.holder == visitor, "somebody without the cookie can't make them leave"
    await post(served, link, "leave", visitor=visitor)
    assert link.holder is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://["},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize("what", ["enter", "status", "token", "hand", "leave"])
async def test_another_site_can_ask_nothing(served: Served, what: str, headers: dict[str, str | None]) -> None:
    link = served.desk.add(Link(let_in=True))
    visitor = (await post(served, link, "enter", BODY)).visitor
    answer = await post(served, link, what, BODY, visitor, **headers)
    assert (answer.status, answer.json) == (403, {"state": "refused"})
    assert link.holder == visitor
    assert not answer.cookie


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * BODY_LIMIT,
        b'{"name":' * (BODY_LIMIT // 8),
        json.dumps({**BODY, "more": "x" * BODY_LIMIT}).encode(),
        json.dumps({**BODY, "name": ""}).encode(),
        json.dumps({**BODY, "name": " \u200b\u202e \n"}).encode(),
        json.dumps({**BODY, "name": {"a": 1}}).encode(),
        json.dumps({**BODY, "language": "ru"}).encode(),
        json.dumps({**BODY, "language": ["fi"]}).encode(),
        json.dumps({"name": "Kuntalainen"}).encode(),
    ],
)
async def test_what_is_not_a_name_and_a_language_comes_to_nothing(served: Served, body: bytes) -> None:
    link = served.desk.add(Link())
    answer = await post(served, link, "enter", body)
    assert (answer.status, answer.json) == (400, {"state": "refused"})
    assert not link.entered


async def test_a_name_becomes_one_short_line(served: Served) -> None:
    link = served.desk.add(Link())
    hostile = " Kuntalainen\u202e\n\x07<b>\ud800 " + "x" * 200
    await post(served, link, "enter", {**BODY, "name": hostile})
    ((_, name, _),) = link.entered
    assert name.startswith("Kuntalainen <b> xxx")
    assert len(name) == 60


async def test_a_form_of_another_site_is_no_answer_of_the_page(served: Served) -> None:
    link = served.desk.add(Link())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert (await post(served, link, "enter", BODY, Content_Type=kind)).status == 400
    assert not link.entered


async def test_a_body_without_an_end_is_not_read_to_the_end(served: Served) -> None:
    link = served.desk.add(Link())

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b" " * 1000

    headers = {"Origin": served.url, "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(f"{served.address(link)}/enter", data=endless(), headers=headers) as answer:
                assert answer.status == 400
        except aiohttp.ClientConnectionError:
            pass  # the answer came before the body was sent, and the line was closed


@pytest.mark.parametrize("cookie", ["x", "x" * 42, "x" * 5000, "' OR 1=1", "ä" * 43])
async def test_a_cookie_that_is_none_of_ours_is_nobody(served: Served, cookie: str) -> None:
    link = served.desk.add(Link(let_in=True))
    answer = await post(served, link, "status", visitor=cookie)
    assert answer.json == {"state": "unknown"}
    came = await post(served, link, "enter", BODY, cookie)
    assert came.visitor != cookie


async def test_one_address_opens_so_many_pages_and_then_waits(served: Served) -> None:
    found = [(await get(f"{served.url}/k/{'x' * 43}")).status for _ in range(join.COMING.burst + 1)]
    assert (found[:-1], found[-1]) == ([404] * join.COMING.burst, 429)
    link = served.desk.add(Link(let_in=True))
    assert (await post(served, link, "enter", BODY)).json == {"state": "busy"}
    assert (await post(served, link, "status")).status == 200, "whoever waits already goes on asking"
    served.now += timedelta(minutes=1)
    assert (await post(served, link, "enter", BODY)).json["state"] == "let"


async def test_no_token_and_no_name_is_logged(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = served.desk.add(Link(let_in=True))
    await get(served.address(link))
    came = await post(served, link, "enter", BODY)
    await post(served, link, "enter", b"{" * 10_000)
    secrets = (link.token[:20], came.visitor[:20], came.json["media"]["token"][:40], "Kuntalainen")
    assert not any(secret in record.getMessage() for record in caplog.records for secret in secrets)


async def test_only_what_belongs_there_can_be_asked(served: Served) -> None:
    link = served.desk.add(Link())
    async with aiohttp.ClientSession() as session:
        for method, path in (("POST", ""), ("DELETE", ""), ("GET", "/enter"), ("PUT", "/enter"), ("GET", "/token")):
            async with session.request(method, served.address(link) + path) as answer:
                assert answer.status == 405, (method, path)


def test_every_word_of_the_pages_source_exists_and_none_is_left_over() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.js")))
    quoted = set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', sources))
    stems = {f"{before}*{after}" for before, after in re.findall(r"`([a-z_]*)\$\{[^}]*\}([a-z_]*)`", sources)}
    patterns = [re.compile(stem.replace("*", "[a-z_]+")) for stem in stems if stem != "*"]
    left_over = {word for word in WORDS if word not in quoted and not any(p.fullmatch(word) for p in patterns)}
    assert not left_over
    named = set(re.findall(r'(?:word|label): "([a-z_]+)"', sources))
    named |= set(re.findall(r'(?:announce|alertAbout|say|button|notice)\("([a-z_]+)"', sources))
    assert named - WORDS.keys() == set()
    assert len(named) > 50


def test_every_problem_of_a_device_has_its_help() -> None:
    problems = re.findall(r'"(refused|missing|busy|failed)"', (SOURCE / "devices.js").read_text(encoding="utf-8"))
    assert set(problems) == {"refused", "missing", "busy", "failed"}
    for problem in problems:
        assert f"help_camera_{problem}" in WORDS
        assert f"help_microphone_{problem}" in WORDS


def test_placeholders_are_the_same_in_every_language() -> None:
    for key, text in WORDS.items():
        found = {each: sorted(re.findall(r"\{\w+\}", text.in_(each))) for each in Language}
        assert found[Language.FI] == found[Language.SV] == found[Language.EN], key
