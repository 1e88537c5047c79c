"""Which lines of an answer are shown without asking for more, and what is remembered of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.models import Line, Shown

OF_EACH = 3
"""Lines shown of each list, where an answer has several."""


def shown(lines: Sequence[Line], most: int) -> list[Line]:
    """The first lines; where an answer has several lists, the first three of each."""
    if len({line.heading for line in lines}) < 2:
        return list(lines[:most])
    taken: Counter[str] = Counter()
    kept = []
    for line in lines:
        taken[line.heading] += 1
        if taken[line.heading] <= OF_EACH:
            kept.append(line)
    return kept


def telling(lines: Iterable[Line]) -> tuple[Shown, ...]:
    """What is to be remembered of lines that are shown, each once."""
    told = (
        Shown(
            article=line.snippet.article,
            revision=line.snippet.revision,
            quote=line.snippet.quote,
            fact=line.fact,
        )
        for line in lines
    )
    return tuple(dict.fromkeys(told))
