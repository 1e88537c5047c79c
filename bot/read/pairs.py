"""*The two countries*, *both sides*, *the two leaders*: the two whom the paragraph names.

Looked for from the nearest sentence back, within the paragraph; where there are not exactly
two that fit, nobody is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models import AliasKind, Mention

_PAIR = re.compile(
    r"\b(?:(?:[Tt]he|[Tt]hese) two|[Bb]oth) "
    r"(?:(?P<states>countries|nations|states|governments|neighbou?rs)|(?P<sides>sides|parties)|"
    r"(?P<people>leaders|presidents|ministers|foreign ministers|prime ministers|men|politicians|"
    r"diplomats|officials))\b(?![’'-])"
)
_TWO = 2
_FITS = {
    "states": ("state:",),
    "sides": ("state:", "group:"),
    "people": ("person:", "office:"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors that a few words stand for; ``span`` is of the sentence that names them first."""

    mention: Mention
    actors: tuple[str, str]
    span: tuple[int, int]


def pair_in(
    text: str,
    span: tuple[int, int],
    mentions: Sequence[Mention],
    before: Sequence[tuple[tuple[int, int], Sequence[Mention]]],
) -> Pair | None:
    """Return the first pair of a sentence that its paragraph tells.

    ``mentions`` are the sentence's own, ``before`` the sentences of the paragraph up to it,
    each with its mentions, in order.
    """
    match = _PAIR.search(text, *span)
    if match is None or any(m.start < match.end() and match.start() < m.end for m in mentions):
        return None
    kinds = _FITS[str(match.lastgroup)]
    own = (span, [m for m in mentions if m.end <= match.start()])
    # "Qatar urged both countries to sign": Qatar is a third.
    for sentences in ([own, *reversed(before)], [*reversed(before)]):
        for where, named in _nearest(sentences, kinds):
            if len(named) == _TWO:
                return _pair(match, named, where)
    return None


def _nearest(
    sentences: Sequence[tuple[tuple[int, int], Sequence[Mention]]], kinds: tuple[str, ...]
) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """Yield the first to be two or more that these sentences name, and where; three are no pair."""
    found: list[str] = []
    for where, some in sentences:
        found += [m.actor for m in some if m.actor.startswith(kinds)]
        if len(set(found)) > 1:
            yield where, tuple(dict.fromkeys(found))
            return


def _pair(match: re.Match[str], named: tuple[str, ...], span: tuple[int, int]) -> Pair:
    mention = Mention(
        field="text", start=match.start(), end=match.end(), actor=named[0], alias=match[0],
        kind=AliasKind.NAME,
    )  # fmt: skip
    return Pair(mention, (named[0], named[1]), span)
