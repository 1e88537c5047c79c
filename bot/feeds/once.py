"""A feed read once, without being followed: all its entries, with the pages they need."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.errors import GatherError
from bot.feeds.drafting import Entries
from bot.feeds.following import feed_of
from bot.feeds.sifting import Wanted, known, learning, sift, together
from bot.gather.feeds import feeds_apart, read_feed
from bot.gather.fetch import Fetched, Fetcher
from bot.gather.opml import Listed
from bot.gather.pages import Pages
from bot.gather.records import Defaults, Rejected
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
