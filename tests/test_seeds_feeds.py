"""The feeds that come with Dragoman: a list that reads without a complaint."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from bot.feeds.following import key_of
from bot.gather.feeds import Listed, read_opml

FOUND = list(read_opml((resources.files("seeds") / "feeds.opml").read_bytes(), about="feeds.opml"))
FEEDS = [one for one in FOUND if isinstance(one, Listed)]


def test_every_line_is_a_feed_with_its_title_site_and_region() -> None:
    assert len(FEEDS) == len(FOUND) > 100
    assert all(one.title and one.site and one.category for one in FEEDS)


def test_the_manual_says_how_many() -> None:
    manual = (Path(__file__).parent.parent / "deploy" / "README.md").read_text(encoding="utf-8")
    assert f"# {len(FEEDS)} feeds of world news" in manual


def test_each_is_there_once() -> None:
    assert max(Counter(key_of(one.url) for one in FEEDS).values()) == 1
    assert max(Counter(one.title for one in FEEDS).values()) == 1


def test_every_region_has_several_voices() -> None:
    hosts: dict[str, set[str]] = {}
    for one in FEEDS:
        hosts.setdefault(one.category, set()).add(urlsplit(one.url).hostname or "")
    assert min(map(len, hosts.values())) >= 3
    assert {"World", "Middle East", "Europe", "Africa", "Asia", "Americas", "Oceania"} <= set(hosts)
