"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.gather.entries import identifier, language, link, short, when, words
from bot.gather.markup import plain, tidy
from bot.gather.records import MAX_CHARS, MAX_NAME, MAX_TITLE
from bot.models import FeedEntry, FeedRead


def read(data: bytes, *, url: str, now: datetime) -> FeedRead:
    """Read a JSON Feed; one without a kind where it is none."""
    try:
        feed = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return FeedRead()
    if not isinstance(feed, Mapping) or not isinstance(feed.get("items"), list):
        return FeedRead()
    if "jsonfeed.org/version/" not in str(feed.get("version")):
        return FeedRead()
    items = [item for item in feed["items"] if isinstance(item, Mapping)]
    made = [_entry(item, feed, url, now) for item in items]
    return FeedRead(
        kind="json",
        title=words(_string(feed, "title"), MAX_NAME),
        site=link(feed.get("home_page_url"), url),
        language=language(feed.get("language")),
        entries=tuple(entry for entry, _ in made),
        refused=sum(refused for _, refused in made),
        lost=len(feed["items"]) - len(items),
    )


def _entry(
    item: Mapping[str, Any], feed: Mapping[str, Any], url: str, now: datetime
) -> tuple[FeedEntry, int]:
    published, precision, ahead = when(item.get("date_published"), None, now)
    updated, how, later = when(item.get("date_modified"), None, now)
    if published is None:
        published, precision = updated, how
    content = plain(_string(item, "content_html")) or tidy(_string(item, "content_text"))
    entry = FeedEntry(
        guid=identifier(item.get("id")),
        link=link(item.get("url"), url) or link(item.get("external_url"), url),
        title=words(tidy(_string(item, "title")), MAX_TITLE),
        text=words(content or tidy(_string(item, "summary")), MAX_CHARS),
        whole=bool(content),
        author=_author(item) or _author(feed),
        published=published,
        published_precision=precision,
        updated=updated,
        language=language(item.get("language")) or language(feed.get("language")),
    )
    return entry, ahead + later


def _author(said: Mapping[str, Any]) -> str | None:
    several = said.get("authors")
    given = several if isinstance(several, list) else [said.get("author")]
    names = (short(one.get("name")) for one in given if isinstance(one, Mapping))
    return ", ".join(filter(None, names))[:MAX_NAME] or None


def _string(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""
