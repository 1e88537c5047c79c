"""Which articles are about the same happening. Pure.

A story is judged by its founding articles, the first few, and by when they appeared: whatever
joins later moves nothing, so that no chain of likenesses joins distinct happenings. Likeness is
not enough: one founding article must share the event with it (``share_event``). An article
that stands alone is judged again when a story is founded further, and a story whose founding
articles turn out to fall into two becomes two.
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
"""The cosine to a story's founding articles from which on an article belongs to it. This and
the weights below were chosen on the even topics of ``python -m tests.bench stories``; of
values that do about as well there those that merge less."""

COMMON = 4
"""Terms that an article has in common with them at least: two sentences that share a country
and its capital are not yet about one happening."""

EVENT = 8.0
"""How rare the words are, all together, that two articles on one event share at least: about what
two words of medium rarity come to. Names, figures, dates and common words do not count."""

NAMES = 0.4
"""The share of its names that a short article must share with another on the same event."""

SHORT = 30
"""Terms up to which an article is short; a longer one names much beside the event."""

RETOLD = 0.6
"""The share of a quote's rare words, by how rare they are, in a sentence that tells the same."""

FOUNDERS = 8
"""Articles that found a story."""

PARTED = 0.7
"""A story is two where its founding articles fall into two that are less alike than this
share of what each is within itself."""

WITHIN = timedelta(days=7)
"""How far from its founding articles' days an article may have appeared, ..."""

FOUNDING = timedelta(days=3)
"""... and how far from the first of them another founding article may."""

_READ = 50_000
"""Characters of a text in which a quote is looked for."""

_KEYS = 12
"""Terms that stories are found by: the weightiest of each founding article."""

_TO_PART = 7
"""Founding articles from which on a story may be found to be two."""

_SHARED = 2
"""Of these, how many an article and a story must share to be compared."""

_WEEKS = range(-2, 3)
"""The weeks, from its own, in which an article's story may have been founded."""

_NONE: dict[int, dict[str, None]] = {}
_TRIED = 12
"""Stories that an article is compared with, those first that share most."""


class Dated(NamedTuple):
    """An article as it is compared: who may see it, when it appeared, what it is about."""

    article: str
    audience: str
    day: date
    terms: Terms


@dataclass(slots=True)
class Story:
    """A story as it is judged by: its founding articles, which are some of its ``members``.

    ``total`` is the sum of the founding ones' terms, ``length`` its length.
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
        # In one order, whichever came first: what they add up to must not depend on it.
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
        shared = [abs(weight) * total[term] for term, weight in terms.items() if term in total]
        return sum(shared) / self.length if len(shared) >= COMMON else 0.0

    def is_of(self, one: Dated) -> float:
        """How like its founding articles one is that belongs to it; 0 of any other."""
        alike = self.likeness(one.terms)
        shares = alike >= ALIKE and any(share_event(one.terms, it.terms) for it in self.founders)
        return alike if shares else 0.0


class Shelf:
    """The stories that articles of some days may belong to, found by their weightiest terms."""

    def __init__(self, name: Callable[[str, int], str]) -> None:
        """``name`` gives ids to what parts from a story: of its first article, the n-th from 0."""
        self._name = name
        self.stories: dict[str, Story] = {}
        self.articles: set[str] = set()
        """All that belong to one of them."""
        self.held = 0
        """Terms of all articles that it holds."""
        self._by_term: dict[int, dict[int, dict[str, None]]] = {}

    def put(self, story: str, one: Dated, *, founds: bool) -> None:
        """Put an article into a story, which is new if there is none of this id."""
        self.articles.add(one.article)
        self.stories.setdefault(story, Story(story)).take(one, founds=founds)
        self.held += len(one.terms)
        if founds:
            week = _week(one)
            for term in _keys(one):
                self._by_term.setdefault(term, {}).setdefault(week, {})[story] = None

    def place(self, one: Dated) -> Story | None:
        """Return the story that an article belongs to; None where it begins one of its own."""
        tried = [story for story in self._sharing([one]) if story.may_hold(one)][:_TRIED]
        liked = [(story.is_of(one), story.id, story) for story in tried]
        best = max(liked, default=None, key=lambda some: some[:2])
        return best[2] if best and best[0] else None

    def absorb(self, story: Story) -> list[Dated]:
        """Take in the articles that stand alone and are like a story that was founded further.

        What came before there was enough to tell a happening by is judged again, once.
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
        """Make two stories of one whose founding articles fall into two; returns the new one.

        The story keeps its id for the part with its first article, and every other member
        goes with the founding articles that it is more like.
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
        """Stories that share any of the weightiest terms, those first that share most."""
        shared: Counter[str] = Counter()
        weeks = {_week(one) + away for one in some for away in _WEEKS}
        for term in {term for one in some for term in _keys(one)}:
            by_week = self._by_term.get(term, _NONE)
            for week in weeks & by_week.keys():
                shared.update(list(by_week[week]))
        # What shares one only is hardly ever like enough, and there is much of it.
        likely = ((-often, key) for key, often in shared.items() if often >= _SHARED)
        return [self.stories[key] for _, key in sorted(likely)]


def _keys(one: Dated) -> Iterator[int]:
    """What an article is found by; of a sentence, whose every word is weighty, fewer."""
    telling = [term for term in one.terms if term not in uninformative()]
    return islice(telling, min(_KEYS, 2 + len(one.terms) // 3))


def share_event(one: Terms, other: Terms) -> bool:
    """Whether two articles share the event, beyond its day, its place and the words of all news.

    That is, rare words of the act, and of two short articles some of the names as well: one
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
    """How rare the names and figures of an article are, all together."""
    nothing = uninformative()
    return sum(
        rarity_of(term) for term, weight in terms.items() if weight < 0 and term not in nothing
    )


def retells(text: str, quote: str) -> bool:
    """Whether one sentence of a text has most of the rare words of a quoted one."""
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
    """Cut founding articles in two by average linkage, where the two are far from each other.

    Far is less than PARTED of what either is within itself; a part has two articles at least.
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
    """Where an article belongs now, and whether it founds that story."""

    one: Dated
    story: str
    founds: bool


def place(shelf: Shelf, one: Dated, new: str) -> list[Placed]:
    """Put an article where it belongs, under the id ``new`` where it begins a story.

    Returns it, and every other article that belongs elsewhere than before: what stood alone
    and was taken in, and what went with a story that was found to be two.
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
