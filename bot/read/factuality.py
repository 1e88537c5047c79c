"""Read the status of an act from the words around it: happened, ongoing, planned, possible, denied.

Used for taking and leaving an office (``succession``); its input is in lower case, with tokens
separated by blanks. Facts get their status from the trained reader.
"""

from __future__ import annotations

import re

from bot.models import Status

_PLANNED = re.compile(
    r"\b(?:will|shall|going to|plan(?:s|ned|ning)?|intend(?:s|ed)?|vow(?:s|ed)?|pledge[sd]?|"
    r"promise[sd]?|prepar(?:es?|ing|ed)|agree[sd]?|expect(?:s|ed)?|set|due|scheduled|slated|"
    r"threaten(?:s|ed)?|ready|about(?= to)|decide[sd]?)\b"
)
_WISHED = re.compile(r"\b(?:wants?|hop(?:es?|ing)|aims?|seeks?|try|tries|trying|attempts?)\b")
_UNABLE = re.compile(
    r"\b(?:can|refuse[sd]?|decline[sd]?|fail(?:s|ed)?|(?:would|could) (?:not|never) have)\b"
)
"""Ability, refusal or failure: the sentence does not report the act."""
_TRIED = re.compile(
    r"\b(?:wanted|hoped|aimed|sought|tried|attempted|"
    r"(?:would|could|should)(?: [a-z]+ly| not| never)? have)\b"
)
"""Attempts and hypotheticals: the sentence does not say that the act took place."""
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|would|willing|reportedly|allegedly|possibly|likely|appear(?:s|ed)?|"
    r"seem(?:s|ed)?|accused of|suspected of|blamed for|"
    r"(?:said|believed|understood|thought|reported|rumou?red|alleged|suspected|feared|presumed)"
    r"(?= to\b))"
)
_CALLED_FOR = re.compile(r"\b(?:should|must)\b")
_DENIED = re.compile(r"\b(?:not|n't|never|den(?:y|ies|ied|ying))\b")
_ONGOING = re.compile(r"\b(?:continu(?:es?|ing)|ha(?:s|ve) continued|(?:is|are|still|been))\b")
_BEGUN = re.compile(r"\b(?:continu|beg[aiu]n|start)")
_BEFORE_ING = re.compile(r"\b(?:is|are|was|were|been|being|having|beg[aiu]n|start|continu)")
_BARE_TO = re.compile(r"(?:^|\s)to$")

# Around an act without a verb: "the resignation of", "his death".
_EXPECTED = re.compile(
    r"\b(?:will|plans? for|planned|upcoming|expected|scheduled|next (?:week|month|year)|coming|"
    r"set to|agreed to|later this)\b"
)
_TO_COME = re.compile(
    r"[^.,;]{0,30} (?:will|set to|scheduled|expected|in the coming|next (?:week|month|year)) "
)
_WANTED = re.compile(
    r"\b(?:call\w* for|urg\w+|demand\w*|need for|propos\w+|offer\w*|push\w* for|possib\w+|"
    r"potential|prospects?|could|may|might|would|hop\w+|seek\w*|want\w*|threat\w*|fears? of|"
    r"avoid|prevent|warn\w*|any|consider\w*|weigh\w*|mull\w*|try\w*|efforts?|apparent|suspected|"
    r"alleged|reported|presumed)\b"
)
_WOULD = re.compile(r"(?: [a-z]+){0,2} (?:could|may|might|would) ")
_UNDONE = re.compile(
    r"\b(?:no|not|without|cancel\w*|postpon\w*|call\w* off|suspend\w*|reject\w*|refus\w*|"
    r"rul\w+ out|den(?:y|ies|ied)|fail\w*|foil\w*|thwart\w*|put off)\b"
)
_NEAR_NOUN = 30
"""Characters before and after such an act that are examined."""

_CONDITION = re.compile(
    r"(?:^| )(?:if|unless|whether|in case|condition that|provided that|so long as|in the event|"
    r"should|as though) |(?:^|,|;|and|that) (?:had|were) $"
)
_NEAR_CONDITION = 80


def status_of(gap: str, verb: str) -> Status | None:
    """Read the status from the words between subject and verb; None if it is not reported.

    ``gap`` holds adverbs, auxiliaries and governing verbs; ``verb`` is the form in the sentence.
    """
    if _UNABLE.search(gap):
        return None
    if _DENIED.search(gap):
        return Status.DENIED
    if _CALLED_FOR.search(gap):
        return Status.CALLED_FOR
    if _TRIED.search(gap):
        return None
    if _WISHED.search(gap):
        return Status.POSSIBLE if _BARE_TO.search(gap) else None
    if _POSSIBLE.search(gap):
        return Status.POSSIBLE
    if _PLANNED.search(gap):
        return Status.PLANNED
    if verb.endswith("ing"):
        if not _BEFORE_ING.search(gap):
            return None
        return Status.ONGOING if _ONGOING.search(gap) else Status.HAPPENED
    if _BARE_TO.search(gap):
        return Status.ONGOING if _BEGUN.search(gap) else Status.PLANNED
    return Status.HAPPENED


def nominal_status(before: str, after: str) -> Status | None:
    """Read the status of an act without a verb from its context; None if it is not reported.

    *Before* and *ahead of* such an act (a death, a resignation) do not make it a plan.
    """
    near = before[-_NEAR_NOUN:]
    if _UNDONE.search(near) or _UNDONE.search(after[:_NEAR_NOUN]):
        return None
    if _WANTED.search(near) or _WOULD.match(after):
        return None
    planned = _EXPECTED.search(near) or _TO_COME.match(after)
    return Status.PLANNED if planned else Status.HAPPENED


def conditional(before: str) -> bool:
    """Return whether what follows ``before`` is only hypothetical."""
    return _CONDITION.search(before[-_NEAR_CONDITION:]) is not None


# --- what a sentence leaves open: reportedly, it seems that, if confirmed ------------------------

_IN_CLAUSE = re.compile(
    r" (?:reportedly|allegedly|purportedly|supposedly|apparently|seemingly|presumably|probably|"
    r"perhaps|maybe|possibly|potentially) "
)
_OPENING = re.compile(
    r" (?:it|there|that|this) (?:is|was|are|were|has been|have been)(?: (?:also|still|even|"
    r"[a-z]+ly))?(?: an?| some| no)? (?:possible|likely|probable|unclear|thought|believed|feared|"
    r"said|reported|alleged|rumou?red|suspected|speculation|rumou?rs?|claims?|fears?|evidence)"
    r"(?: that)? "
    r"| it (?:also |now )?(?:seem|appear|look)(?:s|ed)(?: as if| as though| like)?(?: that)? "
    r"| (?:i|we|you|people|many|some|others) (?:think|thought|believed?|guess|suppose|suspect|"
    r"hope|fear)(?: that)? "
)
_UNCONFIRMED = re.compile(
    r" (?:, )?(?:if (?:[a-z]+ ){0,3}?(?:true|confirmed|verified|correct)|"
    r"(?:but|though|although) (?:[a-z]+ ){0,4}?(?:could not|cannot|has not been|have not been|"
    r"was not|were not)(?: [a-z]+){0,2} (?:confirmed|verified|confirm|verify)) "
)
_CLAUSE = re.compile(r" ; | : | , (?:but|while|whereas|although|though|and) ")
_OTHER_SUBJECT = re.compile(r"[,“”\":]| (?:that|who|which) ")
_OPENING_REACH, _ADVERB_REACH = 24, 18
"""Characters."""


def hedged(line: str, start: int, end: int) -> bool:
    """Return whether the clause of an act, ``start`` to ``end``, leaves open if it happened."""
    opens = 0
    for boundary in _CLAUSE.finditer(line, 0, start + 1):
        opens = boundary.end() - 1
    if _UNCONFIRMED.search(line, end - 1) or _IN_CLAUSE.match(line, end - 1):
        return True
    hedges = (
        (hedge.end(), reach)
        for pattern, reach in ((_OPENING, _OPENING_REACH), (_IN_CLAUSE, _ADVERB_REACH))
        for hedge in pattern.finditer(line, opens, start + 1)
    )
    return any(_governs(line[first:start].lstrip(" ,"), reach) for first, reach in hedges)


def _governs(between: str, reach: int) -> bool:
    """Return whether only the rest of a subject stands between a hedge and its act."""
    return len(between) <= reach and not _OTHER_SUBJECT.search(between)
