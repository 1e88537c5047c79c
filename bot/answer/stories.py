"""Lists of stories: headline, days and counts, the most important first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.answer.brief import ENOUGH_ARTICLES, WINDOW_STEPS, days_in
from bot.answer.importance import Story, by_importance, most_reported, rank_stories
from bot.answer.library import Library
from bot.answer.lines import snippet_of
from bot.models import Evidence, Line, Period
from bot.store.articles import Stored
from bot.store.stories import Member, StoredStory
from bot.text.sentences import sentences

_CANDIDATES = 200
"""The newest stories, from which the most important are listed."""

_PASSAGES = 3000
"""The most passages of a period with articles to look at, the newest."""

_LONGEST = 300
"""The most characters of a first sentence, if an article has one so short."""

_SENTENCES, _BEGINNING = 4, 1_500
"""The most sentences of an article that may stand for it, within so many characters."""


class StoryRow(NamedTuple):
    """A story in a list. ``headline`` is the title of its first article with a title, else the
    beginning of its first article; ``sources`` counts the independent ones."""

    id: str
    headline: str
    first: date
    last: date
    articles: int
    copies: int
    sources: int


def list_stories(
    library: Library, period: Period | None, groups: Sequence[frozenset[str]], limit: int
) -> list[StoryRow]:
    """List the visible stories that name an actor of every group, the most important first.

    Without a period, they cover as many recent days as it takes for ``ENOUGH_ARTICLES`` stories.
    """
    windows = [period] if period else [*(_last(library, days) for days in WINDOW_STEPS), None]
    for within in windows:
        found = _newest(library, within, groups, max(limit, _CANDIDATES))
        if len(found) >= ENOUGH_ARTICLES:
            break
    members = [one for story in found for one in story.members]
    keys = {one.article for one in members if within is None or one.day in within}
    lines = by_importance(library, _openings(library, keys), days_in(library, within), groups)
    at = {article: place for place, article in enumerate(lines)}

    def best(story: StoredStory) -> int:
        return min(at.get(one.article, len(at)) for one in story.members)

    return [_row(story) for story in sorted(found, key=best)[:limit]]


def stories_of(
    library: Library, period: Period, about: Collection[str] | None = None
) -> list[Story]:
    """List the stories of the articles published in a period, the most important first.

    With ``about``, only those of articles that name one of these actors.
    """
    groups = () if about is None else (about,)
    hits = library.found("", groups, period, newest_first=True, limit=_PASSAGES)
    lines = _openings(library, {hit.article for hit in hits})
    return rank_stories(library, lines, days_in(library, period))


def _openings(library: Library, articles: Collection[str]) -> list[Line]:
    """Return the first sentences of articles; of many, those of the stories with most sources."""
    stored = library.articles(most_reported(library, articles))
    return [
        Line(snippet=snippet_of(one, evidence))
        for one in stored.values()
        for evidence in _first_sentences(one)
    ]


def _first_sentences(stored: Stored) -> list[Evidence]:
    """Return the beginning of an article, and of news the sentences after it that are short enough.

    Without a title or an address it may be no news article.
    """
    first = opening_evidence(stored)
    spans = sentences(stored.revision.text[:_BEGINNING])
    if len(stored.revision.text) > _BEGINNING:
        del spans[-1:]  # it may be cut off
    later = [span for span in spans if span[0] >= first.end and span[1] - span[0] <= _LONGEST]
    if first.field != "text" or not (stored.revision.title.strip() and stored.article.url):
        return [first]
    return [first, *(stored.evidence(*span) for span in later[: _SENTENCES - 1])]


def _newest(
    library: Library, period: Period | None, groups: Sequence[Collection[str]], limit: int
) -> list[StoredStory]:
    return library.store.stories.newest(
        library.workspace,
        library.audiences,
        library.as_of,
        since=period.start if period else None,
        until=period.end if period else None,
        actors=groups,
        limit=limit,
    )


def _last(library: Library, days: int) -> Period:
    return Period(start=library.today - timedelta(days=days), end=library.today)


def story_by_id(library: Library, story: str) -> tuple[StoryRow, list[tuple[Member, str]]] | None:
    """Return a story by id, with the beginnings of its articles by date; None if there is none."""
    found = library.store.stories.one(library.workspace, library.audiences, library.as_of, story)
    if found is None:
        return None
    return _row(found), [
        (member, member.text[slice(*opening_span(member.text))]) for member in found.members
    ]


def opening_span(text: str) -> tuple[int, int]:
    """Return the span of the first sentence that is short enough to show, else of the first."""
    spans = sentences(text[:5_000]) or [(0, min(len(text), _LONGEST))]
    return next((span for span in spans if span[1] - span[0] <= _LONGEST), spans[0])


def headline(title: str, text: str) -> str:
    """Return the title of an article, on one line; its beginning if it has no title."""
    return " ".join((title.strip() or text[slice(*opening_span(text))]).split())


def opening_evidence(stored: Stored) -> Evidence:
    """Return the beginning of an article, or its title if it has no text."""
    if not stored.revision.text.strip():
        return stored.evidence(0, len(stored.revision.title), "title")
    return stored.evidence(*opening_span(stored.revision.text))


def _row(story: StoredStory) -> StoryRow:
    titled = next((member.title for member in story.members if member.title.strip()), "")
    return StoryRow(
        id=story.id,
        headline=headline(titled, story.members[0].text),
        first=story.first,
        last=story.last,
        articles=len(story.members),
        copies=sum(member.original is not None for member in story.members),
        sources=len(story.sources),
    )
