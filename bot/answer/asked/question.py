"""What was asked: kind, actors, period, event classes, filters and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer.asked.classes import classes_of
from bot.answer.asked.fillers import is_function_word, means_something
from bot.answer.asked.filters import NO_FILTERS, Filters, find_filters
from bot.answer.asked.kinds import Kind, Tense, after_who, kind_of, looks_ahead, tense_of
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.query import QueryActor
from bot.models import EventClass, Match, Period
from bot.text.english import is_common
from bot.text.periods import find_period, refuse_far_days, refuse_no_days
from bot.trail.traces import spanned

NO_QUESTION = "There is no question in that. Try: who moved to Turkey? or: Qatar since March."
LONGEST = 300
"""Characters of a query. Longer ones are pasted texts, not questions."""

MOST_BESIDE_EXACT = 3
"""Words beside an exact phrase in a query that is meant as a filter."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DONE = re.compile(r"\b(?:did|does|do|done|doing)\b", re.IGNORECASE)
_GOING_ON = re.compile(r"\bgo(?:ing|es)? on\b", re.IGNORECASE)
_OF_THINGS: frozenset[Kind] = frozenset({"statement", "new", "between", "versus"})
"""Kinds that ask, where nothing but actors is named, how things stand with those."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``named`` are the actors found in it, in order, sure or not, with their offsets in
    ``text``; ``terms`` the words that carry meaning beyond them.
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
    filters: Filters = NO_FILTERS
    notes: tuple[str, ...] = ()
    """What its reader must be told of how it was understood."""

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

    def about(self, names: Collection[QueryActor]) -> Question:
        """Return this question with no other actors than ``names``."""
        return replace(self, named=tuple(one for one in self.named if one in names))

    def noting(self, *notes: str) -> Question:
        """Return this question with more to tell of how it was understood."""
        return replace(self, notes=(*self.notes, *notes))

    @property
    def general(self) -> bool:
        """Whether it asks how things stand with its actors and nothing else: a name alone,
        *who is he?*, *what is new with them?*"""
        if self.terms or not self.subjects or self.filters.classes or self.filters.phrases:
            return False
        if self.kind == "versus" and len(self.subjects) > 2:
            return False  # the third is what the two are compared on
        if self.kind == "what":
            return not self.classes and not _DONE.search(self.text)
        return self.kind in _OF_THINGS or (self.kind == "who" and not self.doer)

    @property
    def tense(self) -> Tense:
        """What time it asks about, for whoever ranks by age.

        ``now`` prefers the newest state (*still*, *so far*, *who runs it?*), ``past`` is
        something that happened, lately unless the question says more, ``coming`` is what is
        planned, and ``period`` is what happened in the days of ``period``.
        """
        ahead = self.ahead and self.kind != "still"  # gas still going to Moldova
        if self.period is not None and not ahead:
            return "period"
        return "coming" if ahead else tense_of(self.text, self.kind)

    @property
    def unsure(self) -> tuple[QueryActor, ...]:
        """The names that fit several actors about equally well."""
        return tuple(one for one in self.named if one.verdict == "unsure")


@spanned("match")
def understand(
    text: str, actors: ActorIndex, today: date, period: Period | None = None
) -> Question:
    """Read a question as of ``today``; raises BadQuery if it is empty or too long,
    or names a day that there is none of.

    ``period`` is one that was given beside the text; it takes the place of one in it.
    """
    plain = " ".join(text.replace("\x00", " ").split())  # no store keeps a NUL
    if not _WORD.search(plain):
        raise BadQuery(NO_QUESTION, about=plain[:80])
    if len(plain) > LONGEST:
        raise BadQuery(
            f"That is {len(plain)} characters long; a question may have {LONGEST}. "
            "Name an actor or ask one thing.",
            about=plain[:80],
        )
    filters, unfiltered = find_filters(plain)
    refuse_no_days(unfiltered)
    found = find_period(unfiltered, today)
    if found:
        refuse_far_days(found.period.label, (found.period.start, found.period.end))
    rest = _blanked(unfiltered, found.start, found.end) if found else unfiltered
    named = tuple(actors.in_query(rest, today))
    words = [word.lower() for word in _words(rest, named)]
    kind = kind_of(rest)
    asks = kind == "new" or not all(map(is_function_word, words))
    if not (found or period or named or any(filters) or asks):
        raise BadQuery(NO_QUESTION, about=plain[:80])
    asked = [] if _GOING_ON.search(rest) else words
    terms = tuple(word for word in words if means_something(word, kind))
    return Question(
        text=plain,
        kind=kind,
        named=named,
        period=period or (found.period if found else None),
        classes=filters.classes or classes_of(asked),
        terms=terms,
        ahead=kind == "planned" or looks_ahead(rest),
        doer=_asks_doer(rest, named),
        filters=_as_meant(filters, terms),
    )


def _as_meant(filters: Filters, terms: Sequence[str]) -> Filters:
    """Exact words beside many others are quoted in a question, not a filter that is set."""
    inside = {word.lower() for phrase in filters.phrases for word in _WORD.findall(phrase)}
    if len([term for term in terms if term not in inside]) > MOST_BESIDE_EXACT:
        return filters._replace(phrases=())
    return filters


def _blanked(text: str, start: int, end: int) -> str:
    """The text with blanks for some of it, so that offsets stay."""
    return text[:start] + " " * (end - start) + text[end:]


def _words(text: str, named: Sequence[QueryActor]) -> list[str]:
    """The words that are no part of a name."""
    return [
        match.group()
        for match in _WORD.finditer(text)
        if not any(one.start <= match.start() < one.end for one in named)
    ]


def _asks_doer(text: str, named: Sequence[QueryActor]) -> bool:
    """*Who attacked Israel?* does, *who did Israel attack?* does not."""
    begin = after_who(text)
    return begin is not None and not any(one.start <= begin < one.end for one in named)


__all__ = ["Question", "is_common", "is_function_word", "understand"]
