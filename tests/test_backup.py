"""A store backed up while it is in use, and put back: all of it, or nothing."""

from __future__ import annotations

import json
import stat
import threading
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from bot.backup.backup import LONGEST, backup, checked, create_archive, restore
from bot.backup.rows import Backup, Column, Content, Shape, shapes, stream
from bot.cli import main
from bot.errors import BadBackup, StoreError, StoreUnavailable
from bot.models import EVERYWHERE, LOCAL
from bot.search.index import PassageIndex
from bot.store import engine
from bot.store.migrate import HEAD, VERSION
from bot.store.store import Store
from tests import databases
from tests.arrivals import arrival, day, met
from tests.moved import connected, filled, lines_of, url_in
from tests.older_schema import OLDER, older_known

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
KINDS: tuple[databases.Kind, ...] = ("sqlite", "postgresql")
MET = "Qatar met Iran."
each_kind = pytest.mark.parametrize("kind", KINDS)


class Killed(BaseException):
    """The end of a process, as far as one can do it to oneself."""


def stored(url: str, *names: str) -> None:
    with Store.open(url) as store:
        store.commit([arrival(name, f"{MET} It was round {name}.") for name in names])


def small(tmp_path: Path) -> Path:
    """A backup of a store with one article."""
    url = url_in(tmp_path, "sqlite", "small")
    stored(url, "a")
    return backup(url, tmp_path / "small.zip", now=NOW).file


# --- there and back -------------------------------------------------------------------------


@pytest.mark.parametrize(("here", "there"), [(a, b) for a in KINDS for b in KINDS])
def test_every_table_comes_back(
    tmp_path: Path, here: databases.Kind, there: databases.Kind
) -> None:
    source, target = filled(url_in(tmp_path, here, "here")), url_in(tmp_path, there, "there")
    made = backup(source, tmp_path / "all.zip", now=NOW)
    assert restore(target, made.file) == made.about == checked(made.file)
    assert lines_of(source, but=("mark",)) == lines_of(target, but=("mark",))
    with Store.open(source) as one, Store.open(target) as other:
        assert one.id != other.id, "no index takes it for the store that it followed"
        assert one.last_seq() == other.last_seq()
    again = backup(target, tmp_path / "again.zip", now=NOW).about
    marks = {content.shape.name: content for content in again.contents}.pop("mark")
    assert [one for one in again.contents if one != marks] == [
        one for one in made.about.contents if one.shape.name != "mark"
    ]


@each_kind
def test_what_is_written_meanwhile_is_not_in_it(tmp_path: Path, kind: databases.Kind) -> None:
    url, target = url_in(tmp_path, kind, "here"), url_in(tmp_path, "sqlite", "there")
    stored(url, "a")
    written_along: list[str] = []

    def write_along(table: str, _done: int, _total: int) -> None:
        if not written_along:
            written_along.append(table)
            at_once = threading.Thread(target=stored, args=(url, "b"))
            at_once.start()
            at_once.join()

    made = backup(url, tmp_path / "one.zip", now=NOW, progress=write_along)
    restore(target, made.file)
    with Store.open(url) as one, Store.open(target) as other:
        assert (one.articles_total(LOCAL), other.articles_total(LOCAL)) == (2, 1)
        assert other.last_seq() == 1


def test_the_index_of_before_is_built_anew(tmp_path: Path) -> None:
    url = url_in(tmp_path, "sqlite", "here")
    stored(url, "a")
    made = backup(url, tmp_path / "one.zip", now=NOW)
    index = PassageIndex.open(tmp_path / "index")
    try:
        stored(url, "b")
        with Store.open(url) as store:
            index.catch_up(store)
        restore(url, made.file, replace=True)
        # As many changes as the index has seen, and another article.
        stored(url, "c")
        with Store.open(url) as store:
            index.catch_up(store)
            found = index.search("round", workspace=LOCAL, audiences=[EVERYWHERE])
        assert {hit.article for hit in found} == {"a", "c"}
    finally:
        index.close()


@each_kind
def test_one_of_an_older_schema(tmp_path: Path, kind: databases.Kind) -> None:
    """It is put back as it was, and brought up to date as that store would have been."""
    source, target = url_in(tmp_path, "sqlite", "old"), url_in(tmp_path, kind, "there")
    with Store.open(source) as store:
        store.commit([arrival("a", MET, published=day("2024-05-10"), facts=[met(MET)])])
    with older_known(tmp_path):
        file = _of_older(source, tmp_path / "old.zip")
        assert checked(file).revision == restore(target, file).revision == OLDER
        with Store.open(target) as store:
            (fact,) = store.facts(LOCAL, [EVERYWHERE])
    assert (fact.evidence[0].quote, fact.source_words) == (MET, None)
    with connected(target) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    with pytest.raises(
        StoreError,
        match=r"The backup .*old\.zip has schema 0026, older than .* can upgrade \(0027\)\. "
        "Restore it with the version before this one, and back it up again",
    ):
        restore(url_in(tmp_path, kind, "other"), file)


def _of_older(source: str, file: Path) -> Path:
    """The backup that a store would have given at the schema before."""
    with connected(source) as connection, create_archive(file) as archive:
        contents: list[Content] = []
        for shape in shapes():
            columns = tuple(one for one in shape.columns if one.name != "source_words")
            kept = shape.model_copy(update={"columns": columns})
            contents.append(archive.add(kept, stream(connection, kept, source), 1, lambda *_: None))
        about = Backup(
            program="0.0.9", revision=OLDER, store="s", made_at=NOW, contents=tuple(contents)
        )
        archive.end(about)
    return file


# --- refused --------------------------------------------------------------------------------


@each_kind
def test_what_is_there_stays_unless_it_is_said(tmp_path: Path, kind: databases.Kind) -> None:
    file, url = small(tmp_path), url_in(tmp_path, kind, "there")
    stored(url, "mine")
    with pytest.raises(StoreError, match=r"is not empty: .* --replace, and all that Dragoman has"):
        restore(url, file)
    before = lines_of(url)

    def die(table: str, done: int, _total: int) -> None:
        if table == "change" and done:
            raise Killed

    with pytest.raises(Killed):
        restore(url, file, replace=True, progress=die)
    assert lines_of(url) == before
    with Store.open(url), pytest.raises(StoreUnavailable, match="is in use"):
        restore(url, file, replace=True)
    restore(url, file, replace=True)
    with Store.open(url) as store:
        assert set(store.articles(LOCAL, ["a", "mine"])) == {"a"}
    assert not list(tmp_path.glob("*.restoring*"))


THEIRS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)",
    "INSERT INTO customer VALUES (1, 'Ada')",
    "CREATE TABLE orders (customer INTEGER REFERENCES customer (id))",
    "INSERT INTO orders VALUES (1)",
    "CREATE VIEW customers AS SELECT name FROM customer",
)


def _run(url: str, *statements: str) -> None:
    with connected(url) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _set_version(url: str, version: str) -> None:
    with connected(url) as connection:
        connection.execute(update(VERSION).values(version_num=version))


def _of_theirs(url: str) -> list[tuple[object, ...]]:
    with connected(url) as connection:
        asked = ("SELECT * FROM customer", "SELECT * FROM orders", "SELECT * FROM customers")
        return [tuple(connection.exec_driver_sql(one).one()) for one in asked]


@each_kind
def test_what_is_another_programs_stays(tmp_path: Path, kind: databases.Kind) -> None:
    file, url = small(tmp_path), url_in(tmp_path, kind, "there")
    stored(url, "mine")
    _run(url, *THEIRS)
    before = lines_of(url)

    def die(table: str, done: int, _total: int) -> None:
        if table == "change" and done:
            raise Killed

    with pytest.raises(Killed):
        restore(url, file, replace=True, progress=die)
    assert lines_of(url) == before
    for _ in range(2):
        restore(url, file, replace=True)
        with Store.open(url) as store:
            assert set(store.articles(LOCAL, ["a", "mine"])) == {"a"}
        assert _of_theirs(url) == [(1, "Ada"), (1,), ("Ada",)]
    if kind == "sqlite":
        held = b"".join(path.read_bytes() for path in tmp_path.glob("there.db*"))
        assert b"round mine" not in held, "what was replaced is not left in free pages"


def test_of_another_schema_in_the_database_nothing_goes(tmp_path: Path) -> None:
    file, url = small(tmp_path), url_in(tmp_path, "postgresql", "there")
    stored(url, "mine")
    _run(
        url,
        "CREATE SCHEMA theirs",
        "CREATE TABLE theirs.article AS SELECT id FROM article",
        "DROP TABLE feedback",  # so that only another program's has this name
        "CREATE TABLE theirs.feedback AS SELECT id FROM article",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET search_path = public, theirs',"
        " current_database()); END $$",
    )
    restore(url, file, replace=True)
    with connected(url) as connection:
        assert connection.exec_driver_sql("SELECT id FROM theirs.article").scalars().all() == [
            "mine"
        ]
        assert connection.exec_driver_sql("SELECT id FROM article").scalars().all() == ["a"]


@each_kind
def test_another_programs_database_is_not_replaced(tmp_path: Path, kind: databases.Kind) -> None:
    file, url = small(tmp_path), url_in(tmp_path, kind, "there")
    _run(url, *THEIRS)
    with pytest.raises(StoreError, match="is a database of another program"):
        restore(url, file, replace=True)
    assert _of_theirs(url) == [(1, "Ada"), (1,), ("Ada",)]


@each_kind
@pytest.mark.parametrize("version", ["0026", "9999"])
def test_a_store_of_an_unknown_schema(tmp_path: Path, kind: databases.Kind, version: str) -> None:
    """It is replaced by its backup, unless tables in it may be another program's."""
    file, url = small(tmp_path), url_in(tmp_path, kind, "there")
    stored(url, "mine")
    _run(url, "DROP TABLE feedback")
    _set_version(url, version)
    refused = {"sqlite": "is not empty", "postgresql": f"has schema {version}"}[kind]
    with pytest.raises(StoreError, match=refused):
        restore(url, file)
    restore(url, file, replace=True)
    with Store.open(url) as store:
        assert set(store.articles(LOCAL, ["a", "mine"])) == {"a"}
    _run(url, *THEIRS)
    _set_version(url, version)
    with pytest.raises(
        StoreError, match=r"\(customer\): (move the file away|name another database)"
    ):
        restore(url, file, replace=True)
    assert _of_theirs(url) == [(1, "Ada"), (1,), ("Ada",)]


@each_kind
def test_a_backup_that_names_a_table_of_others(tmp_path: Path, kind: databases.Kind) -> None:
    url, file = url_in(tmp_path, kind, "there"), tmp_path / "other.zip"
    stored(url, "mine")
    _run(url, *THEIRS)
    shape = Shape(name="customer", columns=(Column(name="id", kind="whole"),), keys=("id",))
    with create_archive(file) as archive:
        contents = (archive.add(shape, [(2,)], 1, lambda *_: None),)
        archive.end(Backup(program="1", revision=HEAD, store="s", made_at=NOW, contents=contents))
    with pytest.raises(BadBackup, match=r"not Dragoman's .customer."):
        restore(url, file, replace=True)
    assert _of_theirs(url)[0] == (1, "Ada")


def test_a_backup_of_a_newer_schema(tmp_path: Path) -> None:
    with create_archive(tmp_path / "new.zip") as archive:
        archive.end(Backup(program="9", revision="9999", store="s", made_at=NOW, contents=()))
    with pytest.raises(StoreError, match=r"The backup .* 9999, which is newer .* upgrade Dragoman"):
        checked(tmp_path / "new.zip")


@pytest.mark.parametrize("member", ["tables/article.jsonl", "backup.json"])
def test_a_line_that_is_too_long_is_not_read(tmp_path: Path, member: str) -> None:
    file, other = small(tmp_path), tmp_path / "other.zip"
    block = b"x" * 1_000_000
    with (
        zipfile.ZipFile(file) as whole,
        zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        for name in whole.namelist():
            if name != member:
                packed.writestr(name, whole.read(name))
        with packed.open(member, "w", force_zip64=True) as long:
            for _ in range(400):
                long.write(block)
    tracemalloc.start()
    try:
        with pytest.raises(BadBackup, match="is above 64 MB"):
            checked(other)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 3 * LONGEST, "400 MB would have been read whole"


def test_a_row_that_is_too_long_is_not_written(tmp_path: Path) -> None:
    shape = Shape(name="article", columns=(Column(name="id", kind="text"),), keys=("id",))
    with (
        pytest.raises(BadBackup, match="table article is above 64 MB"),
        create_archive(tmp_path / "long.zip") as archive,
    ):
        archive.add(shape, [("x" * LONGEST,)], 1, lambda *_: None)
    assert not list(tmp_path.iterdir())


@each_kind
def test_what_may_be_filled_without_asking(tmp_path: Path, kind: databases.Kind) -> None:
    file, url = small(tmp_path), url_in(tmp_path, kind, "there")
    Store.open(url).close()
    restore(url, file)
    with Store.open(url) as store:
        assert store.articles_total(LOCAL) == 1


def test_a_damaged_store_is_replaced_and_not_backed_up(tmp_path: Path) -> None:
    url = filled(url_in(tmp_path, "sqlite", "there"))
    path = tmp_path / "there.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: 40 * 4096] + bytes(8 * 4096) + whole[48 * 4096 :])
    with pytest.raises(StoreError, match="is damaged"):
        backup(url, tmp_path / "damaged.zip", now=NOW)
    assert not (tmp_path / "damaged.zip").exists()
    path.write_bytes(b"nothing of the kind" * 1000)
    restore(url, small(tmp_path), replace=True)
    with Store.open(url) as store:
        assert store.articles_total(LOCAL) == 1


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    """Cut short anywhere, or with any byte another."""
    file, url = small(tmp_path), url_in(tmp_path, "sqlite", "there")
    stored(url, "mine")
    before, whole = lines_of(url), file.read_bytes()
    about, other = checked(file), tmp_path / "other.zip"
    said = set()
    for size in range(0, len(whole), max(1, len(whole) // 60)):
        other.write_bytes(whole[:size])
        with pytest.raises(BadBackup, match=r"is not a Dragoman backup, or is damaged"):
            restore(url, other, replace=True)
    for at in range(0, len(whole), max(1, len(whole) // 400)):
        other.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            # What names and dates the members for zip programs alone is not what they hold.
            assert checked(other) == about
        except BadBackup as error:
            said.add(str(error).partition("(")[0])
    assert len(said) == 1
    assert lines_of(url) == before


def test_files_that_are_no_backups(tmp_path: Path) -> None:
    url = url_in(tmp_path, "sqlite", "there")
    (tmp_path / "note.txt").write_text("no zip", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "zip.zip", "w") as packed:
        packed.writestr("other.json", "{}")
    with zipfile.ZipFile(tmp_path / "form.zip", "w") as packed:
        packed.writestr("backup.json", json.dumps({"format": 2}))
    for name, words in (
        ("nowhere.zip", "There is no file"),
        ("note.txt", "is not a Dragoman backup"),
        ("zip.zip", "no item named 'backup.json'"),
        ("form.zip", "is of another form"),
        (".", "cannot be read"),
    ):
        with pytest.raises(BadBackup, match=words):
            restore(url, tmp_path / name)
    assert not (tmp_path / "there.db").exists()


@pytest.mark.parametrize("end", ["0.2", "rows"])
def test_one_that_says_otherwise_than_it_holds(tmp_path: Path, end: str) -> None:
    file, other = small(tmp_path), tmp_path / "other.zip"
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(other, "w") as packed:
        for name in whole.namelist():
            held = whole.read(name)
            if name == "backup.json" and end == "0.2":
                held = held.replace(f'"revision": "{HEAD}"'.encode(), b'"revision": "9999"')
            if name == "tables/revision.jsonl" and end == "rows":
                held = held.replace(b"round a", b"round b")
            packed.writestr(name, held)
    with pytest.raises((BadBackup, StoreError), match=r"upgrade Dragoman|table revision is not"):
        restore(url_in(tmp_path, "sqlite", "there"), other)


def test_where_a_backup_goes(tmp_path: Path) -> None:
    url = url_in(tmp_path, "sqlite", "here")
    stored(url, "a")
    made = backup(url, tmp_path, now=NOW)
    assert made.file == tmp_path / "dragoman-20260401-120000.zip"
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    with pytest.raises(BadBackup, match="already exists: name another file"):
        backup(url, tmp_path, now=NOW)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, and no folder", encoding="utf-8")
    with pytest.raises(BadBackup, match=r"cannot be written .*has room"):
        backup(url, blocked / "one.zip", now=NOW)

    def die(_table: str, _done: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        backup(url, tmp_path / "two.zip", now=NOW, progress=die)
    assert not [path for path in tmp_path.iterdir() if "two.zip" in path.name]
    with pytest.raises(StoreError, match="There is no store"):
        backup(f"sqlite:///{tmp_path / 'nowhere.db'}", tmp_path, now=NOW)


# --- the commands ---------------------------------------------------------------------------


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = url_in(tmp_path, "sqlite", "here"), url_in(tmp_path, "postgresql", "there")
    stored(source, "a")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").mkdir()

    def run(url: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        done = CliRunner().invoke(main, words)
        return done.exit_code, done.output

    code, said = run(source, "backup", "one.zip")
    assert (code, said.startswith("one.zip: ")) == (0, True), said
    code, said = run(source, "backup", "kept", "--json")
    assert (code, json.loads(said)["tables"]["article"]) == (0, 1)
    code, said = run(target, "restore", "one.zip", "--check")
    assert (code, "one.zip is intact: " in said) == (0, True), said
    code, said = run(target, "restore", "one.zip")
    assert (code, "one.zip is restored: " in said) == (0, True), said
    code, said = run(target, "restore", "one.zip")
    assert (code, "--replace" in said) == (1, True), said
    code, said = run(target, "restore", "one.zip", "--replace", "--json")
    assert (code, json.loads(said)["schema"]) == (0, HEAD)
    assert engine.parse(target).database
