"""What a page says of its article, and what of that is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from trafilatura.utils import load_html

from bot.gather.extract import Metadata, metadata
from tests.web_pages import HERE, NOW, html


def said(head: str, url: str | None = HERE, **page: str) -> Metadata:
    tree = load_html(html("A paragraph.", head=head, **page))
    assert tree is not None
    return metadata(tree, url, now=NOW)


def ld(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def meta(**values: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">'
        for name, value in values.items()
    )


NO_DAY = "https://news.example.org/talks"


@pytest.mark.parametrize(
    ("head", "url", "when", "precision"),
    [
        (ld(datePublished="2026-03-20T10:00:00Z"), NO_DAY, (20, 10), "minute"),
        (ld(datePublished="2026-03-20T10:00:00+0300"), NO_DAY, (20, 7), "minute"),
        (ld(datePublished="2026-03-20T10:00:00.000Z"), NO_DAY, (20, 10), "minute"),
        (ld(datePublished="2026-03-20"), NO_DAY, (20, 0), "day"),
        (ld(datePublished="2026-03-20T00:00:00Z"), NO_DAY, (20, 0), "day"),
        (ld(**{"@type": "WebPage", "@graph": [{"@type": "Article", "datePublished": "2026-03-20"}]}), NO_DAY, (20, 0), "day"),
        (meta(article__published_time="2026-03-21T08:00:00Z"), NO_DAY, (21, 8), "minute"),
        ('<meta name="dc.date.issued" content="2026-03-21">', NO_DAY, (21, 0), "day"),
        ('<meta itemprop="datePublished" content="2026-03-21">', NO_DAY, (21, 0), "day"),
        # The strongest that is a date counts, not the first that is there.
        (ld(datePublished="soon") + meta(article__published_time="2026-03-21"), NO_DAY, (21, 0), "day"),
        (ld(datePublished="2026-03-20") + meta(article__published_time="2026-03-21"), NO_DAY, (20, 0), "day"),
        ('<time datetime="2026-03-22T09:00:00Z">', NO_DAY, (22, 9), "minute"),
        ('<time itemprop="datePublished" datetime="2026-03-22"><time datetime="2026-03-01">', NO_DAY, (22, 0), "day"),
        ("", "https://news.example.org/2026/03/23/talks", (23, 0), "day"),
        ("", "https://news.example.org/world-2026/2026-03-23-talks.html", (23, 0), "day"),
        ("", "https://news.example.org/20260323/talks", (23, 0), "day"),
        ("", "https://news.example.org/2026/mar/23/talks", (23, 0), "day"),
        ("", "https://news.example.org/talks-20260323/", (23, 0), "day"),
        # JSON-LD that a stray comma or a placeholder has broken
        (ld(datePublished="2026-03-20").replace("}", ", }"), NO_DAY, (20, 0), "day"),
    ],
)  # fmt: skip
def test_published(head: str, url: str, when: tuple[int, int], precision: str) -> None:
    assert said(head, url).published == (datetime(2026, 3, *when, tzinfo=UTC), precision)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("", NO_DAY),
        (ld(dateModified="2026-03-20"), NO_DAY),  # when it was changed is not when it appeared
        (ld(datePublished="2027-03-20"), NO_DAY),
        (ld(datePublished="20 March"), NO_DAY),
        (ld(datePublished=20260320), NO_DAY),
        (ld(**{"@type": "Organization", "datePublished": "2026-03-20"}), NO_DAY),
        (ld(isRelatedTo={"@type": "NewsArticle", "datePublished": "2026-03-20"}), NO_DAY),
        ('<script type="application/ld+json">{"@type": "NewsArticle", </script>', NO_DAY),
        # Several times and none said to be that of publication: comments, other articles.
        ('<time datetime="2026-03-20"></time><time datetime="2026-03-21"></time>', NO_DAY),
        ("", "https://news.example.org/2026/13/45/talks"),
        ("", "https://news.example.org/2026/xyz/20/talks"),
        ("", "https://news.example.org/talks-20261345"),
        (
            '<script type="application/ld+json">{"@type": "Person", "datePublished": "2026-03-20",}</script>',
            NO_DAY,
        ),
        ("", "https://news.example.org/2027/03/23/talks"),
        ("", "https://news.example.org/a-20260323123456789"),
        ("", None),
    ],
)
def test_unknown(head: str, url: str | None) -> None:
    assert said(head, url).published is None


def test_a_change_is_kept_apart_and_is_not_before_publication() -> None:
    both = ld(datePublished="2026-03-20T10:00:00Z", dateModified="2026-03-21T11:00:00Z")
    assert said(both).modified == datetime(2026, 3, 21, 11, tzinfo=UTC)
    assert said(ld(datePublished="2026-03-20", dateModified="2026-03-19")).modified is None
    assert said(ld(dateModified="2027-01-01")).modified is None


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (ld(author={"@type": "Person", "name": "Jo Example"}), "Jo Example"),
        (ld(author=[{"name": "Jo Example"}, {"name": "Al Sample"}]), "Jo Example, Al Sample"),
        (ld(author=["Jo Example", "Jo Example"]), "Jo Example"),
        (ld(author="By Jo Example"), "Jo Example"),
        (ld(author="Jo &amp; Al"), "Jo & Al"),
        ('<meta name="author" content="Jo Example">', "Jo Example"),
        ('<meta property="article:author" content="https://social.example/jo">', None),
        ('<meta name="author" content="@jo">', None),
        ("", None),
    ],
)
def test_author(head: str, author: str | None) -> None:
    assert said(head).author == author


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("", "Talks are to begin"),
        (ld(headline="Talks &#8211; at last"), "Talks – at last"),
        (meta(og__title="Talks begin | Example News", og__site_name="Example News"), "Talks begin"),
        (meta(og__title="War - and peace", og__site_name="Example News"), "War - and peace"),
    ],
)
def test_title(head: str, title: str) -> None:
    assert said(head).titles[0] == title


def test_the_title_of_the_window_is_without_its_site() -> None:
    named = meta(og__site_name="Example News")
    tree = load_html(f"<html><head><title>Talks - Example News</title>{named}</head><body><p>x</p>")
    assert tree is not None
    assert metadata(tree, HERE, now=NOW).titles == ("Talks",)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://news.example.org/talks-1", "https://news.example.org/talks-1"),
        ("/talks-1", "https://news.example.org/talks-1"),
        ("https://www.news.example.org/talks-1", "https://www.news.example.org/talks-1"),
        ("https://m.news.example.org/talks-1", "https://m.news.example.org/talks-1"),
        ("https://example.org/talks-1", "https://example.org/talks-1"),
        ("https://evil.example/talks-1", None),
        ("https://notnews.example.org.evil.example/", None),
        ("https://news.example.org/", None),  # a front page is no article's address
        ("javascript:alert(1)", None),
        ("https://user@news.example.org/talks", None),
        ("http://[", None),
        ("", HERE),
    ],
)
def test_canonical(link: str, url: str | None) -> None:
    assert said(f'<link rel="canonical" href="{link}">').url == url


def test_publisher_and_whether_it_is_free() -> None:
    found = said(
        ld(
            publisher={"@type": "Organization", "name": "Example News"},
            isAccessibleForFree="False",
        )
    )
    assert found.publisher == "Example News"
    assert not found.free
    assert said("").free
    assert said(meta(og__site_name="Example News")).publisher == "Example News"
    assert said(meta(og__site_name="https://example.org")).publisher is None


def test_data_without_end_is_not_read_to_its_end() -> None:
    assert said(ld(**{"@graph": [{"@graph": []}] * 50_000}), NO_DAY).published is None
    nested = '{"@graph":' * 100_000 + "1" + "}" * 100_000
    assert said(f'<script type="application/ld+json">{nested}</script>', NO_DAY).published is None
