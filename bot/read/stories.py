"""Which articles are about the same happening. Pure.

An article is compared by its words, each weighted by how rare it is in news and how often the
article has it, names for more (TF-IDF and cosine, as in topic detection and tracking; Allan,
2002). A story is judged by its founding articles, the first few, and by when they appeared:
whatever joins later moves nothing, so that no chain of likenesses joins distinct happenings.
"""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from typing import NamedTuple
from zlib import crc32

from bot.models import EVERYWHERE
from bot.text.rarity import rarities, stems

ALIKE = 0.4
"""The cosine to a story's founding articles from which on an article belongs to it. This and
the weights below were chosen on the even topics of ``python -m tests.bench stories``; of
thresholds that do as well there the highest, for it merges least."""

COMMON = 4
"""Terms that an article has in common with them at least: two sentences that share a country
and its capital are not yet about one happening."""

FOUNDERS = 8
"""Articles that found a story."""

WITHIN = timedelta(days=7)
"""How far from its founding articles' days an article may have appeared, ..."""

FOUNDING = timedelta(days=3)
"""... and how far from the first of them another founding article may."""

TERMS = 200
"""Terms that an article is compared by, the weightiest."""

_NAMES_COUNT = 1.5
"""How much more a word counts that is written as a name, ..."""

_FIGURES_COUNT = 2.0
"""... a figure, such as a day, a toll or a strength, which happenings of one kind differ in, ..."""

_LEAD_COUNTS = 1.5
"""... and one that stands among the first, as news tells first what it is about."""

_LEAD = 60
_KEYS = 12
"""Terms that stories are found by: the weightiest of each founding article."""

_SHARED = 2
"""Of these, how many an article and a story must share to be compared."""

_WEEKS = range(-2, 3)
"""The weeks, from its own, in which an article's story may have been founded."""

_NONE: dict[int, dict[str, None]] = {}
_TRIED = 12
"""Stories that an article is compared with, those first that share most."""

_NAME = re.compile(r"(?<=[\w,;:] )[A-ZÀ-ÖØ-Þ]\w+")
_PACKED = struct.Struct("<If")

Terms = dict[int, float]


def terms_of(title: str, text: str) -> Terms:
    """Return what an article is compared by: hashes of stems, weights of length 1 in all."""
    weights, rarest = rarities()
    words = stems(f"{title}\n{text}")
    names = frozenset(stems(" ".join(_NAME.findall(text))))
    lead = frozenset(words[:_LEAD])
    weighed = {
        stem: (1 + math.log(count))
        * weights.get(stem, rarest)
        * (_NAMES_COUNT if stem in names else _FIGURES_COUNT if stem[0].isdigit() else 1.0)
        * (_LEAD_COUNTS if stem in lead else 1.0)
        for stem, count in Counter(words).items()
    }
    kept = sorted(weighed.items(), key=lambda one: (-one[1], one[0]))[:TERMS]
    terms = {crc32(stem.encode()): weight for stem, weight in kept}
    length = math.sqrt(sum(weight * weight for weight in terms.values()))
    # As it is read back from the store, so that it makes no difference whether it was.
    return unpack(pack({term: weight / length for term, weight in terms.items()}))


def pack(terms: Terms) -> bytes:
    """Write terms to be stored: 8 bytes each, in their order."""
    return struct.pack("<" + "If" * len(terms), *chain.from_iterable(terms.items()))


def unpack(data: bytes) -> Terms:
    """Read what ``pack`` wrote."""
    return dict(_PACKED.iter_unpack(data))


class Dated(NamedTuple):
    """An article as it is compared: who may see it, when it appeared, what it is about."""

    article: str
    audience: str
    day: date
    terms: Terms


@dataclass(slots=True)
class Story:
    """A story as it is judged by: its founding articles, in the order in which they came.

    ``members`` counts all its articles; ``total`` is the sum of the founding ones' terms.
    """

    id: str
    founders: list[Dated] = field(default_factory=list)
    members: int = 0
    first: date = date.max
    last: date = date.min
    total: Terms = field(default_factory=dict)
    length: float = 0.0

    def take(self, one: Dated, *, founds: bool) -> None:
        """Add an article."""
        self.members += 1
        if not founds:
            return
        self.founders.append(one)
        self.first, self.last = min(self.first, one.day), max(self.last, one.day)
        if len(self.founders) == 1:
            self.total, self.length = dict(one.terms), 1.0
            return
        for term, weight in one.terms.items():
            self.total[term] = self.total.get(term, 0.0) + weight
        self.length = math.sqrt(sum(weight * weight for weight in self.total.values()))

    def founded_by(self, one: Dated) -> bool:
        """Whether an article that joins is one of those that the story is judged by."""
        if not self.founders:
            return True
        near = abs(one.day - self.first) <= FOUNDING
        ours = one.audience == self.founders[0].audience
        return len(self.founders) < FOUNDERS and near and ours

    def may_hold(self, one: Dated) -> bool:
        """Whether an article may belong to it by its day, and by who may see the two."""
        if self.founders[0].audience not in (one.audience, EVERYWHERE):
            return False
        return self.first - WITHIN <= one.day <= self.last + WITHIN

    def likeness(self, terms: Terms) -> float:
        """The cosine of an article's terms to the sum of the founding ones; 0 if few are shared."""
        total = self.total
        shared = [weight * total[term] for term, weight in terms.items() if term in total]
        return sum(shared) / self.length if len(shared) >= COMMON else 0.0


class Shelf:
    """The stories that articles of some days may belong to, found by their weightiest terms."""

    def __init__(self) -> None:
        self.stories: dict[str, Story] = {}
        self._by_term: dict[int, dict[int, dict[str, None]]] = {}

    def put(self, story: str, one: Dated, *, founds: bool) -> None:
        """Put an article into a story, which is new if there is none of this id."""
        self.stories.setdefault(story, Story(story)).take(one, founds=founds)
        if founds:
            week = _week(one)
            for term in islice(one.terms, _KEYS):
                self._by_term.setdefault(term, {}).setdefault(week, {})[story] = None

    def place(self, one: Dated) -> Story | None:
        """Return the story that an article belongs to; None where it begins one of its own."""
        tried = [story for story in self._sharing([one]) if story.may_hold(one)][:_TRIED]
        liked = [(story.likeness(one.terms), story.id, story) for story in tried]
        best = max(liked, default=None, key=lambda some: some[:2])
        return best[2] if best and best[0] >= ALIKE else None

    def absorb(self, story: Story) -> list[Dated]:
        """Take in the articles that stand alone and are like a story that was founded further.

        What came before there was enough to tell a happening by is judged again, once.
        """
        found = []
        for other in self._sharing(story.founders):
            if other is story or other.members > 1:
                continue
            one = other.founders[0]
            if story.may_hold(one) and story.likeness(one.terms) >= ALIKE:
                found.append(one)
                del self.stories[other.id]
                for term in islice(one.terms, _KEYS):
                    del self._by_term[term][_week(one)][other.id]
        for one in found:
            self.put(story.id, one, founds=story.founded_by(one))
        return found

    def _sharing(self, some: Sequence[Dated]) -> list[Story]:
        """Stories that share any of the weightiest terms, those first that share most."""
        shared: Counter[str] = Counter()
        weeks = {_week(one) + away for one in some for away in _WEEKS}
        for term in {term for one in some for term in islice(one.terms, _KEYS)}:
            by_week = self._by_term.get(term, _NONE)
            for week in weeks & by_week.keys():
                shared.update(list(by_week[week]))
        # What shares one only is hardly ever like enough, and there is much of it.
        likely = ((-count, key) for key, count in shared.items() if count >= _SHARED)
        return [self.stories[key] for _, key in sorted(likely)]


def _week(one: Dated) -> int:
    return one.day.toordinal() // 7


def place(shelf: Shelf, one: Dated, new: str) -> tuple[str, bool, list[tuple[Dated, bool]]]:
    """Put an article where it belongs, under the id ``new`` where it begins a story.

    Returns the story's id, whether the article founds it, and what it took in that stood
    alone, with the same.
    """
    story = shelf.place(one)
    if story is None:
        shelf.put(new, one, founds=True)
        return new, True, []
    founds = story.founded_by(one)
    shelf.put(story.id, one, founds=founds)
    taken = shelf.absorb(story) if founds else []
    return story.id, founds, [(other, other in story.founders) for other in taken]
