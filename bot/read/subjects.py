"""Whether the phrase before a verb is its subject."""

from __future__ import annotations

import re

from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Phrase
from bot.read.statuses import another_does_it, asked_for
from bot.read.words import PREPOSITIONS

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: [a-z]+ly)?$")
_BARE_AFTER = re.compile(
    r"\b(?:to|do|does|did|n't|not|will|would|shall|should|can|could|may|might|must)\b"
)
IRREGULAR = frozenset(
    """
    beaten begun began bound bought broke broken brought built came caught chose chosen cut dealt
    drawn drew driven drove fell felt flew flown forbade forbidden forgave forgiven fought found
    froze frozen gave given gone got had held hit hung kept knew known laid led left lent lost made
    met outran overran overthrew overthrown paid put quit ran retaken retook said sank saw seen
    sent set shook shot shut sold sought spent split spoke spoken spread stole stolen stood
    struck sunk swore sworn taken taught thought threw thrown told took undertook urged went
    withdrawn withdrew withheld withstood won wrote written upheld agreed freed
""".split()
)
"""Past forms that do not end in ``ed``."""

_GOVERNED = re.compile(
    rf" (?:{'|'.join(sorted(PREPOSITIONS))})"
    r"(?: (?:any|all|some|most|many) of)?"
    r"(?: (?:the|a|an|its|their|his|her|two|some))?(?: [a-z-]+)?$"
)
_WANTS_VERB = re.compile(r"(?:ed|to|will|would|is|are|was|were|has|have|had|be|set|due|ready)$")
_GOVERNS = re.compile(
    r" (?:to (?!(?:what|that|which|how|see|say|show|ensure|believe|suggest|think|the|a|an|be) )"
    r"[a-z]+|(?:left|leaving|leave|met|meeting|visited|visiting|told|telling|joined|helped|accused|"
    r"defeated|blamed|urged|asked|attacked|invaded|bombed|killed|struck|entered|reached))"
    r"(?: the)? $"
)
"""Before their object: "to defeat Iran threatened", "have left Iran headed to"."""
_RELATIVE = re.compile(r" ?<[a-z]\d+>(?: ,)? (?:who|which) ")
_CLOSED = re.compile(
    r"(?: the| an?)? ?<p\d+>(?: ,)? who [^,]+ ,(?! (?:and|but|or|then|who) )[^,]*$"
)
_ALSO = re.compile(r" but (?:[a-z]+ ){0,2}$")
_STATES_OF = frozenset(
    "annexed besieged blockaded blacklisted captured embattled occupied sanctioned".split()
)
_AND_THE = re.compile(r" (?:and|or) $")
_SUBORDINATE = re.compile(
    r"^ (?!(?:in|on|at|during|for|over|by|within) [^,]{1,60} , )[^;:“”]{3,140}"
    r" (?:after|before|when|while|since|because|until)(?: the)? $"
)
_OBJECT = re.compile(r" (?:the|a|an|its|their|his|her|<[nda]\d+>|to|with)(?= |<)")
_NOUNS_TOO = frozenset(
    """
    attack strike raid protest ban target hit blast march ambush support back demand request vote
    visit threat help aid call talk offer plan storm lead fire shell bomb release move return order
    force sanction blame criticism praise host report claim trade
""".split()
)


def is_not_its_subject(pattern: Pattern, match: Found, before: str, source: Phrase) -> bool:
    """Tell whether the phrase before the verb does not do what the verb says.

    "Sinwar was killed in Rafah" and "Iran urged Israel to attack": the one suffers it, the
    other is asked for it. Only a headline begins "Iran to host talks". A bare form after
    one actor is a noun ("a Trump attack") or somebody else's verb ("saw Trump attack").
    """
    if source.few and source.plural:
        return True  # what one official does may be meant as his state's, what some do is not
    groups = match.groups
    gap, verb = (groups.get("g") or "").strip(), groups.get("v") or ""
    if another_does_it(before, gap) or _may_be_of_another(match, before):
        return True
    if source.letter == "d" and source.actors[0].startswith("person:") and not pattern.nominal:
        return True  # "opposed by Biden's rival"
    if source.letter == "p" and _is_beside(match, before):
        return True
    if (
        not pattern.nominal
        and _GOVERNS.search(before[-40:])
        and not _RELATIVE.match(match.line, match.start)
    ):
        return True
    if source.letter == "a" and _GOVERNED.search(before.rstrip()):
        return True
    if verb == "threatened" and match.verb_ahead.startswith("threatened with") and not gap:
        return True  # it is the one that suffers it
    if verb.endswith("s") and _WANTS_VERB.search(gap):
        return True  # "promised sanctions": a noun
    if pattern.name.startswith("be ") or verb.endswith(("ing", "s")):
        return False
    if _PASSIVE.search(gap) is not None:
        return True
    if _is_bare(verb) and asked_for(before) and not _BARE_AFTER.search(gap):
        return True
    return _is_bare(verb) and not _BARE_AFTER.search(gap) and _is_one(source, match)


def _may_be_of_another(match: Found, before: str) -> bool:
    """Tell whether a second verb may be that of the main clause, "Ada won after Ben had left, but
    withdrew", or tell how a town stands: "he visited Oman and besieged Basra"."""
    if match.verb in _STATES_OF and _AND_THE.search(match.line, 0, match.verb_start):
        return True
    between = match.line[match.start : match.verb_start]
    return _ALSO.search(between) is not None and _SUBORDINATE.search(before) is not None


def _is_beside(match: Found, before: str) -> bool:
    """Tell whether another than whom a *who* follows does it: "Kurds in Iraq, who fought", "the
    family of Ada, who is old, called"."""
    closed = _CLOSED.match(match.line[match.start : match.verb_start])
    return closed is not None or before.endswith((" in ", " in the "))


def _is_bare(verb: str) -> bool:
    return bool(verb) and not verb.endswith("ed") and verb.split()[0] not in IRREGULAR


def _is_one(source: Phrase, match: Found) -> bool:
    """Tell whether a phrase is a single actor, so that its verb would end in s.

    Bodies and groups may take the plural, where an object follows: "Hamas attack an outpost".
    """
    if len(source.actors) > 1:
        return False
    if source.actors[0].startswith(("person:", "office:")):
        return True
    if source.actors[0].startswith("state:") and not source.plural:
        return True
    return match.verb in _NOUNS_TOO and not _OBJECT.match(match.line, match.verb_end)
