"""Links on the command line: pages, records and what cannot become an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.feeds.drafting import gathered, is_link
from bot.gather.links import guid_name
from bot.gather.records import Defaults, Rejected
from bot.models import Draft
from tests.rogue import Answer, Rogue, fetcher, moved, rogue_aside, said

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
SENTENCE = "Qatar met Iran on Wednesday to talk about the price of gas in the region. "


def page(title: str, text: str = SENTENCE * 30, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{text[at : at + 740]}</p>" for at in range(0, len(text), 740))
    html = (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><article>"
        f"<h1>{title}</h1>{paragraphs}</article></body></html>"
    )
    return said(html, Content_Type="text/html; charset=utf-8")


CAPTCHA = said(
    "<html><head><title>Just a moment...</title></head><body>Verify you are human.</body></html>",
    Content_Type="text/html",
)
ITEM = "<item><title>{0}</title><link>/{1}</link><guid isPermaLink='false'>{1}</guid>{2}</item>"
FEED = (
    "<?xml version='1.0'?><!-- a feed --><rss version='2.0'><channel><title>Example News</title>"
    + ITEM.format("Talks", "a", "<description>Envoys met.</description>")
    + ITEM.format("Whole", "whole", f"<description>{SENTENCE * 20}</description>"
                  "<pubDate>Fri, 27 Mar 2026 10:00:00 GMT</pubDate>")
    + ITEM.format("Headline", "none", "")
    + "</channel></rss>"
)  # fmt: skip
ANSWERS: dict[str, Answer] = {
    "/": page("Front page"),
    "/a": page("Talks on gas", head='<link rel="canonical" href="/story/1">'),
    "/a/amp": moved("/a"),
    "/short": moved("/a", 301),
    "/old": moved("/"),
    "/plain.txt": said("Čína se sešla.".encode("iso-8859-2"), Content_Type="text/plain; charset=iso-8859-2"),
    "/list.jsonl": said('{"id": 1, "text": "Qatar met Iran."}\n{"id": 2}\n'),
    "/feed": said(FEED, Content_Type="application/rss+xml"),
    "/empty.json": said('{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}'),
    "/sitemap.xml": said("<?xml version='1.0'?><urlset></urlset>", Content_Type="text/xml"),
    "/wall": CAPTCHA,
    "/picture": said(b"\x89PNG\r\n\x1a\n" + bytes(99), Content_Type="image/png"),
    "/closed": page("Closed"),
    "/robots.txt": said("User-agent: *\nDisallow: /closed\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Rogue]:
    with rogue_aside(ANSWERS) as it:
        yield it


def read(*named: str, **defaults: str) -> list[Draft | Rejected]:
    return list(gathered(named, fetcher(), defaults=Defaults(**defaults), now=NOW))


def one(link: str) -> Draft:
    (found,) = read(link)
    assert isinstance(found, Draft), found
    return found


def test_a_page_becomes_an_article(site: Rogue) -> None:
    draft = one(f"{site.base}/short")
    assert draft.title == "Talks on gas"
    assert draft.text.startswith(SENTENCE.strip())
    assert draft.url == f"{site.base}/story/1"
    assert draft.also == (f"{site.base}/short", f"{site.base}/a")
    assert (draft.published, draft.origin) == (None, f"{site.base}/short")


def test_a_text_and_a_list_are_read_as_files_are(site: Rogue) -> None:
    assert one(f"{site.base}/plain.txt").text == "Čína se sešla."
    kept, refused = read(f"{site.base}/list.jsonl")
    assert isinstance(kept, Draft)
    assert (kept.text, kept.url, kept.also) == ("Qatar met Iran.", None, ())
    assert isinstance(refused, Rejected)
    assert refused.origin == f"{site.base}/list.jsonl:2"


def test_a_feed_is_read_once(site: Rogue) -> None:
    headline, whole, page_ = read(f"{site.base}/feed", publisher="The Example")
    assert isinstance(headline, Rejected)
    assert headline.origin == f"{site.base}/none"
    assert "its headline only" in headline.reason
    assert isinstance(whole, Draft)
    assert (whole.text, whole.url) == ((SENTENCE * 20).strip(), f"{site.base}/whole")
    assert whole.published == datetime(2026, 3, 27, 10, tzinfo=UTC)
    assert isinstance(page_, Draft)
    assert page_.text.startswith(SENTENCE.strip())
    assert (page_.url, page_.published) == (f"{site.base}/story/1", None)
    assert set(page_.also) == {f"{site.base}/a", guid_name(f"{site.base}/feed", "a")}
    assert {one.publisher for one in (whole, page_)} == {"The Example"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/none", "has no such page (status 404)"),
        ("/old", "leads to the front page of its site"),
        ("/empty.json", "a feed without any entry"),
        ("/sitemap.xml", "looks like XML"),
        ("/wall", "prove that they are human"),
        ("/picture", "it looks like a PNG picture"),
        ("/closed", "asks robots not to read this page"),
    ],
)
def test_what_is_no_article_is_told(site: Rogue, path: str, words: str) -> None:
    (found,) = read(site.base + path)
    assert isinstance(found, Rejected), found
    assert found.origin == site.base + path
    assert words in found.reason


def test_nothing_secret_is_told() -> None:
    (found,) = read("https://me:secret@news.example.org/a?token=secret")
    assert isinstance(found, Rejected)
    assert "secret" not in f"{found.origin}{found.reason}"


def test_links_and_files_in_their_order(site: Rogue, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.txt" for n in range(2)]
    for path in paths:
        path.write_text(path.name)
    named = [str(paths[0]), f"{site.base}/a", f"{site.base}/none", str(paths[1])]
    found = read(*named, publisher="Example News")
    assert [type(item) for item in found] == [Draft, Draft, Rejected, Draft]
    assert [item.origin for item in found] == named


@pytest.mark.parametrize(
    ("text", "link"),
    [("https://x.org", True), ("HTTP://x.org", True), ("https.txt", False), ("ftp://x", False)],
)
def test_what_is_a_link(text: str, link: bool) -> None:
    assert is_link(text) is link


def test_on_the_command_line(site: Rogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> dict[str, object]:
        result = CliRunner().invoke(main, ["ingest", "--json", *arguments])
        report: dict[str, object] = json.loads(result.stdout)
        return report

    refused = run(f"{site.base}/a")
    assert (refused["read"], refused["rejected"]) == (0, 1)
    assert "DRAGOMAN_FETCH_ALLOW" in str(refused["rejections"])
    monkeypatch.setenv("DRAGOMAN_FETCH_ALLOW", "127.0.0.1, intranet.example.org")
    assert run(f"{site.base}/a")["new"] == 1
    again = run(f"{site.base}/a/amp")
    assert (again["read"], again["new"], again["unchanged"]) == (1, 0, 1)
