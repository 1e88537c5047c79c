"""Alembic's entry: runs on the connection that ``bot.store.migrate`` passes in."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata


def run() -> None:
    """Run inside the caller's transaction, so that a failed migration leaves nothing behind."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
