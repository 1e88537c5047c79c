"""Near-copies: found by shared shingles, and counted as one source with their originals.

The overlap of two texts is kept as long as their words stay. ``bot.read.copies`` chooses the
original again for all articles similar to a changed one, so that an edit, a deletion or a late
original reverses an earlier decision.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from bot.models import Arrival
from bot.read.copies import COPIED, SHORT_DAYS, Printed, Sketch, alike, covered, originals, sketch
from bot.store.articles import newest_words
from bot.store.ids import publisher_key
from bot.store.sql import WORKSPACE, among, execute_in, grouped, rows_in, upsert_many
from bot.store.tables import article, article_source, folded, near_copy, shingle
from bot.store.trust import distrusted_in

MOST_ALIKE = 2_000
"""How many articles' originals are decided in one go."""

_SHARES = select(near_copy.c.article, near_copy.c.other, near_copy.c.share).where(
    among(near_copy.c.article)
)
_FOLDED = select(folded.c.article, folded.c.original, folded.c.sources).where(
    among(folded.c.article)
)
_FORGET_FOLDED = delete(folded).where(among(folded.c.article))
_COUNTED = (
    select(article_source.c.article, article_source.c.name)
    .where(among(article_source.c.article))
    .order_by(article_source.c.article, article_source.c.n)
)
FORGET_SOURCES = delete(article_source).where(among(article_source.c.article))
_PRINTED = (
    select(
        article.c.id,
        article.c.audience,
        article.c.publisher,
        article.c.published,
        article.c.first_seen,
    )
    .where(among(article.c.id))
    .where(article.c.tombstoned_at.is_(None))
)


def update_originals(
    connection: Connection, workspace: str, near: Collection[str], new: Collection[str] = ()
) -> set[str]:
    """Decide again which of these articles, and of all similar ones, are near-copies of which.

    ``new`` are articles just stored: if they resemble no other article, they only lose sources that
    do not count. Returns the articles whose original or sources changed.
    """
    distrusted = distrusted_in(connection, workspace)
    keys = {*near, *new} if distrusted else set(near)
    if not keys:
        return set()
    shares = _component(connection, workspace, keys)
    everybody = keys | {key for pair in shares for key in pair}
    own = named_sources(connection, workspace, everybody)
    roots = originals(_printed(connection, workspace, everybody, own), shares)
    return _apply(connection, workspace, roots, own, distrusted)


def named_sources(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[str, list[str]]:
    """Return the sources that each article names itself, whether or not they count."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    for key, name in rows_in(connection, _COUNTED, workspace, keys):
        found[key].append(name)
    for key, _, names in rows_in(connection, _FOLDED, workspace, keys):
        found[key] = json.loads(names)
    return found


def originals_of(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, str]:
    """Return the original of each article that is a near-copy."""
    rows = rows_in(connection, _FOLDED, workspace, keys)
    return {row.article: row.original for row in rows if row.original is not None}


def shares_of(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[tuple[str, str], float]:
    """Return each article's overlap with every similar text."""
    rows = rows_in(connection, _SHARES, workspace, keys)
    return {(one, other): share for one, other, share in rows}


def _component(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[tuple[str, str], float]:
    """Return the overlaps of all articles similar to these, directly or through others."""
    found: dict[tuple[str, str], float] = {}
    seen: set[str] = set()
    frontier = set(keys)
    while frontier and len(seen) < MOST_ALIKE:
        seen |= frontier
        found.update(shares_of(connection, workspace, frontier))
        frontier = {other for _, other in found} - seen
    return found


def _printed(
    connection: Connection, workspace: str, keys: Collection[str], own: dict[str, list[str]]
) -> list[Printed]:
    """Return the data for choosing an original, for all articles that are not deleted."""
    found = []
    for row in rows_in(connection, _PRINTED, workspace, keys):
        publisher = publisher_key(row.publisher) if row.publisher else ""
        named = frozenset(map(publisher_key, own[row.id])) - {publisher}
        at = row.published or row.first_seen
        found.append(Printed(row.id, at, publisher, named, row.audience))
    return found


def _apply(
    connection: Connection,
    workspace: str,
    roots: dict[str, str],
    own: dict[str, list[str]],
    distrusted: Collection[str],
) -> set[str]:
    counted: dict[str, list[str]] = {key: [] for key in own}
    for key, name in rows_in(connection, _COUNTED, workspace, own):
        counted[key].append(name)
    before = originals_of(connection, workspace, own)
    changed: set[str] = set()
    for key in own:
        names = own.get(roots.get(key, key), [])
        wanted = [name for name in names if publisher_key(name) not in distrusted]
        if wanted != counted[key] or roots.get(key) != before.get(key):
            changed.add(key)
            counted[key] = wanted
    _write(connection, workspace, changed, roots, own, counted)
    return changed


def _write(
    connection: Connection,
    workspace: str,
    changed: Iterable[str],
    roots: dict[str, str],
    own: dict[str, list[str]],
    counted: dict[str, list[str]],
) -> None:
    keys = sorted(changed)
    execute_in(connection, FORGET_SOURCES, workspace, keys)
    execute_in(connection, _FORGET_FOLDED, workspace, keys)
    upsert_many(
        connection,
        article_source,
        [row for key in keys for row in source_rows(workspace, key, counted[key])],
    )
    differing = [key for key in keys if key in roots or counted[key] != own[key]]
    upsert_many(
        connection,
        folded,
        [
            {
                "workspace": workspace,
                "article": key,
                "original": roots.get(key),
                "sources": json.dumps(own[key], ensure_ascii=False),
            }
            for key in differing
        ],
    )


def source_rows(workspace: str, key: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of an article's sources: one per publisher, however it is spelt."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(publisher_key(name), name)
    return [
        {"workspace": workspace, "article": key, "key": one, "n": n, "name": name}
        for n, (one, name) in enumerate(by_key.items())
    ]


# --- finding near-copies ------------------------------------------------------------------------

MOST_HOLDING = 64
"""The most articles kept under one shingle. Later ones are found through the first, and a notice
printed below every article costs no more than this."""

MOST_COMPARED = 20
"""The most texts to compare one article with, those with the largest overlap first."""


_HOLDING = select(shingle.c.hash, shingle.c.article, shingle.c.kept).where(among(shingle.c.hash))
_FORGET_SHINGLES = delete(shingle).where(
    shingle.c.workspace == WORKSPACE,
    shingle.c.hash == bindparam("key"),
    shingle.c.article == bindparam("one"),
)
_FORGET_SHARES = delete(near_copy).where(
    near_copy.c.workspace == WORKSPACE,
    near_copy.c.article == bindparam("one"),
    near_copy.c.other == bindparam("two"),
)
_WHEN = select(article.c.id, article.c.published, article.c.first_seen).where(among(article.c.id))


@dataclass
class PreparedCopies:
    """Work done before a transaction: ``compared`` is the overlap of each two texts.

    ``likely`` has for each article the articles to compare it with, and the hashes that have room
    for it. Empty it if other processes changed articles meanwhile.
    """

    likely: dict[str, tuple[list[str], list[int]]] = field(default_factory=dict)
    compared: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def fits(self, sketched: Sequence[SketchedArticle], before: Collection[str]) -> bool:
        """Return whether this covers exactly these articles, none of them stored before."""
        return not before and [one.id for one in sketched] == list(self.likely)


class SketchedArticle(NamedTuple):
    """An article of this batch: its text, its hashes, and when it appeared."""

    id: str
    text: str
    sketch: Sketch
    at: datetime


class Holder(NamedTuple):
    """A stored article under a hash; ``kept`` counts its hashes."""

    article: str
    kept: int


def sketch_arrival(arrival: Arrival) -> SketchedArticle:
    """Sample the hashes of an article that is about to be stored."""
    one, text, compared = arrival.article, arrival.revision.text, arrival.reading.compared
    found = Sketch(frozenset(compared.hashes), compared.words) if compared else sketch(text)
    return SketchedArticle(one.id, text, found, one.published or one.first_seen)


def fold_arrivals(
    connection: Connection,
    workspace: str,
    arrivals: Sequence[Arrival],
    before: dict[str, str],
    prepared: PreparedCopies,
) -> Iterator[tuple[Arrival, list[str] | None]]:
    """Find near-copies among the articles just stored, one article after another.

    ``before`` are the earlier texts of articles that arrived again; their sources must be stored
    as named. Articles not ``prepared`` are compared now. Yields each arrival once it is folded,
    with earlier articles whose sources changed too; None if it has no near-copy and had none.
    """
    near = _forget_changed(connection, workspace, arrivals, before)
    # Articles that arrive again with the same words are compared already.
    sketched = [
        sketch_arrival(one) for one in arrivals if before.get(one.article.id) != one.revision.text
    ]
    if not prepared.fits(sketched, before):
        prepared.likely = _likely(connection, workspace, sketched)
    shares = _compare_arrivals(connection, workspace, sketched, prepared)
    execute_in(connection, _FORGET_FOLDED, workspace, before)  # their sources were just stored
    later = {one.article.id for one in arrivals}
    update_originals(connection, workspace, (), later - near.keys() - shares.keys())
    # Makes the result independent of the size of the batch.
    for one in arrivals:
        key = one.article.id
        later.discard(key)
        if key not in near and key not in shares:
            yield one, None
            continue
        rows = shares.get(key, [])
        upsert_many(connection, near_copy, rows, update=("share",))
        around = near.get(key, set()) | {row["article"] for row in rows}
        yield one, sorted(update_originals(connection, workspace, around, {key}) - later - {key})


def _forget_changed(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], before: dict[str, str]
) -> dict[str, set[str]]:
    """Delete the shingles of articles whose text changed; return the articles similar to each."""
    returned = {one.article.id: one.revision.text for one in arrivals if one.article.id in before}
    near: dict[str, set[str]] = {}
    for pair in shares_of(connection, workspace, returned):
        near.setdefault(pair[0], set()).update(pair)
    changed = [key for key, text in returned.items() if text != before[key]]
    pairs = shares_of(connection, workspace, changed)
    if pairs:
        both = [*pairs, *((two, one) for one, two in pairs)]
        connection.execute(
            _FORGET_SHARES, [{"w": workspace, "one": one, "two": two} for one, two in both]
        )
    hashes = [(key, one) for key in changed for one in sorted(sketch(before[key]).hashes)]
    if hashes:
        connection.execute(
            _FORGET_SHINGLES,
            [{"w": workspace, "key": one, "one": key} for key, one in hashes],
        )
    return near


def prepare_copies(
    connection: Connection, workspace: str, arrivals: Sequence[Arrival], prepared: PreparedCopies
) -> None:
    """Compare texts that are about to be stored with the texts similar to them now."""
    sketched = [sketch_arrival(one) for one in arrivals]
    prepared.likely = _likely(connection, workspace, sketched)
    texts, when = _texts_and_times(connection, workspace, sketched, prepared)
    for one in sketched:
        for other in prepared.likely[one.id][0]:
            if _may_share(one, when[other]):
                pair = one.text, texts[other]
                prepared.compared[pair] = covered(*pair)


def _likely(
    connection: Connection, workspace: str, sketched: Sequence[SketchedArticle]
) -> dict[str, tuple[list[str], list[int]]]:
    """Return the articles to compare each article with, and the hashes that have room for it."""
    by_hash = holders(connection, workspace, sketched)
    # In their order, so that the result does not depend on how batches are cut.
    return {one.id: (candidates(one, by_hash), _add_holder(one, by_hash)) for one in sketched}


def _compare_arrivals(
    connection: Connection,
    workspace: str,
    sketched: Sequence[SketchedArticle],
    prepared: PreparedCopies,
) -> dict[str, list[dict[str, Any]]]:
    """Compare the new texts with those similar to them.

    Returns the rows of ``near_copy`` for each that is a near-copy of one before it.
    """
    rows = [
        {"workspace": workspace, "hash": number, "article": one.id, "kept": len(one.sketch.hashes)}
        for one in sketched
        for number in prepared.likely[one.id][1]
    ]
    upsert_many(connection, shingle, rows)
    texts, when = _texts_and_times(connection, workspace, sketched, prepared)
    shares = {
        one.id: [
            row
            for other in prepared.likely[one.id][0]
            if _may_share(one, when[other])
            for row in _compared(workspace, one, other, texts, prepared)
        ]
        for one in sketched
    }
    return {key: found for key, found in shares.items() if found}


def _add_holder(one: SketchedArticle, by_hash: dict[int, list[Holder]]) -> list[int]:
    """Add an article under its hashes; return those that are new for it and had room."""
    new = Holder(one.id, len(one.sketch.hashes))
    found = []
    for number in one.sketch.hashes:
        under = by_hash.setdefault(number, [])
        if len(under) < MOST_HOLDING and all(other.article != one.id for other in under):
            under.append(new)
            found.append(number)
    return found


def holders(
    connection: Connection, workspace: str, sketched: Sequence[SketchedArticle]
) -> dict[int, list[Holder]]:
    """Return the stored articles under each of these hashes."""
    hashes = {number for one in sketched for number in one.sketch.hashes}
    rows = rows_in(connection, _HOLDING, workspace, hashes)
    return grouped((number, Holder(key, kept)) for number, key, kept in rows)


def candidates(one: SketchedArticle, by_hash: dict[int, list[Holder]]) -> list[str]:
    """Return the articles worth comparing, those with most shared hashes first."""
    groups = [under for number in one.sketch.hashes if (under := by_hash.get(number))]
    if not groups:
        return []
    shared = Counter(other for under in groups for other in under)
    fitting = [
        (-count, other.article)
        for other, count in shared.items()
        if other.article != one.id and alike(len(one.sketch.hashes), other.kept, count)
    ]
    return [key for _, key in sorted(fitting)[:MOST_COMPARED]]


def _texts_and_times(
    connection: Connection,
    workspace: str,
    sketched: Sequence[SketchedArticle],
    prepared: PreparedCopies,
) -> tuple[dict[str, str], dict[str, datetime]]:
    """Return the texts and times of the new articles and of those to compare them with."""
    texts = {one.id: one.text for one in sketched}
    when = {one.id: one.at for one in sketched}
    others = {key for one in sketched for key in prepared.likely[one.id][0]}
    others -= texts.keys()
    words = newest_words(connection, workspace, others)
    texts |= {key: row.text for key, row in words.items()}
    times = rows_in(connection, _WHEN, workspace, others)
    when |= {row.id: row.published or row.first_seen for row in times}
    return texts, when


def _may_share(one: SketchedArticle, when: datetime) -> bool:
    return not one.sketch.short or abs(one.at - when) <= timedelta(days=SHORT_DAYS)


def _compared(
    workspace: str,
    one: SketchedArticle,
    other: str,
    texts: dict[str, str],
    prepared: PreparedCopies,
) -> list[dict[str, Any]]:
    pair = one.text, texts[other]
    known = prepared.compared.get(pair)
    own_share, other_share = covered(*pair) if known is None else known
    if max(own_share, other_share) < COPIED:
        return []
    return [
        {"workspace": workspace, "article": one.id, "other": other, "share": own_share},
        {"workspace": workspace, "article": other, "other": one.id, "share": other_share},
    ]
