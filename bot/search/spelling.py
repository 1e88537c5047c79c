"""A word that is stored nowhere, and the stored one it was most likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

_SHORTEST = 4
_TWO_EDITS_FROM = 8
_MUCH_COMMONER = 20
_CUT_OFF = 3
"""So many letters may be missing at the end of a word: names are cut, where an accent is too."""


def allowed_edits(length: int) -> int:
    """How many letters of a word may be wrong: none under 4, one under 8, then two."""
    if length < _SHORTEST:
        return 0
    return 1 if length < _TWO_EDITS_FROM else 2


def prefixes(word: str) -> list[str]:
    """How the word meant may begin: as typed, its first letters swapped, or one lost or added."""
    return list(dict.fromkeys([word[:1], word[1:2] + word[:1], word[1:3]]))


def may_mean(word: str, other: str) -> bool:
    """Whether ``nearest`` or ``meant_as_well`` may choose a word, however frequent it is."""
    longer = len(other) - len(word)
    if abs(longer) > _CUT_OFF:
        return False
    most = max(allowed_edits(len(word)), 1)
    return other.startswith(word) or OSA.distance(word, other, score_cutoff=most) <= most


def nearest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """Choose the known word (with its count) fewest edits away, then the most frequent.

    Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string
    alignment). Of words as near, one with another letter in the place of one comes last: a
    letter is more often lost, doubled or swapped than taken for another.
    """
    most = allowed_edits(len(word))
    best: tuple[int, bool, int, str] | None = None
    for other, count in known:
        if abs(len(other) - len(word)) > most:
            continue
        edits = OSA.distance(word, other, score_cutoff=most)
        if edits > most:
            continue
        found = (edits, _another_letter(word, other), -count, other)
        if best is None or found < best:
            best = found
    return best[3] if best else None


def meant_as_well(word: str, count: int, known: Iterable[tuple[str, int]]) -> list[str]:
    """Known words that a rare one, found ``count`` times, may have been meant for as well.

    One that it is a misspelling of, if it is found much more often, and the two most frequent
    that begin with it and are little longer.
    """
    others = [(other, n) for other, n in known if other != word and n > count]
    common = [(other, n) for other, n in others if n >= _MUCH_COMMONER * max(count, 1)]
    if len(word) < _SHORTEST:  # too short to be sure of anything but that a letter was lost
        lost = [one for one in common if len(one[0]) > len(word) and _holds(one[0], word)]
        meant = max(lost, key=lambda one: one[1])[0] if lost else None
    else:
        meant = nearest(word, common)
    longer = sorted(
        (-n, other)
        for other, n in others
        if other.startswith(word) and len(other) <= len(word) + _CUT_OFF
    )
    return list(dict.fromkeys([*([meant] if meant else []), *(one for _, one in longer[:2])]))


def _holds(other: str, word: str) -> bool:
    return OSA.distance(word, other, score_cutoff=1) == 1


def _another_letter(word: str, other: str) -> bool:
    return len(word) == len(other) and sorted(word) != sorted(other)
