"""Train the model that decides whether a sentence states a claim.

Run as ``python -m seeds.build_claims CLAIMS --store FOLDER``: CLAIMS is the benchmark's claims,
FOLDER a data folder into which the items of Wikipedia's Current events portal were read. Claims
with an even number in their id, and those of ``weights/claims_labels.jsonl``, all in our own words,
are trained on; ``python -m tests.bench claims`` scores the odd ones.

For a true claim, the most similar sentence of its items states it, and their other sentences are
not used; anything else found for it, and everything found for near misses, does not state it.
Sentences that conflict with their claim are left out, since they never state it. The output is
``weights/claims.json``: a logistic regression, fitted by Newton's method.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answer.claim_comparison import FEATURES
from bot.answer.claims import RECENT, ComparedSentence, compared_sentences
from bot.desk import Desk
from bot.models import Asker

HERE = Path(__file__).parent / "weights"
LABELS = HERE / "claims_labels.jsonl"
WEIGHTS = HERE / "claims.json"

SURE, SURER = 0.45, 0.6
"""Least probability at which a sentence states a claim, and the same if their acts differ."""

_STEPS = 30
_PENALTY = 10.0
"""Strength of the L2 penalty on the weights of standardised features."""


def main() -> None:
    """Train on the claims and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_claims", description=__doc__)
    parser.add_argument("claims", type=Path, help="claims.jsonl of the benchmark")
    parser.add_argument("--store", type=Path, required=True, help="a filled data folder")
    given = parser.parse_args()
    claims = [*filter(_trains, _read(given.claims)), *_read(LABELS)]
    desk = Desk.open(given.store)
    try:
        desk.catch_up()
        rows = [row for claim in claims for row in _rows(desk, claim)]
    finally:
        desk.close()
    table = np.array([[told.compared.features[name] for name in FEATURES] for told, _ in rows])
    weights = fitted(table, np.array([float(states) for _, states in rows]))
    values = {"weights": weights, "sure": SURE, "surer": SURER}
    WEIGHTS.write_text(json.dumps(values, indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"{len(claims)} claims, {len(rows)} sentences: {WEIGHTS.name}")


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _trains(claim: dict[str, Any]) -> bool:
    return int(claim["id"].rpartition("-")[2]) % 2 == 0


def _rows(desk: Desk, claim: dict[str, Any]) -> Iterable[tuple[ComparedSentence, bool]]:
    """Yield the sentences found for a claim, and whether each states it."""
    asker = Asker(
        now=datetime.now(UTC),
        as_of=datetime.combine(date.fromisoformat(claim["as_of"]), time.max, UTC),
    )
    question = desk.understood(asker, claim["claim"])
    found = compared_sentences(desk.library(asker), question)
    items = set(claim["items"]) if claim["kind"] == "true" else set()
    own = [one for one in found if one.line.snippet.external_id in items]
    stating = max(own, key=_likeness, default=None)
    since = date.fromisoformat(claim["as_of"]) - RECENT
    for one in found:
        old = question.period is None and one.published is not None and one.published < since
        if one.compared.conflicts or old or (one in own and one is not stating):
            continue
        yield one, one is stating


def _likeness(told: ComparedSentence) -> float:
    return told.compared.features["clause"] + told.compared.features["act"]


def fitted(table: NDArray[np.float64], labels: NDArray[np.float64]) -> dict[str, float]:
    """Fit a logistic regression; return the weights by feature, and ``bias``."""
    middle, spread = table.mean(0), table.std(0) + 1e-9
    scaled = np.column_stack([(table - middle) / spread, np.ones(len(table))])
    penalty = np.diag([_PENALTY] * len(FEATURES) + [0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (likely - labels) + penalty @ weights
        bend = (scaled.T * (likely * (1 - likely))) @ scaled + penalty
        weights -= np.linalg.solve(bend, slope)
    own = weights[:-1] / spread
    found = {name: round(float(one), 4) for name, one in zip(FEATURES, own, strict=True)}
    return {**found, "bias": round(float(weights[-1] - own @ middle), 4)}


if __name__ == "__main__":
    main()
