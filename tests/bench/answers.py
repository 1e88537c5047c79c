"""How well and how fast questions are answered: news, time and actors, latency.

Fills two stores, from PATH/news/articles_dev.jsonl.gz and PATH/current-events/items.jsonl.gz,
in temporary folders or, to keep them, in ``news`` and ``items`` of the folder that ``--store``
names (a store that is there already is not filled again). What the parts measure, and how to
read it, is said in ``tests/bench/news.py``, ``temporal.py`` and ``latency.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.desk import DATABASE, Desk
from tests.bench import latency, news, temporal
from tests.bench.common import ITEMS, Result, needed
from tests.bench.filled import fill


def run(path: Path, store: Path | None = None) -> Result:
    """Run all three."""
    if store is not None:
        return _run(path, store)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        return _run(path, Path(name))


def _run(path: Path, stores: Path) -> Result:
    articles, items = needed(path, news.ARTICLES), needed(path, ITEMS)
    questions, timed = needed(path, news.QUESTIONS), needed(path, temporal.TEMPORAL)
    for name, file in (("news", articles), ("items", items)):
        if not (stores / name / DATABASE).is_file():
            fill(stores / name, file)
    result: Result = {}
    desk = Desk.open(stores / "news")
    try:
        desk.catch_up()
        result["news"] = news.run(desk, questions)
    finally:
        desk.close()
    desk = Desk.open(stores / "items")
    try:
        desk.catch_up()
        result["temporal"] = temporal.run(desk, timed)
    finally:
        desk.close()
    result["latency"] = latency.asked(stores / "items")
    return result
