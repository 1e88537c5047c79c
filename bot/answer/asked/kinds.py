"""What kind of question a text asks, by the words that it begins with or is built around."""

from __future__ import annotations

import re
from typing import Literal

from bot.text.verbs import is_past

Kind = Literal[
    "who",
    "what",
    "when",
    "where",
    "how many",
    "did",
    "statement",
    "why",
    "is it true",
    "who said",
    "said",
    "versus",
    "how often",
    "who has not",
    "planned",
    "still",
    "last",
    "new",
    "between",
]
"""``said`` is what somebody said, ``who said`` by whom something was; ``who has not`` asks for
those of whom nothing is told; ``last`` when something was last; ``new`` what there is of late."""

Tense = Literal["now", "past", "coming", "period"]
"""What a question is about: how things stand, what happened, what is to come, or what was in the
days that it names."""

_AUXILIARY = (
    "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|shall|may|might|must"
)
_NOT = (
    r"(?:n['’]?t|\snot)\b|(?:has|have|is|are)\s(?:yet\sto|never|still\sto)\b|\bnever\b|\byet\sto\b"
)
_SPOKE = r"(?:say|says|said|saying|stated?|claim(?:s|ed)?|told|tell|think|thinks|thought)"
_ACTS = "meetings?|visits?|talks|calls?|attacks?|strikes?|summits?|airstrikes?|raids?|bombings?"
_ACT = rf"(?:{_ACTS})"

# In this order: the first that fits is the kind.
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "why",
        r"(?:so\s|and\s|but\s)?(?:why\b|how\scome\b|what(?:['’]s|\s(?:is|was|are|were))\sthe\s"
        r"(?:reasons?|causes?|motives?)\b|what\s(?:made|caused|led|prompted)\b"
        r"|for\swhat\sreason\b|(?:the\s)?reasons?\s(?:for|why)\b)",
    ),
    (
        "is it true",
        r"(?:(?:is|was)\s(?:it|this|that)\s(?:really\s|actually\s)?(?:true|correct|confirmed|a\sfact"
        r"|the\scase)\b|(?:true|fact)\s?or\s?(?:false|fiction)\b|did\s.{1,60}?\s(?:really|actually)\b"
        r"|(?:can|could)\s(?:you|anyone)\s(?:confirm|verify)\b|(?:confirm|verify|fact[\s-]?check)\b"
        r"|is\sit\s(?:officially\s)?confirmed\b|has\sit\sbeen\sconfirmed\b)",
    ),
    (
        "who has not",
        rf"(?:(?:who|which\s\w+(?:\s\w+)?)\s(?:else\s)?(?:has|have|did|does|do|is|are|was|were)?"
        rf"\s?(?:{_NOT})|who\s(?:else\s)?(?:has|have|did|does|do|is)(?:{_NOT}))",
    ),
    (
        "who said",
        rf"(?:who(?:\selse)?\s(?:has\s|have\s)?{_SPOKE}\b"
        r"|according\sto\swho(?:m)?\b|who\s(?:is|was)\squoted\b)",
    ),
    (
        "said",
        rf"(?:what\s(?:did|does|do|has|have|had)\b.{{1,80}}?\s{_SPOKE}\b"
        rf"|what\s.{{1,80}}?\s(?:said|says)\b|how\s(?:did|does|has|have)\b.{{1,80}}?\s(?:react|respond|comment)"
        r"(?:ed)?\b|(?:any\s)?(?:statements?|quotes?|remarks?|comments?|reactions?)\s(?:by|from|of)\b)",
    ),
    (
        "how often",
        rf"(?:how\s(?:often|frequently|many\stimes)\b|how\smany\s(?:\w+\s)?{_ACT}\b"
        rf"|(?:the\s)?(?:number|count)\sof\s(?:times|{_ACT}))",
    ),
    (
        "last",
        r"(?:when\b.{0,80}?\blast\b|(?:when|what)\s(?:is|was|were)\sthe\s(?:last|latest|most\srecent)\s"
        r"|(?:the\s)?(?:last|latest|most\srecent)\s(?:time|" + _ACTS + r")\b)",
    ),
    (
        "still",
        r"(?:(?:is|are|was|were|does|do|has|have)\b.{0,80}?\bstill\b|still\s(?:true|valid|on|holding|there)\b"
        r"|(?:has|have)\s(?:that|this|it|things)\schanged\b|.{0,80}\bstill\s(?:true|valid|holds?|holding)\b)",
    ),
    (
        "planned",
        r"(?:what(?:['’]?s|\sis|\sare)?\s(?:is\s|are\s)?(?:coming|next|planned|scheduled|ahead|upcoming"
        r"|expected|on\sthe\s(?:agenda|calendar|schedule))\b|(?:what\s(?:are|is)\s)?(?:the\s)?(?:upcoming|planned|scheduled)\b"
        r"|coming\sup\b|what\s(?:does|do)\b.{1,60}?\s(?:plan|intend)\b|what\s(?:are|is)\b.{1,60}?\splans?\b"
        r"|(?:plans|agenda|schedule|calendar)\s(?:of|for)\b|.{1,60}\s(?:coming\sup|next)\W*$)",
    ),
    (
        "between",
        r"(?:what\s(?:has\s)?(?:happen(?:ed|s)?|occurred)\sbetween\b|what\s?(?:is|['’]s)\s(?:happening"
        r"|going\son|up)\sbetween\b|relations\s(?:between|of)\b)",
    ),
    (
        "new",
        r"(?:what(?:['’]?s|\sis)\s(?:new|happening|going\son|up)\b|any\s(?:news|updates?)\b|any(?:thing)?\snew\b|(?:the\s)?latest\b"
        r"|updates?\s(?:on|about)\b|news\b|what\s(?:has\s)?(?:changed|happened|happens)\b"
        r"|what\sdid\si\smiss\b|catch\sme\sup\b)",
    ),
)  # fmt: skip
_PATTERNS = [(kind, re.compile(rf"\W*{pattern}", re.IGNORECASE)) for kind, pattern in _KINDS]
_VERSUS = re.compile(
    r"\b(?:vs\.?|versus|compared?\s(?:to|with)|differ(?:s|ed)?|disagree[sd]?)\b|^\W*compare\b"
    r"|\b(?:positions?|views?|stances?)\sof\b.{1,60}?\sand\b|^\W*where\sdo\b.{1,80}?\sstand\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"\W*(who|whom|whose|what|which|when|where|how many|how much|did|does|do|is|are|was|were"
    r"|has|have|had|will|can|could|should)(?:['’]?s)?\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|going to|plans? to|planned|upcoming|scheduled|next|coming|expected to)\b", re.I
)
_NEWEST = re.compile(
    r"\b(?:now|new|newest|latest|most recent|so far|still|yet|current(?:ly)?|today|to date"
    r"|these days|at (?:the moment|present)|any ?more)\b",
    re.IGNORECASE,
)
"""Words that ask for the newest state, whatever the tense of the verb."""
_PRESENT = re.compile(
    r"is|are|am|has|have|does|do|(?:who|what|where|when|how|why|it|that|there)['’]?(?:s|re)"
)
_PAST = frozenset("did was were had whod".split())
_WORD = re.compile(r"[\w'’]+")
_WHO = re.compile(
    rf"(?:[^:]{{0,30}}:)?\W*whom?\s+(?:(?:{_AUXILIARY})\s+)?(?:the\s+)?", re.IGNORECASE
)


_HASTY = (
    (re.compile(r"^(\W*)w(?:a|h|ha|o)t\b", re.IGNORECASE), r"\1what"),
    (re.compile(r"^(\W*)w(?:h|e|he)n\b", re.IGNORECASE), r"\1when"),
    (re.compile(r"^(\W*)(?:wh?(?:er|re)\b|were(?=\s(?:did|does|do|is|has)\b))", re.I), r"\1where"),
    (re.compile(r"^(\W*(?:the\s)?)lat(?:st|es|set)\b", re.IGNORECASE), r"\1latest"),
    (re.compile(r"\bhap(?:p?en|pn|en+)e?d\b", re.IGNORECASE), "happened"),
    (re.compile(r"^(\W*)(?:y|whi|wy)\b(?=\s(?:did|does|is|has|was|are))", re.IGNORECASE), r"\1why"),
)
"""Question words as they are typed in haste."""


def kind_of(text: str) -> Kind:
    """Tell the kind of a question; the period that it names has been taken out of it."""
    for hasty, meant in _HASTY:
        text = hasty.sub(meant, text)
    if _VERSUS.search(text):
        return "versus"
    for kind, pattern in _PATTERNS:
        if pattern.match(text):
            return kind
    match = _BEGINNING.match(text)
    return _plain_kind(match[1].lower() if match else "")


def _plain_kind(word: str) -> Kind:
    if word in ("who", "whom", "whose"):
        return "who"
    if word in ("what", "which"):
        return "what"
    if word == "when":
        return "when"
    if word == "where":
        return "where"
    if word.startswith("how"):
        return "how many"
    return "did" if word else "statement"


def looks_ahead(text: str) -> bool:
    """Whether what is yet to come is asked for."""
    return bool(_AHEAD.search(text))


def tense_of(text: str, kind: Kind) -> Literal["now", "past"]:
    """Tell whether a question that names no days, and nothing to come, is about now or the past.

    The first verb decides, but for words such as *latest*, *so far* or *still*, which ask for
    the newest state. A text that is no question is about now.
    """
    if kind == "statement" or _NEWEST.search(text):
        return "now"
    for word in map(str.lower, _WORD.findall(text)):
        if _PRESENT.fullmatch(word):
            return "now"
        if word in _PAST or is_past(word):
            return "past"
    return "now"


def after_who(text: str) -> int | None:
    """Where the words after *who did the* begin; None where the text asks for nobody."""
    match = _WHO.match(text)
    return match.end() if match else None
