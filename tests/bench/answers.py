"""How well and how fast questions are answered: as analysts type them, news, time, latency.

Fills two stores, from PATH/news/articles_dev.jsonl.gz and PATH/current-events/items.jsonl.gz,
in temporary folders or, to keep them, in ``news`` and ``items`` of the folder that ``--store``
names (an existing store is not filled again). See ``tests/bench/analysts.py``, ``news.py``,
``temporal.py`` and ``latency.py`` for what the parts measure, and how to read it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bot.desk import DATABASE
from tests.bench import analysts, latency, news, temporal
from tests.bench.common import ITEMS, Result, needed
from tests.bench.filled import fill_once, opened
from tests.bench.million import multiply


def options(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark's options, beside the folder of data."""
    parser.add_argument(
        "--million",
        action="store_true",
        help="only the latency, over a million passages: see tests/bench/million.py (minutes)",
    )


def run(path: Path, store: Path | None = None, *, million: bool = False) -> Result:
    """Run all four; or the latency alone, over a million passages."""
    part = _million if million else _run
    if store is not None:
        return part(path, store)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        return part(path, Path(name))


def _million(path: Path, stores: Path) -> Result:
    fill_once(stores / "items", needed(path, ITEMS))
    if not (stores / "million" / DATABASE).is_file():
        multiply(stores / "items", stores / "million")
        with opened(stores / "million"):
            pass  # its index is built, which takes memory that is not counted
    return {"million": latency.asked(stores / "million")}


def _run(path: Path, stores: Path) -> Result:
    return {**quality(path, stores), "latency": latency.asked(stores / "items")}


def quality(path: Path, stores: Path) -> Result:
    """Run all but the latency, over the stores ``news`` and ``items``, filled if necessary."""
    articles, items = needed(path, news.ARTICLES), needed(path, ITEMS)
    questions, timed = needed(path, news.QUESTIONS), needed(path, temporal.TEMPORAL)
    result: Result = {}
    with opened(fill_once(stores / "news", articles)) as desk:
        result["news"] = news.run(desk, questions)
    result["questions"] = analysts.run(path, fill_once(stores / "items", items))
    with opened(stores / "items") as desk:
        result["temporal"] = temporal.run(desk, timed)
    return result
