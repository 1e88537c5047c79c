"""The feeds of a site: as its page announces them, of comments last."""

from __future__ import annotations

import pytest

from bot.gather.feeds import Announced, announced, usual

URL = "https://www.example.org/news/"


def link(href: str, kind: str = "application/rss+xml", **more: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<link rel="alternate" type="{kind}" href="{href}"{said}>'


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (link("/feed"), ["https://www.example.org/feed"]),
        (link("feed", "application/atom+xml"), ["https://www.example.org/news/feed"]),
        (link("/feed.json", "application/feed+json"), ["https://www.example.org/feed.json"]),
        (link("/feed.json", "application/json"), ["https://www.example.org/feed.json"]),
        (link("/wp-json/posts/1", "application/json"), []),
        (link("/de/", "text/html", hreflang="de"), []),
        (link("/feed").replace("alternate", "stylesheet"), []),
        (link("/feed").replace("alternate", "Alternate home"), ["https://www.example.org/feed"]),
        ("<base href='https://cdn.example.org/x/'>" + link("feed"), ["https://cdn.example.org/x/feed"]),
        (link("/comments/feed") + link("/feed"), ["https://www.example.org/feed", "https://www.example.org/comments/feed"]),
        (link("/feed") + link("/feed#top"), ["https://www.example.org/feed"]),
        (link("javascript:alert(1)") + link("http://[x/"), []),
        ("</head><body><a href='/rss/world.xml'>RSS</a>", ["https://www.example.org/rss/world.xml"]),
        ("<a href='https://feeds.example.org/world'>Feeds</a>", []),
        ("<a href='https://feeds.example.org/rss'>Feeds</a>", ["https://feeds.example.org/rss"]),
        ("<a href='https://other.example.net/feed'>not theirs</a>", []),
        ("<a href='/feedback'>Feedback</a><a href='/rssi'>x</a>", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_a_page_announces(head: str, found: list[str]) -> None:
    page = f"<!doctype html><html><head><title>x</title>{head}".encode()
    assert [one.url for one in announced(page, url=URL)] == found


def test_a_feed_has_the_title_that_the_page_gives_it() -> None:
    page = f"<html>{link('/feed', title='World  news')}".encode()
    assert announced(page, url=URL) == [Announced("https://www.example.org/feed", "World news")]


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"<", b"<html" * 10_000])
def test_what_is_no_page_announces_nothing(data: bytes) -> None:
    assert announced(data, url=URL) == []


def test_where_feeds_usually_are() -> None:
    assert usual("https://www.example.org")[:2] == [
        "https://www.example.org/feed",
        "https://www.example.org/rss",
    ]
    assert usual(URL)[0] == "https://www.example.org/news/feed"
