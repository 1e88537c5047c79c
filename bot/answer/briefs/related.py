"""Who stands beside those of a brief, and why: counts over what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.answer.briefs.disputes import TOLD
from bot.answer.library import Library
from bot.answer.words import count
from bot.models import EventClass, Line, Mention, Period, Related

MOST = 4

_LOOKED_AT = 6
"""So many are proposed and counted."""

_FEWEST = 2
"""Named together once may be chance."""


def related(
    library: Library,
    groups: Sequence[frozenset[str]],
    mentions: Mapping[str, Sequence[Mention]],
    lines: Sequence[Line],
    period: Period | None,
) -> tuple[Related, ...]:
    """Those named most often together with all of ``groups``; who met them comes first.

    ``mentions`` are of the newest articles, by id, and ``lines`` have each meeting once.
    The articles propose whom to count; the count is of all passages the asker may see that
    name one of every group, and the other itself.
    """
    subjects = frozenset().union(*groups)
    met = _met(lines, subjects)
    near = Counter(
        # In an order of their own: of those named as often, the same are proposed every time.
        actor
        for found in mentions.values()
        for actor in sorted({one.actor for one in found} - subjects)
    )
    for actor, times in met.items():
        near[actor] += 2 * times
    likely = [actor for actor, _ in near.most_common(_LOOKED_AT)]
    named = library.passages.beside(groups, likely, library.scope, period)
    found: list[tuple[int, Related]] = []
    taken: set[str] = set()
    for actor in likely:
        known = library.actors.get(actor)
        group = library.expand(actor)
        if known is None or group & (taken | subjects):
            continue
        together = named.get(actor, 0)
        if together < _FEWEST and not met[actor]:
            continue
        taken |= group
        why = _why(together, met[actor], len(groups))
        one = Related(actor=actor, name=known.name, type=known.type, why=why)
        found.append((together + 3 * met[actor], one))
    found.sort(key=lambda one: (-one[0], one[1].actor))
    return tuple(one for _, one in found[:MOST])


def meetings(lines: Iterable[Line]) -> list[Line]:
    """The lines that tell of meetings and calls."""
    return [one for one in lines if one.event_class is EventClass.CONSULT]


def _met(lines: Iterable[Line], subjects: frozenset[str]) -> Counter[str]:
    return Counter(
        actor
        for line in lines
        if line.event_class is EventClass.CONSULT and line.status in TOLD
        if set(line.about) & subjects
        for actor in set(line.about) - subjects
    )


def _why(together: int, met: int, subjects: int) -> str:
    both = "both" if subjects == 1 else "all of them"
    verb = "names" if together == 1 else "name"
    parts = [f"{count(met, 'meeting or call', 'meetings or calls')} stored"] if met else []
    if together:
        parts.append(f"{count(together, 'passage')} {verb} {both}")
    return ", ".join(parts)
