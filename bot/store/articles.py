"""Articles as the store returns them, their names, and the backlog of the reader.

Whichever of its names an article arrives under, it is one article. There is no queue of articles to
read: every live reading of another version is due. So copies and backups carry the backlog, and a
process that dies loses nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.gather.intake import Known
from bot.models import (
    Arrival,
    Article,
    Evidence,
    Field_,
    Mention,
    Precision,
    Revision,
    is_names_only,
)
from bot.store.engine import Repository
from bot.store.sql import AUDIENCES, IDS, WORKSPACE, among, chunks, grouped, rows_in, upsert_many
from bot.store.tables import (
    article,
    article_source,
    folded,
    mention,
    metadata,
    primary,
    reading,
    revision,
    story_article,
    thinned,
)
from bot.text.language import READ


class Cited(NamedTuple):
    """The display data of an article besides its text; newest ``revision`` and ``title``.

    ``thinned`` means that only the quoted parts of its text are left.
    """

    article: str
    external_id: str | None
    revision: int
    title: str
    publisher: str | None
    original_source: str | None
    url: str | None
    published: datetime | None
    published_precision: Precision | None
    language: str | None = None
    thinned: bool = False


class Stored(NamedTuple):
    """An article with its newest words and the names of its independent sources.

    ``thinned`` means that only the quoted parts of its text are left, at their offsets.
    """

    article: Article
    revision: Revision
    sources: tuple[str, ...]
    thinned: bool = False

    @property
    def cited(self) -> Cited:
        """Its display data besides the text."""
        one = self.article
        return Cited(
            article=one.id,
            external_id=one.external_id,
            revision=self.revision.n,
            title=self.revision.title,
            publisher=one.publisher,
            original_source=one.original_source,
            url=one.url,
            published=one.published,
            published_precision=one.published_precision,
            language=one.language,
            thinned=self.thinned,
        )

    def field(self, name: Field_) -> str:
        """Its newest title or text."""
        return self.revision.title if name == "title" else self.revision.text

    def evidence(self, start: int, end: int, field: Field_ = "text") -> Evidence:
        """Quote a span of its text or title, in code points."""
        return Evidence(
            field=field,
            start=start,
            end=end,
            quote=self.field(field)[start:end],
            article=self.article.id,
            revision=self.revision.n,
        )


class MentionSpan(NamedTuple):
    """Where an article names an actor: what an index needs of a mention."""

    field: str
    start: int
    end: int
    actor: str


class Indexable(NamedTuple):
    """What the search index needs of one article: its live reading, over its words.

    ``sources`` are the keys of its independent sources, ``original`` the article that it is a
    near-copy of, ``story`` the id of the story that it belongs to, ``language`` ISO 639-1.
    """

    article: str
    audience: str
    published: datetime | None
    first_seen: datetime
    revision: int
    title: str
    text: str
    passages: tuple[tuple[int, int], ...]
    mentions: tuple[MentionSpan, ...]
    external_id: str | None = None
    sources: tuple[str, ...] = ()
    original: str | None = None
    story: str | None = None
    language: str | None = None

    @property
    def fold(self) -> str:
        """The id of its original: the same for all near-copies of one text."""
        return self.original or self.article


# --- names of articles --------------------------------------------------------------------------

# A name stays with the first article that had it, tombstoned or not.
article_name = sa.Table(
    "article_name",
    metadata,
    *primary("workspace", "name", "audience"),
    sa.Column("article", sa.String, nullable=False),
    sa.ForeignKeyConstraint(["workspace", "article"], ["article.workspace", "article.id"]),
    sqlite_with_rowid=False,
)


_RESTORE = (
    sa.update(article)
    .where(article.c.workspace == WORKSPACE, article.c.id == sa.bindparam("key"))
    .where(article.c.tombstoned_at.is_not(None))
    .values(tombstoned_at=None)
)
_BY_NAME = (
    sa.select(article_name.c.article)
    .where(
        article_name.c.workspace == WORKSPACE,
        article_name.c.name.in_(sa.bindparam("names", expanding=True)),
    )
    .distinct()
    .order_by(article_name.c.article)
)

_BY_GIVEN = (
    sa.select(article.c.id)
    .where(article.c.workspace == WORKSPACE, article.c.external_id == sa.bindparam("given"))
    .order_by(article.c.id)
)


def record_names(connection: sa.Connection, arrivals: Sequence[Arrival]) -> None:
    """Store the names under which articles arrived; the articles must be stored already."""
    rows = [
        {
            "workspace": one.article.workspace,
            "name": name,
            "audience": one.article.audience,
            "article": one.article.id,
        }
        for one in arrivals
        for name in dict.fromkeys((one.article.identity, *one.names))
    ]
    upsert_many(connection, article_name, rows)


class ArticleNames(Repository):
    """Which articles a name means; part of the Store, at ``store.names``."""

    def articles(self, workspace: str, names: Sequence[str]) -> list[str]:
        """Return the ids of the articles, of any audience, with one of these names."""
        return [row[0] for row in self._all(_BY_NAME, {"w": workspace, "names": list(names)})]

    def by_external_id(self, workspace: str, external_id: str) -> list[str]:
        """Return the ids of the articles to which a file gave this id; it need not be unique."""
        return [row[0] for row in self._all(_BY_GIVEN, {"w": workspace, "given": external_id})]

    def restore(self, workspace: str, article_: str) -> bool:
        """Remove a tombstone; True if there was one. The article must then be read again."""
        with self._write() as connection:
            done = connection.execute(_RESTORE, {"w": workspace, "key": article_})
            return bool(done.rowcount)


# --- queries ------------------------------------------------------------------------------------


_NAMES = (
    sa.select(article_name.c.name, article_name.c.article)
    .where(article_name.c.workspace == WORKSPACE)
    .where(article_name.c.name.in_(IDS), article_name.c.audience == sa.bindparam("audience"))
)
_PARTICULARS = sa.select(
    article.c.id,
    article.c.tombstoned_at,
    article.c.url,
    article.c.publisher,
    article.c.published,
    article.c.published_precision,
).where(among(article.c.id))
_WORDS = (
    sa.select(revision.c.article, revision.c.n, revision.c.sha256, revision.c.title)
    .where(among(revision.c.article))
    .order_by(revision.c.article, revision.c.n)
)
_NEWEST_WORDS = (
    sa.select(revision.c.article, revision.c.n, revision.c.title, revision.c.text)
    .where(among(revision.c.article))
    .order_by(revision.c.article, revision.c.n)
)
_THINNED = sa.select(thinned.c.article, thinned.c.n).where(among(thinned.c.article))
_READERS = (
    sa.select(reading.c.article, reading.c.reader_version, reading.c.gazetteer_version)
    .where(among(reading.c.article))
    .where(reading.c.superseded_at.is_(None))
)
_ARTICLE = tuple(Article.model_fields)
_REVISION = tuple(Revision.model_fields)
_MENTION = tuple(Mention.model_fields)
_ARTICLES = sa.select(*(article.c[name] for name in _ARTICLE)).where(among(article.c.id))
_REVISIONS = (
    sa.select(*(revision.c[name] for name in _REVISION))
    .where(among(revision.c.article))
    .order_by(revision.c.article, revision.c.n)
)
_SOURCES = (
    sa.select(article_source.c.article, article_source.c.key, article_source.c.name)
    .where(among(article_source.c.article))
    .order_by(article_source.c.article, article_source.c.n)
)
_MENTIONS = (
    sa.select(mention.c.article, *(mention.c[name] for name in _MENTION))
    .where(among(mention.c.article))
    .order_by(mention.c.article, mention.c.field, mention.c.start, mention.c.end, mention.c.actor)
)
_NAMED = (
    sa.select(mention.c.article, mention.c.field, mention.c.start, mention.c.end, mention.c.actor)
    .where(among(mention.c.article))
    .order_by(mention.c.article, mention.c.field, mention.c.start, mention.c.end, mention.c.actor)
)
_INDEXABLE = (
    sa.select(
        article.c.id,
        article.c.audience,
        article.c.published,
        article.c.first_seen,
        revision.c.n,
        revision.c.title,
        revision.c.text,
        reading.c.passages,
        article.c.external_id,
        article.c.language,
    )
    .join(reading, (reading.c.workspace == WORKSPACE) & (reading.c.article == article.c.id))
    .join(
        revision,
        (revision.c.workspace == WORKSPACE)
        & (revision.c.article == article.c.id)
        & (revision.c.n == reading.c.revision),
    )
    .where(among(article.c.id))
    .where(article.c.tombstoned_at.is_(None), reading.c.superseded_at.is_(None))
    .order_by(article.c.id)
)
_IN_OTHER_LANGUAGES = (
    sa.select(article.c.id, article.c.published)
    .where(article.c.workspace == WORKSPACE, article.c.audience.in_(AUDIENCES))
    .where(article.c.tombstoned_at.is_(None), article.c.language.not_in(sorted(READ)))
    .where(article.c.published.between(sa.bindparam("since"), sa.bindparam("until")))
    .order_by(article.c.published.desc(), article.c.id)
)
_CITED = (
    sa.select(
        article.c.id,
        article.c.external_id,
        revision.c.n,
        revision.c.title,
        article.c.publisher,
        article.c.original_source,
        article.c.url,
        article.c.published,
        article.c.published_precision,
        article.c.language,
    )
    .join(
        revision,
        (revision.c.workspace == WORKSPACE) & (revision.c.article == article.c.id),
    )
    .where(among(article.c.id))
    .where(article.c.tombstoned_at.is_(None))
    .order_by(article.c.id, revision.c.n)
)
_ALIKE = (
    sa.select(story_article.c.article, folded.c.original, story_article.c.story)
    .outerjoin(
        folded, (folded.c.workspace == WORKSPACE) & (folded.c.article == story_article.c.article)
    )
    .where(among(story_article.c.article))
)
_ALL = sa.select(sa.func.count()).select_from(article).where(article.c.workspace == WORKSPACE)
_TOMBSTONED = _ALL.where(article.c.tombstoned_at.is_not(None))


def known_articles(
    connection: sa.Connection, workspace: str, audience: str, names: Collection[str]
) -> dict[str, Known]:
    """Return what one audience has stored under these names; unknown names are absent."""
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


def newest_words(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> dict[str, sa.Row[Any]]:
    """Return the newest ``title`` and ``text`` of each article, with its number ``n``."""
    return {row.article: row for row in rows_in(connection, _NEWEST_WORDS, workspace, ids)}


def articles_by_id(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> dict[str, Stored]:
    """Return articles by id with newest words and sources, tombstoned ones included."""
    found: dict[str, Stored] = {}
    for some in chunks(ids):
        values = {"w": workspace, "ids": some}
        newest = {
            row.article: Revision.model_validate(dict(zip(_REVISION, row, strict=True)))
            for row in connection.execute(_REVISIONS, values)
        }
        sources = grouped((row.article, row.name) for row in connection.execute(_SOURCES, values))
        thin = _thin(connection, values)
        for row in connection.execute(_ARTICLES, values):
            one = Article.model_validate(dict(zip(_ARTICLE, row, strict=True)))
            words, named = newest[one.id], tuple(sources.get(one.id, ()))
            found[one.id] = Stored(one, words, named, (one.id, words.n) in thin)
    return found


def _thin(connection: sa.Connection, values: dict[str, Any]) -> set[tuple[str, int]]:
    """Return the thinned revisions of these articles."""
    return {(row.article, row.n) for row in connection.execute(_THINNED, values)}


def cited_articles(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> dict[str, Cited]:
    """Return the display data of live articles; deleted and unknown ones are absent."""
    found: dict[str, Cited] = {}
    for some in chunks(ids):
        values = {"w": workspace, "ids": some}
        thin = _thin(connection, values)
        for row in connection.execute(_CITED, values):
            found[row.id] = Cited._make((*row, (row.id, row.n) in thin))
    return found


def source_counts(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the keys of each article's independent sources; absent if it has none."""
    rows = rows_in(connection, _SOURCES, workspace, ids)
    found = grouped((row.article, row.key) for row in rows)
    return {key: tuple(sources) for key, sources in found.items()}


def mentions_in(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> dict[str, list[Mention]]:
    """Return the mentions of each article's live reading, in order; absent if it has none."""
    return grouped(
        (key, Mention.model_validate(dict(zip(_MENTION, values, strict=True))))
        for key, *values in rows_in(connection, _MENTIONS, workspace, ids)
    )


def indexable_articles(
    connection: sa.Connection, workspace: str, ids: Collection[str]
) -> list[Indexable]:
    """Return index data of these articles, by id; tombstoned and unknown ones are absent."""
    found: list[Indexable] = []
    for some in chunks(ids):
        values = {"w": workspace, "ids": some}
        named = grouped(
            (key, MentionSpan(*where)) for key, *where in connection.execute(_NAMED, values)
        )
        sources = source_counts(connection, workspace, some)
        alike = {row.article: row[1:] for row in connection.execute(_ALIKE, values).all()}
        for row in connection.execute(_INDEXABLE, values).all():
            *known, passages, external_id, language = row
            spans = tuple((start, end) for start, end in json.loads(passages))
            mentions = tuple(named.get(row.id, ()))
            rest = (sources.get(row.id, ()), *alike.get(row.id, (None, None)))
            found.append(Indexable._make((*known, spans, mentions, external_id, *rest, language)))
    return found


def articles_in_other_languages(
    connection: sa.Connection,
    workspace: str,
    audiences: Collection[str],
    since: datetime,
    until: datetime,
    limit: int,
) -> dict[str, datetime]:
    """Return when live articles in languages that facts are not read in appeared, newest first."""
    values = {"w": workspace, "audiences": sorted(audiences), "since": since, "until": until}
    rows = connection.execute(_IN_OTHER_LANGUAGES.limit(limit), values)
    return {row.id: row.published for row in rows}


def articles_total(connection: sa.Connection, workspace: str) -> int:
    """Count the live articles of the workspace."""
    values = {"w": workspace}
    every = int(connection.execute(_ALL, values).scalar_one())
    return every - int(connection.execute(_TOMBSTONED, values).scalar_one())


# --- articles that wait for the reader ----------------------------------------------------------

_reader: sa.BindParameter[Any] = sa.bindparam("r")
_gazetteer: sa.BindParameter[Any] = sa.bindparam("g")


_live = reading.c.superseded_at.is_(None)
_by = (reading.c.workspace, reading.c.reader_version, reading.c.gazetteer_version)
# Walks the index to the next value: a DISTINCT query would scan all entries.
_NEXT = (
    sa.select(*_by)
    .where(_live, sa.tuple_(*_by) > sa.tuple_(WORKSPACE, _reader, _gazetteer))
    .order_by(*_by)
    .limit(1)
)
_at = sa.func.coalesce(article.c.published, article.c.first_seen)
_IS_THIN = (
    sa.select(thinned.c.n)
    .where(
        thinned.c.workspace == reading.c.workspace,
        thinned.c.article == reading.c.article,
        thinned.c.n == reading.c.revision,
    )
    .exists()
)
# A thinned text has lost information: its facts stay as they were read.
_OF_A_VERSION = (
    sa.select(article.c.id, _at.label("at"))
    .join(
        reading,
        sa.and_(reading.c.workspace == article.c.workspace, reading.c.article == article.c.id),
    )
    .where(_live, reading.c.workspace == WORKSPACE)
    .where(reading.c.reader_version == _reader, reading.c.gazetteer_version == _gazetteer)
    .where(article.c.tombstoned_at.is_(None), ~_IS_THIN)
)
_NEWEST = _OF_A_VERSION.order_by(_at.desc(), article.c.id).limit(sa.bindparam("most"))
_COUNTED = _OF_A_VERSION.with_only_columns(sa.func.count(), sa.func.min(article.c.first_seen))
_STILL = sa.select(reading.c.article, *_by[1:]).where(_live, among(reading.c.article))


class Versions(NamedTuple):
    """The current versions of the reader and the gazetteer."""

    reader: str
    gazetteer: str


class Waiting(NamedTuple):
    """An article that waits for the reader."""

    workspace: str
    article: str


class BacklogSize(NamedTuple):
    """How many articles wait for their first facts, since when the oldest waits, and how many
    wait to be read again."""

    facts: int
    oldest: datetime | None
    again: int


class Backlog(Repository):
    """Articles that wait for the reader; part of the Store, at ``store.backlog``."""

    def waiting(
        self,
        current: Versions,
        most: int,
        workspace: str | None = None,
        *,
        again: bool = True,
    ) -> list[Waiting]:
        """Return the waiting articles, newest first; of all workspaces unless one is named.

        Articles without facts precede those to be read ``again``.
        """
        with self._read() as connection:
            of = [one for one in _stale(connection, current) if workspace in (None, one[0])]
            first = [one for one in of if is_names_only(one[1])]
            found = _newest(connection, first, most)
            if again and len(found) < most:
                rest = [one for one in of if one not in first]
                found += _newest(connection, rest, most - len(found))
            return found

    def still_waiting(self, workspace: str, ids: Collection[str], current: Versions) -> set[str]:
        """Keep those of these articles that still have no reading by the current version."""
        found: set[str] = set()
        with self._read() as connection:
            rows = rows_in(connection, _STILL, workspace, ids)
            found.update(key for key, *by in rows if tuple(by) != current)
        return found

    def size(self, current: Versions, workspace: str | None = None) -> BacklogSize:
        """Count the waiting articles."""
        with self._read() as connection:
            stale = [one for one in _stale(connection, current) if workspace in (None, one[0])]
            facts, oldest = _count(connection, [one for one in stale if is_names_only(one[1])])
            again, _ = _count(connection, [one for one in stale if not is_names_only(one[1])])
        return BacklogSize(facts, oldest, again)


def awaiting_facts(connection: sa.Connection) -> tuple[int, datetime | None]:
    """Count articles that wait for their first facts; return also since when the oldest waits."""
    return _count(connection, [one for one in _versions(connection) if is_names_only(one[1])])


def _versions(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """Return each workspace with the versions of its live readings."""
    last = ("", "", "")
    while row := connection.execute(_NEXT, dict(zip("wrg", last, strict=True))).first():
        last = (row[0], row[1], row[2])
        yield last


def _stale(connection: sa.Connection, current: Versions) -> list[tuple[str, str, str]]:
    return [one for one in _versions(connection) if one[1:] != current]


def _newest(
    connection: sa.Connection, versions: Collection[tuple[str, str, str]], most: int
) -> list[Waiting]:
    found = [
        (row.at, row.id, one[0])
        for one in versions
        for row in connection.execute(_NEWEST, {**dict(zip("wrg", one, strict=True)), "most": most})
    ]
    found.sort(key=lambda one: one[1:])
    found.sort(key=lambda one: one[0], reverse=True)
    return [Waiting(workspace, key) for _, key, workspace in found[:most]]


def _count(
    connection: sa.Connection, versions: Collection[tuple[str, str, str]]
) -> tuple[int, datetime | None]:
    total, first = 0, None
    for one in versions:
        number, oldest = connection.execute(_COUNTED, dict(zip("wrg", one, strict=True))).one()
        total += number
        first = min(filter(None, (first, oldest)), default=None)
    return total, first
