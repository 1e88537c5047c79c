"""Feeds of every kind and in every state: each entry arrives, and nothing is made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.gather.feeds import feeds_apart, read_feed
from bot.gather.workers import Apart
from bot.models import FeedEntry, FeedRead

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
URL = "https://news.example.org/feed.xml"
ITEM = "<item><title>{0}</title><link>https://news.example.org/{0}</link></item>"


def rss(body: str, *, head: str = "<?xml version='1.0'?>", channel: str = "") -> bytes:
    return (
        f"{head}<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        " xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
        " xmlns:media='http://search.yahoo.com/mrss/'"
        " xmlns:georss='http://www.georss.org/georss'"
        f" xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Example News</title>"
        f"<link>https://news.example.org</link>{channel}{body}</channel></rss>"
    ).encode()


def atom(body: str) -> bytes:
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>Example News</title>"
        f"<link href='https://news.example.org/'/>{body}</feed>"
    ).encode()


def read(data: bytes, **more: str) -> FeedRead:
    return read_feed(data, url=URL, now=NOW, **more)


def one(data: bytes, **more: str) -> FeedEntry:
    (entry,) = read(data, **more).entries
    return entry


RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel rdf:about="x"><title>Example News</title></channel>
 <item rdf:about="https://news.example.org/1"><title>One</title>
 <link>https://news.example.org/1</link><dc:date>2026-03-20T10:00:00Z</dc:date></item></rdf:RDF>"""
CDF = b"""<CHANNEL HREF="https://news.example.org/" LASTMOD="2026-03-20T10:00">
 <TITLE>Example News</TITLE><ITEM HREF="https://news.example.org/1" LASTMOD="2026-03-20T10:00">
 <TITLE>One</TITLE></ITEM></CHANNEL>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Example News",
    "home_page_url": "https://news.example.org",
    "language": "en-GB",
    "items": [
        {
            "id": 1,
            "url": "/1",
            "title": "One",
            "content_html": "<p>First.</p><p>Second.</p>",
            "summary": "Short.",
            "date_published": "2026-03-20T10:00:00Z",
            "date_modified": "2026-03-21T10:00:00Z",
            "authors": [{"name": "A. Writer"}, {"name": "B. Writer"}],
        }
    ],
}


@pytest.mark.parametrize(
    ("data", "kind", "dated"),
    [
        (rss(ITEM.format("1") + "<pubDate/>"), "rss20", False),
        (rss(ITEM.format("1").replace("</item>", "<pubDate>Fri, 20 Mar 2026 10:00:00 GMT</pubDate></item>")), "rss20", True),
        (atom("<entry><title>1</title><link href='/1'/><published>2026-03-20T10:00:00Z</published></entry>"), "atom10", True),
        (RDF, "rss10", True),
        (CDF, "", True),
        (json.dumps(JSON).encode(), "json", True),
        (b"\xef\xbb\xbf \n" + json.dumps(JSON).encode(), "json", True),
    ],
)  # fmt: skip
def test_every_kind_of_feed(data: bytes, kind: str, dated: bool) -> None:
    found = read(data)
    assert (found.kind, found.title) == (kind, "Example News")
    (entry,) = found.entries
    assert entry.link == "https://news.example.org/1"
    assert entry.published == (datetime(2026, 3, 20, 10, tzinfo=UTC) if dated else None)
    assert found.problem == (None if dated else "undated")


def test_a_json_feed_is_read_whole() -> None:
    found = read(json.dumps(JSON).encode())
    entry = found.entries[0]
    assert (entry.guid, entry.text) == ("1", "First.\n\nSecond.")
    assert entry.author == "A. Writer, B. Writer"
    assert entry.updated == datetime(2026, 3, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "published", "precision", "refused"),
    [
        ("Fri, 20 Mar 2026 10:00:00 +0300", "2026-03-20T07:00", "minute", 0),
        ("20 Mar 2026 10:00:00 EST", "2026-03-20T15:00", "minute", 0),
        ("2026-03-20", "2026-03-20T00:00", "day", 0),
        ("2026-03", "2026-03-01T00:00", "month", 0),
        ("Friday, 20-Mar-26 10:00:00 GMT", "2026-03-20T10:00", "minute", 0),
        ("2026-03-29T08:00:00Z", "2026-03-29T08:00", "minute", 0),  # the far side of the date line
        ("2026-04-20T10:00:00Z", None, None, 1),
        ("Mon, 20 Apr 2037 10:00:00 GMT", None, None, 1),
        ("Fri, 01 Jan 0001 00:00:00 GMT", None, None, 0),
        ("yesterday", None, None, 0),
        ("0", None, None, 0),
        ("0001-01-01T00:00:00", None, None, 0),
        ("1970-01-01T00:00:00Z", None, None, 0),
        ("", None, None, 0),
    ],
)
def test_a_date_is_what_it_says_or_none(
    said: str, published: str | None, precision: str | None, refused: int
) -> None:
    found = read(rss(f"<item><title>x</title><pubDate>{said}</pubDate></item>"))
    entry = found.entries[0]
    when = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    assert (entry.published, entry.published_precision, found.refused) == (when, precision, refused)


def test_when_an_entry_was_changed_is_not_when_it_appeared() -> None:
    entry = one(atom("<entry><title>x</title><updated>2026-03-20T10:00:00Z</updated></entry>"))
    changed = datetime(2026, 3, 20, 10, tzinfo=UTC)
    assert (entry.published, entry.published_precision, entry.updated) == (
        changed,
        "minute",
        changed,
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<description>Plain &amp; short.</description>", "Plain & short."),
        ("<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>", "One.\n\nTwo."),
        ("<description>Short.</description><content:encoded><![CDATA[<p>Long and whole.</p>]]></content:encoded>", "Long and whole."),
        ("<description>This is the longer one.</description><content:encoded>Less.</content:encoded>", "This is the longer one."),
        ("<content:encoded><![CDATA[<p>Text.</p><p>The post <a href='x'>T</a> appeared first on <a href='y'>Z</a>.</p>]]></content:encoded>", "Text."),
        ("<content:encoded><![CDATA[<p>The post office closed.</p>]]></content:encoded>", "The post office closed."),
        ("<description>Short.</description><media:content url='x'><media:description>A long caption of a picture.</media:description></media:content>", "Short."),
        ("<media:text>A caption.</media:text><description>Short.</description><media:title/>", "Short."),
        ("<description>Short.</description><media:description>never closed", "Short."),
        ("<description>a<![CDATA[<script>alert(1)</script>]]>b</description>", "ab"),
    ],
)  # fmt: skip
def test_the_longest_text_is_taken_as_plain_words(body: str, text: str) -> None:
    entry = one(rss(f"<item><title>x</title>{body}</item>"))
    assert entry.text == text


def test_what_is_said_of_a_film_is_its_text() -> None:
    group = "<media:group><media:description>About it.</media:description></media:group>"
    entry = one(
        atom(f"<entry xmlns:media='http://search.yahoo.com/mrss/'><title>x</title>{group}</entry>")
    )
    assert entry.text == "About it."


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("<link>/a?b=1&amp;c=2</link>", "https://news.example.org/a?b=1&c=2"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>http://user:secret@news.example.org/</link>", None),
        ("<link>https://counter.example/1</link><feedburner:origLink>https://news.example.org/1</feedburner:origLink>", "https://news.example.org/1"),
        ("<guid>https://news.example.org/2</guid>", "https://news.example.org/2"),
        ("<guid isPermaLink='false'>https://news.example.org/2</guid>", None),
        ("<link>http://[broken/</link>", None),
    ],
)  # fmt: skip
def test_a_link_is_one_that_a_reader_may_follow(link: str, found: str | None) -> None:
    assert one(rss(f"<item><title>x</title>{link}</item>")).link == found


def test_whose_an_entry_is_where_the_feed_carries_others() -> None:
    entry = one(
        rss("<item><title>x</title><source url='https://b.example.org'>B News</source></item>")
    )
    assert entry.publisher == "B News"


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>30</ttl>", 1800),
        ("<ttl>99999999</ttl>", 604_800),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("", None),
    ],
)
def test_how_long_it_asks_to_be_left_alone(channel: str, seconds: int | None) -> None:
    assert read(rss(ITEM.format("1"), channel=channel)).ttl == seconds


TITLE = "<item><title>Größe und Maß</title></item>"


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (rss(TITLE), None),
        (rss(TITLE), "iso-8859-1"),  # the server says so of all it has
        (rss(TITLE, head="<?xml version='1.0' encoding='iso-8859-1'?>"), None),
        (rss(TITLE, head="<?xml version='1.0' encoding='iso-8859-1'?>").decode().encode("latin-1"), "utf-8"),
        (rss(TITLE, head="<?xml version='1.0' encoding='nonsense\x01'?>"), None),
        (rss(TITLE, head="").decode().encode("latin-1"), "iso-8859-1"),
        (rss(TITLE, head="").decode().encode("latin-1"), None),
        (rss(TITLE, head="<?xml version='1.0' encoding='utf-16'?>").decode().encode("utf-16"), None),
        (b"\xef\xbb\xbf" + rss(TITLE), None),
        (b"\n \x00" + rss(TITLE), None),
    ],
)  # fmt: skip
def test_text_is_in_the_encoding_that_its_bytes_bear_out(data: bytes, charset: str | None) -> None:
    assert read_feed(data, url=URL, charset=charset, now=NOW).entries[0].title == "Größe und Maß"


TWO = ITEM.format("1") + ITEM.format("2")


@pytest.mark.parametrize(
    "data",
    [
        rss(TWO)[:-20],
        rss(TWO).replace(b"</channel>", b""),
        rss(TWO + "<b>Tom & Jerry</c>"),
        rss(TWO.replace("</item>", "<description>&nbsp;&unknown;</description></item>")),
        rss(TWO.replace("</item>", "<x>&#99999999; &#xD800; &#; &#0;</x></item>")),
        rss(TWO.replace("</item>", "\x00\x08</item>")),
        rss(TWO).replace(b"</item><item>", b"</item>\xff<item>"),
        rss(TWO, head="<!DOCTYPE rss [<!ENTITY a 'b'>]>"),
    ],
)
def test_damage_costs_no_entry(data: bytes) -> None:
    assert [entry.link for entry in read(data).entries] == [
        "https://news.example.org/1",
        "https://news.example.org/2",
    ]


def test_an_entry_that_cannot_be_read_costs_none_beside_it() -> None:
    # feedparser gives up the whole feed over it.
    odd = "<item><georss:point>1</georss:point><georss:where/></item><item><textinput></item>"
    found = read(rss(ITEM.format("1") + odd + ITEM.format("2")))
    assert {entry.title for entry in found.entries} >= {"1", "2"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<!doctype html><html><head><title>News</title></head><body>Hi</body></html>", "page"),
        (b"<html><body>Please wait</body></html>", "page"),
        (
            b"<html><title>Just a moment</title><script src='/cdn-cgi/challenge-platform/x'>",
            "challenge",
        ),
        (b"<rss><channel><title>Our captcha</title></channel></rss>", "empty"),
        (b"just words", "not_a_feed"),
        (b"", "not_a_feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_feed"),
        (b'{"items": [{"title": "no version"}]}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1"', "not_a_feed"),
        (b'{"a":' * 100_000, "not_a_feed"),
        (rss(""), "empty"),
        (rss(TWO), "undated"),
    ],
)
def test_what_is_wrong_with_a_feed(data: bytes, problem: str) -> None:
    assert read(data).problem == problem


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    apart = feeds_apart()
    yield apart
    apart.close()


BOMB = "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12)
)


@pytest.mark.parametrize(
    "head",
    [
        BOMB + "]>",
        f"<!DOCTYPE rss [<!ENTITY a12 '{'x' * 50_000}'>]>",
        "<!DOCTYPE rss [<!ENTITY a12 SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]>",
    ],
)
def test_entities_neither_explode_nor_reach_out(apart: Apart, head: str) -> None:
    data = rss("<item><title>x" + "&a12;" * 200 + "</title></item>" + ITEM.format("1"), head=head)
    found = apart.run(read_feed, data, url=URL, now=NOW)
    assert found.entries[-1].title == "1"
    assert "root:" not in found.entries[0].title
    assert len(found.entries[0].title) <= 1_000
