"""Whether the words around an act say that it took place, goes on, is planned, possible or denied.

Used for who takes and leaves an office (``succession``), whose words stand in lower case, tokens
kept apart by blanks. Facts have their status from the trained reader.
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
_CAN = re.compile(r"\b(?:can|cannot)\b")
"""What somebody is able to do he does not do yet."""
_NEVER_WAS = re.compile(r"\b(?:would|could) (?:not|never) have\b")
_TRIED = re.compile(r"\b(?:wanted|hoped|aimed|sought|tried|attempted|(?:would|could|should)(?: [a-z]+ly| not| never)? have)\b")  # fmt: skip
"""Tried, or what would have been: neither took place as far as the sentence tells."""
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|would|willing|reportedly|allegedly|possibly|perhaps|likely|appears?|appeared|seems?|seemed|"
    r"(?:said|believed|understood|thought|reported|rumou?red|alleged|suspected|feared|presumed)(?= to\b)|"
    r"(?:accused|suspected) of|blamed for)\b"
)
_CALLED_FOR = re.compile(r"\b(?:should|must)\b")
_REFUSED = re.compile(r"\b(?:refuse[sd]?|decline[sd]?|fail(?:s|ed)?)\b")
_DENIED = re.compile(r"\b(?:not|n't|never|den(?:y|ies|ied|ying))\b")
_ONGOING = re.compile(r"\b(?:continu(?:es?|ing)|ha(?:s|ve) continued|(?:is|are|still|been))\b")
_WENT_ON = re.compile(r"(?<!has )(?<!have )\bcontinued to$")
_BE_ING = re.compile(
    r"\b(?:is|are|was|were|been|being|began|begins?|begun|starts?|started|continu\w+)\b"
)
_BARE_TO = re.compile(r"(?:^|\s)to$")
_ASIDES = re.compile(r" , [^,]* ,(?= |$)| [–—-] [^–—-]* [–—-](?= |$)")
"""What is told of the subject beside says nothing of the verb."""
_IF_ASIDE = re.compile(r" , (?:if|unless|should|provided) ")
_USED = re.compile(r"\bused to$")
_BEGUN = re.compile(r"\b(?:beg[aiu]n|begins|start(?:s|ed)) to$")
_WEIGHTY = re.compile(
    r" (?:importance of|need for|prospects? (?:of|for))(?: the)?(?: [^ <]+){0,9} $"
)
_APPARENT = re.compile(r" (?:apparent|suspected|alleged|reported|presumed|purported)(?: the)? $")
_CUT = re.compile(
    r" (?:cuts?|cutting|ends?|ending|halting|freezing|stopping|reducing)(?: the| all| its)? $"
)
_CANCELLED = re.compile(
    r" but (?:was|were|had|has|have|then|later)\b[^.;]{0,30} (?:cancel|postpon|call(?:ed)? off|scrap|abandon|blocked|stopped)"
)

# Words around an act that has no verb of its own ("talks between", "the visit to").
_AHEAD = re.compile(
    r"\b(?:will|plans? for|planned|upcoming|expected|scheduled|ahead of|before|next (?:week|month|year)|coming|"
    r"set to|due to|prepar\w+ for|agreed to|invitation|to (?:hold|host|attend|resume|begin|start|visit)|later this)\b"
)
_WANTED = re.compile(
    r"\b(?:call\w* for|urg\w+|demand\w*|need for|propos\w+|offer\w*|push\w* for|possib\w+|potential|prospects?|"
    r"could|may|might|would|hop\w+|seek\w*|want\w*|end to|halt|stop|against further|threat\w*|fears? of|avoid|prevent|"
    r"warn\w*|any|allow\w*|help\w*|facilitat\w+|importance of|talks (?:for|on)|examin\w+|consider\w*|weigh\w*|mull\w*|try\w*|trying|efforts?)\b"
)
_WOULD = re.compile(r"(?: (?:,|and|<[npdav]\d+>))*(?: [a-z]+){0,2} (?:could|may|might|would) ")
_TO_COME = re.compile(
    r"(?<! helped)(?<! managed)(?<! able) to (?:reach|hammer|negotiate|seek|find|forge|draft|propose|"
    r"discuss|broker|make|finalize|finalise|conclude|secure|work|get|achieve|mediate)(?: out| on| for)?"
    r"(?: [a-z-]+){0,4} $"
)
_GOES_ON = re.compile(r" (?:ongoing|continuing|continued|unrelenting|persistent)(?: the)? $")
_SPOKEN_OF = re.compile(
    r" (?:remarks?|comments?|statements?|questions?|debates?|concerns?|views?|tweets?|posts?|positions?)"
    r" (?:regarding|about|on|over|concerning)(?: the| his| her| their| its)? $"
)
"""What somebody has spoken of nobody tells."""
_DUE = re.compile(r" due to(?: an?| the)? $")
_UNDONE = re.compile(
    r"\b(?:no|not|without|cancel\w*|postpon\w*|call\w* off|suspend\w*|reject\w*|refus\w*|rul\w+ out|den(?:y|ies|ied)|"
    r"fail\w*|stall\w*|intercept\w*|foil\w*|thwart\w*|put off|shelved|scrapped)\b"
)
_CONDITION = re.compile(
    r"(?:^| )(?:if|unless|whether|in case|condition that|provided that|so long as|in the event that|in the event|should|"
    r"as though) |(?:^|,|;|and|that) (?:had|were) $"
)
_SUPPOSED = re.compile(
    r" (?:idea|finding|prospect|possibility|fears?|hopes?|suggestions?|speculation|rumou?rs?|notion|chances?|risk|"
    r"likelihood|odds|insinuations?|theory|theories|conspiracy|myth|hoax|scenario|imagine|suppose|pretend(?:s|ed|ing)?|"
    r"unlikely|doubts?|doubted|hop(?:e|es|ed|ing)|fear(?:s|ed)|wish(?:es|ed)?)(?: [a-z]+){0,3}? that(?: the)? $"
    r"| (?:disput|dismiss|reject|refut|downplay)(?:es|ed|s|ing|e) (?:[a-z]+ ){1,4}that"
    r"(?: the| he| she| it| they)?(?: [a-z]+){0,2} $"
    r"| (?:unlikely|doubtful|impossible)(?: the)? $"
    r"| which [a-z]+(?: the)? $| (?:not|[a-z]*n't|never) [a-z]+ that(?: the)? $"
    r"| (?:not|[a-z]*n't|never) (?:optimistic|confident|sure|certain|convinced|expecting)(?: that)?(?: the)? $"
    r"| (?:not|[a-z]*n't|never) (?:expect|say|said|think|believe|believed|claim|know|confirm|prove|mean|agree)(?: the)? $"
)
_NOBODY_SAYS = re.compile(
    r" (?:no one|nobody|none|not one|neither|few)(?: [^ .;:]+){0,8}? (?:said|say|says|saying|think|thinks|thought|"
    r"believes?|believed|claims?|claimed|expects?|expected|suggested|suggests?)(?: [^ .;:]+){0,3} $"
)
_UNAWARE = re.compile(
    r" (?:no|any|little|without)(?: [a-z]+)? (?:warnings?|notice|idea|inkling|hints?|clue|knowledge) that(?: the)? $"
)
"""What somebody has no warning of may have come all the same."""
_ASKED_FOR = re.compile(
    r" (?:demand|ask|urg|request|insist|propos|recommend|suggest|requir|prefer|order|want|let|make|help|see|saw|watch|"
    r"have|had)(?:s|e|es|ed|ing)?(?: that)?(?: the)? $"
)
_AHEAD_OF = re.compile(r" (?:before|until|till|when|once|whenever|after|as soon as)(?: the)? $")
_IF = re.compile(r"[^.;:]{0,120} (?:if|unless|should) ")


def status_of(gap: str, verb: str) -> Status | None:
    """Read the status off the words between subject and verb; None is no statement at all.

    ``gap`` holds adverbs, auxiliaries and governing verbs; ``verb`` the form that stands.
    """
    if _IF_ASIDE.search(gap):
        return Status.POSSIBLE
    gap = _ASIDES.sub(" ", gap)
    if _REFUSED.search(gap) or _NEVER_WAS.search(gap) or _CAN.search(gap):
        return None
    if _DENIED.search(gap):
        return Status.DENIED
    if _CALLED_FOR.search(gap):
        return Status.CALLED_FOR
    if _TRIED.search(gap):
        return None
    begun = ((_USED, Status.HAPPENED), (_WENT_ON, Status.HAPPENED), (_BEGUN, Status.ONGOING))
    for told, status in begun:
        if told.search(gap):
            return status
    if _WISHED.search(gap):
        return Status.POSSIBLE if _BARE_TO.search(gap) else None
    if _POSSIBLE.search(gap):
        return Status.POSSIBLE
    return Status.PLANNED if _PLANNED.search(gap) else _plain(gap, verb)


def _plain(gap: str, verb: str) -> Status | None:
    """Read the status of a verb that nothing governs."""
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
    near = _DUE.sub(" ", before)[-60:]
    if _SPOKEN_OF.search(before):
        return None
    if _GOES_ON.search(before):
        return Status.ONGOING
    if past:
        near = near[-30:].replace(" before ", " ").replace(" ahead of ", " ")
    if _UNDONE.search(near) or _UNDONE.search(after[:30]):
        return None
    if _CUT.search(before) or _TO_COME.search(before) or _WEIGHTY.search(before):
        return None
    if _APPARENT.search(before):
        return Status.POSSIBLE
    if _WANTED.search(near) or _WOULD.match(after):
        return None
    if _AHEAD.search(near) or re.match(
        r"[^.,;]{0,30} (?:will|set to|scheduled|expected|due to|in the coming|next (?:week|month|year)) ",
        after,
    ):
        return Status.PLANNED
    return Status.HAPPENED


def ahead(before: str) -> bool:
    """Tell whether an act in the present tense is still to come: "once he arrives"."""
    return bool(_AHEAD_OF.search(before[-30:]))


def depends(after: str) -> bool:
    """Tell whether a plan hangs on a condition that is told after it."""
    return bool(_IF.match(after))


def cancelled(after: str) -> bool:
    """Tell whether a plan was given up: "but was forced to cancel"."""
    return bool(_CANCELLED.search(after[:200]))


def asked_for(before: str) -> bool:
    """Tell whether a bare verb is only what somebody asks for: "demanded that Iran leave"."""
    return bool(_ASKED_FOR.search(before[-40:]))


def undone(within: str) -> bool:
    """Tell whether the words of an act without a verb undo it: "Iran rejected talks with"."""
    return bool(_UNDONE.search(within) or _WANTED.search(within))


def conditional(before: str) -> bool:
    """Tell whether what follows ``before`` is only supposed."""
    return bool(
        _CONDITION.search(before[-80:])
        or _SUPPOSED.search(before[-60:])
        or _NOBODY_SAYS.search(before)
        or _UNAWARE.search(before[-40:])
    )


# --- what a sentence leaves open: reportedly, it seems that, if confirmed ------------------------

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


_COUNTED = re.compile(r" according to ")


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
