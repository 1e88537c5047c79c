"""Find feeds: announced by a page, in their usual places, or in an OPML list.

Lists of feeds are read and written as OPML (http://opml.org/spec2.opml); folders are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from bot.errors import UnreadableFile
from bot.gather.decode import one_line, page_text
from bot.gather.records import MAX_NAME, MAX_URL, Rejected, linkable

USUAL = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds", "/feed.json",
)  # fmt: skip
"""Paths at which sites publish their feed, the most common first."""

MOST = 8
"""Announced feeds to check at most; a site may announce one for each of its sections."""

_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/(?:x-)?(?:rss|atom)\b",
    re.IGNORECASE,
)
_JSON = "application/json"
_LOOKS = re.compile(r"(?:/|\b)(?:rss|feeds?|atom)(?:/|\.xml|\.json|\.rss|\b)|\.rss$", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|respon[sd]", re.IGNORECASE)


class Announced(NamedTuple):
    """A feed named by a page: its address, and the page's title for it."""

    url: str
    title: str = ""


def announced(data: bytes, *, url: str, charset: str | None = None) -> list[Announced]:
    """Return the feeds that a page announces, then those it links to; comment feeds last.

    Raises UnreadableFile if the page cannot be decoded; returns [] if it is not a page.
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
    """Return likely feed addresses of a site that announces none."""
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
        # WordPress announces its API as JSON, which is not a feed.
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
    """Return the last two labels of a host: feeds are often on feeds.example.org."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


BETWEEN = " / "
"""Separator between the folders of a feed, outermost first."""

_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_SCHEME = re.compile(r"feed:(?://)?", re.IGNORECASE)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Listed(NamedTuple):
    """A feed in a list: its address and title, its site, and its folders."""

    url: str
    title: str = ""
    site: str | None = None
    category: str = ""


def read_opml(data: bytes, *, about: str) -> Iterator[Listed | Rejected]:
    """Yield the feeds of a list in order, each address once; rejects unusable ones with their line.

    Reads as much of a malformed list as possible. Raises UnreadableFile if it is not OPML.
    """
    if _ENTITY.search(data.replace(b"\x00", b"")):
        raise UnreadableFile("it declares entities, which no list of feeds needs", about=about)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile("it is no OPML: it is not XML", about=about) from error
    if root is None or _name(root) not in ("opml", "outline", "body"):
        raise UnreadableFile(
            "it is no OPML: such a file begins with <opml>; export one from your feed reader",
            about=about,
        )
    return _outlines(root, about)


def _outlines(root: etree._Element, about: str) -> Iterator[Listed | Rejected]:
    seen: set[str] = set()
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folders = waiting.pop()
        place = f"{about}:{element.sourceline}"
        said = _said(element)
        if said is None:
            yield Rejected(origin=place, reason="it holds half a character (a lone surrogate)")
            said = {}
        elif _name(element) == "outline" and ("xmlurl" in said or not len(element)):
            found = _listed(said, folders, place)
            if isinstance(found, Rejected) or found.url not in seen:
                yield found
            if isinstance(found, Listed):
                seen.add(found.url)
        elif _name(element) == "outline":
            folder = (said.get("text") or said.get("title") or "")[:MAX_NAME]
            folders = (*folders, folder.replace(BETWEEN, "/")) if folder else folders
        waiting.extend((child, folders) for child in reversed(element))


def _said(element: etree._Element) -> dict[str, str] | None:
    """Return the attributes of an element that XML allows; None if one is not text."""
    try:
        pairs = [(str(key), str(value)) for key, value in element.attrib.items()]
    except UnicodeDecodeError:  # half of a surrogate pair, which the parser lets through
        return None
    return {key.lower(): one_line(_UNFIT.sub("", value)) for key, value in pairs}


def _listed(said: dict[str, str], folders: tuple[str, ...], place: str) -> Listed | Rejected:
    url = _SCHEME.sub("", said.get("xmlurl", ""), count=1)
    if url and "://" not in url and "xmlurl" in said and said["xmlurl"].lower().startswith("feed:"):
        url = f"http://{url}"
    if not url:
        return Rejected(origin=place, reason="it has no xmlUrl, the address of a feed")
    if len(url) > MAX_URL or not linkable(url):
        return Rejected(
            origin=place, reason=f"its xmlUrl is {url[:80]!r}; a feed has an http or https link"
        )
    site = said.get("htmlurl")
    return Listed(
        url,
        (said.get("title") or said.get("text") or "")[:MAX_NAME],
        site if site and len(site) <= MAX_URL and linkable(site) else None,
        BETWEEN.join(folders) or said.get("category", "").split(",")[0].strip("/ ")[:MAX_NAME],
    )


def write_opml(feeds: Iterable[Listed], *, title: str, now: datetime) -> bytes:
    """Write a list of feeds, each in its folders; ``read_opml`` can read it back."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in feeds:
        path = tuple(filter(None, feed.category.split(BETWEEN)))
        for depth, name in enumerate(path):
            if path[: depth + 1] not in folders:
                made = etree.SubElement(folders[path[:depth]], "outline", text=_fit(name))
                folders[path[: depth + 1]] = made
        said = {"type": "rss", "text": _fit(feed.title or feed.url), "xmlUrl": _fit(feed.url)}
        if feed.site:
            said["htmlUrl"] = _fit(feed.site)
        etree.SubElement(folders[path], "outline", said)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _name(element: etree._Element) -> str:
    # The tag of a comment is a function.
    return str(element.tag).rpartition("}")[2].lower()
