"""Headlines in other languages: found by a question in English, and joined to stories.

They are compared by the vectors of ``bot.text.multilingual``, of what the asker may see and at the
time of the question: nothing about them is stored beside the vectors. They are quoted as they
stand, never translated, and no words of theirs are taken for an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import NamedTuple

import numpy as np

from bot.answer.library import Library
from bot.answer.lines import snippet_of
from bot.answer.question import Question
from bot.answer.ranking import reporting_window
from bot.answer.stories import opening_evidence
from bot.models import Answer, Brief, DidYouMean, Line, Nothing, Reply
from bot.read.stories import WITHIN
from bot.search.vectors import HeadlineVectors
from bot.store.articles import Stored
from bot.text.multilingual import encode_across

SAME_STORY = 0.45
"""Minimum cosine of two headlines on one event; this and the next were chosen for precision on
the first half of ``python -m tests.bench languages``."""

BEARS_ON = 0.35
"""Minimum cosine of a question and a headline that may answer it."""

MOST_FOUND = 2
"""The most headlines offered for a question."""

MOST_JOINED = 4
"""The most headlines listed with a brief."""


def with_other_languages(library: Library, question: Question, reply: Reply) -> Reply:
    """Add headlines in other languages to a reply, where their package is installed."""
    if library.headlines is None or isinstance(reply, DidYouMean):
        return reply
    if isinstance(reply, Brief):
        return _with_joined(library, library.headlines, reply)
    if not (question.subjects or question.terms):
        return reply
    asked = replace(question, period=reply.period)
    return _with_found(library, library.headlines, asked, reply)


def _with_found(
    library: Library, vectors: HeadlineVectors, question: Question, reply: Answer | Nothing
) -> Answer | Nothing:
    """Add the headlines most like a question, one of each publisher."""
    known = library.in_other_languages(*reporting_window(library, question))
    others = library.vectors_of(list(known), vectors)
    if not others:
        return reply
    [asked] = encode_across([reply.query], "question")
    alike = {key: float(vector @ asked) for key, vector in others.items()}
    best = sorted((key for key in alike if alike[key] >= BEARS_ON), key=lambda key: -alike[key])
    lines = _lines(library, best[: 4 * MOST_FOUND])[:MOST_FOUND]
    return reply.model_copy(update={"abroad": tuple(lines)}) if lines else reply


class _Joined(NamedTuple):
    """A headline in another language, and the article of the lead whose story it reports."""

    article: str
    lead: str
    likeness: float


def _with_joined(library: Library, vectors: HeadlineVectors, brief: Brief) -> Brief:
    """Add the headlines that report a brief's stories, and count them as sources of these."""
    lines = (*brief.in_short, *brief.happened)
    leads = [one for one in lines if one.snippet.day and not one.snippet.language]
    joined = _joined(library, vectors, leads)
    reported = [one.article for one in joined]
    shown = _lines(library, reported)
    if not shown:
        return brief
    more = _further_sources(library, joined)

    def counted(lines: Sequence[Line]) -> tuple[Line, ...]:
        found = ((line, more.get(line.snippet.article, 0)) for line in lines)
        return tuple(
            line.model_copy(update={"sources": line.sources + n}) if n else line
            for line, n in found
        )

    return brief.model_copy(
        update={
            "in_short": counted(brief.in_short),
            "happened": counted(brief.happened),
            "more": tuple(one for one in brief.more if one.snippet.article not in reported),
            "abroad": tuple(shown[:MOST_JOINED]),
        }
    )


def _joined(library: Library, vectors: HeadlineVectors, leads: Sequence[Line]) -> list[_Joined]:
    """Return the headlines like the headline of a lead, each with the lead most like it."""
    days = {one.snippet.article: one.snippet.day for one in leads if one.snippet.day}
    if not days:
        return []
    first = datetime.combine(min(days.values()) - WITHIN, time.min, UTC)
    last = datetime.combine(max(days.values()) + WITHIN, time.max, UTC)
    known = library.in_other_languages(first, last)
    others = library.vectors_of(list(known), vectors)
    own = library.vectors_of(list(days), vectors) if others else {}
    if not own:
        return []
    keys, ours = list(others), list(own)
    alike = np.stack([others[key] for key in keys]) @ np.stack([own[key] for key in ours]).T
    away = [[abs(known[key].date() - days[lead]) > WITHIN for lead in ours] for key in keys]
    alike[np.array(away)] = -1.0
    found = [
        _Joined(key, ours[int(at)], float(row[at]))
        for key, row, at in zip(keys, alike, alike.argmax(axis=1), strict=True)
        if row[at] >= SAME_STORY
    ]
    return sorted(found, key=lambda one: -one.likeness)


def _further_sources(library: Library, joined: Sequence[_Joined]) -> dict[str, int]:
    """Count, by the article of a lead, the independent sources that only the joined ones have."""
    leads = {one.lead for one in joined}
    sources = library.store.source_counts(
        library.workspace, [*leads, *(one.article for one in joined)]
    )
    stories = library.store.stories.of(library.workspace, leads)
    found = {}
    for lead in leads:
        known = set(sources.get(lead, ()))
        story = library.store.stories.one(
            library.workspace, library.audiences, library.as_of, stories[lead]
        )
        known |= story.sources if story else set()
        theirs = (sources.get(one.article, ()) for one in joined if one.lead == lead)
        found[lead] = len({key for keys in theirs for key in keys} - known)
    return found


def _lines(library: Library, articles: Sequence[str]) -> list[Line]:
    """Quote the headlines of articles, in this order, one of each publisher."""
    stored = library.articles(articles)
    first: dict[str, Line] = {}
    for one in (stored[key] for key in articles if key in stored):
        line = _line(one)
        first.setdefault(one.article.publisher or one.article.id, line)
    return list(first.values())


def _line(stored: Stored) -> Line:
    title = stored.revision.title
    evidence = stored.evidence(0, len(title), "title") if title else opening_evidence(stored)
    return Line(snippet=snippet_of(stored, evidence))
