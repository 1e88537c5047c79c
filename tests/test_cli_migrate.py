"""dragoman migrate, and every command, on a store in PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from bot.cli import main
from bot.errors import StoreError
from bot.store.migrate import HEAD, Migration, bring_up, check_migration
from bot.store.store import Store
from tests import databases
from tests.arrivals import arrival, open_store
from tests.older_schema import OLDER, make_older, older_known

MET = "Qatar met Iran."


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store may be made."""
    if request.param == "sqlite":
        with databases.kept_in("sqlite"):
            yield f"sqlite:///{tmp_path / 'dragoman.db'}"
    else:
        yield databases.server().bare(tmp_path).render_as_string(hide_password=False)


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str, *words: str) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DRAGOMAN_DATA", str(folder))
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def test_a_store_is_made_once(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run(monkeypatch, tmp_path, url, "migrate", "--check")
    assert code == 1
    assert "is not there yet" in said
    assert not (tmp_path / "dragoman.db").exists()
    code, said = run(monkeypatch, tmp_path, url, "migrate")
    assert (code, said.startswith("Made the store ")) == (0, True)
    for words in (("migrate",), ("migrate", "--check")):
        code, said = run(monkeypatch, tmp_path, url, *words)
        assert (code, said.endswith(f"is up to date, at {HEAD}.\n")) == (0, True)
    with Store.open(url) as store:
        assert store.id


def test_an_older_store_is_brought_up_once_by_many(url: str, tmp_path: Path) -> None:
    with older_known(tmp_path):
        make_older(url)
        assert check_migration(url)[1:3] == (OLDER, HEAD)
        done: list[Migration] = []
        threads = [threading.Thread(target=lambda: done.append(bring_up(url))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(one.before or "" for one in done) == [OLDER, HEAD, HEAD, HEAD]
    with Store.open(url) as store:
        store.commit([arrival("a", MET)])
        assert store.last_seq() == 1


def test_many_make_a_new_store(url: str) -> None:
    ids: list[str] = []

    def opened() -> None:
        with Store.open(url) as store:
            ids.append(store.id)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_what_is_not_ours_is_refused(url: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (url VARCHAR)"))
    for ask in (check_migration, bring_up):
        with pytest.raises(StoreError, match="of another program: name another one"):
            ask(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE bookmarks"))
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    for ask in (check_migration, bring_up):
        with pytest.raises(StoreError, match="schema 9999, which is newer"):
            ask(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0011a'"))
    engine.dispose()
    for ask in (check_migration, bring_up):
        with pytest.raises(StoreError, match=r"schema 0011a, older .* of the version before this"):
            ask(url)


def test_commands_use_the_store_in_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.server().bare(tmp_path).render_as_string(hide_password=False)
    (tmp_path / "note.txt").write_text(f"{MET} They spoke in Doha.", encoding="utf-8")
    code, said = run(monkeypatch, tmp_path, url, "ingest", str(tmp_path / "note.txt"))
    assert (code, "1 new" in said) == (0, True), said
    code, said = run(monkeypatch, tmp_path, url, "brief", "Qatar")
    assert (code, MET in said) == (0, True), said
    code, said = run(monkeypatch, tmp_path, url, "feeds", "list")
    assert code == 0, said
    assert not (tmp_path / "dragoman.db").exists()
    with Store.open(url) as store:
        assert store.articles_total("local") == 1
    with databases.kept_in("sqlite"), open_store(tmp_path, "other.db") as other:
        assert other.articles_total("local") == 0
