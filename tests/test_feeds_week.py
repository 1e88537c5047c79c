"""A week of a news site on loopback, by a clock set by hand: everything once, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.gather.feeds import feeds_apart
from bot.gather.pages import Pages
from bot.gather.workers import Apart
from tests.rogue import said
from tests.site import START, Site, item, page, reading, rss, story

HOURS = 7 * 24
EVERY = 6
HELD = 12
"""Stories that the feed holds at a time; one appears every six hours."""


@pytest.fixture(scope="module")
def feeds() -> Iterator[Apart]:
    apart = feeds_apart()
    yield apart
    apart.close()


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        yield pages


class Newsroom:
    """Publishes: odd numbers whole in the feed, even ones as teasers with a page each."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.published: dict[int, datetime] = {}
        self.edited: set[int] = set()
        self.redated: dict[int, datetime] = {}
        self.suffix = ""

    def at(self, hour: int, now: datetime) -> None:
        """What happens in an hour of the week."""
        if hour % EVERY == 0:
            self.published[hour // EVERY] = now
        if hour == 40:  # a whole one and one with a page are edited
            self.edited |= {5, 6}
        if hour == 50:  # an old story is pushed up with the date of the day
            self.redated[1] = now
        if hour == 70:  # new software: every GUID is another
            self.suffix = "-v2"
        self.serve()
        if hour in (90, 91):  # an outage, then an empty feed
            self.site.server.answers["/feed"] = said("oh", "500 Oh") if hour == 90 else said(rss())

    def serve(self) -> None:
        newest = sorted(self.published, reverse=True)[:HELD]
        held = [*self.redated, *(n for n in newest if n not in self.redated)]
        self.site.put("/feed", rss(*map(self._item, held)), Cache_Control="max-age=60")
        for n in held:
            if n % 2 == 0:
                self.site.put(f"/{n}", page(f"Story {n}", self._text(n), self.published[n]))

    def _item(self, n: int) -> str:
        text = self._text(n) if n % 2 else f"Village {n}: {'edited' * (n in self.edited)} …"
        when = self.redated.get(n, self.published[n])
        return item(
            f"{self.site.base}/{n}", f"Story {n}", text, guid=f"{n}{self.suffix}", published=when
        )

    def _text(self, n: int) -> str:
        return story(n, 7) + ("<p>This sentence was added later on.</p>" * (n in self.edited))


async def test_a_week(tmp_path: Path, feeds: Apart, pages: Pages) -> None:
    async with reading(tmp_path, feeds, pages) as (reader, site):
        newsroom = Newsroom(site)
        newsroom.at(0, START)
        feed = reader.follow(f"{site.base}/feed")
        hour, polls, unconditional = 0, 0, 0
        delays: list[timedelta] = []
        while (due := reader.store.feeds.next_due()) and due < START + timedelta(hours=HOURS):
            while START + timedelta(hours=hour + 1) <= due:
                hour += 1
                newsroom.at(hour, START + timedelta(hours=hour))
            reader.clock.time = due
            polled = await reader.poller.due()
            assert polled is not None
            reader.reports.append(polled.report)
            polls += 1
            unconditional += site.whole["/feed"]
            if polled.report.new:
                delays.append(due - newsroom.published[max(newsroom.published)])

        stored = reader.articles()
        titles = [one.revision.title for one in stored]
        assert sorted(titles) == sorted(f"Story {n}" for n in newsroom.published)
        assert {one.revision.title for one in stored if one.revision.n > 1} == {
            "Story 5",
            "Story 6",
        }
        assert all(one.revision.n == 2 for one in stored if one.revision.n > 1)
        assert all("added later on" in one.revision.text for one in stored if one.revision.n > 1)
        # Each has the date on which it appeared, the one pushed up and those renamed, too.
        assert {one.revision.title: one.article.published for one in stored} == {
            f"Story {n}": when for n, when in newsroom.published.items()
        }
        assert all("boats of the ferry line" in one.revision.text for one in stored)
        # A page is asked for once, and once more when its story is edited.
        assert {n: site.asked(f"/{n}") for n in newsroom.published if n % 2 == 0} == {
            n: 1 + (n in newsroom.edited) for n in newsroom.published if n % 2 == 0
        }
        assert site.asked("/feed") == polls
        # Half an hour for each, and some hours for that of the outage.
        assert sorted(delays[1:])[-2] < timedelta(minutes=45)
        assert max(delays[1:]) < timedelta(hours=4)
        kept = reader.store.feeds.get("local", feed.id)
        assert kept is not None
        assert kept.failures == 0
        of_pages = sum(
            site.whole[f"/{n}"] * site.asked(f"/{n}") for n in newsroom.published if n % 2 == 0
        )
        saved = 1 - (site.sent - of_pages) / unconditional
        assert saved >= 0.9
