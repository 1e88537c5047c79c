"""Where the feeds of a site are: as its page announces them, and where they usually are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from bot.gather.charset import page_text
from bot.gather.markup import one_line
from bot.gather.records import MAX_NAME, MAX_URL, linkable

USUAL = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds", "/feed.json",
)  # fmt: skip
"""Paths at which sites have their feed, the commonest first."""

MOST = 8
"""Announced feeds that are worth a look; a site may announce one for each of its sections."""

_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/(?:x-)?(?:rss|atom)\b",
    re.IGNORECASE,
)
_JSON = "application/json"
_LOOKS = re.compile(r"(?:/|\b)(?:rss|feeds?|atom)(?:/|\.xml|\.json|\.rss|\b)|\.rss$", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|respon[sd]", re.IGNORECASE)


class Announced(NamedTuple):
    """A feed that a page names: its address, and what the page calls it."""

    url: str
    title: str = ""


def announced(data: bytes, *, url: str, charset: str | None = None) -> list[Announced]:
    """The feeds that a page announces, then those it links to; of comments last.

    Raises UnreadableFile where the page cannot be decoded; [] where it is no page.
    """
    text = page_text(data, charset, about=url)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), ensure_head_body=True)
    except (etree.ParserError, ValueError):
        return []
    base = _base(tree, url)
    found = [*_linked(tree, base), *_mentioned(tree, base, url)]
    found.sort(key=lambda one: bool(_COMMENTS.search(f"{one.url} {one.title}")))
    unique: dict[str, Announced] = {}
    for one in found:
        unique.setdefault(one.url, one)
    return list(unique.values())[:MOST]


def usual(url: str) -> list[str]:
    """Where the feed of a site may be that announces none."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    below = parts.path.rstrip("/")
    first = [f"{root}{below}{USUAL[0]}", f"{root}{below}{USUAL[1]}"] if below else []
    return [*first, *(root + path for path in USUAL)]


def _base(tree: HtmlElement, url: str) -> str:
    for element in tree.iter("base"):
        return _absolute(element.get("href"), url) or url
    return url


def _linked(tree: HtmlElement, base: str) -> Iterator[Announced]:
    for element in tree.iter("link"):
        kind = (element.get("type") or "").strip().lower()
        if "alternate" not in (element.get("rel") or "").lower().split():
            continue
        # WordPress announces its interface for programs as JSON, which is no feed.
        if _TYPES.match(kind) or (kind == _JSON and "feed" in (element.get("href") or "")):
            yield from _one(element, base, element.get("title"))


def _mentioned(tree: HtmlElement, base: str, url: str) -> Iterator[Announced]:
    site = _site(url)
    for element in tree.iter("a"):
        target = _absolute(element.get("href"), base)
        if target and _LOOKS.search(urlsplit(target).path) and _site(target) == site:
            yield from _one(element, base, element.text_content())


def _one(element: HtmlElement, base: str, title: str | None) -> Iterator[Announced]:
    found = _absolute(element.get("href"), base)
    if found is not None:
        yield Announced(found, one_line(title or "")[:MAX_NAME])


def _absolute(target: str | None, base: str) -> str | None:
    if not target:
        return None
    try:
        found = urljoin(base, target.strip()).partition("#")[0]
    except ValueError:
        return None
    return found if len(found) <= MAX_URL and linkable(found) else None


def _site(url: str) -> str:
    """The last two labels of a host: feeds are often on feeds.example.org."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
