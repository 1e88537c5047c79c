"""Who published an article as its link tells: names, domains, hosts, redirectors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.gather.feeds import Listed, read_opml
from bot.gather.files import drafts
from bot.gather.intake import New, decide
from bot.gather.links import is_guess, publisher_of
from bot.gather.records import Defaults
from bot.models import EVERYWHERE, LOCAL, Draft
from seeds import build_publishers

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.usatoday.com/story/1", "usatoday.com"),
        ("https://college.usatoday.com:443/1", "usatoday.com"),
        ("HTTPS://WWW.USAToday.COM./1", "usatoday.com"),
        # Suffixes of several parts, and sides of one site.
        ("https://www.bbc.co.uk/news/1", "BBC News"),
        ("https://m.bbc.co.uk/news/1", "BBC News"),
        ("https://www.abc.net.au/news/1", "ABC News (Australia)"),
        ("https://abcnews.go.com/International/1", "ABC News"),
        ("https://espn.go.com/1", "go.com"),
        ("https://amp.theguardian.com/world/1", "The Guardian"),
        ("https://mobile.theweek.co.uk/1", "theweek.co.uk"),
        ("https://www.morning-star.example.com.au/1", "example.com.au"),
        ("https://desk.blogspot.com/1", "desk.blogspot.com"),
        ("https://www.gov.uk/government/news/1", "gov.uk"),
        # Redirectors and caches lead to somebody else.
        ("https://www.google.com/url?q=https://www.jpost.com/a&sa=D", "The Jerusalem Post"),
        ("https://www-theweek-co-uk.cdn.ampproject.org/c/s/www.theweek.co.uk/1", "theweek.co.uk"),
        ("https://news.google.com/articles/" + "A" * 20, "google.com"),
        # What nobody registered.
        ("http://192.0.2.7:8080/1", "192.0.2.7"),
        ("http://[2001:db8::7]:8080/1", "2001:db8::7"),
        ("http://intranet:8000/1", "intranet"),
        ("http://news.corp/1", "news.corp"),
        ("https://новости.рф/1", "новости.рф"),
        ("not a link", None),
        ("https://[half", None),
        (None, None),
    ],
)
def test_who_publishes_under_a_link(url: str | None, publisher: str | None) -> None:
    assert publisher_of(url) == publisher


@pytest.mark.parametrize(
    ("publisher", "url", "guessed"),
    [
        (None, None, True),
        ("Example News", None, False),
        ("Example News", "https://www.example.org/1", False),
        ("example.org", "https://www.example.org/1", True),
        ("news.example.org", "https://news.example.org/1", True),
        ("example.org", "https://news.example.org/1", True),
        ("The Jerusalem Post", "https://jpost.com/1", True),
    ],
)
def test_what_says_no_more_than_a_link(
    publisher: str | None, url: str | None, guessed: bool
) -> None:
    assert is_guess(publisher, url) is guessed


def test_a_record_with_a_link_has_a_publisher(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows: list[dict[str, object]] = [
        {"url": "https://www.usatoday.com/1", "text": "Envoys met."},
        {"url": "https://www.usatoday.com/2", "text": "Envoys left.", "publisher": "USA Today"},
        {"url": "https://www.usatoday.com/3", "text": "Envoys spoke.", "sources": ["AFP"]},
        {"text": "Envoys rested."},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = [
        one for one in drafts([str(file)], defaults=Defaults(), now=NOW) if isinstance(one, Draft)
    ]
    decisions = decide(found, {}, workspace=LOCAL, audience=EVERYWHERE)
    assert all(isinstance(one, New) for one in decisions)
    assert [one.draft.publisher for one in decisions] == [
        "usatoday.com",
        "USA Today",
        "usatoday.com",
        None,
    ]


def test_the_table_is_as_it_is_built() -> None:
    read = read_opml(build_publishers.FEEDS.read_bytes(), about="feeds.opml")
    feeds = [one for one in read if isinstance(one, Listed)]
    assert build_publishers.TABLE.read_text("utf-8") == build_publishers.table(feeds)


def test_how_the_table_is_built() -> None:
    made = build_publishers.table(
        [
            Listed("", "The Post, World", "https://www.post.example/world"),
            Listed("", "The Post, Africa", "https://post.example/africa"),
            Listed("", "Agency in English", "https://en.agency.example"),
            Listed("", "A Ministry", "https://www.gov.uk/ministry"),
            Listed("", "No Site"),
        ]
    )
    rows = made.splitlines()
    assert {"post.example,The Post", "agency.example,Agency"} <= set(rows)
    assert not any(row.startswith("gov.uk,") for row in rows)


@pytest.mark.parametrize(
    ("title", "site"), [("Another, World", "post.example"), ("The Post, World", "post2.example")]
)
def test_a_table_that_would_mislead_is_refused(title: str, site: str) -> None:
    feeds = [Listed("", "The Post", "https://post.example"), Listed("", title, f"https://{site}")]
    with pytest.raises(ValueError, match="settle it in BY_HAND"):
        build_publishers.table(feeds)
