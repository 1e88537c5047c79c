"""Speed, memory and start of the actor index over long made-up lists.

The names are recombined, word by word, from those of the OFAC and Phoenix lists, so that
words are as common as in reality; the queries are such names with one error each. Every size
runs in a separate process.
"""

from __future__ import annotations

import gzip
import json
import random
import string
import time
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.match.actors import Name, NameList
from bot.match.trie import Trie
from bot.models import Actor, ActorType, Alias
from tests.bench.actor_sets import lists, plain
from tests.bench.apart import apart
from tests.bench.common import ITEMS, Memory, Result, needed, percentile

QUERIES = 300
SLOW = 8
"""Queries for ``process.extract``; each takes it a second and more."""
_PER_ACTOR = 3
_SCAN_MB = 4


def made_up(path: Path, count: int) -> Iterator[Name]:
    """Yield ``count`` distinct names, three for each actor."""
    chance = random.Random(7)  # noqa: S311
    real = [name for listed in lists(path).values() for one in listed for name in one.names]
    first = [words[:-1] for name in real if len(words := name.split()) > 1]
    last = [words[-1] for name in real if len(words := name.split()) > 1]
    seen: set[str] = set()
    while len(seen) < count:
        name = " ".join([*chance.choice(first), chance.choice(last)])
        if name not in seen:
            seen.add(name)
            kind = ActorType.PERSON if len(name.split()) < 4 else ActorType.ORGANISATION
            yield Name(f"made:{len(seen) // _PER_ACTOR}", name, kind)


def mistyped(names: list[str]) -> list[str]:
    """Return a sample of names, each with one letter dropped, doubled, swapped or changed."""
    chance = random.Random(11)  # noqa: S311
    return [_mistyped(name, chance) for name in chance.sample(names, QUERIES)]


def _mistyped(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, max(len(name) - 1, 2))
    kind = chance.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at - 1 : at] + name[at:]
    if kind == 2:
        return name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :]
    return name[:at] + chance.choice(string.ascii_lowercase) + name[at + 1 :]


def run(path: Path, count: int) -> Result:
    """Measure one size in a separate process."""
    return apart(_measured, path, count)


def _measured(path: Path, count: int) -> Result:
    names = list(made_up(path, count))
    texts = [name.text for name in names]
    queries = mistyped(texts)
    memory = Memory()
    memory.sample()
    before, begun = memory.peak_mb, time.perf_counter()
    lookup = NameList.build(names).lookup
    built = time.perf_counter() - begun
    lookup.find(queries[0])
    took, right = [], 0
    for query in queries:
        begun = time.perf_counter()
        found = lookup.find(query)
        took.append(1000 * (time.perf_counter() - begun))
        right += bool(found) and fuzz.ratio(plain(query), plain(found[0].entry.alias)) > 85
    memory.sample()
    return {
        "build_s": round(built, 2),
        "memory_mb": round(memory.peak_mb),
        "memory_of_it_mb": round(memory.peak_mb - before),
        "p50_ms": round(percentile(took, 0.5), 2),
        "p95_ms": round(percentile(took, 0.95), 2),
        "near_share": round(right / len(queries), 3),
        **_extract(texts, queries, percentile(took, 0.5)),
    }


def _extract(texts: list[str], queries: list[str], mine: float) -> Result:
    choices = [plain(text) for text in texts]
    took = []
    for query in queries[:SLOW]:
        begun = time.perf_counter()
        process.extract(plain(query), choices, scorer=fuzz.WRatio, limit=5)
        took.append(1000 * (time.perf_counter() - begun))
    slow = percentile(took, 0.5)
    return {"wratio_p50_ms": round(slow, 1), "times_faster": round(slow / mine)}


def scan(path: Path, count: int) -> Result:
    """Measure how fast running text is read with so many aliases: current-events, repeated."""
    actors: dict[str, list[Name]] = {}
    for name in made_up(path, count):
        actors.setdefault(name.actor, []).append(name)
    with gzip.open(needed(path, ITEMS), "rt", encoding="utf-8") as file:
        text = "\n".join(
            json.loads(line)["text"] for line, _ in zip(file, range(12_000), strict=False)
        )
    text = (text * (1 + _SCAN_MB * 1_000_000 // max(len(text), 1)))[: _SCAN_MB * 1_000_000]
    begun = time.perf_counter()
    trie = Trie(
        [
            Actor(id=actor, type=rows[0].type or ActorType.PERSON, name=rows[0].text, source="made up",
                  aliases=tuple(Alias(text=row.text[:200]) for row in rows[1:]))
            for actor, rows in actors.items()
        ]
    )  # fmt: skip
    built = time.perf_counter() - begun
    begun = time.perf_counter()
    hits = len(trie.scan(text))
    took = time.perf_counter() - begun
    size = len(text.encode()) / 1e6
    return {"trie_build_s": round(built, 2), "mb_per_s": round(size / took, 1), "hits": hits}
