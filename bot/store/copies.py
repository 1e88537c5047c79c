"""Near-copies are found, and folded into their originals, in the transaction that stores them.

What two texts share is kept for as long as their words stay; which of them is whose copy, and
what that changes, is decided in ``bot.store.folding``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from bot.models import Arrival
from bot.read.copies import COPIED, SHORT_DAYS, Sketch, alike, covered, sketch
from bot.store.alike import near_copy, shingle
from bot.store.folding import direct, settle, unfold
from bot.store.sql import CHUNK, chunks, upsert_many
from bot.store.tables import article, revision

MOST_HOLDING = 64
"""Articles that are kept under one shingle: what more of them have is found by the first, and
a notice that stands under every article costs no more than this."""

MOST_COMPARED = 20
"""Texts that one article is compared with, those first that share most."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_HOLDING = select(shingle.c.hash, shingle.c.article, shingle.c.kept).where(
    shingle.c.workspace == _workspace, shingle.c.hash.in_(_ids)
)
_FORGET_SHINGLES = delete(shingle).where(
    shingle.c.workspace == _workspace,
    shingle.c.hash == bindparam("key"),
    shingle.c.article == bindparam("one"),
)
_FORGET_SHARES = delete(near_copy).where(
    near_copy.c.workspace == _workspace,
    near_copy.c.article == bindparam("one"),
    near_copy.c.other == bindparam("two"),
)
_WORDS = (
    select(revision.c.article, revision.c.n, revision.c.text)
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)
_WHEN = select(article.c.id, article.c.published, article.c.first_seen).where(
    article.c.workspace == _workspace, article.c.id.in_(_ids)
)


class Sketched(NamedTuple):
    """An article of this batch: its text, what it is found by, and when it appeared."""

    id: str
    text: str
    sketch: Sketch
    at: datetime


class Held(NamedTuple):
    """A stored article under a hash; ``kept`` counts its hashes."""

    article: str
    kept: int


def sketched(arrival: Arrival) -> Sketched:
    """Sample an article that is to be stored."""
    one, text, told = arrival.article, arrival.revision.text, arrival.reading.compared
    found = Sketch(frozenset(told.hashes), told.words) if told else sketch(text)
    return Sketched(one.id, text, found, one.published or one.first_seen)


def earlier(connection: Connection, workspace: str, again: Collection[str]) -> dict[str, str]:
    """The newest stored words of articles, before a new revision of them is written."""
    found: dict[str, str] = {}
    for some in chunks(again):
        rows = connection.execute(_WORDS, {"w": workspace, "ids": some})
        found.update((row.article, row.text) for row in rows)
    return found


def join(
    connection: Connection,
    workspace: str,
    arrivals: Sequence[Arrival],
    before: dict[str, str],
) -> list[str]:
    """Find and fold the near-copies among and of what was just stored.

    ``before`` are the earlier words of what came again; its sources must be stored as it names
    them. Returns the other articles whose sources changed.
    """
    near = _forget(connection, workspace, arrivals, before)
    came = [sketched(one) for one in arrivals]
    near |= _found(connection, workspace, came)
    unfold(connection, workspace, before)
    ours = {one.id for one in came}
    return sorted(settle(connection, workspace, near, ours) - ours)


def _forget(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], before: dict[str, str]
) -> set[str]:
    """Forget what articles whose words changed were found by; returns what was alike to them."""
    again = {one.article.id: one.revision.text for one in arrivals if one.article.id in before}
    near = {key for pair in direct(connection, workspace, again) for key in pair}
    gone = [key for key, text in again.items() if text != before[key]]
    pairs = direct(connection, workspace, gone)
    if pairs:
        both = [*pairs, *((two, one) for one, two in pairs)]
        connection.execute(
            _FORGET_SHARES, [{"w": workspace, "one": one, "two": two} for one, two in both]
        )
    hashes = [(key, one) for key in gone for one in sorted(sketch(before[key]).hashes)]
    if hashes:
        connection.execute(
            _FORGET_SHINGLES,
            [{"w": workspace, "key": one, "one": key} for key, one in hashes],
        )
    return near


def _found(connection: Connection, workspace: str, came: Sequence[Sketched]) -> set[str]:
    """Compare the texts that came with what they are alike to; returns all that are near-copies."""
    there = held(connection, workspace, came)
    texts = {one.id: one.text for one in came}
    when = {one.id: one.at for one in came}
    likely: dict[str, list[str]] = {}
    rows: list[dict[str, Any]] = []
    for one in came:  # in their order, so that how a batch was cut does not matter
        likely[one.id] = candidates(one, there)
        rows += [
            {"workspace": workspace, "hash": number, "article": one.id, "kept": new.kept}
            for number, new in _held_anew(one, there)
        ]
    upsert_many(connection, shingle, rows)
    _look_up(connection, workspace, likely, texts, when)
    shares = [
        row
        for one in came
        for other in likely[one.id]
        for row in _compared(workspace, one, other, texts, when)
    ]
    upsert_many(connection, near_copy, shares, update=("share",))
    return {row["article"] for row in shares}


def _held_anew(one: Sketched, there: dict[int, list[Held]]) -> list[tuple[int, Held]]:
    """Add an article under its hashes; returns where it was not yet, and there was room."""
    new = Held(one.id, len(one.sketch.hashes))
    found = []
    for number in one.sketch.hashes:
        under = there.setdefault(number, [])
        if len(under) < MOST_HOLDING and all(other.article != one.id for other in under):
            under.append(new)
            found.append((number, new))
    return found


def held(connection: Connection, workspace: str, came: Sequence[Sketched]) -> dict[int, list[Held]]:
    """The stored articles under each hash of these."""
    hashes = sorted({number for one in came for number in one.sketch.hashes})
    found: dict[int, list[Held]] = {}
    for start in range(0, len(hashes), CHUNK):
        asked = {"w": workspace, "ids": hashes[start : start + CHUNK]}
        for number, key, kept in connection.execute(_HOLDING, asked):
            found.setdefault(number, []).append(Held(key, kept))
    return found


def candidates(one: Sketched, held: dict[int, list[Held]]) -> list[str]:
    """Return whose texts are worth a look, those that share most first."""
    there = [under for number in one.sketch.hashes if (under := held.get(number))]
    if not there:
        return []
    shared = Counter(other for under in there for other in under)
    fitting = [
        (-count, other.article)
        for other, count in shared.items()
        if other.article != one.id and alike(len(one.sketch.hashes), other.kept, count)
    ]
    return [key for _, key in sorted(fitting)[:MOST_COMPARED]]


def _look_up(
    connection: Connection,
    workspace: str,
    likely: dict[str, list[str]],
    texts: dict[str, str],
    when: dict[str, datetime],
) -> None:
    """Add the texts and times of stored articles that are to be compared."""
    missing = {key for some in likely.values() for key in some if key not in texts}
    for some in chunks(missing):
        values = {"w": workspace, "ids": some}
        texts.update((row.article, row.text) for row in connection.execute(_WORDS, values))
        times = connection.execute(_WHEN, values)
        when.update((row.id, row.published or row.first_seen) for row in times)


def _compared(
    workspace: str,
    one: Sketched,
    other: str,
    texts: dict[str, str],
    when: dict[str, datetime],
) -> list[dict[str, Any]]:
    if one.sketch.short and abs(one.at - when[other]) > timedelta(days=SHORT_DAYS):
        return []
    mine, theirs = covered(one.text, texts[other])
    if max(mine, theirs) < COPIED:
        return []
    return [
        {"workspace": workspace, "article": one.id, "other": other, "share": mine},
        {"workspace": workspace, "article": other, "other": one.id, "share": theirs},
    ]
