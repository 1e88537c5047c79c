"""Extract untrusted pages in limited processes, and make drafts of them.

The response for a link is a page to extract, records to read, or a reason why it is not an article.
"""

from __future__ import annotations

import importlib
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from bot.errors import BadRecord, GatherError, UnreadableFile
from bot.gather.boilerplate import why
from bot.gather.formats import records
from bot.gather.links import publisher_of
from bot.gather.records import Defaults, Rejected, draft_of
from bot.gather.workers import Apart
from bot.models import Draft, Extracted, WebPage

if TYPE_CHECKING:
    # The HTTP client takes a while to import, and reading files does not need it.
    from bot.gather.fetch import Fetched

SECONDS = 5.0
"""Processor time for one page; the slowest of the extraction benchmark takes 0.2 s."""

MEGABYTES = 1_024
"""How much a process may grow: parsing a page of 20 MB takes some 400 MB."""

_TRUNCATED = ("…", "...", "[…]", "[...]", "read more", "continue reading", "[&hellip;]")
_MUCH_LONGER = 1.1
_FULL = 150
"""A feed's text with at least so many words may be the whole article."""
_SHARED = 0.5


class Pending(NamedTuple):
    """A page to become an article: ``identity`` identifies it if it has no address, ``origin`` is
    its place for reports, ``also`` holds other links that led to it."""

    page: WebPage
    origin: str
    identity: str | None = None
    defaults: Defaults = Defaults()
    also: tuple[str, ...] = ()


class Pages:
    """Extracts pages in ``workers`` processes, started when the first page comes.

    Thread-safe; a page that hangs, grows or crashes its process affects only itself.
    """

    def __init__(self, workers: int = 1) -> None:
        self._apart = Apart(
            seconds=SECONDS, megabytes=MEGABYTES, workers=workers, ready=_import_extractor
        )
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="pages")
        self._ahead = workers + 2

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the processes; nothing can be extracted afterwards."""
        self._apart.close()
        self._threads.shutdown(cancel_futures=True)

    def extract(self, page: WebPage) -> Extracted:
        """Extract one page and wait; raises UnreadableFile, TooHeavy or NoReaders."""
        return self._apart.run(_extract, page)

    def drafts(self, items: Iterable[Draft | Rejected | Pending]) -> Iterator[Draft | Rejected]:
        """Make drafts of pages, in the order of the items; other items pass through."""
        waiting: deque[Draft | Rejected | Future[Draft | Rejected]] = deque()
        for item in items:
            if isinstance(item, Pending):
                waiting.append(self._threads.submit(self._draft, item))
            else:
                waiting.append(item)
            while waiting and (not isinstance(waiting[0], Future) or len(waiting) > self._ahead):
                yield _done(waiting.popleft())
        while waiting:
            yield _done(waiting.popleft())

    def _draft(self, pending: Pending) -> Draft | Rejected:
        try:
            return page_draft(self.extract(pending.page), pending)
        except GatherError as error:
            return Rejected(origin=pending.origin, reason=error.message)


def _import_extractor() -> None:
    """Import the extractor, which takes nearly a second."""
    importlib.import_module("bot.gather.extract")


def _extract(page: WebPage) -> Extracted:
    from bot.gather.extract import extract

    try:
        return extract(page)
    except (GatherError, MemoryError):
        raise
    except Exception as error:
        # Whatever error a library raises on an untrusted page, only that page is unreadable.
        raise UnreadableFile(
            f"it cannot be taken apart ({type(error).__name__}); give its text as a file",
            about=page.url or "page",
        ) from error


def _done(item: Draft | Rejected | Future[Draft | Rejected]) -> Draft | Rejected:
    return item.result() if isinstance(item, Future) else item


def page_draft(found: Extracted, pending: Pending) -> Draft:
    """Make the draft of an extracted page; raises BadRecord with the reason if it cannot be one.

    A page without a publisher gets the publisher of its link.
    """
    if found.wall:
        raise BadRecord(why(found.wall), about=pending.origin)
    if not found.text:
        raise BadRecord(
            "its article cannot be found on the page; give its text as a file",
            about=pending.origin,
        )
    url = found.url or pending.page.url
    record: dict[str, object] = {
        "title": found.title,
        "text": found.text,
        "url": url or pending.defaults.url,
        "id": None if url else pending.identity,
        "publisher": found.publisher or pending.defaults.publisher or publisher_of(url),
    }
    draft = draft_of(record, origin=pending.origin, defaults=pending.defaults, now=pending.page.now)
    links = dict.fromkeys(filter(None, (*pending.also, pending.page.url)))
    said: dict[str, object] = {
        "author": found.author,
        "modified": found.modified,
        "also": tuple(link for link in links if link != draft.url),
    }
    if found.published is not None:
        said |= {"published": found.published, "published_precision": found.published_precision}
    return draft.model_copy(update=said)


def choose(feed: str, page: Extracted | None) -> str:
    """Choose between the text of a feed and that of its page: the longer clean one.

    Both are plain text. A page is not chosen if it has a wall, or if its words differ from those of
    a feed that seems to give the whole article.
    """
    if page is None or page.wall or not page.text:
        return feed
    given = feed.split()
    if is_teaser(feed):
        return page.text if len(page.text) > len(feed) else feed
    if len(page.text.split()) < _MUCH_LONGER * len(given):
        return feed
    return page.text if shares_words(feed, page.text) else feed


def shares_words(one: str, other: str) -> bool:
    """Whether half of the words of one text are in another."""
    words, there = one.casefold().split(), set(other.casefold().split())
    return sum(word in there for word in words) >= _SHARED * len(words)


def is_teaser(feed: str) -> bool:
    """Whether a feed's text is less than its article: short, or cut off with an ellipsis."""
    text = feed.rstrip().casefold()
    return len(text.split()) < _FULL or text.endswith(_TRUNCATED)


_HEAD = 4_096
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*"
    rb"(?:(?><\?[^>]*>|<!--.*?-->|<!doctype\s+(?:rss|feed|rdf)[^>]*>)\s*)*+"
    rb"(?:<(?:rss|feed|rdf:rdf|channel)\b|\{[^{}]{0,500}jsonfeed\.org)",
    re.IGNORECASE | re.DOTALL,
)


def is_feed(got: Fetched) -> bool:
    """Whether a response begins like a feed."""
    return _FEED.match(got.body[:_HEAD]) is not None


def articles_of(
    got: Fetched, link: str, *, defaults: Defaults, now: datetime
) -> Iterator[Draft | Rejected | Pending]:
    """Read a response for ``link``, as a file of that name would be read.

    A page is Pending, for ``Pages.drafts``. What cannot become an article is Rejected. ``now`` is
    used to reject dates in the future.
    """
    if why := _why_elsewhere(got):
        yield Rejected(origin=link, reason=why)
        return
    try:
        yield from _records(got, link, defaults, now)
    except GatherError as error:
        yield Rejected(origin=link, reason=error.message)


def _why_elsewhere(got: Fetched) -> str | None:
    """Return why a response is not what the link meant, even if it is a page; None if it is."""
    if is_front(got.url) and not is_front(got.asked):
        return (
            "it leads to the front page of its site: the article is gone, or has moved;"
            " give the address it has now"
        )
    if urlsplit(got.url).hostname == "news.google.com":
        return "Google News does not say where it leads; give the publisher's own link"
    return None


def is_front(link: str) -> bool:
    """Whether a link is the front page of its site."""
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
    """Return the body of a plain text, converted to UTF-8 if its header names a valid encoding."""
    if got.charset is None or got.content_type != "text/plain":
        return got.body
    try:
        return got.body.decode(got.charset).encode()
    except (LookupError, UnicodeError):
        return got.body
