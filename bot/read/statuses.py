"""Whether an act took place: what the words around it make of it.

The governing verb wins: *refused to meet* is no meeting, *vowed to strike* is a plan,
*denied attacking* is a denial.
"""

from __future__ import annotations

import re

from bot.models import EventClass, Status

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
_OFTEN = re.compile(
    r"\b(?:regularly|routinely|often|usually|typically|frequently|always|sometimes|occasionally|"
    r"periodically|habitually)\b"
)
_HAS = re.compile(r"\b(?:has|have)\b")
_EVERY = re.compile(
    r"[^,;:.“”]{0,60} (?:every|each)(?: (?:other|few|single|two|three|four|five|six|\d+))?"
    r" (?:day|week|weekend|month|year|summer|winter|spring|fall|night|morning|time|hour)s? "
    r"|[^,;:.“”]{0,60} (?:once|twice|three times|several times) an? (?:day|week|month|year) "
)
_ONCE_ONLY = frozenset(
    {
        EventClass.AID,
        EventClass.ASSAULT,
        EventClass.COERCE,
        EventClass.CONSULT,
        EventClass.MOBILIZE,
        EventClass.MOVE,
    }
)
"""What takes place at a time, so that a habit of it is none of its happenings."""
_LAID_OUT = re.compile(
    r" (?:announc|unveil|outlin|detail|promis|pledg|propos|approv|authori[sz]|lay|laid|lays)"
    r"(?:es|ed|s|e|ing)?(?: out)?(?: an?| its| his| her| the| another)?(?: new| more| further| additional)? $"
)
_TO_BE_PASSED = re.compile(
    r" to (?:approve|authori[sz]e|pass|provide|send|release|back|grant|increase|continue|resume)"
    r"(?: (?!(?:and|or|but) )[a-z]+){0,2} $"
)
_SAID_TO_GIVE = re.compile(r"(?:announc|approv|pledg|promis|allocat|authori[sz])")
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
_UNTIL = re.compile(r" (?:until|till)(?: [^ ,;]+){0,3} $")
_AHEAD_OF = re.compile(r" (?:before|until|till|when|once|whenever|after|as soon as)(?: the)? $")
_IF = re.compile(r"[^.;:]{0,120} (?:if|unless|should) ")
_TO_MEET = re.compile(r" to (?:meet|hold|discuss|attend|sign|see|press|talk|seek) ")
_PAID = re.compile(
    r" (?:during|after|following|on|from|ended|concluded|finished|made|paid|wrapped up|completed)(?: [^ ]+){0,4} $"
)
_FIRST_TIME = re.compile(r" will (?:also )?(?:be|mark) [^,;:]{1,40} time(?: that)?(?: the)? $")

_ASKED_TO = re.compile(r"(?:, [^,]+ , |and [a-z' -]+ )?to(?: |$)")
# "Not Iran" and "those who replaced Iran": neither does what the next verb says.
_NOT_ITS = re.compile(
    r" (?:(?:not|nor|neither)(?: the)?|(?:who|that|which)(?: (?:has|have|had|[a-z]+ly))* (?!(?:said|announced|"
    r"claimed|noted|alleged|reported|confirmed|warned|revealed|argued|insisted|believed|feared|"
    r"showed|added|suggested|indicated|need) )[a-z]+ed(?: the| a)?|<n\d+> (?:has|have|had) [a-z]+ed) $"
)


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


def as_a_habit(
    status: Status | None, event_class: EventClass, gap: str, verb: str, after: str
) -> Status | None:
    """Return the status of what would have happened, if not again and again."""
    if status is Status.POSSIBLE and gap.endswith(" would") and _EVERY.match(after):
        return None
    if status is not Status.HAPPENED:
        return status
    if not (_OFTEN.search(gap) or (_EVERY.match(after) and event_class in _ONCE_ONLY)):
        return Status.HAPPENED
    if (verb.endswith("s") and not verb.endswith("ss")) or _HAS.search(gap):
        return Status.ONGOING
    return None if event_class in _ONCE_ONLY else Status.HAPPENED


def only_announced(status: Status, verb: str, before: str) -> Status | None:
    """Return the status of aid that may be announced, and not given yet."""
    if not verb and _TO_BE_PASSED.search(before):
        return None
    laid_out = not verb and status in (Status.HAPPENED, Status.ONGOING) and _LAID_OUT.search(before)
    said = status is Status.HAPPENED and _SAID_TO_GIVE.match(verb)
    return Status.PLANNED if laid_out or said else status


def awaited(before: str) -> bool:
    """Tell whether an act is still waited for: "no deal until the two meet"."""
    return bool(_UNTIL.search(before[-50:]))


def first_of_its_kind(before: str) -> bool:
    """Tell whether an act is yet to be the first: "it will be the first time the two have met"."""
    return bool(_FIRST_TIME.search(before))


def ahead(before: str) -> bool:
    """Tell whether an act in the present tense is still to come: "once he arrives"."""
    return bool(_AHEAD_OF.search(before[-30:]))


def to_meet(before: str, after: str) -> bool:
    """Tell whether a visit is still ahead: "his visit to Doha to meet", not after, or during it."""
    return bool(_TO_MEET.match(after) and not _PAID.search(before[-60:]))


def depends(after: str) -> bool:
    """Tell whether a plan hangs on a condition that is told after it."""
    return bool(_IF.match(after))


def only_later(after: str) -> bool:
    """Tell whether what was not done was done later: "did not go until May"."""
    return bool(re.match(r"[^.,;]{0,60} until ", after))


def cancelled(after: str) -> bool:
    """Tell whether a plan was given up: "but was forced to cancel"."""
    return bool(_CANCELLED.search(after[:200]))


def asked_for(before: str) -> bool:
    """Tell whether a bare verb is only what somebody asks for: "demanded that Iran leave"."""
    return bool(_ASKED_FOR.search(before[-40:]))


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
    return bool(
        _CONDITION.search(before[-80:])
        or _SUPPOSED.search(before[-60:])
        or _NOBODY_SAYS.search(before)
        or _UNAWARE.search(before[-40:])
    )
