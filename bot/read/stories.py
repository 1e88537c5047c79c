"""Group articles about the same happening into stories. Pure.

A story is judged by its founding articles, the first few, and by their dates. Articles that join
later change nothing, so that no chain of similar articles joins distinct happenings. Similarity is
not enough: one founding article must share the event with the new one (``share_event``). A single
article is judged again when a story gets another founding article, and a story whose founding
articles fall into two groups is split.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, islice
from typing import NamedTuple

from bot.models import EVERYWHERE
from bot.read.terms import Terms, cosine, informative, rarity_of, uninformative
from bot.text.sentences import sentences

ALIKE = 0.35
"""Minimum cosine to a story's founding articles. This and the weights below were chosen on the even
topics of ``python -m tests.bench stories``: among equally good values, those that merge least."""

COMMON = 4
"""Minimum number of terms in common with them: two sentences that share a country and its capital
are not yet about one happening."""

EVENT = 8.0
"""Minimum total rarity of the words that two articles on one event share: about two words of medium
rarity. Names, figures, dates and common words do not count."""

NAMES = 0.4
"""Minimum share of a short article's names found in another on the same event."""

SHORT = 30
"""An article with at most this many terms is short; a longer one names much else."""

RETOLD = 0.6
"""Minimum share of a quote's rare words, weighted by rarity, in a sentence that retells it."""

FOUNDERS = 8
"""Maximum number of articles that found a story."""

PARTED = 0.7
"""A story is split if its founding articles fall into two groups whose similarity is below this
share of the similarity within each group."""

WITHIN = timedelta(days=7)
"""How far from its founding articles' days an article may have been published, ..."""

FOUNDING = timedelta(days=3)
"""... and how far from the first of them another founding article may."""

_READ = 50_000
"""Characters of a text that are searched for a quote."""

_KEYS = 12
"""Terms used to find stories: the weightiest of each founding article."""

_TO_PART = 7
"""Minimum number of founding articles for splitting a story."""

_SHARED = 2
"""How many of these terms an article and a story must share to be compared."""

_WEEKS = range(-2, 3)
"""Weeks, relative to an article's own, in which its story may have been founded."""

_NONE: dict[int, dict[str, None]] = {}
_TRIED = 12
"""Maximum stories to compare with an article, those that share most first."""


class Dated(NamedTuple):
    """An article for comparison: its audience, its day, and its terms."""

    article: str
    audience: str
    day: date
    terms: Terms


@dataclass(slots=True)
class Story:
    """A story: its founding articles, which are some of its ``members``.

    ``total`` is the sum of the founding articles' terms, ``length`` the length of that vector.
    """

    id: str
    founders: list[Dated] = field(default_factory=list)
    members: list[Dated] = field(default_factory=list)
    first: date = date.max
    last: date = date.min
    total: Terms = field(default_factory=dict)
    length: float = 0.0

    def take(self, one: Dated, *, founds: bool) -> None:
        """Add an article."""
        self.members.append(one)
        if not founds:
            return
        # In a fixed order: the sum must not depend on which came first.
        self.founders = sorted([*self.founders, one], key=_order)
        self.first, self.last = min(self.first, one.day), max(self.last, one.day)
        if len(self.founders) == 1:
            self.total = {term: abs(weight) for term, weight in one.terms.items()}
            self.length = 1.0
            return
        self.total = {}
        for founder in self.founders:
            for term, weight in founder.terms.items():
                self.total[term] = self.total.get(term, 0.0) + abs(weight)
        self.length = math.sqrt(sum(weight * weight for weight in self.total.values()))

    def founded_by(self, one: Dated) -> bool:
        """Whether an article that joins becomes a founding article."""
        if not self.founders:
            return True
        near = abs(one.day - self.first) <= FOUNDING
        ours = one.audience == self.founders[0].audience
        return len(self.founders) < FOUNDERS and near and ours

    def may_hold(self, one: Dated) -> bool:
        """Whether an article may belong to it by its day and its audience."""
        if self.founders[0].audience not in (one.audience, EVERYWHERE):
            return False
        return self.first - WITHIN <= one.day <= self.last + WITHIN

    def likeness(self, terms: Terms) -> float:
        """Return the cosine of an article's terms to the founding ones; 0 if few are shared."""
        total = self.total
        shared = [abs(weight) * total[term] for term, weight in terms.items() if term in total]
        return sum(shared) / self.length if len(shared) >= COMMON else 0.0

    def is_of(self, one: Dated) -> float:
        """Return the similarity of an article that belongs to it; 0 for any other."""
        alike = self.likeness(one.terms)
        shares = alike >= ALIKE and any(share_event(one.terms, it.terms) for it in self.founders)
        return alike if shares else 0.0


class Shelf:
    """The stories that articles of some days may belong to, indexed by their weightiest terms."""

    def __init__(self, name: Callable[[str, int], str]) -> None:
        """``name`` gives ids to split-off stories, from the first article and a number from 0."""
        self._name = name
        self.stories: dict[str, Story] = {}
        self.articles: set[str] = set()
        """All articles in these stories."""
        self.held = 0
        """Number of terms of all these articles."""
        self._by_term: dict[int, dict[int, dict[str, None]]] = {}

    def put(self, story: str, one: Dated, *, founds: bool) -> None:
        """Put an article into a story; create the story if its id is new."""
        self.articles.add(one.article)
        self.stories.setdefault(story, Story(story)).take(one, founds=founds)
        self.held += len(one.terms)
        if founds:
            week = _week(one)
            for term in _keys(one):
                self._by_term.setdefault(term, {}).setdefault(week, {})[story] = None

    def place(self, one: Dated) -> Story | None:
        """Return the story that an article belongs to; None if it begins a new one."""
        tried = [story for story in self._sharing([one]) if story.may_hold(one)][:_TRIED]
        liked = [(story.is_of(one), story.id, story) for story in tried]
        best = max(liked, default=None, key=lambda some: some[:2])
        return best[2] if best and best[0] else None

    def absorb(self, story: Story) -> list[Dated]:
        """Absorb single articles that resemble a story with a new founding article.

        Articles that came before the story was recognisable are judged again, once.
        """
        found = []
        for other in self._sharing(story.founders):
            if other is story or len(other.members) > 1:
                continue
            one = other.founders[0]
            if story.may_hold(one) and story.is_of(one):
                found.append(one)
                self._remove(other)
        for one in found:
            self.put(story.id, one, founds=story.founded_by(one))
        return found

    def part(self, story: Story) -> Story | None:
        """Split a story whose founding articles fall into two groups; returns the new story.

        The story keeps its id for the part with its first article. Every other member follows the
        founding articles that it resembles more.
        """
        parts = _parts(story.founders)
        if parts is None:
            return None
        kept, gone = sorted(parts, key=lambda some: min(map(_order, some)))
        first = min(gone, key=_order).article
        key = next(name for n in count() if (name := self._name(first, n)) not in self.stories)
        self._remove(story)
        for one in (*kept, *gone):
            self.put(story.id if one in kept else key, one, founds=True)
        here, there = self.stories[story.id], self.stories[key]
        founders = {one.article for one in story.founders}
        for one in story.members:
            if one.article not in founders:
                nearer = there.likeness(one.terms) > here.likeness(one.terms)
                self.put(key if nearer else story.id, one, founds=False)
        return there

    def _remove(self, story: Story) -> None:
        del self.stories[story.id]
        self.held -= sum(len(one.terms) for one in story.members)
        for one in story.founders:
            for term in _keys(one):
                self._by_term[term][_week(one)].pop(story.id, None)

    def _sharing(self, some: Sequence[Dated]) -> list[Story]:
        """Return stories that share any of the weightiest terms, those that share most first."""
        shared: Counter[str] = Counter()
        weeks = {_week(one) + away for one in some for away in _WEEKS}
        for term in {term for one in some for term in _keys(one)}:
            by_week = self._by_term.get(term, _NONE)
            for week in weeks & by_week.keys():
                shared.update(list(by_week[week]))
        # Stories that share only one are hardly ever similar enough, and there are many.
        likely = ((-often, key) for key, often in shared.items() if often >= _SHARED)
        return [self.stories[key] for _, key in sorted(likely)]


def _keys(one: Dated) -> Iterator[int]:
    """Yield an article's lookup terms; fewer for a sentence, whose every word is weighty."""
    telling = [term for term in one.terms if term not in uninformative()]
    return islice(telling, min(_KEYS, 2 + len(one.terms) // 3))


def share_event(one: Terms, other: Terms) -> bool:
    """Whether two articles share the event, beyond its day, its place and common news words.

    That requires rare words of the act and, between short articles, some of the names as well: one
    earthquake is not another.
    """
    nothing = uninformative()
    shared = [term for term in one.keys() & other.keys() if term not in nothing]
    names = {term for term in shared if one[term] < 0 and other[term] < 0}
    if sum(rarity_of(term) for term in shared if term not in names) < EVENT:
        return False
    if min(len(one), len(other)) > SHORT:
        return True
    fewer = min(_named(one), _named(other))
    return fewer == 0 or sum(map(rarity_of, names)) > NAMES * fewer


def _named(terms: Terms) -> float:
    """Return the total rarity of an article's names and figures."""
    nothing = uninformative()
    return sum(
        rarity_of(term) for term, weight in terms.items() if weight < 0 and term not in nothing
    )


def retells(text: str, quote: str) -> bool:
    """Whether one sentence of a text has most of a quote's rare words."""
    wanted = informative(quote)
    enough = RETOLD * sum(map(rarity_of, wanted))

    def has_most(start: int, end: int) -> bool:
        return sum(map(rarity_of, wanted & informative(text[start:end]))) > enough

    text = text[:_READ]
    return has_most(0, len(text)) and any(has_most(*span) for span in sentences(text))


def _week(one: Dated) -> int:
    return one.day.toordinal() // 7


def _order(one: Dated) -> tuple[date, str]:
    return one.day, one.article


def _parts(founders: Sequence[Dated]) -> tuple[list[Dated], list[Dated]] | None:
    """Split founding articles in two by average linkage, if the two groups are dissimilar.

    Dissimilar means below PARTED of the similarity within either; a part has at least two articles.
    """
    if len(founders) < _TO_PART:
        return None
    ordered = sorted(founders, key=_order)
    alike = {
        (one.article, other.article): cosine(one.terms, other.terms)
        for one in ordered
        for other in ordered
    }

    def between(some: list[Dated], others: list[Dated]) -> float:
        pairs = [(a.article, b.article) for a in some for b in others if a is not b]
        return sum(alike[pair] for pair in pairs) / len(pairs)

    groups = [[one] for one in ordered]
    while len(groups) > 2:
        pairs = [(n, m) for m in range(len(groups)) for n in range(m)]
        near, far = max(pairs, key=lambda pair: between(groups[pair[0]], groups[pair[1]]))
        groups[near] += groups.pop(far)
    one, other = groups
    if min(len(one), len(other)) < 2:
        return None
    within = min(between(one, one), between(other, other))
    return (one, other) if between(one, other) < PARTED * within else None


class Placed(NamedTuple):
    """The story of an article now, and whether the article founds it."""

    one: Dated
    story: str
    founds: bool


def place(shelf: Shelf, one: Dated, new: str) -> list[Placed]:
    """Put an article into its story, or into a new one with the id ``new``.

    Returns it, and every other article whose story changed: single articles that were absorbed, and
    those that went with a split-off story.
    """
    story = shelf.place(one)
    if story is None:
        shelf.put(new, one, founds=True)
        return [Placed(one, new, True)]
    founds = story.founded_by(one)
    shelf.put(story.id, one, founds=founds)
    moved = [one]
    if founds:
        moved += shelf.absorb(story)
        if (other := shelf.part(story)) is not None:
            moved += [each for each in other.members if each not in moved]
            return [_placed(each, shelf.stories[story.id], other) for each in moved]
    return [_placed(each, story) for each in moved]


def _placed(one: Dated, *stories: Story) -> Placed:
    story = next(some for some in stories if one in some.members)
    return Placed(one, story.id, one in story.founders)
