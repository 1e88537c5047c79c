"""Texts that are old are thinned: to their titles, their facts, and what is quoted of them.

What evidence quotes stays, and what was told to somebody, so that both can be shown and looked
up for ever. The hash of the words stays, too: the same article is known when it comes again.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from bot.read.copies import sketch
from bot.store.alike import shingle
from bot.store.tables import evidence, mention, reading, revision, thinned
from bot.store.told_tables import told_line
from bot.store.words import Thinned
from bot.store.words import thinned as left_of
from bot.store.writing import record_changes

AT_ONCE = 40
"""Texts thinned in one transaction: nobody waits long for a turn to write."""

_Connect = Callable[[], AbstractContextManager[Connection]]

_w: BindParameter[Any] = bindparam("w")
_article: BindParameter[Any] = bindparam("article_")
_n: BindParameter[Any] = bindparam("n_")
_IS_THIN = and_(
    thinned.c.workspace == revision.c.workspace,
    thinned.c.article == revision.c.article,
    thinned.c.n == revision.c.n,
)
_WHOLE = select(thinned.c.n).where(_IS_THIN).exists()
_THIS = and_(revision.c.workspace == _w, revision.c.article == _article, revision.c.n == _n)
_QUOTED = select(evidence.c.start, evidence.c.end).where(
    evidence.c.workspace == _w,
    evidence.c.article == _article,
    evidence.c.revision == _n,
    evidence.c.field == "text",
)
_TOLD = select(told_line.c.quote).where(
    told_line.c.workspace == _w, told_line.c.article == _article, told_line.c.revision == _n
)
_THIN = update(revision).where(_THIS).values(text=bindparam("left"))
_PASSAGES = (
    update(reading)
    .where(reading.c.workspace == _w, reading.c.article == _article, reading.c.revision == _n)
    .values(passages=bindparam("spans"))
)
_IN_TEXT = and_(mention.c.workspace == _w, mention.c.article == _article, mention.c.field == "text")
_NAMED = select(mention.c.start, mention.c.end).where(_IN_TEXT).distinct()
_UNNAME = delete(mention).where(
    _IN_TEXT, mention.c.start == bindparam("from"), mention.c.end == bindparam("to")
)
_LIVE = select(reading.c.revision).where(
    reading.c.workspace == _w, reading.c.article == _article, reading.c.superseded_at.is_(None)
)
_HASHES = delete(shingle).where(
    shingle.c.workspace == _w, shingle.c.hash == bindparam("key"), shingle.c.article == _article
)


class Thinning:
    """Part of the Store, at ``store.thinning``."""

    def __init__(self, write: _Connect, read: _Connect) -> None:
        self._write = write
        self._read = read

    def due(self, before: datetime) -> tuple[int, int]:
        """How many texts were seen before then and are whole, and their characters."""
        asked = _due(before).with_only_columns(
            func.count(), func.coalesce(func.sum(func.length(revision.c.text)), 0)
        )
        with self._read() as connection:
            texts, characters = connection.execute(asked).one()
        return int(texts), int(characters)

    def some(self, before: datetime, now: datetime, most: int = AT_ONCE) -> int:
        """Thin at most so many texts that were seen before then; returns how many were.

        Indexes are told to follow.
        """
        asked = _due(before).order_by(*_ORDER).limit(most)
        # Most looks find nothing, and need not wait for who is writing.
        with self._read() as connection:
            if connection.execute(asked.limit(1)).first() is None:
                return 0
        with self._write() as connection:
            rows = connection.execute(asked).all()
            touched: dict[str, set[str]] = {}
            for row in rows:
                _thin(connection, row.workspace, row.article, row.n, now)
                touched.setdefault(row.workspace, set()).add(row.article)
            for workspace, keys in touched.items():
                record_changes(connection, workspace, "article", sorted(keys), "put")
        return len(rows)


_ORDER = (revision.c.seen_at, revision.c.workspace, revision.c.article, revision.c.n)


def _due(before: datetime) -> Select[Any]:
    return select(revision.c.workspace, revision.c.article, revision.c.n).where(
        revision.c.seen_at < before, not_(_WHOLE)
    )


def _thin(connection: Connection, workspace: str, article: str, n: int, now: datetime) -> None:
    this = {"w": workspace, "article_": article, "n_": n}
    text: str = connection.execute(select(revision.c.text).where(_THIS), this).scalar_one()
    left = left_of(text, _kept(connection, this, text))
    connection.execute(_THIN, {**this, "left": left})
    spans = json.dumps(left.spans, separators=(",", ":"))
    connection.execute(_PASSAGES, {**this, "spans": spans})
    if connection.execute(_LIVE, this).scalar() == n:
        _unname(connection, this, left)
        hashes = sorted(sketch(text).hashes)
        if hashes:  # a copy that comes later could not be held against the text any more
            connection.execute(_HASHES, [{**this, "key": one} for one in hashes])
    row = {"workspace": workspace, "article": article, "n": n, "at": now}
    connection.execute(insert(thinned), row)


def _kept(connection: Connection, this: dict[str, Any], text: str) -> Iterator[tuple[int, int]]:
    """What is quoted of a text, as evidence or to somebody."""
    for start, end in connection.execute(_QUOTED, this):
        yield start, end
    for (quote,) in connection.execute(_TOLD, this):
        if quote and (start := text.find(quote)) >= 0:
            yield start, start + len(quote)


def _unname(connection: Connection, this: dict[str, Any], left: Thinned) -> None:
    """Forget who was named in what is gone."""
    starts = [start for start, _ in left.spans]
    gone = []
    for start, end in connection.execute(_NAMED, this).all():
        at = bisect_right(starts, start) - 1
        if at < 0 or end > left.spans[at][1]:
            gone.append({**this, "from": start, "to": end})
    if gone:
        connection.execute(_UNNAME, gone)
