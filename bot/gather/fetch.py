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
import re
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from types import TracebackType

import brotli
from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType
from protego import Protego
from yarl import URL

from bot import __version__
from bot.errors import FetchError, FetchKind
from bot.gather.addresses import ALLOW_HINT, REDIRECTS, Allowed, Trail, shown, web_url, why_closed
from bot.gather.boilerplate import CHALLENGE
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
        again = retry_after(answer.headers, now=now)
        conditional = {"If-None-Match", "If-Modified-Since"} & answer.request_info.headers.keys()
        if answer.status == 304 and conditional:
            body = b""
        elif answer.status in _READABLE:
            body = await self._read(answer)
        else:
            excerpt = await answer.content.read(_EXCERPT)
            raise problem(answer.status, answer.headers, excerpt, trail.here, again)
        kind, charset = content_type(answer.headers)
        return Fetched(
            asked=asked,
            url=str(trail.here),
            status=304 if answer.status == 304 else 200,
            body=body,
            content_type=kind,
            charset=charset,
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            max_age=max_age(answer.headers, now=now),
            retry_after=again,
            moved_to=trail.moved_to,
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


LONGEST = 31 * 86_400
"""Waits and lifetimes are capped at a month, in seconds."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s])", re.IGNORECASE)


def content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the media type in lower case, empty if there is none, and the charset."""
    raw = headers.get("Content-Type", "")
    if not raw:
        return "", None
    message = Message()
    message["Content-Type"] = raw.encode("ascii", "replace").decode("ascii")
    try:
        charset = message.get_content_charset()
    except (TypeError, ValueError, LookupError):  # "charset*0*=a; charset*=b", and worse
        charset = None
    return message.get_content_type(), charset.strip("'\" ") or None if charset else None


def max_age(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """Return the seconds that an answer stays fresh: 0 means not at all, None unspecified."""
    cache = headers.get("Cache-Control", "")
    if _NOT_KEPT.search(cache):
        return 0
    if found := _MAX_AGE.search(cache):
        return min(int(found[1]), LONGEST)
    if "Expires" not in headers:
        return None
    until = _date(headers["Expires"])
    if until is None:  # "0" and the like mean: already past
        return 0
    return _seconds(until, _date(headers.get("Date", "")) or now)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """Return the seconds after which the server asks to be tried again."""
    raw = headers.get("Retry-After", "").strip()
    if raw.isdecimal() and len(raw) <= 12:
        return min(int(raw), LONGEST)
    when = _date(raw)
    return _seconds(when, now) if when is not None else None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _seconds(until: datetime, since: datetime) -> int:
    return min(max(round((until - since).total_seconds()), 0), LONGEST)


ENCODINGS = "gzip, deflate, br"
"""Encodings that may be requested (Accept-Encoding)."""

_PLAIN = frozenset({"", "identity"})
_ZLIB = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
_DEFLATED = 8
_GZIP = b"\x1f\x8b"
_MAX_MEMBERS = 1_000
"""A gzip body may hold several members; thousands of empty ones are an attack."""


class TooLarge(Exception):
    """The body is larger than the limit once unpacked."""


class Damaged(Exception):
    """The body is not packed as its header says, or in a way that was not requested."""


class CutShort(Exception):
    """The compressed body ends early."""


class Unpacker:
    """Unpacks the pieces of one body; ``whole`` returns it unpacked.

    ``coding`` is the Content-Encoding header, empty if there is none; ``limit`` is in bytes, once
    unpacked.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding.strip().lower()
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._members = 0
        self._inflating: zlib._Decompress | None = None
        self._brotli = brotli.Decompressor() if self._coding == "br" else None
        if self._coding not in _PLAIN | _ZLIB | {"br"}:
            raise Damaged(f"packed as {self._coding[:40]!r}, which was not asked for")

    def feed(self, piece: bytes) -> None:
        """Take the next piece; raises TooLarge or Damaged."""
        try:
            if self._coding in _PLAIN:
                self._keep(piece)
            elif self._brotli is not None:
                self._unbrotli(self._brotli, piece)
            else:
                self._inflate(piece)
        except (zlib.error, brotli.error) as error:
            raise Damaged(f"not packed as {self._coding}, though it says so") from error

    def whole(self) -> bytes:
        """Return the body, after all pieces were fed; raises CutShort."""
        begun = self._inflating is not None and not self._inflating.eof
        if begun or (self._brotli is not None and not self._brotli.is_finished()):
            raise CutShort
        return b"".join(self._parts)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge
        self._parts.append(piece)

    def _room(self) -> int:
        return self._limit - self._size + 1

    def _unbrotli(self, unpacking: brotli.Decompressor, piece: bytes) -> None:
        self._keep(unpacking.process(piece, output_buffer_limit=self._room()))
        while not unpacking.can_accept_more_data():
            self._keep(unpacking.process(b"", output_buffer_limit=self._room()))

    def _inflate(self, piece: bytes) -> None:
        while piece:
            if self._inflating is None:
                # Some servers send "deflate" without the required zlib header.
                bare = self._coding == "deflate" and piece[0] & 0x0F != _DEFLATED
                self._inflating = zlib.decompressobj(_RAW if bare else _GZIP_OR_ZLIB)
            elif self._inflating.eof:
                if not piece.startswith(_GZIP[: len(piece)]):
                    return  # padding after the last member is common, and harmless
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise TooLarge
                self._inflating = zlib.decompressobj(_GZIP_OR_ZLIB)
            self._keep(self._inflating.decompress(piece, self._room()))
            piece = self._inflating.unconsumed_tail or self._inflating.unused_data


_CHALLENGED = frozenset({401, 403, 429, 503})
_STATUS = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses us",
    404: "has no such page",
    410: "says that this is gone for good",
    429: "says that we ask too often",
    451: "may not show this for legal reasons",
    503: "is busy or down for a while",
}


def failure(
    error: Exception, url: URL, refused: Sequence[str], seconds: float, most: int
) -> FetchError | None:
    """Return the FetchError for a failed fetch; None for a bug of ours.

    ``refused`` are the reasons why its addresses were blocked, ``seconds`` and ``most`` (bytes) the
    limits.
    """
    described = _describe(error, refused, seconds, most)
    if described is None:
        return None
    kind, what = described
    hint = ALLOW_HINT if kind == "refused" else ""
    return FetchError(f"{url.host} {what}.", about=shown(str(url)), kind=kind, hint=hint)


def _describe(
    error: Exception, refused: Sequence[str], seconds: float, most: int
) -> tuple[FetchKind, str] | None:
    if isinstance(error, TimeoutError):
        return "timeout", f"did not answer in full within {seconds:g} seconds; try again later"
    if isinstance(error, TooLarge):
        return "too large", f"sends more than {most / 2**20:g} MB, which no article is"
    if isinstance(error, CutShort | ClientPayloadError):
        return "cut short", "closed the connection too early; try again later"
    if isinstance(error, Damaged):
        return "malformed", f"sends what cannot be unpacked ({error}); tell its publisher"
    if refused:
        return "refused", f"leads to {refused[0]}, which is not the public web"
    return _describe_connection_error(error)


def _describe_connection_error(error: Exception) -> tuple[FetchKind, str] | None:
    if isinstance(error, ClientConnectorDNSError):
        return "dns", "is not found: the name does not resolve; check it, or try again later"
    if isinstance(error, ClientConnectorCertificateError):
        return "tls", "has a certificate that is not valid; check the link, or tell its publisher"
    if isinstance(error, ClientSSLError):
        return "tls", "cannot be reached securely (TLS); check the link, or tell its publisher"
    if isinstance(error, ClientResponseError):
        return "malformed", "does not answer as a web server does; check the link"
    if isinstance(error, ClientError | OSError):
        return "unreachable", "cannot be reached, or hangs up; try again later"
    return None


def problem(
    status: int, headers: Mapping[str, str], excerpt: bytes, url: URL, retry_after: int | None
) -> FetchError:
    """Return the FetchError for a response without a page; ``excerpt`` is the start of its body."""
    kind: FetchKind = "status"
    what = _STATUS.get(status)
    if what is None:
        what = "has a problem of its own" if status >= 500 else "does not give a page"
    if status in _CHALLENGED and (
        headers.get("cf-mitigated", "").lower() == "challenge" or CHALLENGE.search(excerpt)
    ):
        kind, what = "challenge", "asks visitors to prove that they are human (a challenge page)"
    later = f"; try again in {retry_after:,} seconds" if retry_after else ""
    return FetchError(
        f"{url.host} {what} (status {status}){later}.",
        about=shown(str(url)),
        kind=kind,
        status=status,
        retry_after=retry_after,
    )
