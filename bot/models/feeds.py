"""Web pages and feeds as fetched, and the findings of the doctor."""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, AwareDatetime, Field

from bot.models.base import EVERYWHERE, Model, Precision

Wall = Literal["captcha", "consent", "paywall", "script", "missing"]
"""What a page has in place of the article: a CAPTCHA, a cookie dialog, a stub for subscribers,
a page that only a browser can render, or no article at all."""


class WebPage(Model):
    """A page or PDF as fetched: its decompressed bytes, and facts from the HTTP response.

    ``url`` is the final address after redirects, ``charset`` the encoding named in the header,
    and ``now`` the reference time for its dates.
    """

    body: bytes
    url: str | None = None
    charset: str | None = None
    now: AwareDatetime


class Extracted(Model):
    """The article extracted from one page; ``None`` means that the page does not say.

    ``text`` is empty if there is a ``wall``. ``url`` is the canonical address that the page
    declares, on the site that served it; ``published`` and ``modified`` are never in the future
    and never guessed.
    """

    title: str = ""
    text: str = ""
    author: str | None = None
    publisher: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    modified: AwareDatetime | None = None
    url: str | None = None
    wall: Wall | None = None


FeedProblem = Literal["page", "challenge", "not_a_feed", "empty", "undated"]
"""What is wrong with a fetched feed: it is a web page, a challenge page for robots, or not a
feed at all; it has no entries, or no entry with a date."""


class FeedEntry(Model):
    """One entry of a feed, with the fields that the feed gives.

    ``text`` is plain text with blank lines between paragraphs. ``updated`` is the time of the last
    change, never of publication. ``publisher`` is set if the feed carries entries of other
    publishers.
    """

    guid: str | None = None
    link: str | None = None
    title: str = ""
    text: str = ""
    author: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    updated: AwareDatetime | None = None
    publisher: str | None = None


class FeedRead(Model):
    """A parsed feed: ``kind`` names its format (``rss20``, ``atom10``, ``json``), "" if none.

    ``ttl`` is the polling interval in seconds that the feed asks for. ``refused`` counts dates
    in the future, ``lost`` entries that could not be parsed.
    """

    kind: str = ""
    title: str = ""
    site: str | None = None
    ttl: int | None = Field(default=None, ge=0)
    entries: tuple[FeedEntry, ...] = ()
    refused: int = 0
    lost: int = 0
    problem: FeedProblem | None = None


FeedState = Literal["active", "paused", "retired"]
"""Polled; not polled until somebody resumes it; gone for good."""


class Feed(Model):
    """A feed that a workspace follows, and its health.

    ``interval`` is the seconds between polls, derived from the pace of entries, before jitter;
    ``gap`` the smoothed seconds between two entries, None until known; ``ttl`` the seconds that
    the feed asks for. ``publisher`` is the publisher of its articles, if somebody set it;
    ``names`` are publishers' own names by host, learnt from their pages. ``problem`` is a word
    for the last problem, ``said`` the sentence for it, None while there is none. ``failures``
    counts failed polls in a row, since ``failing_since``; ``notified`` is whether a notice was sent
    for them. ``moved_to`` is the target of permanent redirects in the last polls, ``moved_seen``
    the number of those polls. ``claim`` numbers the claims, so that a worker that lost its lease
    cannot write.
    """

    workspace: str
    id: str
    url: str
    audience: str = EVERYWHERE
    title: str = ""
    site: str | None = None
    category: str = ""
    publisher: str | None = None
    names: dict[str, str] = Field(default_factory=dict)
    state: FeedState = "active"
    added_at: AwareDatetime
    added_by: str = ""
    etag: str | None = None
    last_modified: str | None = None
    interval: int = Field(default=3600, ge=1)
    gap: float | None = None
    ttl: int | None = None
    next_poll: AwareDatetime
    last_poll: AwareDatetime | None = None
    last_success: AwareDatetime | None = None
    last_new: AwareDatetime | None = None
    entries: int = 0
    problem: str | None = None
    said: str | None = None
    failures: int = 0
    failing_since: AwareDatetime | None = None
    notified: bool = Field(default=False, validation_alias=AliasChoices("notified", "told"))
    """Called ``told`` in feeds that an earlier version stored."""
    moved_to: str | None = None
    moved_seen: int = 0
    polls: int = 0
    unchanged: int = 0
    received: int = 0
    claim: int = 0


class Seen(Model):
    """An entry that a feed had before.

    ``key`` identifies it in the feed. ``sha256`` is the hash of its content, "" while its page
    could not be fetched; ``tries`` counts the attempts. ``published`` is the first date it gave.
    """

    key: str
    sha256: str
    link: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    tries: int = 0


class Notice(Model):
    """A message about a feed that the admins of a workspace get once."""

    workspace: str
    id: str
    feed: str
    said: str
    at: AwareDatetime


Level = Literal["well", "note", "wrong"]
"""No problem; harmless but worth knowing; needs fixing."""


class Finding(Model):
    """``said`` is the finding about ``area``, ``do`` the remedy, "" if none is needed."""

    area: str
    level: Level
    said: str
    do: str = ""
