"""How well, and how fast, the actor index recognises actors.

Reads PATH/ofac, phoenix-actors, name-pairs, plover-gsr, factbook, news and current-events
(``seeds.build``, which it runs, reads rigour too). The file of each part says what it asks:

    leave one out     actor_sets.py, leave_one_out.py
    name pairs        name_pairs.py
    actor text        actor_text.py
    office at date    offices.py
    false alarms      false_alarms.py
    speed, scan       actor_load.py: 200,000 and 1,000,000 aliases

How to read it: every set is split into halves by a hash; weights and thresholds were
learned while looking at ``dev`` only, so ``test`` shows how they generalise. rapidfuzz's
``ratio``, ``token_set_ratio`` and ``WRatio`` get the same queries in the same run.
The page of scores takes ``quality``, which is all but speed and scan.
"""

from __future__ import annotations

from pathlib import Path

from tests.bench import (
    actor_load,
    actor_sets,
    actor_text,
    false_alarms,
    leave_one_out,
    name_pairs,
    offices,
)
from tests.bench.common import Result

SIZES = (200_000, 1_000_000)


def run(path: Path, _: Path | None = None) -> Result:
    """Measure everything; takes some ten minutes."""
    result = quality(path)
    for size in SIZES:
        result[f"{size:,} aliases"] = actor_load.run(path, size)
    result["scan"] = actor_load.scan(path, SIZES[0])
    return result


def quality(path: Path) -> Result:
    """Measure who is found, and not how fast."""
    return {**named(path), "office at date": offices.run(path)}


def named(path: Path) -> Result:
    """Measure all that reads nothing but lists of names, sentences and news."""
    return {
        "leave one out": {
            name: leave_one_out.run(listed) for name, listed in actor_sets.lists(path).items()
        },
        "name pairs": name_pairs.run(path),
        "actor text": actor_text.run(path),
        "false alarms": false_alarms.run(path),
    }
