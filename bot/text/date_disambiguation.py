"""Whether words that may be a date are meant as one where they stand: *May*, *March*, *2000*."""

from __future__ import annotations

import re

from bot.text.days import WEEKDAYS, Days
from bot.text.holidays import NAMES
from bot.text.lazy import LazyPattern
from bot.text.numbers import RANK_WORDS, YEAR_WORDS
from bot.text.phrases import Phrase
from bot.text.verbs import is_ing, is_past

FROM = frozenset(
    (
        "since", "ever since", "starting", "beginning", "on or after", "not before",
        "no earlier than", "not earlier than",
    )
)  # fmt: skip
_WORD = re.compile(r"\w+")
_PLAIN = {"in", "during", "throughout", "over"}
_POINTERS = {
    "during",
    "throughout",
    "on",
    "since",
    "until",
    "till",
    "before",
    "after",
    "by",
    "from",
    "over",
}
_POSSESSIVE = re.compile(r"['’]s\b")
_MODAL = {"may", "march"}
SURE_MONTH = re.compile(
    r"feb(?:ruary)?|january|july|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# A number or a feast: a day only where a preposition says so.
_POINT = LazyPattern(rf"(?:the\s)?(?:\d\d?(?:st|nd|rd|th|[/.-]\d)|(?:{RANK_WORDS})$)|{NAMES}\b")
_AND_ON = re.compile(
    r"\s(?:onwards?|(?:and|or)\s(?:later|after|beyond|earlier|before))\b(?!\s\w)", re.IGNORECASE
)
# What makes a year a count, and a day the name of an event.
_COUNTED = re.compile(
    r"\s(?:hundred|countries|attacks|people|troops|soldiers|fighters|men|women|children|dead|deaths|cases|civilians|votes"
    r"|dollars|euros|pounds|years|days|km|kilomet\w+|miles|met\w+|tons|tonnes|missiles|drones"
    r"|rockets|prisoners|hostages|refugees|villages|homes|others|more|million|billion)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\s(?:attacks?|massacre|assault|riots?|insurrection|committee|movement|bridge|war"
    r"|agreement|coup|revolution|uprising|bombings?|group|organi[sz]ation|hostages?)\b",
    re.IGNORECASE,
)
_PAPER = re.compile(r"\s(?:Times|Telegraph|Herald|Mail|Express|Mirror|Post|People)\b")
_NAMED_DAY = re.compile(r"\b(?:black|good|bloody|super|ash|fat|holy)\s$", re.IGNORECASE)
_BLACK = re.compile(r"\bblack\s$", re.IGNORECASE)  # Black September
_ARTICLE = re.compile(r"\b(?:an?|the)\s$", re.IGNORECASE)
_OUTLET = re.compile(r"\b[A-Z]\w+\s$")
_NUMBERED = re.compile(
    r"\b(?:(?:resolution|vision|agenda|expo|flight|article|section|order|decree|number|no\.)\s"
    r"|(?:act|law|treaty|accords?|code|constitution)\sof\s)$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|won['’]t|shall|going\sto|to\sbe|book|arrange|reserve|remind|schedule|let['’]?s|upcoming"
    r"|set\s(?:up|ooo)|(?:wants?|hopes?|plans?|intends?|aims?|vows?|pledges?|threatens?)\sto"
    r"|(?:is|are)\s(?:not\s)?to|(?:is|are|be)\sset(?=\s?$)|expires?|(?:would|could|might)(?!(?:n['’]t|\snot)?\shave)"
    r"|(?<!in\s)(?<!of\s)(?<!and\s)(?<!last\s)may\s(?!and\b|or\b|\d)(?=[a-z])"
    r"|(?P<due>due|expected|scheduled|planned|slated|set\s(?:for|to)|coming))\b|['’]ll\b",
    re.IGNORECASE,
)
"""Words that tell of what is to come; what was ``due`` is over, for all one knows."""
_WAS = re.compile(r"\b(?:was|were|been)\s(?:(?:not|also|still|\w+ly)\s)?$", re.IGNORECASE)
_IS_DOING = re.compile(r"\b(?:is|are|am|whos|who['’]s)\s(?:\S+\s){0,3}?(\w+ing)\b", re.IGNORECASE)
_DONE = frozenset({"did", "had", "was", "were"})
_CLAUSE = re.compile(
    r"[;:,]|\b(?:that|which|who(?!['’]s)|whom|what|after|before|when|because|since|while|where|as)\b",
    re.IGNORECASE,
)
_SPELLED = LazyPattern(rf"{YEAR_WORDS}|\d{{4}}\s(?:and|or|&)\s\d{{4}}")


def to_come(before: str, after: str = "") -> bool:
    """Whether what stands around a phrase tells of something that is yet to come.

    The clause of the phrase decides; if that tells neither, the one before it, and for a phrase
    that opens its sentence the one after it.
    """
    sentence = re.split(r"[.?!]", before)[-1]
    clauses = [part for part in _CLAUSE.split(sentence) if part.strip()]
    following = [part for part in _CLAUSE.split(re.split(r"[.?!]", after)[0]) if part.strip()]
    for clause in (*reversed(clauses), *(following[:1] if not clauses else ())):
        if _comes(clause):
            return True
        if any(word in _DONE or is_past(word) for word in _WORD.findall(clause.lower())):
            return False
    return False


def _comes(clause: str) -> bool:
    doing = _IS_DOING.search(clause)
    if doing and is_ing(doing[1].lower()):
        return True
    cues = _TO_COME.finditer(clause)
    return any(not (cue["due"] and _WAS.search(clause, 0, cue.start())) for cue in cues)


def believed(text: str, begin: int, prefix: str, found: Phrase) -> bool:
    """Whether a phrase is meant as a time where it stands."""
    words, before, after = text[begin : found.end], text[:begin], found.end
    if _is_name(words, before, text[after:], found):
        return False
    if not found.weak:
        return True
    if words.isdigit() or _SPELLED.fullmatch(words):  # a year, or a count
        if _COUNTED.match(text, after):
            return False
        alone = not _WORD.match(text, after + 1) or bool(_POSSESSIVE.match(text, after))
        return bool(prefix) or alone or bool(_AND_ON.match(text, after))
    word = words.lower().rstrip(".")
    if word.startswith(("in ", "within ")):  # from now, if of what is to come
        return bool(to_come(before))
    if word.endswith((" day", " eve", "halloween")):
        return True
    if word in _MODAL:
        return _is_month(words, prefix)
    if _POINT.match(word):
        alone = not _WORD.match(text, after + 1)
        if word.startswith("the "):  # I'll be back the 12th
            return prefix in _POINTERS | {"for"} or bool(to_come(before))
        # On 4-2; but "won 4-2" and "hit 3.5" are no days.
        told = "/" in word and bool(to_come(before))
        return prefix in _POINTERS or (alone and (told or not word[0].isdigit()))
    if SURE_MONTH.fullmatch(word):
        return bool(prefix) or len(word) > 4
    if word[:3] in ("sat", "sun", "mon", "wed", "wen", "tue", "thu", "fri"):
        return prefix in {"on", "since", "until", "till", "before", "after", "by"}
    return prefix not in ("", "by", "of", "on", "for")


def _is_month(word: str, prefix: str) -> bool:
    """Whether *May* or *March* is meant as a month."""
    if word == "March" and prefix in _POINTERS:
        return True  # few are named so
    sure = prefix in _PLAIN | FROM or prefix in ("until", "till", "before")
    return sure and (word[0].isupper() or prefix != "before")


def _is_name(words: str, before: str, after: str, found: Phrase) -> bool:
    """Whether a date is the name of something else: *the October 7 attack*, *USA Today*."""
    if words == "Today":
        return bool(_OUTLET.search(before))
    if words.lower() in WEEKDAYS:
        return bool(_NAMED_DAY.search(before) or _PAPER.match(after))
    if words.isdigit():
        return bool(_NUMBERED.search(before))
    if _BLACK.search(before):
        return True
    yearless = not isinstance(found.when, Days)
    return yearless and bool(_EVENT.match(after) or _ARTICLE.search(before))
