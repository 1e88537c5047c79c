"""What is asked in a thread after an answer: *and Turkey?*, *when was that?*, *since May*.

``asks_on`` tells such a post from talk among colleagues. ``follow_up`` turns it into a question
that stands alone, in words, so that it is understood, shown and stored like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.answer.asked.classes import asks_for_acts
from bot.answer.asked.fillers import is_function_word, means_something
from bot.answer.asked.filters import find_filters
from bot.answer.asked.intake import asks_who_else
from bot.answer.asked.kinds import Kind, kind_of
from bot.answer.asked.question import LONGEST, Question
from bot.answer.library import Library
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import ActorType
from bot.text.english import is_common
from bot.text.periods import find_period

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEAD = re.compile(
    r"\W*(?:(?:and|or|but|also|only|just|ok|okay|so|now)\b[\s,]*)*(?:(?:what|how)\s?about\b|with\b|for\b|in\b)?\s*",
    re.IGNORECASE,
)
# A question word alone, or with what only points back: "when was that?", "who says so?".
_IT = r"(?:that|this|it)"
_ASKS = tuple(
    (re.compile(rf"\W*(?:and\s|but\s|so\s)?{pattern}\W*$", re.IGNORECASE), ask)
    for pattern, ask in (
        (
            rf"(?:since\s)?when(?:\s(?:was|is|did|will)\s{_IT}(?:\s(?:happen|be|take\splace))?)?",
            "when",
        ),
        (rf"where(?:\s(?:was|is|did)\s{_IT}(?:\s(?:happen|take\splace))?)?", "where"),
        (rf"why(?:\s(?:was|is|did)\s{_IT}(?:\s\w+)?|\sso)?", "why"),
        (rf"who\s(?:says?|said|claims?|claimed|reports?|reported)(?:\s(?:so|{_IT}))?", "who said"),
        (rf"how\s(?:often|many\stimes)(?:\s(?:was|did|has)\s{_IT}(?:\shappen)?)?", "how often"),
        (rf"(?:is|was)\s{_IT}\s(?:really\s)?(?:true|confirmed|sure)|really", "is it true"),
        (
            rf"(?:is\s{_IT}\s)?still(?:\strue|\sso|\svalid)?|has\s{_IT}\schanged",
            "still true",
        ),
        (r"(?:what(?:['’]s|\sis)\s)?(?:next|planned|coming(?:\sup)?)", "what is planned"),
    )
)
_ASKED_BEFORE = re.compile(
    r"^(?:when|where|why|who said|how often|is it true|still true|what is planned): ", re.IGNORECASE
)
_POINTS = re.compile(r"\b(?:they|them|their|he|him|his|she|her|its|it|there)\b(?!['’])", re.I)
_HIM = frozenset({"he", "him", "his", "she", "her"})
_THEM = frozenset({"they", "them", "their"})
_TIME = re.compile(
    r"\W*(?:since|until|before|after|between|in|on|during|last|this|past)\b", re.IGNORECASE
)
_MORE = re.compile(
    r"\W*(?:(?:and|ok|okay|please)\b\W*)?(?:(?:tell|show|give)\s(?:me|us)\s)?(?:some\s|any(?:thing)?\s)?"
    r"(?:more|go\son|(?:what|anything)\selse)(?:\s(?:details?|please))?\W*",
    re.IGNORECASE,
)
_OF_US = re.compile(
    r"\W*(?:please\s)?(?:(?:(?:can|could|will|would)\syou\s(?:please\s)?)?(?:tell|show|give|brief)\s"
    r"(?:me|us)|(?:what\s(?:else\s)?)?do\syou\s(?:also\s|still\s)?(?:have|know))\b"
    r"(?:\s(?:more|anything))?(?:\s(?:about|on|of))?",
    re.IGNORECASE,
)
"""How somebody asks a bot for something: *can you tell me about*, *what do you have on*."""

_TALKERS = re.compile(r"\b(?:i|me|my|mine|we|us|our|ours|you|your|yours|u|ur)\b", re.IGNORECASE)
"""Those who talk with each other: the news is about none of them."""

_CALLED = re.compile(r"\W*(?:(?P<first>\w+),\s|(?:hey|hi|hello)\b)|.*,\s(?P<last>\w+)\W*$", re.I)
"""Somebody called by name: *Tom, is it done?*"""

_WITHOUT_MARK: frozenset[Kind] = frozenset({"statement", "did"})
"""Kinds that are a question only with a question mark, or as *did they …*."""

_DID = re.compile(r"\W*(?:and\s|but\s|so\s)?(?:did|does|has)\b", re.IGNORECASE)
_COUNTS: frozenset[Kind] = frozenset({"how many", "how often"})
_NEEDS_NOTHING: frozenset[Kind] = frozenset({"new", "planned"})
"""Kinds that may ask nothing beyond what was asked before: *any news?*"""


def asks_for_more(text: str) -> bool:
    """Whether a post asks for the rest of the reply before it: *more*, *go on*, *what else?*"""
    return _MORE.fullmatch(text) is not None


def asks_on(text: str, previous: Question, library: Library) -> bool:
    """Whether a post under an answer, by the person who asked, goes on asking.

    It does if it has the form of a follow-up, or is a question that leads to what is stored:
    by the name of an actor, by pointing at whom ``previous`` named, or by words that stored
    passages use of them. What mentions *you* or *me*, or calls somebody by name, is talk.
    """
    if not _WORD.search(text) or len(text) > LONGEST:
        return False
    if asks_for_more(text) or any(pattern.match(text) for pattern, _ in _ASKS):
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
        lead = _LEAD.match(rest)
        if _only(rest, names, strict=not (is_question or (lead and lead[0].strip()))):
            return True
    return is_question and _leads_to_stored(rest, names, previous, library)


def _is_talk(text: str, names: Sequence[QueryActor]) -> bool:
    """Whether a post speaks of those who talk, or calls one of them; *US* may be a state."""
    if any(not _inside(one, names) for one in _TALKERS.finditer(text)):
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
        text.rstrip().endswith("?") or kind_of(text) not in _WITHOUT_MARK or bool(_DID.match(text))
    )


def _leads_to_stored(
    text: str, names: Sequence[QueryActor], previous: Question, library: Library
) -> bool:
    """Whether a question is about what is stored, itself or together with the one before it."""
    subjects = previous.subjects
    if names:
        return True
    for word in _POINTS.finditer(text):
        if word[0].lower() in _HIM and any(one.type is ActorType.PERSON for one in subjects):
            return True
        if word[0].lower() in _THEM and subjects:
            return True
    return _is_told(text, previous, library)


def _is_told(text: str, previous: Question, library: Library) -> bool:
    """Whether one stored passage has all words of a question, and whom the one before named.

    One of the words must tell an act, or have been asked about before, unless a number is
    asked for: a large store has any ordinary words beside any name.
    """
    kind = kind_of(text)
    words = [w.lower() for w in _WORD.findall(text) if means_something(w.lower(), kind)]
    if not words:
        return kind in _NEEDS_NOTHING
    stems, before = library.stems(words), library.stems(previous.terms)
    if kind not in _COUNTS and set(stems).isdisjoint(before) and not any(map(asks_for_acts, words)):
        return False
    group = frozenset[str]().union(*(library.expand(one.actor) for one in previous.subjects))
    if group:
        return library.holds_all(stems, group)
    return any(library.holds_all([*stems, one]) for one in before)


def leads_on(text: str) -> bool:
    """Whether a text says of itself that it follows another: *and Turkey?*, *since May*."""
    if len(text) > LONGEST:
        return False
    if any(pattern.match(text) for pattern, _ in _ASKS):
        return True
    lead = _LEAD.match(text)
    if lead is not None and re.match(r"\W*(?:and|what|how)\b", lead[0], re.IGNORECASE):
        return True
    return _TIME.match(text) is not None and _has_period(text)


def _has_period(text: str) -> bool:
    """Whether a text names a period; which one depends on the day."""
    return find_period(text, date(2000, 1, 1)) is not None


def follow_up(previous: str, text: str, actors: ActorIndex, today: date) -> str:
    """Turn what was typed after ``previous`` into a question of its own.

    Another name takes the place of the last one of its kind, another period that of the old,
    a filter is added, *when was that?* asks the old question for its time, *they* are whom it
    named. What needs nothing of the old question is returned as it is, as is what is too long
    to be one, before anybody is looked for in it.
    """
    if len(text) > LONGEST:
        return text
    for pattern, ask in _ASKS:
        if pattern.match(text):
            return f"{ask}: {_ASKED_BEFORE.sub('', previous)}"
    filters, unfiltered = find_filters(text)
    found = find_period(unfiltered, today)
    rest = unfiltered[: found.start] + " " + unfiltered[found.end :] if found else unfiltered
    names = [one for one in actors.in_query(rest, today) if one.verdict != "unknown"]
    if not (names or found or any(filters)) or not _only(rest, names):
        return _pointing(previous, text, names, actors, today)
    asked = previous
    for name in names:
        asked = _with_name(asked, name, actors, today)
    if found:
        asked = _with_period(asked, unfiltered[found.start : found.end], today)
    if any(filters):
        asked = f"{asked} {_options(text)}"
    return " ".join(asked.split())


def _only(text: str, names: Sequence[QueryActor], *, strict: bool = False) -> bool:
    """Whether nothing but names and words like *and what about* is there.

    If it is ``strict``, such words may only stand first: *Iran again* is a sigh.
    """
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    return all(
        (not strict and is_function_word(word.group())) or _inside(word, names)
        for word in _WORD.finditer(text, begin)
    )


def _inside(word: re.Match[str], names: Sequence[QueryActor]) -> bool:
    return any(one.start <= word.start() < one.end for one in names)


def _with_name(asked: str, name: QueryActor, actors: ActorIndex, today: date) -> str:
    before = actors.in_query(asked, today)
    if not before:
        return f"{asked.rstrip('?. ')} {name.text}"
    kind = name.matches[0].type
    alike = [one for one in before if one.matches and one.matches[0].type is kind]
    old = (alike or before)[-1]
    return asked[: old.start] + name.text + asked[old.end :]


def _with_period(asked: str, phrase: str, today: date) -> str:
    old = find_period(asked, today)
    if old is None:
        return f"{asked.rstrip('?. ')} {phrase}"
    return f"{asked[: old.start]}{phrase}{asked[old.end :]}"


def _options(text: str) -> str:
    return " ".join(word for word in text.split() if ":" in word or word.startswith(("-", '"')))


def _pointing(
    previous: str, text: str, names: Sequence[QueryActor], actors: ActorIndex, today: date
) -> str:
    """Put the names of the old question where the new one points back to them."""
    before = [one for one in actors.in_query(previous, today) if one.matches]
    first = names[0].start if names else len(text)
    found = next((m for m in _POINTS.finditer(text) if m.start() < first), None)
    if not before or (names and found is None):
        return text
    every = " and ".join(one.text for one in before)
    if found is None:
        empty = not any(means_something(w.lower(), "new") for w in _WORD.findall(text))
        return f"{text.rstrip('?. ')}: {every}" if empty else text
    word = found[0].lower()
    persons = [one for one in before if one.matches[0].type is ActorType.PERSON]
    one = (persons if word in _HIM and persons else before)[0].text
    whom = every if word in _THEM else one
    ending = "'s" if word in ("their", "his", "its") else ""
    return f"{text[: found.start()]}{whom}{ending}{text[found.end() :]}"
