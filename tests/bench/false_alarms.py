"""How often an actor is surely found that was not named.

The gazetteer gets words and pairs of words from PATH/news that hold no alias. OFAC's list gets
names of actors from a part of the list that was left out, unless another actor has the same name.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from bot.match.actors import ActorIndex, Name, NameList
from bot.match.gazetteer import load
from bot.match.lookup import verdict
from bot.models import Match
from tests.bench.actor_sets import Listed, half, lists, plain
from tests.bench.common import Result, needed

NEWS = Path("news") / "articles_dev.jsonl.gz"
EACH = 2_500
ARTICLES = 400
_LEFT_OUT = 7
"""One actor in so many is left out of the list."""

_WORD = re.compile(r"[A-Za-z][a-z]+(?:-[a-z]+)*")

Find = Callable[[str], list[Match]]


def run(path: Path) -> Result:
    """Return shares of sure answers, by kind and by half of the queries."""
    gazetteer = load()
    index = ActorIndex(gazetteer.actors, gazetteer.tenures)
    words = list(_words(path, index))
    listed = [one for name, some in lists(path).items() if name.startswith("ofac") for one in some]
    names, without = _left_out(listed)
    return {
        "words of news": _shares(words, index.match),
        "names left out": _shares(names, without.match),
    }


def _shares(queries: list[str], find: Find) -> Result:
    result: Result = {}
    for which in ("dev", "test"):
        some = [query for query in queries if half(query) == which]
        alarms = sum(verdict(find(query)) == "sure" for query in some)
        result[which] = {"queries": len(some), "sure": round(alarms / max(len(some), 1), 4)}
    return result


def _words(path: Path, index: ActorIndex) -> Iterator[str]:
    """Yield words and pairs of neighbours that hold no alias, each once, half of each."""
    chance = random.Random(3)  # noqa: S311
    singles: set[str] = set()
    pairs: set[str] = set()
    with gzip.open(needed(path, NEWS), "rt", encoding="utf-8") as file:
        for line, _ in zip(file, range(ARTICLES), strict=False):
            words = _WORD.findall(json.loads(line)["text"])
            for one, two in pairwise(words):
                singles.add(one)
                pairs.add(f"{one} {two}")
    for some in (singles, pairs):
        kept = 0
        for text in chance.sample(sorted(some), len(some)):
            if not any(index.lookup.stands(part) for part in {text, *text.split()}):
                kept += 1
                yield text
            if kept == EACH // 2:
                break


def _left_out(listed: list[Listed]) -> tuple[list[str], NameList]:
    out = {one.id for n, one in enumerate(listed) if n % _LEFT_OUT == 0}
    index = NameList.build(
        Name(one.id, name, one.type) for one in listed if one.id not in out for name in one.names
    )
    borne = {plain(name) for one in listed if one.id not in out for name in one.names}
    names = [n for one in listed if one.id in out for n in one.names if plain(n) not in borne]
    chance = random.Random(5)  # noqa: S311
    return chance.sample(names, min(EACH, len(names))), index
