"""A store copied to PostgreSQL, killed on the way, and 100 questions asked of both.

Reads PATH/current-events/items.jsonl.gz into a store in SQLite (or takes the data folder that
``--store`` names), and copies it by the command to its own PostgreSQL. The copy is killed with
SIGKILL ``--kills`` times on the way and started again; then the store is copied back. Then both are
opened with an index built from nothing, and asked the questions of
PATH/current-events/temporal_dev.jsonl, each as of its day, with its typing errors every other
time; their whole replies are compared as JSON. A backup of one is restored into the other.

How to read it: ``identical`` must be ``asked`` and ``same_tables`` ``tables``. ``copy_seconds``
are of one uninterrupted run; ``killed_after_rows`` is how many rows were there when each of the
others ended, and ``killed_copy_seconds`` what the last of them took.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.backup.backup import backup, restore
from bot.backup.copying import Copied, copy
from bot.desk import DATABASE, Desk
from bot.errors import BadQuery
from bot.models import Asker
from bot.store import engine
from bot.store.migrate import bring_up
from bot.store.tables import metadata
from tests import databases
from tests.bench.common import ITEMS, Result, needed
from tests.bench.filled import fill
from tests.bench.temporal import TEMPORAL

ASKED = 100
_COMMAND = (sys.executable, "-c", "from bot.cli import main; main()", "copy", "--json")


def options(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark's options, beside the folder of data."""
    parser.add_argument("--kills", type=int, default=3, help="how often a copy is killed")


def run(path: Path, store: Path | None = None, *, kills: int = 3) -> Result:
    """Copy, ask, back up and restore; raises RuntimeError if the command fails."""
    questions = needed(path, TEMPORAL)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        folder = Path(name)
        data = store or folder / "items"
        if not (data / DATABASE).is_file():
            fill(data, needed(path, ITEMS))
        source = engine.url_in(data)
        bring_up(source)
        return {
            "source_mb": round((data / DATABASE).stat().st_size / 2**20),
            **_copied(source, folder, kills),
            **_asked(source, folder, questions),
            **_backed_up(source, folder),
        }


def _url(folder: Path, name: str) -> str:
    return databases.server().bare(folder / name).render_as_string(hide_password=False)


def _copied(source: str, folder: Path, kills: int) -> Result:
    seconds, there = _timed(source, _url(folder, "whole"))
    target = _url(folder, "copy")
    rows = [_killed(source, target, seconds * (n + 1) / (kills + 2)) for n in range(kills)]
    last, gone_on = _timed(source, target)
    back_seconds, back = _timed(target, f"sqlite:///{folder / 'back.db'}")
    again = time.perf_counter()
    compared = copy(source, target)
    return {
        "rows": sum(one.rows for one in there),
        "tables": len(there),
        "same_tables": {
            "at_once": _same(there),
            "after_kills": _same(gone_on),
            "back_to_sqlite": _same(back),
            "compared_again": _same(compared),
        },
        "copy_seconds": seconds,
        "killed_after_rows": rows,
        "killed_copy_seconds": last,
        "back_seconds": back_seconds,
        "compare_seconds": round(time.perf_counter() - again, 1),
    }


def _same(tables: list[Copied]) -> int:
    return sum(one.same for one in tables)


def _timed(source: str, target: str) -> tuple[float, list[Copied]]:
    begun = time.perf_counter()
    done = subprocess.run(
        [*_COMMAND, "--from", source, "--to", target], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"`dragoman copy` failed: {done.stderr.strip()[-500:]}")
    found = [Copied(**one) for one in json.loads(done.stdout)]
    return round(time.perf_counter() - begun, 1), found


def _killed(source: str, target: str, seconds: float) -> int:
    """Start a copy and kill it; return how many rows are there then."""
    with subprocess.Popen(
        [*_COMMAND, "--from", source, "--to", target], stdout=subprocess.DEVNULL
    ) as running:
        try:
            running.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            running.kill()
    with _reading(target) as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        )


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    engines = engine.connect(engine.parse(url))
    try:
        with engines.reader.begin() as connection:
            yield connection
    finally:
        engines.dispose()


def _asked(source: str, folder: Path, questions: Path) -> Result:
    found: dict[str, list[str]] = {}
    result: Result = {}
    places = {"sqlite": source, "postgresql": _url_of_copy(folder)}
    for name, url in places.items():
        begun = time.perf_counter()
        with closing(Desk.open(folder / f"index-{name}", url=url)) as desk:
            desk.catch_up()
            result[f"index_{name}_seconds"] = round(time.perf_counter() - begun, 1)
            begun = time.perf_counter()
            found[name] = [_reply(desk, asker, text) for asker, text in _questions(questions)]
            result[f"ask_{name}_seconds"] = round(time.perf_counter() - begun, 1)
    one, other = found.values()
    kinds = Counter(str(json.loads(reply)["kind"]) for reply in one)
    same = sum(a == b for a, b in zip(one, other, strict=True))
    return result | {"asked": len(one), "identical": same, "kinds": dict(kinds.most_common())}


def _reply(desk: Desk, asker: Asker, text: str) -> str:
    try:
        return desk.ask(asker, text).model_dump_json()
    except BadQuery as error:
        return json.dumps({"kind": "refused", "why": error.message})


def _url_of_copy(folder: Path) -> str:
    made = databases.server().url((folder / "copy").resolve())
    return made.render_as_string(hide_password=False)


def _questions(file: Path) -> Iterator[tuple[Asker, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    for n, line in enumerate(lines[:: max(1, len(lines) // ASKED)][:ASKED]):
        row = json.loads(line)
        day = datetime.fromisoformat(row["ref_date"]).replace(hour=12, tzinfo=UTC)
        yield Asker(now=day, as_of=day), row["query_typo" if n % 2 else "query"]


def _backed_up(source: str, folder: Path) -> Result:
    begun = time.perf_counter()
    made = backup(source, folder / "backup.zip", now=datetime.now(UTC))
    seconds = round(time.perf_counter() - begun, 1)
    took = {}
    for name, url in (
        ("sqlite", f"sqlite:///{folder / 'restored.db'}"),
        ("postgresql", _url(folder, "restored")),
    ):
        begun = time.perf_counter()
        restore(url, made.file)
        took[name] = round(time.perf_counter() - begun, 1)
    return {
        "backup_seconds": seconds,
        "backup_mb": round(made.size / 2**20),
        "restore_seconds": took,
        "load_average": os.getloadavg()[0],
    }
