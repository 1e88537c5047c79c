"""Claims against news: are reported claims found, and unreported ones left alone?

Reads ``claims.jsonl`` beside this file: 200 claims in our own words, each asked on a day over
PATH/current-events/items.jsonl.gz, as *anyone else reporting this?* A ``true`` claim is reported by
one of its ``items``. All others are near misses of what their item reports: an ``other actor`` or
``other time``, with roles ``reversed``, ``negated``, or only ``planned``, threatened or denied.

``found``: the share of true claims for which one of their items is quoted as reporting them.
``reported``: the share of near misses for which any sentence is quoted as reporting them; the
same for each kind. ``told``: the share of true claims for which any is. By the number in the id,
even claims (``dev``) are for tuning, odd ones (``test``) for reporting.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.answer.claims import COPIES, INDEPENDENT
from bot.desk import Desk
from bot.models import Answer, Asker
from tests.bench.common import ITEMS, Result, needed
from tests.bench.filled import fill_once

CLAIMS = Path(__file__).with_name("claims.jsonl")
KINDS = ("other actor", "other time", "reversed", "negated", "planned")


def run(path: Path, store: Path | None = None) -> Result:
    """Ask after every claim; raises MissingData."""
    with tempfile.TemporaryDirectory() as temporary:
        desk = Desk.open(fill_once(store or Path(temporary), needed(path, ITEMS)))
        try:
            desk.catch_up()
            return scored(desk)
        finally:
            desk.close()


def scored(desk: Desk) -> Result:
    """Score a filled desk's replies to the claims, by half."""
    cases = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    halves: dict[str, list[dict[str, Any]]] = {"dev": [], "test": []}
    for case in cases:
        odd = int(case["id"].rpartition("-")[2]) % 2
        quoted = reporting(desk, case["claim"], case["as_of"])
        own = bool(set(case["items"]) & set(quoted))
        row = {"kind": case["kind"], "any": bool(quoted), "own": own}
        halves["test" if odd else "dev"].append(row)
    return {name: _figures(rows) for name, rows in halves.items()}


def reporting(desk: Desk, claim: str, as_of: str) -> list[str | None]:
    """Return the articles that are quoted as reporting a claim, by the ids of their items."""
    end = datetime.combine(date.fromisoformat(as_of), time.max, UTC)
    reply = desk.seen(Asker(now=datetime.now(UTC), as_of=end), claim)
    lines = reply.lines if isinstance(reply, Answer) else ()
    return [line.snippet.external_id for line in lines if line.heading in (INDEPENDENT, COPIES)]


def _figures(rows: Sequence[dict[str, Any]]) -> Result:
    def share(rows: Sequence[dict[str, Any]], name: str) -> float:
        return round(sum(bool(row[name]) for row in rows) / max(len(rows), 1), 3)

    true = [row for row in rows if row["kind"] == "true"]
    false = [row for row in rows if row["kind"] != "true"]
    kinds = {kind: share([row for row in false if row["kind"] == kind], "any") for kind in KINDS}
    return {
        "true": len(true),
        "found": share(true, "own"),
        "told": share(true, "any"),
        "near misses": len(false),
        "reported": share(false, "any"),
        **kinds,
    }
