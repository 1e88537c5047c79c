"""Which stories a digest may tell: pure, from what came since the last one and what that told.

A story is told once in a place, by a digest or by an alert. It is told again, as *updated*,
where further independent sources tell it, an article tells something else that happened, or its
publisher edited what was told; a copy of what was told is none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from bot.answer.formatting import count
from bot.answer.stories import opening_evidence
from bot.models import Status, Topic
from bot.models.digests import Turned
from bot.store.digests import DigestedArticle, DigestMaterial, act_key
from bot.store.watches import Item, Part, StoryUpdate
from bot.watches.topics import TopicMatch, in_words, match_topic

Expand = Callable[[str], Collection[str]]
"""All ids that count as an actor."""


class Picked(NamedTuple):
    """A story that is to be told: its new articles that fit a topic, and what changed.

    ``parts`` are all its articles as far as the place may see them.
    """

    telling: StoryUpdate
    fits: tuple[tuple[Item, TopicMatch], ...]
    topic: Topic | None
    parts: tuple[Part, ...]
    change: Turned
    news: str

    @property
    def sources(self) -> int:
        """How many independent sources tell it."""
        return max(len({source for part in self.parts for source in part.sources}), 1)


def pick(
    came: DigestMaterial, topics: Sequence[Topic], expand: Expand, audiences: Collection[str]
) -> list[Picked]:
    """Return the stories to tell, in the order they came in; no topic is everything."""
    picked = [_picked(one, came, topics, expand, audiences) for one in came.tellings]
    return [one for one in picked if one is not None]


def noted(picked: Sequence[Picked], came: DigestMaterial) -> list[DigestedArticle]:
    """What is to be known of what was told."""
    return [
        DigestedArticle(
            part.article, one.telling.story, came.revisions.get(part.article, 1), part.sources
        )
        for one in picked
        for part in one.parts
    ]


def _picked(
    telling: StoryUpdate,
    came: DigestMaterial,
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
    fits, topic = _fitting(fresh, topics, expand)
    if not fits:
        return None
    told = [came.told[part.article] for part in parts if part.article in came.told]
    if not told:
        return Picked(telling, fits, topic, parts, "", "")
    changed = _changed(parts, told, fresh, came)
    return Picked(telling, fits, topic, parts, *changed) if changed else None


def _is_new(item: Item, came: DigestMaterial) -> bool:
    known = came.told.get(item.stored.article.id)
    return known is None or item.stored.revision.n > known.revision


def _fitting(
    fresh: Sequence[Item], topics: Sequence[Topic], expand: Expand
) -> tuple[tuple[tuple[Item, TopicMatch], ...], Topic | None]:
    """The articles that fit the first topic that any does, and how."""
    if not topics:
        return tuple(
            (item, TopicMatch(opening_evidence(item.stored), None, "")) for item in fresh
        ), None
    for topic in topics:
        groups = [expand(actor) for actor, _ in topic.actors]
        found = [(item, match_topic(topic, groups, item)) for item in fresh]
        if fits := tuple((item, how) for item, how in found if how is not None):
            return fits, topic
    return (), None


def _changed(
    parts: Sequence[Part],
    told: Sequence[DigestedArticle],
    fresh: Sequence[Item],
    came: DigestMaterial,
) -> tuple[Turned, str] | None:
    """How a story changed since it was told, and in words; None where it did not."""
    before = {source for one in told for source in one.sources}
    more = {source for part in parts for source in part.sources} - before
    edited = [item for item in fresh if item.stored.article.id in came.told]
    others = [item for item in fresh if item.stored.article.id not in came.told]
    acts = [
        fact for item in [*others, *edited] for fact in item.facts if act_key(fact) not in came.acts
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
