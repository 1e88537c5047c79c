"""Find the stored word that an unknown word was most likely meant to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rapidfuzz.distance import OSA

_SHORTEST = 4
_TWO_EDITS_FROM = 8
_MUCH_COMMONER = 20
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG = 5
_HALF, _SHORT_HALF, _OFTEN = 4, 3, 25
_MEANT = 4
_NONE: Mapping[str, bool] = {}
_CUT_OFF = 3
"""Maximum letters missing at the end of a word: names are cut off, as at an accent."""


def allowed_edits(length: int) -> int:
    """Return how many letters of a word may be wrong: none under 4, one under 8, then two."""
    if length < _SHORTEST:
        return 0
    return 1 if length < _TWO_EDITS_FROM else 2


def prefixes(word: str) -> list[str]:
    """Return possible prefixes of the intended word: as typed, swapped, a letter lost or added."""
    return list(dict.fromkeys([word[:1], word[1:2] + word[:1], word[1:3]]))


def may_mean(word: str, other: str) -> bool:
    """Whether ``nearest`` or ``meant_as_well`` may choose a word, however frequent it is."""
    longer = len(other) - len(word)
    if abs(longer) > _CUT_OFF:
        return False
    most = max(allowed_edits(len(word)), 1)
    return other.startswith(word) or OSA.distance(word, other, score_cutoff=most) <= most


def one_off(word: str) -> dict[str, bool]:
    """Return every spelling one edit from a word, and whether one letter replaces another in it.

    Stemming cuts a misspelt word differently from the right one (*constittuion*, constitut), so the
    spellings are tried first, and then stemmed. The first letter is never replaced.
    """
    if len(word) < _LONG or not word.isascii() or not word.isalpha():
        return {}
    found = {
        word[:at] + new + word[at + 1 :]: True for at in range(1, len(word)) for new in _LETTERS
    }
    found |= {word[:at] + new + word[at:]: False for at in range(len(word) + 1) for new in _LETTERS}
    found |= dict.fromkeys((word[:at] + word[at + 1 :] for at in range(len(word))), False)
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    found |= dict.fromkeys(swapped, False)
    return {one: other for one, other in found.items() if one != word}


def parted(word: str, often: Callable[[str], int]) -> tuple[str, str] | None:
    """Return the two stored words that were typed as one (*riogrande*); None if there are none."""
    best: tuple[int, str, str] | None = None
    for at in range(_SHORT_HALF, len(word) - _SHORT_HALF + 1):
        halves = word[:at], word[at:]
        first = often(halves[0])
        rarest = min(first, often(halves[1])) if first else 0
        if min(map(len, halves)) < _HALF and rarest < _OFTEN:
            continue
        if rarest and (best is None or rarest > best[0]):
            best = rarest, *halves
    return best[1:] if best else None


def nearest(
    word: str, known: Iterable[tuple[str, int]], stemmed: Mapping[str, bool] = _NONE
) -> str | None:
    """Choose the known word (with its count) fewest edits away, then the most frequent.

    Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string
    alignment). Among equally near words, one with a replaced letter comes last: a letter is more
    often lost, doubled or swapped than replaced. ``stemmed`` has the stems of spellings one edit
    off, as from ``one_off``.
    """
    found = _nearest(word, known, stemmed)
    return found[0][3] if found else None


def _nearest(
    word: str, known: Iterable[tuple[str, int]], stemmed: Mapping[str, bool] = _NONE
) -> list[tuple[int, bool, int, str]]:
    """Return the known words that are near enough, the nearest first: each with the edits, whether
    a letter was replaced, and its count, negated."""
    most = allowed_edits(len(word))
    found: list[tuple[int, bool, int, str]] = []
    for other, count in known:
        if other in stemmed:
            found.append((1, stemmed[other], -count, other))
            continue
        edits = OSA.distance(word, other, score_cutoff=most)
        if edits <= most:
            found.append((edits, _another_letter(word, other), -count, other))
    return sorted(found)


def meant_as_well(
    word: str, count: int, known: Iterable[tuple[str, int]], stemmed: Mapping[str, bool] = _NONE
) -> list[str]:
    """Return known words that a rare one, found ``count`` times, may also have been meant for.

    These are the words that it is most likely a misspelling of, if they are more frequent (much
    more, if a letter was replaced), and the two most frequent that begin with it and are a little
    longer.
    """
    others = [(other, n) for other, n in known if other != word and n > count]
    much = _MUCH_COMMONER * max(count, 1)
    if len(word) < _SHORTEST:  # too short to be sure: a letter may be lost, or two swapped
        lost = [one for one in others if one[1] >= much and _lost_or_swapped(one[0], word)]
        meant = [max(lost, key=lambda one: one[1])[0]] if lost else []
    else:
        meant = [
            other
            for edits, another, less, other in _nearest(word, others, stemmed)
            if -less >= much or (edits == 1 and not another)
        ][:_MEANT]
    longer = sorted(
        (-n, other)
        for other, n in others
        if other.startswith(word) and len(other) <= len(word) + _CUT_OFF
    )
    return list(dict.fromkeys([*meant, *(one for _, one in longer[:2])]))


def _lost_or_swapped(other: str, word: str) -> bool:
    return (
        not _another_letter(word, other)
        and len(other) >= len(word)
        and OSA.distance(word, other, score_cutoff=1) == 1
    )


def _another_letter(word: str, other: str) -> bool:
    return len(word) == len(other) and sorted(word) != sorted(other)
