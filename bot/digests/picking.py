"""What a digest tells: pure, from what came since the last one and what that told.

A story is told once. It is told again, as *updated*, where further independent sources tell it,
an article tells something else that happened, or its publisher edited what was told; a copy of
what was told is none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from bot.answer.stories import beginning
from bot.answer.words import count
from bot.models import Evidence, Fact, Status, Topic
from bot.models.digests import Turned
from bot.store.digested import Came, Told, key_of
from bot.store.news import Item, Part, Telling
from bot.watches.fitting import Fit, fit
from bot.watches.topics import in_words

Expand = Callable[[str], Collection[str]]
"""All ids that count as an actor."""

_TOOK_PLACE = (Status.HAPPENED, Status.ONGOING)


class Picked(NamedTuple):
    """A story that is told: by which article and how it fits which topic, and what changed.

    ``parts`` are its articles as far as the place may see them.
    """

    telling: Telling
    item: Item
    fit: Fit
    topic: Topic | None
    parts: tuple[Part, ...]
    change: Turned
    news: str

    @property
    def sources(self) -> int:
        """How many independent sources tell it."""
        return max(len({source for part in self.parts for source in part.sources}), 1)


def pick(
    came: Came, topics: Sequence[Topic], expand: Expand, audiences: Collection[str]
) -> list[Picked]:
    """What is told, in order: what changed, then the most corroborated; no topic is everything."""
    picked = [_picked(one, came, topics, expand, audiences) for one in came.tellings]
    return sorted(
        (one for one in picked if one is not None),
        key=lambda one: (not one.change, -one.sources, -len(one.parts), one.telling.story),
    )


def noted(picked: Sequence[Picked], came: Came) -> list[Told]:
    """What is to be known of what was told."""
    return [
        Told(part.article, one.telling.story, came.revisions.get(part.article, 1), part.sources)
        for one in picked
        for part in one.parts
    ]


def _picked(
    telling: Telling,
    came: Came,
    topics: Sequence[Topic],
    expand: Expand,
    audiences: Collection[str],
) -> Picked | None:
    parts = tuple(part for part in telling.parts if part.audience in audiences)
    fresh = [
        item
        for item in telling.items
        if item.stored.article.audience in audiences and _is_new(item, came)
    ]
    best = _best(fresh, topics, expand)
    if best is None:
        return None
    item, found, topic = best
    told = [came.told[part.article] for part in parts if part.article in came.told]
    if not told:
        return Picked(telling, item, found, topic, parts, "", "")
    changed = _changed(parts, told, fresh, came)
    if changed is None:
        return None
    return Picked(telling, item, found, topic, parts, *changed)


def _is_new(item: Item, came: Came) -> bool:
    known = came.told.get(item.stored.article.id)
    return known is None or item.stored.revision.n > known.revision


def _best(
    fresh: Sequence[Item], topics: Sequence[Topic], expand: Expand
) -> tuple[Item, Fit, Topic | None] | None:
    """The newest article that fits, by the first topic that it does."""
    if not topics:
        whole = [(item, anything(item)) for item in fresh]
        telling = [(item, found) for item, found in whole if found.fact is not None] or whole
        return (*telling[0], None) if telling else None
    for topic in topics:
        groups = [expand(actor) for actor, _ in topic.actors]
        for item in fresh:
            if (found := fit(topic, groups, item)) is not None:
                return item, found, topic
    return None


def anything(item: Item) -> Fit:
    """The words of an article that tell it best: a fact's, or else how it begins."""
    facts = [fact for fact in item.facts if fact.evidence]
    if facts:
        best = max(facts, key=_worth)
        return Fit(best.evidence[0], best, "")
    revision = item.stored.revision
    field, text = ("text", revision.text) if revision.text.strip() else ("title", revision.title)
    start, end = beginning(text) if field == "text" else (0, len(text))
    evidence = Evidence(
        field="text" if field == "text" else "title",
        start=start,
        end=end,
        quote=text[start:end],
        article=item.stored.article.id,
        revision=revision.n,
    )
    return Fit(evidence, None, "")


def _worth(fact: Fact) -> tuple[bool, bool, int]:
    return fact.status in _TOOK_PLACE, fact.target_actor is not None, -fact.evidence[0].start


def _changed(
    parts: Sequence[Part], told: Sequence[Told], fresh: Sequence[Item], came: Came
) -> tuple[Turned, str] | None:
    """How a story changed since it was told, and in words; None where it did not."""
    before = {source for one in told for source in one.sources}
    more = {source for part in parts for source in part.sources} - before
    edited = [item for item in fresh if item.stored.article.id in came.told]
    others = [item for item in fresh if item.stored.article.id not in came.told]
    acts = [
        fact for item in [*others, *edited] for fact in item.facts if key_of(fact) not in came.acts
    ]
    words = []
    if more:
        words.append(count(len(more), "more source"))
    if edited:
        words.append("edited by its publisher")
    if acts and not (more or edited):
        words.append("more has happened")
    if not words:
        return None
    denied = any(fact.status is Status.DENIED for fact in acts)
    return ("denied", ", ".join(["denied", *words])) if denied else ("updated", ", ".join(words))


def label(topics: Sequence[Topic]) -> list[str]:
    """Topics in words, each once."""
    return list(dict.fromkeys(in_words(topic) for topic in topics))
