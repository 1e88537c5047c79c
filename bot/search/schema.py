"""The schema of the index: one document per passage, and how words are folded.

Actors that a passage names are in ``actors``, those that its title names in ``about``, so that each
has its own boost; all of them are in ``named``, for filters and counts.

One more document per article is only counted, never found: the actors of the whole article, in
``whole``, and its independent sources. Its scope is in ``within``, so that passage searches never
match it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import tantivy

from bot.store.articles import Indexable, MentionSpan

VERSION = 3
"""Version of schema and analyzer: each version has its own folder, and is built afresh."""

UNDATED = -(2**62)
"""Stands for no date in ``published``: below every instant, so that it sorts last."""

_UNIT = "\x1f"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_TERM = 40


def words(*, stop: bool = False) -> tantivy.TextAnalyzer:
    """Return the analyzer: lower case, no accents, English stems; ``stop`` drops the, of …"""
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    if stop:
        builder = builder.filter(tantivy.Filter.stopword("english"))
    return builder.filter(tantivy.Filter.stemmer("english")).build()


def schema() -> tantivy.Schema:
    """Return the fields of a passage; the words themselves are not stored, the store has them."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "scope", "actors", "about", "within", "whole"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="words", index_option="freq")
    builder.add_text_field("article", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("named", "source"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("revision", "start", "end"):
        builder.add_unsigned_field(name, stored=True)
    builder.add_integer_field("published", stored=True, indexed=True, fast=True)
    builder.add_integer_field("known", indexed=True, fast=True)
    builder.add_integer_field("tie", fast=True)
    return builder.build()


def term(workspace: str, value: str) -> str:
    """Return a term with its workspace as prefix, so that no other workspace finds it."""
    return f"{workspace}{_UNIT}{value}"


def instant(moment: datetime) -> int:
    """Return microseconds since 1970, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime | None:
    """Return the instant encoded by ``instant``; None for UNDATED."""
    return None if value == UNDATED else _EPOCH + value * _MICROSECOND


def documents(workspace: str, one: Indexable) -> Iterator[tantivy.Document]:
    """Yield the passages of an article, and the article as a whole."""
    published = UNDATED if one.published is None else instant(one.published)
    known = instant(one.published or one.first_seen)
    in_title = sorted({piece.actor for piece in one.mentions if piece.field == "title"})
    in_text = [piece for piece in one.mentions if piece.field == "text"]
    for start, end in one.passages:
        document = tantivy.Document()
        document.add_text("key", term(workspace, one.article))
        document.add_text("scope", term(workspace, one.audience))
        document.add_text("article", one.article)
        document.add_unsigned("revision", one.revision)
        document.add_unsigned("start", start)
        document.add_unsigned("end", end)
        if one.title:
            document.add_text("title", one.title)
        document.add_text("body", one.text[start:end])
        here = _named(in_text, start, end)
        for actor in in_title:
            document.add_text("about", term(workspace, actor))
        for actor in here:
            document.add_text("actors", term(workspace, actor))
        for actor in sorted({*in_title, *here}):
            document.add_text("named", term(workspace, actor))
        document.add_integer("published", published)
        document.add_integer("known", known)
        document.add_integer("tie", _tie(one.article, start))
        yield document
    yield _whole(workspace, one, published, known)


def _whole(workspace: str, one: Indexable, published: int, known: int) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("key", term(workspace, one.article))
    document.add_text("within", term(workspace, one.audience))
    for actor in sorted({piece.actor for piece in one.mentions}):
        document.add_text("whole", term(workspace, actor))
    for source in one.sources:
        document.add_text("source", source)
    document.add_integer("published", published)
    document.add_integer("known", known)
    return document


def _tie(article: str, start: int) -> int:
    """Return a number of the passage's own to order ties, readable without its document."""
    digest = hashlib.blake2b(f"{article}{_UNIT}{start}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _named(mentions: list[MentionSpan], start: int, end: int) -> list[str]:
    return sorted({piece.actor for piece in mentions if piece.start < end and start < piece.end})


_MOST_KEPT = 5_000

_MISSING: Any = object()

_T = TypeVar("_T")


class View:
    """A snapshot seen by one ``searcher``; thread-safe."""

    def __init__(self, index: tantivy.Index) -> None:
        self.searcher = index.searcher()
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], _T]) -> _T:
        """Return the cached result for this key, or compute it."""
        kept: _T = self._kept.get(key, _MISSING)
        if kept is _MISSING:
            kept = find()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = kept
        return kept

    def present(self, field: str, workspace: str, ids: Collection[str]) -> Collection[str]:
        """Return the ids that occur in the field: a state has hundreds that nothing names.

        If none occurs, return one of them, so that the query finds nothing.
        """

        def look() -> tuple[str, ...]:
            every = sorted(ids)
            there = [
                one for one in every if self.searcher.doc_freq(field, term(workspace, one)) > 0
            ]
            return tuple(there or every[:1])

        return self.once(("present", field, workspace, frozenset(ids)), look)

    def cutoff(self, as_of: datetime | None) -> datetime | None:
        """Return ``as_of`` if it leaves anything out; None if nothing in the index is newer."""
        if as_of is None:
            return None
        return as_of if instant(as_of) < self.once("latest", self._latest) else None

    def _latest(self) -> int:
        """Return the newest instant in the index, in microseconds; -2**63 if it is empty."""
        result = self.searcher.aggregate(
            tantivy.Query.all_query(), {"latest": {"max": {"field": "known"}}}
        )
        value = result["latest"]["value"]
        return -(2**63) if value is None else int(value)
