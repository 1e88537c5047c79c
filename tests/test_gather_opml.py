"""Lists of feeds in and out: folders kept, damage survived, nothing reached for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import UnreadableFile
from bot.gather.feeds import Listed, read_opml, write_opml
from bot.gather.records import Rejected

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
A, B = "https://a.example.org/feed", "https://b.example.org/rss"


def opml(body: str, head: str = "") -> bytes:
    return (
        f"<?xml version='1.0'?>{head}<opml version='2.0'><head/><body>{body}</body></opml>".encode()
    )


def feed(url: str, **more: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<outline type="rss" xmlUrl="{url}"{said}/>'


def read(data: bytes) -> list[Listed | Rejected]:
    return list(read_opml(data, about="list.opml"))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (feed(A, text="A News"), [Listed(A, "A News")]),
        (feed(A, text="short", title="A News", htmlUrl="https://a.example.org"), [Listed(A, "A News", "https://a.example.org")]),
        (f'<outline text="Gulf">{feed(A)}</outline>{feed(B)}', [Listed(A, category="Gulf"), Listed(B)]),
        (f'<outline text="World"><outline title="Gulf">{feed(A)}</outline>{feed(B)}</outline>', [Listed(A, category="World / Gulf"), Listed(B, category="World")]),
        (feed(A, category="/Gulf/News,Other"), [Listed(A, category="Gulf/News")]),
        (feed(A, category="/ Gulf ,Other"), [Listed(A, category="Gulf")]),
        (feed(A) + feed(A, text="again"), [Listed(A)]),
        (feed(A).replace("xmlUrl", "XMLURL"), [Listed(A)]),
        (feed("feed:" + A), [Listed(A)]),
        (feed("feed://a.example.org/feed"), [Listed("http://a.example.org/feed")]),
        (feed(A) + "<outline text='x & y'" + feed(B), [Listed(A), Listed(B)]),
        (feed(A, text="Tom & Jerry"), [Listed(A, "Tom Jerry")]),
        (feed(A.replace(".org", "\ufffe.org"), text="A\uffff"), [Listed(A, "A")]),
        ("<outline text='&#xD800;'>" + feed(A) + "</outline>", [Listed(A)]),
    ],
)  # fmt: skip
def test_feeds_arrive_in_their_folders(body: str, found: list[Listed]) -> None:
    assert [one for one in read(opml(body)) if isinstance(one, Listed)] == found


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<outline text='a folder without feeds'/>", "no xmlUrl"),
        (feed(A, text="&#xD800;"), "half a character"),
        (feed("javascript:alert(1)"), "http or https"),
        (feed("https://me:secret@a.example.org/feed"), "http or https"),
        (feed("https://a.example.org/" + "x" * 3_000), "http or https"),
    ],
)
def test_what_is_no_feed_is_said_with_its_line(body: str, why: str) -> None:
    (found,) = read(opml(body))
    assert isinstance(found, Rejected)
    assert why in found.reason
    assert found.origin == "list.opml:1"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not XML"),
        (b"hello", "no OPML"),
        (b"<rss version='2.0'><channel/></rss>", "no OPML"),
        (opml(feed(A, text="&a;"), "<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"), "entities"),
        (opml("", "<!DOCTYPE opml [<!ENTITY a 'b'>]>").decode().encode("utf-16"), "entities"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read(data)


def test_a_list_goes_out_and_comes_back() -> None:
    feeds = [
        Listed(A, 'A "News" & <more>', "https://a.example.org", "World / Gulf"),
        Listed(B, "B\x0bNews", None, "World"),
        Listed("https://c.example.org/feed?a=1&b=2"),
        Listed("https://d.example.org/feed", "D", None, "World / Gulf"),
    ]
    written = write_opml(feeds, title="Feeds", now=NOW)
    back = sorted(one for one in read(written) if isinstance(one, Listed))
    assert back == sorted(
        [feeds[0], feeds[1]._replace(title="BNews"), Listed(feeds[2].url, feeds[2].url), feeds[3]]
    )
    assert written.count(b'<outline text="Gulf"') == 1
