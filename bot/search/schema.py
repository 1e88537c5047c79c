"""What the index holds: one document a passage, and how its words are folded.

Whom a passage names is in ``actors``, whom its title names in ``about``, for either to be
raised by itself; all of them are in ``named``, to be required and counted.

One more document for each article is only counted, never found: whom the whole article names,
in ``whole``, and its independent sources. Its scope is in ``within``, so that no search for
passages meets it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import tantivy

from bot.store.articles import Indexable, MentionSpan

VERSION = 3
"""Of the schema and the analyzer: another version has another folder, and is built anew."""

UNDATED = -(2**62)
"""Stands for no date in ``published``: below every instant, so that it sorts last."""

_UNIT = "\x1f"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_TERM = 40


def words(*, stop: bool = False) -> tantivy.TextAnalyzer:
    """The analyzer: words in lower case, accents folded, English stems; ``stop`` drops the, of …"""
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
    """The fields of a passage; the words themselves are not stored, the store has them."""
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
    """A term of one workspace, which leads every term so that none is found from another."""
    return f"{workspace}{_UNIT}{value}"


def instant(moment: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime | None:
    """The instant that ``instant`` wrote; None for UNDATED."""
    return None if value == UNDATED else _EPOCH + value * _MICROSECOND


def documents(workspace: str, one: Indexable) -> Iterator[tantivy.Document]:
    """The passages of an article, and the article as a whole."""
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
    """A number of the passage's own that puts equals in an order, read without its document."""
    digest = hashlib.blake2b(f"{article}{_UNIT}{start}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _named(mentions: list[MentionSpan], start: int, end: int) -> list[str]:
    return sorted({piece.actor for piece in mentions if piece.start < end and start < piece.end})


_MOST_KEPT = 5_000

_MISSING: Any = object()

_T = TypeVar("_T")


class View:
    """What one ``searcher`` sees; safe from any thread."""

    def __init__(self, index: tantivy.Index) -> None:
        self.searcher = index.searcher()
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], _T]) -> _T:
        """Find what is asked for by this key, or take what was found before."""
        kept: _T = self._kept.get(key, _MISSING)
        if kept is _MISSING:
            kept = find()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = kept
        return kept

    def present(self, field: str, workspace: str, ids: Collection[str]) -> Collection[str]:
        """Those of some ids that the field has at all: a state has hundreds that nothing names.

        One of them where it has none, so that nothing is found by them.
        """

        def look() -> tuple[str, ...]:
            every = sorted(ids)
            there = [
                one for one in every if self.searcher.doc_freq(field, term(workspace, one)) > 0
            ]
            return tuple(there or every[:1])

        return self.once(("present", field, workspace, frozenset(ids)), look)

    def telling(self, as_of: datetime | None) -> datetime | None:
        """An ``as_of`` that leaves anything out; None where nothing that is held is newer."""
        if as_of is None:
            return None
        return as_of if instant(as_of) < self.once("latest", self._latest) else None

    def _latest(self) -> int:
        """The newest instant that something is known since; of the farthest past if there is
        nothing."""
        result = self.searcher.aggregate(
            tantivy.Query.all_query(), {"latest": {"max": {"field": "known"}}}
        )
        value = result["latest"]["value"]
        return -(2**63) if value is None else int(value)
