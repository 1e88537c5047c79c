"""Leave one alias out, ask for it: is its actor first?

Round by round the first, second, ... alias of every actor is removed from the list, an index is
built from the rest, and the missing aliases are asked for. So the index holds nothing of such an
alias, nor its weight among the words.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from bot.match.actors import Name, NameList
from tests.bench.actor_sets import Listed, asked, half, plain
from tests.bench.common import Result

SCORERS: dict[str, Callable[..., float]] = {
    "ratio": fuzz.ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
}
SAMPLE = 200
"""Queries of the test half that rapidfuzz's scorers get, too: they take long."""


def run(listed: list[Listed]) -> Result:
    """Return acc@1 and MRR by half, and acc@1 of all on one sample of the test half."""
    ranks = leave_out(listed)
    result: Result = {}
    for which in ("dev", "test"):
        mine = [rank for (actor, _), rank in ranks.items() if half(listed[actor].id) == which]
        result[which] = {
            "queries": len(mine),
            "acc@1": round(sum(rank == 1 for rank in mine) / max(len(mine), 1), 4),
            "mrr": round(sum(1 / rank for rank in mine if rank) / max(len(mine), 1), 4),
        }
    test = [pair for pair in ranks if half(listed[pair[0]].id) == "test"]
    sample = random.Random(1).sample(test, min(SAMPLE, len(test)))  # noqa: S311
    right = sum(ranks[pair] == 1 for pair in sample)
    result["sample of test"] = {
        "queries": len(sample),
        "dragoman": round(right / max(len(sample), 1), 4),
        **baselines(listed, sample),
    }
    return result


def leave_out(listed: list[Listed]) -> dict[tuple[int, int], int]:
    """Return the rank of each left-out alias's actor; 0 if it is not found at all."""
    rounds: dict[int, list[tuple[int, int]]] = {}
    for actor, at in asked(listed):
        rounds.setdefault(at, []).append((actor, at))
    ranks: dict[tuple[int, int], int] = {}
    for at, pairs in rounds.items():
        missing = {actor for actor, _ in pairs}
        index = NameList.build(
            Name(one.id, name, one.type)
            for number, one in enumerate(listed)
            for place, name in enumerate(one.names)
            if place != at or number not in missing
        )
        for actor, place in pairs:
            found = [match.actor for match in index.match(listed[actor].names[place], 10)]
            wanted = listed[actor].id
            ranks[actor, place] = found.index(wanted) + 1 if wanted in found else 0
    return ranks


def baselines(listed: list[Listed], sample: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Return acc@1 of rapidfuzz's scorers over the same names and queries."""
    names = [plain(name) for one in listed for name in one.names]
    owners = np.array([number for number, one in enumerate(listed) for _ in one.names])
    first = np.cumsum([0, *(len(one.names) for one in listed)])
    queries = [plain(listed[actor].names[at]) for actor, at in sample]
    shares: dict[str, float] = {}
    for label, scorer in SCORERS.items():
        right = 0
        for (actor, at), query in zip(sample, queries, strict=True):
            scores = cdist([query], names, scorer=scorer, workers=-1)[0]
            scores[first[actor] + at] = -1
            right += int(owners[int(scores.argmax())]) == actor
        shares[label] = round(right / max(len(sample), 1), 4)
    return shares
