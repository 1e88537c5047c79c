"""Feeds: as read from their bytes, and as followed."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.base import Model, Precision

FeedProblem = Literal["page", "not_a_feed", "empty", "undated"]
"""What is wrong with a feed that was read: a web page in its place, no feed at all, no entry
in it, no entry with a date."""


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
