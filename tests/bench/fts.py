"""The search alone: tantivy as Dragoman asks it, and SQLite FTS5 over the same texts."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from bot.answer.question import Question
from bot.answer.ranking import PASSAGES
from bot.desk import DATABASE, Desk
from bot.models import EVERYWHERE, Asker
from tests.bench.common import Result, percentile

ROUNDS = 3
BEST = 60

_TEXTS = """
    SELECT title || ' ' || text FROM revision
"""


def searching(folder: Path, desk: Desk, asker: Asker, texts: Sequence[str]) -> Result:
    """Time both searches for the words of the same questions."""
    understood = [desk.understood(asker, text) for text in texts]
    words = [_words(desk, one) for one in understood]
    ours = _timed(lambda one: _ours(desk, asker, one), words)
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-fts-") as name,
        closing(sqlite3.connect(Path(name) / "fts.db")) as other,
    ):
        _build(other, folder / DATABASE)
        theirs = _timed(lambda one: _theirs(other, one), words)
    return {
        "search": ours,
        "fts5": theirs,
        "fts5_to_search_p95": round(float(str(theirs["p95_ms"])) / float(str(ours["p95_ms"])), 1),
    }


def _words(desk: Desk, question: Question) -> list[str]:
    spoken = [*question.terms, *(one.text for one in question.named)]
    return [word for text in spoken for word in desk.passages.terms(text)]


def _ours(desk: Desk, asker: Asker, words: Sequence[str]) -> None:
    desk.passages.search(
        " ".join(words),
        workspace=asker.workspace,
        audiences=(EVERYWHERE, asker.place),
        as_of=asker.now,
        near=(asker.now, asker.now),
        limit=PASSAGES,
    )


def _theirs(other: sqlite3.Connection, words: Sequence[str]) -> None:
    wanted = " OR ".join(f'"{word}"' for word in words)
    other.execute(
        "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?", (wanted, BEST)
    ).fetchall()


def _build(other: sqlite3.Connection, database: Path) -> None:
    other.execute("CREATE VIRTUAL TABLE passage USING fts5 (body, tokenize='porter unicode61')")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        other.executemany("INSERT INTO passage (body) VALUES (?)", store.execute(_TEXTS))
    other.execute("INSERT INTO passage (passage) VALUES ('optimize')")
    other.commit()


def _timed(call: Callable[[list[str]], None], asked: Sequence[list[str]]) -> Result:
    took = []
    for _ in range(ROUNDS):
        for one in filter(None, asked):
            begun = time.perf_counter()
            call(one)
            took.append(1000 * (time.perf_counter() - begun))
    return {"p50_ms": round(percentile(took, 0.5), 2), "p95_ms": round(percentile(took, 0.95), 2)}
