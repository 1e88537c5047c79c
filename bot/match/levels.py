"""What each way of fitting a name is worth: the levels of scores, in one place."""

from __future__ import annotations

from typing import Literal

from bot.match.entries import CORE, LAST, STORED, TITLE, TURNED
from bot.models import AliasKind

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
