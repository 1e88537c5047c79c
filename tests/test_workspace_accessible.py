"""The page can be used by keyboard, on a phone and with little sight: what axe named, and more.

Looks at the served HTML and CSS, without a browser; ``make tour`` has axe itself look at the
page, where axe-core is installed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from lxml import html

from tests.receiver import connected
from tests.slack import DIRECT, ROOM

STATIC = Path(__file__).parent.parent / "handlers" / "workspace" / "static"
CSS = (STATIC / "page.css").read_text(encoding="utf-8")
RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL))
SCHEMES = ("light", "dark")

PAGES = {
    "channel": f"/?channel={ROOM}",
    "direct": f"/?channel={DIRECT}",
    "home": f"/?channel={DIRECT}&tab=home",
}


@pytest_asyncio.fixture(params=PAGES.values(), ids=PAGES.keys())
async def page(request: pytest.FixtureRequest) -> AsyncIterator[html.HtmlElement]:
    """A page, with a message in its channel that has a payload and a menu."""
    async with connected() as (workspace, _), aiohttp.ClientSession() as session:
        await workspace.say(ROOM, "hello")
        async with session.get(workspace.url + request.param) as answer:
            yield html.document_fromstring(await answer.text())


def test_everything_that_takes_input_has_a_label(page: html.HtmlElement) -> None:
    labelled = {label.get("for") for label in page.iter("label")}
    for field in page.iter("input", "select", "textarea"):
        if field.get("type") == "hidden":
            continue
        wrapped = any(one.tag == "label" for one in field.iterancestors())
        named = field.get("aria-label") or field.get("id") in labelled
        assert named or wrapped, html.tostring(field)


def test_every_button_and_link_says_something(page: html.HtmlElement) -> None:
    for one in page.iter("button", "a", "summary"):
        assert one.get("aria-label") or one.text_content().strip(), html.tostring(one)
    for one in page.iter("img"):
        assert one.get("alt") is not None


def test_everything_is_in_a_landmark(page: html.HtmlElement) -> None:
    parts = {one.tag for one in page.find("body") if not isinstance(one, html.HtmlComment)}
    assert parts <= {"nav", "main", "aside", "dialog", "a"}
    loose = [one for one in page.find("body") if one.tag == "a"]
    assert [one.get("class") for one in loose] == ["skip"]
    names = [one.get("aria-label") for one in page.iter("nav", "aside")]
    assert all(names)
    assert len(set(names)) == len(names)
    assert len(list(page.iter("h1"))) == len(list(page.iter("main"))) == 1


def test_the_link_that_skips_leads_somewhere(page: html.HtmlElement) -> None:
    (skip,) = page.find_class("skip")
    target = page.get_element_by_id(skip.get("href").removeprefix("#"))
    assert target.tag == "textarea" or target.get("tabindex") == "-1"


def test_every_id_is_there_once(page: html.HtmlElement) -> None:
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)


# --- the style sheets -------------------------------------------------------------------


def hidden() -> list[str]:
    """The selectors of what is not displayed in some width."""
    return [selector for selector, body in RULES if re.search(r"display:\s*none", body)]


def test_labels_and_the_header_are_there_in_every_width() -> None:
    for selector in hidden():
        assert "label" not in selector
        assert not re.search(r"\.top(?![-\w])|h1", selector), selector
    clipped = [selector for selector, body in RULES if "clip-path: inset(50%)" in body]
    assert not any("h1" in selector for selector in clipped)


def test_what_is_hidden_from_the_eye_cannot_scroll_the_page() -> None:
    """Clipped parts are placed within their scrolling box, else they make the page longer."""
    (scroll,) = [body for selector, body in RULES if selector.strip() == ".scroll"]
    assert "position: relative" in scroll


def variables(scheme: str) -> dict[str, str]:
    found = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", CSS):
        if both := re.match(r"light-dark\((#\w+),\s*(#\w+)\)", value):
            found[name] = both[1 + SCHEMES.index(scheme)]
        elif value.startswith("#"):
            found[name] = value
    return found


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#5b6676", "#dde2e8") == pytest.approx(4.46, abs=0.01)
    assert contrast("#38a69f", "#1f3d3b") == pytest.approx(3.98, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_on_the_grounds_it_is_on(scheme: str) -> None:
    colours = variables(scheme)
    for ink in ("ink", "soft", "accent", "link", "danger"):
        for ground in ("ground", "tint"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["code"], colours["tint"]) >= 4.5
    assert contrast(colours["rail-ink"], colours["rail"]) >= 4.5


def said(body: str, what: str, colours: dict[str, str]) -> str | None:
    """The colour that a rule gives, as digits; None where it gives none, or one that is mixed."""
    found = re.search(rf"(?<![\w-]){what}:\s*(?:var\(--([\w-]+)\)|(#\w+))", body)
    if found is None:
        return None
    return found[2] or colours.get(found[1])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_in_every_rule_that_colours_both(scheme: str) -> None:
    colours = variables(scheme)
    looked_at: set[str] = set()
    for selector, body in RULES:
        text, ground = (said(body, what, colours) for what in ("color", "background"))
        if text and ground:
            looked_at |= {one.strip() for one in selector.split(",")}
            assert contrast(text, ground) >= 4.5, selector
    assert {".app", ".mention", ".button.primary", ".box button", ".notice .body"} <= looked_at
