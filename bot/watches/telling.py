"""What is new is told at once to whoever follows it: looked for, decided, put into the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from bot.answer.lines import fact_lines, snippet_of
from bot.answer.stories import beginning
from bot.desk import Desk
from bot.models import Alert, Alerted, Asker, Line, Outgoing, Reason, Watch
from bot.store.news import Place, Told
from bot.watches.deciding import Due, decide
from bot.watches.topics import in_words

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


class Alerts:
    """Tells, in any number of processes, each place of each story once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def look(self, now: datetime | None = None) -> int:
        """Look at what came since the last look; returns how many changes that were.

        Whatever another process has looked at meanwhile is left to it.
        """
        now = now or datetime.now(UTC)
        store = self._desk.store
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
        due = decide(tellings, watches, _Expanding(self._desk, now), now)
        told = [
            Told(
                one.telling.workspace,
                *one.place,
                one.telling.story,
                tuple(part.article for part in one.telling.parts),
            )
            for one in due
        ]
        store.news.tell(after, upto, told, self._messages(due, now), now)
        return upto - after

    def _messages(self, due: Sequence[Due], now: datetime) -> list[Outgoing]:
        by_place: dict[Place, list[Due]] = {}
        for one in due:
            by_place.setdefault(one.place, []).append(one)
        return [self._message(some, now) for of in by_place.values() for some in batches(of)]

    def _message(self, due: Sequence[Due], now: datetime) -> Outgoing:
        watch = due[0].fittings[0].watch
        alert = Alert(
            personal=watch.personal,
            tz=watch.tz,
            stories=tuple(self._alerted(one, now) for one in due[:TOGETHER]),
            more=max(len(due) - TOGETHER, 0),
        )
        return Outgoing(
            workspace=watch.team,
            key=f"alert {watch.workspace} {watch.place} {due[0].telling.story}",
            kind="alert",
            place=watch.place,
            content=alert.model_dump(mode="json"),
            due_at=now,
            owner=watch.person,
            expires_at=now + LATE,
        )

    def _alerted(self, due: Due, now: datetime) -> Alerted:
        first = due.fittings[0]
        stored = first.item.stored
        text = stored.revision.text
        headline = stored.revision.title.strip() or text[slice(*beginning(text))]
        return Alerted(
            story=due.telling.story,
            headline=" ".join(headline.split()),
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

    def _line(self, due: Due, now: datetime) -> Line:
        watch, item, fit = due.fittings[0]
        if fit.fact is not None:
            lines = fact_lines(self._desk.library(_asker(watch, now)), [fit.fact])
            if lines:
                return lines[0].model_copy(update={"sources": max(len(due.sources), 1)})
        snippet = snippet_of(item.stored, fit.evidence)
        return Line(snippet=snippet, sources=max(len(due.sources), 1))


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


def batches(due: Sequence[Due]) -> list[list[Due]]:
    """What is told apart, or all in one where it is much, the most corroborated first."""
    if len(due) <= APART:
        return [[one] for one in due]
    return [sorted(due, key=lambda one: (-len(one.sources), one.telling.story))]


def _asker(watch: Watch, now: datetime) -> Asker:
    return Asker(
        workspace=watch.workspace,
        person=watch.person,
        place=watch.room or watch.place,
        tz=watch.tz,
        now=now,
    )
