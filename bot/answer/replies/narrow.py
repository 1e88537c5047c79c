"""Answers to questions with filters: what passes them, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.lines import (
    fact_lines,
    newest_first,
    place_of,
    snippet_of,
    spans_in,
)
from bot.answer.replies.telling import LINES, listed, nothing, once, sides, told_facts
from bot.models import Answer, Evidence, Fact, Line, Nothing
from bot.search.index import Hit
from bot.store.keys import publisher_key

NOTHING_PASSES = "Nothing that is stored passes the filters of this question."

_PASSAGES = 600
_HALF = 0.5


def narrowed(library: Library, question: Question) -> Answer | Nothing:
    """The newest lines about whom the question names that pass its filters."""
    groups = [library.expand(one.actor) for one in question.subjects]
    lines = _facts(library, question, groups)
    if not question.filters.classes:
        known = {place_of(one) for one in lines}
        lines += [
            one for one in _sentences(library, question, groups) if place_of(one) not in known
        ]
    passing = _passing(library, question, lines)
    if not passing:
        return nothing(library, question, NOTHING_PASSES)
    return listed(library, question, once(library, newest_first(passing))[:LINES])


def _facts(library: Library, question: Question, groups: Sequence[frozenset[str]]) -> list[Line]:
    classes = question.filters.classes
    if not groups and not classes:
        return []
    asked = sides(library, question)
    found = told_facts(
        library, question, classes=classes or None, actors=groups[0] if groups else None
    )
    return fact_lines(
        library,
        [fact for fact in found if (asked.has(fact) if question.doer else _named(fact, groups))],
    )


def _named(fact: Fact, groups: Sequence[frozenset[str]]) -> bool:
    roles = {fact.source_actor, fact.target_actor, fact.claimant, fact.place}
    return all(roles & group for group in groups)


def _sentences(
    library: Library, question: Question, groups: Sequence[frozenset[str]]
) -> list[Line]:
    phrases = question.filters.phrases
    hits = library.found(
        " ".join(phrases or question.terms),
        groups,
        question.period,
        require_actor=bool(groups),
        newest_first=not (phrases or question.terms),
        limit=_PASSAGES,
    )
    return _holding(library, hits, phrases, groups)


def _holding(
    library: Library,
    hits: Sequence[Hit],
    phrases: Sequence[str],
    groups: Sequence[frozenset[str]],
) -> list[Line]:
    """The sentences of passages that hold a phrase, or name whom the question names."""
    ids = {hit.article for hit in hits}
    stored, mentions = library.articles(ids), library.store.mentions(library.workspace, ids)
    found: list[Line] = []
    for hit in hits:
        one = stored.get(hit.article)
        if one is None or one.revision.n != hit.revision:
            continue
        text = one.revision.text
        for start, end in spans_in(text, hit):
            quote = text[start:end]
            inside = {
                one.actor
                for one in mentions.get(hit.article, ())
                if one.field == "text" and start <= one.start < end
            }
            if phrases and not any(_folded(phrase) in _folded(quote) for phrase in phrases):
                continue
            if not phrases and not all(group & inside for group in groups):
                continue
            evidence = Evidence(
                start=start, end=end, quote=quote, article=one.article.id, revision=one.revision.n
            )
            found.append(Line(snippet=snippet_of(one, evidence, hit.score)))
    return found


def _passing(library: Library, question: Question, lines: Sequence[Line]) -> list[Line]:
    filters = question.filters
    articles = {one.snippet.article for one in lines}
    sources = library.store.source_counts(library.workspace, articles)
    unwanted = [_folded(word) for word in filters.without]
    ids = _ids(library, filters.without)
    mentions = library.store.mentions(library.workspace, articles) if ids else {}
    stems = set(library.stems(question.terms)) if not filters.phrases else set()
    kept = []
    for line in lines:
        snippet = line.snippet
        named = {
            one.actor
            for one in mentions.get(snippet.article, ())
            if one.field == snippet.field and snippet.start <= one.start < snippet.end
        }
        quote = f" {_folded(snippet.quote)} "
        if (
            (not filters.publishers or _from(line, sources, filters.publishers))
            and all(_folded(phrase) in quote for phrase in filters.phrases)
            and not any(f" {word} " in quote for word in unwanted)
            and not named & ids
            and _says(library, line, stems)
        ):
            kept.append(line)
    return kept


def _folded(text: str) -> str:
    letters = "".join(c if c.isalnum() else " " for c in text.casefold())
    return " ".join(letters.split())


def _ids(library: Library, words: Sequence[str]) -> frozenset[str]:
    """The actors that the words left out name for sure."""
    named = [one for word in words for one in library.actors.in_query(word, library.today)]
    return frozenset().union(*(library.expand(one.actor) for one in named if one.actor))


def _says(library: Library, line: Line, stems: Collection[str]) -> bool:
    snippet = line.snippet
    held = set(library.passages.terms(f"{snippet.title} {snippet.quote} {line.did}"))
    return line.fact is not None or len(held & set(stems)) >= _HALF * len(stems)


def _from(line: Line, sources: dict[str, tuple[str, ...]], publishers: Collection[str]) -> bool:
    """Whether one of the publishers published an article or is cited in it."""
    snippet = line.snippet
    named = {publisher_key(one) for one in (snippet.publisher, snippet.original_source) if one}
    named |= set(sources.get(snippet.article, ()))
    return any(_is(asked, name) for asked in publishers for name in named)


def _is(asked: str, name: str) -> bool:
    """Whether a publisher is the one asked for: by name, its first words, or its domain."""
    return name == asked or name.startswith((f"{asked} ", f"{asked}."))
