"""What is new is told at once to whoever follows it: looked for, decided, put into the outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.answer import shown
from bot.answer.briefs.reports import in_order
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
    Outgoing,
    Reason,
    Tells,
    Watch,
)
from bot.store.held import Held
from bot.store.news import Place, Telling, Told
from bot.store.store import Store
from bot.watches.deciding import Due, decide
from bot.watches.topics import in_words

log = logging.getLogger(__name__)

LOOKED_AT = 500
"""Changes of the store that one look takes in."""

OLD = timedelta(days=3)
"""What was published longer ago is no news, however late it came."""

APART = 3
"""Stories that a place is told of one by one; more that come together are one message."""

TOGETHER = 10
"""Stories that one message tells; the others are counted."""

LATE = timedelta(days=1)
"""After so long an alert that could not be sent is not sent any more."""


Loud = Callable[[Store, Watch, datetime], datetime]
"""When the place of a watch may be told something that comes now."""


class Alerts:
    """Tells, in any number of processes, each place of each story once."""

    def __init__(
        self,
        desk: Desk,
        *,
        loud: Loud = lambda _store, _watch, now: now,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``loud`` knows quiet hours: what comes in them is told together at their end."""
        self._desk = desk
        self._loud = loud
        self._now = now

    def look(self) -> int:
        """Look at what came since the last look; returns how many changes that were.

        Whatever another process has looked at meanwhile is left to it.
        """
        now, store = self._now(), self._desk.store
        for of in _by_place(store.holding.due(now)):
            store.holding.release(of, self._released(of, now), now)
        after, last = store.news.cursor(), store.last_seq()
        if last <= after:
            return 0
        watches = store.watches.all()
        if not watches:  # what comes before the first is followed is nobody's news
            store.news.tell(after, last, [], [], now)
            return last - after
        begun: dict[str, datetime] = {}
        for watch in watches:
            begun[watch.workspace] = min(watch.since, begun.get(watch.workspace, watch.since))
        upto, tellings = store.news.since(after, LOOKED_AT, begun, now - OLD, now)
        self._tell(after, upto, self._decided(tellings, watches, now), now)
        return upto - after

    def _decided(
        self, tellings: Sequence[Telling], watches: Sequence[Watch], now: datetime
    ) -> list[_Worded]:
        expand = _Expanding(self._desk, now)
        done: list[_Worded] = []
        for telling in tellings:
            try:
                due = decide([telling], watches, expand, now)
                done += [_Worded(one, self._alerted(one, now)) for one in due]
            except StoreError:
                raise
            except Exception:
                # It must not keep the others from being told, now and at every later look.
                log.exception("story %s is told to nobody", telling.story)
        return done

    def _tell(self, after: int, upto: int, worded: Sequence[_Worded], now: datetime) -> None:
        by_place: dict[Place, list[_Worded]] = {}
        for one in worded:
            by_place.setdefault(one.due.place, []).append(one)
        messages: list[Outgoing] = []
        later: list[Held] = []
        for some in by_place.values():
            watch = some[0].watch
            until = self._loud(self._desk.store, watch, now)
            if until > now:
                later += [_held(one, until, now) for one in some]
            else:
                stories = self._ordered(_asker(watch, now), [one.alerted for one in some])
                messages += [_message(watch, batch, now) for batch in batches(stories)]
        told = [_told(one.due) for one in worded]
        self._desk.store.news.tell(after, upto, told, messages, now, later)

    def _alerted(self, due: Due, now: datetime) -> Alerted:
        first = due.fittings[0]
        stored = first.item.stored
        return Alerted(
            story=due.telling.story,
            headline=headline(stored.revision.title, stored.revision.text),
            line=self._line(due, now),
            articles=len(due.parts),
            sources=max(len(due.sources), 1),
            reasons=tuple(
                Reason(
                    watch=one.watch.id,
                    follows=in_words(one.watch.topic),
                    why=one.fit.why,
                    least=one.watch.least,
                )
                for one in due.fittings
            ),
        )

    def _ordered(self, asker: Asker, stories: Sequence[Alerted]) -> list[Alerted]:
        """Put the most important story first."""
        if len(stories) == 1:
            return list(stories)
        order = list(in_order(self._desk.library(asker), [one.line for one in stories], 1))
        return sorted(stories, key=lambda one: order.index(one.line.snippet.article))

    def _released(self, of: Sequence[Held], now: datetime) -> Outgoing:
        """One message of all that waited for quiet hours to end."""
        first = of[0]
        place = first.alert.room or first.place
        asker = Asker(
            workspace=first.workspace, person=first.owner, place=place, tz=first.alert.tz, now=now
        )
        stories = self._ordered(asker, [story for one in of for story in one.alert.stories])
        alert = _alert(first.alert, stories, min(one.alert.as_of or now for one in of))
        return _outgoing(first.workspace, first.team, first.place, first.owner, alert, now)

    def _line(self, due: Due, now: datetime) -> Line:
        watch, item, fit, _ = due.fittings[0]
        if fit.fact is not None:
            lines = fact_lines(self._desk.library(_asker(watch, now)), [fit.fact])
            if lines:
                return lines[0].model_copy(update={"sources": max(len(due.sources), 1)})
        snippet = snippet_of(item.stored, fit.evidence)
        return Line(snippet=snippet, sources=max(len(due.sources), 1))


class _Worded(NamedTuple):
    """A story that a place is told, and what it is told of it."""

    due: Due
    alerted: Alerted

    @property
    def watch(self) -> Watch:
        """The oldest watch that it fits."""
        return self.due.fittings[0].watch


class _Expanding:
    """All ids that count as an actor, looked up once a look."""

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
    """What is told apart, or all in one where it is much."""
    return [[one] for one in stories] if len(stories) <= APART else [list(stories)]


def _alert(like: Alert | Watch, stories: Sequence[Alerted], as_of: datetime) -> Alert:
    """One alert on all these stories, in the order given."""
    return Alert(
        personal=like.personal,
        tz=like.tz,
        stories=tuple(stories[:TOGETHER]),
        more=max(len(stories) - TOGETHER, 0),
        room=like.room,
        as_of=as_of,
    )


def _held(one: _Worded, until: datetime, now: datetime) -> Held:
    watch, alert = one.watch, _alert(one.watch, [one.alerted], now)
    place = (watch.workspace, watch.team, watch.place)
    return Held(*place, one.alerted.story, watch.person, alert, until)


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
        expires_at=now + LATE,
        tells=Tells(
            workspace=workspace,
            audiences=(EVERYWHERE, alert.room) if alert.room else (EVERYWHERE,),
            person=owner,
            tz=alert.tz,
            as_of=alert.as_of or now,
            lines=shown.telling(story.line for story in alert.stories),
        ),
    )


def _by_place(held: Sequence[Held]) -> list[list[Held]]:
    found: dict[tuple[str, str, str], list[Held]] = {}
    for one in held:
        found.setdefault((one.workspace, one.team, one.place), []).append(one)
    return list(found.values())


def _told(due: Due) -> Told:
    articles = tuple(part.article for part in due.telling.parts)
    return Told(due.telling.workspace, *due.place, due.telling.story, articles)


def _asker(watch: Watch, now: datetime) -> Asker:
    return Asker(
        workspace=watch.workspace,
        person=watch.person,
        place=watch.room or watch.place,
        tz=watch.tz,
        now=now,
    )
