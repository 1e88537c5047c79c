"""When a match may be taken as meant: the thresholds, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.models import Match

Verdict = Literal["sure", "unsure", "unknown"]

SURE_SCORE = 0.85
"""From here up the best match may be taken, if no other comes near."""

SURE_MARGIN = 0.05
"""How far the best must be ahead of the next."""

EXACT_MARGIN = 0.025
"""Among exact matches a smaller lead decides: a name before another's demonym or capital."""

UNSURE_SCORE = 0.62
"""Below this a match is not worth proposing."""

_EXACT = frozenset({"exact", "demonym", "capital"})


def verdict(matches: Sequence[Match]) -> Verdict:
    """Judge a list of matches, best first.

    ``sure``: take the first. ``unsure``: propose them. ``unknown``: none fits.
    The holder of a matched office is no rival of the office.
    """
    if not matches or matches[0].score < UNSURE_SCORE:
        return "unknown"
    first = matches[0]
    rivals = [m for m in matches[1:] if m.how != "office at date"]
    if not rivals:
        return "sure" if first.score >= SURE_SCORE else "unsure"
    lead = first.score - rivals[0].score
    if first.how in _EXACT and first.score >= SURE_SCORE:
        margin = EXACT_MARGIN if rivals[0].how in _EXACT else 0.0
        return "sure" if lead > 0 and lead >= margin else "unsure"
    return "sure" if first.score >= SURE_SCORE and lead >= SURE_MARGIN else "unsure"
