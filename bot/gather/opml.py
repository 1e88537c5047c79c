"""Lists of feeds as OPML (http://opml.org/spec2.opml), in and out; folders are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple

from lxml import etree

from bot.errors import UnreadableFile
from bot.gather.markup import one_line
from bot.gather.records import MAX_NAME, MAX_URL, Rejected, linkable

BETWEEN = " / "
"""Between the folders that a feed is in, the outermost first."""

_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_SCHEME = re.compile(r"feed:(?://)?", re.IGNORECASE)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Listed(NamedTuple):
    """A feed of a list: its address and title, its site, and the folders that it is in."""

    url: str
    title: str = ""
    site: str | None = None
    category: str = ""


def read_opml(data: bytes, *, about: str) -> Iterator[Listed | Rejected]:
    """The feeds of a list in its order, each address once; what is none of use with its line.

    Reads what is not well-formed as far as it can. Raises UnreadableFile where it is no OPML.
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
    """The attributes of an element, without what no XML holds; None where one is no text."""
    try:
        pairs = [(str(key), str(value)) for key, value in element.attrib.items()]
    except UnicodeDecodeError:  # a reference to half a character, which the parser lets by
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
    """Write a list of feeds, each within its folders; what ``read_opml`` reads back."""
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
    # Comments have a function for a tag.
    return str(element.tag).rpartition("}")[2].lower()
