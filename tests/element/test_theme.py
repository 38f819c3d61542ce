import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.config.element import THEME, element_config
from bot.config.reading import read
from bot.config.settings import Settings

BASE = "http://localhost:20100"
AA = 4.5
"""WCAG 2.2, success criterion 1.4.3: contrast of text to its background."""


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read(Path(__file__).resolve().parents[2] / "examples" / "ahtari.toml").settings


@pytest.fixture
def config(settings: Settings) -> dict[str, Any]:
    return element_config(f"{BASE}/", settings)


def _themes() -> list[dict[str, Any]]:
    file = json.loads((THEME / "config.json").read_text(encoding="utf-8"))
    themes: list[dict[str, Any]] = file["setting_defaults"]["custom_themes"]
    return themes


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _pairs(theme: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Text and what it stands on, as colours."""
    colors, compound = theme["colors"], theme["compound"]
    for text in ("roomlist-text-color", "roomlist-text-secondary-color"):
        for ground in ("roomlist-background-color", "roomlist-highlights-color", "sidebar-color"):
            yield colors[text], colors[ground]
    timeline = ("timeline-background-color", "timeline-highlights-color")
    for text in ("timeline-text-color", "timeline-text-secondary-color", "primary-color", "warning-color", "links"):
        yield from ((colors[text], colors[ground]) for ground in timeline)
    yield from ((name, colors[ground]) for name in colors["username-colors"] for ground in timeline)
    yield "#ffffff", colors["accent-color"]
    for text in ("primary", "secondary", "action-accent", "link-external", "critical-primary"):
        yield compound[f"--cpd-color-text-{text}"], compound["--cpd-color-bg-canvas-default"]
    for ground in ("accent", "action-primary"):
        for state in ("rest", "hovered", "pressed"):
            yield compound["--cpd-color-text-on-solid-primary"], compound[f"--cpd-color-bg-{ground}-{state}"]


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", _themes(), ids=lambda theme: theme["name"])
def test_every_text_of_a_theme_is_readable_on_its_background(theme: dict[str, Any]) -> None:
    low = [(text, ground) for text, ground in _pairs(theme) if _contrast(text, ground) < AA]
    assert not low
    assert len(theme["colors"]["username-colors"]) == 8


def test_there_is_a_light_and_a_dark_theme_and_the_default_is_one_of_them(config: dict[str, Any]) -> None:
    assert sorted(theme["is_dark"] for theme in _themes()) == [False, True]
    assert config["default_theme"] in {f"custom-{theme['name']}" for theme in _themes()}


def test_the_homeserver_is_the_edge_itself(config: dict[str, Any]) -> None:
    assert config["default_server_config"] == {"m.homeserver": {"base_url": BASE, "server_name": "localhost"}}
    assert config["brand"] == "Ähtärin palvelu"
    assert config["jitsi"]["preferred_domain"] == "localhost:20100"


def test_people_neither_register_nor_choose_a_server_and_begin_in_finnish(config: dict[str, Any]) -> None:
    assert config["disable_guests"]
    assert config["disable_custom_urls"]
    assert config["setting_defaults"]["UIFeature.registration"] is False
    assert config["setting_defaults"]["language"] == "fi"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (found for part in value.values() for found in _strings(part))
    elif isinstance(value, list):
        yield from (found for part in value for found in _strings(part))


def test_no_address_but_the_edges_own_is_named(config: dict[str, Any]) -> None:
    addresses = [text for text in _strings(config) if "//" in text]
    assert addresses
    assert all(text.startswith(BASE) for text in addresses)
    assert "m.identity_server" not in config["default_server_config"]
    assert config["integrations_ui_url"] is config["integrations_rest_url"] is None
    assert not {"map_style_url", "posthog", "sentry", "bug_report_endpoint_url"} & set(config)
    assert config["setting_defaults"]["UIFeature.locationSharing"] is False


def test_every_file_that_the_configuration_names_is_there(config: dict[str, Any]) -> None:
    branding = config["branding"]
    names = [
        config["embedded_pages"]["welcome_url"],
        branding["welcome_background_url"],
        branding["auth_header_logo_url"],
    ]
    assert all((THEME / name).is_file() for name in names)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def welcome() -> str:
    return (THEME / "welcome.html").read_text(encoding="utf-8")


def test_the_welcome_page_asks_nothing_of_anybody_and_runs_no_script(welcome: str) -> None:
    page = _Page()
    page.feed(welcome)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "form"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert {attributes["href"] for tag, attributes in page.tags if tag == "a"} == {"#/login"}
    assert "url(" not in welcome
    assert "//" not in welcome


def test_the_welcome_page_speaks_three_languages_finnish_first_and_says_what_to_type(welcome: str) -> None:
    page = _Page()
    page.feed(welcome)
    languages = [attributes["lang"] for _, attributes in page.tags if "lang" in attributes]
    assert languages == ["fi", "sv", "en"]
    for word in ("!apua", "!varaa", "!hjälp", "!boka", "!help", "!book"):
        assert f"<code>{word}</code>" in welcome


def test_the_welcome_pages_own_colours_are_readable(welcome: str) -> None:
    rules = re.findall(r"\{([^{}]*)\}", welcome)
    both = [dict(re.findall(r"(?<![\w-])(background|color): (#[0-9a-f]{6})", rule)) for rule in rules]
    pairs = [(found["color"], found["background"]) for found in both if len(found) == 2]
    alone = [(found["color"], "#ffffff") for found in both if set(found) == {"color"}]
    assert len(pairs) >= 5
    assert alone
    assert [pair for pair in pairs + alone if _contrast(*pair) < AA] == []


@pytest.mark.parametrize("name", ["logo.svg", "background.svg"])
def test_pictures_are_drawings_without_scripts_or_references(name: str) -> None:
    drawing = (THEME / name).read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"<script|href|url\(|//", drawing)
