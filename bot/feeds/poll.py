"""Poll feeds: fetch, parse and ingest each, and save it with its entries in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, ParamSpec, TypeVar

from bot.errors import DragomanError, GatherError
from bot.feeds.drafting import Entries, Wanted, known, learning, settled, sift, together, waiting
from bot.feeds.following import key_of
from bot.feeds.schedule import Changed, Outcome, Unchanged, conditions, polled, retired
from bot.gather.feeds import feeds_apart, read_feed
from bot.gather.fetch import Fetched, Fetcher
from bot.gather.pages import Pages
from bot.gather.workers import Apart
from bot.ingest import Report
from bot.models import Draft, Feed, Notice, Seen
from bot.settings import Settings
from bot.store.store import Store
from bot.telemetry import counts

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""How long after the last renewal by the polling process another process may take over a feed."""

LONGEST = timedelta(minutes=5)
"""How long one poll fetches pages; the rest wait for the next poll."""

MOST_PAGES = 40
"""Pages that one poll fetches; the rest wait for the next, so that no feed starves the others."""

_TOGETHER = 4
_AGAIN = timedelta(minutes=1)
_MOST_NAMES = 200

TakeIn = Callable[[Feed, Sequence[Draft], datetime], Report]
"""Reads and stores the drafts of a feed; the desk implements it."""


@dataclass(frozen=True, slots=True)
class Polled:
    """The result of one poll: the feed as it is now, how many articles are new, changed ...

    ``partial`` counts articles with only the feed's summary, because their page shows a
    paywall, a CAPTCHA or the like, or no recognisable article.
    """

    feed: Feed
    notice: Notice | None = None
    report: Report = field(default_factory=Report)
    pages: int = 0
    left: int = 0
    kept: bool = True
    partial: int = 0


_Made = tuple[Wanted, Draft | None, bool]
"""An entry, its draft if any, and whether it must wait."""


class _Taken(NamedTuple):
    seen: list[Seen] = []  # noqa: RUF012 - never changed
    new: int = 0
    left: int = 0
    pages: int = 0
    report: Report = Report()
    names: dict[str, str] | None = None
    partial: int = 0


class Poller:
    """Polls feeds, each by one task; several may be polled concurrently."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        feeds: Apart,
        pages: Pages,
        take_in: TakeIn,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """``feeds`` runs the parsing of feeds, ``pages`` that of pages; the caller owns both."""
        self._store = store
        self._fetcher = fetcher
        self._feeds = feeds
        self._entries = Entries(fetcher, pages, now)
        self._take_in = take_in
        self._now = now
        # Two feeds that bring the same article concurrently would each find it new.
        self._one_by_one = asyncio.Lock()

    async def due(self) -> Polled | None:
        """Poll the feed that has been due longest; None if none is due."""
        # Looking takes no lock; claiming does, and most of the time nothing is due.
        due = await finished(self._store.feeds.next_due)
        if due is None or due > self._now():
            return None
        feed = await self._claim(None)
        return None if feed is None else await self._claimed(feed)

    async def poll(self, feed: Feed) -> Polled | None:
        """Poll this feed, due or not; None if another process is polling it."""
        claimed = await self._claim(feed)
        return None if claimed is None else await self._claimed(claimed)

    async def _claim(self, only: Feed | None) -> Feed | None:
        claiming = asyncio.ensure_future(
            asyncio.to_thread(self._store.feeds.claim, self._now(), LEASE, only)
        )
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            feed = await claiming
            if feed is not None:
                await finished(self._store.feeds.release, feed, None)
            raise

    async def _claimed(self, feed: Feed) -> Polled:
        living = asyncio.create_task(self._keep(feed), name=f"lease of {feed.id}")
        try:
            return await self._outcome(feed)
        finally:
            living.cancel()
            await asyncio.wait([living])

    async def _keep(self, feed: Feed) -> None:
        """Renew the lease while the poll runs."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await finished(self._store.feeds.release, feed, self._now() + LEASE)
            except DragomanError as error:
                log.warning("the lease of %s is not renewed: %s", feed.url, error)

    async def _outcome(self, feed: Feed) -> Polled:
        store = self._store.feeds
        try:
            return await self._polled(feed)
        except asyncio.CancelledError:
            # The next poller need not wait for the lease.
            await finished(store.release, feed, None)
            raise
        except DragomanError:
            # The store may be unavailable: the other feeds come first.
            await finished(store.release, feed, self._now() + _AGAIN)
            raise
        except Exception as error:
            # It must not block the other feeds.
            log.exception("a fault while %s was polled", feed.url)
            fault = GatherError(f"a fault of ours, {type(error).__name__}; the log tells more")
            after, notice = polled(feed, fault, self._now())
            return await finished(self._save, feed, after, notice, _Taken())

    async def _polled(self, feed: Feed) -> Polled:
        taken = _Taken()
        outcome: Outcome
        try:
            etag, modified = conditions(feed)
            fetched = await self._fetcher.get(feed.url, etag=etag, last_modified=modified)
            if fetched.status == 304:
                outcome = Unchanged(fetched)
            else:
                outcome, taken = await self._read(feed, fetched)
        except GatherError as error:
            outcome = error
        after, notice = polled(feed, outcome, self._now())
        return await finished(self._save, feed, after, notice, taken)

    async def _read(self, feed: Feed, fetched: Fetched) -> tuple[Outcome, _Taken]:
        read = await asyncio.to_thread(
            self._feeds.run,
            read_feed,
            fetched.body,
            url=fetched.url,
            charset=fetched.charset,
            now=self._now(),
        )
        entries = known(read.entries)
        links = [one.link for one in entries if one.link]
        seen = await finished(self._store.feeds.seen, feed, [one.key for one in entries])
        brought = await finished(self._store.feeds.linked, feed, links)
        sifted = sift(entries, seen, brought, feed.url)
        at_home = feed.model_copy(update={"site": read.site or feed.site})
        taken = await self._wanted(at_home, sifted.wanted)
        taken = taken._replace(seen=[*taken.seen, *sifted.settled])
        return Changed(fetched, read, taken.new, taken.left), taken

    async def _wanted(self, feed: Feed, wanted: Sequence[Wanted]) -> _Taken:
        """Ingest new or changed entries; those that must wait count as left."""
        names = dict(feed.names)
        made = await self._drafts(feed, wanted, names)
        drafts = [draft for _, draft, _ in made if draft is not None]
        report = Report()
        if drafts:
            # Feeds list the newest entry first; of two equal articles the older goes in first.
            async with self._one_by_one:
                report = await finished(self._take_in, feed, drafts[::-1], self._now())
        seen = [_kept(want, draft, later) for want, draft, later in made]
        later = sum(later for _, _, later in made)
        return _Taken(
            seen,
            new=sum(
                want.before is None or not want.before.sha256 for want, _, late in made if not late
            ),
            left=later + len(wanted) - len(made),
            pages=sum(want.page for want, _, _ in made),
            report=report,
            names=dict(list(names.items())[-_MOST_NAMES:]),
            partial=sum(draft.partial for draft in drafts),
        )

    async def _drafts(
        self, feed: Feed, wanted: Sequence[Wanted], names: dict[str, str]
    ) -> list[_Made]:
        """Return the drafts of the wanted entries that this poll gets to, in their order."""
        order = {want.known.key: n for n, want in enumerate(wanted)}
        first, rest = ([], list(wanted)) if feed.publisher else learning(wanted, names)
        made: list[_Made] = []
        paged = [want.known.key for want in [*first, *rest] if want.page or want.learn]
        later = set(paged[MOST_PAGES:])
        rest = [want for want in rest if want.known.key not in later]
        until = self._now() + LONGEST
        for some in [*together(first, _TOGETHER), *together(rest, _TOGETHER)]:
            if self._now() > until:
                break
            done = await asyncio.gather(*(self._entries.draft(feed, one, names) for one in some))
            made += done
            if sum(later for _, _, later in done) == _TOGETHER:
                break  # their server has trouble: skip the others
        return sorted(made, key=lambda one: order[one[0].known.key])

    def _save(self, feed: Feed, after: Feed, notice: Notice | None, taken: _Taken) -> Polled:
        if taken.names is not None:
            after = after.model_copy(update={"names": taken.names})
        key = key_of(after.url)
        if after.url != feed.url:
            other = self._store.feeds.by_key(after, key)
            if other is not None and other.id != feed.id:
                said = f"It has moved to {after.url}, which is followed already."
                after, notice = retired(
                    after.model_copy(update={"url": feed.url}), said, self._now()
                )
                key = key_of(feed.url)
        failed = after.failures > feed.failures
        counts.POLLS.labels("failed" if failed else "came" if taken.new else "unchanged").inc()
        kept = self._store.feeds.save(after, key, taken.seen, notice, self._now())
        return Polled(after, notice, taken.report, taken.pages, taken.left, kept, taken.partial)


async def finished(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread, and wait until it ends even if this task is cancelled meanwhile.

    The store is closed after this task ends, and nothing may be using it then.
    """
    calling = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(calling)
    finally:
        if not calling.done():
            await asyncio.wait([calling])


def _kept(want: Wanted, draft: Draft | None, later: bool) -> Seen:
    """Return the record of a wanted entry."""
    if later:
        return waiting(want)
    seen = settled(want.known, draft)
    # A headline alone, or a comment on another publisher's article, stores no article under
    # the link, so another feed may still bring that article.
    stands = draft is not None and draft.url is not None
    return seen if stands else seen.model_copy(update={"link": None})


LOOK_SECONDS = 5.0
"""Seconds between checks for due feeds."""

FEEDS_AT_ONCE = 4
"""Feeds that one process polls concurrently; most of the time goes to waiting for servers."""


@asynccontextmanager
async def polling(
    settings: Settings,
    store: Store,
    ingest: Callable[..., Report],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Poller]:
    """Open a poller with processes that parse feeds and pages, as the settings say.

    ``ingest`` is the desk's function, since this room must not import the desk.
    """

    def take_in(feed: Feed, drafts: Sequence[Draft], at: datetime) -> Report:
        return ingest(
            drafts, now=at, workspace=feed.workspace, audience=feed.audience, facts_later=True
        )

    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(Fetcher.from_settings(settings))
        feeds = feeds_apart()
        stack.push_async_callback(asyncio.to_thread, feeds.close)
        pages = Pages()
        stack.push_async_callback(asyncio.to_thread, pages.close)
        yield Poller(store, fetcher, feeds, pages, take_in, now=now)


async def poll_all(
    poller: Poller, feeds: Sequence[Feed], on_polled: Callable[[Polled], None]
) -> list[Polled]:
    """Poll these feeds, several concurrently; skip those that another process is polling."""
    waiting = iter(feeds)
    done: list[Polled] = []

    async def work() -> None:
        for feed in waiting:  # the workers share one iterator
            polled = await poller.poll(feed)
            if polled is not None:
                done.append(polled)
                on_polled(polled)

    await _all_at_once(work)
    return done


async def poll_due(poller: Poller, on_polled: Callable[[Polled], None]) -> list[Polled]:
    """Poll due feeds until none is due."""
    done: list[Polled] = []

    async def work() -> None:
        while (polled := await poller.due()) is not None:
            done.append(polled)
            on_polled(polled)

    await _all_at_once(work)
    return done


async def keep_polling(
    poller: Poller, on_polled: Callable[[Polled], Awaitable[None]], seconds: float = LOOK_SECONDS
) -> None:
    """Poll due feeds until cancelled; failures are logged once in a row, and retried."""

    async def work() -> None:
        failing = False
        while True:
            try:
                polled = await poller.due()
                if polled is not None:
                    await on_polled(polled)
            except DragomanError as error:
                if not failing:
                    log.warning("feeds wait: %s", error)
                failing, polled = True, None
            else:
                failing = False
            if polled is None:
                await asyncio.sleep(seconds)

    await _all_at_once(work)


async def _all_at_once(work: Callable[[], Awaitable[None]]) -> None:
    """Run several workers concurrently; the first error cancels them all and propagates."""
    tasks = [asyncio.ensure_future(work()) for _ in range(FEEDS_AT_ONCE)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
