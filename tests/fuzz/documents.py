"""Targets: feeds, pages, PDFs, files, lists of feeds and of actors, articles read."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import BaseModel

from bot.curation.lists import Form, rows
from bot.gather.decode import page_text, plain
from bot.gather.feeds import Listed, announced, read_feed, read_opml, words, write_opml
from bot.gather.fetch import CutShort, Damaged, TooLarge, Unpacker
from bot.gather.files import Defaults, drafts_of_file
from bot.gather.pages import Pending, _extract, page_draft
from bot.match.actors import ActorIndex
from bot.match.gazetteer import Gazetteer, load
from bot.models import WebPage
from bot.read.reading import read as read_article
from tests.fuzz import seeds
from tests.fuzz.running import Call, Target, plainly

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
HERE = "https://news.example.org/2026/03/27/talks"
CHARSETS = (None, "utf-8", "iso-8859-1", "utf-16", "windows-1251", "none such", "x\x00y", "idna")


def storable(found: Iterable[BaseModel]) -> None:
    """What is read can be stored: no NUL, no half of a surrogate pair."""
    for one in found:
        text = one.model_dump_json()  # raises where a text is not UTF-8
        assert "\\u0000" not in text.replace("\\\\", ""), text[:200]


def charset_for(data: bytes) -> str | None:
    """What the header of an answer says of it: one of several, by its length."""
    return CHARSETS[len(data) % len(CHARSETS)]


def feed(data: bytes) -> None:
    """Read a feed, as the process does that reads feeds."""
    found = read_feed(data, url="https://example.org/feed", charset=charset_for(data), now=NOW)
    storable([found])


def page(data: bytes) -> None:
    """Take a page or PDF apart, and make a draft of it."""
    found = WebPage(body=data, url=HERE, charset=charset_for(data), now=NOW)
    storable([page_draft(_extract(found), Pending(found, HERE))])


def feeds_of_page(data: bytes) -> None:
    """Look for the feeds that a page announces."""
    for one in announced(data, url=HERE, charset=charset_for(data)):
        one.url.encode()


def html(data: bytes) -> None:
    """Take the words out of a piece of HTML, as feeds carry them."""
    text = data.decode("utf-8", "surrogateescape" if len(data) % 2 else "replace")
    words(plain(text), len(text)).encode()


def file(name: str) -> Call:
    """Read a file of this name."""

    def call(data: bytes) -> None:
        found = drafts_of_file(io.BytesIO(data), name, name, "file:x", Defaults(), NOW)
        storable(one for one in found if isinstance(one, BaseModel))

    return call


def opml(data: bytes) -> None:
    """Read a list of feeds, and write it, and read that."""
    found = [one for one in read_opml(data, about="x.opml") if isinstance(one, Listed)]
    written = write_opml(found, title="Feeds", now=NOW)
    again = [one for one in read_opml(written, about="y.opml") if isinstance(one, Listed)]
    # Those of one folder come together, wherever they stood.
    assert sorted(one.url for one in again) == sorted(one.url for one in found)
    assert write_opml(again, title="Feeds", now=NOW) == written


def actors(form: Form) -> Call:
    """Read a list of actors."""

    def call(data: bytes) -> None:
        text = io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")
        for _ in rows(text, form, "x"):
            pass

    return call


def charset(data: bytes) -> None:
    """Decode a page whose header names the encoding in its first line."""
    named, _, body = data.partition(b"\n")
    page_text(body, named.decode("latin-1"), about="x").encode()


def unpacked(data: bytes) -> None:
    """Unpack a body whose header names the packing in its first line, piece by piece."""
    coding, _, body = data.partition(b"\n")
    unpacker = Unpacker(coding.decode("latin-1"), 100_000)
    for start in range(0, len(body), 700):
        unpacker.feed(body[start : start + 700])
    assert len(unpacker.whole()) <= 100_000


_GAZETTEER: list[Gazetteer] = []
_ACTORS: list[ActorIndex] = []


def gazetteer() -> Gazetteer:
    """The actors that come with Dragoman, loaded once a process."""
    if not _GAZETTEER:
        _GAZETTEER.append(load())
    return _GAZETTEER[0]


def known() -> ActorIndex:
    """The index over them."""
    if not _ACTORS:
        found = gazetteer()
        _ACTORS.append(ActorIndex(found.actors, found.tenures))
    return _ACTORS[0]


def article(data: bytes) -> None:
    """Read an article; every quote stands in it."""
    text = data.decode("utf-8", "replace").replace("\x00", " ")
    title, _, body = text.partition("\n")
    found = read_article(title, body, NOW, known(), "1")
    fields = {"title": title, "text": body}
    for fact in found.facts:
        for quote in fact.evidence:
            assert fields[quote.field][quote.start : quote.end] == quote.quote


_JSON = (seeds.JSON, seeds.JSON_LIST, seeds.JSONL)

TARGETS = (
    Target("feed", seeds.FEEDS, plainly(feed), seeds.FEED_WORDS, weight=12),
    Target("page", seeds.PAGES, plainly(page), seeds.HTML_WORDS, weight=2),
    Target("pdf", (seeds.PDF,), plainly(page), seeds.PDF_WORDS, weight=8),
    Target("feeds of a page", seeds.PAGES, plainly(feeds_of_page), seeds.HTML_WORDS, weight=10),
    Target("html", seeds.PAGES, plainly(html), seeds.HTML_WORDS, weight=14),
    Target("json", _JSON, plainly(file("x.json")), seeds.JSON_WORDS, weight=20),
    Target("jsonl", _JSON, plainly(file("x.jsonl")), seeds.JSON_WORDS, weight=14),
    Target("markdown", (seeds.MARKDOWN,), plainly(file("x.md")), seeds.YAML_WORDS, weight=14),
    Target("text", (*seeds.TEXTS, seeds.JSON), plainly(file("x.txt")), weight=10),
    Target(
        "gzip", tuple(gzip.compress(one, mtime=0) for one in _JSON), plainly(file("x.gz")), weight=8
    ),
    Target("opml", (seeds.OPML,), plainly(opml), seeds.OPML_WORDS, weight=14),
    Target("actors as csv", (seeds.CSV,), plainly(actors("csv")), weight=10),
    Target("actors as ftm", (seeds.FTM,), plainly(actors("ftm")), seeds.JSON_WORDS, weight=10),
    Target("charset", seeds.CHARSETS, plainly(charset), weight=12),
    Target(
        "packing", seeds.PACKED, plainly(unpacked), weight=10,
        may_raise=(TooLarge, Damaged, CutShort),
    ),
    Target("article", seeds.ARTICLES, plainly(article), seeds.ARTICLE_WORDS, weight=2),
)  # fmt: skip
