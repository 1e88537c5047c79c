"""What a web page says about its article: title, author, dates, publisher, image, address.

Only what is said for machines is believed: schema.org JSON-LD (https://schema.org/Article),
``<meta>`` (Open Graph, Dublin Core, and what news systems add to them) and ``<time>``. A date
in running text may be any date. A date that is in the future, or none, is as good as not
there, and the next place is looked at; in the end it is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from bot.gather.canonical import own_link
from bot.gather.dates import published
from bot.gather.records import linkable
from bot.models import Precision

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
_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")

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
    """See ``Extracted``; ``titles`` are all that the page calls itself, the best one first.

    ``free`` is False where the page says that its article is for those who pay.
    """

    titles: tuple[str, ...]
    author: str | None
    publisher: str | None
    published: _When | None
    modified: datetime | None
    url: str | None
    image: str | None
    free: bool


def metadata(tree: HtmlElement, url: str | None, *, now: datetime) -> Metadata:
    """Collect what a page says; ``url`` is where it was found, ``now`` bounds its dates."""
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
        image=_image(said, article, url),
        free=str(article.get("isAccessibleForFree", "")).lower() not in ("false", "no"),
    )


def _said(tree: HtmlElement) -> Said:
    """What the ``<meta>`` elements say, by name."""
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
    """The JSON-LD of the article, empty where there is none, and of the site that it is on."""
    article: Mapping[str, object] = {}
    site: object = None
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            value = json.loads(script.text[:_MOST_JSON], strict=False)
        except (ValueError, RecursionError):  # as malformed as much of the web
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
    """What can be picked out of the JSON-LD of an article that is not JSON."""
    if not re.search(r'"@type"\s*:\s*"\w*Article"', text):
        return {}
    found: dict[str, object] = {"@type": "Article"}
    for name, value in _LOOSE.findall(text):
        try:
            found.setdefault(name, json.loads(value, strict=False))
        except ValueError:  # an escape that is none
            continue
    return found


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    """The objects of a JSON-LD value that may be the page's own, not those they mention."""
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
    # JSON has no entities; many systems write them there all the same.
    return [
        " ".join(unescape(one).split()) for one in values if isinstance(one, str) and one.strip()
    ]


def _names(value: object) -> list[str]:
    """The names of people or organisations, given as text or as objects."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        found += _texts(one.get("name")) if isinstance(one, Mapping) else _texts(one)
    return found


def _is_name(text: str) -> bool:
    return len(text) <= _MOST_NAME and "://" not in text and not text.startswith(("@", "/"))


def _author(names: list[str]) -> str | None:
    """The authors as one text, each once, without *By*; at most three are named."""
    each = (part for name in names if _is_name(name) for part in name.split(", "))
    plain = dict.fromkeys(_BY.sub("", name).strip() for name in each)
    return ", ".join(list(filter(None, plain))[:3])[: 3 * _MOST_NAME] or None


def _published(
    tree: HtmlElement, said: Said, article: Mapping[str, object], url: str | None, now: datetime
) -> _When | None:
    """When it was published: by JSON-LD, else by meta, ``<time>``, or its address."""
    strong = [*_texts(article.get("datePublished")), *_of(said, _PUBLISHED)]
    if found := _first_date(strong, now):
        return found
    times = [
        time.get("datetime") or ""
        for time in tree.iter("time")
        if "datepublished" in (time.get("itemprop") or "").lower()
        or time.get("pubdate") is not None
    ]
    # Of a page with several times the others are those of comments, or of other articles.
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
            # What is said to have appeared at midnight sharp has a day and no time.
            return published(midnight[1] if midnight else _ODD_ZONE.sub(r"\1\2:\3", text), now=now)
        except ValueError:  # none, or in the future: the next place may know better
            continue
    return None


def _titles(
    tree: HtmlElement, said: Said, article: Mapping[str, object], sites: list[str]
) -> tuple[str, ...]:
    """What the page calls itself: its headline, what it is shared as, its ``<h1>``, ``<title>``."""
    heads = [" ".join(h1.text_content().split()) for h1 in tree.iter("h1")]
    title = tree.find(".//title")
    whole = " ".join(title.text_content().split()) if title is not None else ""
    found = [*_texts(article.get("headline")), *_of(said, _TITLE)]
    found += heads[:1] if len(heads) == 1 else [head for head in heads if head and head in whole]
    found += [whole] if whole else []
    plain = (_without_site(one, sites) for one in found)
    return tuple(dict.fromkeys(filter(None, plain)))


def _without_site(title: str, sites: list[str]) -> str:
    """The title without the name of its site, as in *A headline - The Site*."""
    parts = _SPLIT.split(title)
    known = {site.casefold() for site in sites}
    if len(parts) > 1 and parts[-1].casefold() in known:
        return title[: title.rindex(parts[-1])].rstrip(" |–—·•»:-")
    return title


def _canonical(tree: HtmlElement, said: Said, url: str | None) -> str | None:
    """The address that a page calls its own; None where that is on another site, or no page."""
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


def _image(said: Said, article: Mapping[str, object], url: str | None) -> str | None:
    value = article.get("image")
    first = value[0] if isinstance(value, list) and value else value
    named = _texts(first.get("url")) if isinstance(first, Mapping) else _texts(first)
    found = (_absolute(url, one) for one in [*_of(said, _IMAGE), *named])
    return next(filter(None, found), None)


def _absolute(url: str | None, link: str) -> str | None:
    """An http(s) address, resolved against where the page was found; None if it is none."""
    try:
        address = urljoin(url or "", link.strip())
    except ValueError:
        return None
    return address if linkable(address) else None
