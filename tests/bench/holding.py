"""The command line, with the seconds that each of its transactions holds SQLite's write lock.

``python -m tests.bench.holding FILE ingest …`` is ``dragoman ingest …``; at the end FILE holds
the seconds of each transaction, as a JSON list. They run from taking the lock until the commit is
done, with anything the connection does after it, such as a checkpoint.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, Connection

from bot.store import sqlite

_make = sqlite.writer_engine


def timed(seconds: list[float]) -> None:
    """Make every store opened from now on record how long its transactions take."""

    def writer_engine(url: URL, busy: float) -> Engine:
        engine = _make(url, busy)
        begun: list[float] = []

        @event.listens_for(engine, "begin")
        def _begun(_: Connection) -> None:
            begun.append(time.perf_counter())

        @event.listens_for(engine.pool, "checkin")
        def _done(*_: Any) -> None:
            if begun:
                seconds.append(time.perf_counter() - begun.pop())

        return engine

    sqlite.writer_engine = writer_engine


def main(arguments: list[str]) -> None:
    """Run a command, then write down the measurements, however it ended."""
    from bot.cli import main as command

    seconds: list[float] = []
    timed(seconds)
    try:
        command(arguments[1:])
    finally:
        Path(arguments[0]).write_text(json.dumps(seconds), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
