"""Labelled pairs of names: the same actor, or not. F1 and AUC, beside rapidfuzz's scorers.

Every threshold is the best on the dev half; the test half is what counts. ``precision`` is the
share of the ``found`` pairs, those taken for the same, that are; ``recall`` that of the ``same``
pairs that are found.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from operator import and_
from pathlib import Path

import numpy as np

from bot.match.gazetteer import load
from bot.match.lookup import Lookup
from bot.match.score import SAME
from bot.models import ActorType
from tests.bench.actor_sets import PAIRS, half, plain
from tests.bench.common import Result, needed
from tests.bench.leave_one_out import SCORERS

Pair = tuple[str, str, ActorType, bool]


def run(path: Path) -> Result:
    """Return the figures of each scorer on the test half, and of ours on both."""
    pairs = list(_pairs(path))
    dev = [pair for pair in pairs if half(f"{pair[0]}|{pair[1]}") == "dev"]
    test = [pair for pair in pairs if half(f"{pair[0]}|{pair[1]}") == "test"]
    lookup = Lookup.build(load().actors)

    def ours(some: Sequence[Pair]) -> list[float]:
        return [lookup.same(one, two, kind) for one, two, kind, _ in some]

    result: Result = {
        "dragoman dev": {"pairs": len(dev), **_measured(ours(dev), dev, SAME)},
        "dragoman test": {"pairs": len(test), **_measured(ours(test), test, SAME)},
    }
    for label, scorer in SCORERS.items():
        learned = [scorer(plain(one), plain(two)) for one, two, *_ in dev]
        least = max(learned, key=lambda least: _f1(learned, dev, least))
        asked = [scorer(plain(one), plain(two)) for one, two, *_ in test]
        result[f"{label} test"] = _measured(asked, test, least)
    return result


def _pairs(path: Path) -> list[Pair]:
    with needed(path, PAIRS).open(encoding="utf-8", newline="") as file:
        return [
            (
                row["name1"],
                row["name2"],
                ActorType.PERSON if row["schema"] == "Person" else ActorType.ORGANISATION,
                row["is_match"] == "true",
            )
            for row in csv.DictReader(file)
        ]


def _measured(scores: Sequence[float], pairs: Sequence[Pair], least: float) -> Result:
    right, found, same = _counts(scores, pairs, least)
    return {
        "found": found,
        "same": same,
        "precision": round(right / max(found, 1), 4),
        "recall": round(right / max(same, 1), 4),
        "f1": round(_f1(scores, pairs, least), 4),
        "auc": round(_auc(scores, pairs), 4),
    }


def _counts(scores: Sequence[float], pairs: Sequence[Pair], least: float) -> tuple[int, int, int]:
    """Return how many pairs are found and the same, found, and the same."""
    found = [score >= least for score in scores]
    same = [pair[3] for pair in pairs]
    return sum(map(and_, found, same)), sum(found), sum(same)


def _f1(scores: Sequence[float], pairs: Sequence[Pair], least: float) -> float:
    right, found, same = _counts(scores, pairs, least)
    return 2 * right / max(found + same, 1)


def _auc(scores: Sequence[float], pairs: Sequence[Pair]) -> float:
    """Return the share of (same, different) pairs of pairs that are in order; ties count half."""
    values, same = np.array(scores), np.array([pair[3] for pair in pairs])
    above = values[same][:, None] - values[~same][None, :]
    return float(((above > 0) + 0.5 * (above == 0)).mean()) if above.size else 0.0
