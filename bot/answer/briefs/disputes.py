"""What is disputed: reported by one source and denied by another, or agreed and refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.answer.lines import day_of, place_of
from bot.models import EventClass, Line, Status

TOLD = frozenset({Status.HAPPENED, Status.ONGOING})

DENIAL_DAYS = 30
"""A denial is of what was told at most this long before it."""

REVERSED_DAYS = 2
"""What happens later than this after a denial is a change of mind."""

APART_DAYS = 1
"""Most days between the reports of a deal or a meeting and of its refusal."""

_OPPOSED = {EventClass.AGREE: EventClass.REJECT, EventClass.CONSULT: EventClass.REJECT}


def disputed(
    lines: Sequence[Line],
    sources: Mapping[str, Collection[str]],
    terms: Mapping[str, frozenset[str]],
) -> list[Line]:
    """Pairs of lines that cannot both be right, one after the other, the denial second.

    A fact reported and denied of the same actors within a month; or a deal or a meeting and its
    refusal, where the words show that both are about the same event (``terms`` by quote). The two
    lines are of different ``sources`` (by article). No line stands in two pairs.
    """
    found: list[Line] = []
    used: set[tuple[str, str, int]] = set()
    for one, other in _pairs(lines, terms):
        own, others = (sources.get(line.snippet.article, ()) for line in (one, other))
        if (
            set(own).isdisjoint(others)
            and place_of(one) not in used
            and place_of(other) not in used
        ):
            used |= {place_of(one), place_of(other)}
            found += [one, other]
    return found


def _pairs(
    lines: Sequence[Line], terms: Mapping[str, frozenset[str]]
) -> Iterable[tuple[Line, Line]]:
    denied = [line for line in lines if line.status is Status.DENIED]
    told = [line for line in lines if line.status in TOLD]
    for denial in denied:
        yield from ((line, denial) for line in told if _denies(denial, line))
    for refusal in (line for line in told if line.event_class is EventClass.REJECT):
        yield from ((line, refusal) for line in told if _refuses(refusal, line, terms))


def _denies(denial: Line, line: Line) -> bool:
    return (
        line.event_class == denial.event_class
        and bool(line.about)
        and set(line.about) == set(denial.about)
        and place_of(line) != place_of(denial)
        and _days_before(line, denial) in range(-REVERSED_DAYS, DENIAL_DAYS + 1)
    )


def _days_before(line: Line, denial: Line) -> int | None:
    told, denied = day_of(line), day_of(denial)
    return (denied - told).days if told and denied else None


def _refuses(refusal: Line, line: Line, terms: Mapping[str, frozenset[str]]) -> bool:
    return (
        line.event_class is not None
        and _OPPOSED.get(line.event_class) is refusal.event_class
        and set(line.about) == set(refusal.about)
        and len(set(line.about)) > 1
        and _within(line, refusal, APART_DAYS)
        and _share(line, refusal, terms) >= 0.5
    )


def _within(line: Line, other: Line, days: int) -> bool:
    mine, theirs = day_of(line), day_of(other)
    if mine is None or theirs is None:
        return False
    return abs((mine - theirs).days) <= days


def _share(line: Line, other: Line, terms: Mapping[str, frozenset[str]]) -> float:
    one, two = terms[line.snippet.quote], terms[other.snippet.quote]
    return len(one & two) / min(len(one), len(two)) if one and two else 0.0
