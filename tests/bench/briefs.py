"""Briefs against answer keys: does a brief open with, and contain, what matters?

Reads PATH/briefs/dev.jsonl (``actor, as_of, stories`` ranked, each with its items, and
``passing`` items, which only mention the actor) and fills a store from
PATH/current-events/items.jsonl.gz. Each actor's brief is as of the end of that day.

``top_one`` and ``top_three``: the first line cites the most important story, or one of the
first three. ``coverage``: the share of the first five stories that the first view cites.
``passing`` and ``older``: the shares of the cited articles that only mention the actor, or were
published more than ``WINDOW`` days before the day. ``cited`` and ``lines``: cited articles
in all, and in a brief. By the number in the id, even briefs (``dev``) are for tuning, odd ones
(``test``) for reporting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.answer.cli_output import views
from bot.desk import Desk
from tests.bench.asking import Row, asker_on, by_half, rows_of
from tests.bench.common import Result, needed
from tests.bench.filled import items_in

KEYS = Path("briefs") / "dev.jsonl"

WINDOW = 14
"""Days before a brief within which its stories must be."""

_COUNTED = 5
"""The number of a key's stories that count for coverage."""


def run(path: Path, store: Path | None = None) -> Result:
    """Brief on every case; raises MissingData."""
    keys = needed(path, KEYS)
    with items_in(path, store) as desk:
        return scored(desk, keys)


def scored(desk: Desk, keys: Path) -> Result:
    """Score the briefs of a filled desk, by half of the keys."""
    return {
        name: _figures([_score(desk, case) for case in half])
        for name, half in by_half(rows_of(keys)).items()
    }


def _score(desk: Desk, case: Row) -> dict[str, float]:
    day = date.fromisoformat(case["as_of"])
    seen = views(desk.brief(asker_on(day), case["actor"]))
    rank = {item: story["rank"] for story in case["stories"] for item in story["items"]}
    first = min((rank[item] for item in seen["opening"] if item in rank), default=0)
    cited = seen["first_view"]
    told = {rank[item] for item in cited if rank.get(item, _COUNTED + 1) <= _COUNTED}
    return {
        "top_one": first == 1,
        "top_three": 1 <= first <= 3,
        "coverage": len(told) / min(_COUNTED, len(case["stories"])),
        "passing": sum(item in case["passing"] for item in cited),
        "older": sum(_published(item) < day - timedelta(days=WINDOW) for item in cited),
        "lines": len(cited),
    }


def _published(item: str) -> date:
    """Return the day of an item, from its id: ``wce-2024-09-16-105174``."""
    return date.fromisoformat(item.split("-", 1)[1][:10])


def _figures(rows: Sequence[dict[str, float]]) -> Result:
    def mean(name: str) -> float:
        return sum(row[name] for row in rows) / max(len(rows), 1)

    cited = round(sum(row["lines"] for row in rows))
    shares = {name: sum(row[name] for row in rows) / max(cited, 1) for name in ("passing", "older")}
    means = {name: mean(name) for name in ("top_one", "top_three", "coverage")}
    return {
        "briefs": len(rows),
        **{name: round(value, 3) for name, value in (means | shares).items()},
        "cited": cited,
        "lines": round(mean("lines"), 1),
    }
