"""A made-up news site on loopback that answers conditional requests, and a poller to read it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bot.feeds.following import feed_of, key_of
from bot.feeds.poll import Polled, Poller
from bot.gather.feeds import Listed
from bot.gather.pages import Pages
from bot.gather.workers import Apart
from bot.ingest import Ingest, Report
from bot.match.gazetteer import Contents, Gazetteer
from bot.models import EVERYWHERE, LOCAL, Draft, Feed
from bot.read.pool import ReaderPool
from bot.store.articles import Stored
from bot.store.store import Store
from tests.rogue import Names, Rogue, fetcher, rogue, said

OTHER = "other.example.org"
"""Another name of the server: whose site is not that of its address."""

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def on(self, **more: float) -> None:
        self.time += timedelta(**more)


@dataclass
class Site:
    """Pages by path, each with an ETag that follows from its bytes; what was sent is counted."""

    server: Rogue
    sent: int = 0
    unchanged: int = 0
    whole: dict[str, int] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.server.base

    def put(self, path: str, body: bytes | str, **headers: Any) -> None:
        """Serve this body at this path from now on."""
        raw = body.encode() if isinstance(body, str) else body
        etag = f'"{hashlib.sha256(raw).hexdigest()[:12]}"'

        async def answer(writer: asyncio.StreamWriter) -> None:
            _, asked = self.server.requests[-1]
            if asked.get("if-none-match") == etag:
                self.unchanged += 1
                data = said(status="304 Not Modified", ETag=etag, **headers)
            else:
                data = said(raw, ETag=etag, **headers)
            self.sent += len(data)
            writer.write(data)

        self.server.answers[path] = answer
        self.whole[path] = len(said(raw, ETag=etag, **headers))

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return self.server.paths.count(path)


def item(
    link: str,
    title: str,
    text: str = "",
    *,
    guid: str = "",
    published: datetime | None = START,
    more: str = "",
) -> str:
    """An item of RSS; ``text`` is HTML."""
    parts = [f"<title>{escape(title)}</title>", more]
    if link:
        parts.append(f"<link>{escape(link)}</link>")
    if text:
        parts.append(f"<description>{escape(text)}</description>")
    if guid:
        parts.append(f"<guid isPermaLink='false'>{escape(guid)}</guid>")
    if published is not None:
        parts.append(f"<pubDate>{format_datetime(published)}</pubDate>")
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, title: str = "Example News") -> str:
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>"
        f"<link>https://news.example.org</link>{''.join(items)}</channel></rss>"
    )


def story(n: int, paragraphs: int = 6) -> str:
    """The made-up text of an article, as HTML paragraphs that no other number has."""
    lines = (
        f"<p>The council of village {n} met on the matter of bridge {n}{line}, and its "
        f"members agreed that the {n}{line} boats of the ferry line should stay in harbour "
        "until the repairs are done and the river has fallen below its usual mark.</p>"
        for line in range(paragraphs)
    )
    return "".join(lines)


def page(title: str, body: str, published: datetime | None = None) -> str:
    """A web page with an article on it."""
    dated = (
        f'<meta property="article:published_time" content="{published.isoformat()}">'
        if published
        else ""
    )
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(title)}</title>{dated}"
        f"<meta property='og:site_name' content='Example News'></head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>{escape(title)}</h1>{body}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )


@dataclass
class Reader:
    """A poller over a store, with a clock set by hand."""

    store: Store
    poller: Poller
    clock: Clock
    reports: list[Report] = field(default_factory=list)

    def follow(self, url: str, **more: str) -> Feed:
        feed = feed_of(Listed(url), workspace=LOCAL, now=self.clock.now()).model_copy(update=more)
        assert self.store.feeds.add(feed, key_of(url))
        return feed

    async def poll(self, feed: Feed) -> Polled:
        polled = await self.poller.poll(feed)
        assert polled is not None
        self.reports.append(polled.report)
        return polled

    def articles(self) -> list[Stored]:
        """Every stored article with its newest words, by first day and title."""
        with self.store._read() as connection:
            rows = connection.exec_driver_sql("SELECT id FROM article").fetchall()
        found = self.store.articles(LOCAL, [row[0] for row in rows]).values()
        return sorted(found, key=lambda one: (one.article.first_seen, one.revision.title))

    def texts(self) -> list[str]:
        return [one.revision.text for one in self.articles()]


@contextmanager
def store_in(folder: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{folder / 'dragoman.db'}")
    yield store
    store.close()


@asynccontextmanager
async def reading(folder: Path, feeds: Apart, pages: Pages) -> AsyncIterator[tuple[Reader, Site]]:
    """A site, and a reader that keeps what it reads in ``folder``; nobody is known to it."""
    clock = Clock()
    readers = ReaderPool(Gazetteer("g", partial(Contents, (), ())))
    with store_in(folder) as store:

        def take_in(_: Feed, drafts: Sequence[Draft], now: datetime) -> Report:
            ingest = Ingest(store, readers, "g", workspace=LOCAL, audience=EVERYWHERE, now=now)
            return ingest.run(drafts)

        async with rogue({}) as server, fetcher(resolver=Names({OTHER: ["127.0.0.1"]})) as web:
            poller = Poller(store, web, feeds, pages, take_in, now=clock.now)
            yield Reader(store, poller, clock), Site(server)
    readers.close()
