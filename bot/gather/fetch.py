"""All outbound HTTP for articles and feeds: guarded, bounded and polite.

Every address is checked when its socket is made, after the name is resolved and at every redirect,
so that neither a redirect nor a changed DNS answer leads inside the network. Redirects are followed
by hand. No cookies, proxies or passwords are used. Each fetch has limits: total seconds, bytes once
unpacked, headers, redirects.

Each host gets few requests at a time, with pauses between them. robots.txt is read as in RFC 9309
and kept for an hour. If there is none (a status of 400 to 499), everything is allowed; if the
server fails to answer, nothing is.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType
from protego import Protego
from yarl import URL

from bot import __version__
from bot.errors import FetchError
from bot.gather import responses
from bot.gather.addresses import REDIRECTS, Allowed, Trail, web_url, why_closed
from bot.gather.responses import ENCODINGS, TooLarge, Unpacker, failure, problem
from bot.settings import Settings

_MANY = 1_000


@dataclass
class _Lane:
    free: asyncio.Semaphore
    next_at: float = 0.0
    users: int = 0


class Lanes:
    """One lane for each host; ``pause`` is in seconds."""

    def __init__(self, at_once: int, pause: float) -> None:
        self._at_once = at_once
        self._pause = pause
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(
        self, host: str, pause: float = 0.0, *, wait: bool = True
    ) -> AsyncIterator[None]:
        """Wait for our turn at a host; ``pause`` is the interval that the host itself asks for.

        Without ``wait``, wait only for a free slot: a redirect within a host continues at once.
        """
        now = asyncio.get_running_loop().time
        if len(self._lanes) > _MANY:
            self._forget_idle(now())
        lane = self._lanes.setdefault(host, _Lane(asyncio.Semaphore(self._at_once)))
        lane.users += 1
        try:
            async with lane.free:
                if wait:
                    ahead = lane.next_at - now()
                    lane.next_at = max(lane.next_at, now()) + max(self._pause, pause)
                    await asyncio.sleep(max(ahead, 0.0))
                yield
        finally:
            lane.users -= 1

    def _forget_idle(self, now: float) -> None:
        for host, lane in list(self._lanes.items()):
            if not lane.users and lane.next_at <= now:
                del self._lanes[host]


PRODUCT = "Dragoman"
"""Our user agent in robots.txt."""

LONGEST_PAUSE = 10.0
"""Seconds between two pages; a longer Crawl-delay would block the host's articles."""

_KEPT = 3_600.0
_MAX_BYTES = 500 * 1_024
_SILENT = frozenset({"dns", "tls", "refused", "unreachable", "timeout", "cut short", "url"})
"""Kinds of failure that the page itself would also cause: reported unchanged."""


@dataclass
class _Site:
    asked: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = float("-inf")
    rules: Protego | None = None  # None: nothing is allowed


class Robots:
    """The robots.txt files of the sites visited; ``fetch`` gets the bytes of a link."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]]) -> None:
        self._fetch = fetch
        self._sites: dict[str, _Site] = {}

    async def pause(self, url: URL) -> float:
        """Return the seconds that a site asks to wait between pages, 0 if unspecified.

        Raises FetchError if robots.txt disallows this page.
        """
        rules = await self._rules(url)
        if rules is None or not rules.can_fetch(str(url), PRODUCT):
            why = (
                "cannot show its robots.txt now, so its pages are not read; try again later"
                if rules is None
                else "asks robots not to read this page (robots.txt); give its text as a file"
            )
            raise FetchError(
                f"{url.host} {why}.", about=f"{url.origin()}{url.raw_path}", kind="robots"
            )
        return min(rules.crawl_delay(PRODUCT) or 0.0, LONGEST_PAUSE)

    async def _rules(self, url: URL) -> Protego | None:
        origin = str(url.origin())
        now = asyncio.get_running_loop().time
        while len(self._sites) > _MANY:
            del self._sites[next(iter(self._sites))]
        site = self._sites.setdefault(origin, _Site())
        async with site.asked:
            if site.until <= now():
                site.rules = await self._read(f"{origin}/robots.txt")
                site.until = now() + _KEPT
            return site.rules

    async def _read(self, link: str) -> Protego | None:
        try:
            body = await self._fetch(link)
        except FetchError as error:
            if error.kind in _SILENT:
                raise
            busy = error.status is not None and (error.status >= 500 or error.status == 429)
            return None if busy else Protego.parse("")
        return Protego.parse(body[:_MAX_BYTES].decode("utf-8", "replace"))


_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/feed+json,application/xml;q=0.9,*/*;q=0.8"
)
_READABLE = frozenset({200, 203, 226})
_EXCERPT = 64 * 1024
"""Bytes of an error page that are examined."""

_Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one fetch, and the pacing of requests to a host.

    ``body`` is in bytes once unpacked, ``header`` in bytes for each header line. ``seconds`` covers
    all redirects and robots.txt, but not the wait for our turn. ``pause`` is in seconds between the
    starts of two fetches from one host.
    """

    body: int = 16 * 2**20
    header: int = 16 * 1024
    headers: int = 100
    seconds: float = 30.0
    connect: float = 10.0
    redirects: int = 5
    at_once: int = 2
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: ``asked`` is the link as given, ``url`` the one that answered.

    ``status`` is 200, or 304 with an empty body. ``body`` is unpacked but not decoded; ``charset``
    is from its header. ``max_age`` and ``retry_after`` are in seconds. ``moved_to`` is the
    permanent new address of the link: the end of the leading permanent redirects (301, 308).
    """

    asked: str
    url: str
    status: int
    body: bytes
    content_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None
    max_age: int | None
    retry_after: int | None
    moved_to: str | None
    fetched_at: datetime


def user_agent(contact: str | None = None) -> str:
    """Return our user agent: product, version, and the operator's contact."""
    return f"{PRODUCT}/{__version__}" + (f" (+{contact})" if contact else "")


@dataclass
class _Hop:
    """Passes the request to the socket factory, and collects the addresses it refused."""

    host_allowed: bool = False
    refused: list[str] = field(default_factory=list)


_HOP: ContextVar[_Hop] = ContextVar("hop")


class Fetcher:
    """Fetches links, one session for all; use it with ``async with``.

    ``allow`` lists what may be fetched besides the public web (hosts, addresses, CIDR networks);
    raises SettingsError if an entry is invalid. ``resolver`` is for tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow: Sequence[str] = (),
        limits: Limits | None = None,
        clock: _Clock = lambda: datetime.now(UTC),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allowed = Allowed.of(allow)
        self._limits = limits or Limits()
        self._clock = clock
        self._resolver = resolver
        self._session: ClientSession | None = None
        self._lanes = Lanes(self._limits.at_once, self._limits.pause)
        self._robots = Robots(self._body_of)

    @classmethod
    def from_settings(cls, settings: Settings, limits: Limits | None = None) -> Fetcher:
        """Create a fetcher from the settings; raises SettingsError."""
        allow = settings.dragoman_fetch_allow.replace(",", " ").split()
        return cls(user_agent=user_agent(settings.dragoman_user_agent), allow=allow, limits=limits)

    async def __aenter__(self) -> Fetcher:
        """Open the session."""
        limits = self._limits
        self._session = ClientSession(
            # Connections are not reused: each fetch is checked, and bytes left over from one answer
            # are never taken for the next.
            connector=TCPConnector(
                socket_factory=self._socket,
                resolver=self._resolver,
                use_dns_cache=False,
                force_close=True,
            ),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": ENCODINGS},
            timeout=ClientTimeout(total=None, sock_connect=limits.connect),
            auto_decompress=False,
            trust_env=False,
            max_line_size=limits.header,
            max_field_size=limits.header,
            max_headers=limits.headers,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        page: bool = False,
    ) -> Fetched:
        """Fetch a link; raises FetchError with the reason in ``kind``.

        ``etag`` and ``last_modified`` are those of the last answer: if nothing has changed, the
        answer is 304. With ``page``, the site's robots.txt is respected.
        """
        asking = {"Accept": _ACCEPT}
        if etag:
            asking["If-None-Match"] = etag
        if last_modified:
            asking["If-Modified-Since"] = last_modified
        return await self._followed(url, asking, page=page)

    async def _followed(
        self, url: str, asking: dict[str, str], *, page: bool = False, polite: bool = True
    ) -> Fetched:
        trail = Trail.begin(web_url(url, self._allowed), self._limits.redirects)
        now = asyncio.get_running_loop().time
        left, before = self._limits.seconds, ""
        while True:
            began = now()
            pause = await self._pause(trail.here, left) if page else 0.0
            left -= now() - began
            wait = polite and trail.host != before
            async with self._lanes.turn(trail.host, pause, wait=wait):
                before, began = trail.host, now()
                async with self._answer(trail.here, asking, left) as answer:
                    if answer.status not in REDIRECTS:
                        return await self._taken(url, trail, answer)
                    location = answer.headers.get("Location", "")
                    trail.follow(answer.status, location, self._allowed)
                left -= now() - began

    async def _pause(self, url: URL, seconds: float) -> float:
        """Return the pause that robots.txt asks for; fetching it counts towards the page's time."""
        try:
            async with asyncio.timeout(seconds):
                return await self._robots.pause(url)
        except TimeoutError as error:
            late = failure(error, url, [], self._limits.seconds, self._limits.body)
            raise late or error from error

    @asynccontextmanager
    async def _answer(
        self, url: URL, asking: dict[str, str], seconds: float
    ) -> AsyncIterator[ClientResponse]:
        """Send one request; any failure until its body is read becomes a FetchError."""
        if self._session is None:
            raise RuntimeError("a Fetcher works only within `async with`")
        hop = _Hop(host_allowed=url.raw_host in self._allowed.names)
        token = _HOP.set(hop)
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.get(url, headers=asking, allow_redirects=False) as answer,
            ):
                yield answer
        except FetchError:
            raise
        except Exception as error:
            known = failure(error, url, hop.refused, self._limits.seconds, self._limits.body)
            if known is None:
                raise
            raise known from error
        finally:
            _HOP.reset(token)

    async def _taken(self, asked: str, trail: Trail, answer: ClientResponse) -> Fetched:
        now = self._clock()
        again = responses.retry_after(answer.headers, now=now)
        conditional = {"If-None-Match", "If-Modified-Since"} & answer.request_info.headers.keys()
        if answer.status == 304 and conditional:
            body = b""
        elif answer.status in _READABLE:
            body = await self._read(answer)
        else:
            excerpt = await answer.content.read(_EXCERPT)
            raise problem(answer.status, answer.headers, excerpt, trail.here, again)
        kind, charset = responses.content_type(answer.headers)
        return Fetched(
            asked=asked,
            url=str(trail.here),
            status=304 if answer.status == 304 else 200,
            body=body,
            content_type=kind,
            charset=charset,
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            max_age=responses.max_age(answer.headers, now=now),
            retry_after=again,
            moved_to=trail.moved_to,
            fetched_at=now,
        )

    async def _read(self, answer: ClientResponse) -> bytes:
        """Return the unpacked body; raises errors that ``failure`` describes."""
        unpacker = Unpacker(answer.headers.get("Content-Encoding", ""), self._limits.body)
        if (answer.content_length or 0) > self._limits.body:
            raise TooLarge
        async for piece in answer.content.iter_any():
            unpacker.feed(piece)
        return unpacker.whole()

    async def _body_of(self, url: str) -> bytes:
        return (await self._followed(url, {}, polite=False)).body

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """Make the socket for one address, unless the address is blocked."""
        family, kind, protocol, _, where = info
        hop = _HOP.get(_Hop())
        why = why_closed(str(where[0]), int(where[1]), self._allowed)
        if why is not None and not hop.host_allowed:
            hop.refused.append(why)
            raise OSError(f"refused: {why}")
        return socket.socket(family=family, type=kind, proto=protocol)
