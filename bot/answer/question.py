"""What was asked: actors, period, event classes and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import EventClass, Match, Period
from bot.read.patterns import BY_TRIGGER
from bot.text.english import is_common
from bot.text.names import normalise
from bot.text.periods import find_period

NO_QUESTION = "There is no question in that. Try: who moved to Turkey? or: Qatar since March."
LONGEST = 300
"""Characters of a query. Longer ones are pasted texts, not questions."""

Kind = Literal["who", "what", "when", "where", "how many", "did", "statement"]

_KIND = re.compile(
    r"\W*(who|whom|whose|what|which|when|where|how many|how often|did|does|do|is|are|was|were"
    r"|has|have|had|will)(?:['’]?s)?\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_AUXILIARY = (
    "did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|shall|may|might|must"
)
_WHO = re.compile(rf"\W*whom?\s+(?:(?:{_AUXILIARY})\s+)?(?:the\s+)?", re.IGNORECASE)
_DONE = re.compile(r"\b(?:did|does|do|done|doing)\b", re.IGNORECASE)
_SHORT = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$", re.IGNORECASE)
_GOING_ON = re.compile(r"\bgo(?:ing|es)? on\b", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:will|going to|plans? to|planned|upcoming|scheduled|next|coming)\b", re.I)
_ASKED_CLASSES: dict[str, tuple[EventClass, ...]] = {
    "go": (EventClass.CONSULT,),
    "went": (EventClass.CONSULT,),
    "travel": (EventClass.CONSULT,),
    "relations": (EventClass.CONSULT, EventClass.AGREE, EventClass.ACCUSE),
    "invite": (EventClass.REQUEST,),
    "invited": (EventClass.REQUEST,),
}
_NO_TERMS = frozenset(
    """
    new news latest update updates happened happening happen happens brief tell about
    anything something any information info regarding concerning situation going event
    events thing things say said says report reported reports story stories involved
    involving relating related developments recent recently occur occurred place took take
    """.split()
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``named`` are the actors found in it, in order, sure or not; ``terms`` the words that
    carry meaning beyond them.
    """

    text: str
    kind: Kind
    named: tuple[QueryActor, ...]
    period: Period | None
    classes: frozenset[EventClass]
    terms: tuple[str, ...]
    ahead: bool
    doer: bool
    """Who did it to them is asked (*who attacked Israel?*), not whom they did it to."""

    @property
    def subjects(self) -> tuple[Match, ...]:
        """The best match of each actor that is meant for sure; each actor once."""
        best = {one.matches[0].actor: one.matches[0] for one in self.named if one.verdict == "sure"}
        return tuple(best.values())

    def meaning(self, name: QueryActor, match: Match) -> Question:
        """Return this question with ``name`` taken to mean ``match``."""
        meant = replace(name, matches=(match,), verdict="sure")
        return replace(self, named=tuple(meant if one == name else one for one in self.named))

    def taking(self, typed: str, match: Match) -> Question:
        """Return this question with what was typed for a name taken to mean ``match``.

        Where no name was found in those words, they are one from now on.
        """
        for one in self.named:
            if one.text.casefold() == typed.casefold():
                return self.meaning(one, match)
        start = self.text.casefold().find(typed.casefold())
        if start < 0:
            return self
        end = start + len(typed)
        words = {word.lower() for word in _WORD.findall(typed)}
        apart = [one for one in self.named if one.end <= start or end <= one.start]
        named = [*apart, QueryActor(start, end, self.text[start:end], (match,), "sure")]
        return replace(
            self,
            named=tuple(sorted(named, key=lambda one: one.start)),
            terms=tuple(term for term in self.terms if term not in words),
        )

    def without(self, names: Collection[QueryActor]) -> Question:
        """Return this question with ``names`` taken for ordinary words."""
        words = [word.lower() for one in names for word in _WORD.findall(one.text)]
        return replace(
            self,
            named=tuple(one for one in self.named if one not in names),
            terms=(*self.terms, *(word for word in words if not is_function_word(word))),
        )

    @property
    def general(self) -> bool:
        """Whether it asks how things stand with its actors and nothing else: a name alone,
        *who is he?*, *what is new with them?*"""
        if self.terms or not self.subjects:
            return False
        if self.kind == "what":
            return not self.classes and not _DONE.search(self.text)
        return self.kind == "statement" or (self.kind == "who" and not self.doer)

    @property
    def unsure(self) -> tuple[QueryActor, ...]:
        """The names that fit several actors about equally well."""
        return tuple(one for one in self.named if one.verdict == "unsure")


def understand(
    text: str, actors: ActorIndex, today: date, period: Period | None = None
) -> Question:
    """Read a question as of ``today``; raises BadQuery if it is empty or too long.

    ``period`` is one that was given beside the text; it takes the place of one in it.
    """
    plain = " ".join(text.split())
    if not _WORD.search(plain):
        raise BadQuery(NO_QUESTION, about=plain[:80])
    if len(plain) > LONGEST:
        raise BadQuery(
            f"That is {len(plain)} characters long; a question may have {LONGEST}. "
            "Name an actor or ask one thing.",
            about=plain[:80],
        )
    found = find_period(plain, today)
    rest = plain[: found.start] + " " + plain[found.end :] if found else plain
    named = tuple(actors.in_query(rest, today))
    taken = [(one.start, one.end) for one in named]
    kind = _kind(rest)
    content = [
        match.group()
        for match in _WORD.finditer(rest)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    lowered = [word.lower() for word in content]
    if not found and not period and not named and all(map(is_function_word, lowered)):
        raise BadQuery(NO_QUESTION, about=plain[:80])
    return Question(
        text=plain,
        kind=kind,
        named=named,
        period=period or (found.period if found else None),
        classes=frozenset() if _GOING_ON.search(rest) else frozenset(_classes(lowered)),
        terms=tuple(word for word in lowered if _means_something(word)),
        ahead=bool(_AHEAD.search(rest)),
        doer=_asks_doer(rest, named),
    )


def _asks_doer(text: str, named: Sequence[QueryActor]) -> bool:
    """*Who attacked Israel?* does, *who did Israel attack?* does not."""
    match = _WHO.match(text)
    return match is not None and not any(one.start <= match.end() < one.end for one in named)


def _kind(text: str) -> Kind:
    match = _KIND.match(text)
    word = match[1].lower() if match else ""
    if word in ("who", "whom", "whose"):
        return "who"
    if word in ("what", "which"):
        return "what"
    if word in ("when", "where"):
        return "when" if word == "when" else "where"
    if word.startswith("how"):
        return "how many"
    return "did" if word else "statement"


def _classes(words: list[str]) -> set[EventClass]:
    found: set[EventClass] = set()
    for word in words:
        found.update(_ASKED_CLASSES.get(word, ()))
        found.update(pattern.event_class for pattern in BY_TRIGGER.get(word, ()))
    return found


def _means_something(word: str) -> bool:
    if word in _NO_TERMS or len(word) < 2:
        return False
    return word in BY_TRIGGER or not is_function_word(word)


def is_function_word(word: str) -> bool:
    """Tell whether a word only holds a question together ("what", "with", "did")."""
    return normalise(_SHORT.sub("", word)) in _FUNCTION


_FUNCTION = frozenset(
    """
    a about after again all also am an and any are as at be because been before being
    between both but by can could did do does doing done down during each ever for from
    further get got had has have having he her here hers him his how i if in into is it its
    just last many me more most much must my no nor not now of off on once only or other our
    out over own past please same she should show since so some such than that the their
    them then there these they this those through to too under until up us very was we were
    what when where which while who whom whose why will with would yes yet you your s t v vs versus
    whats whos whens wheres hows thats theres isn aren wasn weren don doesn didn hasn haven
    hadn won wouldn couldn shouldn isnt arent wasnt werent dont doesnt didnt hasnt havent
    hadnt wont wouldnt couldnt shouldnt
    """.split()
)

__all__ = ["Question", "is_common", "is_function_word", "understand"]
