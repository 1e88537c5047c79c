"""What a sentence leaves open of an act: *reportedly*, *it seems that*, *if confirmed*."""

from __future__ import annotations

import re

_ADVERBS = (
    r"(?:reportedly|allegedly|purportedly|supposedly|apparently|seemingly|presumably|probably|"
    r"perhaps|maybe|possibly|ostensibly|conceivably|arguably|potentially)"
)
_IN_CLAUSE = re.compile(rf" {_ADVERBS} ")
_OPENING = re.compile(
    r" (?:it|there|that|this) (?:is|was|are|were|has been|have been|remains)(?: (?:also|still|even|"
    r"[a-z]+ly))?(?: an?| some| no)? (?:possible|likely|probable|plausible|conceivable|unclear|"
    r"uncertain|thought|believed|feared|said|reported|alleged|rumou?red|understood|suspected|"
    r"assumed|signs?|indications?|suggestions?|hints?|speculation|rumou?rs?|claims?|allegations?|"
    r"fears?|concerns?|chances?|evidence)(?: that)? "
    r"| it (?:also |now )?(?:seems?|seemed|appears?|appeared|looks?|looked)"
    r"(?: as if| as though| like)?(?: that)? "
    r"| (?:explanation|possibility|theory|suspicion|assumption|speculation|scenario|hypothesis)"
    r" (?:is|was|being|has it|goes|went)(?: that)? "
    r"| (?:i|we|you|people|many|some|others) (?:also |now |still )?(?:think|thought|believe|"
    r"believed|guess|suppose|suspect|assume|imagine|feel|felt|hope|fear)(?: that)? "
    r"| in what (?:[a-z]+ )?(?:appears?|appeared|seems?|seemed|looks?|looked|may|might|could)"
    r"(?: [a-z]+)? (?:be|been|like) "
    r"| what (?:appears?|appeared|seems?|seemed|may|might) (?:to )?(?:be|have been) "
)
_AFTER = re.compile(
    r" (?:, )?(?:if (?:[a-z]+ ){0,3}?(?:true|confirmed|verified|proven|correct|accurate|right)|"
    r"(?:but|though|although) (?:[a-z]+ ){0,4}?(?:could not|cannot|can not|has not been|"
    r"have not been|was not|were not)(?: [a-z]+){0,2} (?:confirmed|verified|confirm|verify)) "
)
_CLAUSE = re.compile(r" ; | : | , (?:but|while|whereas|although|though|and) ")
_DOUBTED = re.compile(
    r" (?:apparent|suspected|alleged|reported|presumed|purported|possible|rumou?red|unconfirmed) $"
)
_OTHER = re.compile(r"[,“”\":]| (?:that|who|which) ")
_OPENING_REACH, _NEAR = 24, 18
"""Characters."""


_SINCE = re.compile(r" since(?: the)? $")
_AMID = re.compile(
    r" (?:amid|despite|since|about|because of)(?: the| its| their)?(?: [a-z]+(?:ed|ing))? $"
)


_DAYS_AFTER = re.compile(r" (?:days?|hours?|weeks?|months?|years?) after(?: the)? $")
_COUNTED = re.compile(r" according to ")
_WROUGHT = re.compile(
    r"[^,;:.]{0,60} (?:has|have)(?: [a-z]+){0,2} (?:forced|displaced|driven|left|killed|caused|"
    r"destroyed|sent|pushed|triggered|wounded|cost)(?= )"
)
"""What an act that all know of has done, so that somebody counts it."""


def told_as_known(before: str, verb: str, after: str) -> bool:
    """Tell whether an act is told as what all know of, whoever says what came of it: "prices
    rose, they said, since Iran attacked", "amid Iran's support for"."""
    if not verb:
        caused = _WROUGHT.match(after) is not None and _COUNTED.search(after) is not None
        return caused or _AMID.search(before) is not None
    if verb.endswith(("s", "ing")):
        return False
    dated = _DAYS_AFTER.search(before) and _COUNTED.search(after)
    return bool(dated or _SINCE.search(before))


def hedged(line: str, start: int, end: int) -> bool:
    """Tell whether the clause of an act, from ``start`` to ``end``, leaves open whether it was."""
    opens = 0
    for boundary in _CLAUSE.finditer(line, 0, start + 1):
        opens = boundary.end() - 1
    if _DOUBTED.search(f"{line[opens:start].rstrip()} ") or _AFTER.search(line, end - 1):
        return True
    for said in _OPENING.finditer(line, opens, start + 1):
        if _governs(line[said.end() : start], _OPENING_REACH):
            return True
    for nearest in _IN_CLAUSE.finditer(line, opens, end + 1):
        if nearest.end() > start or _governs(line[nearest.end() : start].lstrip(" ,"), _NEAR):
            return True
    return _IN_CLAUSE.match(line, end - 1) is not None


def _governs(between: str, reach: int) -> bool:
    """Tell whether nothing but the rest of a subject stands between a hedge and its act."""
    return len(between) <= reach and not _OTHER.search(between)
