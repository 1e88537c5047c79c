"""Decide if words that contain the name of an actor stand for that actor.

*Syrian forces* act for Syria and *two Israeli officials* for Israel; *an Egyptian bus driver* and
*anti-Assad rebels* do not. A logistic model over the vector of the words, with the mention replaced
by a letter, trained by ``seeds/build_agency.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from bot.models import AliasKind, Mention
from bot.text.networks import encode

Floats = NDArray[np.float32]

_DETERMINERS = frozenset(("", "the", "both", "of", "’s", "'s"))
_RELATES = re.compile(r"(?<![\w-])(?:of|to|for|and|or)(?![\w-])|['’]s|-\Z")
_APART = re.compile(
    r"(?<![\w-])(?:with|against|by|from|on|in|at|about|over|under|near|around|behind|beside|"
    r"between|like|than|towards?|into|after|before)"
    r"(?: the)?(?: (?!Chief\b|Large\b)[A-Z][\w.’-]*)* \Z"
)
"""Words after which a person is not the head of the phrase: *the crowd around*, *protesters against
President*; *Commander in Chief* is a title."""
_KINDS = (AliasKind.DEMONYM, AliasKind.OFFICE, AliasKind.CAPITAL, AliasKind.METONYM)


def acts_for(text: str, span: tuple[int, int], mention: Mention) -> float:
    """Return the probability that a span stands for the actor of a mention in it."""
    before = text[span[0] : mention.start] if mention.start > span[0] else ""
    after = text[mention.end : span[1]] if span[1] > mention.end else ""
    if before.strip().lower() in _DETERMINERS and after.strip(" .,;:").lower() in _DETERMINERS:
        return 1.0
    is_person = mention.actor.startswith("person:")
    if is_person and not after.strip(" .,;:"):
        if _APART.search(before):
            return 0.0
        if not _RELATES.search(before):
            return 1.0  # titles before a name belong to it
    kind = None if is_person else mention.kind
    return _probability(before, after, kind, mention.actor.partition(":")[0])


def features(parts: Sequence[tuple[str, str, AliasKind | None, str]]) -> Floats:
    """Return a row for each mention, given the words before and after it, its alias kind and its
    actor type."""
    vectors = encode([f"{before}X{after}" for before, after, _, _ in parts])
    types = ("person", "state", "org", "group")
    marks = [
        [
            *(float(kind is one) for one in _KINDS),
            *(float(actor == one) for one in types),
            float(not after.strip()),
            float(not before.strip()),
            1.0,
        ]
        for before, after, kind, actor in parts
    ]
    return np.hstack([vectors * 4, np.array(marks, dtype=np.float32)])


@lru_cache(maxsize=20_000)
def _probability(before: str, after: str, kind: AliasKind | None, actor: str) -> float:
    odds = features([(before, after, kind, actor)]) @ _weights()
    return float(1 / (1 + np.exp(-odds[0])))


@cache
def _weights() -> Floats:
    folder = resources.files("seeds").joinpath("weights")
    with resources.as_file(folder.joinpath("agency.npz")) as file:
        weights: Floats = np.load(file)["weights"].astype(np.float32)
    return weights
