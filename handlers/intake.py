"""Links and files that people give: downloaded, read and stored.

``url_private`` of a shared file comes from outside, and whoever has the token can act as the bot.
So the token goes by https to Slack and nowhere else, or to the Slack-compatible server in the
settings, and no redirect is followed. https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from http import HTTPStatus
from mimetypes import guess_type
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp

from bot.answer.reading_report import (
    describe_given,
    is_its_own,
    set_aside,
    stored_article,
)
from bot.desk import Desk
from bot.errors import FetchError, message_for
from bot.feeds.following import Found, find_feed
from bot.gather.fetch import Fetched, Fetcher, Limits
from bot.gather.files import drafts_of_file
from bot.gather.formats import KINDS, kind_of
from bot.gather.links import unwrapped
from bot.gather.pages import Pages, Pending, articles_of, is_feed
from bot.gather.records import Defaults, Rejected, linkable
from bot.models import EVERYWHERE, Asker, Draft, Learnt
from bot.settings import Settings
from handlers.errors import Undeliverable

# --- shared files ------------------------------------------------------------------------


log = logging.getLogger(__name__)

MOST_BYTES = 16 * 2**20
"""The largest file that is read, in bytes; the same limit as for a page."""

DOWNLOAD_SECONDS = 12.0

_TOO_LARGE = f"it is larger than {MOST_BYTES >> 20} MB; share a part of it"

SET_ASIDE = "its source is distrusted or removed here, or the article itself was removed"

_DELETED = "it was deleted before I could read it"

_EXTENSIONS = {
    "text": ".txt",
    "text/plain": ".txt",
    "markdown": ".md",
    "text/markdown": ".md",
    "html": ".html",
    "text/html": ".html",
    "pdf": ".pdf",
    "application/pdf": ".pdf",
}
"""File extensions by Slack's name of a type, and by media type."""

_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")


class SharedFile(NamedTuple):
    """A file as Slack describes it; ``size`` is in bytes, ``link`` is where people see it."""

    id: str
    name: str
    size: int
    address: str
    link: str | None
    gone: bool = False
    media: bool = False


def shared_file(file: Mapping[str, Any]) -> SharedFile:
    """Read a file object of an event; a file that Slack only hints at has no address.

    A name without a known extension gets that of its type: a snippet is called *Untitled*. The file
    may be ``gone`` already, or ``media``: a picture, sound or film.
    """
    name = str(file.get("name") or file.get("title") or "file")
    kind = str(file.get("mimetype") or guess_type(name)[0] or "").partition(";")[0]
    if kind_of(name) is None:
        name += _EXTENSIONS.get(str(file.get("filetype") or "")) or _EXTENSIONS.get(kind) or ""
    return SharedFile(
        str(file.get("id") or ""),
        name,
        int(file.get("size") or 0),
        str(file.get("url_private_download") or file.get("url_private") or ""),
        file.get("permalink") or None,
        file.get("mode") == "tombstone",
        kind.startswith(("image/", "audio/", "video/")),
    )


class FileDownloads:
    """Downloads files; ``api_url`` is the address of the Web API, ``token`` the current token."""

    def __init__(self, token: Callable[[], Awaitable[str]], api_url: str) -> None:
        self._token = token
        self._api = urlsplit(api_url)

    async def content(self, file: SharedFile) -> bytes:
        """Fetch a file; raises Undeliverable with a sentence if Slack does not provide it."""
        if file.gone:
            raise Undeliverable(_DELETED)
        if file.size > MOST_BYTES:
            raise Undeliverable(_TOO_LARGE)
        if not self._is_slack(file.address):
            raise Undeliverable("Slack does not say where the file is; share it here again")
        try:
            token = await self._token()
            async with asyncio.timeout(DOWNLOAD_SECONDS), _session(token) as session:
                return await self._read(session, file)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a shared file could not be fetched: %s", type(error).__name__)
            raise Undeliverable("Slack did not deliver the file; share it again") from error

    def _is_slack(self, address: str) -> bool:
        """Return whether the token may be sent to an address."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return False
        host = parts.hostname or ""
        if parts.username or parts.password:
            return False
        if (parts.scheme, host, port) == (self._api.scheme, self._api.hostname, self._api.port):
            return True
        of_slack = any(host == one or host.endswith(f".{one}") for one in _HOSTS)
        return parts.scheme == "https" and of_slack and port in (None, 443)

    async def _read(self, session: aiohttp.ClientSession, file: SharedFile) -> bytes:
        async with session.get(file.address, allow_redirects=False) as answer:
            parts: list[bytes] = []
            size = 0
            if answer.status == 200:
                async for part in answer.content.iter_chunked(64 * 1024):
                    parts.append(part)
                    size += len(part)
                    if size > MOST_BYTES:
                        raise Undeliverable(_TOO_LARGE)
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise Undeliverable(_DELETED)
        # Without the scope, Slack returns its sign-in page in place of the file.
        if answer.status != 200 or (file.size and size != file.size):
            raise Undeliverable(
                "Slack does not let me read the file; an admin may need to reinstall the app with"
                " the scope files:read"
            )
        return b"".join(parts)


def _session(token: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}, trust_env=False)


# --- links and files ---------------------------------------------------------------------


LIMITS = Limits(seconds=12.0, connect=5.0)
"""Fetching has less time than elsewhere: somebody waits, and the request's lease runs out."""

REQUESTS_KEPT = 32
"""Requests whose pages are kept for another attempt."""

FEED_SECONDS = 15.0
"""How long finding a feed may take, which may need more than one fetch."""

_IS_FEED = "it is a feed, not an article; add it in my Home tab"
_READABLE = ("text", "markdown", "page")


class GivenFile(NamedTuple):
    """A file: its bytes, its name, its key, and the link where a reader finds it."""

    name: str
    content: bytes
    identity: str
    url: str | None = None


class Outcome(NamedTuple):
    """The outcome of reading links and files."""

    learnt: list[Learnt]
    refused: list[Rejected]


class Fetching:
    """Fetches pages for everybody, in one thread, so that pauses between fetches of a site hold.

    Pages fetched for a request stay until they are forgotten: another attempt at the request waits
    for the same pages, and fetches none of them again. Safe from any thread.
    """

    def __init__(self, settings: Settings) -> None:
        """Raise SettingsError if the settings of fetching are invalid."""
        self._fetcher = Fetcher.from_settings(settings, LIMITS)
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._kept: dict[str, dict[str, asyncio.Task[Fetched | FetchError]]] = {}

    def pages(
        self, request: str, links: Sequence[str], tell: Callable[[int], None]
    ) -> list[Fetched | FetchError]:
        """Fetch the pages of links, or return why not; ``tell`` gets the number fetched so far.

        Raises CancelledError, of ``concurrent.futures``, if it is closed meanwhile.
        """
        loop = self._running()
        return asyncio.run_coroutine_threadsafe(self._pages(request, links, tell), loop).result()

    def forget(self, request: str) -> None:
        """Forget the pages of a request."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._kept.pop, request, None)

    def close(self) -> None:
        """Cancel the fetches under way, and end the thread; nothing may be fetched after that."""
        with self._starting:
            if self._loop is None or self._thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = None

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="fetching", daemon=True
                )
                self._thread.start()
                opening = self._fetcher.__aenter__()
                asyncio.run_coroutine_threadsafe(opening, self._loop).result()
            return self._loop

    async def _pages(
        self, request: str, links: Sequence[str], tell: Callable[[int], None]
    ) -> list[Fetched | FetchError]:
        while len(self._kept) > REQUESTS_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        tasks = self._kept.setdefault(request, {}) if request else {}
        for link in links:
            if link not in tasks:
                tasks[link] = asyncio.create_task(self._page(link))
        wanted = [tasks[link] for link in links]
        waiting = set(wanted)
        while waiting:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            tell(len(set(wanted)) - len(waiting))
        return [task.result() for task in wanted]

    async def _page(self, link: str) -> Fetched | FetchError:
        try:
            return await self._fetcher.get(unwrapped(link), page=True)
        except FetchError as error:
            return error

    async def _ended(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._fetcher.__aexit__(None, None, None)


class Intake:
    """Reads links and files for everybody; safe from any thread. Processes start when needed."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        """Raise SettingsError if the settings of fetching are invalid."""
        self._desk = desk
        self._settings = settings
        self._fetching = Fetching(settings)
        self._pages = Pages(1)
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="intake")
        """Threads to call ``take`` in: it takes seconds, and answers must not wait for it."""

    def close(self) -> None:
        """End the fetches under way, the processes and the threads."""
        self._fetching.close()
        self._pages.close()
        self.threads.shutdown()

    def take(
        self,
        asker: Asker,
        audience: str,
        links: Sequence[str],
        files: Sequence[GivenFile],
        since: datetime,
        *,
        request: str = "",
        tell: Callable[[int], None] = lambda _: None,
    ) -> Outcome:
        """Read and store links and files for an audience; ``since`` is when they were given.

        An article that the whole workspace may read already is not stored once more for a place.
        Pages are kept for another attempt at the same ``request`` until ``done`` is called;
        ``tell`` is called, in any thread, with the number of links fetched.
        """
        drafts: list[Draft] = []
        refused: list[Rejected] = []
        library = self._desk.library(asker)
        mine = partial(is_its_own, library, audience=audience)
        pages = self._fetching.pages(request, links, tell) if links else []
        of_links = self._of_links(links, pages, asker)
        for item in (*of_links, *self._of_files(files, asker.now, mine)):
            if isinstance(item, Rejected):
                refused.append(item)
            else:
                drafts.append(item)
        new = [
            draft
            for draft in drafts
            if audience == EVERYWHERE or stored_article(library, draft, EVERYWHERE) is None
        ]
        report = self._desk.ingest(
            new,
            now=asker.now,
            workspace=asker.workspace,
            audience=audience,
            facts_later=True,
        )
        return self._outcome(asker, drafts, since, [*refused, *report.rejections])

    def _outcome(
        self, asker: Asker, drafts: Sequence[Draft], since: datetime, refused: list[Rejected]
    ) -> Outcome:
        """Describe the stored drafts, and add those that are hidden to the refused ones."""
        library = self._desk.library(asker)
        hidden = [
            Rejected(origin=draft.origin, reason=SET_ASIDE) for draft in set_aside(library, drafts)
        ]
        return Outcome(describe_given(library, drafts, since), [*refused, *hidden])

    def done(self, request: str) -> None:
        """Forget the pages that were fetched for a request, once it is answered."""
        self._fetching.forget(request)

    def feed(self, link: str, now: datetime) -> Found:
        """Return the feed at an address, or the one that the site there announces.

        Call it in one of the ``threads``. Raises GatherError in words, also if it takes too long.
        """
        return find_feed(self._settings, unwrapped(link), now, LIMITS, within=FEED_SECONDS)

    def _of_links(
        self, links: Sequence[str], pages: Sequence[Fetched | FetchError], asker: Asker
    ) -> Iterator[Draft | Rejected]:
        found: list[Draft | Rejected | Pending] = []
        for link, got in zip(links, pages, strict=True):
            if isinstance(got, FetchError):
                reason = message_for(got, operator=asker.operator).rstrip(".")
                found.append(Rejected(origin=link, reason=reason))
            elif is_feed(got):
                found.append(Rejected(origin=link, reason=_IS_FEED))
            else:
                found += articles_of(got, link, defaults=Defaults(), now=asker.now)
        yield from self._pages.drafts(found)

    def _of_files(
        self, files: Sequence[GivenFile], now: datetime, is_its_own: Callable[[Draft], bool]
    ) -> Iterator[Draft | Rejected]:
        for file in files:
            stream, none = io.BytesIO(file.content), Defaults()
            found = drafts_of_file(stream, file.name, file.name, file.identity, none, now)
            for item in self._pages.drafts(found):
                yield _article_of_file(item, file, is_its_own)


def _article_of_file(
    item: Draft | Rejected, file: GivenFile, is_its_own: Callable[[Draft], bool]
) -> Draft | Rejected:
    """Make the article of a file, under the link in the file, or else under the file's own key.

    A file may claim to be any page of the web: it must not become a revision of one that was read.
    So it does not get a link under which different text is stored.
    """
    if isinstance(item, Rejected):
        return item
    known = {"external_id": file.identity, "also": ()}
    given = item.model_copy(update=known)
    if item.url and linkable(item.url) and is_its_own(given):
        return given
    return given.model_copy(update={"url": file.url})


def readable(name: str) -> bool:
    """Return whether a file of this name holds one article that can be read."""
    return kind_of(name) in _READABLE


def readable_kinds() -> str:
    """Return the extensions of the files that can be read, in words."""
    return " ".join(ending for ending, kind in KINDS.items() if kind in _READABLE)
