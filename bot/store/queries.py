"""Everything that is asked of the store about articles.

Functions of a connection inside a read transaction; statements are built once. Days are
UTC days. An article is *live* unless it is tombstoned, a fact unless it is retired.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from bot.models import Article, Change, Mention, Revision
from bot.store.alike import folded, story_article
from bot.store.naming import article_name
from bot.store.records import Cited, Indexable, Known, Named, Stored
from bot.store.sql import chunks
from bot.store.tables import (
    article,
    article_source,
    change,
    mention,
    reading,
    revision,
    thinned,
)

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_workspace: BindParameter[Any] = bindparam("w")

_NAMES = (
    select(article_name.c.name, article_name.c.article)
    .where(article_name.c.workspace == _workspace)
    .where(article_name.c.name.in_(_ids), article_name.c.audience == bindparam("audience"))
)
_PARTICULARS = select(
    article.c.id,
    article.c.tombstoned_at,
    article.c.url,
    article.c.publisher,
    article.c.published,
    article.c.published_precision,
).where(article.c.workspace == _workspace, article.c.id.in_(_ids))
_WORDS = (
    select(revision.c.article, revision.c.n, revision.c.sha256, revision.c.title)
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)
_THINNED = select(thinned.c.article, thinned.c.n).where(
    thinned.c.workspace == _workspace, thinned.c.article.in_(_ids)
)
_READERS = (
    select(reading.c.article, reading.c.reader_version, reading.c.gazetteer_version)
    .where(reading.c.workspace == _workspace, reading.c.article.in_(_ids))
    .where(reading.c.superseded_at.is_(None))
)
_ARTICLE = tuple(Article.model_fields)
_REVISION = tuple(Revision.model_fields)
_MENTION = tuple(Mention.model_fields)
_ARTICLES = select(*(article.c[name] for name in _ARTICLE)).where(
    article.c.workspace == _workspace, article.c.id.in_(_ids)
)
_REVISIONS = (
    select(*(revision.c[name] for name in _REVISION))
    .where(revision.c.workspace == _workspace, revision.c.article.in_(_ids))
    .order_by(revision.c.article, revision.c.n)
)
_SOURCES = (
    select(article_source.c.article, article_source.c.key, article_source.c.name)
    .where(article_source.c.workspace == _workspace, article_source.c.article.in_(_ids))
    .order_by(article_source.c.article, article_source.c.n)
)
_MENTIONS = (
    select(mention.c.article, *(mention.c[name] for name in _MENTION))
    .where(mention.c.workspace == _workspace, mention.c.article.in_(_ids))
    .order_by(mention.c.article, mention.c.field, mention.c.start, mention.c.end, mention.c.actor)
)
_NAMED = (
    select(mention.c.article, mention.c.field, mention.c.start, mention.c.end, mention.c.actor)
    .where(mention.c.workspace == _workspace, mention.c.article.in_(_ids))
    .order_by(mention.c.article, mention.c.field, mention.c.start, mention.c.end, mention.c.actor)
)
_INDEXABLE = (
    select(
        article.c.id,
        article.c.audience,
        article.c.published,
        article.c.first_seen,
        revision.c.n,
        revision.c.title,
        revision.c.text,
        reading.c.passages,
        article.c.external_id,
    )
    .join(reading, (reading.c.workspace == _workspace) & (reading.c.article == article.c.id))
    .join(
        revision,
        (revision.c.workspace == _workspace)
        & (revision.c.article == article.c.id)
        & (revision.c.n == reading.c.revision),
    )
    .where(article.c.workspace == _workspace, article.c.id.in_(_ids))
    .where(article.c.tombstoned_at.is_(None), reading.c.superseded_at.is_(None))
    .order_by(article.c.id)
)
_CITED = (
    select(
        article.c.id,
        article.c.external_id,
        revision.c.n,
        revision.c.title,
        article.c.publisher,
        article.c.original_source,
        article.c.url,
        article.c.published,
        article.c.published_precision,
    )
    .join(
        revision,
        (revision.c.workspace == _workspace) & (revision.c.article == article.c.id),
    )
    .where(article.c.workspace == _workspace, article.c.id.in_(_ids))
    .where(article.c.tombstoned_at.is_(None))
    .order_by(article.c.id, revision.c.n)
)
_ALIKE = (
    select(story_article.c.article, folded.c.original, story_article.c.story)
    .outerjoin(
        folded, (folded.c.workspace == _workspace) & (folded.c.article == story_article.c.article)
    )
    .where(story_article.c.workspace == _workspace, story_article.c.article.in_(_ids))
)
_ALL = select(func.count()).select_from(article).where(article.c.workspace == _workspace)
_TOMBSTONED = _ALL.where(article.c.tombstoned_at.is_not(None))
_LAST_SEQ = select(func.max(change.c.seq))
_CHANGES = (
    select(change)
    .where(change.c.seq > bindparam("after"))
    .order_by(change.c.seq)
    .limit(bindparam("limit"))
)


def known(
    connection: Connection, workspace: str, audience: str, names: Collection[str]
) -> dict[str, Known]:
    """What is stored under these names; absent where nothing is."""
    found: dict[str, Known] = {}
    for some in chunks(names):
        asked = {"w": workspace, "audience": audience, "ids": some}
        there = connection.execute(_NAMES, asked).all()
        if not there:
            continue
        values = {"w": workspace, "ids": [row.article for row in there]}
        words: dict[str, tuple[int, str, str]] = {}
        earlier: dict[str, set[str]] = {}
        for key, n, sha256, title in connection.execute(_WORDS, values):
            if (older := words.get(key)) is not None:
                earlier.setdefault(key, set()).add(older[1])
            words[key] = (n, sha256, title)
        particulars = {row.id: row[1:] for row in connection.execute(_PARTICULARS, values)}
        readers = {row.article: row[1:] for row in connection.execute(_READERS, values)}
        thin = _thin(connection, values)
        for name, key in there:
            reader, gazetteer = readers.get(key, ("", ""))
            gone, *rest = particulars[key]
            found[name] = Known(
                key, *words[key], gone is not None, reader, gazetteer, *rest
            )._replace(
                earlier=frozenset(earlier.get(key, ())) - {words[key][1]},
                thinned=(key, words[key][0]) in thin,
            )
    return found


def articles(connection: Connection, workspace: str, ids: Collection[str]) -> dict[str, Stored]:
    """Articles by id with their newest words and sources, tombstoned ones included."""
    found: dict[str, Stored] = {}
    sources: dict[str, list[str]] = {}
    for some in chunks(ids):
        values = {"w": workspace, "ids": some}
        newest = {
            row.article: Revision.model_validate(dict(zip(_REVISION, row, strict=True)))
            for row in connection.execute(_REVISIONS, values)
        }
        for key, _folded, name in connection.execute(_SOURCES, values):
            sources.setdefault(key, []).append(name)
        thin = _thin(connection, values)
        for row in connection.execute(_ARTICLES, values):
            one = Article.model_validate(dict(zip(_ARTICLE, row, strict=True)))
            words, named = newest[one.id], tuple(sources.get(one.id, ()))
            found[one.id] = Stored(one, words, named, (one.id, words.n) in thin)
    return found


def _thin(connection: Connection, values: dict[str, Any]) -> set[tuple[str, int]]:
    """The revisions of these articles that are thinned."""
    return {(row.article, row.n) for row in connection.execute(_THINNED, values)}


def cited(connection: Connection, workspace: str, ids: Collection[str]) -> dict[str, Cited]:
    """What is shown of live articles beside their words; those deleted or unknown are absent."""
    found: dict[str, Cited] = {}
    for some in chunks(ids):
        values = {"w": workspace, "ids": some}
        thin = _thin(connection, values)
        for row in connection.execute(_CITED, values):
            found[row.id] = Cited(*row, thinned=(row.id, row.n) in thin)
    return found


def source_counts(
    connection: Connection, workspace: str, ids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The keys of the independent sources of each article; absent where it has none."""
    found: dict[str, list[str]] = {}
    for some in chunks(ids):
        for key, source, _name in connection.execute(_SOURCES, {"w": workspace, "ids": some}):
            found.setdefault(key, []).append(source)
    return {key: tuple(folded) for key, folded in found.items()}


def mentions(
    connection: Connection, workspace: str, ids: Collection[str]
) -> dict[str, list[Mention]]:
    """The mentions of each article's live reading, in order; absent where it has none."""
    found: dict[str, list[Mention]] = {}
    for some in chunks(ids):
        for key, *values in connection.execute(_MENTIONS, {"w": workspace, "ids": some}):
            one = Mention.model_validate(dict(zip(_MENTION, values, strict=True)))
            found.setdefault(key, []).append(one)
    return found


def indexable(connection: Connection, workspace: str, ids: Collection[str]) -> list[Indexable]:
    """What the index holds of these articles, by id; tombstoned and unknown ones are absent."""
    found: list[Indexable] = []
    for some in chunks(ids):
        values = {"w": workspace, "ids": some}
        named: dict[str, list[Named]] = {}
        for key, *where in connection.execute(_NAMED, values).all():
            named.setdefault(key, []).append(Named(*where))
        sources: dict[str, list[str]] = {}
        for key, source, _name in connection.execute(_SOURCES, values).all():
            sources.setdefault(key, []).append(source)
        alike = {row.article: row[1:] for row in connection.execute(_ALIKE, values).all()}
        for row in connection.execute(_INDEXABLE, values).all():
            key, audience, published, first_seen, n, title, text, passages, external_id = row
            spans = tuple((start, end) for start, end in json.loads(passages))
            found.append(
                Indexable(
                    key,
                    audience,
                    published,
                    first_seen,
                    n,
                    title,
                    text,
                    spans,
                    tuple(named.get(key, ())),
                    external_id,
                    tuple(sources.get(key, ())),
                    *alike.get(key, (None, None)),
                )
            )
    return found


def articles_total(connection: Connection, workspace: str) -> int:
    """How many live articles the workspace has."""
    values = {"w": workspace}
    every = int(connection.execute(_ALL, values).scalar_one())
    return every - int(connection.execute(_TOMBSTONED, values).scalar_one())


def last_seq(connection: Connection) -> int:
    """The number of the newest change; 0 in an empty store."""
    return int(connection.execute(_LAST_SEQ).scalar() or 0)


def changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Changes numbered above ``after``, in order."""
    return [
        Change.model_construct(seq=seq, workspace=workspace, kind=kind, key=key, op=op)
        for seq, workspace, kind, key, op in connection.execute(
            _CHANGES, {"after": after, "limit": limit}
        )
    ]
