"""Find feeds, read lists of them, and read feeds leniently.

Feeds are announced by a page, are in their usual places, or are listed in OPML
(http://opml.org/spec2.opml), whose folders are kept. RSS, Atom, RDF and CDF are read by feedparser,
JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/) by our own reader. An invalid value is
left out, but its entry is kept. A date that is missing or in the future is unknown. The date of an
entry's last change is not its publication date.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from bot.errors import UnreadableFile
from bot.gather.boilerplate import CHALLENGE
from bot.gather.decode import one_line, page_text, plain, tidy
from bot.gather.records import (
    AHEAD,
    MAX_CHARS,
    MAX_ID,
    MAX_NAME,
    MAX_TITLE,
    MAX_URL,
    OLDEST_YEAR,
    Rejected,
    linkable,
)
from bot.gather.records import published as read_date
from bot.gather.workers import Apart
from bot.models import FeedEntry, FeedProblem, FeedRead, Precision

_HTML = ("text/html", "application/xhtml+xml")
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000}
_WEEK = 604_800
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]+")
_NO_DATE = re.compile(r"(?:\A|[A-Za-z]{3}[ -])00\d\d\b")
"""A year that some programs write for a missing date; two digits would mean 20xx."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_FOOTER = re.compile(r"\n\nThe post [^\n]{1,400} (?:appeared first on|first appeared on) [^\n]+\Z")
"""WordPress adds this below every text; it is not part of it."""

Raw = Mapping[str, Any]
Dated = tuple[datetime | None, Precision | None, bool]


def feed_of(parsed: Raw, url: str) -> FeedRead:
    """Return a feed's description of itself, without its entries."""
    feed: Raw = parsed["feed"]
    return FeedRead(
        kind=parsed.get("version") or "",
        title=words(detailed(feed, "title"), MAX_NAME),
        site=link(_get(feed, "link"), url),
        ttl=_ttl(feed),
    )


def entry_of(raw: Raw, parsed: Raw, url: str, now: datetime) -> tuple[FeedEntry, int]:
    """Return one entry, and how many of its dates are in the future."""
    published, precision, ahead = when(_get(raw, "published"), _get(raw, "published_parsed"), now)
    updated, how, later = when(_get(raw, "updated"), _get(raw, "updated_parsed"), now)
    if published is None:
        # Atom requires only the date of the last change, and RDF has a single date.
        published, precision = updated, how
        if not str(parsed.get("version") or "").startswith("atom"):
            updated = None
    source = _get(raw, "source")
    entry = FeedEntry(
        guid=identifier(_get(raw, "id")),
        link=_link_of(raw, url),
        title=words(detailed(raw, "title"), MAX_TITLE),
        text=_text(raw),
        author=short(_get(raw, "author")),
        published=published,
        published_precision=precision,
        updated=updated,
        publisher=short(_get(source, "title")) if isinstance(source, Mapping) else None,
    )
    return entry, ahead + later


def when(text: object, parsed: object, now: datetime) -> Dated:
    """Parse a date: return its earliest possible instant, its precision, and whether it is ahead.

    ``parsed`` is feedparser's result (a UTC ``struct_time``); feedparser knows more date formats
    than we do. A date more than a day ahead of ``now`` counts as missing, and so does the Unix
    epoch.
    """
    if not isinstance(text, str) or not text.strip() or _NO_DATE.search(text):
        return None, None, False
    line = one_line(text)
    found, precision = _read(line, parsed)
    if found is None or found.year < OLDEST_YEAR or found == _EPOCH:
        return None, None, False
    return (None, None, True) if found > now + AHEAD else (found, precision, False)


def _read(line: str, parsed: object) -> tuple[datetime | None, Precision | None]:
    try:
        return read_date(line, now=_NEVER)
    except ValueError:
        precision: Precision = "minute" if ":" in line else "day"
    try:
        if isinstance(parsed, tuple):
            year, month, day, hour, minute, second = parsed[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC), precision
        mail = parsedate_to_datetime(line)
        return (mail if mail.tzinfo else mail.replace(tzinfo=UTC)).astimezone(UTC), precision
    except (ValueError, OverflowError):
        return None, None


def detailed(raw: Raw, key: str) -> str:
    """Return a feedparser text as plain text; it is parsed as HTML only if marked or recognised."""
    detail = _get(raw, f"{key}_detail")
    if isinstance(detail, Mapping):
        return _plain(detail)
    value = _get(raw, key)
    return tidy(value) if isinstance(value, str) else ""


def _plain(detail: Raw) -> str:
    value, kind = detail.get("value"), str(detail.get("type") or "text/html").lower()
    if not isinstance(value, str):
        return ""
    if kind.startswith(_HTML):
        return plain(value)
    return tidy(value) if kind.startswith("text/") else ""


def _text(raw: Raw) -> str:
    """Return the longest text of an entry."""
    contents = _get(raw, "content")
    given = [one for one in contents if isinstance(one, Mapping)] if contents else []
    whole = max(map(_plain, given), key=len, default="")
    # If an entry has no summary, feedparser repeats the raw content there.
    summary = "" if given and not _get(raw, "summary_detail") else detailed(raw, "summary")
    text = whole if len(whole) >= len(summary) else summary
    return words(_FOOTER.sub("", text), MAX_CHARS)


def _link_of(raw: Raw, url: str) -> str | None:
    """Return the address of an entry; the one before a counting redirect, if given."""
    found = link(_get(raw, "feedburner_origlink"), url) or link(_get(raw, "link"), url)
    if found is None:
        alternates = (one for one in _get(raw, "links") or () if one.get("rel") == "alternate")
        found = next(filter(None, (link(one.get("href"), url) for one in alternates)), None)
    return found


def link(value: object, base: str) -> str | None:
    """Return an address that readers may open, made absolute; None if it is not valid."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        found = urljoin(base, _UNFIT.sub("", value.strip()))
    except ValueError:
        return None
    found = found.replace(" ", "%20")
    return found if len(found) <= MAX_URL and linkable(found) else None


def words(text: str, limit: int) -> str:
    """Drop characters that cannot be stored, and cut the text at the limit."""
    return _UNFIT.sub("", text)[:limit]


def short(value: object) -> str | None:
    """Return a name on one line; None if it is empty or too long."""
    name = one_line(plain(words(value, MAX_CHARS))) if isinstance(value, str) else ""
    return name if 0 < len(name) <= MAX_NAME else None


def identifier(value: object) -> str | None:
    """Return an id as written; None if it cannot be stored."""
    text = one_line(words(str(value), MAX_CHARS)) if isinstance(value, str | int | float) else ""
    return text if 0 < len(text) <= MAX_ID else None


def _ttl(feed: Raw) -> int | None:
    """Return the feed's requested interval between polls in seconds, a week at most."""
    minutes = str(_get(feed, "ttl") or "").strip()
    if minutes.isascii() and minutes.isdigit() and len(minutes) < 9:
        return min(int(minutes) * 60, _WEEK)
    period = _PERIODS.get(str(_get(feed, "sy_updateperiod") or "").strip().lower())
    times = str(_get(feed, "sy_updatefrequency") or "1").strip()
    if period is None or not (times.isascii() and times.isdigit() and 0 < len(times) < 6):
        return None
    return min(period // max(int(times), 1), _WEEK)


def _get(raw: Raw, key: str) -> Any:
    # Not raw.get: feedparser overrides it to substitute one date for another, with a warning.
    return dict.get(raw, key) if isinstance(raw, dict) else None


def read_json(data: bytes, *, url: str, now: datetime) -> FeedRead:
    """Read a JSON Feed; the result has no kind if it is not one."""
    try:
        feed = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return FeedRead()
    if not isinstance(feed, Mapping) or not isinstance(feed.get("items"), list):
        return FeedRead()
    if "jsonfeed.org/version/" not in str(feed.get("version")):
        return FeedRead()
    items = [item for item in feed["items"] if isinstance(item, Mapping)]
    made = [_entry(item, feed, url, now) for item in items]
    return FeedRead(
        kind="json",
        title=words(_string(feed, "title"), MAX_NAME),
        site=link(feed.get("home_page_url"), url),
        entries=tuple(entry for entry, _ in made),
        refused=sum(refused for _, refused in made),
        lost=len(feed["items"]) - len(items),
    )


def _entry(
    item: Mapping[str, Any], feed: Mapping[str, Any], url: str, now: datetime
) -> tuple[FeedEntry, int]:
    published, precision, ahead = when(item.get("date_published"), None, now)
    updated, how, later = when(item.get("date_modified"), None, now)
    if published is None:
        published, precision = updated, how
    content = plain(_string(item, "content_html")) or tidy(_string(item, "content_text"))
    entry = FeedEntry(
        guid=identifier(item.get("id")),
        link=link(item.get("url"), url) or link(item.get("external_url"), url),
        title=words(tidy(_string(item, "title")), MAX_TITLE),
        text=words(content or tidy(_string(item, "summary")), MAX_CHARS),
        author=_author(item) or _author(feed),
        published=published,
        published_precision=precision,
        updated=updated,
    )
    return entry, ahead + later


def _author(said: Mapping[str, Any]) -> str | None:
    several = said.get("authors")
    given = several if isinstance(several, list) else [said.get("author")]
    names = (short(one.get("name")) for one in given if isinstance(one, Mapping))
    return ", ".join(filter(None, names))[:MAX_NAME] or None


def _string(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""


SECONDS = 2.0
"""Processor time for one feed: enough for some eight megabytes of RSS."""

MEGABYTES = 100
"""How much reading a feed may grow the worker process."""

_SURPRISES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""Exceptions that feedparser raises on damaged input, found by fuzzing its own test feeds."""

_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]*)|([0-9]*));?")
_UNFIT_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]+")
_DECLARATION = re.compile(rb"\A<\?xml[^>]*>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00", b"\x4c\x6f\xa7\x94")
"""First bytes of a feed in UTF-16, UTF-32 or EBCDIC, which are not ASCII-compatible."""

_ENTRY = re.compile(rb"<(?:item|entry)[\s>/]")
_NEEDLESS = re.compile(rb"</?(?:georss|gml|geo|psc|cc|creativeCommons):[^>]*>", re.IGNORECASE)
"""Locations, licences and chapters: feedparser is strict about them, and we use none."""

_CAPTION = re.compile(
    rb"<media:(title|description|text)\b[^>]*(?<!/)>(?:[^<]|<(?!/?(?:item|entry|media:)))*</media:\1\s*>",
    re.IGNORECASE,
)
"""A picture's caption, which feedparser mistakes for the article's text; ..."""

_WORDS = re.compile(rb"<(?:description|summary|content|content:encoded)[\s>]", re.IGNORECASE)
"""... it is kept if a feed has no other text, as video feeds do."""

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_HEAD = 4096
_LONGEST_HEAD = 2**16


def feeds_apart(workers: int = 1) -> Apart:
    """Create the processes that read feeds; the caller must close them."""
    return Apart(seconds=SECONDS, megabytes=MEGABYTES, workers=workers)


def read_feed(data: bytes, *, url: str = "", charset: str | None = None, now: datetime) -> FeedRead:
    """Read a feed from its bytes, as served from ``url`` with this charset.

    Never raises on bad input, but may take long: call it through ``feeds_apart``. ``now`` is used
    to reject dates in the future.
    """
    if data.removeprefix(codecs.BOM_UTF8)[:_HEAD].lstrip()[:1] == b"{":
        read = read_json(data, url=url, now=now)
    else:
        read = _read_xml(data, url, charset, now)
    if not read.kind and not read.entries:
        return FeedRead(problem=_instead(data))
    return read.model_copy(update={"problem": _problem(read)})


def _instead(data: bytes) -> FeedProblem:
    """Return what the bytes are instead of a feed."""
    if not _PAGE.search(data[:_HEAD]):
        return "not_a_feed"
    return "challenge" if CHALLENGE.search(data[:_LONGEST_HEAD]) else "page"


def _problem(read: FeedRead) -> FeedProblem | None:
    if not read.entries:
        return "empty"
    return None if any(entry.published for entry in read.entries) else "undated"


def _read_xml(data: bytes, url: str, charset: str | None, now: datetime) -> FeedRead:
    data = _clean(data)
    headers = {"content-type": _content_type(data, charset), "content-location": url}
    parsed = _whole(data, headers)
    pieces = [parsed] if parsed is not None else list(_piecemeal(data, headers))
    found = [piece for piece in pieces if piece is not None]
    read = feed_of(found[0], url) if found else FeedRead()
    entries = [(raw, piece) for piece in found for raw in piece["entries"]]
    made = [entry_of(raw, whole, url, now) for raw, whole in entries]
    return read.model_copy(
        update={
            "entries": tuple(entry for entry, _ in made),
            "refused": sum(refused for _, refused in made),
            "lost": len(pieces) - len(found),
        }
    )


def _whole(data: bytes, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Parse the whole feed at once; None if something in it makes feedparser fail."""
    for careful in (False, True):
        try:
            return _parsed(_NEEDLESS.sub(b"", data) if careful else data, headers)
        except _SURPRISES:
            continue  # one odd element would cost every entry
    return None


def _parsed(data: bytes, headers: Mapping[str, str]) -> Mapping[str, Any]:
    # We turn its markup into plain text ourselves, in a quarter of the time of sanitising.
    parsed: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(data),
        response_headers=dict(headers),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return parsed


def _piecemeal(data: bytes, headers: Mapping[str, str]) -> Iterator[Mapping[str, Any] | None]:
    """Parse the feed once per entry, with that entry alone; None for an entry that fails."""
    starts = [found.start() for found in _ENTRY.finditer(data)]
    if not starts:
        return
    head = data[: starts[0]] if starts[0] < _LONGEST_HEAD else b"<rss><channel>"
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        try:
            yield _parsed(head + data[start:end], headers)
        except _SURPRISES:
            yield None


def _clean(data: bytes) -> bytes:
    """Remove what XML does not allow, and what makes feedparser fail."""
    if data.startswith(_WIDE):
        return data
    data = _UNFIT_BYTES.sub(b"", data.removeprefix(codecs.BOM_UTF8)).lstrip()
    data = _REFERENCE.sub(_fit, data)
    if _WORDS.search(data):
        data = _CAPTION.sub(b"", data)
    declared = _DECLARATION.match(data)
    if declared and (named := _ENCODING.search(declared[0])) and not _decodes(data, named[1]):
        data = data[declared.end() :]
    return data


def _fit(reference: re.Match[bytes]) -> bytes:
    """Keep a character reference if the character exists, else drop or escape it."""
    digits = reference[1] if reference[1] is not None else reference[2]
    if not digits or len(digits) > 8:
        return b"" if digits else reference[0].replace(b"&", b"&amp;")
    code = int(digits, 16 if reference[1] is not None else 10)
    fits = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return reference[0] if fits else b""


def _content_type(data: bytes, charset: str | None) -> str:
    """Return the content type for feedparser, with an encoding that the bytes confirm.

    Non-ASCII text that is valid UTF-8 is UTF-8, whatever server and feed declare. Otherwise the
    feed takes precedence over the server, whose charset is often just a default.
    """
    if data.startswith(_WIDE):
        return "application/xml"
    if not data.isascii() and _decodes(data, b"utf-8"):
        return "application/xml; charset=utf-8"
    if charset and not _DECLARATION.match(data) and _decodes(data, charset.encode()):
        return f"application/xml; charset={charset}"
    return "application/xml"


def _decodes(data: bytes, encoding: bytes) -> bool:
    try:
        data.decode(encoding.decode("ascii"))
    except (UnicodeDecodeError, LookupError, ValueError):
        return False
    return True


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
        return _absolute_link(element.get("href"), url) or url
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
        target = _absolute_link(element.get("href"), base)
        if target and _LOOKS.search(urlsplit(target).path) and _site(target) == site:
            yield from _one(element, base, element.text_content())


def _one(element: HtmlElement, base: str, title: str | None) -> Iterator[Announced]:
    found = _absolute_link(element.get("href"), base)
    if found is not None:
        yield Announced(found, one_line(title or "")[:MAX_NAME])


def _absolute_link(target: str | None, base: str) -> str | None:
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
_UNFIT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
    return {key.lower(): one_line(_UNFIT_XML.sub("", value)) for key, value in pairs}


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
                made = etree.SubElement(folders[path[:depth]], "outline", text=_fit_for_xml(name))
                folders[path[: depth + 1]] = made
        said = {
            "type": "rss",
            "text": _fit_for_xml(feed.title or feed.url),
            "xmlUrl": _fit_for_xml(feed.url),
        }
        if feed.site:
            said["htmlUrl"] = _fit_for_xml(feed.site)
        etree.SubElement(folders[path], "outline", said)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def _fit_for_xml(text: str) -> str:
    return _UNFIT_XML.sub("", text)


def _name(element: etree._Element) -> str:
    # The tag of a comment is a function.
    return str(element.tag).rpartition("}")[2].lower()
