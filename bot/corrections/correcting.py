"""Correct shown messages that no longer hold, once each, where they were posted.

Changes are reviewed, decided, and put into the outbox in one transaction.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.answer.act_wording import sentence_of, who_did_what
from bot.answer.formatting import shown_records
from bot.answer.library import Library
from bot.answer.lines import fact_lines, snippet_of
from bot.corrections.deciding import Decision, Destination, decide, newest_first, opening
from bot.desk import Desk
from bot.digests.schedule import end_of_quiet
from bot.errors import StoreError
from bot.models import (
    Asker,
    Corrected,
    Correction,
    Evidence,
    Line,
    MessageRecord,
    Outgoing,
    Snippet,
)
from bot.store.corrections import CorrectedLine, CorrectionData, ShownMessage

log = logging.getLogger(__name__)

LOOKED_AT = 500
"""Changes of the store reviewed in one pass."""

TOGETHER = 8
"""Lines shown in one correction; the others are counted."""

LATE = timedelta(days=3)
"""A correction that could not be sent for so long is dropped."""

DAYS = 30
"""How many days back messages are corrected by default."""

_Key = tuple[str, ...]


class _Draft(NamedTuple):
    """A correction, unless another says all of it in the same place, and the lines it corrects."""

    message: Outgoing | None
    lines: list[CorrectedLine]


class Correcting:
    """Corrects messages of the last ``days`` days, each line once, from any number of processes.

    With 0 days nothing is corrected. A line that fails is logged, so that it keeps no other from
    being corrected; it is not tried again before something else changes that concerns it.
    """

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
        """Review what changed since the last pass; returns the number of changes.

        Changes that another process has reviewed meanwhile are left to it.
        """
        now, store = self._now(), self._desk.store.corrections
        if store.begin():
            return 0
        if not self._days:
            store.skip()
            return 0
        oldest = now - timedelta(days=self._days)
        review = store.review(LOOKED_AT, oldest)
        if review is None:
            return 0
        drafts = [one for data in review.data for one in self._drafts(data, now)]
        lines = [line for draft in drafts for line in draft.lines]
        store.commit(review, lines, [one.message for one in drafts if one.message], now, oldest)
        return review.changes

    def _drafts(self, data: CorrectionData, now: datetime) -> list[_Draft]:
        """One correction for each message and destination."""
        grouped: dict[tuple[str, Destination], list[tuple[Decision, Corrected]]] = {}
        for one, part in self._corrected(data, now):
            grouped.setdefault((one.line.message, one.destination), []).append((one, part))
        posted: set[tuple[Destination, _Key]] = set()
        return [
            self._draft(data.messages[key], to, corrected, posted, now)
            for (key, to), corrected in grouped.items()
        ]

    def _corrected(
        self, data: CorrectionData, now: datetime
    ) -> Iterator[tuple[Decision, Corrected]]:
        """The lines that need a correction, each with its wording."""
        posted = set(data.corrected)
        for line in newest_first(data):
            message = data.messages[line.message]
            try:
                one = decide(line, data, posted)
                if one is None:
                    continue
                library = self._desk.library(_asker(message, one.destination, now))
                part = _part(library, data, one)
            except StoreError:
                raise
            except Exception:
                log.exception("line %s of message %s is not corrected", line.id, line.message)
                continue
            posted |= one.posted(message.team)
            if part is not None:
                yield one, part

    def _draft(
        self,
        message: ShownMessage,
        to: Destination,
        corrected: Sequence[tuple[Decision, Corrected]],
        posted: set[tuple[Destination, _Key]],
        now: datetime,
    ) -> _Draft:
        """Correct one message; ``posted`` is what other corrections say in the same place."""
        parts: dict[_Key, Corrected] = {}
        lines: list[CorrectedLine] = []
        for one, part in corrected:
            key = _key(one)
            where = (message.workspace, message.team, to.place, to.thread)
            lines += [CorrectedLine(*where, one.line.id, outcome) for outcome in one.outcomes]
            if (to, key) not in posted:
                parts.setdefault(key, part)
        posted.update((to, key) for key in parts)
        if not parts:
            return _Draft(None, lines)
        correction = _correction(message, to, list(parts.values()))
        place = (message.workspace, message.team, to.place)
        due = end_of_quiet(self._desk.store, *place, now)
        outgoing = Outgoing(
            workspace=message.team,
            key=_name(message, to, lines),
            kind="correction",
            place=to.place,
            thread=to.thread or None,
            content=correction.model_dump(mode="json"),
            due_at=due,
            owner=message.person,
            expires_at=due + LATE,
            tells=_record(message, to, correction, now),
        )
        return _Draft(outgoing, lines)


def _correction(message: ShownMessage, to: Destination, parts: Sequence[Corrected]) -> Correction:
    direct = not to.thread
    return Correction(
        tz=message.tz,
        query=(message.query or "…") if direct else "",
        asked_at=message.at,
        asked_in=message.place if direct and message.place not in to.audiences else "",
        parts=tuple(parts[:TOGETHER]),
        more=max(len(parts) - TOGETHER, 0),
        ts="" if direct else message.ts or "",
    )


def _part(library: Library, data: CorrectionData, one: Decision) -> Corrected | None:
    """The correction of a line; None if its basis is gone meanwhile."""
    shown, act = _shown(data, one), _act(library, one)
    stored = data.stored[one.line.shown.article]
    basis = one.basis or (opening(stored) if one.turn == "edited" else None)
    if basis is None:
        return Corrected(turn=one.turn, shown=shown, act=act)
    if isinstance(basis, Evidence):
        now = Line(snippet=snippet_of(stored, basis))
        return Corrected(turn=one.turn, shown=shown, line=now, act=act, opening=one.basis is None)
    lines = fact_lines(library, [basis.fact])
    if not lines:
        return None
    claimant = basis.fact.claimant
    return Corrected(
        turn=one.turn,
        shown=shown,
        act=act,
        line=lines[0].model_copy(update={"sources": max(len(basis.sources), 1)}),
        who=library.actors.name(claimant) if claimant else "",
    )


def _shown(data: CorrectionData, one: Decision) -> Snippet:
    """A line as it was shown; only its fact knows its offsets."""
    shown, reported = one.line.shown, one.line.reported
    proofs = reported.fact.evidence if reported else ()
    evidence = next(
        (proof for proof in proofs if proof.quote == shown.quote),
        Evidence(
            start=0,
            end=len(shown.quote),
            quote=shown.quote,
            article=shown.article,
            revision=shown.revision,
        ),
    )
    return snippet_of(data.stored[shown.article], evidence)


def _act(library: Library, one: Decision) -> str:
    """Who did what to whom, in words; empty unless the line named both sides."""
    if one.line.reported is None:
        return ""
    source, done, target = who_did_what(one.line.reported.fact, library.actors)
    return sentence_of(source, done, target) if source and target else ""


def _key(one: Decision) -> _Key:
    """The same for lines with the same correction: two facts of a sentence, or what three
    articles reported and one denies."""
    basis, shown = one.basis, one.line.shown
    if basis is None:
        fact = one.line.reported.fact.id if one.line.reported else one.line.id
        return (one.turn, shown.article, fact)
    if isinstance(basis, Evidence):
        return (one.turn, shown.article, shown.quote)
    proof = basis.fact.evidence[0]
    return (one.turn, proof.article, str(proof.start), proof.quote)


def _name(message: ShownMessage, to: Destination, lines: Sequence[CorrectedLine]) -> str:
    """The key of a correction: the same lines of the same place are corrected once."""
    text = "\n".join(sorted(f"{one.line} {one.what}" for one in lines))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"correction {message.workspace} {to.place} {to.thread or message.id} {digest}"


def _record(
    message: ShownMessage, to: Destination, correction: Correction, now: datetime
) -> MessageRecord:
    """The lines that a correction shows, which may have to be corrected themselves."""
    # The opening of an article answers nothing, so its changes are not corrected.
    lines = [one.line for one in correction.parts if one.line is not None and not one.opening]
    return MessageRecord(
        workspace=message.workspace,
        audiences=tuple(sorted(to.audiences)),
        person=message.person,
        query=message.query,
        tz=message.tz,
        as_of=now,
        lines=shown_records(lines),
    )


def _asker(message: ShownMessage, to: Destination, now: datetime) -> Asker:
    return Asker(
        workspace=message.workspace,
        person=message.person,
        place=to.place,
        tz=message.tz,
        now=now,
    )
