"""The same questions in SQLite FTS5 over the same texts, and in our search alone."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from bot.answer.question import Question
from bot.desk import DATABASE, Desk
from bot.models import EVERYWHERE, Asker, Period
from tests.bench.common import percentile

ROUNDS = 3
BEST = 60

_TEXTS = """
    SELECT title || ' ' || text, coalesce(substr(published, 1, 10), '')
    FROM revision JOIN article
        ON article.workspace = revision.workspace AND article.id = revision.article
"""
_FOUND = """
    SELECT rowid FROM passage
    WHERE passage MATCH ? AND day >= ? AND day <= ? ORDER BY rank LIMIT ?
"""
_ALWAYS = ("", "9999")

Asked = TypeVar("Asked")
Timed = dict[str, float]


def searching(
    folder: Path, desk: Desk, asker: Asker, ask: Sequence[str], brief: Sequence[str]
) -> dict[str, Timed]:
    """Time the same queries (words and names, period, best 60) in our index and in FTS5."""
    queries = {
        label: [
            (found, desk.understood(asker, text).period)
            for text in texts
            if (found := _words(desk, desk.understood(asker, text)))
        ]
        for label, texts in (("ask", ask), ("brief", brief))
    }
    ours = {
        f"search_{label}": _timed(lambda one: _ours(desk, asker, *one), asked)
        for label, asked in queries.items()
    }
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-fts-") as name,
        closing(sqlite3.connect(Path(name) / "fts.db")) as other,
    ):
        _build(other, folder / DATABASE)
        theirs = {
            f"fts5_{label}": _timed(lambda one: _theirs(other, *one), asked)
            for label, asked in queries.items()
        }
    return {**ours, **theirs}


def _words(desk: Desk, question: Question) -> list[str]:
    names = [one.matches[0].alias if one.matches else one.text for one in question.named]
    return [word for text in (*question.terms, *names) for word in desk.passages.terms(text)]


def _days(period: Period | None) -> tuple[str, str]:
    if period is None:
        return _ALWAYS
    return (
        period.start.isoformat() if period.start else _ALWAYS[0],
        period.end.isoformat() if period.end else _ALWAYS[1],
    )


def _ours(desk: Desk, asker: Asker, words: Sequence[str], period: Period | None) -> None:
    desk.passages.search(
        " ".join(words),
        workspace=asker.workspace,
        audiences=(EVERYWHERE, asker.place),
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=asker.now,
        limit=BEST,
    )


def _theirs(other: sqlite3.Connection, words: Sequence[str], period: Period | None) -> None:
    wanted = " OR ".join(f'"{word}"' for word in words)
    other.execute(_FOUND, (wanted, *_days(period), BEST)).fetchall()


def _build(other: sqlite3.Connection, database: Path) -> None:
    other.execute(
        "CREATE VIRTUAL TABLE passage USING fts5 (body, day UNINDEXED, tokenize='porter unicode61')"
    )
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        other.executemany("INSERT INTO passage (body, day) VALUES (?, ?)", store.execute(_TEXTS))
    other.execute("INSERT INTO passage (passage) VALUES ('optimize')")
    other.commit()


def _timed(call: Callable[[Asked], None], asked: Sequence[Asked]) -> Timed:
    took = []
    for _ in range(ROUNDS):
        for one in asked:
            begun = time.perf_counter()
            call(one)
            took.append(1000 * (time.perf_counter() - begun))
    return {"p50_ms": round(percentile(took, 0.5), 2), "p95_ms": round(percentile(took, 0.95), 2)}
