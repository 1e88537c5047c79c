"""Which line stands under which heading of a brief, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.answer.acts import did
from bot.answer.briefs.confidence import confidence
from bot.answer.briefs.disputes import TOLD, disputed
from bot.answer.briefs.plans import coming_up
from bot.answer.briefs.summary import bottom_line, most_telling, repeats
from bot.answer.library import Library
from bot.answer.lines import day_of, newest_first, place_of, told_once
from bot.answer.words import claim
from bot.models import EventClass, Line, Status

HAPPENED_LINES = 3
SAID_LINES = 3
PLANNED_LINES = 3
MORE_LINES = 12

_CONSIDERED = 40
"""Of the newest lines, so many are weighed against each other."""

DISPUTE_DAYS = 90
"""For so long, before the newest line, a dispute is one of now."""

_SAYING = frozenset({EventClass.ACCUSE, EventClass.REQUEST, EventClass.THREATEN})
_DEEDS = frozenset(
    did(act, Status.HAPPENED, targeted=targeted)
    for act in ("investigate", "sue", "charge", "summon the envoy")
    for targeted in (True, False)
)
"""Acts of the classes that say something which are done, not said."""

_SHOWN_UNDATED = TOLD | {None}


@dataclass(frozen=True)
class Material:
    """What a brief is made of: all lines, the stemmed words of each quote, and the sources of
    each article. ``asked`` are the terms that the query asks for."""

    lines: Sequence[Line]
    terms: Mapping[str, frozenset[str]]
    sources: Mapping[str, Collection[str]]
    today: date
    asked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, library: Library, lines: Sequence[Line], asked: Iterable[str] = ()) -> Material:
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
            asked=frozenset(asked),
        )

    def once(self, lines: Iterable[Line]) -> list[Line]:
        """Fold lines that tell one happening: see ``told_once``."""
        return told_once(list(lines), self.sources, self.terms)


def parts(material: Material, *, undated: bool = True) -> dict[str, Any]:
    """The parts of a ``Brief`` that are made of lines, by field; no sentence stands twice.

    ``undated`` says whether lines without a date may be shown at all.
    """
    dated = material.once(newest_first(one for one in material.lines if day_of(one)))
    timeless = material.once(_central(one for one in material.lines if not day_of(one)))
    timeless = timeless if undated else []
    told = [line for line in dated if line.status is None or line.status in TOLD]
    happened = [line for line in told if not is_said(line)] or told
    said = [line for line in dated if is_said(line)]
    plans = coming_up(dated, material.today) + [
        line for line in timeless if line.status is Status.PLANNED
    ]
    still = [line for line in timeless if line.status in _SHOWN_UNDATED]
    # Of several disputes the newest: both its sides, or neither.
    recent = newest_first(_recent(material.lines))
    disputes = tuple(disputed(recent, material.terms)[:2])
    shown = {place_of(line) for line in disputes}
    undoubted = [one for one in happened[:_CONSIDERED] if place_of(one) not in shown]
    bottom = bottom_line(undoubted, material.terms, material.asked)
    before = [bottom] if bottom else []
    shown |= {place_of(line) for line in before}
    found = {"disputed": disputes, "planned": _take(plans, PLANNED_LINES, shown)}
    left = [one for one in happened[:_CONSIDERED] if place_of(one) not in shown]
    telling = most_telling(left, material.terms, HAPPENED_LINES, before)
    found["happened"] = tuple(newest_first(_take(telling, HAPPENED_LINES, shown)))
    standing = [*before, *disputes, *found["happened"]]
    fresh = [one for one in said if not any(repeats(one, o, material.terms) for o in standing)]
    found["said"] = _take(fresh, SAID_LINES, shown)
    found["undated"] = _take(still, 1, shown)
    rest = told + plans + timeless + dated
    found["more"] = _take(rest, MORE_LINES, shown)
    return {
        **found,
        "bottom_line": bottom,
        "confidence": confidence(bottom, material.today) if bottom else "",
    }


def _recent(lines: Sequence[Line]) -> list[Line]:
    """Leave out what is much older than the newest: old disputes are history."""
    newest = max((day for line in lines if (day := day_of(line))), default=date.min)
    since = newest - timedelta(days=min(DISPUTE_DAYS, (newest - date.min).days))
    return [line for line in lines if (day_of(line) or date.min) >= since]


def is_said(line: Line) -> bool:
    """Whether a line tells what somebody said, and not only that something took place."""
    if line.status is Status.CALLED_FOR:
        return True
    if line.status not in TOLD:
        return False
    says = line.event_class in _SAYING and line.did not in _DEEDS
    return says or bool(claim(line))


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
