"""dragoman thin: old texts thinned to what is quoted of them, now."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bot.cli.common import in_words, open_desk
from bot.errors import SettingsError
from bot.settings import load_settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many there are.")
@click.option(
    "--days",
    type=click.IntRange(1, 36500),
    help="Days that a text is kept, in place of DRAGOMAN_KEEP_DAYS.",
)
@in_words
def thin(dry_run: bool, days: int | None) -> None:
    """Thin the texts that came more than DRAGOMAN_KEEP_DAYS ago, as `serve` does.

    Titles, facts, and what is quoted of a text stay, and so do links. Nothing brings a text
    back, not even the same article that comes again.
    """
    from bot.answer.formatting import count
    from bot.retention.texts import cutoff, thin_all

    settings, now = load_settings(), datetime.now(UTC)
    kept = days or settings.dragoman_keep_days
    if not kept:
        raise SettingsError(
            "DRAGOMAN_KEEP_DAYS is 0, which keeps every text: set it, or say --days N.",
            about="DRAGOMAN_KEEP_DAYS",
        )
    with open_desk(settings) as desk:
        texts, characters = desk.store.thinning.due(cutoff(now, kept))
        if dry_run:
            old = count(kept, "day")
            click.echo(f"Texts that came over {old} ago: {texts:,}, {characters:,} letters.")
            return
        done = thin_all(desk.store, now, kept)
        desk.catch_up()
    click.echo(f"Texts thinned: {done:,}.")
