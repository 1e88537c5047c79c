"""Feeds polled from a site on loopback: each article once, whole, and with its own date."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import StoreUnavailable
from bot.feeds import poll as polling
from bot.gather.feeds import feeds_apart
from bot.gather.pages import Pages
from bot.gather.workers import Apart
from bot.models import LOCAL, Feed
from bot.store.feeds import feed as feed_table
from tests.rogue import moved, said
from tests.site import OTHER, START, Reader, Site, item, page, reading, rss, story

pytestmark = pytest.mark.usefixtures("each_store")

LONG = story(1, 8)
TEASER = "The council met on the matter of the bridge …"


@pytest.fixture(scope="module")
def feeds() -> Iterator[Apart]:
    apart = feeds_apart()
    yield apart
    apart.close()


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        yield pages


@pytest.fixture
async def both(tmp_path: Path, feeds: Apart, pages: Pages) -> AsyncIterator[tuple[Reader, Site]]:
    async with reading(tmp_path, feeds, pages) as both:
        yield both


Both = tuple[Reader, Site]


async def test_a_feed_that_has_all_is_taken_in_once_without_its_pages(both: Both) -> None:
    reader, site = both
    site.put(
        "/feed",
        rss(item(f"{site.base}/1", "One", LONG), item(f"{site.base}/2", "Two", story(2, 8))),
    )
    feed = reader.follow(f"{site.base}/feed")
    first = await reader.poll(feed)
    assert (first.report.new, first.pages, first.left, first.feed.title) == (
        2,
        0,
        0,
        "Example News",
    )
    one, two = reader.articles()
    assert (one.article.url, one.article.published, one.article.publisher) == (
        f"{site.base}/1",
        START,
        "127.0.0.1",
    )
    assert one.revision.text.count("\n\n") == 7
    assert (one.revision.title, two.revision.title) == ("One", "Two")

    second = await reader.poll(feed)
    assert (second.report.read, second.feed.unchanged, site.unchanged) == (0, 1, 1)
    assert len(reader.articles()) == 2


async def test_the_page_of_a_teaser_is_fetched_once(both: Both) -> None:
    reader, site = both
    site.put("/1", page("One", LONG))
    site.put("/feed", rss(item(f"{site.base}/1", "One", TEASER)))
    feed = reader.follow(f"{site.base}/feed")
    assert (await reader.poll(feed)).pages == 1
    (one,) = reader.articles()
    assert "boats of the ferry line" in one.revision.text
    assert one.article.publisher == "Example News"

    site.put("/2", page("Two", story(2, 8)))
    site.put(
        "/feed", rss(item(f"{site.base}/2", "Two", TEASER), item(f"{site.base}/1", "One", TEASER))
    )
    assert (await reader.poll(feed)).report.new == 1
    assert (site.asked("/1"), site.asked("/2"), len(reader.articles())) == (1, 1, 2)


async def test_a_publisher_has_one_name_whether_its_page_was_needed_or_not(both: Both) -> None:
    reader, site = both
    for n in (1, 2):
        site.put(f"/{n}", page(f"No {n}", story(n, 8)))
    whole, teaser = (
        item(f"{site.base}/{n}", f"No {n}", text) for n, text in ((1, LONG), (2, TEASER))
    )
    feed = reader.follow(f"{site.base}/feed")
    site.put("/feed", rss(whole))
    await reader.poll(feed)
    site.put("/feed", rss(teaser, whole))
    polled = await reader.poll(feed)
    site.put("/feed", rss(item(f"{site.base}/3", "No 3", story(3, 8)), teaser, whole))
    await reader.poll(feed)
    assert {one.article.publisher for one in reader.articles()} == {"Example News"}
    assert polled.feed.names == {"127.0.0.1": "Example News"}
    assert (site.asked("/1"), site.asked("/3")) == (1, 0)


async def test_who_publishes_what_others_carry(both: Both) -> None:
    reader, site = both
    site.put("/1", page("One", LONG))
    carried = "<source url='https://b.example.org/feed'>B News</source>"
    site.put(
        "/feed",
        rss(
            item(f"{site.base}/1", "One", TEASER, more=carried),
            item("https://c.news.example.org/2", "Two", story(2, 8)),
        ),
    )
    await reader.poll(reader.follow(f"{site.base}/feed"))
    site.put("/mine", rss(item(f"{site.base}/3", "Three", story(3, 8))))
    await reader.poll(reader.follow(f"{site.base}/mine", publisher="Our Paper"))
    assert {one.revision.title: one.article.publisher for one in reader.articles()} == {
        "One": "B News",
        "Two": "example.org",
        "Three": "Our Paper",
    }
    assert site.asked("/3") == 0


@pytest.mark.parametrize(
    "answer",
    [
        said(page("Something else", story(5, 8).replace("bridge", "tower"))),
        moved("/"),
    ],
)
async def test_a_page_that_is_another_now_leaves_what_the_feed_says(
    both: Both, answer: bytes
) -> None:
    reader, site = both
    site.server.answers["/1"] = answer
    site.put("/", page("One ferry", story(5, 8)))
    site.put("/feed", rss(item(f"{site.base}/1", "Ferryman rescued", TEASER)))
    await reader.poll(reader.follow(f"{site.base}/feed"))
    assert reader.texts() == [TEASER]


async def test_an_edited_entry_is_a_revision_that_keeps_its_first_date(both: Both) -> None:
    reader, site = both
    site.put("/feed", rss(item("https://news.example.org/1", "One", LONG, guid="a")))
    feed = reader.follow(f"{site.base}/feed")
    await reader.poll(feed)
    later = START + timedelta(days=3)
    reader.clock.on(days=3)
    site.put(
        "/feed",
        rss(
            item(
                "https://news.example.org/1",
                "One",
                LONG.replace("1", "7"),
                guid="a",
                published=later,
            )
        ),
    )
    assert (await reader.poll(feed)).report.revised == 1
    (one,) = reader.articles()
    assert (one.revision.n, one.article.published) == (2, START)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the same link under a new GUID, as after a change of software
        (("https://news.example.org/1", "a"), ("https://news.example.org/1", "b")),
        (("https://news.example.org/1", "a"), ("http://news.example.org/1/?utm_source=rss", "b")),
        # the same GUID with a new link
        (("https://news.example.org/1", "a"), ("https://news.example.org/one", "a")),
        # dated anew
        (("https://news.example.org/1", ""), ("https://news.example.org/1", "")),
    ],
)
async def test_an_old_story_does_not_come_back(
    both: Both, before: tuple[str, str], after: tuple[str, str]
) -> None:
    reader, site = both
    site.put("/feed", rss(item(before[0], "One", LONG, guid=before[1])))
    feed = reader.follow(f"{site.base}/feed")
    await reader.poll(feed)
    reader.clock.on(days=30)
    site.put("/feed", rss(item(after[0], "One", LONG, guid=after[1], published=reader.clock.now())))
    assert (await reader.poll(feed)).report.new == 0
    (one,) = reader.articles()
    assert (one.article.published, one.revision.n) == (START, 1)


async def test_a_page_knows_better_that_its_article_is_old(both: Both) -> None:
    reader, site = both
    site.put("/1", page("One", LONG, START - timedelta(days=700)))
    site.put("/feed", rss(item(f"{site.base}/1", "One", TEASER)))
    await reader.poll(reader.follow(f"{site.base}/feed"))
    assert reader.articles()[0].article.published == START - timedelta(days=700)


async def test_an_undated_entry_gets_the_date_of_its_page_or_none(both: Both) -> None:
    reader, site = both
    site.put("/1", page("One", LONG, START - timedelta(days=1)))
    site.put("/2", page("Two", story(2, 8)))
    site.put(
        "/feed",
        rss(*(item(f"{site.base}/{n}", f"{n}", story(n, 8), published=None) for n in (1, 2))),
    )
    polled = await reader.poll(reader.follow(f"{site.base}/feed"))
    assert (polled.feed.problem, polled.feed.failures) == ("undated", 0)
    dates = {one.article.url: one.article.published for one in reader.articles()}
    assert dates == {f"{site.base}/1": START - timedelta(days=1), f"{site.base}/2": None}


async def test_a_page_that_fails_for_the_moment_is_waited_for(both: Both) -> None:
    reader, site = both
    site.server.answers["/1"] = said("busy", "503 Service Unavailable")
    site.put("/feed", rss(item(f"{site.base}/1", "One", TEASER)))
    feed = reader.follow(f"{site.base}/feed")
    first = await reader.poll(feed)
    assert (first.left, first.report.read, reader.articles()) == (1, 0, [])
    site.put("/1", page("One", LONG))
    second = await reader.poll(feed)
    assert (second.left, second.report.new) == (0, 1)
    assert "boats of the ferry line" in reader.texts()[0]
    assert (await reader.poll(feed)).feed.unchanged == 1


async def test_a_page_that_keeps_failing_leaves_what_the_feed_says(both: Both) -> None:
    reader, site = both
    site.server.answers["/1"] = said("busy", "503 Service Unavailable")
    site.put("/feed", rss(item(f"{site.base}/1", "One", TEASER)))
    feed = reader.follow(f"{site.base}/feed")
    for _ in range(4):
        await reader.poll(feed)
    assert (site.asked("/1"), reader.texts()) == (3, [TEASER])


@pytest.mark.parametrize(
    "answer",
    [
        said("no", "403 Forbidden"),
        said("no", "404 Not Found"),
        said("<html><title>Just a moment...</title><p>Enable JavaScript and cookies to"
            " continue</p></html>"),
        said(b"\x89PNG\r\n\x1a\n" + bytes(99)),
        said("", Content_Type="text/html"),
        moved("http://10.0.0.1/"),
    ],
)  # fmt: skip
async def test_a_page_that_gives_no_article_leaves_what_the_feed_says(
    both: Both, answer: bytes
) -> None:
    reader, site = both
    site.server.answers["/1"] = answer
    site.put("/feed", rss(item(f"{site.base}/1", "One", TEASER)))
    feed = reader.follow(f"{site.base}/feed")
    assert (await reader.poll(feed)).left == 0
    assert reader.texts() == [TEASER]


async def test_a_headline_alone_is_no_article(both: Both) -> None:
    reader, site = both
    site.server.answers["/1"] = said("no", "403 Forbidden")
    site.put("/feed", rss(item(f"{site.base}/1", "One")))
    polled = await reader.poll(reader.follow(f"{site.base}/feed"))
    assert (polled.report.read, reader.articles(), polled.feed.failures) == (0, [], 0)
    site.put("/other", rss(item(f"{site.base}/1", "One", LONG)))
    assert (await reader.poll(reader.follow(f"{site.base}/other"))).report.new == 1


async def test_a_headline_with_its_publisher_is_no_article_either(both: Both) -> None:
    reader, site = both
    carried = "<source url='https://b.example.org'>B News</source>"
    title = "Ferry rescued off the coast - B News"
    text = "<a href='x'>Ferry rescued off the coast</a>&nbsp;<font>B News</font>"
    site.server.answers["/1"] = said("no", "403 Forbidden")
    site.put("/2", page("Ferry rescued off the coast", LONG))
    site.put("/feed", rss(*(item(f"{site.base}/{n}", title, text, more=carried) for n in (1, 2))))
    assert (await reader.poll(reader.follow(f"{site.base}/feed"))).report.new == 1
    (one,) = reader.articles()
    assert (one.article.url, one.revision.title) == (
        f"{site.base}/2",
        "Ferry rescued off the coast",
    )


async def test_many_pages_are_taken_in_several_polls(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, site = both
    monkeypatch.setattr(polling, "MOST_PAGES", 4)
    for n in range(6):
        site.put(f"/{n}", page(f"No {n}", story(n, 8)))
    site.put("/feed", rss(*(item(f"{site.base}/{n}", f"No {n}", TEASER) for n in range(6))))
    feed = reader.follow(f"{site.base}/feed")
    first = await reader.poll(feed)
    assert (first.report.new, first.left, first.pages) == (4, 2, 4)
    second = await reader.poll(feed)
    assert (second.report.new, second.left, len(reader.articles())) == (2, 0, 6)
    assert all(site.asked(f"/{n}") == 1 for n in range(6))


async def test_an_article_of_two_feeds_is_one(both: Both) -> None:
    reader, site = both
    link = "https://news.example.org/1"
    site.put("/a", rss(item(link, "One", LONG, guid="a")))
    site.put("/b", rss(item(link + "?at_medium=rss", "One", TEASER, guid="b")))
    await reader.poll(reader.follow(f"{site.base}/a"))
    await reader.poll(reader.follow(f"{site.base}/b"))
    (one,) = reader.articles()
    assert (one.revision.n, len(one.revision.text) > 500) == (1, True)


RAIN = "".join(
    f"<p>Rain fell for {n} days over both valleys, so farmers could sow late wheat again, which "
    "pleased millers who had feared an empty winter and prices that nobody would pay.</p>"
    for n in range(8)
)


@pytest.mark.parametrize(
    ("there", "link", "publisher"),
    [
        (page("Two", LONG), "own", "Example News"),
        (page("Two", LONG + story(3, 4)), "own", "Example News"),
        # words about an article that another publishes
        (page("Two", RAIN), None, "127.0.0.1"),
        (None, None, "127.0.0.1"),
    ],
)
async def test_what_a_feed_says_of_the_articles_of_others_is_its_own(
    both: Both, there: str | None, link: str | None, publisher: str
) -> None:
    reader, site = both
    elsewhere = f"{site.base.replace('127.0.0.1', OTHER)}/2"
    if there is not None:
        site.put("/2", there)
    site.put("/feed", rss(item(elsewhere, "Two", LONG, guid=elsewhere)))
    feed = reader.follow(f"{site.base}/feed")
    await reader.poll(feed)
    (one,) = reader.articles()
    assert one.article.url == (elsewhere if link else None)
    assert one.article.publisher == publisher
    site.put("/feed", rss(item(elsewhere, "Two", LONG, guid="b")))
    assert (await reader.poll(feed)).report.new == 0


async def test_entries_with_one_guid_or_one_link_are_several(both: Both) -> None:
    reader, site = both
    same_guid = [
        item(f"https://news.example.org/{n}", f"No {n}", story(n, 8), guid="same") for n in (1, 2)
    ]
    same_link = [
        item("https://news.example.org/", f"No {n}", story(n, 8), guid=f"{n}") for n in (3, 4)
    ]
    site.put("/feed", rss(*same_guid, *same_link))
    feed = reader.follow(f"{site.base}/feed")
    assert (await reader.poll(feed)).report.new == 4
    site.put("/feed", rss(*same_link, *same_guid))
    assert (await reader.poll(feed)).report.read == 0
    assert [one.article.url for one in reader.articles()].count(None) == 2


async def test_two_that_poll_at_a_time_poll_a_feed_once(both: Both) -> None:
    reader, site = both
    site.put("/feed", rss(item("https://news.example.org/1", "One", LONG)))
    reader.follow(f"{site.base}/feed")
    done = await asyncio.gather(*(reader.poller.due() for _ in range(5)))
    assert sum(polled is not None for polled in done) == 1
    assert site.asked("/feed") == 1
    assert await reader.poller.due() is None
    reader.clock.on(days=2)
    assert await reader.poller.due() is not None


async def test_what_was_stopped_is_polled_again_at_once(both: Both) -> None:
    reader, site = both

    asked = asyncio.Event()

    async def silence(_: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(60)

    site.server.answers["/feed"] = silence
    reader.follow(f"{site.base}/feed")
    task = asyncio.create_task(reader.poller.due())
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    site.put("/feed", rss(item("https://news.example.org/1", "One", LONG)))
    polled = await reader.poller.due()
    assert polled is not None
    assert polled.report.new == 1


async def test_a_lease_that_ran_out_is_taken_over_and_fences(both: Both) -> None:
    reader, site = both
    feed = reader.follow(f"{site.base}/feed")
    store = reader.store.feeds
    slow = store.claim(reader.clock.now(), timedelta(minutes=10))
    assert slow is not None
    assert store.claim(reader.clock.now(), timedelta(minutes=10), feed) is None
    reader.clock.on(minutes=11)
    quick = store.claim(reader.clock.now(), timedelta(minutes=10))
    assert quick is not None
    assert not store.save(slow, "x", [], None, reader.clock.now())
    assert not store.release(slow, None)
    assert store.save(quick, "x", [], None, reader.clock.now())


LEASE_UNTIL = sa.select(feed_table.c.lease_until)


async def test_a_poll_that_takes_long_is_nobody_elses(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who polls gives signs of life: only of the dead are feeds taken over, and that soon."""
    reader, site = both
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slowly(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await answer.wait()
        writer.write(said(rss()))

    site.server.answers["/feed"] = slowly
    monkeypatch.setattr(polling, "LEASE", timedelta(seconds=0.06))
    feed = reader.follow(f"{site.base}/feed")
    task = asyncio.create_task(reader.poller.due())
    await asyncio.wait_for(asked.wait(), 10)
    monkeypatch.setattr(polling, "LEASE", timedelta(minutes=1))
    store = reader.store.feeds
    reader.clock.on(seconds=30)  # its first lease is over, but it has been renewed by now
    for _ in range(1000):
        with store._read() as connection:
            if connection.execute(LEASE_UNTIL).scalar_one() > reader.clock.now():
                break
        await asyncio.sleep(0.01)
    assert await reader.poller.due() is None
    assert await reader.poller.poll(feed) is None
    answer.set()
    assert await task is not None
    assert await reader.poller.due() is None  # nor is it due any more


async def test_who_pauses_or_removes_a_feed_meanwhile_finds_it_so(both: Both) -> None:
    reader, site = both
    feed = reader.follow(f"{site.base}/feed")
    store, now = reader.store.feeds, reader.clock.now()
    claimed = store.claim(now, timedelta(minutes=10))
    assert claimed is not None
    assert store.set_state(LOCAL, feed.id, "paused", now)
    assert store.save(claimed, "x", [], None, now)
    kept = store.get(LOCAL, feed.id)
    assert kept is not None
    assert kept.state == "paused"
    assert await reader.poller.due() is None
    assert store.remove(LOCAL, feed.id)
    assert not store.save(claimed, "x", [], None, now)
    assert not store.set_state(LOCAL, feed.id, "active", now)


async def test_a_store_that_is_away_costs_a_poll_and_no_article(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, site = both
    site.put("/feed", rss(item("https://news.example.org/1", "One", LONG)))
    feed = reader.follow(f"{site.base}/feed")

    def away(*_: object) -> None:
        raise StoreUnavailable("The store is away.")

    with monkeypatch.context() as patch:
        patch.setattr(reader.store.feeds, "save", away)
        with pytest.raises(StoreUnavailable):
            await reader.poll(feed)
    assert await reader.poller.due() is None  # others come first
    reader.clock.on(minutes=2)
    again = await reader.poll(feed)
    assert (again.report.unchanged, len(reader.articles())) == (1, 1)


async def test_a_fault_of_ours_costs_one_feed_its_poll_and_no_other(
    both: Both, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader, site = both
    site.put("/feed", rss(item("https://news.example.org/1", "One", LONG)))
    site.put("/good", rss(item("https://news.example.org/2", "Two", LONG)))

    def faulty(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(polling, "sift", faulty)
        polled = await reader.poll(reader.follow(f"{site.base}/feed"))
    assert (polled.feed.problem, polled.feed.failures) == ("fault", 1)
    assert "a fault of ours, ZeroDivisionError" in (polled.feed.said or "")
    assert "ZeroDivisionError" in caplog.text
    assert (await reader.poll(reader.follow(f"{site.base}/good"))).report.new == 1


BOMB = "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12)
)


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(said(length=10_000))
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "problem", "words"),
    [
        (said("no such", "404 Not Found"), "status", "has no such page"),
        (said("no", "500 Oh"), "status", "has a problem of its own"),
        (said("<title>Just a moment</title><script src=/cdn-cgi/challenge-platform/x>", "403 Forbidden"), "challenge", "prove that they are human"),
        (said("<!doctype html><html><body>Hello</body></html>"), "page", "a web page in place"),
        (said("words"), "not_a_feed", "not a feed"),
        (said(rss()), "empty", "no entries"),
        (said(rss("x" * 2**20 + "y")), "too large", "more than 1 MB"),
        (said(zlib.compress(bytes(2**24), wbits=31), Content_Encoding="gzip"), "too large", "more than 1 MB"),
        (said(rss(), length=5_000), "cut short", "closed the connection"),
        (moved("/feed"), "redirects", "redirect"),
        (moved("http://169.254.169.254/latest"), "refused", "not the public web"),
        (b"SSH-2.0\r\n", "malformed", "web server"),
        (drip, "timeout", "did not answer in full"),
    ],
)  # fmt: skip
async def test_a_feed_that_misbehaves_costs_its_own_health_alone(
    both: Both, answer: bytes, problem: str, words: str
) -> None:
    reader, site = both
    site.server.answers["/feed"] = answer
    site.put("/good", rss(item("https://news.example.org/1", "One", LONG)))
    polled = await reader.poll(reader.follow(f"{site.base}/feed"))
    assert (polled.feed.problem, polled.feed.failures) == (problem, 1)
    assert words in (polled.feed.said or "")
    assert (await reader.poll(reader.follow(f"{site.base}/good"))).report.new == 1


@pytest.mark.parametrize(
    "body",
    [
        rss(item("https://news.example.org/1", "Größe", LONG), title="x").replace(
            "<?xml version='1.0'?>", f"<?xml version='1.0'?>{BOMB}]>"
        ),
        rss(item("https://news.example.org/1", "Größe", LONG)).replace("</channel>", "<b>&a</x>"),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "nonsense"])
async def test_damage_and_false_charsets_cost_nothing(both: Both, body: str, charset: str) -> None:
    reader, site = both
    site.put("/feed", body, Content_Type=f"application/rss+xml; charset={charset}")
    assert (await reader.poll(reader.follow(f"{site.base}/feed"))).report.new == 1
    assert reader.articles()[0].revision.title == "Größe"


async def test_a_feed_that_moves_keeps_its_entries(both: Both) -> None:
    reader, site = both
    site.put("/new", rss(item("https://news.example.org/1", "One", LONG, guid="a")))
    site.server.answers["/old"] = moved("/new", 301)
    feed = reader.follow(f"{site.base}/old")
    for _ in range(3):
        await reader.poll(feed)
    kept = reader.store.feeds.get(LOCAL, feed.id)
    assert kept is not None
    assert kept.url == f"{site.base}/new"
    assert (await reader.poll(kept)).report.read == 0
    assert len(reader.articles()) == 1


async def test_a_feed_that_moves_to_another_is_given_up(both: Both) -> None:
    reader, site = both
    site.put("/new", rss(item("https://news.example.org/1", "One", LONG)))
    site.server.answers["/old"] = moved("/new", 308)
    reader.follow(f"{site.base}/new")
    feed = reader.follow(f"{site.base}/old")
    for _ in range(3):
        polled = await reader.poll(feed)
    assert (polled.feed.state, polled.notice is not None) == ("retired", True)
    assert "is followed already" in (polled.feed.said or "")


def failing(feed: Feed) -> tuple[int, bool]:
    return feed.failures, feed.notified


async def test_a_dead_feed_is_told_of_once_and_a_new_life_makes_it_well(both: Both) -> None:
    reader, site = both
    feed = reader.follow(f"{site.base}/feed")
    told = []
    for _ in range(12):
        polled = await reader.poll(feed)
        told += [polled.notice] if polled.notice else []
        reader.clock.on(days=1)
    assert (failing(polled.feed), len(told)) == ((12, True), 1)
    (waiting,) = reader.store.feeds.notices(LOCAL, "U1", START)
    assert waiting == told[0]
    reader.store.feeds.mark_notified(waiting, "U1", reader.clock.now())
    assert reader.store.feeds.notices(LOCAL, "U1", START) == []
    assert reader.store.feeds.notices(LOCAL, "U2", START) == told
    assert reader.store.feeds.notices(LOCAL, "U2", reader.clock.now()) == []
    site.put("/feed", rss(item("https://news.example.org/1", "One", LONG)))
    assert failing((await reader.poll(feed)).feed) == (0, False)
