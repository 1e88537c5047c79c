"""Make digests: the stories that are new for a place, queued once each, even across crashes.

A place gets a story once, by a digest or by an alert. It gets it again, as *updated*, if further
independent sources report it, an article reports another event, or its publisher edited what was
sent; a copy of what was sent is none of these.

A digest is claimed with a lease. If the process dies, it is claimed again when the lease ends: its
message, its articles and its next time are written in one transaction. The outbox then sends it,
under a key of the digest and the instant it was due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.answer.formatting import count, shown_records
from bot.answer.importance import rank_stories
from bot.answer.library import Library
from bot.answer.lines import fact_lines, place_of, snippet_of
from bot.answer.stories import headline, opening_evidence
from bot.desk import Desk
from bot.digests.schedule import AGE, step, times_in_words, topics_in_words
from bot.errors import StoreUnavailable
from bot.models import (
    Asker,
    Digest,
    DigestIssue,
    DigestStory,
    EventClass,
    Feed,
    Line,
    MessageRecord,
    Outgoing,
    Status,
    Topic,
)
from bot.models.following import Turned
from bot.store.digests import DigestedArticle, DigestMaterial, act_key
from bot.store.watches import Item, Part, StoryUpdate
from bot.watches.topics import TopicMatch, in_words, match_topic

SHOWN = 15
"""Stories shown in one message; the others are counted."""

OVERLAP = timedelta(hours=6)
"""How far a digest looks back before the last one: an article is dated when its intake begins,
and stored when that ends."""

LONGEST = timedelta(days=8)
"""The longest time that one digest covers, however long it was paused."""

OLD = timedelta(days=3)
"""An article published so long before a digest's time is not news, however late it arrived."""

FAILING = 3
"""Failed polls in a row from which on a feed is listed as failing."""

PLANNED = 3


class IssueWithArticles(NamedTuple):
    """A digest, and its articles, which are recorded once it is in the outbox."""

    issue: DigestIssue
    articles: list[DigestedArticle]


def make_issue(
    desk: Desk, of: Digest, now: datetime, *, preview: bool = False
) -> IssueWithArticles:
    """Make the digest of what is new at ``now`` since the last one; stores nothing."""
    since = max(of.since, now - LONGEST)
    topics = topics_of(desk, of)
    library = desk.library(_asker(of, now))
    material = desk.store.digests.material(of, since - OVERLAP, now, since - OLD)
    known: dict[str, Collection[str]] = {}

    def expand(actor: str) -> Collection[str]:
        if actor not in known:
            known[actor] = library.actors.expand(actor, library.today)
        return known[actor]

    picked = pick(material, topics, expand, of.audiences)
    stories = _ordered(library, picked, (now - since).days)
    issue = DigestIssue(
        digest=of.id,
        label=topics_in_words(of, followed(desk, of)),
        times=times_in_words(of.times),
        tz=of.times.tz,
        since=since,
        due=now,
        total=len(stories),
        changed=sum(bool(one.change) for one, _ in stories),
        stories=tuple(_story(library, one, line) for one, line in stories[:SHOWN]),
        planned=tuple(_planned(library, of, topics)),
        feeds=_failing(desk.store.feeds.all(of.workspace), of.audiences),
        preview=preview,
    )
    return IssueWithArticles(issue, digested(picked, material))


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
    """The stories, the most important first, each with the line that reports it best.

    Stories that report the same are merged.
    """
    owner = {item.stored.article.id: one for one in picked for item, _ in one.fits}
    lines = _lines(library, picked)
    ranking = rank_stories(library, lines, days, headlines=False)
    leading = {owner[story.lead.snippet.article].update.story for story in ranking}
    found: dict[str, tuple[Picked, Line]] = {}
    seen: set[str] = set()
    for story in ranking:
        first, *others = dict.fromkeys(
            owner[report.line.snippet.article] for report in story.reports
        )
        name = first.update.story
        picked_story, line = found.get(name, (first, story.reports[0].line))
        repeats = [one for one in others if one.update.story not in leading | seen]
        parts = (*picked_story.parts, *(part for one in repeats for part in one.parts))
        found[name] = picked_story._replace(parts=parts), line
        seen |= {name, *(one.update.story for one in repeats)}
    for line in lines:  # those beyond the limit of the ranking
        one = owner[line.snippet.article]
        if one.update.story not in seen:
            seen.add(one.update.story)
            found[one.update.story] = one, line
    return [(one, line.model_copy(update={"sources": one.sources})) for one, line in found.values()]


def _lines(library: Library, picked: Sequence[Picked]) -> list[Line]:
    """Candidate lines: facts that match a topic, or all facts; else the opening of an article."""
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
        has_fact = how.fact is not None and line.snippet.article in with_facts
        if not has_fact and place_of(line) not in quoted:
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
        story=picked.update.story,
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
    """Plans for today of the actors that the digest is about."""
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
    """The classes followed; None, which is all, if a topic names none."""
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


# --- which stories ----------------------------------------------------------------------

Expand = Callable[[str], Collection[str]]
"""All ids that count as an actor."""


class Picked(NamedTuple):
    """A story for the digest: its new articles that match a topic, and what changed.

    ``parts`` are all its articles as far as the place may see them.
    """

    update: StoryUpdate
    fits: tuple[tuple[Item, TopicMatch], ...]
    topic: Topic | None
    parts: tuple[Part, ...]
    change: Turned
    news: str

    @property
    def sources(self) -> int:
        """How many independent sources report it."""
        return max(len({source for part in self.parts for source in part.sources}), 1)


def pick(
    material: DigestMaterial, topics: Sequence[Topic], expand: Expand, audiences: Collection[str]
) -> list[Picked]:
    """Choose the stories, in the order they arrived; without topics, everything counts."""
    picked = [_picked(one, material, topics, expand, audiences) for one in material.stories]
    return [one for one in picked if one is not None]


def digested(picked: Sequence[Picked], material: DigestMaterial) -> list[DigestedArticle]:
    """The articles of the stories, as later digests need them."""
    return [
        DigestedArticle(
            part.article, one.update.story, material.revisions.get(part.article, 1), part.sources
        )
        for one in picked
        for part in one.parts
    ]


def _picked(
    update: StoryUpdate,
    material: DigestMaterial,
    topics: Sequence[Topic],
    expand: Expand,
    audiences: Collection[str],
) -> Picked | None:
    parts = tuple(part for part in update.parts if part.audience in audiences)
    fresh = [
        item
        for item in update.items
        if item.stored.article.audience in audiences and _is_new(item, material)
    ]
    fits, topic = _fitting(fresh, topics, expand)
    if not fits:
        return None
    sent = [material.sent[part.article] for part in parts if part.article in material.sent]
    if not sent:
        return Picked(update, fits, topic, parts, "", "")
    changed = _changed(parts, sent, fresh, material)
    return Picked(update, fits, topic, parts, *changed) if changed else None


def _is_new(item: Item, material: DigestMaterial) -> bool:
    known = material.sent.get(item.stored.article.id)
    return known is None or item.stored.revision.n > known.revision


def _fitting(
    fresh: Sequence[Item], topics: Sequence[Topic], expand: Expand
) -> tuple[tuple[tuple[Item, TopicMatch], ...], Topic | None]:
    """The articles that match the first topic that any matches, and how."""
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
    sent: Sequence[DigestedArticle],
    fresh: Sequence[Item],
    material: DigestMaterial,
) -> tuple[Turned, str] | None:
    """How a story changed since it was sent, with a description; None if it did not."""
    before = {source for one in sent for source in one.sources}
    more = {source for part in parts for source in part.sources} - before
    edited = [item for item in fresh if item.stored.article.id in material.sent]
    others = [item for item in fresh if item.stored.article.id not in material.sent]
    acts = [
        fact
        for item in [*others, *edited]
        for fact in item.facts
        if act_key(fact) not in material.acts
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


log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)

TOGETHER = 50
"""The most digests made in one pass, since others share the thread."""

_TIME_TO_SEND = timedelta(hours=1)


class DigestSender:
    """Makes due digests, in any number of processes; those due ``age`` ago are too late."""

    def __init__(
        self,
        desk: Desk,
        *,
        age: timedelta = AGE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._age = age
        self._now = now

    def look(self) -> int:
        """Make the due digests, ``TOGETHER`` at most; returns how many."""
        done = 0
        while done < TOGETHER and self._next():
            done += 1
        return done

    def _next(self) -> bool:
        now = self._now()
        claimed = self._desk.store.digests.claim(now, LEASE)
        if claimed is None:
            return False
        try:
            self._make(claimed, now)
        except StoreUnavailable as error:
            # The store is away; the digest is made when the lease ends.
            log.warning("digest %s %d waits. %s", claimed.workspace, claimed.id, error)
        except Exception:
            # It must not block the others; it is tried again when the lease ends.
            log.exception("digest %s %d failed", claimed.workspace, claimed.id)
        return True

    def _make(self, claimed: Digest, now: datetime) -> None:
        store = self._desk.store
        send, next_due = step(claimed.times, claimed.due, now, self._age)
        if send is None:
            log.warning("digest %s %d was missed", claimed.workspace, claimed.id)
            store.digests.finish(claimed, next_due, None, [], now)
            return
        issue, articles = make_issue(self._desk, claimed, now)
        key = f"digest {claimed.workspace} {claimed.id} {send.isoformat()}"
        silent = issue.empty and claimed.quiet == "silent"
        late = max(send + self._age, now + _TIME_TO_SEND)
        message = None if silent else outgoing(claimed, issue, key, send, late)
        store.digests.finish(claimed, next_due, message, articles, now, upto=now)


def outgoing(
    of: Digest, issue: DigestIssue, key: str, due: datetime, expires: datetime
) -> Outgoing:
    """The message of a digest to its place."""
    return Outgoing(
        workspace=of.team,
        key=key,
        kind="digest",
        place=of.place,
        content=issue.model_dump(mode="json"),
        due_at=due,
        owner=of.person,
        expires_at=expires,
        tells=MessageRecord(
            workspace=of.workspace,
            audiences=tuple(sorted(of.audiences)),
            person=of.person,
            tz=issue.tz,
            as_of=issue.due,
            lines=shown_records([*(story.line for story in issue.stories), *issue.planned]),
        ),
    )
