"""Stories as a reader sees them: a headline in the words of an article, days, counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from bot.answer.library import Library
from bot.models import Period
from bot.store.stories import Member, Told
from bot.text.sentences import sentences

_LONGEST = 300
"""Characters of a first sentence that is shown where an article has one so short."""


class StoryRow(NamedTuple):
    """A story in a list. ``headline`` is the title of its first article that has one, else how
    its first begins; ``sources`` counts those independent of each other."""

    id: str
    headline: str
    first: date
    last: date
    articles: int
    copies: int
    sources: int


def newest(
    library: Library, period: Period | None, groups: Sequence[Collection[str]], limit: int
) -> list[StoryRow]:
    """The stories told of last that the asker may see, in which one of every group is named."""
    found = library.store.stories.newest(
        library.workspace,
        library.audiences,
        library.as_of,
        since=period.start if period else None,
        until=period.end if period else None,
        actors=groups,
        limit=limit,
    )
    return [_row(told) for told in found]


def one(library: Library, story: str) -> tuple[StoryRow, list[tuple[Member, str]]] | None:
    """A story by its id, with its articles by date and how each begins; None if there is none."""
    told = library.store.stories.one(library.workspace, library.audiences, library.as_of, story)
    if told is None:
        return None
    return _row(told), [
        (member, member.text[slice(*beginning(member.text))]) for member in told.members
    ]


def beginning(text: str) -> tuple[int, int]:
    """Where the first sentence stands that is not too long to show, else the very first."""
    spans = sentences(text[:5_000]) or [(0, min(len(text), _LONGEST))]
    return next((span for span in spans if span[1] - span[0] <= _LONGEST), spans[0])


def _row(told: Told) -> StoryRow:
    titled = next((member.title for member in told.members if member.title.strip()), "")
    begin = told.members[0].text
    return StoryRow(
        id=told.id,
        headline=" ".join((titled or begin[slice(*beginning(begin))]).split()),
        first=told.first,
        last=told.last,
        articles=len(told.members),
        copies=sum(member.original is not None for member in told.members),
        sources=len(told.sources),
    )
