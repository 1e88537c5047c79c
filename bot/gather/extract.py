"""Extract the article from one page or PDF, or recognise what stands in its place.

trafilatura (https://github.com/adbar/trafilatura) finds the body of a page, without comments.
Title, author, dates, publisher and address come only from a page's machine-readable
metadata: schema.org JSON-LD (https://schema.org/Article), ``<meta>`` (Open Graph, Dublin Core, and
what news systems add) and ``<time>``. A date in running text may be any date. A date in the future
is ignored, and the next source is tried.

A PDF has the positions of letters but no paragraphs, so line lengths show where paragraphs end. A
PDF's creation date is not its publication date, so no date is taken from it.

The functions are pure and do not limit time or memory: call them through ``Pages``. Only its
processes load trafilatura.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import unescape
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pypdfium2
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html

from bot.errors import UnreadableFile
from bot.gather.boilerplate import PARAGRAPH, article_lines, is_short, wall_of
from bot.gather.decode import page_text, refuse_binary
from bot.gather.links import own_link
from bot.gather.records import MAX_TITLE, linkable, published
from bot.models import Extracted, Precision, Wall, WebPage

_UNSEEN = frozenset({"script", "style", "head", "title", "template", "svg"})
_LOOKED_AT = 200_000
"""Characters of a page that are searched for a wall."""

_DOUBTFUL = 120
"""Words of a text below which a second extraction may find more."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def extract(page: WebPage) -> Extracted:
    """Extract the article of a page or PDF; raises UnreadableFile."""
    about = page.url or "page"
    if page.body.startswith(MAGIC):
        return extract_pdf(page)
    refuse_binary(page.body[:512], about=about)
    tree = load_html(page_text(page.body, page.charset, about=about))
    if tree is None:
        raise UnreadableFile("it is no web page: there is nothing on it to read", about=about)
    said = metadata(tree, page.url, now=page.now)
    body = _body(tree, page.url, fast=True)
    wall = None
    if is_short(body):
        # trafilatura's second opinions double the time, and change nothing if the first result is
        # an article.
        if len(body.split()) < _DOUBTFUL:
            body = max(body, _body(tree, page.url, fast=False), key=len)
        wall = wall_of(said.titles, body, _seen(tree), free=said.free)
    text = "" if wall else PARAGRAPH.join(article_lines(body, said.titles))
    return _extracted(said, text, wall)


def _body(tree: HtmlElement, url: str | None, *, fast: bool) -> str:
    found = bare_extraction(tree, url=url, fast=fast, include_comments=False)
    text = found.text if isinstance(found, Document) else None
    return _UNSTORABLE.sub("", text or "")


def _extracted(said: Metadata, text: str, wall: Wall | None) -> Extracted:
    when, precision = said.published or (None, None)
    return Extracted(
        title=_UNSTORABLE.sub("", said.titles[0])[:MAX_TITLE] if said.titles else "",
        text=text,
        author=said.author,
        publisher=said.publisher,
        published=when,
        published_precision=precision,
        modified=said.modified,
        url=said.url,
        wall=wall,
    )


def _seen(tree: HtmlElement) -> str:
    """Return the words that a reader without scripts sees, up to a limit."""
    seen: list[str] = []
    length = 0
    for element in tree.iter():
        if element.tag not in _UNSEEN and element.text:
            seen.append(element.text)
            length += len(element.text)
        if element.tail:
            seen.append(element.tail)
            length += len(element.tail)
        if length > _LOOKED_AT:
            break
    return " ".join(" ".join(seen).split())


_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|\w*Review)\Z")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date",
    "publishdate", "publish_date", "pubdate", "publication_date", "date.release", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dc:date", "date",
    "originalpublicationdate", "displaydate", "citation_publication_date", "rnews:datepublished",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "rnews:datemodified",
)  # fmt: skip
_AUTHOR = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl",
    "dc.creator", "dcterms.creator", "citation_author",
)  # fmt: skip
_TITLE = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "headline")
_SITE = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher")

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_IN_URL = re.compile(
    r"/((?:19|20)\d\d)([/-]?)(\d\d|[a-z]{3})\2(\d\d)(?=[/-]|\d{0,6}[a-z.-]|\Z)"
    r"|-((?:19|20)\d\d)(\d\d)(\d\d)(?=/?\Z)"
)
_LOOSE = re.compile(r'"(headline|datePublished|dateModified)"\s*:\s*("(?:[^"\\]|\\.){1,300}")')
_SPLIT = re.compile(r"\s+(?:[|–—·•»:-]|::)\s+")
_BY = re.compile(r"^by\s+", re.IGNORECASE)
_MIDNIGHT = re.compile(r"([\d-]{10})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?\Z")
_ODD_ZONE = re.compile(r"([T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?) ?([+-]\d\d):?(\d\d)\Z")

_MOST_JSON = 2**20
_MOST_OBJECTS = 2_000
_MOST_NAME = 120

_When = tuple[datetime, Precision]
Said = Mapping[str, list[str]]


class Metadata(NamedTuple):
    """See ``Extracted``; ``titles`` are all titles of the page, the best one first.

    ``free`` is False if the page says that its article is for subscribers.
    """

    titles: tuple[str, ...]
    author: str | None
    publisher: str | None
    published: _When | None
    modified: datetime | None
    url: str | None
    free: bool


def metadata(tree: HtmlElement, url: str | None, *, now: datetime) -> Metadata:
    """Collect a page's metadata; ``url`` is where it was found, ``now`` limits its dates."""
    said = _said(tree)
    article, site = _structured(tree)
    when = _published(tree, said, article, url, now)
    changed = _first_date([*_texts(article.get("dateModified")), *_of(said, _MODIFIED)], now)
    publisher = _names(article.get("publisher")) or _names(site) or _of(said, _SITE)
    earlier = changed is not None and when is not None and changed[0] < when[0]
    return Metadata(
        titles=_titles(tree, said, article, publisher),
        author=_author([*_names(article.get("author")), *_of(said, _AUTHOR)]),
        publisher=next((name for name in publisher if _is_name(name)), None),
        published=when,
        modified=None if changed is None or earlier else changed[0],
        url=_canonical(tree, said, url),
        free=str(article.get("isAccessibleForFree", "")).lower() not in ("false", "no"),
    )


def _said(tree: HtmlElement) -> Said:
    """Return the contents of the ``<meta>`` elements, by name."""
    said: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            said.setdefault(name.lower(), []).append(content)
    return said


def _of(said: Said, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in said.get(name, ())]


def _structured(tree: HtmlElement) -> tuple[Mapping[str, object], object]:
    """Return the JSON-LD of the article, empty if there is none, and of its site."""
    article: Mapping[str, object] = {}
    site: object = None
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            value = json.loads(script.text[:_MOST_JSON], strict=False)
        except (ValueError, RecursionError):  # malformed, like much of the web
            value = _loosely(script.text[:_MOST_JSON])
        for number, one in enumerate(_objects(value)):
            if number > _MOST_OBJECTS:
                break
            kinds = _texts(one.get("@type"))
            if not article and any(map(_ARTICLE.match, kinds)):
                article = one
            if site is None and "WebSite" in kinds:
                site = one
    return article, site


def _loosely(text: str) -> dict[str, object]:
    """Extract what is readable from an article's invalid JSON-LD."""
    if not re.search(r'"@type"\s*:\s*"\w*Article"', text):
        return {}
    found: dict[str, object] = {"@type": "Article"}
    for name, value in _LOOSE.findall(text):
        try:
            found.setdefault(name, json.loads(value, strict=False))
        except ValueError:  # an invalid escape
            continue
    return found


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a JSON-LD value that may describe the page itself."""
    waiting = [value]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            yield one
            waiting += [one[key] for key in ("@graph", "mainEntity") if key in one]


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    # JSON has no HTML entities; many systems write them there anyway.
    return [
        " ".join(unescape(one).split()) for one in values if isinstance(one, str) and one.strip()
    ]


def _names(value: object) -> list[str]:
    """Return the names of people or organisations, given as text or as objects."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        found += _texts(one.get("name")) if isinstance(one, Mapping) else _texts(one)
    return found


def _is_name(text: str) -> bool:
    return len(text) <= _MOST_NAME and "://" not in text and not text.startswith(("@", "/"))


def _author(names: list[str]) -> str | None:
    """Return the authors as one text, each once, without *By*; at most three."""
    each = (part for name in names if _is_name(name) for part in name.split(", "))
    plain = dict.fromkeys(_BY.sub("", name).strip() for name in each)
    return ", ".join(list(filter(None, plain))[:3])[: 3 * _MOST_NAME] or None


def _published(
    tree: HtmlElement, said: Said, article: Mapping[str, object], url: str | None, now: datetime
) -> _When | None:
    """Return the publication date from JSON-LD, else from meta, ``<time>`` or the address."""
    strong = [*_texts(article.get("datePublished")), *_of(said, _PUBLISHED)]
    if found := _first_date(strong, now):
        return found
    times = [
        time.get("datetime") or ""
        for time in tree.iter("time")
        if "datepublished" in (time.get("itemprop") or "").lower()
        or time.get("pubdate") is not None
    ]
    # If a page has several times, the others belong to comments or other articles.
    every = {time.get("datetime") or "" for time in tree.iter("time")} - {""}
    if found := _first_date(times or (list(every) if len(every) == 1 else []), now):
        return found
    dated = _IN_URL.search(urlsplit(url or "").path)
    if dated is None:
        return None
    year, month, day = filter(None, (*dated.group(1, 3, 4), *dated.group(5, 6, 7)))
    number = f"{_MONTHS.index(month) + 1:02}" if month in _MONTHS else month
    return _first_date([f"{year}-{number}-{day}"], now)


def _first_date(texts: list[str], now: datetime) -> _When | None:
    for text in texts:
        midnight = _MIDNIGHT.match(text)
        try:
            # Exactly midnight means a day without a time.
            return published(midnight[1] if midnight else _ODD_ZONE.sub(r"\1\2:\3", text), now=now)
        except ValueError:  # not a date, or in the future: try the next source
            continue
    return None


def _titles(
    tree: HtmlElement, said: Said, article: Mapping[str, object], sites: list[str]
) -> tuple[str, ...]:
    """Return a page's titles: its headline, sharing title, ``<h1>`` and ``<title>``."""
    heads = [" ".join(h1.text_content().split()) for h1 in tree.iter("h1")]
    title = tree.find(".//title")
    whole = " ".join(title.text_content().split()) if title is not None else ""
    found = [*_texts(article.get("headline")), *_of(said, _TITLE)]
    found += heads[:1] if len(heads) == 1 else [head for head in heads if head and head in whole]
    found += [whole] if whole else []
    plain = (_without_site(one, sites) for one in found)
    return tuple(dict.fromkeys(filter(None, plain)))


def _without_site(title: str, sites: list[str]) -> str:
    """Remove the name of the site from a title, as in *A headline - The Site*."""
    parts = _SPLIT.split(title)
    known = {site.casefold() for site in sites}
    if len(parts) > 1 and parts[-1].casefold() in known:
        return title[: title.rindex(parts[-1])].rstrip(" |–—·•»:-")
    return title


def _canonical(tree: HtmlElement, said: Said, url: str | None) -> str | None:
    """Return a page's canonical address; None if it is on another site, or not a page."""
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for link in (*links, *said.get("og:url", ())):
        address = _absolute(url, link)
        if address is None:
            continue
        if url is None or own_link(url, address) == address:
            return address
    return None


def _absolute(url: str | None, link: str) -> str | None:
    """Resolve an http(s) address against the page's own; None if it is not one."""
    try:
        address = urljoin(url or "", link.strip())
    except ValueError:
        return None
    return address if linkable(address) else None


MAGIC = b"%PDF-"

_NUMBER = re.compile(r"\W*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_SOFT = "\x02\ufffe\xad"
_DIVIDED = re.compile(f"[{_SOFT}]")
"""PDFium's characters for a hyphen at the end of a line, and for that line end."""
_UNSTORABLE_IN_PDF = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BULLET = re.compile(r"[•‣▪●◦*–—-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_FULL_STOP = re.compile(r"""[.!?:;…]["'”’)\]]*\Z""")
_NO_TITLE = re.compile(
    r"\(?(?:untitled|unspecified|anonymous|document\d*|microsoft \w+ - .*"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|rtf))\)?",
    re.IGNORECASE,
)

_SHORT = 0.75
"""A line below this share of the text's width ends its paragraph, or is a heading."""

_EDGE = 3
"""Lines at the top and bottom of a page that may repeat on every page."""

_MOST_TITLE = 200


def extract_pdf(page: WebPage) -> Extracted:
    """Read the text of a PDF; raises UnreadableFile with the reason if it has none."""
    about = page.url or "pdf"
    try:
        document = pypdfium2.PdfDocument(page.body)
        sheets = [_lines(document, number) for number in range(len(document))]
        said = {
            key: _UNSTORABLE_IN_PDF.sub("", value).strip()
            for key, value in document.get_metadata_dict().items()
        }
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableFile(
            "it is a PDF with a password; save it without one"
            if locked
            else "it is a damaged PDF; open it, and save it or its text again",
            about=about,
        ) from error
    paragraphs = list(_paragraphs(_without_running(sheets)))
    if not paragraphs:
        raise UnreadableFile(
            "the PDF holds pictures and no text; give its text as a file", about=about
        )
    title = _title(said.get("Title", ""), paragraphs)
    text = PARAGRAPH.join(article_lines("\n".join(paragraphs), [title] if title else []))
    author = said.get("Author", "")
    return Extracted(
        title=title,
        text=text,
        author=author if author and not _NO_TITLE.fullmatch(author) else None,
    )


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[str]:
    """Return the lines of one page, in the PDF's order."""
    sheet = document[number]
    try:
        text = sheet.get_textpage().get_text_bounded()
    finally:
        sheet.close()
    lines = (" ".join(line.split()) for line in _DIVIDED.sub(r"\g<0>\n", str(text)).splitlines())
    return [line for line in lines if line]


def _without_running(sheets: Sequence[list[str]]) -> list[list[str]]:
    """Remove page numbers, and lines that most pages begin or end with."""
    shapes = [
        {_DIGITS.sub("#", line) for line in (*lines[:_EDGE], *lines[-_EDGE:])} for lines in sheets
    ]
    often = Counter(shape for one in shapes for shape in one)
    running = {shape for shape, times in often.items() if times > 1 and times > len(sheets) / 2}
    return [
        [
            line
            for place, line in enumerate(lines)
            if not _NUMBER.fullmatch(line)
            and not (
                min(place, len(lines) - 1 - place) < _EDGE and _DIGITS.sub("#", line) in running
            )
        ]
        for lines in sheets
    ]


def _paragraphs(sheets: Sequence[list[str]]) -> Iterator[str]:
    """Join lines into paragraphs, across page ends."""
    lines = [line for sheet in sheets for line in sheet]
    if not lines:
        return
    width = sorted(map(len, lines))[int(len(lines) * 0.8)]
    parts = [lines[0]]
    for before, line in pairwise(lines):
        if _ends(before, line, width):
            yield _joined(parts)
            parts = []
        parts.append(line)
    yield _joined(parts)


def _ends(before: str, line: str, width: int) -> bool:
    """Whether a paragraph ends between two lines."""
    if _BULLET.match(line):
        return True
    if len(before) >= _SHORT * width:
        return False
    # A short line ends a paragraph, or is a heading, unless its sentence continues.
    return bool(_FULL_STOP.search(before)) or not (line[0].islower() or before[-1] in ",-" + _SOFT)


def _joined(lines: Sequence[str]) -> str:
    """Join lines, and rejoin words divided at the end of a line."""
    text = lines[0]
    for line in lines[1:]:
        if text[-1] in _SOFT or (text[-1] == "-" and text[-2:-1].isalpha() and line[0].islower()):
            text = text[:-1] + line
        else:
            text += " " + line
    return _UNSTORABLE_IN_PDF.sub("", text)


def _title(said: str, paragraphs: Sequence[str]) -> str:
    """Return the PDF's own title, else its first line if that is not a sentence."""
    said = " ".join(said.split())
    if said and not _NO_TITLE.fullmatch(said):
        return said[:_MOST_TITLE]
    first = paragraphs[0]
    return (
        first
        if len(paragraphs) > 1 and len(first) <= _MOST_TITLE and not _FULL_STOP.search(first)
        else ""
    )
