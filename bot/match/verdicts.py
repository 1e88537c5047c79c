"""What each way of fitting a name is worth, and from which score on a match counts as meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.match.entries import CORE, LAST, STORED, TITLE, TURNED
from bot.models import AliasKind, Match

How = Literal["exact", "typo", "reordered", "partial", "demonym", "capital"]

KIND_SCORES = {
    AliasKind.NAME: 1.0,
    AliasKind.ACRONYM: 1.0,
    AliasKind.OFFICE: 1.0,
    AliasKind.TRANSLITERATION: 0.99,
    AliasKind.DEMONYM: 0.97,
    AliasKind.METONYM: 0.97,
    AliasKind.CAPITAL: 0.96,
    AliasKind.SURNAME: 0.96,
}
"""An exact name outranks an exact demonym, capital or surname of somebody else."""

ORIGIN_SCORES = {STORED: 1.0, CORE: 0.99, TURNED: 0.98, TITLE: 0.9, LAST: 0.97}

TITLED_SCORE = 0.97
"""An exact name of a person once titles are taken off."""

FRAMED_SCORE = 0.96
"""An exact name of a state once *government of* and the like are taken off."""

LOOSE_SCORE = 0.98
"""The same words but for small ones (*emir qatar*), or in another order."""

COMMON_WORD_CAP = 0.78
"""A common English word or first name is no misspelling to be sure of."""

COMMON_PART_CAP = 0.6
"""Still less does *city* or *leader* mean all the actors that have it in their names."""

SECOND_NAME_SCORE = 0.85
"""What a state's core name scores where another state has it as its very name (China)."""

INITIALS_SCORE = 0.72
"""An acronym that a name would make: worth proposing, not worth assuming."""

TAIL = 0.84
"""A candidate that no rule is sure of stays below this."""

OUTDONE = 0.03
"""By so much must another look more alike for the rules to be in doubt."""


def exactly(kind: AliasKind) -> How:
    """How an alias of this kind fits what is typed just so."""
    if kind is AliasKind.DEMONYM:
        return "demonym"
    return "capital" if kind is AliasKind.CAPITAL else "exact"


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
