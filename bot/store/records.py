"""What the store hands out beside the nouns of ``bot.models``."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.models import Article, Precision, Revision


class Known(NamedTuple):
    """What the intake must know of a stored article; ``n`` and ``sha256`` of its newest words,
    ``earlier`` the hashes of those before.

    ``reader_version`` and ``gazetteer_version`` are those of its live reading.
    """

    article: str
    n: int
    sha256: str
    title: str
    tombstoned: bool
    reader_version: str
    gazetteer_version: str
    url: str | None = None
    publisher: str | None = None
    published: datetime | None = None
    published_precision: Precision | None = None
    earlier: frozenset[str] = frozenset()
    thinned: bool = False
    """Of its newest text only what is quoted of it is left."""


class Cited(NamedTuple):
    """What is shown of an article beside its words; ``revision`` and ``title`` of the newest.

    ``thinned`` says that of its text only what is quoted of it is left.
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
    thinned: bool = False


class Stored(NamedTuple):
    """An article with its newest words and the names of its independent sources.

    ``thinned`` says that of its text only what is quoted of it is left, where it stood.
    """

    article: Article
    revision: Revision
    sources: tuple[str, ...]
    thinned: bool = False

    @property
    def cited(self) -> Cited:
        """What is shown of it beside its words."""
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
            thinned=self.thinned,
        )


class Named(NamedTuple):
    """Where an actor is named: what an index needs of a mention."""

    field: str
    start: int
    end: int
    actor: str


class Indexable(NamedTuple):
    """What the search index needs of one article: its live reading, over its words.

    ``sources`` are the keys of its independent sources, ``original`` the article that it is a
    near-copy of, ``story`` the id of the story that it belongs to.
    """

    article: str
    audience: str
    published: datetime | None
    first_seen: datetime
    revision: int
    title: str
    text: str
    passages: tuple[tuple[int, int], ...]
    mentions: tuple[Named, ...]
    external_id: str | None = None
    sources: tuple[str, ...] = ()
    original: str | None = None
    story: str | None = None

    @property
    def fold(self) -> str:
        """The same for all near-copies of one text: the id of their original."""
        return self.original or self.article
