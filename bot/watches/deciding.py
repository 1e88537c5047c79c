"""Who is told of what: pure, from the stories that articles joined and what is followed.

A place is told of a story once, whichever of its watches fits, and when as many independent
sources as the watch asks for tell what is quoted of it: other articles of the story count only if
they tell the same fact, or say much the same in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.models import Alert, Watch
from bot.read.stories import retells
from bot.store.news import Item, Part, Place, Telling
from bot.watches.fitting import Fit, fit

Expand = Callable[[str, str], Collection[str]]
"""All ids that count as an actor in a workspace: ``expand(workspace, actor)``."""


class Fitting(NamedTuple):
    """A watch that a story fits, by which article and how.

    ``sources`` are the independent ones that tell what is quoted.
    """

    watch: Watch
    item: Item
    fit: Fit
    sources: frozenset[str]


class Due(NamedTuple):
    """A story that a place is to be told: the watches it fits, the oldest first.

    ``parts`` are its articles as far as that place may see them.
    """

    place: Place
    telling: Telling
    fittings: tuple[Fitting, ...]
    parts: tuple[Part, ...]

    @property
    def sources(self) -> frozenset[str]:
        """The independent sources that tell what is quoted, which is of the oldest watch."""
        return self.fittings[0].sources


def decide(
    tellings: Iterable[Telling], watches: Sequence[Watch], expand: Expand, now: datetime
) -> list[Due]:
    """Which places are to be told of which stories, in the order of the stories."""
    listening = [watch for watch in watches if tells(watch, now)]
    due: list[Due] = []
    for telling in tellings:
        by_place: dict[Place, list[Fitting]] = {}
        named = _named(telling)
        for watch in listening:
            place = (watch.team, watch.place)
            if watch.workspace != telling.workspace or place in telling.told:
                continue
            # Most name nobody of it: that is soon seen.
            if any(named.isdisjoint(expand(watch.workspace, one)) for one, _ in watch.topic.actors):
                continue
            if (found := fitting(watch, telling, expand)) is not None:
                by_place.setdefault(place, []).append(found)
        for place, found_there in by_place.items():
            seen = seen_by([one.watch for one in found_there], telling)
            due.append(Due(place, telling, tuple(found_there), seen))
    return due


def _named(telling: Telling) -> frozenset[str]:
    """Everybody whom the new articles of a story name, or tell something of."""
    mentioned = {one.actor for item in telling.items for one in item.mentions}
    facts = [fact for item in telling.items for fact in item.facts]
    acting = {one for fact in facts for one in (fact.source_actor, fact.target_actor) if one}
    return frozenset(mentioned | acting | {fact.claimant for fact in facts if fact.claimant})


def tells(watch: Watch, now: datetime) -> bool:
    """Whether a watch tells anything at once for the time being."""
    muted = watch.muted_until is not None and now < watch.muted_until
    return not (watch.paused or watch.digest_only or muted)


def still_told(alert: Alert, watches: Sequence[Watch], now: datetime) -> Alert | None:
    """What is left of an alert that waited, by what its place follows when it is sent.

    None where all of its watches were removed, paused, muted or left to the digest meanwhile.
    """
    telling = {watch.id for watch in watches if tells(watch, now)}
    left = [
        story.model_copy(update={"reasons": reasons})
        for story in alert.stories
        if (reasons := tuple(one for one in story.reasons if one.watch in telling))
    ]
    return alert.model_copy(update={"stories": tuple(left)}) if left else None


def fitting(watch: Watch, telling: Telling, expand: Expand) -> Fitting | None:
    """How a story fits a watch, by the newest of its articles that does; None if it does not.

    Nothing that was stored before it was followed, or that its place may not see.
    """
    parts = seen_by([watch], telling)
    every = {source for part in parts for source in part.sources}
    if max(len(every), 1) < watch.least:  # what names no source counts as one
        return None
    groups = [expand(watch.workspace, actor) for actor, _ in watch.topic.actors]
    for item in telling.items:
        article = item.stored.article
        if article.first_seen < watch.since or article.audience not in watch.audiences:
            continue
        if (found := fit(watch.topic, groups, item)) is None:
            continue
        sources = _sources(found, parts)
        if max(len(sources), 1) >= watch.least:
            return Fitting(watch, item, found, sources)
    return None


def _sources(found: Fit, parts: Iterable[Part]) -> frozenset[str]:
    """The sources of the article that is quoted, and of the others that tell the same."""
    return frozenset(source for part in parts if _tells(part, found) for source in part.sources)


def _tells(part: Part, found: Fit) -> bool:
    if part.article == found.evidence.article:
        return True
    if found.fact is not None and found.fact.happening in part.happenings:
        return True
    return retells(part.words, found.evidence.quote)


def seen_by(watches: Sequence[Watch], telling: Telling) -> tuple[Part, ...]:
    """The articles of a story that may be told where all of these watches are."""
    audiences = frozenset.union(*(watch.audiences for watch in watches))
    return tuple(part for part in telling.parts if part.audience in audiences)
