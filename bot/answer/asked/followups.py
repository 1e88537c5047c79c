"""What is asked in a thread after an answer: *and Turkey?*, *when was that?*, *since May*.

``follow_up`` turns it into a question that stands alone, in words, so that it is understood,
shown and stored like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.answer.asked.fillers import is_function_word, means_something
from bot.answer.asked.filters import find_filters
from bot.answer.asked.question import LONGEST
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import ActorType
from bot.text.periods import find_period

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEAD = re.compile(
    r"\W*(?:(?:and|or|but|also|ok|okay|so|now)\b[\s,]*)*(?:(?:what|how)\s?about\b|with\b|for\b|in\b)?\s*",
    re.IGNORECASE,
)
# A question word alone, or with what only points back: "when was that?", "who says so?".
_IT = r"(?:that|this|it)"
_ASKS = tuple(
    (re.compile(rf"\W*(?:and\s|but\s|so\s)?{pattern}\W*$", re.IGNORECASE), ask)
    for pattern, ask in (
        (rf"when(?:\s(?:was|is|did|will)\s{_IT}(?:\s(?:happen|be|take\splace))?)?", "when"),
        (rf"where(?:\s(?:was|is|did)\s{_IT}(?:\s(?:happen|take\splace))?)?", "where"),
        (rf"why(?:\s(?:was|is|did)\s{_IT}(?:\s\w+)?|\sso)?", "why"),
        (rf"who\s(?:says?|said|claims?|claimed)(?:\s(?:so|{_IT}))?", "who said"),
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
_TIME = re.compile(
    r"\W*(?:since|until|before|after|between|in|on|during|last|this|past)\b", re.IGNORECASE
)
_MOST_WORDS = 9


def looks_like_one(text: str) -> bool:
    """Whether a post in a thread of ours, not addressed to us, asks on: short, and a question."""
    words = _WORD.findall(text)
    if not words or len(words) > _MOST_WORDS or "<@" in text:
        return False
    return text.rstrip().endswith("?") or leads_on(text)


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


def _only(text: str, names: Sequence[QueryActor]) -> bool:
    """Whether nothing but names and words like *and what about* is there."""
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    return all(
        is_function_word(word.group()) or any(n.start <= word.start() < n.end for n in names)
        for word in _WORD.finditer(text, begin)
    )


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
    whom = every if word in ("they", "them", "their") else one
    ending = "'s" if word in ("their", "his", "its") else ""
    return f"{text[: found.start()]}{whom}{ending}{text[found.end() :]}"
