"""What becomes of a source's articles when it is trusted otherwise: set aside, or brought back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from bot.store import folding, happenings, storied, trust
from bot.store.alike import folded
from bot.store.keys import publisher_key
from bot.store.sql import CHUNK, chunks
from bot.store.tables import article, article_source, revision
from bot.store.writing import record_changes, unshared

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_seen = article.c.workspace == _workspace
_PUBLISHERS = select(article.c.publisher).distinct().where(_seen, article.c.publisher.is_not(None))
_BY_PUBLISHER = select(article.c.id).where(_seen, article.c.publisher.in_(_ids))
_BY_SOURCE = select(article_source.c.article).where(
    article_source.c.workspace == _workspace, article_source.c.key == bindparam("key")
)
_KEPT = select(folded.c.article, folded.c.sources).where(folded.c.workspace == _workspace)
_PARTICULARS = select(
    article.c.id,
    article.c.publisher,
    article.c.audience,
    article.c.published,
    article.c.first_seen,
).where(_seen, article.c.id.in_(_ids))
_WORDS = (
    select(revision.c.article, revision.c.n, revision.c.title, revision.c.text)
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)


def published_as(connection: Connection, workspace: str, key: str) -> list[str]:
    """How a source is spelt where it published something."""
    names = connection.execute(_PUBLISHERS, {"w": workspace}).scalars()
    return [name for name in names if publisher_key(name) == key]


def move(connection: Connection, workspace: str, key: str, now: datetime) -> int:
    """Set aside, or bring back, what a change of trust in a source concerns; counts it."""
    distrusted = trust.distrusted_in(connection, workspace)
    moved = 0
    for some in _slices(sorted(_concerned(connection, workspace, key))):
        own = folding.said(connection, workspace, some)
        asked = {"w": workspace, "ids": some}
        rows = {row.id: row for row in connection.execute(_PARTICULARS, asked)}
        going = [
            one for one in some if trust.stands_aside(rows[one].publisher, own[one], distrusted)
        ]
        coming = [rows[one] for one in some if one not in set(going)]
        moved += _let_go(connection, workspace, going, now)
        moved += _bring_back(connection, workspace, coming)
        changed = folding.settle(connection, workspace, [row.id for row in coming])
        record_changes(connection, workspace, "article", sorted(changed), "put")
    return moved


def _slices(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _concerned(connection: Connection, workspace: str, key: str) -> set[str]:
    """The articles that a source published, or that are after it."""
    names = published_as(connection, workspace, key)
    found = set(connection.execute(_BY_SOURCE, {"w": workspace, "key": key}).scalars())
    for some in chunks(names):
        found.update(connection.execute(_BY_PUBLISHER, {"w": workspace, "ids": some}).scalars())
    for one, sources in connection.execute(_KEPT, {"w": workspace}):
        if key in map(publisher_key, json.loads(sources)):
            found.add(one)
    return found


def _let_go(connection: Connection, workspace: str, keys: Collection[str], now: datetime) -> int:
    touched = happenings.touched(connection, workspace, keys)
    gone = trust.withhold(connection, workspace, keys, now)
    if gone:
        unshared(connection, workspace, gone, touched)
    return len(gone)


def _bring_back(connection: Connection, workspace: str, rows: Sequence[Any]) -> int:
    back = trust.release(connection, workspace, [row.id for row in rows])
    if not back:
        return 0
    words = {row.article: row for row in connection.execute(_WORDS, {"w": workspace, "ids": back})}
    particulars = {row.id: row for row in rows}
    storied.put_back(
        connection,
        workspace,
        [
            storied.dated(
                key,
                particulars[key].audience,
                particulars[key].published or particulars[key].first_seen,
                words[key].title,
                words[key].text,
            )
            for key in back
        ],
    )
    happenings.join(connection, workspace, happenings.touched(connection, workspace, back))
    record_changes(connection, workspace, "article", back, "put")
    return len(back)
