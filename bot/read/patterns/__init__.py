"""What acts look like: patterns over the shape of a sentence, by event class.

The classes follow PLOVER (https://github.com/openeventdata/PLOVER); the patterns are ours.
A pattern is tried only where one of its trigger words stands.
"""

from __future__ import annotations

from bot.read.patterns import (
    blame,
    deals,
    force,
    moves,
    pledges,
    pressure,
    requests,
    support,
    talks,
    unrest,
    yielding,
)
from bot.read.patterns.pattern import Pattern

PATTERNS: tuple[Pattern, ...] = (
    *talks.PATTERNS,
    *deals.PATTERNS,
    *requests.PATTERNS,
    *support.PATTERNS,
    *yielding.PATTERNS,
    *blame.PATTERNS,
    *pressure.PATTERNS,
    *unrest.PATTERNS,
    *moves.PATTERNS,
    *pledges.PATTERNS,
    *force.PATTERNS,
)

BY_TRIGGER: dict[str, tuple[Pattern, ...]] = {}
for _one in PATTERNS:
    for _word in _one.triggers:
        BY_TRIGGER[_word] = (*BY_TRIGGER.get(_word, ()), _one)

__all__ = ["BY_TRIGGER", "PATTERNS", "Pattern"]
