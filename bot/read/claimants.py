"""Whose claim an act is, of all that its sentence says, and what that makes of its status."""

from __future__ import annotations

import re

from bot.models import EventClass, Status
from bot.read.claims import Claim
from bot.read.fits import is_place
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Item, Phrase
from bot.read.sayings import full_name
from bot.read.shape import Shape

_SAYS_SO = re.compile(r"\b(?:said|says?) (?:it|they)\b|\bden(?:ied|ies|ying)\b")
_ANNOUNCED = re.compile(
    r"\b(?:announced|promised|pledged|vowed|confirmed)(?: [^,;<]{1,30})?(?: that)?(?: the)? $"
)
_SPOKEN_FOR = re.compile(
    r"\b(?:officials?|aides?|office|spokes\w+|campaign|administration|government|ministry|statement)"
    r"(?: (?:have|had|has) [^;:.]{1,60} (?:and|but))? (?:said|says|added)(?: that)?(?: the)? $"
)
"""Who speaks for somebody knows what he means to do."""
_SAID = re.compile(
    r"<[np]\d+>(?: (?:has|had|have|also|later|on|late|early))*"
    r" (?:said|says|added|announced|confirmed|reiterated|insisted)(?: that)?(?: the)? $"
)
_OFFERED = frozenset(
    {
        EventClass.AGREE,
        EventClass.AID,
        EventClass.CONSULT,
        EventClass.COOPERATE,
        EventClass.SUPPORT,
    }
)
"""What nobody foretells of an enemy: whoever says that a state *would* do it tells its plan."""
_ALLEGED = re.compile(
    r"\b(?:claim(?:s|ed|ing)?|alleg(?:es?|ed|ing)|accusations?|evidence|suspicions?|"
    r"rumou?rs?)(?: that)?(?: the)? $"
)
_LASTING = frozenset({EventClass.AID, EventClass.CONSULT, EventClass.COOPERATE, EventClass.MOVE})
_WAS = re.compile(r"\b(?:was|were)(?: [a-z]+ly| already| also| still| now| not)*$")
_AT_A_TIME = re.compile(r" (?:when|while|at the time|before|until|then|that (?:day|night|week)) ")
_INTENDS = re.compile(
    r"(?:^| )(?:would|will)(?: [a-z]+ly| also| not| start| begin| continue to| be)?$"
)


def attributed(
    shaped: Shape,
    pattern: Pattern,
    match: Found,
    claim: Claim | None,
    source: Phrase,
    status: Status,
) -> tuple[Phrase | None, Status]:
    """Return who says so, and what the saying makes of the status."""
    gap, before = match.groups.get("g") or "", match.line[: match.start]
    claimant = shaped.phrases[claim.phrase] if claim else None
    if claim and claim.denies:
        status = Status.DENIED
    if claimant is not None and is_place(claimant):
        claimant = None  # a namesake of whoever speaks
    if _SAYS_SO.search(gap):
        claimant = source
    elif claimant is source:
        claimant = None
    if status is Status.POSSIBLE and _INTENDS.search(gap):
        # What somebody says he would do himself, or has announced, is a plan.
        announced = _ANNOUNCED.search(before) or _SPOKEN_FOR.search(before)
        if announced is None and pattern.event_class in _OFFERED:
            announced = _SAID.search(before)
        own = claimant is not None and claimant.actors == source.actors
        status = Status.PLANNED if own or announced else status
    if status is Status.HAPPENED and claim is None and _ALLEGED.search(before[-50:]):
        status = Status.POSSIBLE
    if accuser := match.groups.get("c"):
        claimant = shaped.phrases[int(accuser)]
    return claimant, status


def as_was_said(status: Status, pattern: Pattern, match: Found, *, told: bool) -> Status:
    """Return the status of what somebody says *was* going on: it goes on as he speaks."""
    gap = match.groups.get("g") or ""
    said = told or _SAYS_SO.search(gap) is not None
    going = match.verb.endswith("ing") and _WAS.search(gap) is not None
    lasts = pattern.event_class in _LASTING or pattern.act == "investigate"
    if not (said and going and lasts) or _AT_A_TIME.search(match.line):
        return status
    if status is Status.HAPPENED:
        return Status.ONGOING
    return status


def who_says(
    shaped: Shape, claim: Claim | None, source: Phrase, claimant: Phrase | None
) -> tuple[int, int] | None:
    """Return where the text has who makes a claim, where no one actor is known for it."""
    known = shaped.phrases[claim.phrase] if claim else claimant
    if known is not None and not speaks_for_all(known, source):
        return _counted_from(shaped, known), known.end
    if known is None or known is source or (claimant and len(claimant.actors) == 1):
        return None
    if is_place(known) and not _is_namesake(shaped, known):
        return None  # "in Doha, who said": somebody before it
    return full_name(shaped, known)


def speaks_for_all(claimant: Phrase, source: Phrase) -> bool:
    """Tell whether a claim is best told as that of the actor: some officials are not their
    state, and where a named one says what his own state does, his name tells more."""
    if claimant is source:
        return True
    return not claimant.few and not (claimant.named and claimant.actors == source.actors)


def _counted_from(shaped: Shape, known: Phrase) -> int:
    at = next((n for n, one in enumerate(shaped.items) if one is known), 0)
    before = shaped.items[at - 1] if at else None
    counted = known.few and isinstance(before, Item)
    return before.start if counted and before else known.start


def beside_a_place(shaped: Shape, claim: Claim | None) -> bool:
    """Tell whether somebody speaks beside whose name only a place is read: "a clerk of Doha,
    Qatar, said"."""
    known = shaped.phrases[claim.phrase] if claim else None
    if known is None or known.letter != "n":
        return False
    return is_place(known) and not _is_namesake(shaped, known)


def _is_namesake(shaped: Shape, place: Phrase) -> bool:
    """Tell whether the name of a place is that of whoever speaks: "Austin said"."""
    items = shaped.items
    at = next(n for n, one in enumerate(items) if one is place)
    before = items[at - 1] if at else None
    return place.letter == "n" and not (isinstance(before, Item) and before.word == ",")
