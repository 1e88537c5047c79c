"""Many feeds polled, for as long as it runs; and who is told of those that die."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.feeds.following import RECENT, ago, health, notify
from bot.feeds.poll import Polled, keep_polling, poll_all, poll_due
from bot.gather.feeds import feeds_apart
from bot.gather.pages import Pages
from bot.gather.workers import Apart
from bot.models import LOCAL, Notice
from tests.rogue import said
from tests.site import START, Reader, Site, item, reading, rss, story
from tests.unsent import unsent

Both = tuple[Reader, Site]


@pytest.fixture(scope="module")
def feeds() -> Iterator[Apart]:
    apart = feeds_apart()
    yield apart
    apart.close()


@pytest.fixture
async def both(tmp_path: Path, feeds: Apart) -> AsyncIterator[Both]:
    with Pages() as pages:
        async with reading(tmp_path, feeds, pages) as both:
            yield both


def several(reader: Reader, site: Site, many: int) -> None:
    for n in range(many):
        site.put(f"/{n}", rss(item(f"https://news.example.org/{n}", f"No {n}", story(n, 8))))
        reader.follow(f"{site.base}/{n}")


async def test_all_that_is_due_is_polled_once(both: Both) -> None:
    reader, site = both
    several(reader, site, 9)
    told: list[Polled] = []
    done = await poll_due(reader.poller, told.append)
    assert len(done) == len(told) == len(reader.articles()) == 9
    assert sorted(site.server.paths) == sorted(f"/{n}" for n in range(9))
    assert await poll_due(reader.poller, told.append) == []
    again = await poll_all(reader.poller, reader.store.feeds.all(LOCAL), told.append)
    assert {polled.feed.polls for polled in again} == {2}


async def test_an_error_stops_all_and_comes_out_as_it_is(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, site = both
    several(reader, site, 6)

    def away(*_: object) -> None:
        raise StoreUnavailable("The store is away.")

    monkeypatch.setattr(reader.store.feeds, "save", away)
    with pytest.raises(StoreUnavailable):
        await poll_due(reader.poller, lambda _: None)


async def test_polling_goes_on_and_logs_a_lasting_failure_once(
    both: Both, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader, site = both
    several(reader, site, 3)
    came = asyncio.Event()
    tries = 0
    next_due = reader.store.feeds.next_due

    def shaky() -> object:
        nonlocal tries
        tries += 1
        if tries <= 12:
            raise StoreUnavailable("The store is away.")
        return next_due()

    async def told(_: Polled) -> None:
        if len(reader.articles()) == 3:
            came.set()

    monkeypatch.setattr(reader.store.feeds, "next_due", shaky)
    task = asyncio.create_task(keep_polling(reader.poller, told, seconds=0.01))
    await asyncio.wait_for(came.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    lines = [line for line in caplog.messages if "The store is away" in line]
    assert 1 <= len(lines) <= 4  # once for each of those that poll


def notice(reader: Reader, number: int, ago: timedelta) -> None:
    feed = reader.follow(f"https://news.example.org/{number}")
    claimed = reader.store.feeds.claim(reader.clock.now(), timedelta(minutes=1), feed)
    assert claimed is not None
    said = Notice(
        workspace=LOCAL, id=f"n{number}", feed=feed.id, said=f"Feed {number} died.", at=START - ago
    )
    assert reader.store.feeds.save(claimed, feed.url, [], said, reader.clock.now())


def refuse(*_: object) -> None:
    raise StoreUnavailable("The store is busy.")


async def test_each_is_told_once_and_later_where_it_did_not_work(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, _ = both
    notice(reader, 1, timedelta(hours=2))
    notice(reader, 2, timedelta(hours=1))
    notice(reader, 3, RECENT + timedelta(hours=1))
    telling = partial(notify, reader.store, LOCAL, ["U1", "U2"], START)
    with monkeypatch.context() as broken:
        broken.setattr(reader.store.feeds, "mark_notified", refuse)
        with pytest.raises(StoreUnavailable):
            telling()
    assert telling() == 4
    assert telling() == 0
    heard = [(one.place, one.content["said"]) for one in unsent(reader.store, LOCAL)]
    assert sorted(heard) == [(person, f"Feed {n} died.") for person in ("U1", "U2") for n in (1, 2)]


async def test_how_a_feed_fares_is_said_in_words(both: Both) -> None:
    reader, site = both
    site.server.answers["/feed"] = said("no", "500 Oh")
    feed = reader.follow(f"{site.base}/feed")
    assert health(feed) == "not polled yet"
    failed = (await reader.poll(feed)).feed
    assert health(failed).startswith(
        "failed once since 2 Mar 2026, 06:00 UTC: 127.0.0.1 has a problem of its own"
    )
    assert health(failed.model_copy(update={"state": "paused"})).startswith("paused; before that")
    again = (await reader.poll(feed)).feed
    assert health(again).startswith("failed 2 times in a row since")
    site.put("/feed", rss(item("https://news.example.org/1", "One", story(1, 8))))
    assert health((await reader.poll(feed)).feed) == "well"
    site.put("/feed", rss(item("", "One", story(1, 8), published=None)))
    assert health((await reader.poll(feed)).feed).startswith("well, but: No entry of the feed")
    site.server.answers["/feed"] = said("", "410 Gone")
    assert health((await reader.poll(feed)).feed).startswith("retired: 127.0.0.1")
    assert reader.store.feeds.set_state(LOCAL, feed.id, "active", reader.clock.now())
    (resumed,) = reader.store.feeds.all(LOCAL)
    assert health(resumed) == "well"
    assert resumed.next_poll == reader.clock.now()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s"), (-300, "5 min"), (7_200, "2 h"), (-4 * 86_400, "4 days"), (None, "never")],
)
def test_how_long_ago_or_to_come(seconds: float | None, words: str) -> None:
    when = None if seconds is None else START + timedelta(seconds=seconds)
    assert ago(when, START) == words
