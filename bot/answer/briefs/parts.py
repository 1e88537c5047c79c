"""Which line stands under which heading of a brief, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answer.briefs.disputes import TOLD, disputed
from bot.answer.briefs.importance import Story, leans
from bot.answer.briefs.plans import coming_up
from bot.answer.library import Library
from bot.answer.lines import day_of, newest_first, place_of, told_once
from bot.models import Line

STORY_LINES = 5
"""Stories that are shown before More, a line each, ..."""

IN_SHORT = 3
"""... of which the first are told in short, as far as their sentences stand alone."""

_FEWEST_WORDS = 5
"""With fewer, a line is a heading and no sentence."""

PLANNED_LINES = 3

MORE_LINES = 12

_SHOWN_UNDATED = TOLD | {None}


@dataclass(frozen=True)
class Material:
    """What a brief is made of: all lines, the stemmed words of each quote, and the sources of
    each article."""

    lines: Sequence[Line]
    terms: Mapping[str, frozenset[str]]
    sources: Mapping[str, Collection[str]]
    today: date

    @classmethod
    def of(cls, library: Library, lines: Sequence[Line]) -> Material:
        """Look up what composing needs to know of the lines."""
        articles = {line.snippet.article for line in lines}
        return cls(
            lines=lines,
            terms={
                line.snippet.quote: frozenset(library.passages.terms(line.snippet.quote))
                for line in lines
            },
            sources=library.store.source_counts(library.workspace, articles),
            today=library.today,
        )

    def once(self, lines: Iterable[Line]) -> list[Line]:
        """Fold lines that tell one happening: see ``told_once``."""
        return told_once(list(lines), self.sources, self.terms)


def parts(
    material: Material,
    told: Sequence[Story],
    *,
    undated: bool = True,
    since: date = date.min,
) -> dict[str, Any]:
    """The parts of a ``Brief`` that are made of lines, by field; no sentence stands twice.

    ``told`` are its stories, the most important first; ``undated`` says whether lines without a
    date may be shown at all; ``since`` is the first day that a dispute may be from.
    """
    dated = material.once(newest_first(one for one in material.lines if day_of(one)))
    timeless = material.once(_central(one for one in material.lines if not day_of(one)))
    timeless = timeless if undated else []
    plans = coming_up(dated, material.today)
    still = [line for line in timeless if line.status in _SHOWN_UNDATED]
    # Of several disputes the newest: both its sides, or neither.
    recent = newest_first(_recent(material.lines, since))
    disputes = tuple(disputed(recent, material.sources, material.terms)[:2])
    shown = {place_of(line) for line in disputes}
    planned = _take(plans, PLANNED_LINES, shown)
    leads = [story.lead for story in told]
    alone = [line for line in leads if _stands_alone(line)]
    standing = _take(alone or leads, STORY_LINES, shown)
    short = standing[: IN_SHORT if alone else 1]
    others = [one.line for story in told for one in story.reports[1:]]
    return {
        "disputed": disputes,
        "planned": planned,
        "in_short": short,
        "happened": standing[len(short) :],
        "undated": _take(still, 1, shown),
        "more": _take([*leads, *others, *plans, *timeless, *dated], MORE_LINES, shown),
    }


def _stands_alone(line: Line) -> bool:
    return not leans(line.snippet) and len(line.snippet.quote.split()) >= _FEWEST_WORDS


def _recent(lines: Sequence[Line], since: date) -> list[Line]:
    """Leave out what was published before a day: old disputes are history."""
    return [
        line
        for line in lines
        if (published := line.snippet.published) is not None and published.date() >= since
    ]


def _take(lines: Sequence[Line], most: int, shown: set[tuple[str, str, int]]) -> tuple[Line, ...]:
    """Take up to ``most`` lines whose sentence does not stand in the brief yet."""
    taken: list[Line] = []
    for line in lines:
        if len(taken) < most and place_of(line) not in shown:
            taken.append(line)
            shown.add(place_of(line))
    return tuple(taken)


def _central(lines: Iterable[Line]) -> list[Line]:
    """Put undated lines in order, for want of time: meetings first, moves, then by place."""
    return sorted(
        lines,
        key=lambda line: (
            line.fact is None,
            line.event_class != "CONSULT",
            line.event_class != "MOVE",
            place_of(line),
        ),
    )
