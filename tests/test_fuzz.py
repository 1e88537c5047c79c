"""A slice of ``python -m tests.bench fuzz``, always the same: nothing but our own errors."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.mutating import LONGEST, damaged, damaged_json
from tests.fuzz.running import Target, plainly, run
from tests.fuzz.targets import TARGETS

INPUTS = 2_500
SEED = 7


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_damaged_input_is_read_or_refused(target: Target) -> None:
    share = INPUTS * target.weight // sum(one.weight for one in TARGETS)
    ran = run(target, max(share, len(target.seeds)), SEED)
    told = [f"{crash.where}\n{crash.told}\n{crash.data!r}" for crash in ran.crashes.values()]
    assert told == []


def test_the_same_seed_does_the_same_damage() -> None:
    seeds = [b"one two three", b"four"]
    first, again = ([damaged(seeds[0], _chance(3), seeds) for _ in range(2)] for _ in range(2))
    assert first == again
    assert damaged(seeds[0], _chance(4), seeds) != first[0]


def test_what_is_damaged_stays_short_and_json_stays_json() -> None:
    chance = _chance(5)
    long = b"x" * (2 * LONGEST)
    assert all(len(damaged(long, chance, [long])) <= LONGEST for _ in range(50))
    for _ in range(200):
        assert damaged_json(b'{"a": ["b", {"c": 1}]}', chance, [b'{"d": "e"}', b"[0]"])[:1]


def test_what_raises_is_told_with_the_shortest_input_that_does() -> None:
    def call(data: bytes) -> None:
        if b"b" in data:
            raise LookupError("bees")

    ran = run(Target("x", (b"a", b"abab", b"ab"), plainly(call)), 3, 1)
    (crash,) = ran.crashes.values()
    assert (crash.data, ran.inputs) == (b"ab", 3)
    assert crash.told.endswith("bees\n")
