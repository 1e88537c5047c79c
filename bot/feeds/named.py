"""What somebody names to be read now: links of pages and feeds, beside files and folders."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import BinaryIO

from bot.errors import FetchError, GatherError
from bot.feeds.drafting import Entries
from bot.feeds.following import feed_of
from bot.feeds.sifting import Wanted, known, learning, sift, together
from bot.gather.addresses import shown
from bot.gather.canonical import unwrapped
from bot.gather.feeds import feeds_apart, read_feed
from bot.gather.fetch import Fetched, Fetcher
from bot.gather.files import drafts
from bot.gather.opml import Listed
from bot.gather.pages import Pages, Pending
from bot.gather.records import Defaults, Rejected, check_defaults
from bot.gather.sizes import Amount
from bot.gather.web import articles_of, is_feed
from bot.models import LOCAL, Draft, Feed

_TOGETHER = 8


async def entries_of(
    got: Fetched, fetcher: Fetcher, pages: Pages, *, defaults: Defaults, now: datetime
) -> Sequence[Draft | Rejected] | None:
    """The articles of a feed that was fetched, oldest first; None where it is no feed.

    An entry of which nothing but a headline can be had is Rejected.
    """
    feeds = feeds_apart()
    try:
        read = await asyncio.to_thread(
            feeds.run, read_feed, got.body, url=got.url, charset=got.charset, now=now
        )
    except GatherError as error:
        return [Rejected(origin=got.asked, reason=error.message)]
    finally:
        feeds.close()
    if read.problem in ("page", "challenge", "not_a_feed"):
        return None
    if read.problem == "empty":
        return [Rejected(origin=got.asked, reason="it is a feed without any entry")]
    feed = feed_of(
        Listed(got.url, read.title, read.site),
        workspace=LOCAL,
        now=now,
        publisher=defaults.publisher,
    )
    wanted = sift(known(read.entries), {}, (), feed.url).wanted[::-1]
    names: dict[str, str] = {}
    first, rest = ([], wanted) if feed.publisher else learning(wanted, names)
    made: dict[str, Draft | Rejected] = {}
    entries = Entries(fetcher, pages, lambda: now)
    for some in [*together(first, _TOGETHER), *together(rest, _TOGETHER)]:
        done = await asyncio.gather(*(_made(entries, feed, want, names) for want in some))
        made.update((want.known.key, one) for want, one in zip(some, done, strict=True))
    return [made[want.known.key] for want in wanted]


async def _made(
    entries: Entries, feed: Feed, want: Wanted, names: dict[str, str]
) -> Draft | Rejected:
    _, draft, later = await entries.draft(feed, want, names)
    if draft is not None:
        return draft
    entry = want.known.entry
    return Rejected(
        origin=entry.link or entry.title or feed.url,
        reason="its page cannot be had for the moment; read the feed again later"
        if later
        else "the feed has its headline only, and no article can be told on its page",
    )


AT_ONCE = 16
"""Links that are fetched together, and whose pages are in memory together."""

_Found = Draft | Rejected | Pending


def is_link(text: str) -> bool:
    """Whether somebody who names this means a link, and not a file."""
    return text.lower().startswith(("http://", "https://"))


def gathered(
    named: Sequence[str],
    fetcher: Fetcher,
    *,
    defaults: Defaults,
    now: datetime,
    stdin: BinaryIO | None = None,
    workers: int = 1,
    amount: Amount | None = None,
) -> Iterator[Draft | Rejected]:
    """Read the articles of what somebody names: links, files and folders, in their order.

    As ``bot.gather.files.drafts``, with links beside paths; a default link is for files only.
    """
    check_defaults(defaults, now=now)
    without = defaults.model_copy(update={"url": None})
    return chain.from_iterable(
        _of_links(list(some), fetcher, without, now, workers)
        if linked
        else drafts(
            list(some), defaults=defaults, now=now, stdin=stdin, workers=workers, amount=amount
        )
        for linked, some in groupby(named, is_link)
    )


def _of_links(
    links: Sequence[str], fetcher: Fetcher, defaults: Defaults, now: datetime, workers: int
) -> Iterator[Draft | Rejected]:
    with Pages(workers or os.cpu_count() or 1) as pages:
        yield from pages.drafts(_fetched(links, fetcher, pages, defaults, now))


def _fetched(
    links: Sequence[str], fetcher: Fetcher, pages: Pages, defaults: Defaults, now: datetime
) -> Iterator[_Found]:
    """Fetch links some at a time, in an event loop of its own; robots.txt is respected."""
    with asyncio.Runner() as runner:
        runner.run(fetcher.__aenter__())
        try:
            for start in range(0, len(links), AT_ONCE):
                some = links[start : start + AT_ONCE]
                for found in runner.run(_together(some, fetcher, pages, defaults, now)):
                    yield from found
        finally:
            runner.run(fetcher.__aexit__(None, None, None))


async def _together(
    links: Sequence[str], fetcher: Fetcher, pages: Pages, defaults: Defaults, now: datetime
) -> list[Sequence[_Found]]:
    return await asyncio.gather(*(_one(one, fetcher, pages, defaults, now) for one in links))


async def _one(
    link: str, fetcher: Fetcher, pages: Pages, defaults: Defaults, now: datetime
) -> Sequence[_Found]:
    try:
        got = await fetcher.get(unwrapped(link), page=True)
    except FetchError as error:
        return [Rejected(origin=shown(link) if "@" in link else link, reason=str(error))]
    if is_feed(got):
        entries = await entries_of(got, fetcher, pages, defaults=defaults, now=now)
        if entries is not None:
            return entries
    return list(articles_of(got, link, defaults=defaults, now=now))
