"""Links and files that people give, read and stored: what was learnt, what was refused.

Knows nothing of posts and clicks. Everything is one call in a desk's thread.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import NamedTuple

from bot.answer.learnt import is_its_own, known_as, learnt
from bot.desk import Desk
from bot.errors import FetchError
from bot.feeds.adding import find_feed
from bot.feeds.finding import Found
from bot.gather.canonical import unwrapped
from bot.gather.fetch import Fetched, Fetcher, Limits
from bot.gather.files import drafts_of_file
from bot.gather.formats import KINDS, kind_of
from bot.gather.pages import Pages, Pending
from bot.gather.records import Defaults, Rejected, linkable
from bot.gather.web import articles_of, is_feed
from bot.models import EVERYWHERE, Asker, Draft, Learnt
from bot.settings import Settings

LIMITS = Limits(seconds=12.0, connect=5.0)
"""A fetch is shorter than elsewhere: somebody waits, and a claim on a request runs out."""

SECONDS = 15.0
"""How long it may take to find a feed, which may be more than one fetch."""

_FEED = "it is a feed and no article: add it in my Home, or with dragoman feeds add"
_READ = ("text", "markdown", "page")


class Given(NamedTuple):
    """A file: its bytes, its name, what it is known by, and where a reader finds it."""

    name: str
    content: bytes
    identity: str
    url: str | None = None


class Outcome(NamedTuple):
    """What became of what was given."""

    learnt: list[Learnt]
    refused: list[Rejected]


class Intake:
    """Reads for everybody who asks; safe from any thread. Processes start when needed."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        """Raise SettingsError where the settings of fetching cannot be used."""
        self._desk = desk
        self._settings = settings
        Fetcher.from_settings(settings)
        self._pages = Pages(1)
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="intake")
        """Threads to call ``take`` in: it takes seconds, and answers must not wait for it."""

    def close(self) -> None:
        """End the processes and the threads."""
        self._pages.close()
        self.threads.shutdown()

    def take(
        self,
        asker: Asker,
        audience: str,
        links: Sequence[str],
        files: Sequence[Given],
        since: datetime,
    ) -> Outcome:
        """Read and store links and files for an audience; ``since`` is when they were given.

        What the whole workspace may read already is not stored once more for a place.
        """
        drafts: list[Draft] = []
        refused: list[Rejected] = []
        library = self._desk.library(asker)
        mine = partial(is_its_own, library, audience=audience)
        for item in (*self._of_links(links, asker.now), *self._of_files(files, asker.now, mine)):
            if isinstance(item, Rejected):
                refused.append(item)
            else:
                drafts.append(item)
        new = [
            draft
            for draft in drafts
            if audience == EVERYWHERE or known_as(library, draft, EVERYWHERE) is None
        ]
        report = self._desk.ingest(new, now=asker.now, workspace=asker.workspace, audience=audience)
        refused += report.rejections
        return Outcome(learnt(self._desk.library(asker), drafts, since), refused)

    def feed(self, link: str, now: datetime) -> Found:
        """The feed at an address, or the one that the site there announces.

        Call it in one of the ``threads``. Raises GatherError in words, also where it takes long.
        """
        return find_feed(self._settings, unwrapped(link), now, LIMITS, within=SECONDS)

    def _of_links(self, links: Sequence[str], now: datetime) -> Iterator[Draft | Rejected]:
        if not links:
            return
        found: list[Draft | Rejected | Pending] = []
        for link, got in zip(links, asyncio.run(self._fetched(links)), strict=True):
            if isinstance(got, FetchError):
                found.append(Rejected(origin=link, reason=got.message.rstrip(".")))
            elif is_feed(got):
                found.append(Rejected(origin=link, reason=_FEED))
            else:
                found += articles_of(got, link, defaults=Defaults(), now=now)
        yield from self._pages.drafts(found)

    async def _fetched(self, links: Sequence[str]) -> list[Fetched | FetchError]:
        async with Fetcher.from_settings(self._settings, LIMITS) as fetcher:
            return list(await asyncio.gather(*(_fetch(fetcher, link) for link in links)))

    def _of_files(
        self, files: Sequence[Given], now: datetime, is_its_own: Callable[[Draft], bool]
    ) -> Iterator[Draft | Rejected]:
        for file in files:
            stream, none = io.BytesIO(file.content), Defaults()
            found = drafts_of_file(stream, file.name, file.name, file.identity, none, now)
            for item in self._pages.drafts(found):
                yield _as_given(item, file, is_its_own)


async def _fetch(fetcher: Fetcher, link: str) -> Fetched | FetchError:
    try:
        return await fetcher.get(unwrapped(link), page=True)
    except FetchError as error:
        return error


def _as_given(
    item: Draft | Rejected, file: Given, is_its_own: Callable[[Draft], bool]
) -> Draft | Rejected:
    """The article of a file, under the link that the file gives, else as what was given.

    A file may say that it is any page of the web: it must not become a revision of one that
    was read. So a link under which other words are stored is not taken from it.
    """
    if isinstance(item, Rejected):
        return item
    known = {"external_id": file.identity, "also": ()}
    given = item.model_copy(update=known)
    if item.url and linkable(item.url) and is_its_own(given):
        return given
    return given.model_copy(update={"url": file.url})


def readable(name: str) -> bool:
    """Whether a file of this name holds one article that can be read."""
    return kind_of(name) in _READ


def readable_kinds() -> str:
    """The endings of the files that are read, in words."""
    return " ".join(ending for ending, kind in KINDS.items() if kind in _READ)
