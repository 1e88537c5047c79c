"""Verbs that mean much the same, or the opposite: *sack* and *dismiss*, *accept* and *reject*.

The table is ``seeds/words/senses.txt``, made from WordNet; its head has the licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from bot.text.verbs import bare_form

_TABLE = ("words", "senses.txt")

_CLIMB = 5
"""How far up a verb is looked for among those that it is a kind of."""

SAME, KIND_OF, SISTERS = 1.0, 0.8, 0.5
"""How alike are two verbs that share a meaning; of which one is a kind of the other; which are
kinds of one other."""


class _Senses(NamedTuple):
    of: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]
    opposites: Mapping[str, frozenset[str]]
    nouns: Mapping[str, str]
    forms: Mapping[str, str]


@cache
def _table() -> _Senses:
    found = _Senses({}, {}, {}, {}, {})
    text = resources.files("seeds").joinpath(*_TABLE).read_text("utf-8")
    rows: dict[str, dict[str, frozenset[str]]] = {"": {}, "parents": {}, "opposites": {}}
    words: dict[str, dict[str, str]] = {"noun": {}, "form": {}}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        first, *rest = line.split()
        if first in words:
            words[first][rest[0]] = rest[1]
        elif first in ("parents", "opposites"):
            rows[first][rest[0]] = frozenset(rest[1:])
        else:
            rows[""][first] = frozenset(rest)
    return found._replace(
        of=rows[""],
        parents=rows["parents"],
        opposites=rows["opposites"],
        nouns=words["noun"],
        forms=words["form"],
    )


def verb_of(word: str, after: str = "") -> str | None:
    """Return the verb that a word, in lower case, is a form of or a noun made from; else None.

    ``after`` is the word that follows: *step down* is a verb of its own.
    """
    table = _table()
    verb = bare_form(word) or table.forms.get(word)
    if verb is None:
        singular = word[:-1] if word.endswith("s") else word
        return table.nouns.get(word) or table.nouns.get(singular)
    phrase = f"{verb}_{after}"
    return phrase if after != "to" and phrase in table.of else verb


def is_participle(word: str) -> bool:
    """Whether a word is a participle that is no past tense: *thrown*, *fallen*."""
    return word in _table().forms


def alike(one: str, other: str) -> float:
    """How alike two verbs are, as of ``verb_of``: 0, or ``SISTERS`` to ``SAME``."""
    if one == other:
        return SAME
    ours, theirs = _senses(one), _senses(other)
    if ours & theirs:
        return SAME
    above, beyond = _above(ours), _above(theirs)
    if ours & beyond or theirs & above:
        return KIND_OF
    return SISTERS if above & beyond else 0.0


def opposed(one: str, other: str) -> bool:
    """Whether a verb means the opposite of another, or of one that means the same."""
    opposites = _table().opposites
    ours, theirs = _senses(one), _senses(other)
    return any(opposites.get(sense, frozenset()) & theirs for sense in ours) or any(
        opposites.get(sense, frozenset()) & ours for sense in theirs
    )


def means(verb: str, one: str, other: str) -> bool:
    """Whether a verb means, or is a kind of, what another does in the sense that a third is near.

    *sack* is what *remove* is where *unseat* is a kind of it, and *extract* is not.
    """
    ours, theirs = _senses(one), _senses(other)
    meant = ours & (theirs | _above(theirs)) | theirs & _above(ours)
    found = _senses(verb)
    for _ in range(_CLIMB):
        if found & meant:
            return True
        found = _above(found)
    return False


def _senses(verb: str) -> frozenset[str]:
    return _table().of.get(verb, frozenset())


def _above(senses: frozenset[str]) -> frozenset[str]:
    parents = _table().parents
    return frozenset().union(*(parents.get(sense, frozenset()) for sense in senses))
