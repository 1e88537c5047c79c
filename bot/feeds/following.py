"""The feeds that a workspace follows, their health, and notices of those that failed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.answer.formatting import day
from bot.errors import BadFeed
from bot.gather.feeds import Listed
from bot.gather.links import canonical_url, short
from bot.models import EVERYWHERE, Feed, Outgoing
from bot.store.store import Store

_UNIT = "\x1f"
_AT_LEAST = 4
"""Minimum length of a prefix of an id or address that may name a feed, if it is unique."""

_SHOWN = 5
"""Candidates listed in an error."""


def feed_of(
    listed: Listed,
    *,
    workspace: str,
    now: datetime,
    person: str = "",
    publisher: str | None = None,
    audience: str = EVERYWHERE,
) -> Feed:
    """Make a feed, due at once. Its id follows from its workspace, audience and address."""
    key = _UNIT.join((workspace, audience, key_of(listed.url)))
    return Feed(
        workspace=workspace,
        id=hashlib.sha256(key.encode()).hexdigest()[:10],
        url=listed.url,
        audience=audience,
        title=listed.title,
        site=listed.site,
        category=listed.category,
        publisher=publisher,
        added_at=now,
        added_by=person,
        next_poll=now,
    )


def key_of(url: str) -> str:
    """Return the normalised address that identifies a feed."""
    return short(canonical_url(url))


def named(store: Store, workspace: str, name: str) -> Feed:
    """Find a feed by anything that a list of feeds prints for it.

    That is its id, its title or its address, or a unique prefix of one of them; case and
    blanks do not count. Raises BadFeed, with the candidates if there are several.
    """
    every = store.feeds.all(workspace) if name.strip() else []
    for found in (_exactly(every, name), _beginning(every, name)):
        if len(found) == 1:
            return found[0]
        if found:
            some = "; ".join(f"{one.title or one.url} ({one.id})" for one in found[:_SHOWN])
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            raise BadFeed(
                f"{name} may be {some}{more}: give more of the name, or the id.", about=name
            )
    hint = "`dragoman feeds list` lists them."
    raise BadFeed(f"No feed {name} is followed.", about=name, hint=hint)


def _exactly(every: Sequence[Feed], name: str) -> list[Feed]:
    wanted, first = _folded(name), name.split()[:1]
    by_id = [one for one in every if one.id == wanted or [one.id] == first]
    titled = [one for one in every if _folded(one.title) == wanted]
    if by_id or titled:
        return by_id or titled
    if "." not in wanted or " " in wanted:
        return []
    try:
        key = key_of(name.strip() if "://" in name else f"https://{name.strip()}")
    except ValueError:  # not an address
        return []
    return [one for one in every if key_of(one.url) == key]


def _beginning(every: Sequence[Feed], name: str) -> list[Feed]:
    wanted = _folded(name)
    if found := [one for one in every if _folded(one.title).startswith(wanted)]:
        return found
    if len(wanted) < _AT_LEAST:
        return []
    address = wanted.partition("://")[2] or wanted
    return [
        one
        for one in every
        if one.id.startswith(wanted) or one.url.casefold().partition("://")[2].startswith(address)
    ]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def listed(feed: Feed) -> Listed:
    """Return a feed as an entry of an exported list."""
    return Listed(feed.url, feed.title, feed.site, feed.category)


def health(feed: Feed) -> str:
    """Return the health in one line: well, new, paused, retired, or failing since when and why."""
    if feed.state == "retired":
        return f"retired: {feed.said}" if feed.said else "retired"
    if feed.state == "paused":
        return "paused" + (f"; before that, {_failing(feed)}" if feed.failures else "")
    if feed.last_poll is None:
        return "not polled yet"
    if feed.failures:
        return _failing(feed)
    return f"well, but: {feed.said}" if feed.said else "well"


def _failing(feed: Feed) -> str:
    times = "once" if feed.failures == 1 else f"{feed.failures:,} times in a row"
    first = feed.failing_since
    since = f" since {day(first)}, {first:%H:%M} UTC" if first else ""
    return f"failed {times}{since}: {feed.said}"


def ago(when: datetime | None, now: datetime) -> str:
    """Return the time between ``when`` and ``now``: ``12 min``, ``3 h``, ``9 days``."""
    if when is None:
        return "never"
    seconds = abs((when - now).total_seconds())
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3_600:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * 86_400:
        return f"{seconds / 3_600:.0f} h"
    return f"{seconds / 86_400:.0f} days"


RECENT = timedelta(days=7)
"""Older notices are not sent to people who became admins later."""


def tell(store: Store, workspace: str, people: Sequence[str], now: datetime) -> int:
    """Queue the feed notices that these people have not had yet; returns how many.

    Raises StoreError.
    """
    notified = 0
    for person in people:
        for notice in store.feeds.notices(workspace, person, now - RECENT):
            item = Outgoing(
                workspace=workspace,
                key=f"feed:{notice.id}:{person}",
                kind="notice",
                place=person,
                content={"said": notice.said},
                due_at=now,
                expires_at=now + RECENT,
            )
            # After a crash between the two, the next pass puts it again, which adds nothing.
            store.outbox.put([item], now)
            store.feeds.mark_notified(notice, person, now)
            notified += 1
    return notified
