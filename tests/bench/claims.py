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

from collections.abc import Sequence
from pathlib import Path

from bot.answer.claims import COPIES, INDEPENDENT
from bot.desk import Desk
from bot.models import Answer
from tests.bench.asking import Row, asker_on, by_half, rows_of, share
from tests.bench.common import Result
from tests.bench.filled import items_in

CLAIMS = Path(__file__).with_name("claims.jsonl")
KINDS = ("other actor", "other time", "reversed", "negated", "planned")


def run(path: Path, store: Path | None = None) -> Result:
    """Ask after every claim; raises MissingData."""
    with items_in(path, store) as desk:
        return scored(desk)


def scored(desk: Desk) -> Result:
    """Score a filled desk's replies to the claims, by half."""
    return {
        name: _figures([_score(desk, case) for case in half])
        for name, half in by_half(rows_of(CLAIMS)).items()
    }


def _score(desk: Desk, case: Row) -> Row:
    quoted = reporting(desk, case["claim"], case["as_of"])
    own = bool(set(case["items"]) & set(quoted))
    return {"kind": case["kind"], "any": bool(quoted), "own": own}


def reporting(desk: Desk, claim: str, as_of: str) -> list[str | None]:
    """Return the articles that are quoted as reporting a claim, by the ids of their items."""
    reply = desk.seen(asker_on(as_of), claim)
    lines = reply.lines if isinstance(reply, Answer) else ()
    return [line.snippet.external_id for line in lines if line.heading in (INDEPENDENT, COPIES)]


def _figures(rows: Sequence[Row]) -> Result:
    true = [row for row in rows if row["kind"] == "true"]
    false = [row for row in rows if row["kind"] != "true"]
    kinds = {kind: share(row["any"] for row in false if row["kind"] == kind) for kind in KINDS}
    return {
        "true": len(true),
        "found": share(row["own"] for row in true),
        "told": share(row["any"] for row in true),
        "near misses": len(false),
        "reported": share(row["any"] for row in false),
        **kinds,
    }
