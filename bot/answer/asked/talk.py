"""What is posted under an answer without a mention: a follow-up, or talk among colleagues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer.asked.classes import asks_for_acts
from bot.answer.asked.fillers import is_function_word, means_something
from bot.answer.asked.filters import find_filters
from bot.answer.asked.followups import (
    HIM,
    LEAD,
    POINTS,
    RELATIVE,
    TALKERS,
    THEM,
    WITHOUT_MARK,
    WORD,
    asks_for_more,
    is_asking,
)
from bot.answer.asked.intake import asks_who_else
from bot.answer.asked.kinds import Kind, kind_of
from bot.answer.asked.question import LONGEST, Question
from bot.answer.library import Library
from bot.match.query import QueryActor
from bot.models import ActorType
from bot.text.english import is_common
from bot.text.periods import find_period

_OF_US = re.compile(
    r"\W*(?:please\s)?(?:(?:(?:can|could|will|would)\syou\s(?:please\s)?)?(?:tell|show|give|brief)\s"
    r"(?:me|us)|(?:what\s(?:else\s)?)?do\syou\s(?:also\s|still\s)?(?:have|know))\b"
    r"(?:\s(?:more|anything))?(?:\s(?:about|on|of))?",
    re.IGNORECASE,
)
"""How somebody asks a bot for something: *can you tell me about*, *what do you have on*."""

_CALLED = re.compile(r"\W*(?:(?P<first>\w+),\s|(?:hey|hi|hello)\b)|.*,\s(?P<last>\w+)\W*$", re.I)
"""Somebody called by name: *Tom, is it done?*"""

_DID = re.compile(r"\W*(?:and\s|but\s|so\s)?(?:did|does|has)\b", re.IGNORECASE)
_COUNTS: frozenset[Kind] = frozenset({"how many", "how often"})
_NEEDS_NOTHING: frozenset[Kind] = frozenset({"new", "planned"})
"""Kinds that may ask nothing beyond what was asked before: *any news?*"""


def asks_on(text: str, previous: Question, library: Library) -> bool:
    """Whether a post under an answer, by the person who asked, goes on asking.

    It does if it has the form of a follow-up, or is a question that leads to what is stored:
    by the name of an actor, by pointing at whom ``previous`` named, or by words that stored
    passages use of them. What mentions *you* or *me*, or calls somebody by name, is talk.
    """
    if not WORD.search(text) or len(text) > LONGEST:
        return False
    if asks_for_more(text) or RELATIVE.fullmatch(text) or is_asking(text):
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
        lead = LEAD.match(rest)
        if _only(rest, names, strict=not (is_question or (lead and lead[0].strip()))):
            return True
    return is_question and _leads_to_stored(rest, names, previous, library)


def _is_talk(text: str, names: Sequence[QueryActor]) -> bool:
    """Whether a post speaks of those who talk, or calls one of them; *US* may be a state."""
    if any(not _inside(one, names) for one in TALKERS.finditer(text)):
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
    """Whether a question is about what is stored, itself or together with the one before it."""
    subjects = previous.subjects
    if names:
        return True
    for word in POINTS.finditer(text):
        if word[0].lower() in HIM and any(one.type is ActorType.PERSON for one in subjects):
            return True
        if word[0].lower() in THEM and subjects:
            return True
    return _is_told(text, previous, library)


def _is_told(text: str, previous: Question, library: Library) -> bool:
    """Whether one stored passage has all words of a question, and whom the one before named.

    One of the words must tell an act, or have been asked about before, unless a number is
    asked for: a large store has any ordinary words beside any name.
    """
    kind = kind_of(text)
    words = [w.lower() for w in WORD.findall(text) if means_something(w.lower(), kind)]
    if not words:
        return kind in _NEEDS_NOTHING
    stems, before = library.stems(words), library.stems(previous.terms)
    if kind not in _COUNTS and set(stems).isdisjoint(before) and not any(map(asks_for_acts, words)):
        return False
    group = frozenset[str]().union(*(library.expand(one.actor) for one in previous.subjects))
    if group:
        return library.holds_all(stems, group)
    return any(library.holds_all([*stems, one]) for one in before)


def _only(text: str, names: Sequence[QueryActor], *, strict: bool = False) -> bool:
    """Whether nothing but names and words like *and what about* is there.

    If it is ``strict``, such words may only stand first: *Iran again* is a sigh.
    """
    lead = LEAD.match(text)
    begin = lead.end() if lead else 0
    return all(
        (not strict and is_function_word(word.group())) or _inside(word, names)
        for word in WORD.finditer(text, begin)
    )


def _inside(word: re.Match[str], names: Sequence[QueryActor]) -> bool:
    return any(one.start <= word.start() < one.end for one in names)
