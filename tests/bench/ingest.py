"""Ingest of PATH/current-events/items.jsonl.gz, beside a bare SQLite FTS5 table.

Measures an article's whole way through ``Desk.ingest``: unpacking, intake, reading in workers,
the store, the index. Then the same rows (id, date, text) go into a bare FTS5 table of the SQLite
in this Python, with as many rows to a commit and the same durability, once before and once after.
Only the inserting is timed there, not the parsing of the file, so the ratio is as strict as
possible.

How to read it: ``seconds`` is the time until all could be found, ``facts_seconds`` until their
facts were read, too; ``ratio`` is the first over FTS5's seconds (goal: at most 15);
``peak_memory_mb`` sums this process and its workers (goal: below 500), and ``memory_is`` names
what was summed. ``second_run_new`` must be 0: the same file again adds nothing. ``seconds`` are by
the clock; on a machine that does other work (``load_average`` above its number of cores) compare
``cpu_seconds``, which count all processes.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from bot.ingest import BATCH
from tests.bench.common import ITEMS, Result, measured, needed
from tests.bench.filled import fill


def run(path: Path, _: Path | None = None) -> Result:
    """Ingest twice, then fill the bare table."""
    items = needed(path, ITEMS)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        folder = Path(name)
        before = bare_fts5(folder / "before.db", items)
        spent = _processor_seconds()
        with measured() as memory:
            report, seconds, facts_seconds = fill(folder / "data", items)
        spent = _processor_seconds() - spent
        bare = (before + bare_fts5(folder / "after.db", items)) / 2
        second = fill(folder / "data", items)
        stored = sum(f.stat().st_size for f in (folder / "data").rglob("*") if f.is_file())
    return {
        "items": report.read,
        "new": report.new,
        "rejected": report.rejected,
        "facts": report.facts,
        "seconds": round(seconds, 2),
        "facts_seconds": round(facts_seconds, 2),
        "cpu_seconds": round(spent, 2),
        "items_per_second": round(report.read / seconds),
        "bare_fts5_seconds": round(bare, 2),
        "ratio": round(seconds / bare, 1),
        "peak_memory_mb": round(memory.peak_mb),
        "memory_is": f"{memory.how}, {memory.most_processes} processes, {memory.samples} samples",
        "data_folder_mb": round(stored / 2**20),
        "second_run_seconds": round(second.seconds + second.facts_seconds, 2),
        "second_run_new": second.report.new + second.report.revised,
        "load_average": os.getloadavg()[0],
    }


def _processor_seconds() -> float:
    """Return the processor time, in seconds, of this process and of its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def bare_fts5(database: Path, items: Path) -> float:
    """Insert the rows into an FTS5 table; return the seconds spent inserting."""
    spent = 0.0
    rows = _rows(items)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE VIRTUAL TABLE item USING fts5(id UNINDEXED, day UNINDEXED, text)"
        )
        while batch := list(islice(rows, BATCH)):
            begun = time.perf_counter()
            with connection:
                connection.executemany("INSERT INTO item VALUES (?, ?, ?)", batch)
            spent += time.perf_counter() - begun
    return spent


def _rows(items: Path) -> Iterator[tuple[str, str, str]]:
    with gzip.open(items, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            yield item["id"], item["date"], item["text"]
