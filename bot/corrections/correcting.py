"""What was told is held against the store, and what no longer stands is said once, where it
was told: looked for, decided, put into the outbox in one transaction."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.answer.act_wording import who_did_what
from bot.answer.excerpts import shown_records
from bot.answer.library import Library
from bot.answer.lines import fact_lines, snippet_of
from bot.corrections.deciding import Decided, Where, decide
from bot.corrections.standing import opening
from bot.desk import Desk
from bot.digests.hushing import loud_there
from bot.errors import StoreError
from bot.models import (
    Asker,
    Corrected,
    Correction,
    Evidence,
    Line,
    Outgoing,
    Snippet,
    Tells,
)
from bot.store.corrections import CorrectedLine, CorrectionData, ShownMessage

log = logging.getLogger(__name__)

LOOKED_AT = 500
"""Changes of the store that one look takes in."""

TOGETHER = 8
"""Lines that one message corrects; the others are counted."""

LATE = timedelta(days=3)
"""After so long a correction that could not be sent is not sent any more."""

DAYS = 30
"""How many days ago something may have been told, where nothing else is set."""


class _Worded(NamedTuple):
    """A correction, if another does not say it all in the same place, and what it says once."""

    message: Outgoing | None
    said: list[CorrectedLine]


class Correcting:
    """Corrects, in any number of processes, what was told in the last ``days`` days, each line
    once; 0 corrects nothing. ``now`` is the clock."""

    def __init__(
        self,
        desk: Desk,
        *,
        days: int = DAYS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._days = days
        self._now = now

    def look(self) -> int:
        """Look at what changed since the last look; returns how many changes that were.

        Whatever another process has looked at meanwhile is left to it.
        """
        now, store = self._now(), self._desk.store.corrections
        if store.begin():
            return 0
        if not self._days:
            store.skip()
            return 0
        oldest = now - timedelta(days=self._days)
        looked = store.review(LOOKED_AT, oldest)
        if looked is None:
            return 0
        worded = [one for heard in looked.data for one in self._worded(heard, now)]
        said = [one for each in worded for one in each.said]
        store.commit(looked, said, [one.message for one in worded if one.message], now, oldest)
        return looked.changes

    def _worded(self, heard: CorrectionData, now: datetime) -> list[_Worded]:
        """One message for each that told something, its parts in the order of its lines."""
        of: dict[tuple[str, Where], list[Decided]] = {}
        for one in self._decided(heard):
            of.setdefault((one.line.message, one.where), []).append(one)
        worded: list[_Worded] = []
        there: set[tuple[Where, tuple[str, ...]]] = set()
        for (key, where), some in of.items():
            try:
                message = heard.messages[key]
                worded.append(self._message(heard, message, where, some, there, now))
            except StoreError:
                raise
            except Exception:
                log.exception("message %s is not corrected", key)
        return worded

    def _decided(self, heard: CorrectionData) -> list[Decided]:
        try:
            return decide(heard)
        except Exception:
            # It must not keep the rest from being corrected, now and at every later look.
            log.exception("nothing of %s is corrected in this look", heard.workspace)
            return []

    def _message(
        self,
        heard: CorrectionData,
        message: ShownMessage,
        where: Where,
        decided: Sequence[Decided],
        there: set[tuple[Where, tuple[str, ...]]],
        now: datetime,
    ) -> _Worded:
        """What one message is corrected by; ``there`` is what others say in the same place."""
        library = self._desk.library(_asker(message, where, now))
        parts: dict[tuple[str, ...], Corrected] = {}
        said: list[CorrectedLine] = []
        for one in decided:
            key = _key(one)
            part = parts.get(key) or _part(library, heard, one)
            if part is None:
                continue
            said += _said(message, one)
            if (where, key) not in there:
                parts[key] = part
        there.update((where, key) for key in parts)
        if not parts:
            return _Worded(None, said)
        correction = _correction(message, where, list(parts.values()))
        store = self._desk.store
        due = loud_there(store, message.workspace, message.team, where.place, now)
        posted = Outgoing(
            workspace=message.team,
            key=_name(message, where, said),
            kind="correction",
            place=where.place,
            thread=where.thread or None,
            content=correction.model_dump(mode="json"),
            due_at=due,
            owner=message.person,
            expires_at=due + LATE,
            tells=_tells(message, where, correction, now),
        )
        return _Worded(posted, said)


def _correction(message: ShownMessage, where: Where, parts: Sequence[Corrected]) -> Correction:
    direct = not where.thread
    return Correction(
        tz=message.tz,
        query=(message.query or "…") if direct else "",
        asked_at=message.at,
        asked_in=message.place if direct and message.place not in where.audiences else "",
        parts=tuple(parts[:TOGETHER]),
        more=max(len(parts) - TOGETHER, 0),
        ts="" if direct else message.ts or "",
    )


def _part(library: Library, heard: CorrectionData, one: Decided) -> Corrected | None:
    """What is said of a line; None where what it rests on is gone meanwhile."""
    told, act = _told(heard, one), _act(library, one)
    stands = heard.stored[one.line.shown.article]
    rests = one.rests or (opening(stands) if one.turn == "edited" else None)
    if rests is None:
        return Corrected(turn=one.turn, told=told, act=act)
    if isinstance(rests, Evidence):
        now = Line(snippet=snippet_of(stands, rests))
        return Corrected(turn=one.turn, told=told, line=now, act=act, opening=one.rests is None)
    lines = fact_lines(library, [rests.fact])
    if not lines:
        return None
    fact = rests.fact
    return Corrected(
        turn=one.turn,
        told=told,
        act=act,
        line=lines[0].model_copy(update={"sources": max(len(rests.sources), 1)}),
        who=library.actors.name(fact.claimant) if fact.claimant else "",
    )


def _told(heard: CorrectionData, one: Decided) -> Snippet:
    """A line as it was told; where in its revision it stood is the fact's to know."""
    shown, telling = one.line.shown, one.line.reported
    known = telling.fact.evidence if telling else ()
    evidence = next(
        (proof for proof in known if proof.quote == shown.quote),
        Evidence(
            start=0,
            end=len(shown.quote),
            quote=shown.quote,
            article=shown.article,
            revision=shown.revision,
        ),
    )
    return snippet_of(heard.stored[shown.article], evidence)


def _act(library: Library, one: Decided) -> str:
    """Who did what to whom, in words, where a line told that."""
    told = one.line.reported
    who, done, whom = who_did_what(told.fact, library.actors) if told is not None else ("", "", "")
    return f"{who} {done} {whom}" if whom else ""


def _key(one: Decided) -> tuple[str, ...]:
    """The same for lines of which the same is said: two facts of a sentence, or what three
    articles told and one denies."""
    rests = one.rests
    if rests is None:
        told = one.line.reported.fact.id if one.line.reported else one.line.id
        return (one.turn, one.line.shown.article, told)
    if isinstance(rests, Evidence):
        return (one.turn, one.line.shown.article, one.line.shown.quote)
    proof = rests.fact.evidence[0]
    return (one.turn, proof.article, str(proof.start), proof.quote)


def _said(message: ShownMessage, one: Decided) -> list[CorrectedLine]:
    place = (message.workspace, message.team, one.where.place, one.where.thread)
    return [CorrectedLine(*place, one.line.id, what) for what in one.says]


def _name(message: ShownMessage, where: Where, said: Sequence[CorrectedLine]) -> str:
    """The key of a correction: the same lines of the same place are corrected once."""
    lines = "\n".join(sorted(f"{one.line} {one.what}" for one in said))
    digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
    return f"correction {message.workspace} {where.place} {where.thread or message.id} {digest}"


def _tells(message: ShownMessage, where: Where, said: Correction, now: datetime) -> Tells:
    """A correction tells something, too, and may itself be corrected."""
    # How an article begins answers nothing: nobody needs to hear when that changes.
    lines = [one.line for one in said.parts if one.line is not None and not one.opening]
    return Tells(
        workspace=message.workspace,
        audiences=tuple(sorted(where.audiences)),
        person=message.person,
        query=message.query,
        tz=message.tz,
        as_of=now,
        lines=shown_records(lines),
    )


def _asker(message: ShownMessage, where: Where, now: datetime) -> Asker:
    return Asker(
        workspace=message.workspace,
        person=message.person,
        place=where.place,
        tz=message.tz,
        now=now,
    )
