"""Stories over PATH/ecbplus/docs_dev.json, near-copies over PATH/news/articles_dev.jsonl.gz.

Stories: every text is an article without a date, placed as the store places them, in eight
random orders; ``b3`` is the mean B-cubed precision, recall and F1 against the texts' event
clusters (Bagga and Baldwin, 1998). A web address at the start of a text is left out, as it would
be of an article. The even topics (``dev``) served for tuning; the odd ones (``test``) are what
counts (bar: F1 at least .89).

Near-copies, only with ``--near-copies``: to the articles of news copies are added of every fifth:
a share of 5 to 20 % of the words replaced, left out or added, for half of them a cut to between
a third and two thirds, and for half a new beginning. All go into a real store. ``recall`` is the
share of copies that fold where their source does, ``precision`` the share of right ones among
the copies that fold; what the articles repeat among themselves is no error (bars: .95, .97).
``look_up_ms`` is what looking for copies adds to one article's commit beside 100,000 others,
``ms_an_article`` a whole commit without any reading: milliseconds of processor time.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bot.models import EVERYWHERE, LOCAL, Arrival, Article, Reading, Revision
from bot.read.stories import Dated, Shelf, place
from bot.read.terms import terms_of
from bot.store import copies
from bot.store.sql import upsert_many
from bot.store.store import Store
from bot.store.tables import shingle
from tests.bench.common import Result, needed

DOCS = Path("ecbplus") / "docs_dev.json"
NEWS = Path("news") / "articles_dev.jsonl.gz"
ORDERS = range(8)
LARGE = 100_000

_ADDRESS = re.compile(r"^https? : / /(?: \S+ [./_\-?=&%:+~#,;!]+)* \S+")
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_NEW = "An introduction that somebody else wrote stands here, in a few words of its own."


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options for near-copies."""
    parser.add_argument("--near-copies", action="store_true", help="also near-copies (minutes)")
    parser.add_argument("--most", type=int, help="only of the first so many articles of news")


def run(
    path: Path, _: Path | None = None, *, near_copies: bool = False, most: int | None = None
) -> Result:
    """Measure stories, and near-copies if asked to; raises MissingData."""
    docs = json.loads(needed(path, DOCS).read_text("utf-8"))
    halves = {"dev": 0, "test": 1}
    found: Result = {
        half: _stories([doc for doc in docs if int(doc["topic"]) % 2 == rest])
        for half, rest in halves.items()
    }
    if near_copies:
        found["near-copies"] = _copies(list(islice(_articles(needed(path, NEWS)), most)))
    return found


def _stories(docs: Sequence[Mapping[str, Any]]) -> Result:
    terms = {doc["id"]: terms_of("", _ADDRESS.sub("", doc["text"])) for doc in docs}
    gold = {doc["id"]: doc["gold"] for doc in docs}
    scores = []
    for order in ORDERS:
        shelf = Shelf(lambda article, n: f"{article} {n}")
        got: dict[str, str] = {}
        for key in _shuffled(sorted(gold), order):
            one = Dated(key, EVERYWHERE, _DAY.date(), terms[key])
            got |= {each.one.article: each.story for each in place(shelf, one, key)}
        scores.append(b_cubed(gold, got))
    mean = [round(sum(some) / len(scores), 3) for some in zip(*scores, strict=True)]
    return {
        "texts": len(docs),
        "events": len(set(gold.values())),
        "b3 precision": mean[0],
        "b3 recall": mean[1],
        "b3 f1": mean[2],
        "b3 f1 of the worst order": round(min(score[2] for score in scores), 3),
    }


def _shuffled(keys: list[str], order: int) -> list[str]:
    random.Random(order).shuffle(keys)  # noqa: S311 - to repeat it
    return keys


def b_cubed(gold: Mapping[str, str], got: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of clusters, each item's own, averaged."""
    precision = recall = 0.0
    for key in gold:
        same = [other for other in gold if gold[other] == gold[key]]
        found = [other for other in gold if got[other] == got[key]]
        both = sum(got[other] == got[key] for other in same)
        precision += both / len(found)
        recall += both / len(same)
    precision, recall = precision / len(gold), recall / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _articles(file: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["title"], row["text"]


def _copies(articles: Sequence[tuple[str, str]]) -> Result:
    chance = random.Random("copies")  # noqa: S311 - to repeat it
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name,
        Store.open(f"sqlite:///{name}/store.db") as store,
    ):
        begun = time.process_time()
        for start in range(0, len(articles), 500):
            some = enumerate(articles[start : start + 500], start)
            store.commit([_arrival(f"a{n}", *one, 0) for n, one in some])
        seconds = time.process_time() - begun
        made = {
            f"c{n}": _arrival(f"c{n}", "Another headline", edited(text, chance), 1)
            for n, (_, text) in enumerate(articles)
            if n % 5 == 0
        }
        for start in range(0, len(made), 500):
            store.commit(list(made.values())[start : start + 500])
        every = [*made, *(f"a{n}" for n in range(len(articles)))]
        roots = store.stories.originals(LOCAL, every)
        shares = _natural(store)
        result = _judged(made, roots, shares)
        result["ms_an_article"] = round(1000 * seconds / len(articles), 2)
        result["look_up_ms"] = _look_up(store, [text for _, text in articles])
    return result


def _judged(
    made: Mapping[str, Arrival], roots: Mapping[str, str], natural: Mapping[str, set[str]]
) -> Result:
    folded = right = held = 0
    for key in made:
        source = f"a{key[1:]}"
        root = roots.get(key)
        if root is None:
            continue
        folded += 1
        if root == roots.get(source, source):
            held += 1
            right += 1
        elif root in natural.get(source, ()):
            right += 1
    return {
        "copies": len(made),
        "folded": folded,
        "recall": round(held / len(made), 4),
        "precision": round(right / max(folded, 1), 4),
        "natural": sum(key.startswith("a") for key in roots),
    }


def _natural(store: Store) -> dict[str, set[str]]:
    """Return which articles are copies of each other already."""
    found: dict[str, set[str]] = {}
    with store._read() as connection:
        rows = connection.exec_driver_sql("SELECT article, other FROM near_copy")
        for one, other in rows:
            if one.startswith("a") and other.startswith("a"):
                found.setdefault(one, set()).add(other)
    return found


def edited(text: str, chance: random.Random) -> str:
    """Return a copy of a text: words replaced, left out and added, often cut or newly begun."""
    words = text.split()
    if chance.random() < 0.5:
        length = max(80, int(len(words) * chance.uniform(1 / 3, 2 / 3)))
        start = chance.choice([0, max(0, len(words) - length)])
        words = words[start : start + length]
    share = chance.uniform(0.05, 0.20)
    found: list[str] = []
    for word in words:
        if chance.random() >= share:
            found.append(word)
        else:
            other = chance.choice(words)
            found += chance.choice([[other], [], [word, other]])
    begin = [_NEW] if chance.random() < 0.5 else []
    return " ".join([*begin, *found])


def _arrival(key: str, title: str, text: str, days: float) -> Arrival:
    when = _DAY + timedelta(days=days)
    article = Article(
        workspace=LOCAL, id=key, identity=key, published=when, first_seen=when, publisher=key
    )
    words = Revision(
        workspace=LOCAL, article=key, n=1, title=title, text=text, sha256=key, seen_at=when
    )
    nothing = Reading(reader_version="bench", gazetteer_version="bench")
    return Arrival(article=article, revision=words, reading=nothing, sources=(key,))


def _look_up(store: Store, texts: Sequence[str]) -> float:
    """Return the milliseconds to find an article's original, beside very many others."""
    chance = random.Random("many")  # noqa: S311 - to repeat it
    fill = islice(cycle(texts), LARGE)
    rows = [
        {"workspace": LOCAL, "hash": chance.getrandbits(63), "article": f"f{n}", "kept": 50}
        for n, text in enumerate(fill)
        for _ in range(len(text) // 96)  # as many as the sample of a text of this length
    ]
    with store._write() as connection:
        upsert_many(connection, shingle, rows)
        sample = [_arrival(f"l{n}", "", text, 2) for n, text in enumerate(texts[:200])]
        came = [copies.sketch_arrival(one) for one in sample]
        begun = time.process_time()
        for one in came:
            held = copies.holders(connection, LOCAL, [one])
            copies.candidates(one, held)
        return round(1000 * (time.process_time() - begun) / len(came), 3)
