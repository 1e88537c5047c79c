"""Which feeds a workspace follows: added, found again, listed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.errors import BadFeed
from bot.gather.canonical import canonical_url
from bot.gather.names import short
from bot.gather.opml import Listed
from bot.models import EVERYWHERE, Feed
from bot.store.store import Store

_UNIT = "\x1f"
_AT_LEAST = 4
"""Digits of an id by which a feed may be named, if they tell it."""


def feed_of(
    listed: Listed,
    *,
    workspace: str,
    now: datetime,
    person: str = "",
    publisher: str | None = None,
    audience: str = EVERYWHERE,
) -> Feed:
    """Make a feed, due at once. Its id follows from whose it is and its address."""
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
    """The folded address by which a feed is one."""
    return short(canonical_url(url))


def named(store: Store, workspace: str, name: str) -> Feed:
    """The feed of that id, the beginning of it, or that address; raises BadFeed."""
    every = store.feeds.all(workspace)
    if "://" in name:
        key = key_of(name)
        found = [one for one in every if key_of(one.url) == key]
    else:
        found = [one for one in every if one.id == name] or [
            one for one in every if len(name) >= _AT_LEAST and one.id.startswith(name.lower())
        ]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.id for one in found)
        raise BadFeed(f"{name} may be {ids}: give more of the id.", about=name)
    raise BadFeed(f"No feed {name} is followed: `dragoman feeds list` lists them.", about=name)


def listed(feed: Feed) -> Listed:
    """A feed as it stands in a list that goes out."""
    return Listed(feed.url, feed.title, feed.site, feed.category)
