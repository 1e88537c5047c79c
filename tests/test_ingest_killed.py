"""An intake killed without warning, again and again: nothing is lost, nothing is twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import product
from pathlib import Path

from bot.desk import DATABASE

KILLS = 6
ARTICLES = 600
BATCH = 30
"""Articles in one transaction, so that kills fall between, before and into many of them."""

RUN = f"""
import bot.ingest
from bot.cli import main
from tests.shared import share_readings
share_readings()
bot.ingest.BATCH = {BATCH}
main()
"""

STATES = ("Iran", "Qatar", "Oman", "Egypt", "Turkey", "Kuwait", "Jordan", "Iraq")
ACTS = ("met", "accused", "sanctioned", "signed a treaty with", "attacked")
NOT_THE_SAME = {
    # When something was seen is the clock's, not the article's.
    "article": {"first_seen"},
    "revision": {"seen_at"},
    "reading": {"superseded_at"},
    "fact": {"retired_at"},
    # A store has a name of its own.
    "mark": {"value"},
}
LEFT_OUT = {
    "counter",
    "alembic_version",
    # Whom a second paper has named is an actor, and nobody that an article introduces: a
    # process that starts later knows that from its first line.
    "introduction",
}


def archive(path: Path) -> None:
    """Write articles of which some come again: the same, edited, or told by another."""
    dice = random.Random("archive")  # noqa: S311
    pairs = [pair for pair in product(STATES, STATES) if pair[0] != pair[1]]
    with path.open("w", encoding="utf-8") as out:
        for n in range(ARTICLES):
            (one, other), act = dice.choice(pairs), dice.choice(ACTS)
            day = f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            edit = dice.choice(("", " It was the first time.", " Nobody else was there."))
            text = f"{one} {act} {other} on {day}.{edit} Prime Minister Ada Mustermann watched."
            record = {
                "id": f"note-{n if dice.random() < 0.9 else dice.randint(0, n)}",
                "text": text,
                "date": day,
                "publisher": f"Paper {dice.randint(1, 9)}",
            }
            out.write(json.dumps(record) + "\n")


def start(folder: Path, source: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "ingest", str(source)],
        env={**os.environ, "DRAGOMAN_DATA": str(folder), "DRAGOMAN_WORKERS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(folder: Path, source: Path) -> None:
    running = start(folder, source)
    _, said = running.communicate(timeout=900)
    assert running.returncode == 0, said.decode()


def told(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for when it was written."""
    with closing(sqlite3.connect(folder / DATABASE)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = [
            name
            for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in LEFT_OUT and not name.startswith("sqlite_")
        ]
        return {name: rows(store, name) for name in names}


def rows(store: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [column[1] for column in store.execute(f'PRAGMA table_info("{table}")')]
    kept = [name for name in columns if name not in NOT_THE_SAME.get(table, set())]
    quoted = ", ".join(f'"{name}"' for name in kept)
    return sorted(store.execute(f'SELECT {quoted} FROM "{table}"'), key=repr)  # noqa: S608


def test_an_intake_killed_again_and_again_ends_as_one_that_never_was(tmp_path: Path) -> None:
    source = tmp_path / "archive.jsonl"
    archive(source)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    began = time.monotonic()
    finish(whole, source)
    life = time.monotonic() - began
    dice = random.Random("moments")  # noqa: S311
    for _ in range(KILLS):
        running = start(killed, source)
        try:
            running.wait(timeout=dice.uniform(0.1, 0.45) * life)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate(timeout=300)
    finish(killed, source)
    expected, got = told(whole), told(killed)
    assert got.keys() == expected.keys()
    for table, want in expected.items():
        assert got[table] == want, table
    assert len(expected["article"]) > ARTICLES / 2
    assert expected["fact"]
