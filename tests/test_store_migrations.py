"""The schema is the same by migration as by definition, and a store opens from any state."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
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
from bot.store.tables import metadata
from tests import databases
from tests.arrivals import arrival, day, met, open_store

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


def test_down_and_up_again(tmp_path: Path) -> None:
    from alembic import command

    open_store(tmp_path).close()
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{tmp_path / 'dragoman.db'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()
    assert _definitions(tmp_path / "dragoman.db") == set()
    with open_store(tmp_path) as store:
        assert store.last_seq() == 0


def test_facts_stored_before_they_had_a_day_get_it(tmp_path: Path) -> None:
    from alembic import command

    dated = met(MET, event_date=date(2024, 5, 1), date_precision="day")
    with open_store(tmp_path) as store:
        store.commit(
            [
                arrival("event", MET, published=day("2024-06-01"), facts=[dated]),
                arrival("article", MET, published=day("2024-05-20"), facts=[met(MET)]),
                arrival("none", MET, facts=[met(MET)]),
            ]
        )
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{tmp_path / 'dragoman.db'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    engine.dispose()
    with open_store(tmp_path) as store:
        may = store.facts(LOCAL, [EVERYWHERE], until=date(2024, 5, 31))
        assert [one.evidence[0].article for one in may] == ["article", "event"]
        timeless = store.facts(LOCAL, [EVERYWHERE], undated=True)
        assert [one.evidence[0].article for one in timeless] == ["none"]


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "dragoman.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=r"schema 9999, which is newer .* upgrade Dragoman"):
        open_store(tmp_path)


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
