"""Find organisations and groups that an article names and no table knows, by their head word.

Rapid Support Forces            the head last, after words that make a name
Organization for the Prohibition of Chemical Weapons   the head first
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.models import ActorType, AliasKind, Mention
from bot.read.people import Named
from bot.read.role_words import GENERIC, GROUP_HEADS, HEADS, LEADING, NO_BODIES
from bot.read.runs import UPPER, Token, tokens
from bot.text.english import is_common
from bot.text.names import normalise

_WORD = rf"[{UPPER}][\w-]*(?:['’](?!s\b)[\w-]+)*"
_NOT_TWO = rf"(?! (?:{_WORD} )*(?:{'|'.join(sorted(HEADS))})\b)"
"""*the Department of Correction and Delaware State Police* are two."""

_NO_DAY = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
_MORE = re.compile(
    rf" (?:of|for|on|against)(?: the)? {_NO_DAY}{_WORD}"
    rf"(?:(?: and{_NOT_TWO}| of| of the| for)? {_WORD})*"
)
_BROKEN = re.compile(
    rf"[{UPPER}][\w’'-]*,? (?:and|&|of|for|of the|for the|on) \Z"
    r"|(?:Bros|Co|Corp|Inc|Ltd|Mt|Ft)\. \Z"
)
_NUMBERED = re.compile(r"\d\w* \Z")
_OPENERS = frozenset(
    """
    the a an and but for in on at of with from by as if when while after before although this
    that these those his her their our its both last former every some meanwhile however no now
    then so yet also under since according inside outside
    """.split()
)
_COURTS = frozenset(
    """
    supreme district appeals appeal constitutional high federal circuit superior criminal county
    family juvenile international magistrates municipal crown
    """.split()
)
_REACH = 40
_LONGEST = 9


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation or group at ``start``..``end``; ``state`` is its state, if given."""

    start: int
    end: int
    type: ActorType
    head: str
    state: str | None


def body_at(
    text: str, run: Sequence[Token], named: Named, taken: Callable[[int, int], bool]
) -> Body | None:
    """Return the organisation that a run of capitalised words names, if any."""
    last = max((n for n, token in enumerate(run) if _bare(token) in HEADS), default=None)
    if last is None:
        return None
    first = 0
    while first < last and _drops(run[first]):
        first += 1
    head = _bare(run[last])
    if first == last:
        return _leading(text, run[last:], head, named, taken)
    words = list(run[first : last + 1])
    if last + 1 < len(run) or _in_pieces(text, words[0].start):
        return None
    more = _MORE.match(text, words[-1].end) if head in LEADING else None
    if more is not None:
        words = tokens(text, words[0].start, more.end())
    return _made(text, words, head, named, taken)


def _in_pieces(text: str, start: int) -> bool:
    """Whether a name began earlier: *Rules and Bylaws Committee*, *1st Battalion Guards*."""
    at = max(0, start - _REACH)
    return bool(_BROKEN.search(text, at, start) or _NUMBERED.search(text, at, start))


def _bare(token: Token) -> str:
    return token.text.removesuffix("'").removesuffix("’")


def _drops(token: Token) -> bool:
    """Whether a word that begins a run is not part of the name."""
    return token.low in _OPENERS or token.low.endswith(("-led", "-based", "-backed", "-run"))


def _leading(
    text: str,
    run: Sequence[Token],
    head: str,
    named: Named,
    taken: Callable[[int, int], bool],
) -> Body | None:
    if head not in LEADING:
        return None
    if len(run) > 1:
        return None
    more = _MORE.match(text, run[0].end)
    if more is None:
        return None
    return _made(text, tokens(text, run[0].start, more.end()), head, named, taken)


def _made(
    text: str,
    words: Sequence[Token],
    head: str,
    named: Named,
    taken: Callable[[int, int], bool],
) -> Body | None:
    """Build a body, unless its words are too general or belong to another name."""
    start, end = words[0].start, words[-1].end
    if not 2 <= len(words) <= _LONGEST or taken(start, end):
        return None
    name = "_".join(word.low for word in words)
    if name in NO_BODIES or any(word.text.isupper() and len(word.text) > 5 for word in words):
        return None
    inside = [
        mention
        for word in words
        if (mention := named.by_start.get(word.start)) is not None and mention.end <= end
    ]
    if any(mention.actor.startswith("person:") for mention in inside):
        return None
    states = [mention for mention in inside if mention.actor.startswith("state:")]
    if any(mention.kind is AliasKind.CAPITAL for mention in states) or _paper(text, states):
        return None
    owner = states[0].actor if len({m.actor for m in states}) == 1 else None
    if owner is None and not states:
        owner = _state(named.owner_before(text, start - 1)) if start else None
    if head == "Court" and not _COURTS.intersection(word.low for word in words):
        return None  # a street, or a tennis court
    if not _telling(words, states) and owner is None:
        return None
    if _foreign(head, states):
        return None
    kind = ActorType.GROUP if head in GROUP_HEADS else ActorType.ORGANISATION
    return Body(start, end, kind, head, owner)


def _paper(text: str, states: Sequence[Mention]) -> bool:
    """Whether a state's name is part of a capitalised name: *USA TODAY Network*."""
    return any(
        mention.kind is AliasKind.ACRONYM and re.match(r" [A-Z]{2}", text[mention.end :][:3])
        for mention in states
    )


def _state(actor: str | None) -> str | None:
    return actor if actor is not None and actor.startswith("state:") else None


def _telling(words: Sequence[Token], states: Sequence[Mention]) -> bool:
    """Whether some word makes this a name of its own: not a state's, and not an ordinary title."""
    covered = {at for mention in states for at in range(mention.start, mention.end)}
    own = [
        word
        for word in words
        if word.low not in GENERIC and word.start not in covered and len(word.text) > 1
    ]
    if not own:
        return False
    # "Fast Track Committee" may be one, "Big Company" hardly: it needs two ordinary words, or one
    # uncommon one.
    return any(not is_common(normalise(word.text)) for word in own) or len(own) >= 2


def _foreign(head: str, states: Sequence[Mention]) -> bool:
    """Whether this is the state, named by its demonym: *Israeli Army*, *Iranian Government*."""
    return head in ("Administration", "Office") and any(
        mention.kind is AliasKind.DEMONYM for mention in states
    )
