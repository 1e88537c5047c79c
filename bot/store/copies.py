"""Near-copies are found, and folded into their originals, in the transaction that stores them.

What two texts share is kept for as long as their words stay; which of them is whose copy, and
what that changes, is decided in ``bot.store.folding``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from bot.models import Arrival
from bot.read.copies import COPIED, SHORT_DAYS, Sketch, alike, covered, sketch
from bot.store.alike import near_copy, shingle
from bot.store.folding import direct, settle, unfold
from bot.store.sql import chunks, upsert_many
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


@dataclass
class Prepared:
    """What was found out ahead of a transaction: ``compared`` is what two texts share.

    ``likely`` has for each article whose texts it is to be compared with, and under which
    hashes there is room for it; it must be emptied where others changed articles meanwhile.
    """

    likely: dict[str, tuple[list[str], list[int]]] = field(default_factory=dict)
    compared: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def fits(self, came: Sequence[Sketched], before: Collection[str]) -> bool:
        """Whether this is about exactly these, of which none was stored before."""
        return not before and [one.id for one in came] == list(self.likely)


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
    prepared: Prepared,
) -> Iterator[tuple[Arrival, list[str] | None]]:
    """Find and fold the near-copies among and of what was just stored, one after another.

    ``before`` are the earlier words of what came again; its sources must be stored as it names
    them. What was not ``prepared`` is found out now. Yields each arrival once it is folded, with
    the articles before it whose sources changed with it; None where it has and had no near-copy.
    """
    near = _forget(connection, workspace, arrivals, before)
    # What comes again in the same words has been compared.
    came = [sketched(one) for one in arrivals if before.get(one.article.id) != one.revision.text]
    if not prepared.fits(came, before):
        prepared.likely = _likely(connection, workspace, came)
    shares = _found(connection, workspace, came, prepared)
    unfold(connection, workspace, before)
    later = {one.article.id for one in arrivals}
    settle(connection, workspace, (), later - near.keys() - shares.keys())
    # So that it does not matter how many are stored together.
    for one in arrivals:
        key = one.article.id
        later.discard(key)
        if key not in near and key not in shares:
            yield one, None
            continue
        rows = shares.get(key, [])
        upsert_many(connection, near_copy, rows, update=("share",))
        around = near.get(key, set()) | {row["article"] for row in rows}
        yield one, sorted(settle(connection, workspace, around, {key}) - later - {key})


def _forget(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], before: dict[str, str]
) -> dict[str, set[str]]:
    """Forget what articles whose words changed were found by; returns what was alike to each."""
    again = {one.article.id: one.revision.text for one in arrivals if one.article.id in before}
    near: dict[str, set[str]] = {}
    for pair in direct(connection, workspace, again):
        near.setdefault(pair[0], set()).update(pair)
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


def prepare(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], prepared: Prepared
) -> None:
    """Compare texts that are to be stored with those that are alike to them now."""
    came = [sketched(one) for one in arrivals]
    prepared.likely = _likely(connection, workspace, came)
    texts, when = _look_up(connection, workspace, came, prepared)
    for one in came:
        for other in prepared.likely[one.id][0]:
            if _may_share(one, when[other]):
                pair = one.text, texts[other]
                prepared.compared[pair] = covered(*pair)


def _likely(
    connection: Connection, workspace: str, came: Sequence[Sketched]
) -> dict[str, tuple[list[str], list[int]]]:
    """Whose texts each is to be compared with, and under which hashes there is room for it."""
    there = held(connection, workspace, came)
    # In their order, so that how a batch was cut does not matter.
    return {one.id: (candidates(one, there), _held_anew(one, there)) for one in came}


def _found(
    connection: Connection, workspace: str, came: Sequence[Sketched], prepared: Prepared
) -> dict[str, list[dict[str, Any]]]:
    """Compare the texts that came with what they are alike to.

    Returns the rows of ``near_copy`` for each that is a near-copy of one before it.
    """
    rows = [
        {"workspace": workspace, "hash": number, "article": one.id, "kept": len(one.sketch.hashes)}
        for one in came
        for number in prepared.likely[one.id][1]
    ]
    upsert_many(connection, shingle, rows)
    texts, when = _look_up(connection, workspace, came, prepared)
    shares = {
        one.id: [
            row
            for other in prepared.likely[one.id][0]
            if _may_share(one, when[other])
            for row in _compared(workspace, one, other, texts, prepared)
        ]
        for one in came
    }
    return {key: found for key, found in shares.items() if found}


def _held_anew(one: Sketched, there: dict[int, list[Held]]) -> list[int]:
    """Add an article under its hashes; returns those where it was not yet, and there was room."""
    new = Held(one.id, len(one.sketch.hashes))
    found = []
    for number in one.sketch.hashes:
        under = there.setdefault(number, [])
        if len(under) < MOST_HOLDING and all(other.article != one.id for other in under):
            under.append(new)
            found.append(number)
    return found


def held(connection: Connection, workspace: str, came: Sequence[Sketched]) -> dict[int, list[Held]]:
    """The stored articles under each hash of these."""
    found: dict[int, list[Held]] = {}
    for some in chunks({number for one in came for number in one.sketch.hashes}):
        asked = {"w": workspace, "ids": some}
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
    connection: Connection, workspace: str, came: Sequence[Sketched], prepared: Prepared
) -> tuple[dict[str, str], dict[str, datetime]]:
    """The texts and times of what came, and of the stored articles that it is compared with."""
    texts = {one.id: one.text for one in came}
    when = {one.id: one.at for one in came}
    others = {key for one in came for key in prepared.likely[one.id][0]}
    for some in chunks(others - texts.keys()):
        values = {"w": workspace, "ids": some}
        texts.update((row.article, row.text) for row in connection.execute(_WORDS, values))
        times = connection.execute(_WHEN, values)
        when.update((row.id, row.published or row.first_seen) for row in times)
    return texts, when


def _may_share(one: Sketched, when: datetime) -> bool:
    return not one.sketch.short or abs(one.at - when) <= timedelta(days=SHORT_DAYS)


def _compared(
    workspace: str, one: Sketched, other: str, texts: dict[str, str], prepared: Prepared
) -> list[dict[str, Any]]:
    pair = one.text, texts[other]
    known = prepared.compared.get(pair)
    mine, theirs = covered(*pair) if known is None else known
    if max(mine, theirs) < COPIED:
        return []
    return [
        {"workspace": workspace, "article": one.id, "other": other, "share": mine},
        {"workspace": workspace, "article": other, "other": one.id, "share": theirs},
    ]
