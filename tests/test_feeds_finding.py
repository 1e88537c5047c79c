"""The feed that somebody means, by the address of a site that is really there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BadFeed, FetchError, NoFeed, TooHeavy
from bot.feeds.following import feed_of, find, key_of, named
from bot.gather.feeds import Listed, feeds_apart
from bot.gather.workers import Apart
from bot.models import LOCAL
from bot.store.store import Store
from tests.rogue import Rogue, fetcher, moved, rogue, said
from tests.site import START, item, rss, store_in

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
FEED = said(rss(item("https://news.example.org/1", "One", "Text.", published=START)))
EMPTY = said(rss())


def page(*links: str) -> bytes:
    said_so = "".join(
        f"<link rel=alternate type='application/rss+xml' href='{one}'>" for one in links
    )
    return said(f"<!doctype html><html><head>{said_so}</head><body>News</body></html>")


@pytest.fixture(scope="module")
def feeds() -> Iterator[Apart]:
    apart = feeds_apart()
    yield apart
    apart.close()


@pytest.fixture
async def site() -> AsyncIterator[Rogue]:
    async with rogue({}) as server:
        yield server


@pytest.mark.parametrize(
    ("answers", "asked", "found"),
    [
        ({"/feed": FEED}, "/feed", "/feed"),
        ({"/": page("/a"), "/a": FEED}, "/", "/a"),
        ({"/": page("/a", "/b"), "/a": EMPTY, "/b": FEED}, "/", "/b"),
        ({"/": page("/a", "/b"), "/b": FEED}, "/", "/b"),
        ({"/": page("/a"), "/a": EMPTY}, "/", "/a"),
        ({"/": page(), "/rss.xml": FEED}, "/", "/rss.xml"),
        ({"/world": page(), "/world/feed": FEED, "/feed": FEED}, "/world", "/world/feed"),
        ({"/": page("/a"), "/a": page(), "/feed.xml": FEED}, "/", "/feed.xml"),
        ({"/old": moved("/feed", 301), "/feed": FEED}, "/old", "/feed"),
        ({"/now": moved("/feed", 302), "/feed": FEED}, "/now", "/now"),
    ],
)
async def test_the_feed_of_a_site_is_found(
    site: Rogue, feeds: Apart, answers: dict[str, bytes], asked: str, found: str
) -> None:
    site.answers.update(answers)
    async with fetcher() as web:
        result = await find(web, feeds, site.base + asked, NOW)
    assert result.url == site.base + found


async def test_the_other_feeds_of_a_site_are_named(site: Rogue, feeds: Apart) -> None:
    site.answers.update({"/": page("/a", "/b", "/c"), "/b": FEED})
    async with fetcher() as web:
        result = await find(web, feeds, site.base + "/", NOW)
    assert result.others == (f"{site.base}/a", f"{site.base}/c")


async def test_a_site_without_a_feed_says_so(site: Rogue, feeds: Apart) -> None:
    site.answers["/"] = page("/a")
    async with fetcher() as web:
        with pytest.raises(NoFeed, match="I found no feed at"):
            await find(web, feeds, site.base + "/", NOW)
        with pytest.raises(FetchError, match="no such page"):
            await find(web, feeds, site.base + "/nowhere", NOW)


async def test_a_feed_that_takes_too_much_says_so(
    site: Rogue, feeds: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heavy(*_: object, **__: object) -> None:
        raise TooHeavy("reading it takes more than 2 s; it was given up")

    site.answers["/feed"] = FEED
    monkeypatch.setattr(feeds, "run", heavy)
    async with fetcher() as web:
        with pytest.raises(TooHeavy):
            await find(web, feeds, site.base + "/feed", NOW)


def follow(store: Store, url: str, title: str = "") -> str:
    feed = feed_of(Listed(url, title), workspace=LOCAL, now=NOW)
    assert store.feeds.add(feed, key_of(url))
    return feed.id


def test_a_feed_is_named_by_its_id_or_address(tmp_path: Path) -> None:
    with store_in(tmp_path) as store:
        one = follow(store, "https://a.example.org/feed")
        other = follow(store, "https://b.example.org/feed/")
        assert named(store, LOCAL, one).id == one
        assert named(store, LOCAL, one[:6].upper()).id == one
        assert named(store, LOCAL, "http://b.example.org/feed").id == other
        for unknown in ("zzzz", one[:3], "https://c.example.org/feed", "http://[::", ""):
            with pytest.raises(BadFeed, match="No feed"):
                named(store, LOCAL, unknown)
        again = feed_of(Listed("http://A.example.org/feed/"), workspace=LOCAL, now=NOW)
        assert not store.feeds.add(again, key_of(again.url))


NAMES = {
    "gulf": ["Gulf Wire", "gulf wire", "  Gulf   WIRE ", "gulf w", "https://gulf.example.org/rss"],
    "world": ["The World: News", "the world: n", "http://world.example.org/rss/"],
    "sport": ["The World: Sport", "THE WORLD: S"],
    "bare": ["https://bare.example.org/feed.xml", "bare.example.org/feed.xml", "bare.example"],
    "colon": ["News http://x.example.org", "news http"],
}


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[tuple[Store, dict[str, str]]]:
    with store_in(tmp_path) as store:
        yield (
            store,
            {
                "gulf": follow(store, "https://gulf.example.org/rss", "Gulf Wire"),
                "world": follow(store, "https://world.example.org/rss", "The World: News"),
                "sport": follow(store, "https://world.example.org/sport", "The World: Sport"),
                "bare": follow(store, "https://bare.example.org/feed.xml"),
                "colon": follow(store, "https://colon.example.org/", "News http://x.example.org"),
                "one": follow(store, "https://one.example.org/", "Twin"),
                "two": follow(store, "https://two.example.org/", "Twin"),
            },
        )


@pytest.mark.parametrize(("key", "name"), [(k, name) for k, some in NAMES.items() for name in some])
def test_a_feed_is_named_by_what_a_list_prints(
    followed: tuple[Store, dict[str, str]], key: str, name: str
) -> None:
    store, ids = followed
    assert named(store, LOCAL, name).id == ids[key]


def test_a_line_of_the_list_names_its_feed(followed: tuple[Store, dict[str, str]]) -> None:
    store, ids = followed
    assert named(store, LOCAL, f"{ids['one']}  Twin").id == ids["one"]


@pytest.mark.parametrize(
    ("name", "keys"), [("the world", ("world", "sport")), ("Twin", ("one", "two"))]
)
def test_a_name_of_several_feeds_lists_them(
    followed: tuple[Store, dict[str, str]], name: str, keys: tuple[str, ...]
) -> None:
    store, ids = followed
    with pytest.raises(BadFeed, match=f"{name} may be .*give more of the name") as refused:
        named(store, LOCAL, name)
    for key in keys:
        assert ids[key] in refused.value.message
