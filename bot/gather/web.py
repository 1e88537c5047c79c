"""What a link gave becomes pages to be taken apart, records, or a reason why it does not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.errors import BadRecord, GatherError
from bot.gather.fetch import Fetched
from bot.gather.formats import records
from bot.gather.pages import Pending
from bot.gather.records import Defaults, Rejected, draft_of
from bot.models import Draft, WebPage

_HEAD = 4_096
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*"
    rb"(?:(?><\?[^>]*>|<!--.*?-->|<!doctype\s+(?:rss|feed|rdf)[^>]*>)\s*)*+"
    rb"(?:<(?:rss|feed|rdf:rdf|channel)\b|\{[^{}]{0,500}jsonfeed\.org)",
    re.IGNORECASE | re.DOTALL,
)


def is_feed(got: Fetched) -> bool:
    """Whether what came begins as a feed does."""
    return _FEED.match(got.body[:_HEAD]) is not None


def articles_of(
    got: Fetched, link: str, *, defaults: Defaults, now: datetime
) -> Iterator[Draft | Rejected | Pending]:
    """Tell what was fetched by ``link``, as a file of that name would be read.

    A page is Pending, for ``Pages.drafts``. What cannot become an article is Rejected.
    ``now`` is what dates are measured against.
    """
    if why := _why_elsewhere(got):
        yield Rejected(origin=link, reason=why)
        return
    try:
        yield from _records(got, link, defaults, now)
    except GatherError as error:
        yield Rejected(origin=link, reason=error.message)


def _why_elsewhere(got: Fetched) -> str | None:
    """Why what came is not what the link meant, though it may be a page; None where it is."""
    if is_front(got.url) and not is_front(got.asked):
        return (
            "it leads to the front page of its site: the article is gone, or has moved;"
            " give the address it has now"
        )
    if urlsplit(got.url).hostname == "news.google.com":
        return "Google News does not say where it leads; give the publisher's own link"
    return None


def is_front(link: str) -> bool:
    """Whether a link is that of the front page of its site."""
    parts = urlsplit(link)
    return not parts.path.strip("/") and not parts.query


def _records(
    got: Fetched, link: str, defaults: Defaults, now: datetime
) -> Iterator[Draft | Rejected | Pending]:
    name = PurePosixPath(unquote(urlsplit(got.url).path)).name
    also = tuple(dict.fromkeys((link, got.url)))
    for found, place, alone in records(io.BytesIO(_as_utf8(got)), link, name):
        if isinstance(found, bytes):
            page = WebPage(body=got.body, url=got.url, charset=got.charset, now=now)
            yield Pending(page, link, defaults=defaults, also=also)
            continue
        try:
            if isinstance(found, BadRecord):
                raise found
            record = {"url": got.url, **found} if alone else found
            draft = draft_of(record, origin=place, defaults=defaults, now=now)
            yield draft.model_copy(update={"also": also}) if alone else draft
        except BadRecord as error:
            yield Rejected(origin=place, reason=error.message)


def _as_utf8(got: Fetched) -> bytes:
    """The body of a plain text, in UTF-8 if its header names another encoding it keeps to."""
    if got.charset is None or got.content_type != "text/plain":
        return got.body
    try:
        return got.body.decode(got.charset).encode()
    except (LookupError, UnicodeError):
        return got.body
