"""The intent of a message: a question, the sources, other reports of a claim, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.answer.event_words import asks_for_acts
from bot.answer.followups import (
    CONVERSATION_PRONOUNS,
    LEAD_IN,
    PLURAL_PRONOUNS,
    PRONOUNS,
    RELATIVE_PERIOD,
    SINGULAR_PRONOUNS,
    WITHOUT_MARK,
    WORD,
    asks_for_more,
    is_asking,
)
from bot.answer.library import Library
from bot.answer.question import (
    LONGEST,
    Kind,
    Question,
    find_filters,
    is_function_word,
    kind_of,
    means_something,
)
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import ActorType
from bot.text.english import is_common
from bot.text.networks import encode
from bot.text.periods import find_period

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

Intent = Literal["question", "request", "help", "remark"]
"""``request`` is any other request to a bot, ``help`` asks how to use this one, or greets it, and
a ``remark`` wants no reply: *thanks*, *ok*, an emoji."""

INTENTS: tuple[Intent, ...] = ("question", "request", "help", "remark")

SURELY_NONE, NONE_IF_NOTHING_FOUND = 0.25, 0.4
"""A text with a lower probability is no question: in any case, and if the store has no answer."""

REMARK_ABOVE = 0.6
"""A text with at least this probability of being a remark gets no reply."""

NOT_FROM_NEWS = (
    "I answer questions from the news stored here, and brief you on actors and events, with quotes"
    " and sources; I do nothing else. Try: who moved to Turkey? or: Qatar since March."
)

_LETTER = re.compile(r"[^\W_]")
_EMOJI = re.compile(r":[\w+'-]+:")
"""The name of an emoji, as Slack writes it: *:thumbsup:*"""

_MARKS = " ?!.,:;()…"
_KEPT = 1_000


def intent_of(text: str, actors: ActorIndex, below: float = SURELY_NONE) -> Intent:
    """Classify a text; it is a question unless its probability is ``below`` that.

    A text that names an actor does not need the encoder.
    """
    if not text.strip(" ?\n\t"):
        return "help"
    plain = without_emoji(text)
    if not plain:
        return "remark"
    return "question" if _surely_asks(text, actors) else _learned(plain, below)


def without_emoji(text: str) -> str:
    """Return a text without emoji and outer punctuation; empty if it has no letter."""
    plain = " ".join(_EMOJI.sub(" ", text).split()).strip(_MARKS)
    return plain if _LETTER.search(plain) else ""


def _surely_asks(text: str, actors: ActorIndex) -> bool:
    if len(text) > LONGEST or asks_for_more(text) or is_asking(text):
        return True
    if kind_of(text) == "new" or asks_what_is_read(text) or asks_who_else(text) is not None:
        return True
    names = actors.in_query(text)
    if len(names) == 1 and not _LETTER.search(text.replace(names[0].text, "", 1)):
        return names[0].verdict == "sure" or names[0].matches[0].how == "exact"
    return any(one.verdict == "sure" and one.matches[0].how == "exact" for one in names)


@lru_cache(_KEPT)
def _learned(text: str, below: float) -> Intent:
    chances = dict(zip(INTENTS, probabilities(encode([text]), trained())[0], strict=True))
    if chances.pop("question") >= below:
        return "question"
    likely = max(chances, key=lambda intent: chances[intent])
    return "request" if likely == "remark" and chances["remark"] < REMARK_ABOVE else likely


def features(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the features of texts, a row each: their vectors, and the bias."""
    return np.column_stack([vectors, np.ones(len(vectors))]).astype(np.float64)


def probabilities(
    vectors: NDArray[np.floating[Any]], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a row for each vector: the probability of each of ``INTENTS``."""
    odds = features(vectors) @ weights
    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return found


@cache
def trained() -> NDArray[np.float64]:
    """Read the weights that Dragoman ships with: a row per feature, a column per intent."""
    file = resources.files("seeds").joinpath("weights", "requests.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        weights: NDArray[np.float64] = arrays["weights"].astype(np.float64)
        return weights


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
