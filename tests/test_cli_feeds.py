"""dragoman feeds, from adding a site to reading what it brought."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.gather.fetch import Fetcher
from tests.rogue import Names, Rogue, fetcher, rogue_aside, said
from tests.site import item, rss, store_in

TEXT = "Qatar met Iran on Wednesday. " + "The talks in Doha went on until late. " * 40
FEED = rss(item("https://news.example.org/1", "Talks in Doha", TEXT))
PAGE = "<!doctype html><link rel=alternate type=application/rss+xml href=/rss>News"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rogue]:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    # As from the settings, but for the pause between two requests.
    quick = classmethod(lambda *_: fetcher(resolver=Names({})))
    monkeypatch.setattr(Fetcher, "from_settings", quick)
    with rogue_aside({"/": said(PAGE), "/rss": said(FEED)}) as server:
        yield server


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["feeds", *arguments], input=stdin, catch_exceptions=False)


def told(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_site_is_followed_polled_and_let_go(site: Rogue) -> None:
    added = run("add", f"{site.base}/", "--category", "Gulf")
    assert added.exit_code == 0, added.output
    assert "Example News: 1 entries" in added.stdout
    (feed,) = told("list")
    assert (feed["url"], feed["category"], feed["health"]) == (
        f"{site.base}/rss",
        "Gulf",
        "not polled yet",
    )
    assert run("add", f"{site.base}/rss").output.startswith(f"Error: {site.base}/rss is followed")

    polled = run("poll")
    assert "Example News: 1 new, 0 revised" in polled.stdout
    assert run("poll").stdout == "No feed is due; --now polls them all.\n"
    (again,) = told("poll", "--now")
    assert (again["new"], again["feed"]["polls"], again["feed"]["health"]) == (0, 2, "well")
    assert " example.org, 2 Mar 2026" in CliRunner().invoke(main, ["brief", "Qatar"]).stdout

    assert "Gulf\n" in run("list").stdout
    assert "is paused" in run("pause", "example news").stdout
    assert told("poll", "--now") == []
    assert "polled again" in run("resume", f"{site.base}/rss").stdout
    assert "its articles stay" in run("remove", feed["id"]).stdout
    assert told("list") == []
    assert run("pause", feed["id"]).output.startswith("Error: No feed")


def test_a_feed_that_fails_says_why(site: Rogue) -> None:
    run("add", f"{site.base}/rss")
    site.answers["/rss"] = said("<html>Hello</html>")
    failed = run("poll")
    assert failed.exit_code == 1
    assert "sends a web page in place of the feed" in failed.stdout
    assert "failed once since" in run("list").stdout


def test_what_another_process_polls_is_left_to_it(site: Rogue, tmp_path: Path) -> None:
    run("add", f"{site.base}/rss")
    with store_in(tmp_path / "data") as store:
        assert store.feeds.claim(datetime.now(UTC), timedelta(minutes=10)) is not None
    assert "Another process is polling it" in run("poll", f"{site.base}/rss").stdout
    assert site.paths == ["/rss"]


def test_a_feed_is_tried_without_being_followed(site: Rogue) -> None:
    tried = run("test", f"{site.base}/")
    assert tried.exit_code == 0
    for words in ("Example News (rss20)", "1 entries, 1 of them dated", "Talks in Doha"):
        assert words in tried.stdout
    assert told("test", f"{site.base}/rss")["entries"][0]["title"] == "Talks in Doha"
    assert told("list") == []
    site.answers["/"] = said("<html>nothing here</html>")
    site.answers["/rss"] = said("gone", "404 Not Found")
    assert "I found no feed at" in run("test", f"{site.base}/").output


def test_lists_come_in_and_go_out(site: Rogue, tmp_path: Path) -> None:
    seeds = told("import", "--seeds", "--category", "Middle East")
    assert seeds["added"] == seeds["read"] > 10
    assert told("import", "--seeds", "--category", "middle east")["added"] == 0
    out = run("export", "all.opml")
    assert f"{seeds['added']} feeds written" in out.stdout
    data = (tmp_path / "all.opml").read_bytes()
    assert run("export").stdout.encode()[:60] == data[:60]
    nothing = run("export", "--workspace", "T9")
    assert "T9 follows no feed: `dragoman feeds add URL`" in nothing.stderr
    again = run("import", "-", stdin=data)
    assert f"0 added, {seeds['added']} followed already" in again.stdout
    assert {feed["category"] for feed in told("list")} == {"Middle East"}
    assert site.requests == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("import",), "Name a file"),
        (("import", "nowhere.opml"), "cannot be read"),
        (("import", "notes.txt"), "no OPML"),
        (("export", "no/such/folder.opml"), "cannot be written"),
        (
            ("import", "--seeds", "--category", "Atlantis"),
            "No feed is in a folder Atlantis; there are: ",
        ),
        (("import", "--seeds", "--category", "Atlantis"), "Middle East"),
        (("pause", "abcdef"), "No feed abcdef is followed"),
        (("poll", "abcdef"), "No feed abcdef is followed"),
        (("add", "http://10.0.0.1/"), "not the public web"),
        (("add", "ftp://example.org/feed"), "http"),
    ],
)
@pytest.mark.usefixtures("site")
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    (tmp_path / "notes.txt").write_text("no list")
    result = run(*arguments)
    assert result.exit_code != 0
    assert why in result.output
    assert "Traceback" not in result.output


def test_of_what_there_is_but_a_summary_is_said(site: Rogue) -> None:
    paid = "<!doctype html><title>Talks</title><p>Subscribe to continue reading.</p>"
    summary = item(f"{site.base}/paid", "A day in Doha", "Qatar met Iran …")
    site.answers |= {"/paid": said(paid), "/rss": said(rss(summary))}
    run("add", f"{site.base}/rss")
    assert "not polled yet; due\n" in run("list").stdout
    polled = run("poll").stdout
    assert "1 new, 0 revised; 1 facts; 1 by the feed's summary alone.\n" in polled
    (again,) = told("poll", "--now")
    assert again["partial"] == 0
    assert "newest entry came" in run("list").stdout


def test_folders_are_listed(site: Rogue, tmp_path: Path) -> None:
    listed = run("import", "--seeds", "--category")
    assert listed.exit_code == 0
    assert "Middle East: " in listed.stdout
    folders = told("import", "--seeds", "--category")
    assert folders["Middle East"] == told("import", "--seeds", "--category", "Middle East")["read"]
    mine = tmp_path / "mine.opml"
    mine.write_text(
        "<opml><body><outline text='Ports'><outline text='Gulf'>"
        "<outline xmlUrl='https://a.example.org/rss' text='A'/></outline></outline></body></opml>"
    )
    assert told("import", str(mine), "--category") == {"Ports": 1, "Ports / Gulf": 1}
    assert site.requests == []


def test_what_has_no_date_is_not_new(site: Rogue) -> None:
    undated = item("", "Old talks", f"{TEXT} Twice.", guid="old", published=None)
    site.answers["/rss"] = said(rss(item("https://news.example.org/1", "Talks", TEXT), undated))
    run("add", f"{site.base}/rss")
    (polled,) = told("poll")
    assert (polled["new"], polled["undated"]) == (1, 1)
