"""dragoman feeds: follow, poll, import and export feeds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.answer.formatting import capital, count
from bot.cli.actors import me
from bot.cli.common import in_words, json_option, of_workspace, open_desk, open_store, print_json
from bot.errors import BadFeed, UnreadableFile
from bot.gather.records import Rejected
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.feeds.poll import Polled
    from bot.models import Feed
    from bot.settings import Settings


SHOWN = 5
"""The number of entries and of other feeds that `feeds test` shows."""


@click.group()
def feeds() -> None:
    """Follow feeds: RSS, Atom, RDF and JSON Feed; `serve` polls them."""


@feeds.command()
@click.argument("url")
@click.option("--title", help="What to call it, in place of its own title.")
@click.option("--category", default="", help="Folder to keep it in, such as a region.")
@click.option("--publisher", help="Publisher of its articles, if they name several.")
@json_option
@of_workspace
@in_words
def add(
    url: str, title: str | None, category: str, publisher: str | None, as_json: bool, workspace: str
) -> None:
    """Follow the feed at URL, or the one that the site there announces."""
    from bot.feeds.following import feed_of, find_feed, key_of
    from bot.gather.feeds import Listed

    settings = load_settings()
    found = find_feed(settings, url, datetime.now(UTC))
    now = datetime.now(UTC)
    listed = Listed(found.url, title or found.read.title, found.read.site, category)
    new = feed_of(listed, workspace=workspace, now=now, person=me(), publisher=publisher)
    with open_store(settings) as store:
        if not store.feeds.add(new, key_of(new.url)):
            there = store.feeds.by_key(new, key_of(new.url)) or new
            raise BadFeed(f"{new.url} is followed already, as {there.id}.", about=new.url)
    if as_json:
        print_json(new.model_dump(mode="json"))
        return
    click.echo(f"{new.id}  {new.title or new.url}: {len(found.read.entries):,} entries.")
    click.echo("`dragoman serve` polls it from now on, `dragoman feeds poll` at once.")
    for other in found.others[:SHOWN]:
        click.echo(f"  The site also has {other}", err=True)


@feeds.command("list")
@json_option
@of_workspace
@in_words
def list_(as_json: bool, workspace: str) -> None:
    """List the feeds with their health."""
    from bot.feeds.following import ago, health

    with open_store(load_settings()) as store:
        every = store.feeds.all(workspace)
    now = datetime.now(UTC)
    if as_json:
        print_json([_as_dict(one) for one in every])
        return
    category = None
    for one in every:
        if one.category != category:
            click.echo(one.category or "Without a folder")
            category = one.category
        due = f"; next poll in {ago(one.next_poll, now)}" if one.next_poll > now else "; due"
        came = f" · newest entry came {ago(one.last_new, now)} ago" if one.last_new else ""
        click.echo(
            f"  {one.id}  {one.title or one.url} · {health(one)}{came}"
            f"{due if one.state == 'active' else ''}"
        )
    if not every:
        click.echo("No feed is followed: `dragoman feeds add URL`, or `feeds import --seeds`.")


@feeds.command()
@click.argument("name")
@of_workspace
@in_words
def remove(name: str, workspace: str) -> None:
    """Stop following a feed, named as `feeds list` does; its articles stay."""
    from bot.feeds.following import named

    with open_store(load_settings()) as store:
        one = named(store, workspace, name)
        store.feeds.remove(workspace, one.id)
    click.echo(f"{one.title or one.url} is no longer followed; its articles stay.")


@feeds.command()
@click.argument("name")
@of_workspace
@in_words
def pause(name: str, workspace: str) -> None:
    """Stop polling a feed, named as `feeds list` does, until it is resumed."""
    _set(workspace, name, "paused", "is paused; `dragoman feeds resume` resumes it")


@feeds.command()
@click.argument("name")
@of_workspace
@in_words
def resume(name: str, workspace: str) -> None:
    """Poll a feed again that was paused or retired."""
    _set(workspace, name, "active", "is polled again from now on")


def _set(workspace: str, name: str, state: str, said: str) -> None:
    from bot.feeds.following import named

    with open_store(load_settings()) as store:
        one = named(store, workspace, name)
        store.feeds.set_state(workspace, one.id, state, datetime.now(UTC))
    click.echo(f"{one.title or one.url} {said}.")


@feeds.command()
@click.argument("names", nargs=-1)
@click.option("--now", "at_once", is_flag=True, help="Poll every feed, due or not.")
@json_option
@of_workspace
@in_words
def poll(names: tuple[str, ...], at_once: bool, as_json: bool, workspace: str) -> None:
    """Poll the feeds that are due, or those that are named, and read what is new.

    Without NAMES, due feeds of all workspaces are polled.
    """
    settings = load_settings()
    wanted = _wanted(settings, workspace, names, at_once)
    done: list[Polled] = []
    if wanted is None or wanted:
        with open_desk(settings) as desk:
            done = asyncio.run(_polled(desk, settings, wanted, as_json))
    if as_json:
        print_json([_report(one) for one in done])
    elif not done:
        click.echo(
            "Another process is polling it; try again within ten minutes."
            if wanted
            else "No feed is due; --now polls them all."
        )
    if done and all(one.feed.failures for one in done):
        sys.exit(1)


def _wanted(
    settings: Settings, workspace: str, names: tuple[str, ...], at_once: bool
) -> list[Feed] | None:
    """Return the feeds to poll; None means those that are due, [] that none is due."""
    from bot.feeds.following import named

    with open_store(settings) as store:
        if names:
            return [named(store, workspace, one) for one in names]
        if at_once:
            return [one for one in store.feeds.all(workspace) if one.state == "active"]
        due = store.feeds.next_due()
        return None if due is not None and due <= datetime.now(UTC) else []


async def _polled(
    desk: Desk, settings: Settings, wanted: list[Feed] | None, as_json: bool
) -> list[Polled]:
    from bot.feeds.poll import poll_all, poll_due, polling

    def on_polled(polled: Polled) -> None:
        if not as_json:
            click.echo(_line(polled))

    async with polling(settings, desk.store, desk.ingest) as poller:
        if wanted is None:
            polled = await poll_due(poller, on_polled)
        else:
            polled = await poll_all(poller, wanted, on_polled)
    for workspace in {one.feed.workspace for one in polled}:
        desk.read_facts(now=datetime.now(UTC), workspace=workspace)
    return polled


def _line(polled: Polled) -> str:
    feed, report = polled.feed, polled.report
    name = feed.title or feed.url
    if feed.failures:
        return f"{name}: {feed.said}"
    undated = f", {report.undated:,} undated" if report.undated else ""
    new = report.new - report.undated
    said = f"{new:,} new{undated}, {report.revised:,} revised; {report.facts:,} facts"
    waits = f"; {polled.left:,} entries wait for the next poll" if polled.left else ""
    rejected = f"; {report.rejected:,} could not be read" if report.rejected else ""
    partial = f"; {polled.partial:,} by the feed's summary alone" if polled.partial else ""
    return f"{name}: {said}{partial}{waits}{rejected}."


def _report(polled: Polled) -> dict[str, Any]:
    keys = ("read", "new", "revised", "unchanged", "removed", "rejected", "facts")
    counts = {key: getattr(polled.report, key) for key in keys}
    counts["new"] -= polled.report.undated  # undated articles may be old
    counts["undated"] = polled.report.undated
    more = {"pages": polled.pages, "left": polled.left, "partial": polled.partial}
    return {**counts, **more, "feed": _as_dict(polled.feed)}


@feeds.command()
@click.argument("url")
@json_option
@in_words
def test(url: str, as_json: bool) -> None:
    """Fetch and read the feed at URL, or of the site there, and store nothing."""
    from bot.feeds.following import find_feed
    from bot.feeds.schedule import sentence

    found = find_feed(load_settings(), url, datetime.now(UTC))
    read, fetched = found.read, found.fetched
    dated = sum(entry.published is not None for entry in read.entries)
    if as_json:
        result = {
            "url": found.url,
            "others": found.others,
            "conditional": bool(fetched.etag or fetched.last_modified),
            **read.model_dump(mode="json"),
        }
        print_json(result)
        return
    click.echo(f"{read.title or found.url} ({read.kind or 'no format of a known name'})")
    click.echo(f"  address: {found.url}")
    click.echo(f"  {len(read.entries):,} entries, {dated:,} of them dated")
    for lost, what in ((read.refused, "dates in the future"), (read.lost, "unreadable entries")):
        if lost:
            click.echo(f"  {what}, left out: {lost:,}")
    if read.problem:
        click.echo(f"  {sentence(read.problem, found.url)}")
    does = "supports" if fetched.etag or fetched.last_modified else "does not support"
    click.echo(f"  the server {does} conditional requests")
    for entry in read.entries[:SHOWN]:
        when = f"{entry.published:%Y-%m-%d %H:%M}" if entry.published else "undated"
        click.echo(f"  · {when} · {entry.title or entry.link} ({len(entry.text):,} characters)")
    for other in found.others[:SHOWN]:
        click.echo(f"  The site also has {other}")


def _as_dict(feed: Feed) -> dict[str, Any]:
    from bot.feeds.following import health

    return {**feed.model_dump(mode="json"), "health": health(feed)}


MOST_BYTES = 16 * 2**20
_SHOWN_REJECTED = 20


@feeds.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--seeds", is_flag=True, help="Also follow the news feeds that come with Dragoman.")
@click.option(
    "--category",
    metavar="FOLDER",
    is_flag=False,
    flag_value="",
    help="Only those in this folder, or one within it; without a value, lists the folders.",
)
@json_option
@of_workspace
@in_words
def import_(
    paths: tuple[Path, ...], seeds: bool, category: str | None, as_json: bool, workspace: str
) -> None:
    """Follow the feeds of OPML files, - for standard input; folders are kept.

    Nothing is fetched before the first poll. Importing a list twice adds nothing.
    """
    if not paths and not seeds:
        raise click.UsageError("Name a file of OPML, - for standard input, or --seeds.")
    from bot.feeds.following import SEEDS, feed_of, folders, key_of, seeded, within
    from bot.gather.feeds import read_opml

    lists = [(str(path), _bytes(path)) for path in paths]
    if seeds:
        lists.insert(0, (SEEDS, seeded()))
    found = [one for about, data in lists for one in read_opml(data, about=about)]
    rejected = [one for one in found if isinstance(one, Rejected)]
    every = [one for one in found if not isinstance(one, Rejected)]
    if category == "":
        _print_folders(folders(every), as_json)
        return
    listed = [one for one in every if within(one.category, category)]
    if category is not None and every and not listed:
        names = ", ".join(folders(every))
        raise BadFeed(
            f"No feed is in a folder {category}; there are: {names or 'none'}.", about=category
        )
    now = datetime.now(UTC)
    made = [feed_of(one, workspace=workspace, now=now, person=me()) for one in listed]
    with open_store(load_settings()) as store:
        added = sum(store.feeds.add(one, key_of(one.url)) for one in made)
    _print_report(len(listed), added, rejected, as_json)
    if not listed:
        sys.exit(1)


def _print_report(read: int, added: int, rejected: Sequence[Rejected], as_json: bool) -> None:
    """Print how many feeds were read and added, and which lines could not be used."""
    if as_json:
        counts = {"read": read, "added": added, "rejected": len(rejected)}
        rejections = [one.model_dump() for one in rejected]
        print_json({**counts, "rejections": rejections})
        return
    click.echo(
        f"{capital(count(read, 'feed'))} read: {added:,} added, {read - added:,} followed "
        f"already; {len(rejected):,} rejected."
    )
    for one in rejected[:_SHOWN_REJECTED]:
        click.echo(f"  {one.origin}: {one.reason}", err=True)


def _print_folders(found: Mapping[str, int], as_json: bool) -> None:
    """Print the folders that --category takes, with how many feeds are in each."""
    if as_json:
        print_json(found)
        return
    for folder, feeds_in in found.items():
        click.echo(f"{folder}: {count(feeds_in, 'feed')}")
    if not found:
        click.echo("No feed there is in a folder.")


def _bytes(path: Path) -> bytes:
    try:
        stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
        with stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read: {error.strerror}.", about=str(path)
        ) from error
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"{path} is larger than any list of feeds.", about=str(path))
    return data


@feeds.command()
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True), default="-")
@of_workspace
@in_words
def export(path: Path, workspace: str) -> None:
    """Write the feeds that are followed as OPML, for any feed reader."""
    from bot.feeds.following import listed
    from bot.gather.feeds import write_opml

    with open_store(load_settings()) as store:
        every = [one for one in store.feeds.all(workspace) if one.state != "retired"]
    written = write_opml(map(listed, every), title="Feeds of Dragoman", now=datetime.now(UTC))
    if str(path) == "-":
        click.echo(written.decode(), nl=False)
    else:
        try:
            path.write_bytes(written)
        except OSError as error:
            raise UnreadableFile(
                f"{path} cannot be written: {error.strerror}.", about=str(path)
            ) from error
        click.echo(f"{len(every):,} feeds written to {path}.")
    if not every:
        click.echo(
            f"The workspace {workspace} follows no feed: `dragoman feeds add URL` adds one.",
            err=True,
        )
