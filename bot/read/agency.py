"""Whether words that hold the name of an actor stand for that actor.

*Syrian forces* act for Syria and *two Israeli officials* for Israel; *an Egyptian bus driver* and
*anti-Assad rebels* do not. A logistic model over the vector of the words, the mention replaced by
a letter, trained by ``seeds/build_agency.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from bot.models import AliasKind, Mention
from bot.read.role_words import ACTING, HEADS, PRIVATE
from bot.text.english import is_common
from bot.text.networks import encode

Floats = NDArray[np.float32]

_DETERMINERS = frozenset(("", "the", "both", "of", "’s", "'s"))
_RELATES = re.compile(r"(?<![\w-])(?:of|to|for|and|or)(?![\w-])|['’]s|-\Z")
_APART = re.compile(
    r"(?<![\w-])(?:with|against|by|from|on|in|at|about|over|under|near|around|behind|beside|"
    r"between|like|than|towards?|into|after|before)"
    r"(?: the)?(?: (?!Chief\b|Large\b)[A-Z][\w.’-]*)* \Z"
)
"""Words after which somebody is not the head of the phrase: *the crowd around*, *protesters
against President*; *Commander in Chief* is a title."""
_GOES_ON = re.compile(r" [A-Z][\w’'.&-]*(?: (?:(?:of|for|and|the|on) ){0,2}[A-Z][\w’'.&-]*)*")
"""Capitalised words right after a name, which go on with it: *Ruritania Star*."""
_BEGAN = re.compile(r"(?<![\w’'.-])([A-Z]\w*) \Z")
"""A capitalised word right before a name, which began it: *Equality Ruritania*."""
_STARTS = re.compile(r"(?:\A|[.!?:\n–—][\"'”’) ]*)\s*[“\"‘'(]*\Z")
_HEADED = re.compile(
    r"(?P<owns>['’]s?)?(?: (?!(?:and|or|with|of|to|in|against) )[\w-]+){0,3} (?P<last>[\w-]+)\Z"
)
"""Words after a name that end with the head of the phrase: *Hentzau's defence lawyers*."""
_OF_STATES = ACTING | frozenset(
    "treasury department congress house embassy consulate court force fleet corps command bureau "
    "directorate agency service services commission council assembly legislature duma "
    "intelligence consul chargé pm speaker office".split()
)
"""Words of the name or title of somebody who acts for the state named before it."""
_OF_BODIES = frozenset(head.lower() for head in HEADS) | {"office"}
"""Words of the name of a part of the body named before it: *Lodge Council*."""
_FOR_A_PERSON = ACTING | {"office"}
_MORE_OF_A_PERSON = frozenset("organization organisation foundation family campaign".split())
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 8
_KINDS = (AliasKind.DEMONYM, AliasKind.OFFICE, AliasKind.CAPITAL, AliasKind.METONYM)


def acts_for(text: str, span: tuple[int, int], mention: Mention) -> float:
    """Return the probability that a span stands for the actor of a mention in it."""
    before = text[span[0] : mention.start] if mention.start > span[0] else ""
    after = text[mention.end : span[1]] if span[1] > mention.end else ""
    if before.strip().lower() in _DETERMINERS and after.strip(" .,;:").lower() in _DETERMINERS:
        return 1.0
    is_person = mention.actor.startswith("person:")
    if _has(after, is_person=is_person) or is_part_of_name(text, span, mention):
        return 0.0
    if is_person and not after.strip(" .,;:"):
        if _APART.search(before):
            return 0.0
        if not _RELATES.search(before):
            return 1.0  # titles before a name are its own
    kind = None if is_person else mention.kind
    return _probability(before, after, kind, mention.actor.partition(":")[0])


def _has(after: str, *, is_person: bool) -> bool:
    """Tell whether words after a name are for whom or what its bearer has: *Hentzau's lawyers*."""
    headed = _HEADED.match(after.rstrip(" .,;:"))
    if headed is None:
        return False
    last = headed["last"].lower()
    if is_person and headed["owns"]:
        return last not in _FOR_A_PERSON
    return last in PRIVATE or (is_person and last in _MORE_OF_A_PERSON)


def is_part_of_name(text: str, span: tuple[int, int], mention: Mention) -> bool:
    """Tell whether a name is part of a longer one in a span, which is not its actor's.

    What goes on after the name of a state may be one of its bodies (*Ruritania Air Force*) or who
    acts for it (*Ruritanian Ambassador Ada Hentzau*), and after that of a body a part of it.
    """
    kind = mention.actor.partition(":")[0]
    if kind not in ("state", "place", "org"):
        return False
    goes_on = _GOES_ON.match(text, mention.end, max(span[1], mention.end))
    words = set(_WORD.findall(goes_on[0].lower())) if goes_on else set()
    if words:
        parts = {"state": _OF_STATES, "org": _OF_BODIES}.get(kind)
        return parts is None or parts.isdisjoint(words)
    if kind == "org" or mention.kind not in (AliasKind.NAME, AliasKind.ACRONYM):
        return False
    began = _BEGAN.search(text, span[0], mention.start) if span[0] < mention.start else None
    return began is not None and not (
        _STARTS.search(text, max(0, began.start(1) - _REACH), began.start(1))
        and is_common(began[1].lower())
    )


def features(parts: Sequence[tuple[str, str, AliasKind | None, str]]) -> Floats:
    """Return a row for each mention, given by the words before and after it, and its kinds."""
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
