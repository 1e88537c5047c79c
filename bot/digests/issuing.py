"""One digest, made: what is new for its place, as lines with their sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.answer.importance import rank_stories
from bot.answer.library import Library
from bot.answer.lines import fact_lines, place_of, snippet_of
from bot.answer.stories import headline
from bot.desk import Desk
from bot.digests.picking import Picked, label, noted, pick
from bot.digests.wording import about, said
from bot.models import (
    Asker,
    Digest,
    DigestIssue,
    DigestStory,
    EventClass,
    Feed,
    Line,
    Status,
    Topic,
)
from bot.store.digests import DigestedArticle

SHOWN = 15
"""Stories that one message tells; the others are counted."""

OVERLAP = timedelta(hours=6)
"""What was being taken in when the last digest was made is looked for again: an article is
dated when its intake begins, and stored when that ends."""

LONGEST = timedelta(days=8)
"""How far back one digest looks, however long it was paused."""

OLD = timedelta(days=3)
"""What was published so long before a digest's time began is no news, however late it came."""

FAILING = 3
"""Polls that failed in a row, from which on a feed is told of."""

PLANNED = 3


class Made(NamedTuple):
    """A digest, and what is to be noted of it once it is on its way."""

    issue: DigestIssue
    told: list[DigestedArticle]


def made(desk: Desk, of: Digest, now: datetime, *, preview: bool = False) -> Made:
    """Make the digest of what is new at ``now`` since it told last; changes nothing."""
    since = max(of.since, now - LONGEST)
    topics = topics_of(desk, of)
    library = desk.library(_asker(of, now))
    came = desk.store.digests.material(of, since - OVERLAP, now, since - OLD)
    known: dict[str, Collection[str]] = {}

    def expand(actor: str) -> Collection[str]:
        if actor not in known:
            known[actor] = library.actors.expand(actor, library.today)
        return known[actor]

    picked = pick(came, topics, expand, of.audiences)
    told = _ordered(library, picked, (now - since).days)
    issue = DigestIssue(
        digest=of.id,
        label=about(of, followed(desk, of)),
        times=said(of.times),
        tz=of.times.tz,
        since=since,
        due=now,
        total=len(told),
        changed=sum(bool(one.change) for one, _ in told),
        stories=tuple(_story(library, one, line) for one, line in told[:SHOWN]),
        planned=tuple(_planned(library, of, topics)),
        feeds=_failing(desk.store.feeds.all(of.workspace), of.audiences),
        preview=preview,
    )
    return Made(issue, noted(picked, came))


def topics_of(desk: Desk, of: Digest) -> list[Topic]:
    """What a digest is about: what its place follows, and the actors chosen for it."""
    return [*_watched(desk, of), *(Topic(actors=(actor,)) for actor in of.actors)]


def followed(desk: Desk, of: Digest) -> list[str]:
    """What the place of a digest follows, in words."""
    return label(_watched(desk, of))


def _watched(desk: Desk, of: Digest) -> list[Topic]:
    watches = desk.store.watches.of(of.workspace, of.team, of.place)
    return [watch.topic for watch in watches if not watch.paused]


def _ordered(library: Library, picked: Sequence[Picked], days: int) -> list[tuple[Picked, Line]]:
    """The stories to tell, the most important first, each with the line that tells it best.

    Those that tell the same are one.
    """
    owner = {item.stored.article.id: one for one in picked for item, _ in one.fits}
    lines = _lines(library, picked)
    ranking = rank_stories(library, lines, days, headlines=False)
    leading = {owner[story.lead.snippet.article].telling.story for story in ranking}
    found: dict[str, tuple[Picked, Line]] = {}
    seen: set[str] = set()
    for story in ranking:
        first, *others = dict.fromkeys(
            owner[report.line.snippet.article] for report in story.reports
        )
        name = first.telling.story
        told, line = found.get(name, (first, story.reports[0].line))
        repeats = [one for one in others if one.telling.story not in leading | seen]
        parts = (*told.parts, *(part for one in repeats for part in one.parts))
        found[name] = told._replace(parts=parts), line
        seen |= {name, *(one.telling.story for one in repeats)}
    for line in lines:  # what there was too much for
        one = owner[line.snippet.article]
        if one.telling.story not in seen:
            seen.add(one.telling.story)
            found[one.telling.story] = one, line
    return [(one, line.model_copy(update={"sources": one.sources})) for one, line in found.values()]


def _lines(library: Library, picked: Sequence[Picked]) -> list[Line]:
    """What may tell the stories: the facts that fit a topic, or all; else how an article begins."""
    fits = [(one, item, how) for one in picked for item, how in one.fits]
    facts = [
        fact
        for one, item, how in fits
        for fact in (item.facts if one.topic is None else [how.fact])
        if fact is not None and fact.evidence
    ]
    lines = fact_lines(library, facts)
    quoted = {place_of(line) for line in lines}
    with_facts = {line.snippet.article for line in lines}
    for _, item, how in fits:
        line = Line(snippet=snippet_of(item.stored, how.evidence))
        told = how.fact is not None and line.snippet.article in with_facts
        if not told and place_of(line) not in quoted:
            lines.append(line)
    return lines


def _story(library: Library, picked: Picked, line: Line) -> DigestStory:
    key = line.snippet.article
    item, how = next(pair for pair in picked.fits if pair[0].stored.article.id == key)
    if picked.topic is not None:
        about = label([picked.topic])[0]
    else:
        about = library.actors.name(line.about[0]) if line.about else ""
    return DigestStory(
        story=picked.telling.story,
        headline=headline(item.stored.revision.title, item.stored.revision.text),
        line=line,
        articles=len(picked.parts),
        sources=picked.sources,
        about=about,
        follows=about if picked.topic is not None else "",
        why=how.why,
        change=picked.change,
        news=picked.news,
    )


def _planned(library: Library, of: Digest, topics: Sequence[Topic]) -> list[Line]:
    """What is planned for today between, or by, those that the digest is about."""
    actors = {
        one
        for topic in topics
        for actor, _ in topic.actors
        for one in library.actors.expand(actor, library.today)
    }
    if topics and not actors:
        return []
    facts = library.store.facts(
        library.workspace,
        of.audiences,
        actors=actors or None,
        classes=None if not topics else _classes(topics),
        since=library.today,
        until=library.today,
        as_of=library.as_of,
    )
    planned = [
        fact
        for fact in facts
        if fact.status is Status.PLANNED
        and fact.event_date == library.today
        and fact.date_precision in ("day", "minute")
    ]
    once = {fact.happening or fact.id: fact for fact in reversed(planned)}
    return fact_lines(library, list(once.values())[:PLANNED])


def _classes(topics: Sequence[Topic]) -> set[EventClass] | None:
    """The classes followed; all of them where one topic names none."""
    if any(not topic.classes for topic in topics):
        return None
    return {one for topic in topics for one in topic.classes}


def _failing(feeds: Sequence[Feed], audiences: Collection[str]) -> tuple[str, ...]:
    return tuple(
        feed.title or feed.url
        for feed in feeds
        if feed.state == "active" and feed.failures >= FAILING and feed.audience in audiences
    )


def _asker(of: Digest, now: datetime) -> Asker:
    return Asker(
        workspace=of.workspace,
        person=of.person,
        place=of.room or of.place,
        tz=of.times.tz,
        now=now,
    )
