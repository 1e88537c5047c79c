"""The words of acts, and the small language in which ``patterns`` puts them together.

All lists are ours. Group names: ``s`` source phrase, ``o`` target phrase, ``w`` where (a
place or state), ``g`` the words between the subject and its verb, ``v`` the verb.
"""

from __future__ import annotations

from bot.text.verbs import forms_of

# No word may match in two ways: a run of such words would be tried in all combinations.
ADVERBS = (
    r"also|again|later|now|then|already|even|still|first|both|all|each|once|earlier|just|together|"
    r"since|never|outright|(?!(?:early|family|only|likely)\b)[a-z]{3,}ly"
)
AUXILIARIES = (
    r"is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|shall|should|"
    r"may|might|can|could|must|to|going|not|n't"
)
GOVERNORS = (
    r"plans?|planned|planning|intends?|intended|vows?|vowed|pledges?|pledged|promises?|promised|"
    r"threatens?|threatened|prepares?|preparing|prepared|agrees?|agreed|expects?|expected|set|"
    r"due|scheduled|slated|wants?|wanted|hopes?|hoped|hoping|aims?|aimed|seeks?|sought|tries|"
    r"tried|trying|attempted|attempts?|continues?|continued|continuing|begins?|began|begun|starts?|"
    r"started|refuses?|refused|declines?|declined|fails?|failed|appears?|appeared|seems?|seemed|"
    r"likely|ready|willing|about|decides?|decided|says? it|said it|says? they|said they|"
    r"denies|denied|denying|(?:said|believed|understood|thought|reported|rumou?red|alleged|suspected|"
    r"feared|presumed)(?= to )|(?:accused|suspected) of|blamed for"
)
MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|aug|sept|oct|nov|dec"
)
WHEN = (
    r"(?:early |late )?on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?|"
    r"(?:early |late )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?|"
    r"yesterday|today|tonight|overnight|(?:hours|days|weeks|months|years|a (?:day|week|month|year)) (?:later|earlier|ago)|"
    r"(?:earlier |later )?(?:this|last|next|that|the same) (?:week|weekend|month|year|morning|evening|afternoon|night|day|spring|summer|fall|autumn|winter)|"
    rf"(?:on|in) (?:{MONTH})(?: \d{{1,2}})?(?: ,)?(?: \d{{4}})?|in \d{{4}}"
)
WHERE = (
    r"(?:in|at|during|on|through|via) (?:a|an|the|his|her|its|their|this|twitter|x|truth|social|"
    r"facebook|recent|multiple|several|separate|remarks|comments|<p\d+>)"
    r"(?: (?!(?:and|or|that|who|which|said|says|is|are|was|were|as|after|before|while|because) )(?:[a-z0-9'-]+|<[pda]\d+>)){0,5}?"
)
"""Where and in what somebody does something, between the subject and its verb."""
ASIDE = r"(?: and (?:a|an|his|her|its|their|other|several|the)(?: [a-z'-]+){1,3}?(?: (?:in|of) (?:[a-z]+|<p\d+>))?| , (?![^,]* (?:said|says|and|or) )[^,;]{1,110} ,| (?:along|together) with(?: (?:[a-z'-]+|<[pda]\d+>)){1,3}| [–—-] [^–—;-]{1,110} [–—-]| (?:operating|based|gathered|meeting|speaking) (?:in|at|near)(?: the)? (?:[a-z]+|<p\d+>))"
"""What is said beside a subject: an apposition, a relative clause, brackets."""
FINITE = (
    r"(?!(?:said|says|told|tells|claim(?:ed|s)|added|adds|reported|reports|alleged|argued|indeed) )"
    r"(?:[a-z]{2,}ed|met|held|told|made|took|gave|went|came|left|sent|spoke|began|put|won|led|lost|"
    r"got|ran|drew|built|broke|brought|flew|kept|paid|saw|sought|stood|struck|threw|wrote|meets|"
    r"holds|makes|takes|gives|goes|leaves|sends|visits|wins|signs|calls|urges|praises|hit|cut|set)"
)
HERE = "\0"
"""Stands before the verb that a gap has to lead to; no stored text has one of its own."""
_MEAN = rf"(?>(?:{ADVERBS}|{AUXILIARIES}|{GOVERNORS}|{WHEN})(?= ))"
AND_ALSO = (
    rf"(?:(?: {_MEAN})* {FINITE}"
    r"(?: (?!(?:who|which|that|what|while|because|if|when|as|said|says|;|:|“|”|\"|and|but) |<n\d+> (?!(?:,|and|on|in|at|for|to|over) ))[^ ]+){0,14}"
    rf"(?: ,)? (?:and|but|then|before|after)(?= (?:also |then |later |has |have |had |[a-z]+ly )*{HERE}?[a-z]+(?:ed|s|et|eld|ade|ook|ave|ent|ame|eft|oke|an|uck|ought) ))"
)
"""What else the same subject does first: "visited Warsaw and" signed."""
GAP = rf"(?:(?: ,)? who|(?: ,)? which(?= (?:has|have) )|{AND_ALSO})?(?P<g>(?: {_MEAN})*(?:{ASIDE})?(?:(?: {_MEAN}){{0,6}}(?: {WHERE})?(?: {_MEAN}){{0,4}}))"
S = r"<(?:n|p(?=\d+>(?: ,)? (?:who|which (?:has|have)) ))(?P<s>\d+)>"
"""The subject; after a preposition only as the subject of a relative clause."""
O = r"<[np](?P<o>\d+)>"  # noqa: E741
THING = r"<[npav](?P<o>\d+)>"
STOP = (
    r"who|which|that|what|whose|where|while|after|before|when|because|although|though|if|unless|"
    r"with|by|against|from|between|said|says|but|as|than|amid|despite|over|following|and"
)
FILL = rf"(?: (?!(?:{STOP}) )[a-z0-9$€£%'‘’“”\".-]+)"
ANY = FILL.replace("|and) )", ") )")
DET = r"(?: (?:the|a|an|its|his|her|their|visiting|fellow|former))*"
_ENDS = (
    r"who|which|that|what|whose|where|while|after|before|when|because|although|though|if|unless|"
    r"with|by|against|from|between|said|says|but|as|than|amid|despite|over|following|and|or|of|in|"
    r"on|at|to|for|into|about|during|under|through|without|near|not|is|are|was|were|has|have|had|"
    r"will|would|until|since|whether|how|why|he|she|they|we|won't|doesn't|don't|didn't"
)
NP = rf"(?: (?!(?:{_ENDS}) )(?:[a-z0-9$€£%'’‘“”\".-]+|<[xdv]\d+>))"
"""A word inside a noun phrase."""
_WHOSE = (
    r"policy|policies|handling|government|leadership|leaders|actions?|conduct|treatment|"
    r"administration|presidency|regime|record|decision|use|abuse|response"
)
SOME = (
    r"(?: (?:more than|up to|at least|about|nearly|around|some|(?:tens of |hundreds of )?"
    r"(?:thousands|hundreds|dozens|scores|tens|members|positions|parts|number) of|[0-9]+|,(?= [0-9])))*"
)
THEIRS = (
    rf"(?:{SOME}{DET}{NP}{{0,2}}? <[np](?P<o>\d+)>(?! (?:'s|ally|allies|ban|-|resolutions?|membership|summit|charter|bid|economy|markets?|dollars?|history) )|"
    rf"{SOME}{NP}{{0,3}}? <[dav](?P<od>\d+)>|"
    rf"{NP}{{1,4}}? (?:by|from){DET}{NP}{{0,2}}? <[pda](?P<op>\d+)>|"
    rf"{NP}{{0,2}} (?:{_WHOSE}) of{DET} <p(?P<ow>\d+)>)?"
)
"""The object, with the actor in it if there is one: itself, its owner, or whom it is from."""


def verb(*entries: str) -> str:
    """Match any form of these verbs, as the group ``v``."""
    return f"(?P<v>{'|'.join(forms(*entries))})"


def forms(*entries: str) -> list[str]:
    """Return every form of some verbs, the longest first.

    An entry is a bare verb (``accuse``), whose past tenses are in the table of verbs, or a verb
    with the past tense and participles that count (``go:went/gone``). Raises ValueError for a
    bare verb that the table lacks.
    """
    found: list[str] = []
    for entry in entries:
        lemma, _, past = entry.partition(":")
        known = forms_of(lemma)
        if known is None and not past:
            raise ValueError(f"the table of verbs lacks {lemma!r}: write it with its past tense")
        found += [lemma, _third_person(lemma)]
        found += past.split("/") if past else known.past if known else ()
        found += known.ing if known else (lemma.removesuffix("e") + "ing",)
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _third_person(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


ACCUSING = (
    "accuse", "blame", "criticize", "criticise", "condemn", "denounce", "slam:slammed", "rebuke",
    "lambast", "lambaste", "decry", "deplore", "castigate", "fault", "chastise",
)  # fmt: skip
REQUESTING = ("urge", "ask", "request", "press", "beg:begged", "implore", "entreat", "petition")
ATTACKING = (
    "attack", "strike:struck", "bomb", "shell", "invade", "raid", "bombard", "target", "hit:hit",
    "assassinate", "storm", "ambush", "torpedo", "airstrike:airstriked", "assault", "pound",
)  # fmt: skip
LEAVING = ("leave:left", "vacate", "flee:fled", "depart", "quit:quit", "exit")
SHIFTING = ("move", "relocate", "shift", "transfer")
GOING = (
    "move", "relocate", "travel:traveled/travelled", "fly:flew/flown", "return", "head", "go:went/gone",
    "shift", "transfer:transferred", "arrive", "land",
)  # fmt: skip
SPEAKING = (
    "say:said", "emphasize", "emphasise", "stress", "express", "discuss", "tell:told", "reiterate",
    "call", "pledge", "urge", "reaffirm", "voice", "praise", "thank", "agree", "sign", "announce",
    "warn", "highlight", "underline", "condemn", "review", "raise", "address",
)  # fmt: skip
TALKS = (
    r"(?:talks|meetings?|discussions|negotiations|summit|dialogue|consultations|phone call|"
    r"telephone call|phone conversation|telephone conversation|conversation|call|audience)"
)
DEAL = (
    r"(?:agreements?|deals?|pacts?|accords?|treaty|treaties|truce|ceasefire|cease-fire|memorandum|"
    r"memoranda|mou|contracts?|protocols?|declaration|armistice)"
)
BLOW = (
    r"(?:airstrikes?|air strikes?|strikes?|attacks?|missiles?|rockets?|drones?|raids?|offensive|"
    r"invasion|bombs?|shells|bombardment|shelling|bombing|incursion|ballistic missiles?|"
    r"missile attacks?|drone attacks?|drone strikes?)"
)


TALKS_WORDS = "talks meeting meetings discussions negotiations summit dialogue consultations call conversation audience"
DEALS_WORDS = (
    "agreement agreements deal deals pact pacts accord accords treaty treaties truce ceasefire "
    "cease-fire memorandum memoranda mou contract contracts protocol declaration armistice"
)
BLOWS_WORDS = (
    "airstrike airstrikes strike strikes attack attacks missile missiles rocket rockets drone "
    "drones raid raids offensive invasion bombs bomb shells bombardment shelling bombing incursion"
)

_ALL = (
    *ACCUSING, *REQUESTING, *ATTACKING, *LEAVING, *GOING, *SPEAKING, "meet:met", "reject", "kill",
    "visit:visited", "host", "sign", "receive", "welcome", "invite", "launch", "hold:held",
)  # fmt: skip

VERBS = frozenset(forms(*_ALL))
"""Verbs that open a clause of their own where one stands right after a list of actors."""
