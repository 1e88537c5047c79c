"""dragoman feeds import and export: lists of feeds in and out, as OPML."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.answer.formatting import capital, count
from bot.cli.actors import me
from bot.cli.common import in_words, of_workspace, open_store
from bot.cli.feeds import as_json_option, feeds
from bot.errors import BadFeed, UnreadableFile
from bot.gather.records import Rejected
from bot.settings import load_settings

MOST_BYTES = 16 * 2**20
SHOWN = 20


@feeds.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--seeds", is_flag=True, help="Also follow the world news that Dragoman knows of.")
@click.option(
    "--category",
    metavar="FOLDER",
    is_flag=False,
    flag_value="",
    help="Only those in this folder, or one within it; without a value, lists the folders.",
)
@as_json_option
@of_workspace
@in_words
def import_(
    paths: tuple[Path, ...], seeds: bool, category: str | None, as_json: bool, workspace: str
) -> None:
    """Follow the feeds of OPML files, - for standard input; folders are kept.

    Nothing is fetched before the first poll. ListImport in a list twice adds nothing.
    """
    if not paths and not seeds:
        raise click.UsageError("Name a file of OPML, - for standard input, or --seeds.")
    from bot.feeds.adding import SEEDS, folders, seeded, within
    from bot.feeds.following import feed_of, key_of
    from bot.gather.opml import read_opml

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
    _report(len(listed), added, rejected, as_json)
    if not listed:
        sys.exit(1)


def _report(read: int, added: int, rejected: Sequence[Rejected], as_json: bool) -> None:
    """Print how many feeds were read and added, and which lines could not be used."""
    if as_json:
        counts = {"read": read, "added": added, "rejected": len(rejected)}
        rejections = [one.model_dump() for one in rejected]
        click.echo(json.dumps({**counts, "rejections": rejections}, ensure_ascii=False))
        return
    click.echo(
        f"{capital(count(read, 'feed'))} read: {added:,} added, {read - added:,} followed "
        f"already; {len(rejected):,} rejected."
    )
    for one in rejected[:SHOWN]:
        click.echo(f"  {one.origin}: {one.reason}", err=True)


def _print_folders(found: Mapping[str, int], as_json: bool) -> None:
    """Print the folders that --category takes, with how many feeds are in each."""
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
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
    from bot.gather.opml import write_opml

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
