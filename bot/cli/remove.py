"""dragoman remove: articles out for good."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from bot.cli.common import in_words, of_workspace, open_desk
from bot.settings import load_settings


@click.command()
@click.argument("named", metavar="URL|FILE|ID…", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Put back what was removed.")
@of_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the articles as JSON lines.")
@in_words
def remove(named: tuple[str, ...], undo: bool, workspace: str, as_json: bool) -> None:
    """Remove articles, by link, file or id: nothing tells of them, and nothing brings them back.

    A feed that has the article still, its AMP page or another link to it leave it removed.
    """
    from bot.curation import removing

    now = datetime.now(UTC)
    with open_desk(load_settings()) as desk:
        for what in named:
            if undo:
                done = removing.restore(desk.store, desk.care, workspace, what, now)
            else:
                done = removing.remove(desk.store, workspace, what, now)
            desk.catch_up()
            for one in done:
                words = removing.in_words(one.article, one.revision.title)
                if as_json:
                    row = {"article": one.article.id, "url": one.article.url, "removed": not undo}
                    click.echo(json.dumps(row, ensure_ascii=False))
                elif undo:
                    click.echo(f"Put back: {words}. It was read again.")
                else:
                    click.echo(
                        f"Removed: {words}. It stays out, whatever link or id it comes under."
                    )
