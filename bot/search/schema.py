"""What the index holds: one document a passage, and how its words are folded.

Whom a passage names is in ``actors``, whom its title names in ``about``, for either to be
raised by itself; all of them are in ``named``, to be required and counted.

One more document for each article is only counted, never found: whom the whole article names,
in ``whole``, and its independent sources. Its scope is in ``within``, so that no search for
passages meets it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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
