"""Fetching from a server that misbehaves: each time one sentence, and nothing else harmed."""

from __future__ import annotations

import asyncio
import pickle
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from ssl import SSLCertVerificationError

import brotli
import pytest
from aiohttp import ClientConnectorCertificateError
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from bot import __version__
from bot.errors import FetchError
from bot.gather.fetch import Fetcher, failure, user_agent
from tests.rogue import QUICK, Answer, Names, Rogue, fetcher, moved, rogue, said

IMPATIENT = replace(QUICK, seconds=0.3)
MEGABYTE = bytes(2**20)


def dripped(head: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    """An answer of which a byte comes now and then, without end."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.05)

    return drip


async def ten_gigabytes(writer: asyncio.StreamWriter) -> None:
    """A gzip body of ten thousand megabytes, a kilobyte for each."""
    packing = zlib.compressobj(9, wbits=31)
    head = packing.compress(MEGABYTE) + packing.flush(zlib.Z_FULL_FLUSH)
    again = packing.compress(MEGABYTE) + packing.flush(zlib.Z_FULL_FLUSH)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + head)
    for _ in range(9_999):
        writer.write(again)
        await writer.drain()


async def hung_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)
    writer.write(said("too late"))


def gzipped(text: bytes) -> bytes:
    return zlib.compress(text, wbits=31)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + end


CASES: dict[str, tuple[Answer, str, str]] = {
    "drip": (dripped(said(length=10_000)), "timeout", "within 0.3 seconds"),
    "drip without a length": (dripped(b"HTTP/1.1 200 OK\r\n\r\n"), "timeout", "0.3 seconds"),
    "slow headers": (dripped(b"HTTP/1.1 200 OK\r\nX-Slow: "), "timeout", "0.3 seconds"),
    "silence": (silence, "timeout", "0.3 seconds"),
    "gzip bomb": (ten_gigabytes, "too large", "more than 1 MB"),
    "brotli bomb": (
        said(brotli.compress(bytes(2**25), quality=3), Content_Encoding="br"),
        "too large",
        "more than 1 MB",
    ),
    "deflate bomb": (
        said(zlib.compress(bytes(2**23)), Content_Encoding="deflate"),
        "too large",
        "more than 1 MB",
    ),
    "many members": (said(gzipped(b"") * 2_000, Content_Encoding="gzip"), "too large", "MB"),
    "plainly large": (said(bytes(2**20 + 1)), "too large", "more than 1 MB"),
    "large by its own word": (said(length=2**40), "too large", "more than 1 MB"),
    "chunked and large": (chunked(*[bytes(2**18)] * 5), "too large", "more than 1 MB"),
    "longer by its own word": (said("half of", length=100), "cut short", "connection too early"),
    "shorter by its own word": (
        said("four and more", length=4).replace(b"close", b"keep-alive"),
        "malformed",
        "as a web server does",
    ),
    "closed in a chunk": (chunked(b"half", end=b"fff\r\nof"), "cut short", "too early"),
    "gzip cut short": (
        said(gzipped(b"some words")[:-9], Content_Encoding="gzip"),
        "cut short",
        "connection too early",
    ),
    "brotli cut short": (
        said(brotli.compress(b"some words " * 99)[:-4], Content_Encoding="br"),
        "cut short",
        "connection too early",
    ),
    "not gzip": (said("plain", Content_Encoding="gzip"), "malformed", "not packed as gzip"),
    "not brotli": (said("plain words", Content_Encoding="br"), "malformed", "not packed as br"),
    "another packing": (said("x", Content_Encoding="zstd"), "malformed", "not asked for"),
    "two packings": (said("x", Content_Encoding="gzip, br"), "malformed", "not asked for"),
    "negative length": (said("x", length=-1), "malformed", "as a web server does"),
    "two lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "malformed",
        "as a web server does",
    ),
    "giant header": (said(X_Big="a" * 5_000), "malformed", "as a web server does"),
    "endless headers": (
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 500 + b"\r\n",
        "malformed",
        "as a web server does",
    ),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", "malformed", "as a web server does"),
    "hung up": (hung_up, "unreachable", "hangs up"),
    "nothing": (b"", "unreachable", "hangs up"),
    "gone": (said(status="410 Gone"), "status", "gone for good (status 410)"),
    "not there": (said(status="404 Not Found"), "status", "no such page (status 404)"),
    "nothing to show": (said(status="204 No Content"), "status", "(status 204)"),
    "unasked 304": (said(status="304 Not Modified"), "status", "(status 304)"),
    "broken": (said(status="500 Oops"), "status", "problem of its own (status 500)"),
    "forbidden": (said("no", status="403 Forbidden"), "status", "refuses us (status 403)"),
    "challenge by header": (
        said(status="403 Forbidden", cf_mitigated="challenge"),
        "challenge",
        "prove that they are human",
    ),
    "challenge by page": (
        said("<p>Please solve this captcha</p>", status="503 Busy"),
        "challenge",
        "prove that they are human",
    ),
    "to itself": (moved("/"), "redirects", "in a circle"),
    "in a circle": (moved("/circle-a"), "redirects", "in a circle"),
    "without end": (moved("/far0"), "redirects", "more than 5 times"),
    "to nowhere": (said(status="302 Moved"), "redirects", "to nowhere"),
    "to no link": (moved("http://[::1"), "redirects", "something that is not a link"),
    "to a file": (moved("file:///etc/passwd"), "url", "not a link to the web"),
    "to a password": (moved("http://me:secret@news.example.org/"), "url", "name or password"),
}
ELSEWHERE: dict[str, Answer] = {
    "/circle-a": moved("/circle-b", 307),
    "/circle-b": moved("/circle-a", 308),
    **{f"/far{n}": moved(f"/far{n + 1}") for n in range(9)},
}


@pytest.mark.parametrize("name", CASES)
async def test_what_goes_wrong_is_told(name: str) -> None:
    answer, kind, words = CASES[name]
    limits = IMPATIENT if kind == "timeout" else QUICK
    async with rogue({"/": answer, **ELSEWHERE}) as site, fetcher(limits=limits) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch.get(site.base + "/")
        del site.answers["/"]
        site.answers["/fine"] = said("fine")
        assert (await fetch.get(f"{site.base}/fine")).body == b"fine"
    assert (caught.value.kind, words in str(caught.value)) == (kind, True), caught.value
    assert "secret" not in f"{caught.value} {caught.value.about}"
    assert str(caught.value).endswith(".")


async def test_a_bomb_takes_no_memory() -> None:
    async with rogue({"/": ten_gigabytes}) as site, fetcher() as fetch:
        tracemalloc.start()
        try:
            with pytest.raises(FetchError):
                await fetch.get(site.base + "/")
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 12 * 2**20  # a megabyte is kept; the server's own packing is in it too


async def test_what_follows_a_body_is_no_answer_to_the_next_question() -> None:
    async def smuggled(writer: asyncio.StreamWriter) -> None:
        writer.write(said("four").replace(b"close", b"keep-alive"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(said("smuggled").replace(b"close", b"keep-alive"))
        await writer.drain()
        await asyncio.sleep(0.2)

    async with rogue({"/": smuggled, "/fine": said("fine")}) as site, fetcher() as fetch:
        assert (await fetch.get(site.base)).body == b"four"
        await asyncio.sleep(0.1)
        assert (await fetch.get(f"{site.base}/fine")).body == b"fine"


async def test_nobody_listens() -> None:
    async with rogue({}) as site:
        pass
    async with fetcher() as fetch:
        with pytest.raises(FetchError, match="cannot be reached") as caught:
            await fetch.get(site.base)
    assert caught.value.kind == "unreachable"


async def test_a_name_that_does_not_resolve() -> None:
    async with fetcher(resolver=Names({})) as fetch:
        with pytest.raises(FetchError, match="is not found") as caught:
            await fetch.get("https://gone.example.org/feed")
    assert caught.value.kind == "dns"


def test_a_certificate_that_is_not_valid() -> None:
    url = URL("https://news.example.org/")
    key = ConnectionKey("news.example.org", 443, True, True, None, None, None)
    wrong = ClientConnectorCertificateError(key, SSLCertVerificationError("expired"))
    told = failure(wrong, url, [], 1.0, 1)
    assert told is not None
    assert (told.kind, "certificate" in str(told)) == ("tls", True)
    assert failure(KeyError("a fault of ours"), url, [], 1.0, 1) is None


async def test_plain_http_where_tls_is_asked_for() -> None:
    async with rogue({"/": said("plain")}) as site, fetcher() as fetch:
        with pytest.raises(FetchError, match="cannot be reached securely") as caught:
            await fetch.get(f"https://127.0.0.1:{site.port}/")
    assert caught.value.kind == "tls"


async def test_all_of_what_came_is_told() -> None:
    answer = said(
        "<p>Čeština</p>".encode("iso-8859-2"),
        Content_Type='Text/HTML; Charset="ISO-8859-2"',
        ETag='W/"1"',
        Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT",
        Cache_Control="public, max-age=600",
    )
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    async with (
        rogue({"/a?b=1": answer}) as site,
        Fetcher(user_agent="Dragoman/test", allow=["127.0.0.1"], clock=lambda: now) as fetch,
    ):
        got = await fetch.get(f"{site.base}/a?b=1#part")
    assert (got.asked, got.url) == (f"{site.base}/a?b=1#part", f"{site.base}/a?b=1")
    assert (got.status, got.content_type, got.charset) == (200, "text/html", "iso-8859-2")
    assert got.body.decode("iso-8859-2") == "<p>Čeština</p>"
    assert (got.etag, got.last_modified) == ('W/"1"', "Mon, 02 Mar 2026 10:00:00 GMT")
    assert (got.max_age, got.retry_after, got.moved_to) == (600, None, None)


async def test_what_has_not_changed_is_not_sent() -> None:
    unchanged = said(status="304 Not Modified", ETag='"2"')
    async with rogue({"/": unchanged}) as site, fetcher() as fetch:
        got = await fetch.get(site.base, etag='"1"', last_modified="yesterday")
    assert (got.status, got.body, got.etag) == (304, b"", '"2"')
    asked = site.requests[0][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"1"', "yesterday")


async def test_when_to_come_back_is_told() -> None:
    busy = said(status="429 Too Many Requests", Retry_After="120")
    async with rogue({"/": busy}) as site, fetcher() as fetch:
        with pytest.raises(FetchError, match="try again in 120 seconds") as caught:
            await fetch.get(site.base)
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (error.kind, error.status, error.retry_after) == ("status", 429, 120)
    assert (str(error), error.about) == (str(caught.value), caught.value.about)


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([301], "/1"),
        ([308, 301], "/2"),
        ([302], None),
        ([301, 302], "/1"),
        ([302, 301], None),
        ([301, 307, 301], "/1"),
    ],
)
async def test_a_lasting_move_is_told(statuses: list[int], moved_to: str | None) -> None:
    answers: dict[str, Answer] = {
        f"/{n}": moved(f"/{n + 1}", status) for n, status in enumerate(statuses)
    }
    answers[f"/{len(statuses)}"] = said("here")
    async with rogue(answers) as site, fetcher() as fetch:
        got = await fetch.get(site.base + "/0")
    assert got.moved_to == (site.base + moved_to if moved_to else None)
    assert got.url == f"{site.base}/{len(statuses)}"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", b"words " * 99),
        ("identity", b"words " * 99),
        ("gzip", gzipped(b"words " * 99)),
        ("X-GZIP", gzipped(b"words " * 99)),
        ("gzip", gzipped(b"words " * 50) + gzipped(b"words " * 49)),
        ("gzip", gzipped(b"words " * 99) + b"\0" * 20),
        ("deflate", zlib.compress(b"words " * 99)),
        ("deflate", zlib.compress(b"words " * 99, wbits=-15)),
        ("br", brotli.compress(b"words " * 99)),
    ],
)
async def test_packed_bodies_are_unpacked(coding: str, packed: bytes) -> None:
    async with rogue({"/": said(packed, Content_Encoding=coding)}) as site, fetcher() as fetch:
        assert (await fetch.get(site.base)).body == b"words " * 99


async def test_nothing_is_kept_or_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with rogue({"/": said("a", Set_Cookie="id=1; Path=/")}) as site, fetcher() as fetch:
        await fetch.get(site.base)
        await fetch.get(site.base)
    for _, headers in site.requests:
        assert headers.keys() == {"host", "accept", "accept-encoding", "connection", "user-agent"}
        assert headers["user-agent"] == "Dragoman/test"


def test_who_asks() -> None:
    assert user_agent() == f"Dragoman/{__version__}"
    assert user_agent("https://desk.example.org") == (
        f"Dragoman/{__version__} (+https://desk.example.org)"
    )


async def test_two_at_a_time_from_one_host() -> None:
    there, most = 0, 0

    async def counted(writer: asyncio.StreamWriter) -> None:
        nonlocal there, most
        there += 1
        most = max(most, there)
        await asyncio.sleep(0.02)
        there -= 1
        writer.write(said("a"))

    async with rogue({"/a": counted, "/b": moved("/a")}) as site, fetcher() as fetch:
        await asyncio.gather(*(fetch.get(f"{site.base}/b") for _ in range(6)))
    assert most == 2


async def test_outside_of_async_with() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await fetcher().get("https://news.example.org/")


def site_with(robots: Answer) -> dict[str, Answer]:
    pages: dict[str, Answer] = {f"/{one}": said(one) for one in ("open", "closed", "private/open")}
    return {**pages, "/robots.txt": robots, "/to-closed": moved("/closed")}


async def tried(site: Rogue, fetch: Fetcher, path: str) -> str:
    try:
        return (await fetch.get(site.base + path, page=True)).body.decode()
    except FetchError as error:
        return error.kind


@pytest.mark.parametrize(
    ("robots", "open_", "closed"),
    [
        (said("User-agent: *\nDisallow: /closed\n"), "open", "robots"),
        (said("User-agent: dragoman\nDisallow: /closed\n"), "open", "robots"),
        (said("User-agent: otherbot\nDisallow: /\n"), "open", "closed"),
        (said("User-agent: *\nDisallow: /\nAllow: /open\n"), "open", "robots"),
        (said("User-agent: *\nDisallow: /*osed$\n"), "open", "robots"),
        (said("User-agent: *\nDisallow: /\n\nUser-agent: Dragoman\nAllow: /\n"), "open", "closed"),
        (said("<html>not found</html>"), "open", "closed"),
        (said(b"\xff\xfe\x00 nonsense"), "open", "closed"),
        (said(status="404 Not Found"), "open", "closed"),
        (said(status="403 Forbidden"), "open", "closed"),
        (said(status="500 Oops"), "robots", "robots"),
        (said(status="429 Too Many"), "robots", "robots"),
        (moved("/robots.txt"), "open", "closed"),
        (said(bytes(2**20 + 1)), "open", "closed"),
        (said("half", length=99), "cut short", "cut short"),
    ],
)
async def test_robots_are_respected(robots: Answer, open_: str, closed: str) -> None:
    async with rogue(site_with(robots)) as site, fetcher() as fetch:
        assert await tried(site, fetch, "/open") == open_
        assert await tried(site, fetch, "/closed") == closed
        assert await tried(site, fetch, "/to-closed") == closed
        if open_ != "cut short":  # what was learnt is kept
            assert site.paths.count("/robots.txt") <= 1 + ("in a circle" in str(robots))
        assert (await fetch.get(f"{site.base}/closed")).body == b"closed"  # a feed, not a page


async def slow_robots(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.2)
    writer.write(said("User-agent: *\nAllow: /\n"))


@pytest.mark.parametrize(
    ("robots", "seconds", "fetched"),
    [(slow_robots, 30.0, True), (slow_robots, 0.3, False), (silence, 0.3, False)],
)
async def test_one_budget_holds_for_robots_and_all_redirects(
    robots: Answer, seconds: float, fetched: bool
) -> None:
    hosts = [f"{n}.example.org" for n in range(4)]
    names = Names({host: ["127.0.0.1"] for host in hosts})
    fetching = fetcher(limits=replace(QUICK, seconds=seconds), resolver=names)
    async with rogue({"/robots.txt": robots}) as site, fetching as fetch:
        links = [f"http://{host}:{site.port}/{host}" for host in hosts]
        site.answers |= {f"/{here}": moved(to) for here, to in zip(hosts, links[1:], strict=False)}
        site.answers[f"/{hosts[-1]}"] = said("words")
        if fetched:
            assert (await fetch.get(links[0], page=True)).body == b"words"
            return
        with pytest.raises(FetchError, match=f"{seconds} seconds") as caught:
            await fetch.get(links[0], page=True)
        assert caught.value.kind == "timeout"
        assert site.paths.count("/robots.txt") <= 2
