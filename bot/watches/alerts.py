"""Alerts: which new stories are sent to which places, and the messages for them.

A story is sent to a place once, whichever of its watches it matches, and when as many independent
sources as the watch asks for report what is quoted: other articles of the story count only if they
have the same fact, or a similar sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.answer.formatting import shown_records
from bot.answer.importance import by_importance
from bot.answer.lines import fact_lines, snippet_of
from bot.answer.stories import headline
from bot.desk import Desk
from bot.errors import StoreError
from bot.models import (
    EVERYWHERE,
    Alert,
    Alerted,
    Asker,
    Line,
    MessageRecord,
    Outgoing,
    Reason,
    Watch,
)
from bot.read.stories import retells
from bot.store.sql import grouped
from bot.store.store import Store
from bot.store.watches import AlertedPlace, HeldAlert, Item, Part, Place, StoryUpdate
from bot.watches.topics import TopicMatch, in_words, match_topic

log = logging.getLogger(__name__)

Expand = Callable[[str, str], Collection[str]]
"""All ids that count as an actor in a workspace: ``expand(workspace, actor)``."""


class MatchedWatch(NamedTuple):
    """A watch that a story matches, by which article and how.

    ``sources`` are the independent ones that report what is quoted.
    """

    watch: Watch
    item: Item
    match: TopicMatch
    sources: frozenset[str]


class Due(NamedTuple):
    """A story that is to be sent to a place: the watches it matches, the oldest first.

    ``parts`` are its articles as far as that place may see them.
    """

    place: Place
    update: StoryUpdate
    matched: tuple[MatchedWatch, ...]
    parts: tuple[Part, ...]

    @property
    def sources(self) -> frozenset[str]:
        """The independent sources that report what is quoted for the oldest watch."""
        return self.matched[0].sources


def decide_alerts(
    updates: Iterable[StoryUpdate], watches: Sequence[Watch], expand: Expand, now: datetime
) -> list[Due]:
    """Decide which stories are sent to which places, in the order of the stories."""
    listening = [watch for watch in watches if is_active(watch, now)]
    due: list[Due] = []
    for update in updates:
        by_place: dict[Place, list[MatchedWatch]] = {}
        named = _named(update)
        for watch in listening:
            place = (watch.team, watch.place)
            if watch.workspace != update.workspace or place in update.alerted_places:
                continue
            # Quickly skip the many watches whose actors are not named.
            if any(named.isdisjoint(expand(watch.workspace, one)) for one, _ in watch.topic.actors):
                continue
            if (found := match_watch(watch, update, expand)) is not None:
                by_place.setdefault(place, []).append(found)
        for place, found_there in by_place.items():
            seen = parts_seen_by([one.watch for one in found_there], update)
            due.append(Due(place, update, tuple(found_there), seen))
    return due


def _named(update: StoryUpdate) -> frozenset[str]:
    """All actors that the new articles of a story mention or have facts about."""
    mentioned = {one.actor for item in update.items for one in item.mentions}
    facts = [fact for item in update.items for fact in item.facts]
    acting = {one for fact in facts for one in (fact.source_actor, fact.target_actor) if one}
    return frozenset(mentioned | acting | {fact.claimant for fact in facts if fact.claimant})


def is_active(watch: Watch, now: datetime) -> bool:
    """Whether a watch sends alerts at present."""
    muted = watch.muted_until is not None and now < watch.muted_until
    return not (watch.paused or watch.digest_only or muted)


def still_followed(alert: Alert, watches: Sequence[Watch], now: datetime) -> Alert | None:
    """What is left of a waiting alert, given the watches of its place when it is sent.

    None if all of its watches were removed, paused, muted or left to the digest meanwhile.
    """
    active = {watch.id for watch in watches if is_active(watch, now)}
    left = [
        story.model_copy(update={"reasons": reasons})
        for story in alert.stories
        if (reasons := tuple(one for one in story.reasons if one.watch in active))
    ]
    return alert.model_copy(update={"stories": tuple(left)}) if left else None


def match_watch(watch: Watch, update: StoryUpdate, expand: Expand) -> MatchedWatch | None:
    """Match a story with a watch, by the newest matching article; None if there is none.

    Articles stored before the watch began, or that its place may not see, do not count.
    """
    parts = parts_seen_by([watch], update)
    every = {source for part in parts for source in part.sources}
    if max(len(every), 1) < watch.least:  # what names no source counts as one
        return None
    groups = [expand(watch.workspace, actor) for actor, _ in watch.topic.actors]
    for item in update.items:
        article = item.stored.article
        if article.first_seen < watch.since or article.audience not in watch.audiences:
            continue
        if (found := match_topic(watch.topic, groups, item)) is None:
            continue
        sources = _sources(found, parts)
        if max(len(sources), 1) >= watch.least:
            return MatchedWatch(watch, item, found, sources)
    return None


def _sources(found: TopicMatch, parts: Iterable[Part]) -> frozenset[str]:
    """The sources of the quoted article and of the others that report the same."""
    return frozenset(
        source for part in parts if _reports_the_same(part, found) for source in part.sources
    )


def _reports_the_same(part: Part, found: TopicMatch) -> bool:
    if part.article == found.evidence.article:
        return True
    if found.fact is not None and found.fact.happening in part.happenings:
        return True
    return retells(part.words, found.evidence.quote)


def parts_seen_by(watches: Sequence[Watch], update: StoryUpdate) -> tuple[Part, ...]:
    """The articles of a story that the place of these watches may see."""
    audiences = frozenset.union(*(watch.audiences for watch in watches))
    return tuple(part for part in update.parts if part.audience in audiences)


# --- sending --------------------------------------------------------------------------

MOST_CHANGES = 500
"""The most changes of the store read in one pass."""

OLD_NEWS = timedelta(days=3)
"""Articles published longer ago are not sent, however late they arrived."""

MOST_SEPARATE = 3
"""Stories that are sent one by one; more at a time are one message."""

MOST_IN_ONE = 10
"""Stories shown in one message; further ones are counted."""

EXPIRES_AFTER = timedelta(days=1)
"""An alert that could not be sent is dropped after this time."""


SendTime = Callable[[Store, Watch, datetime], datetime]
"""When a story that arrives now may be sent to the place of a watch."""


class Alerts:
    """Sends alerts from any number of processes, each story once to each place."""

    def __init__(
        self,
        desk: Desk,
        *,
        send_time: SendTime = lambda _store, _watch, now: now,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``send_time`` knows quiet hours: stories that arrive in them are sent at their end."""
        self._desk = desk
        self._send_time = send_time
        self._now = now

    def look(self) -> int:
        """Handle what arrived since the last pass; returns the number of changes.

        Changes that another process has handled meanwhile are left to it.
        """
        now, store = self._now(), self._desk.store
        held = store.held_alerts.due(now)
        places = grouped(((one.workspace, one.team, one.place), one) for one in held)
        for of in places.values():
            store.held_alerts.release(of, self._merged(of, now), now)
        after, last = store.news.cursor(), store.last_seq()
        if last <= after:
            return 0
        watches = store.watches.all()
        if not watches:  # nothing is followed yet
            store.news.record(after, last, [], [], now)
            return last - after
        begun: dict[str, datetime] = {}
        for watch in watches:
            begun[watch.workspace] = min(watch.since, begun.get(watch.workspace, watch.since))
        upto, updates = store.news.since(after, MOST_CHANGES, begun, now - OLD_NEWS, now)
        self._queue(after, upto, self._drafts(updates, watches, now), now)
        return upto - after

    def _drafts(
        self, updates: Sequence[StoryUpdate], watches: Sequence[Watch], now: datetime
    ) -> list[_Draft]:
        expand = _ActorIds(self._desk, now)
        drafts: list[_Draft] = []
        for update in updates:
            try:
                due = decide_alerts([update], watches, expand, now)
                drafts += [_Draft(one, self._alerted(one, now)) for one in due]
            except StoreError:
                raise
            except Exception:
                # One bad story must not block the others, now and in every later pass.
                log.exception("story %s is not sent", update.story)
        return drafts

    def _queue(self, after: int, upto: int, drafts: Sequence[_Draft], now: datetime) -> None:
        by_place = grouped((one.due.place, one) for one in drafts)
        messages: list[Outgoing] = []
        later: list[HeldAlert] = []
        for some in by_place.values():
            watch = some[0].watch
            until = self._send_time(self._desk.store, watch, now)
            if until > now:
                later += [_held(one, until, now) for one in some]
            else:
                stories = self._ordered(_asker(watch, now), [one.alerted for one in some])
                messages += [_message(watch, batch, now) for batch in batches(stories)]
        alerted = [
            AlertedPlace(
                due.update.workspace,
                *due.place,
                due.update.story,
                tuple(part.article for part in due.update.parts),
            )
            for due, _ in drafts
        ]
        self._desk.store.news.record(after, upto, alerted, messages, now, later)

    def _alerted(self, due: Due, now: datetime) -> Alerted:
        first = due.matched[0]
        stored = first.item.stored
        return Alerted(
            story=due.update.story,
            headline=headline(stored.revision.title, stored.revision.text),
            line=self._line(due, now),
            articles=len(due.parts),
            sources=max(len(due.sources), 1),
            reasons=tuple(
                Reason(
                    watch=one.watch.id,
                    follows=in_words(one.watch.topic),
                    why=one.match.why,
                    least=one.watch.least,
                )
                for one in due.matched
            ),
        )

    def _ordered(self, asker: Asker, stories: Sequence[Alerted]) -> list[Alerted]:
        """Put the most important story first."""
        if len(stories) == 1:
            return list(stories)
        order = list(by_importance(self._desk.library(asker), [one.line for one in stories], 1))
        return sorted(stories, key=lambda one: order.index(one.line.snippet.article))

    def _merged(self, of: Sequence[HeldAlert], now: datetime) -> Outgoing:
        """One message of all stories that waited for quiet hours to end."""
        first = of[0]
        place = first.alert.room or first.place
        asker = Asker(
            workspace=first.workspace, person=first.owner, place=place, tz=first.alert.tz, now=now
        )
        stories = self._ordered(asker, [story for one in of for story in one.alert.stories])
        alert = _alert(first.alert, stories, min(one.alert.as_of or now for one in of))
        return _outgoing(first.workspace, first.team, first.place, first.owner, alert, now)

    def _line(self, due: Due, now: datetime) -> Line:
        watch, item, match, _ = due.matched[0]
        if match.fact is not None:
            lines = fact_lines(self._desk.library(_asker(watch, now)), [match.fact])
            if lines:
                return lines[0].model_copy(update={"sources": max(len(due.sources), 1)})
        snippet = snippet_of(item.stored, match.evidence)
        return Line(snippet=snippet, sources=max(len(due.sources), 1))


class _Draft(NamedTuple):
    """A story to send to a place, with its text."""

    due: Due
    alerted: Alerted

    @property
    def watch(self) -> Watch:
        """The oldest watch that it matches."""
        return self.due.matched[0].watch


class _ActorIds:
    """All ids that count as an actor, looked up once in a pass."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self._desk = desk
        self._today = now.date()
        self._known: dict[tuple[str, str], Collection[str]] = {}

    def __call__(self, workspace: str, actor: str) -> Collection[str]:
        key = (workspace, actor)
        if key not in self._known:
            self._known[key] = self._desk.actors(workspace).expand(actor, self._today)
        return self._known[key]


def batches(stories: Sequence[Alerted]) -> list[list[Alerted]]:
    """Stories in messages of their own, or in one if there are many."""
    return [[one] for one in stories] if len(stories) <= MOST_SEPARATE else [list(stories)]


def _alert(like: Alert | Watch, stories: Sequence[Alerted], as_of: datetime) -> Alert:
    """One alert about these stories, in the order given."""
    return Alert(
        personal=like.personal,
        tz=like.tz,
        stories=tuple(stories[:MOST_IN_ONE]),
        more=max(len(stories) - MOST_IN_ONE, 0),
        room=like.room,
        as_of=as_of,
    )


def _held(one: _Draft, until: datetime, now: datetime) -> HeldAlert:
    watch, alert = one.watch, _alert(one.watch, [one.alerted], now)
    place = (watch.workspace, watch.team, watch.place)
    return HeldAlert(*place, one.alerted.story, watch.person, alert, until)


def _message(watch: Watch, stories: Sequence[Alerted], now: datetime) -> Outgoing:
    alert = _alert(watch, stories, now)
    return _outgoing(watch.workspace, watch.team, watch.place, watch.person, alert, now)


def _outgoing(
    workspace: str, team: str, place: str, owner: str, alert: Alert, now: datetime
) -> Outgoing:
    return Outgoing(
        workspace=team,
        key=f"alert {workspace} {place} {alert.stories[0].story}",
        kind="alert",
        place=place,
        content=alert.model_dump(mode="json"),
        due_at=now,
        owner=owner,
        expires_at=now + EXPIRES_AFTER,
        tells=MessageRecord(
            workspace=workspace,
            audiences=(EVERYWHERE, alert.room) if alert.room else (EVERYWHERE,),
            person=owner,
            tz=alert.tz,
            as_of=alert.as_of or now,
            lines=shown_records(story.line for story in alert.stories),
        ),
    )


def _asker(watch: Watch, now: datetime) -> Asker:
    return Asker(
        workspace=watch.workspace,
        person=watch.person,
        place=watch.room or watch.place,
        tz=watch.tz,
        now=now,
    )
