"""Links become pages to be taken apart, records, or feeds; or say why they do not."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from bot.errors import BadRecord, FetchError, GatherError
from bot.gather.addresses import shown
from bot.gather.canonical import unwrapped
from bot.gather.fetch import Fetched, Fetcher
from bot.gather.files import drafts
from bot.gather.formats import records
from bot.gather.pages import Pages, Pending
from bot.gather.records import Defaults, Rejected, check_defaults, draft_of
from bot.models import Draft, WebPage

AT_ONCE = 16
"""Links that are fetched together, and whose pages are in memory together."""

_Found = Draft | Rejected | Pending


def is_link(text: str) -> bool:
    """Whether somebody who names this means a link, and not a file."""
    return text.lower().startswith(("http://", "https://"))


def gathered(
    named: Sequence[str],
    fetcher: Fetcher,
    *,
    defaults: Defaults,
    now: datetime,
    stdin: BinaryIO | None = None,
    workers: int = 1,
) -> Iterator[Draft | Rejected]:
    """Read the articles of what somebody names: links, files and folders, in their order.

    As ``bot.gather.files.drafts``, with links beside paths; a default link is for files only.
    """
    check_defaults(defaults, now=now)
    without = defaults.model_copy(update={"url": None})
    return chain.from_iterable(
        _of_links(list(some), fetcher, without, now, workers)
        if linked
        else drafts(list(some), defaults=defaults, now=now, stdin=stdin, workers=workers)
        for linked, some in groupby(named, is_link)
    )


def _of_links(
    links: Sequence[str], fetcher: Fetcher, defaults: Defaults, now: datetime, workers: int
) -> Iterator[Draft | Rejected]:
    with Pages(workers or os.cpu_count() or 1) as pages:
        yield from pages.drafts(fetched(links, fetcher, defaults=defaults, now=now))


def fetched(
    links: Sequence[str], fetcher: Fetcher, *, defaults: Defaults, now: datetime
) -> Iterator[_Found]:
    """Fetch links, in their order; robots.txt is respected.

    Yields what ``Pages.drafts`` takes; a link that cannot be fetched is Rejected with the
    reason. ``now`` is what dates are measured against. Runs an event loop of its own.
    """
    with asyncio.Runner() as runner:
        runner.run(fetcher.__aenter__())
        try:
            for start in range(0, len(links), AT_ONCE):
                some = links[start : start + AT_ONCE]
                for link, got in zip(some, runner.run(_all(some, fetcher)), strict=True):
                    yield from _taken(link, got, defaults, now)
        finally:
            runner.run(fetcher.__aexit__(None, None, None))


async def _all(links: Sequence[str], fetcher: Fetcher) -> list[Fetched | FetchError]:
    return list(await asyncio.gather(*(_one(link, fetcher) for link in links)))


async def _one(link: str, fetcher: Fetcher) -> Fetched | FetchError:
    try:
        return await fetcher.get(unwrapped(link), page=True)
    except FetchError as error:
        return error


def _taken(
    link: str, got: Fetched | FetchError, defaults: Defaults, now: datetime
) -> Iterator[_Found]:
    origin = shown(link) if "@" in link else link
    if isinstance(got, FetchError):
        yield Rejected(origin=origin, reason=got.message)
        return
    if _is_front(got.url) and not _is_front(got.asked):
        reason = "it leads to the front page of its site: the article is gone, or has moved"
        yield Rejected(origin=origin, reason=f"{reason}; give the address it has now")
        return
    try:
        yield from records_of(got, origin, link, defaults=defaults, now=now)
    except GatherError as error:
        yield Rejected(origin=origin, reason=error.message)


def _is_front(link: str) -> bool:
    parts = urlsplit(link)
    return not parts.path.strip("/") and not parts.query


def records_of(
    got: Fetched, origin: str, link: str, *, defaults: Defaults, now: datetime
) -> Iterator[_Found]:
    """What was fetched, as a file of that name would be read; raises GatherError."""
    name = PurePosixPath(unquote(urlsplit(got.url).path)).name
    also = tuple(dict.fromkeys((link, got.url)))
    for found, place, alone in records(io.BytesIO(_as_utf8(got)), origin, name):
        if isinstance(found, bytes):
            page = WebPage(body=got.body, url=got.url, charset=got.charset, now=now)
            yield Pending(page, origin, defaults=defaults, also=also)
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
