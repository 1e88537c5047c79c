"""Names the publishers of stored articles by their links, and all that is counted by publisher.

Done once when a store is opened that was filled before links named publishers, and on
``reindex``, in the caller's transaction: articles, their independent sources, the copies that
fold into them, trust in sources, and the promotion of actors.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update

from bot.gather.publishers import is_guess, publisher_of
from bot.store import aside, folding, introductions, trust
from bot.store.alike import folded
from bot.store.folding import source_rows
from bot.store.seeding import mark_of, set_mark
from bot.store.sql import CHUNK, chunks, upsert_many
from bot.store.tables import article, article_source
from bot.store.writing import record_changes

MARK = "publishers"
"""The mark of a store whose publishers are named."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_LINKED = (
    select(article.c.workspace, article.c.id, article.c.url, article.c.publisher)
    .where(article.c.url.is_not(None))
    .order_by(article.c.workspace, article.c.id)
)
_NAME = (
    update(article)
    .where(article.c.workspace == _workspace, article.c.id == bindparam("key"))
    .values(publisher=bindparam("name"))
)
_FOLDED = select(folded.c.article).where(
    folded.c.workspace == _workspace, folded.c.article.in_(_ids)
)
_FOLDED_SOURCES = (
    update(folded)
    .where(folded.c.workspace == _workspace, folded.c.article == bindparam("key"))
    .values(sources=bindparam("names"))
)
_FORGET_SOURCES = delete(article_source).where(
    article_source.c.workspace == _workspace, article_source.c.article.in_(_ids)
)


class _Named(NamedTuple):
    article: str
    before: str | None
    publisher: str


def name_once(connection: Connection, now: datetime) -> None:
    """Name the publishers of a store that was filled before links named them."""
    if not mark_of(connection, MARK):
        name_publishers(connection, now)
        set_mark(connection, MARK, "1")


def name_publishers(connection: Connection, now: datetime) -> int:
    """Name the publisher of every article whose link tells one and that has no other name.

    ``now`` stamps what is set aside because its publisher is distrusted. Returns the number of
    articles that changed.
    """
    by_workspace: dict[str, list[_Named]] = {}
    for row in connection.execute(_LINKED):
        publisher = publisher_of(row.url)
        if publisher and publisher != row.publisher and is_guess(row.publisher, row.url):
            named = _Named(row.id, row.publisher, publisher)
            by_workspace.setdefault(row.workspace, []).append(named)
    for workspace, found in by_workspace.items():
        values = [{"w": workspace, "key": one.article, "name": one.publisher} for one in found]
        connection.execute(_NAME, values)
        for some in _slices(found):
            _count(connection, workspace, some)
        for key in sorted(trust.distrusted_in(connection, workspace)):
            aside.move(connection, workspace, key, now)
    return sum(map(len, by_workspace.values()))


def _slices(named: list[_Named]) -> Iterator[list[_Named]]:
    for start in range(0, len(named), CHUNK):
        yield named[start : start + CHUNK]


def _count(connection: Connection, workspace: str, named: Collection[_Named]) -> None:
    """Count articles under their publishers where they name no other sources."""
    own = folding.said(connection, workspace, [one.article for one in named])
    counting = {
        one.article: one.publisher for one in named if own[one.article] in ([], [one.before])
    }
    if not counting:
        return
    asked = {"w": workspace, "ids": list(counting)}
    apart = set(connection.execute(_FOLDED, asked).scalars())
    if apart:
        rows = [
            {"w": workspace, "key": key, "names": json.dumps([counting[key]], ensure_ascii=False)}
            for key in sorted(apart)
        ]
        connection.execute(_FOLDED_SOURCES, rows)
    plain = [key for key in counting if key not in apart]
    for some in chunks(plain):
        connection.execute(_FORGET_SOURCES, {"w": workspace, "ids": some})
    rows = [row for key in plain for row in source_rows(workspace, key, [counting[key]])]
    upsert_many(connection, article_source, rows)
    changed = folding.settle(connection, workspace, list(counting))
    promoted = introductions.promote_introduced_by(connection, workspace, list(counting))
    record_changes(connection, workspace, "article", sorted(changed | counting.keys()), "put")
    record_changes(connection, workspace, "actor", promoted, "put")
