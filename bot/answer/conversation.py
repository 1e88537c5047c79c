"""What a message in a conversation asks: its intent, and the question that a follow-up stands for.

A follow-up (*and Turkey?*, *when was that?*, *any deaths?*) contains some parts of a question: a
question word (*when*), an actor, a period, filters, words of its own. ``follow_up`` takes the other
parts from the previous question, in words, so that the result is parsed, shown and stored like any
other question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.answer.intents import SURELY_NONE, Intent, learned_intent, without_emoji
from bot.answer.library import Library
from bot.answer.question import (
    LONGEST,
    Kind,
    Question,
    asks_for_acts,
    blanked,
    find_filters,
    is_function_word,
    kind_of,
    means_something,
)
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import ActorType, Period
from bot.text.english import is_common, is_verb_form
from bot.text.periods import find_period

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LEAD_IN = re.compile(
    r"\W*(?:(?:and|n|or|but|also|only|just|ok|okay|so|now|thx|thanks|great|hm+)\b[\s,]*)*"
    r"(?:(?:what|how)\s?about\b|(?:the\s)?same(?:\s\w+)?\s(?=(?:for|in|with|on)\b)|(?:vs|versus)\b\.?)?"
    r"\s*(?:(?:with|for|in|from|by|to|since|until|till)\b\s*)?",
    re.IGNORECASE,
)
"""Words that mark a follow-up, and what may come between them and a name or question word."""

_TAIL = re.compile(
    r"(?:\W+(?:tho|though|then|exactly|precisely|specifically|actually|please|pls|plz|anyway|btw|lol"
    r"|in\stotal|so\sfar|overall|thanks|thx))*\W*$",
    re.IGNORECASE,
)
_ASKING_NOUNS: dict[str, str] = {
    "source": "who said", "sources": "who said", "says": "who said", "said": "who said",
    "proof": "is it true", "evidence": "is it true", "sure": "is it true", "real": "is it true",
    "true": "is it true", "confirmed": "is it true", "really": "is it true",
    "legit": "is it true", "official": "is it true", "reason": "why", "reasons": "why",
    "motive": "why", "y": "why", "date": "when", "location": "where", "place": "where",
    "number": "how many", "numbers": "how many", "figures": "how many",
    "next": "what is planned",
}  # fmt: skip
"""Words that are questions by themselves: *source?*"""

_ASKED_AS: dict[Kind, str] = {"still": "still true", "planned": "what is planned"}
_BY_THEMSELVES: frozenset[Kind] = frozenset(
    {"why", "when", "where", "who said", "how often", "is it true", "still", "planned"}
)
"""Kinds that a follow-up may turn a question into, by a word put before it."""

_WITHOUT_ACT: frozenset[Kind] = frozenset({"new", "versus", "planned"})
"""Kinds that need no act, only an actor."""

WITHOUT_MARK: frozenset[Kind] = frozenset({"statement", "did"})
"""Kinds that are a question only with a question mark, or as *did they …*."""

_COPULA = re.compile(
    r"\W*(?:who|what|where|when|how)(?:['’]?s|\s(?:is|are|was|were))\s", re.IGNORECASE
)
_EMPTY = frozenset("one ones else anyone anybody someone somebody".split())
_QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_HOW = re.compile(r"how\s\w+", re.IGNORECASE)
PRONOUNS = re.compile(r"\b(?:they|them|their|he|him|his|she|her|its|it|there)\b(?!['’])", re.I)
_PERSONAL = re.compile(r"\b(?:they|them|their|he|him|his|she|her|its)\b", re.IGNORECASE)
_ENDS_POINTING = re.compile(r"\b(?:it|that|this|he|she|they)(?:\sso)?$", re.IGNORECASE)
_ENDS_IN_PERSON = re.compile(r"\b(?:did|does|do|will|would)\s(?:he|she|they)\W*$", re.IGNORECASE)
_EVENT = re.compile(r"\b(?:it|that|this)\b", re.IGNORECASE)
SINGULAR_PRONOUNS = frozenset({"he", "him", "his", "she", "her"})
PLURAL_PRONOUNS = frozenset({"they", "them", "their"})
_ABOUT = re.compile(
    r"\b(?:it|that|this|(?:react|respon|repl|answer|comment|retaliat|den[iy]|confirm|condemn|agree"
    r"|accept|reject|object|apologi|explain|admit|welcom)\w*)\W*$",
    re.IGNORECASE,
)
"""The end of a question about a previous act: *did Iran say that?*, *has X commented?*"""

_COUNTED = re.compile(r"\W*(?:any|more|how\s(?:many|much)|which|whose)\s", re.IGNORECASE)
"""Questions for more details: *any deaths?*, *which ports?*"""

RELATIVE_PERIOD = re.compile(
    r"\W*(?:(?:and|or|but|what\s(?:about|happened))\s)*(before|prior\sto|earlier\sthan|after|since)"
    r"\s(?:that|then)\W*",
    re.IGNORECASE,
)
_RECENT = timedelta(days=14)
"""How far back *and before that?* starts after a question without a period."""

_FEW = 2
"""The most content words of a question that may need the previous one: *how many dead?*"""

_TIME = re.compile(
    r"\W*(?:since|until|before|after|between|in|on|during|last|this|past)\b", re.IGNORECASE
)
_MORE = re.compile(
    r"\W*(?:(?:and|ok|okay|please)\b\W*)?(?:(?:tell|show|give)\s(?:me|us)\s)?(?:some\s|any(?:thing)?\s)?"
    r"(?:more|go\son|(?:what|anything)\selse)(?:\s(?:details?|please))?\W*",
    re.IGNORECASE,
)
CONVERSATION_PRONOUNS = re.compile(
    r"\b(?:i|me|my|mine|we|us|our|ours|you|your|yours|u|ur)\b", re.IGNORECASE
)
"""Pronouns for people in the conversation, who are not in the news."""


def asks_for_more(text: str) -> bool:
    """Whether a post asks for the rest of the reply before it: *more*, *go on*, *what else?*"""
    return _MORE.fullmatch(text) is not None


# --- the parts of a question in a text -----------------------------------------------


class _Parts(NamedTuple):
    """The parts of a question in a follow-up.

    ``rest`` is the text with blanks for its period, filters and lead-in; ``asks`` is its question
    word or phrase, if it has no ``words`` of its own.
    """

    text: str
    rest: str
    kind: Kind
    asks: str
    names: tuple[QueryActor, ...]
    words: tuple[str, ...]
    period: str
    days: Period | None
    options: str


def _parts(text: str, actors: ActorIndex, today: date) -> _Parts:
    filters, unfiltered = find_filters(text)
    found = find_period(unfiltered, today)
    lead = LEAD_IN.match(unfiltered)
    rest = unfiltered
    if found is None and lead and lead[0].strip():  # "n March?"
        month = unfiltered[lead.end() :].strip(" ?!.")
        found = find_period(f"in {month}", today) if month.isalpha() else None
        phrase = f"in {month}" if found else ""
        rest = "" if found else rest
    else:
        phrase = unfiltered[found.start : found.end] if found else ""
        rest = blanked(rest, found.start, found.end) if found else rest
    lead = LEAD_IN.match(rest)
    rest = blanked(rest, 0, lead.end()) if lead else rest
    tail = _TAIL.search(rest)
    rest = blanked(rest, tail.start(), len(rest)) if tail else rest
    kind = kind_of(rest.strip())
    names = tuple(one for one in actors.in_query(rest, today) if one.verdict != "unknown")
    plain = rest
    for one in names:
        plain = blanked(plain, one.start, one.end)
    words = () if (asks := asked_alone(plain)) else tuple(_content(plain, kind))
    options = _options(text) if any(filters) else ""
    days = found.period if found else None
    return _Parts(text, rest, kind, asks, names, words, phrase, days, options)


def _content(text: str, kind: Kind) -> list[str]:
    words = [word.lower() for word in WORD.findall(text)]
    return [word for word in words if means_something(word, kind) and word not in _EMPTY]


def asked_alone(text: str) -> str:
    """Return the question in a short text without any other part; empty if it has other parts.

    *when was that?* asks *when*, *source?* asks *who said*.
    """
    lead = LEAD_IN.match(text)
    bare = _TAIL.sub("", text[lead.end() :] if lead else text).strip(" ?!.,")
    words = [word.lower() for word in WORD.findall(bare)]
    if not words or CONVERSATION_PRONOUNS.search(bare):
        return ""
    if _PERSONAL.search(bare) and not _ENDS_IN_PERSON.search(bare):
        return ""
    kind = kind_of(bare)
    if kind in ("statement", "did", "what"):
        nouns = [word for word in words if word in _ASKING_NOUNS]
        if nouns and not _content(" ".join(w for w in words if w not in nouns), kind):
            return _ASKING_NOUNS[nouns[0]]
    if _content(bare, kind):
        return ""
    if "else" in words and kind in ("statement", "who"):
        return "who else"
    if kind == "statement" and (asking := _QUESTION_WORD.search(bare)):
        bare, kind = bare[asking.start() :], kind_of(bare[asking.start() :])
    return _asked_as(bare, kind)


def _asked_as(bare: str, kind: Kind) -> str:
    if kind == "did":
        return "is it true" if _ENDS_POINTING.search(bare) else ""
    if kind == "statement":
        return ""
    if kind in _BY_THEMSELVES:
        return _ASKED_AS.get(kind, kind)
    if kind == "who" and re.search(r"\bdid\b", bare, re.IGNORECASE):
        return "who did"
    if kind == "how many" and (how := _HOW.match(bare)):
        return how[0].lower()
    return bare


def is_asking(text: str) -> bool:
    """Return whether a text is a question by itself; ambiguous words need a question mark."""
    asks = asked_alone(text)
    kind = kind_of(text)
    if not asks or kind in ("what", "new"):
        return False
    return kind not in WITHOUT_MARK or "?" in text or bool(_QUESTION_WORD.search(text))


# --- a complete question -------------------------------------------------------------


def follow_up(previous: str, text: str, actors: ActorIndex, today: date) -> str:
    """Complete a text typed after the question ``previous``.

    Its parts replace those of the previous question, whose other parts (actors, act, period) are
    kept. A text that is complete, or too long to be a question, is returned unchanged.
    """
    if len(text) > LONGEST:
        return text
    given = _parts(text, actors, today)
    previous = _without_asking(previous)
    before = _parts(previous, actors, today)
    for one in before.names:
        if one.text == "us":  # a state only if a question begins with it
            previous = f"{previous[: one.start]}US{previous[one.end :]}"
    asked = " ".join(_completed(given, before, previous, actors, today).split())
    return asked if len(asked) <= LONGEST else text


def _without_asking(previous: str) -> str:
    """Return a previous question without the prefix of an earlier follow-up: *when: …*"""
    asks, colon, rest = previous.partition(": ")
    return rest if colon and asked_alone(asks) else previous


def _completed(
    given: _Parts, before: _Parts, previous: str, actors: ActorIndex, today: date
) -> str:
    if (relative := _relative(given, before, today)) is not None:
        return _with_period(previous, relative, today)
    if given.names and not given.words and _is_complete(given):
        return given.text
    speaks = given.kind == "said" and bool(given.names)
    if given.words or speaks or (_PERSONAL.search(given.rest) and not given.asks):
        return _complete_with_previous(given, before, previous, today)
    if not (given.asks or given.names or given.period or given.options):
        return given.text
    asked = _with_names(previous, given, actors, today) if given.names else previous
    asked = _with_period(asked, given.period, today) if given.period else asked
    return f"{given.asks}: {asked} {given.options}" if given.asks else f"{asked} {given.options}"


def _is_complete(given: _Parts) -> bool:
    """Return whether a question with names is complete: *who is X?*, *any news on X?*"""
    return given.kind in _WITHOUT_ACT or _COPULA.match(given.rest) is not None


def _complete_with_previous(given: _Parts, before: _Parts, previous: str, today: date) -> str:
    """Complete a question with words of its own by the missing parts of the previous one."""
    first = given.names[0].start if given.names else len(given.text)
    pointing = next((one for one in PRONOUNS.finditer(given.text) if one.start() < first), None)
    if given.names:
        about = _ABOUT.search(given.rest)
        leans = bool(before.words) and ((given.kind == "said" and not given.words) or about)
        if not leans and pointing and before.names and given.kind != "is it true":
            return _kept_period(_with_names_for(given.text, pointing, before), given, before)
        if not leans:
            return given.text
    elif not pointing and not _needs_previous(given):
        return given.text
    if pointing and not before.words and before.names:
        return _kept_period(_with_names_for(given.text, pointing, before), given, before)
    asked = _with_period(previous, given.period, today) if given.period else previous
    return f"{given.rest.strip()}: {asked} {given.options}"


def _needs_previous(given: _Parts) -> bool:
    """Return whether a question without names is short and plain enough to be a follow-up."""
    if len(given.words) > _FEW:
        return False
    if _COUNTED.match(given.rest) or (len(given.rest.split()) == 1 and "?" in given.text):
        return True
    is_question = given.text.rstrip().endswith("?") or given.kind != "statement"
    return is_question and all(
        asks_for_acts(word) or is_common(word) or is_verb_form(word) for word in given.words
    )


def _relative(given: _Parts, before: _Parts, today: date) -> str | None:
    """Return the period that *before that* means, in words; None for other texts."""
    found = RELATIVE_PERIOD.fullmatch(given.text)
    if found is None:
        return None
    days = before.days or Period(start=today - _RECENT, end=today)
    if found[1].lower() in ("after", "since"):
        return f"after {_in_words(days.end)}" if days.end else None
    return f"before {_in_words(days.start)}" if days.start else None


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _with_names(asked: str, given: _Parts, actors: ActorIndex, today: date) -> str:
    """Replace the last name of the same type by other names; for *did Iran?* the first.

    A name that the question already has is swapped with that one, and an office that several
    states have becomes that of the state.
    """
    before, name = actors.in_query(asked, today), given.names[0]
    new = given.rest[name.start : given.names[-1].end]
    if not before:
        return f"{asked.rstrip('?. ')} {new}"
    kind = name.matches[0].type
    alike = [one for one in before if one.matches and one.matches[0].type is kind] or before
    old = alike[0] if given.kind == "did" else alike[-1]
    if kind is ActorType.OFFICE and not name.actor and old.matches[0].type is ActorType.STATE:
        new = f"{new} of {old.text}"
    same = [one for one in before if one != old and name.actor and one.actor == name.actor]
    for one, text in sorted([(old, new), *((one, old.text) for one in same)], key=_place)[::-1]:
        asked = asked[: one.start] + text + asked[one.end :]
    return asked


def _place(change: tuple[QueryActor, str]) -> int:
    return change[0].start


def _with_period(asked: str, phrase: str, today: date) -> str:
    old = find_period(asked, today)
    if old is None:
        return f"{asked.rstrip('?. ')} {phrase}"
    return f"{asked[: old.start]}{phrase}{asked[old.end :]}"


def _kept_period(asked: str, given: _Parts, before: _Parts) -> str:
    if given.period or not before.period:
        return asked
    return f"{asked.rstrip('?. ')} {before.period}"


def _options(text: str) -> str:
    return " ".join(word for word in text.split() if ":" in word or word.startswith(("-", '"')))


def _with_names_for(text: str, pointing: re.Match[str], before: _Parts) -> str:
    """Replace pronouns with the names of the previous question."""
    word = pointing[0].lower()
    persons = [one for one in before.names if one.matches[0].type is ActorType.PERSON]
    one = (persons if word in SINGULAR_PRONOUNS and persons else before.names)[0].text
    everyone = " and ".join(one.text for one in before.names) if word in PLURAL_PRONOUNS else one
    ending = "'s" if word in ("their", "his", "its") else ""
    return f"{text[: pointing.start()]}{everyone}{ending}{text[pointing.end() :]}"


def looks_like_follow_up(text: str) -> bool:
    """Return whether a text has the form of a follow-up: *and Turkey?*, *since May*."""
    if len(text) > LONGEST:
        return False
    if asked_alone(text) and kind_of(text) != "new":
        return True
    lead = LEAD_IN.match(text)
    if lead is not None and re.match(r"\W*(?:and|n|same|what|how)\b", lead[0], re.IGNORECASE):
        return True
    points = PRONOUNS.search(text) or _EVENT.search(text)
    content = _content(text, kind_of(text))
    if (
        len(content) < _FEW
        and not CONVERSATION_PRONOUNS.search(text)
        and (points or _COUNTED.match(text))
    ):
        return bool(content)
    return _TIME.match(text) is not None and _has_period(text)


def _has_period(text: str) -> bool:
    """Return whether a text names a period."""
    return find_period(text, date(2000, 1, 1)) is not None


# --- intent -------------------------------------------------------------------------


_READ = re.compile(
    r"\W*(?:(?:so\s|and\s|but\s)?(?:what|whom?|which\s(?:sources|papers|newspapers|publishers|feeds"
    r"|outlets|sites|media)|what\s(?:sources|papers|publishers|feeds|outlets|sites|media))\s"
    r"(?:do|are|have|did|can)\s(?:you|we)\s(?:all\s)?(?:read(?:ing)?|follow(?:ing)?|use|using|know|have"
    r"|cover(?:ing)?|got|draw\son)"
    r"|(?:what|which|who)(?:\sare|['’]?re|\sis|['’]s)?\s(?:all\s)?your\s(?:sources?|feeds?|publishers?)"
    r"|where\sdo\syou\sget\s(?:your|the)\s(?:news|information|facts)(?:\sfrom)?"
    r"|(?:list|show)(?:\sme)?\s(?:all\s|your\s|the\s)*sources|sources)\W*",
    re.IGNORECASE,
)
_REPORT = (
    r"(?:report(?:s|ed|ing)?|cover(?:s|ed|ing)?|carr(?:y|ies|ied|ying)|writ(?:e|es|ing)|wrote"
    r"|say(?:s|ing)?|said|confirm(?:s|ed|ing)?|has|have|had|seen|tell(?:s|ing)?|told|r[eu]n(?:ning)?)"
)
_ELSE = re.compile(
    rf"\W*(?:(?:is|are|has|have|did|does|do|was)\s)?(?:any\s?(?:one|body|\s?\w{{0,12}})|who|which\s\w+)"
    rf"\s(?:else)(?:['’]s|\s(?:is|are|has|have|been|also|did|does))*\s{_REPORT}\b"
    r"(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WITH_LINK = re.compile(
    rf"\W*(?:(?:is|are|has|have|did|does|do|was)\s)?(?:you|we|any\s?(?:one|body)|who)"
    rf"(?:['’]s|\s(?:is|are|has|have|been|also))*\s{_REPORT}\b(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SEEN = re.compile(r"\W*(?:seen|who\selse)\b:?(?P<what>.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_BEGIN = re.compile(
    r"^(?:\W*(?:about|on|that|this|it|the\ssame|the\sstory|claim(?:ing)?)\b(?=\W))*[\s:,–—-]*",
    re.IGNORECASE,
)


def asks_what_is_read(text: str) -> bool:
    """Return whether a text asks for the sources: *what do you read?*"""
    return bool(_READ.fullmatch(" ".join(text.split())))


def asks_who_else(text: str) -> str | None:
    """Return the link or claim in *anyone else reporting this?*; None for other texts.

    Empty if the text has neither.
    """
    match = _ELSE.match(text)
    if match is None and (link := link_in(text)) is not None:
        match = _WITH_LINK.match(text) or _SEEN.match(text)
        return link if match or text.strip(" ?!.<>") == link else None
    if match is None:
        return None
    return link_in(text) or _BEGIN.sub("", f"{match['what']} ", count=1).strip(" ?!.:\"“”'")


def link_in(text: str) -> str | None:
    """Return the first web address in a text, without punctuation after it."""
    found = _LINK.search(text)
    return found.group().rstrip(".,;:!?)]}\"'”’") if found else None


# --- intents --------------------------------------------------------------------------


def intent_of(text: str, actors: ActorIndex, below: float = SURELY_NONE) -> Intent:
    """Classify a text; it is a question unless its probability is ``below`` that.

    A text that names an actor does not need the encoder.
    """
    if not text.strip(" ?\n\t"):
        return "help"
    plain = without_emoji(text)
    if not plain:
        return "remark"
    return "question" if _surely_asks(text, actors) else learned_intent(plain, below)


def _surely_asks(text: str, actors: ActorIndex) -> bool:
    if len(text) > LONGEST or asks_for_more(text) or is_asking(text):
        return True
    if kind_of(text) == "new" or asks_what_is_read(text) or asks_who_else(text) is not None:
        return True
    names = actors.in_query(text)
    if len(names) == 1 and not WORD.search(text.replace(names[0].text, "", 1)):
        return names[0].verdict == "sure" or names[0].matches[0].how == "exact"
    return any(one.verdict == "sure" and one.matches[0].how == "exact" for one in names)


# --- follow-up or talk ----------------------------------------------------------------

_OF_US = re.compile(
    r"\W*(?:please\s)?(?:(?:(?:can|could|will|would)\syou\s(?:please\s)?)?(?:tell|show|give|brief)\s"
    r"(?:me|us)|(?:what\s(?:else\s)?)?do\syou\s(?:also\s|still\s)?(?:have|know))\b"
    r"(?:\s(?:more|anything))?(?:\s(?:about|on|of))?",
    re.IGNORECASE,
)
"""Requests to a bot: *can you tell me about*, *what do you have on*."""

_CALLED = re.compile(r"\W*(?:(?P<first>\w+),\s|(?:hey|hi|hello)\b)|.*,\s(?P<last>\w+)\W*$", re.I)
"""A person addressed by name: *Tom, is it done?*"""

_DID = re.compile(r"\W*(?:and\s|but\s|so\s)?(?:did|does|has)\b", re.IGNORECASE)
_COUNTS: frozenset[Kind] = frozenset({"how many", "how often"})
_NEEDS_NOTHING: frozenset[Kind] = frozenset({"new", "planned"})
"""Kinds that may add nothing to the previous question: *any news?*"""


def continues_thread(text: str, previous: Question, library: Library) -> bool:
    """Return whether a post below an answer, by the person who asked, is a further question.

    It is if it has the form of a follow-up, or is a question that leads to stored articles: by an
    actor's name, by a pronoun for an actor of ``previous``, or by words in passages about them.
    A post that mentions *you* or *me*, or addresses somebody by name, is talk.
    """
    if not WORD.search(text) or len(text) > LONGEST:
        return False
    if asks_for_more(text) or RELATIVE_PERIOD.fullmatch(text) or is_asking(text):
        return True
    if asks_who_else(text) == "":
        return True
    frame = _OF_US.match(text)
    asked = text[frame.end() :] if frame else text
    filters, unfiltered = find_filters(asked)
    found = find_period(unfiltered, library.today)
    rest = unfiltered[: found.start] + " " + unfiltered[found.end :] if found else unfiltered
    names = [one for one in library.actors.in_query(rest, library.today) if one.actor]
    if _is_talk(rest, names):
        return False
    is_question = frame is not None or _is_question(text)
    if names or found or any(filters):
        lead = LEAD_IN.match(rest)
        if _only_names(rest, names, strict=not (is_question or (lead and lead[0].strip()))):
            return True
    return is_question and _leads_to_stored(rest, names, previous, library)


def _is_talk(text: str, names: Sequence[QueryActor]) -> bool:
    """Whether a post is about people in the conversation, or addresses one; *US* may be a state."""
    if any(not _inside(one, names) for one in CONVERSATION_PRONOUNS.finditer(text)):
        return True
    called = _CALLED.match(text)
    if called is None:
        return False
    part = "first" if called["first"] else "last" if called["last"] else ""
    if not part:
        return True
    start = called.start(part)
    inside = any(one.start <= start < one.end for one in names)
    return not inside and not is_common(called[part].lower()) and not is_function_word(called[part])


def _is_question(text: str) -> bool:
    return (
        text.rstrip().endswith("?") or kind_of(text) not in WITHOUT_MARK or bool(_DID.match(text))
    )


def _leads_to_stored(
    text: str, names: Sequence[QueryActor], previous: Question, library: Library
) -> bool:
    """Return whether a question leads to stored articles, alone or with the one before it."""
    subjects = previous.subjects
    if names:
        return True
    for word in PRONOUNS.finditer(text):
        if word[0].lower() in SINGULAR_PRONOUNS and any(
            one.type is ActorType.PERSON for one in subjects
        ):
            return True
        if word[0].lower() in PLURAL_PRONOUNS and subjects:
            return True
    return _is_stored(text, previous, library)


def _is_stored(text: str, previous: Question, library: Library) -> bool:
    """Return whether a passage has all words of a question and an actor of the previous one.

    One of the words must be an act, or part of the previous question, unless the question asks for
    a number: a large store has any ordinary words beside any name.
    """
    kind = kind_of(text)
    words = [w.lower() for w in WORD.findall(text) if means_something(w.lower(), kind)]
    if not words:
        return kind in _NEEDS_NOTHING
    stems, before = library.stems(words), library.stems(previous.terms)
    if kind not in _COUNTS and set(stems).isdisjoint(before) and not any(map(asks_for_acts, words)):
        return False
    group = frozenset[str]().union(*library.groups(previous.subjects))
    if group:
        return library.holds_all(stems, group)
    return any(library.holds_all([*stems, one]) for one in before)


def _only_names(text: str, names: Sequence[QueryActor], *, strict: bool = False) -> bool:
    """Return whether a text has only names and words like *and what about*.

    If ``strict``, such words may only come first: *Iran again* is no question.
    """
    lead = LEAD_IN.match(text)
    begin = lead.end() if lead else 0
    return all(
        (not strict and is_function_word(word.group())) or _inside(word, names)
        for word in WORD.finditer(text, begin)
    )


def _inside(word: re.Match[str], names: Sequence[QueryActor]) -> bool:
    return any(one.start <= word.start() < one.end for one in names)
