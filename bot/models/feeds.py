"""Web pages and feeds as they come in, and what the doctor finds."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import EVERYWHERE, Model, Precision

Wall = Literal["captcha", "consent", "paywall", "script", "missing"]
"""What stands where the article should be: a test that a person is there, a question about
cookies, a stub for those who pay, a page that only a browser fills, or no article at all."""


class WebPage(Model):
    """A page or PDF as it came: its bytes unpacked, and what HTTP said of them.

    ``url`` is where it was found in the end, ``charset`` the encoding that its header
    names, and ``now`` what its dates are measured against.
    """

    body: bytes
    url: str | None = None
    charset: str | None = None
    now: AwareDatetime


class Extracted(Model):
    """The article of one page; ``None`` is what the page does not say.

    ``text`` is empty where there is a ``wall``: what stands there is nobody's article.
    ``url`` is the address that the page calls its own, on the site that it came from;
    ``published`` and ``modified`` are never in the future and never guessed; ``language``
    is that of the words (ISO 639-1), whatever the page claims; ``image`` is an address.
    """

    title: str = ""
    text: str = ""
    author: str | None = None
    publisher: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    modified: AwareDatetime | None = None
    language: str | None = None
    url: str | None = None
    image: str | None = None
    wall: Wall | None = None


FeedProblem = Literal["page", "challenge", "not_a_feed", "empty", "undated"]
"""What is wrong with a feed that was read: a web page in its place, one that asks whether a
person is there, no feed at all, no entry in it, no entry with a date."""


class FeedEntry(Model):
    """One entry of a feed, as far as it says.

    ``text`` is plain, its paragraphs apart by a blank line; ``whole`` where the feed gives it
    as the content and not as a summary. ``updated`` says when it was last changed, never when
    it appeared. ``publisher`` is whose it is where the feed carries entries of others.
    """

    guid: str | None = None
    link: str | None = None
    title: str = ""
    text: str = ""
    whole: bool = False
    author: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    updated: AwareDatetime | None = None
    language: str | None = None
    publisher: str | None = None


class FeedRead(Model):
    """A feed as read: ``kind`` names its format (``rss20``, ``atom10``, ``json``), "" if none.

    ``ttl`` is for how many seconds it asks to be left alone. ``refused`` counts dates that
    lie in the future, ``lost`` entries that could not be read.
    """

    kind: str = ""
    title: str = ""
    site: str | None = None
    language: str | None = None
    ttl: int | None = Field(default=None, ge=0)
    entries: tuple[FeedEntry, ...] = ()
    refused: int = 0
    lost: int = 0
    problem: FeedProblem | None = None


FeedState = Literal["active", "paused", "retired"]
"""Polled; not polled until somebody says so; gone for good."""


class Feed(Model):
    """A feed that a workspace follows, and how it fares.

    ``interval`` is the seconds between two polls by how often entries come, before jitter;
    ``gap`` the smoothed seconds between two entries, None until known; ``ttl`` the seconds that
    the feed asks for. ``publisher`` is whose its articles are, where somebody said so; ``names``
    how publishers call themselves, by host, as learnt from their pages. ``problem`` is a word
    for what went wrong last, ``said`` the sentence for it, None while all is well.
    ``failures`` counts failed polls in a row, since ``failing_since``; ``told`` is whether a
    notice was given of them. ``moved_to`` is where the last polls were redirected for good,
    ``moved_seen`` how many of them. ``claim`` numbers the claims, so that who lost a lease
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
    told: bool = False
    moved_to: str | None = None
    moved_seen: int = 0
    polls: int = 0
    unchanged: int = 0
    received: int = 0
    claim: int = 0


class Seen(Model):
    """An entry that a feed had before.

    ``key`` is what it is known by there, ``sha256`` of what it said, "" while its page could
    not be fetched, ``tries`` times so far. ``published`` is the first date that it gave.
    """

    key: str
    sha256: str
    link: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    tries: int = 0


class Notice(Model):
    """What the admins of a workspace are told of a feed, once."""

    workspace: str
    id: str
    feed: str
    said: str
    at: AwareDatetime


Level = Literal["well", "note", "wrong"]
"""All is well; good to know, and no harm; to be put right."""


class Finding(Model):
    """``said`` is what was found of ``area``, ``do`` what to do about it, "" for nothing."""

    area: str
    level: Level
    said: str
    do: str = ""
