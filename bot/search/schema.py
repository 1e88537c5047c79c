"""What a passage looks like in the index, and how its words become terms."""

from __future__ import annotations

from collections.abc import Iterator

import tantivy
from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from bot.store.records import Indexable

VERSION = "1"
"""Raise it whenever the fields or the analyzer change: the index is then made anew."""

ANALYZER = "dragoman"

UNDATED = -(2**62)
"""Stands for no date, and sorts below every date."""

_LONGEST_WORD = 60
_SEPARATOR = "\x1f"


def key_of(workspace: str, name: str) -> str:
    """Put the workspace before a name: no term of one workspace is another's."""
    return f"{workspace}{_SEPARATOR}{name}"


def analyzer() -> tantivy.TextAnalyzer:
    """Lower case, unaccented, English stems; words beyond 60 bytes are no words."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("english"))
        .build()
    )


def schema() -> tantivy.Schema:
    """One document a passage; text is not stored, its span is."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "scope", "actors"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("article", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("revision", "start", "end"):
        builder.add_integer_field(name, stored=True)
    builder.add_integer_field("published", stored=True, indexed=True, fast=True)
    builder.add_integer_field("known", indexed=True, fast=True)
    return builder.build()


def documents(one: Indexable) -> Iterator[tantivy.Document]:
    """Make the documents of an article. Actors that its title names are every passage's."""
    article = one.article
    in_title = {mention.actor for mention in one.mentions if mention.field == "title"}
    published = int(article.published.timestamp()) if article.published else UNDATED
    known = int((article.published or article.first_seen).timestamp())
    for start, end in one.passages:
        named = in_title | {
            mention.actor
            for mention in one.mentions
            if mention.field == "text" and start <= mention.start < end
        }
        document = tantivy.Document()
        document.add_text("key", key_of(article.workspace, article.id))
        document.add_text("scope", key_of(article.workspace, article.audience))
        for actor in sorted(named):
            document.add_text("actors", key_of(article.workspace, actor))
        document.add_text("title", one.title)
        document.add_text("body", one.text[start:end])
        document.add_text("article", article.id)
        document.add_integer("revision", one.revision)
        document.add_integer("start", start)
        document.add_integer("end", end)
        document.add_integer("published", published)
        document.add_integer("known", known)
        yield document
