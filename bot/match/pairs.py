"""Whether two names may be one: of the same actor, by the names alone.

A logistic blend of what the rules say of the pair, in both directions; of the word that
has the poorest counterpart, on either side; of words without any on both sides; and of
equality but for spaces. Its weights were learned on the development half of the pairs in
``tests/bench/name_pairs.py``.
"""

from __future__ import annotations

import math

from bot.match.likeness import words_alike
from bot.match.score import Scorer
from bot.models import ActorType
from bot.text.names import normalise, strip_honorifics

SAME = 0.48
"""From here up two names are taken for one."""

_LOWER, _HIGHER, _POOREST, _BETTER, _APART, _EQUAL, _BASE = (
    0.4,
    1.43,
    1.46,
    1.42,
    -0.42,
    2.07,
    -2.01,
)

_FORMS = frozenset(
    """
    ltd limited llc llp lp inc incorporated corp corporation co company gmbh ag sa sarl srl spa
    bv nv plc oao ooo zao pao jsc ojsc pjsc cjsc kg as ab oy the of and de sprl sl lda
    """.split()
)
"""Legal forms, and small words: what tells no body from another."""


def same_name(left: str, right: str, kind: ActorType, scorer: Scorer) -> float:
    """Return how surely two names may be of one actor of this kind, 0..1."""
    one, two = _words(left, kind), _words(right, kind)
    if not one or not two:
        return 0.0
    person = kind is ActorType.PERSON
    ratings = [
        scorer.rate(one, two, person=person).score,
        scorer.rate(two, one, person=person).score,
    ]
    alike = words_alike(one, two)
    mine, theirs = alike.max(axis=1), alike.max(axis=0)
    poorest = [float(mine.min()), float(theirs.min())]
    total = (
        _BASE
        + _LOWER * min(ratings)
        + _HIGHER * max(ratings)
        + _POOREST * min(poorest)
        + _BETTER * max(poorest)
        + _APART * (max(poorest) == 0)
        + _EQUAL * ("".join(one) == "".join(two))
    )
    return 1 / (1 + math.exp(-total))


def _words(name: str, kind: ActorType) -> list[str]:
    """The words that count: of a person without titles, of a body without its legal form."""
    words = normalise(name).split()
    if kind is ActorType.PERSON:
        return normalise(strip_honorifics(name)[0]).split() or words
    return [word for word in words if word not in _FORMS] or words
