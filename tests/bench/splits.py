"""One ingest of PATH's articles, and the same ones in several goes: is the store the same?

Reads ``--articles`` items of current-events/items.jsonl.gz (or, with ``--news``, of
news/articles_dev.jsonl.gz), after the first ``--skip``. They are ingested at once, then cut at
random points into ``--parts`` goes, ``--cuts`` times, each into a new store; then everything in
the first store is reread. ``differs`` counts, table by table, the rows that only one of two
stores has: all must be empty. ``facts`` must be one number.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path

from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.gather.records import Rejected
from bot.models import LOCAL, Draft
from tests.bench.common import ITEMS, Result, needed
from tests.contents import Contents, contents, differences

NEWS = Path("news") / "articles_dev.jsonl.gz"
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options that select what is compared."""
    parser.add_argument("--news", action="store_true", help="full articles, not single sentences")
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--parts", type=int, default=3)
    parser.add_argument("--cuts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)


def run(
    path: Path,
    _: Path | None = None,
    *,
    news: bool = False,
    articles: int = 2_000,
    skip: int = 0,
    parts: int = 3,
    cuts: int = 3,
    seed: int = 1,
) -> Result:
    """Ingest once, then in parts; return the differences."""
    source = needed(path, NEWS if news else ITEMS)
    every = drafts([str(source)], defaults=Defaults(), now=NOW)
    items = list(islice(every, skip, skip + articles))
    at_once, begun = _stored([items], again=True), time.perf_counter()
    found: Result = {
        "facts": _facts(at_once[0]),
        "reread": {"facts": _facts(at_once[1]), "differs": differences(*at_once)},
    }
    chance = random.Random(seed)  # noqa: S311 - any cut will do
    for n in range(cuts):
        at = sorted(chance.sample(range(1, len(items)), parts - 1))
        goes = [items[start:end] for start, end in pairwise([0, *at, len(items)])]
        stored = _stored(goes)[0]
        found["cut at " + ", ".join(map(str, at))] = {
            "facts": _facts(stored),
            "differs": differences(at_once[0], stored),
        }
        del stored
        found["seconds"] = round((time.perf_counter() - begun) / (n + 1))
    return found


def _stored(goes: Sequence[Sequence[Draft | Rejected]], *, again: bool = False) -> list[Contents]:
    """Ingest into a new store, one go after another; return its contents, also after rereading."""
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        desk = Desk.open(Path(name))
        try:
            for some in goes:
                desk.ingest(some, now=NOW)
            found = [contents(desk.store)]
            if again:
                desk.care.read_again(LOCAL, None, NOW, most=0)
                found.append(contents(desk.store))
            return found
        finally:
            desk.close()


def _facts(stored: Contents) -> int:
    return len(stored["fact"])
