"""dragoman feeds import and export: lists of feeds in and out, as OPML."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.answer.words import capital, count
from bot.cli.actors import me
from bot.cli.common import in_words, of_workspace, open_store
from bot.cli.feeds import as_json_option, feeds
from bot.errors import UnreadableFile
from bot.gather.records import Rejected
from bot.settings import load_settings

MOST_BYTES = 16 * 2**20
SHOWN = 20


@feeds.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--seeds", is_flag=True, help="Also follow the world news that Dragoman knows of.")
@click.option("--category", help="Only those in this folder, or one within it.")
@as_json_option
@of_workspace
@in_words
def import_(
    paths: tuple[Path, ...], seeds: bool, category: str | None, as_json: bool, workspace: str
) -> None:
    """Follow the feeds of OPML files, - for standard input; folders are kept.

    Nothing is fetched before the first poll. Taking in a list twice adds nothing.
    """
    if not paths and not seeds:
        raise click.UsageError("Name a file of OPML, - for standard input, or --seeds.")
    from bot.feeds.adding import SEEDS, seeded, within
    from bot.feeds.following import feed_of, key_of
    from bot.gather.opml import read_opml

    lists = [(str(path), _bytes(path)) for path in paths]
    if seeds:
        lists.insert(0, (SEEDS, seeded()))
    found = [one for about, data in lists for one in read_opml(data, about=about)]
    rejected = [one for one in found if isinstance(one, Rejected)]
    listed = [
        one for one in found if not isinstance(one, Rejected) and within(one.category, category)
    ]
    now = datetime.now(UTC)
    made = [feed_of(one, workspace=workspace, now=now, person=me()) for one in listed]
    with open_store(load_settings()) as store:
        added = sum(store.feeds.add(one, key_of(one.url)) for one in made)
    if as_json:
        told = [one.model_dump() for one in rejected]
        counts = {"read": len(listed), "added": added, "rejected": len(rejected)}
        click.echo(json.dumps({**counts, "rejections": told}, ensure_ascii=False))
    else:
        known = len(listed) - added
        click.echo(
            f"{capital(count(len(listed), 'feed'))} read: {added:,} added, {known:,} followed "
            f"already; {len(rejected):,} rejected."
        )
        for one in rejected[:SHOWN]:
            click.echo(f"  {one.origin}: {one.reason}", err=True)
    if not listed:
        sys.exit(1)


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
        return
    try:
        path.write_bytes(written)
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be written: {error.strerror}.", about=str(path)
        ) from error
    click.echo(f"{len(every):,} feeds written to {path}.")
