"""The schema is the same by migration as by definition, and a store opens from any state."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.errors import StoreError
from bot.models import EVERYWHERE, LOCAL
from bot.store import migrate
from bot.store.engine import parse
from bot.store.migrate import bring_up, check_migration
from bot.store.tables import metadata
from tests import databases
from tests.arrivals import arrival, met, open_store
from tests.older_schema import OLDER, make_older, older_known

MET = "Qatar met Iran."

pytestmark = pytest.mark.sqlite  # test_cli_migrate.py migrates both


def _definitions(path: Path) -> set[tuple[str, ...]]:
    """Every table and index, as its pieces in any order: a column added later stands last."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        " AND name != 'alembic_version'"
    ).fetchall()
    connection.close()
    return {
        tuple(sorted(piece.strip() for piece in re.split(r"[\n,]", sql) if piece.strip()))
        for (sql,) in rows
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrations_make_what_the_tables_say(tmp_path: Path, kind: databases.Kind) -> None:
    with databases.kept_in(kind):
        open_store(tmp_path).close()
        url = databases.place(f"sqlite:///{tmp_path / 'dragoman.db'}")
    engine = create_engine(parse(url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrations_make_the_very_same_sql(tmp_path: Path) -> None:
    # Alembic does not compare checks, partial indexes and WITHOUT ROWID.
    open_store(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()
    assert _definitions(tmp_path / "dragoman.db") == _definitions(tmp_path / "made.db")


def test_the_head_named_in_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        first = store.id
    with open_store(tmp_path) as store:
        assert store.id == first != ""
    with open_store(tmp_path, "other.db") as store:
        assert store.id != first


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("9999", r"schema 9999, which is newer .* upgrade Dragoman"),
        (
            "0026",
            r"schema 0026, older .* Run `dragoman migrate` of the version before this one first",
        ),
        ("0011a", r"schema 0011a, older .* or name a new store and ingest everything again"),
    ],
)
def test_a_schema_that_is_not_known_is_refused(tmp_path: Path, version: str, said: str) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "dragoman.db")
    connection.execute("UPDATE alembic_version SET version_num = ?", [version])
    connection.commit()
    before = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    with pytest.raises(StoreError, match=said):
        open_store(tmp_path)
    assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before
    connection.close()


def test_a_store_of_the_many_migrations_before_is_opened_as_it_is(tmp_path: Path) -> None:
    """They added columns at the end of a table: it is the same by their names."""
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "dragoman.db")
    connection.execute("ALTER TABLE fact DROP COLUMN source_words")
    connection.execute("ALTER TABLE fact ADD COLUMN source_words TEXT")
    connection.execute("UPDATE alembic_version SET version_num = '0027'")
    connection.commit()
    connection.close()
    assert not check_migration(f"sqlite:///{tmp_path / 'dragoman.db'}").changed
    with open_store(tmp_path) as store:
        stated = met(MET).model_copy(update={"source_words": "Qatar met"})
        store.commit([arrival("a", MET, facts=[stated])])
        (found,) = store.facts(LOCAL, [EVERYWHERE])
        assert found.source_words == "Qatar met"


def test_an_older_store_keeps_what_it_holds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dragoman.db'}"
    with older_known(tmp_path):
        make_older(url)
        connection = sqlite3.connect(tmp_path / "dragoman.db")
        connection.execute("INSERT INTO mark VALUES ('store', 'abc')")
        connection.commit()
        connection.close()
        assert bring_up(url)[1:3] == (OLDER, migrate.HEAD)
    assert not check_migration(url).changed
    with open_store(tmp_path) as store:
        assert store.id == "abc"


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "dragoman.db")
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        open_store(tmp_path)
    connection = sqlite3.connect(tmp_path / "dragoman.db")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
    connection.close()
