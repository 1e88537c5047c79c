"""Pages and PDFs from files and links: drafts in order, and each costs itself at most."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BadRecord, UnreadableFile
from bot.gather import pages as room
from bot.gather.pages import Pages, Pending, choose, is_teaser, page_draft
from bot.gather.records import Defaults, Rejected
from bot.models import Draft, Extracted, WebPage
from tests.gathering import NONE, Write, read, refused, writer
from tests.test_gather_pdf import LINES, WHOLE, pdf
from tests.web_pages import HERE, NOW, TALKS, html

BODY = "\n\n".join(TALKS)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pages]:
    with Pages(2) as pages:
        yield pages


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


def pending(text: str, **known: object) -> Pending:
    return Pending(WebPage(body=text.encode(), url=HERE, now=NOW), "here", **known)  # type: ignore[arg-type]  # tests give what they say


def test_pages_come_in_order_with_what_is_no_page_between_them(pool: Pages) -> None:
    drafts = [Draft(text=f"Text {n}.", origin=str(n)) for n in range(6)]
    items: list[Draft | Rejected | Pending] = []
    for n, draft in enumerate(drafts):
        items += [pending(html(f"This is page number {n}.", *TALKS)), draft]
    found = [item for item in pool.drafts(items) if isinstance(item, Draft)]
    assert found[1::2] == drafts
    assert [draft.text.split("\n\n")[0] for draft in found[::2]] == [
        f"This is page number {n}." for n in range(6)
    ]


def test_a_page_that_takes_too_long_is_said_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.5)
    heavy = "<html><body>" + "".join(f"<div><p>word {n}, word</p></div>" for n in range(100_000))
    with Pages(1) as pool:
        first, second = pool.drafts([pending(heavy), pending(html(*TALKS))])
    assert isinstance(first, Rejected)
    assert "more than 0.5 s" in first.reason
    assert isinstance(second, Draft)


def test_what_a_library_makes_of_a_page_is_that_pages_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: WebPage) -> Extracted:
        raise RecursionError

    monkeypatch.setattr("bot.gather.extract.extract", broken)
    with pytest.raises(UnreadableFile, match="RecursionError"):
        room._extract(WebPage(body=b"", now=NOW))


HOSTILE = {
    "deep": b"<html>" + b"<div>" * 100_000 + b"x",
    "nested": b"<html><body>" + b"<b><i>" * 30_000 + b"word " * 100,
    "bomb": b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><html><body><p>&c;&c;</p>',
    "external": b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>&a;</p>',
    "nulls": b"<html>" + b"\0" * 1_000_000,
    "one line": b"<html><p>" + b"a" * 5_000_000,
    "comment": b"<html><!--" + b"x" * 2_000_000,
    "open": b"<html>" + b"<" * 500_000,
    "attributes": b"<html><p " + b'a="b" ' * 100_000 + b">hello",
    "script": b'<html><script type="application/ld+json">' + b'{"@graph":[' * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_harm_nobody(pool: Pages, name: str) -> None:
    (found,) = pool.drafts([Pending(WebPage(body=HOSTILE[name], now=NOW), name)])
    if isinstance(found, Rejected):
        assert len(found.reason) < 200
    else:
        assert "root:" not in found.text
        assert len(found.text) <= len(HOSTILE[name])


def test_files_of_pages_are_read_like_other_files(write: Write, tmp_path: Path) -> None:
    write("a.html", html(*TALKS).encode())
    write("b.HTM.gz", gzip.compress(html(*TALKS[::-1]).encode()))
    write("c.pdf", pdf(LINES))
    write("d.txt", b"Plain.")
    write("e.txt", html(*TALKS[2:]).encode())  # told by how it begins
    found = read(tmp_path)
    assert [one.text for one in found if isinstance(one, Draft)] == [
        BODY,
        "\n\n".join(TALKS[::-1]),
        "\n\n".join(WHOLE),
        "Plain.",
        "\n\n".join(TALKS[2:]),
    ]
    first = found[0]
    assert isinstance(first, Draft)
    assert first.title == "Talks are to begin"
    assert first.external_id == f"file:{tmp_path / 'a.html'}"
    assert (first.url, first.publisher, first.published) == (None, None, None)


def test_a_page_knows_its_address_publisher_and_day_and_defaults_fill_in(write: Write) -> None:
    head = (
        f'<link rel="canonical" href="{HERE}"><meta property="og:site_name" content="Example">'
        '<meta property="article:published_time" content="2026-03-20">'
    )
    defaults = Defaults(publisher="Other", date="2026-01-01")
    (draft,) = read(write("a.html", html(*TALKS, head=head).encode()), defaults=defaults)
    assert isinstance(draft, Draft)
    assert (draft.url, draft.external_id, draft.publisher) == (HERE, None, "Example")
    assert draft.published == datetime(2026, 3, 20, tzinfo=UTC)
    (draft,) = read(write("b.html", html(*TALKS).encode()), defaults=defaults)
    assert isinstance(draft, Draft)
    assert (draft.publisher, draft.published) == ("Other", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("a.html", html("Subscribe to continue reading.").encode(), "do not pay"),
        ("a.html", b"<html><title>Just a moment...</title>", "prove that they are human"),
        ("a.html", b"<html><body><p></p>", "article cannot be found"),
        ("a.pdf", b"<html><body><p></p>", "article cannot be found"),
        ("a.pdf", b"%PDF-1.4 rubbish", "damaged PDF"),
        ("feed.xml", b"<?xml version='1.0'?><rss></rss>", "looks like XML"),
    ],
)
def test_what_holds_no_article_is_refused(write: Write, name: str, body: bytes, why: str) -> None:
    assert why in refused(write(name, body))


def test_a_page_without_a_publisher_is_its_hosts_and_keeps_where_it_was_found() -> None:
    page = Pending(WebPage(body=b"", url="https://www.example.org/t?ref=1", now=NOW), "here")
    found = Extracted(title="T", text="Words.", url="https://www.example.org/t", author="Jo")
    draft = page_draft(found, page)
    assert (draft.publisher, draft.author) == ("example.org", "Jo")
    assert (draft.url, draft.also) == (found.url, (page.page.url,))
    with pytest.raises(BadRecord, match="cookies"):
        page_draft(Extracted(wall="consent"), page)


SHORT = "The delegation is to travel to the capital for talks."
LONG = " ".join(TALKS * 3)


@pytest.mark.parametrize(
    ("feed", "page", "chosen"),
    [
        (SHORT, Extracted(text=BODY), "page"),
        (SHORT, None, "feed"),
        (SHORT, Extracted(wall="paywall"), "feed"),
        (SHORT, Extracted(text="Short."), "feed"),
        (SHORT, Extracted(text=""), "feed"),
        (LONG, Extracted(text=BODY), "feed"),  # the page has less
        (LONG, Extracted(text=LONG + " And more."), "feed"),  # hardly more: a footer
        (LONG, Extracted(text=f"{LONG} {BODY}"), "page"),
        (LONG, Extracted(text="Comments by readers. " * 500), "feed"),  # of something else
        (LONG + " …", Extracted(text=LONG + " and so it ended, at last."), "page"),
        ("", Extracted(text=BODY), "page"),
    ],
)
def test_the_longer_clean_text_is_chosen(feed: str, page: Extracted | None, chosen: str) -> None:
    assert choose(feed, page) == (feed if chosen == "feed" or page is None else page.text)


@pytest.mark.parametrize(
    ("text", "teaser"),
    [
        (SHORT, True),
        (LONG, False),
        (LONG + " […]", True),
        (LONG + "...", True),
        (LONG + " Read more", True),
        ("", True),
    ],
)
def test_teaser(text: str, teaser: bool) -> None:
    assert is_teaser(text) == teaser


def test_defaults_are_none_unless_given() -> None:
    assert Pending(WebPage(body=b"", now=NOW), "here").defaults == NONE
