"""A schema one migration before the first, for tests of what brings a store up to date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.store import migrate
from bot.store.engine import parse

OLDER = "0026"
"""It has no column ``fact.source_words``."""

_COLUMN = "source_words:text? "
_NEXT = f'''
import sqlalchemy as sa
from alembic import op

revision = "{migrate.BASE}"
down_revision = "{OLDER}"


def upgrade() -> None:
    op.add_column("fact", sa.Column("source_words", sa.Text()))
'''


@contextmanager
def older_known(folder: Path) -> Iterator[None]:
    """Have two migrations in place of the first: to OLDER, and from there to BASE."""
    copied = shutil.copytree(migrate._FOLDER, folder / "migrations")
    base = copied / "versions" / f"{migrate.BASE}_schema.py"
    first = base.read_text(encoding="utf-8").replace(f'"{migrate.BASE}"', f'"{OLDER}"')
    assert _COLUMN in first
    older = base.with_name(f"{OLDER}_schema.py")
    older.write_text(first.replace(_COLUMN, ""), encoding="utf-8")
    base.write_text(_NEXT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "_FOLDER", copied)
        yield


def make_older(url: str) -> None:
    """Make an empty store of the schema OLDER, which must be known."""
    engine = create_engine(parse(url))
    with engine.begin() as connection:
        migrate.migrate(connection, url, OLDER)
    engine.dispose()
