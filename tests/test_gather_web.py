"""What a link gave: what is a feed, and what is not what the link meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.gather.fetch import Fetched
from bot.gather.pages import Pending, articles_of, is_feed
from bot.gather.records import Defaults, Rejected

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
PAGE = b"<html><body><p>Envoys met.</p></body></html>"


def got(body: bytes, url: str = "https://news.example.org/a", asked: str | None = None) -> Fetched:
    return Fetched(asked or url, url, 200, body, "text/html", None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("body", "feed"),
    [
        (b"<rss version='2.0'>", True),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>\n<!-- rss --><?style x?><feed xmlns='x'>", True),
        (b"<?xml version='1.0'?><!DOCTYPE rss PUBLIC 'x'><RSS>", True),
        (b"<rdf:RDF xmlns:rdf='x'>", True),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}', True),
        (b'{"title": "x", "version": "https://jsonfeed.org/version/1"}', True),
        (b'{"id": 1, "text": "of jsonfeed"}', False),
        (b"<!doctype html><html>", False),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", False),
        (b"<?xml version='1.0'?><urlset>", False),
        (b"<feedback>", False),
        (b"rss", False),
        (b"", False),
        (b"<!---->" * 600 + b"<html>", False),
    ],
)
def test_what_is_a_feed(body: bytes, feed: bool) -> None:
    assert is_feed(got(body)) is feed


@pytest.mark.parametrize(
    ("asked", "url", "words"),
    [
        ("https://news.example.org/a", "https://news.example.org/", "the article is gone"),
        ("https://news.example.org/a", "https://news.example.org", "the article is gone"),
        ("https://news.google.com/rss/articles/x", "https://news.google.com/articles/x", "Google"),
        ("https://news.example.org/", "https://news.example.org/", None),
        ("https://news.example.org", "https://www.example.org/", None),
        ("https://news.example.org/a", "https://news.example.org/?p=1", None),
        ("https://short.example/x", "https://news.example.org/a", None),
    ],
)
def test_what_the_link_did_not_mean(asked: str, url: str, words: str | None) -> None:
    (found,) = articles_of(got(PAGE, url, asked), asked, defaults=Defaults(), now=NOW)
    if words is None:
        assert isinstance(found, Pending)
        assert found.also == tuple(dict.fromkeys((asked, url)))
    else:
        assert isinstance(found, Rejected)
        assert words in found.reason
