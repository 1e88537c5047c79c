"""Which article is whose near-copy, and what that changes in the sources that count.

It is decided anew for all that are alike to what changed, by ``bot.read.copies``, so that an
edit, a deletion or an original that comes late takes back what was folded. A near-copy's
sources become its original's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from bot.read.copies import Printed, originals
from bot.store.alike import folded, near_copy
from bot.store.keys import publisher_key
from bot.store.sql import chunks, upsert_many
from bot.store.tables import article, article_source
from bot.store.trust import distrusted_in

MOST_ALIKE = 2_000
"""Articles whose folding is decided together."""

_workspace: BindParameter[Any] = bindparam("w")
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_SHARES = select(near_copy.c.article, near_copy.c.other, near_copy.c.share).where(
    near_copy.c.workspace == _workspace, near_copy.c.article.in_(_ids)
)
_FOLDED = select(folded.c.article, folded.c.original, folded.c.sources).where(
    folded.c.workspace == _workspace, folded.c.article.in_(_ids)
)
_FORGET_FOLDED = delete(folded).where(folded.c.workspace == _workspace, folded.c.article.in_(_ids))
_COUNTED = (
    select(article_source.c.article, article_source.c.name)
    .where(article_source.c.workspace == _workspace, article_source.c.article.in_(_ids))
    .order_by(article_source.c.article, article_source.c.n)
)
_FORGET_COUNTED = delete(article_source).where(
    article_source.c.workspace == _workspace, article_source.c.article.in_(_ids)
)
_PRINTED = (
    select(
        article.c.id,
        article.c.audience,
        article.c.publisher,
        article.c.published,
        article.c.first_seen,
    )
    .where(article.c.workspace == _workspace, article.c.id.in_(_ids))
    .where(article.c.tombstoned_at.is_(None))
)


def settle(
    connection: Connection, workspace: str, near: Collection[str], new: Collection[str] = ()
) -> set[str]:
    """Decide anew what these articles, and all that are alike to them, fold into.

    ``new`` are articles that were just stored: where they are like no other, only sources that
    do not count are taken from them. Returns the articles whose original or sources changed.
    """
    distrusted = distrusted_in(connection, workspace)
    keys = {*near, *new} if distrusted else set(near)
    if not keys:
        return set()
    shares = _component(connection, workspace, keys)
    everybody = keys | {key for pair in shares for key in pair}
    own = said(connection, workspace, everybody)
    roots = originals(_printed(connection, workspace, everybody, own), shares)
    return _apply(connection, workspace, roots, own, distrusted)


def unfold(connection: Connection, workspace: str, keys: Collection[str]) -> None:
    """Let articles count as they say: their sources were just stored anew."""
    for some in chunks(keys):
        connection.execute(_FORGET_FOLDED, {"w": workspace, "ids": some})


def said(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, list[str]]:
    """The names of the sources that each article names of its own, whatever it counts as."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    for some in chunks(keys):
        values = {"w": workspace, "ids": some}
        for key, name in connection.execute(_COUNTED, values):
            found[key].append(name)
        for key, _, names in connection.execute(_FOLDED, values):
            found[key] = json.loads(names)
    return found


def folds(connection: Connection, workspace: str, keys: Collection[str]) -> dict[str, str]:
    """The original of each article that is a near-copy."""
    found: dict[str, str] = {}
    for some in chunks(keys):
        rows = connection.execute(_FOLDED, {"w": workspace, "ids": some})
        found.update((row.article, row.original) for row in rows if row.original is not None)
    return found


def direct(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[tuple[str, str], float]:
    """How much each of these shares with every text that it is alike to."""
    found: dict[tuple[str, str], float] = {}
    for some in chunks(keys):
        for one, other, share in connection.execute(_SHARES, {"w": workspace, "ids": some}):
            found[one, other] = share
    return found


def _component(
    connection: Connection, workspace: str, keys: Collection[str]
) -> dict[tuple[str, str], float]:
    """What all that are alike to these, and to those again, share with each other."""
    found: dict[tuple[str, str], float] = {}
    seen: set[str] = set()
    edge = set(keys)
    while edge and len(seen) < MOST_ALIKE:
        seen |= edge
        found.update(direct(connection, workspace, edge))
        edge = {other for _, other in found} - seen
    return found


def _printed(
    connection: Connection, workspace: str, keys: Collection[str], own: dict[str, list[str]]
) -> list[Printed]:
    """What folding is decided by, of all that was not deleted."""
    found = []
    for some in chunks(keys):
        for row in connection.execute(_PRINTED, {"w": workspace, "ids": some}):
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
    for some in chunks(own):
        for key, name in connection.execute(_COUNTED, {"w": workspace, "ids": some}):
            counted[key].append(name)
    before = folds(connection, workspace, own)
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
    for some in chunks(keys):
        connection.execute(_FORGET_COUNTED, {"w": workspace, "ids": some})
        connection.execute(_FORGET_FOLDED, {"w": workspace, "ids": some})
    upsert_many(
        connection,
        article_source,
        [row for key in keys for row in source_rows(workspace, key, counted[key])],
    )
    apart = [key for key in keys if key in roots or counted[key] != own[key]]
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
            for key in apart
        ],
    )


def source_rows(workspace: str, key: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of an article's sources, one for each publisher however it is spelt."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(publisher_key(name), name)
    return [
        {"workspace": workspace, "article": key, "key": one, "n": n, "name": name}
        for n, (one, name) in enumerate(by_key.items())
    ]
