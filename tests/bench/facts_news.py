"""How many facts news articles give, and how long reading takes: PATH/news.

``dev`` are the articles whose id's SHA-1 begins with an even hexadecimal digit, ``test`` the
others. Sentences are those of title and text together. A fact counts once an article, however
often the article states it; ``told`` counts the sentences that state a fact. ``us_a_sentence`` is
the whole reading in one process: mentions, introductions of people, and facts, on one core.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.match.actors import ActorIndex
from bot.match.provisional import newcomers
from bot.models import FoundFact
from bot.read.reading import read
from bot.text.sentences import sentences
from tests.bench.common import Result, needed

ARTICLES = Path("news") / "articles_dev.jsonl.gz"


@dataclass(frozen=True)
class Article:
    """A news article from the file."""

    id: str
    title: str
    text: str
    published: datetime | None

    def facts(self, index: ActorIndex) -> tuple[FoundFact, ...]:
        """Return the facts found in the article."""
        return self.told(index)[0]

    def told(self, index: ActorIndex) -> tuple[tuple[FoundFact, ...], ActorIndex]:
        """Return its facts, and an index that knows the people it introduces by their ids."""
        reading = read(self.title, self.text, self.published, index, "bench")
        return reading.facts, index.with_others(newcomers(reading.introduced))


def half_of(article: str) -> str:
    """Return ``dev`` or ``test``, by the article's id."""
    first = hashlib.sha1(article.encode(), usedforsecurity=False).hexdigest()[0]
    return "test" if int(first, 16) % 2 else "dev"


def articles(path: Path, half: str) -> Iterator[Article]:
    """Yield the articles of one half, in the order of the file."""
    with gzip.open(needed(path, ARTICLES), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if half_of(row["id"]) == half:
                yield Article(row["id"], row["title"], row["text"], _day(row["publish_date"]))


def measure(path: Path, index: ActorIndex, half: str, most: int | None = None) -> Result:
    """Count facts per 1,000 sentences of one half, or of its first ``most`` articles."""
    found: list[FoundFact] = []
    number = told = 0
    seconds = 0.0
    for article in islice(articles(path, half), most):
        number += 1
        told += len(sentences(article.title)) + len(sentences(article.text))
        begun = time.perf_counter()
        found += article.facts(index)
        seconds += time.perf_counter() - begun
    return {
        "articles": number,
        "sentences": told,
        "facts": len(found),
        "facts per 1,000": round(1000 * len(found) / max(told, 1), 1),
        "told per 1,000": round(1000 * sum(len(f.evidence) for f in found) / max(told, 1), 1),
        "us_a_sentence": round(1e6 * seconds / max(told, 1)),
        "by class": dict(Counter(fact.event_class.value for fact in found).most_common()),
        "by status": dict(Counter(fact.status.value for fact in found).most_common()),
    }


def _day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
