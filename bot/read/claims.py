"""Who says so, and whether it took place: what the words around an act make of it.

The governing verb wins: *refused to meet* is no meeting, *vowed to strike* is a plan,
*denied attacking* is a denial, and what somebody said happened is theirs to claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models import Status
from bot.read.lexicon import ADVERBS, WHEN

_PLANNED = re.compile(
    r"\b(?:will|shall|going to|plan(?:s|ned|ning)?|intend(?:s|ed)?|vow(?:s|ed)?|pledge[sd]?|"
    r"promise[sd]?|prepar(?:es?|ing|ed)|agree[sd]?|expect(?:s|ed)?|set|due|scheduled|slated|"
    r"threaten(?:s|ed)?|ready|willing|about|decide[sd]?)\b"
)
_WISHED = re.compile(r"\b(?:want(?:s|ed)?|hop(?:es?|ed|ing)|aim(?:s|ed)?|seek(?:s)?|sought|tr(?:y|ies|ied)|attempt(?:s|ed)?)\b")  # fmt: skip
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|can|would|reportedly|allegedly|possibly|perhaps|likely|appears?|appeared|seems?|seemed)\b"
)
_CALLED_FOR = re.compile(r"\b(?:should|must)\b")
_REFUSED = re.compile(r"\b(?:refuse[sd]?|decline[sd]?|fail(?:s|ed)?)\b")
_DENIED = re.compile(r"\b(?:not|n't|never|den(?:y|ies|ied|ying))\b")
_ONGOING = re.compile(r"\b(?:continu(?:es?|ed|ing)|(?:is|are|still|been))\b")
_BE_ING = re.compile(
    r"\b(?:is|are|was|were|been|being|began|begins?|begun|starts?|started|continu\w+)\b"
)
_BARE_TO = re.compile(r"(?:^|\s)to$")

# Words around an act that has no verb of its own ("talks between", "the visit to").
_AHEAD = re.compile(
    r"\b(?:will|plans? for|planned|upcoming|expected|scheduled|ahead of|before|next (?:week|month|year)|coming|"
    r"set to|due to|prepar\w+ for|agreed to|invitation|to (?:hold|host|attend|resume|begin|start|visit)|later this)\b"
)
_WANTED = re.compile(
    r"\b(?:call\w* for|urg\w+|demand\w*|need for|propos\w+|offer\w*|push\w* for|possib\w+|potential|prospects?|"
    r"could|may|might|would|hop\w+|seek\w*|want\w*|end to|halt|stop|against further|threat\w*|fears? of|avoid|prevent|"
    r"warn\w*|any|allow\w*|help\w*|facilitat\w+|examin\w+|consider\w*|weigh\w*|mull\w*|try\w*|trying|efforts?)\b"
)
_UNDONE = re.compile(
    r"\b(?:no|not|without|cancel\w*|postpon\w*|call\w* off|suspend\w*|reject\w*|refus\w*|rul\w+ out|den(?:y|ies|ied)|"
    r"fail\w*|stall\w*|intercept\w*|foil\w*|thwart\w*)\b"
)
_CONDITION = re.compile(
    r"(?:^| )(?:if|unless|whether|in case|condition that|provided that|so long as|in the event that|in the event|should) "
)
_UNTIL = re.compile(r" (?:until|till)(?: [^ ,;]+){0,3} $")

_ASKED_TO = re.compile(r"(?:, [^,]+ , |and [a-z' -]+ )?to(?: |$)")
# "Not Iran" and "those who replaced Iran": neither does what the next verb says.
_NOT_ITS = re.compile(
    r" (?:not(?: the)?|(?:who|that|which)(?: (?:has|have|had|[a-z]+ly))* (?!(?:said|announced|"
    r"claimed|noted|alleged|reported|confirmed|warned|revealed|argued|insisted|believed|feared|"
    r"showed|added|suggested|indicated|need) )[a-z]+ed(?: the| a)?|<n\d+> (?:has|have|had) [a-z]+ed) $"
)

SAY = (
    r"(?:said|says|say|saying|stated|states|announced|announces|announce|claimed|claims|"
    r"claim|alleged|alleges|reported|reports|confirmed|confirms|added|adds|warned|warns|insisted|"
    r"insists|declared|declares|denied|denies|denying|noted|acknowledged|acknowledges|argued|"
    r"revealed|reveals|revealing|asserted|asserts)"
)
# No "is" or "was": what *is said* or *was confirmed* is said by somebody else.
_MIDDLE = rf"(?: (?:{ADVERBS}|has|have|had|having|{WHEN}))*(?: , [^,]{{1,90}} ,)?"
_BEFORE = re.compile(
    rf"<n(?P<c>\d+)>{_MIDDLE} (?!add(?:s|ed) (?!that )[a-z<])(?:{SAY}|(?:told|tells)(?: <[np]\d+>| reporters| journalists| lawmakers))(?: (?:{WHEN}))?(?: that)?(?: ,| :)?(?: [“\"‘'])? "
)
_AFTER = re.compile(rf" , (?:[”\"’'] )?(?:<n(?P<c>\d+)>{_MIDDLE} {SAY}|{SAY} <n(?P<d>\d+)>)(?: |$)")
_ACCORDING = re.compile(r"\baccording to(?: the| a| an)? <[npd](?P<c>\d+)>")
_PARTICIPLE = re.compile(
    r"<n(?P<c>\d+)> [^;<]{1,100}(?:<[npda]\d+>[^;<]{1,100}){0,4} "
    r"(?:revealing|saying|adding|stating|announcing|claiming|alleging|noting|confirming|insisting) "
)
_QUOTE_OPEN, _QUOTE_CLOSE = re.compile(r" [“] "), re.compile(r" [”] ")


@dataclass(frozen=True, slots=True)
class Claim:
    """The phrase that makes a statement, and the stretch of the shape that it claims."""

    phrase: int
    start: int
    end: int
    denies: bool = False


def status_of(gap: str, verb: str) -> Status | None:
    """Read the status off the words between subject and verb; None is no statement at all.

    ``gap`` holds adverbs, auxiliaries and governing verbs; ``verb`` the form that stands.
    """
    if _REFUSED.search(gap):
        return None
    if _DENIED.search(gap):
        return Status.DENIED
    if _CALLED_FOR.search(gap):
        return Status.CALLED_FOR
    if _WISHED.search(gap):
        return Status.POSSIBLE if re.search(r"\bto$", gap) else None
    if _POSSIBLE.search(gap):
        return Status.POSSIBLE
    if _PLANNED.search(gap):
        return Status.PLANNED
    if verb.endswith("ing"):
        if not _BE_ING.search(gap) and not re.search(r"\b(?:having|record of|history of)", gap):
            return None
        return Status.ONGOING if _ONGOING.search(gap) else Status.HAPPENED
    if _BARE_TO.search(gap):
        return Status.ONGOING if re.search(r"\bcontinu", gap) else Status.PLANNED
    return Status.HAPPENED


def nominal_status(before: str, after: str, *, past: bool = False) -> Status | None:
    """Read the status of an act without a verb off its surroundings; None is no statement.

    ``past``: of such an act one hears only once it took place, so that what is told as
    *before* it (an invasion) does not make it a plan, as it does a visit.
    """
    near = before[-60:]
    if past:
        near = near.replace(" before ", " ").replace(" ahead of ", " ")
    if _UNDONE.search(near) or _UNDONE.search(after[:30]):
        return None
    if _WANTED.search(near) or re.match(r"(?: [a-z]+){0,2} (?:could|may|might|would) ", after):
        return None
    if _AHEAD.search(near) or re.match(
        r"[^.,;]{0,30} (?:will|set to|scheduled|expected|due to|in the coming|next (?:week|month|year)) ",
        after,
    ):
        return Status.PLANNED
    return Status.HAPPENED


def awaited(before: str) -> bool:
    """Tell whether an act is still waited for: "no deal until the two meet"."""
    return bool(_UNTIL.search(before[-50:]))


def undone(within: str) -> bool:
    """Tell whether the words of an act without a verb undo it: "Iran rejected talks with"."""
    return bool(_UNDONE.search(within) or _WANTED.search(within))


def another_does_it(before: str, gap: str) -> bool:
    """Tell whether a verb is not that of the phrase before it.

    ``before`` ends with that phrase's article; ``gap`` is what stands between the two.
    """
    return bool(_NOT_ITS.search(before) or (_ASKED_TO.match(gap) and before.strip()))


def conditional(before: str) -> bool:
    """Tell whether what follows ``before`` is only supposed."""
    return bool(_CONDITION.search(before[-80:]))


def claims(line: str) -> list[Claim]:
    """Find who says what in a shape, direct and indirect speech alike."""
    found: list[Claim] = []
    for match in _BEFORE.finditer(line):
        denies = re.search(r" den(?:ied|ies|ying) ", match.group()) is not None
        found.append(
            Claim(int(match["c"]), match.end() - 1, _clause_end(line, match.end()), denies)
        )
    found.extend(
        Claim(int(match["c"]), match.end() - 1, _clause_end(line, match.end()))
        for match in _PARTICIPLE.finditer(line)
    )
    found.extend(
        Claim(int(match["c"] or match["d"]), 0, match.start() + 1)
        for match in _AFTER.finditer(line)
    )
    found.extend(Claim(int(match["c"]), 0, len(line)) for match in _ACCORDING.finditer(line))
    return found


def unattributed_quote(line: str, at: int) -> bool:
    """Tell whether ``at`` lies inside quotation marks."""
    opened = [m.start() for m in _QUOTE_OPEN.finditer(line, 0, at + 2)]
    if not opened:
        return False
    closed = [m.start() for m in _QUOTE_CLOSE.finditer(line, 0, at + 1)]
    return not closed or closed[-1] < opened[-1]


def _clause_end(line: str, start: int) -> int:
    semicolon = line.find(" ; ", start)
    return semicolon if semicolon >= 0 else len(line)
