"""Targets: addresses, what HTTP says in its headers, robots.txt, dates."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from multidict import CIMultiDict
from yarl import URL

from bot.errors import FetchError
from bot.gather.addresses import Allowed, Trail, shown, web_url, why_closed
from bot.gather.decode import page_text
from bot.gather.feeds import link, when
from bot.gather.fetch import Damaged, Fetched, Robots, Unpacker, content_type, max_age, retry_after
from bot.gather.files import Defaults
from bot.gather.links import canonical_url, own_link, same_site, unwrapped
from bot.gather.pages import articles_of, is_feed
from bot.gather.records import linkable, published
from bot.models import Draft
from tests.fuzz import seeds
from tests.fuzz.documents import HERE, NOW, storable
from tests.fuzz.running import Call, Target, plainly

_NOBODY = Allowed.of([])


def address(data: bytes) -> None:
    """Take an address apart in every way that there is; what may be shown folds to one."""
    text = data.decode("utf-8", "replace")
    why_closed(text, 80, _NOBODY)
    shown(text)
    link(text, HERE)
    same_site(text, HERE)
    own_link(text, HERE)
    if linkable(text):
        canonical_url(text).encode()
        unwrapped(text).encode()
    web_url(text, _NOBODY)


def redirect(data: bytes) -> None:
    """Follow where an answer says that it went."""
    trail = Trail.begin(URL(HERE), 5)
    trail.follow(302, data.decode("utf-8", "surrogateescape"), _NOBODY)


def header(data: bytes) -> None:
    """Read the headers of an answer, and its body as they say."""
    said: CIMultiDict[str] = CIMultiDict()
    for line in data.decode("utf-8", "surrogateescape").replace("\x00", "").splitlines():
        name, _, value = line.partition(":")
        said.add(name.strip(), value.strip())
    kind, charset = content_type(said)
    max_age(said, now=NOW)
    retry_after(said, now=NOW)
    with _none_of_ours():
        Unpacker(said.get("Content-Encoding", ""), 1_000)
    page_text(b"<p>caf\xe9</p>", charset, about="x")
    got = Fetched(
        asked=HERE, url=HERE, status=200, body=b"caf\xe9 at noon", content_type=kind,
        charset=charset, etag=None, last_modified=None, max_age=None, retry_after=None,
        moved_to=None,
    )  # fmt: skip
    is_feed(got)
    found = articles_of(got, HERE, defaults=Defaults(), now=NOW)
    storable(one for one in found if isinstance(one, Draft))


@contextmanager
def _none_of_ours() -> Iterator[None]:
    try:
        yield
    except Damaged:
        return


@contextmanager
def robots() -> Iterator[Call]:
    """Ask a robots.txt about a page."""
    with asyncio.Runner() as runner:

        def call(data: bytes) -> None:
            async def fetch(_: str) -> bytes:
                return data

            try:
                pause = runner.run(Robots(fetch).pause(URL(HERE)))
            except FetchError:
                return
            assert 0 <= pause <= 10

        yield call


def date(data: bytes) -> None:
    """Read a date of publication."""
    text = data.decode("utf-8", "replace")
    when(text, None, NOW)
    published(text, now=NOW)


TARGETS = (
    Target("address", seeds.LINKS, plainly(address), seeds.LINK_WORDS, weight=24),
    Target("redirect", seeds.LINKS, plainly(redirect), seeds.LINK_WORDS, weight=12),
    Target("header", seeds.HEADERS, plainly(header), seeds.HEADER_WORDS, weight=7),
    Target("robots.txt", seeds.ROBOTS, robots, seeds.ROBOTS_WORDS, weight=12),
    Target(
        "date", seeds.DATES, plainly(date), seeds.DATE_WORDS, weight=20, may_raise=(ValueError,)
    ),
)
