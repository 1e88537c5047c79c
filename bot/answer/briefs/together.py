"""Which two of three or more actors have anything together, where all of them have nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from bot.answer.library import Library
from bot.answer.words import count
from bot.models import Fact, Line, Match, Mention, Period

THREE = 3
_WORDS = {THREE: "three", 4: "four", 5: "five"}
_NO_MENTIONS: Mapping[str, Sequence[Mention]] = {}
_FACTS = 200
_MOST = 6
"""Pairs told of: all of four actors."""


def told_by_two(
    library: Library,
    subjects: Sequence[Match],
    period: Period | None,
    lines: Sequence[Line] = (),
    mentions: Mapping[str, Sequence[Mention]] = _NO_MENTIONS,
) -> tuple[str, ...]:
    """Say which two of more than two subjects have stored events; nothing if all have one.

    ``lines`` are those of the brief about all of them, facts and sentences, and ``mentions``
    whom their articles name.
    """
    groups = [library.expand(one.actor) for one in subjects]
    if len(groups) < THREE or any(line.fact or _names(line, mentions, groups) for line in lines):
        return ()
    events = [
        (one.name, other.name, _events(library, mine, theirs, period))
        for (one, mine), (other, theirs) in combinations(zip(subjects, groups, strict=True), 2)
    ]
    some = sorted((found for found in events if found[2]), key=lambda found: -found[2])[:_MOST]
    everybody = f"all {_WORDS.get(len(groups), len(groups))}"
    if not some:
        return (f"No stored event has {everybody} in it, or any two of them.",)
    told = "; ".join(f"{one} and {other}, {count(n, 'event')}" for one, other, n in some)
    return (f"No stored event has {everybody} in it. Of two: {told}.",)


def _names(
    line: Line, mentions: Mapping[str, Sequence[Mention]], groups: Sequence[frozenset[str]]
) -> bool:
    """Whether the sentence of a line names one of every group."""
    said = line.snippet
    there = {
        one.actor
        for one in mentions.get(said.article, ())
        if one.field == said.field and said.start <= one.start and one.end <= said.end
    }
    return all(there & group for group in groups)


def _events(
    library: Library, mine: frozenset[str], theirs: frozenset[str], period: Period | None
) -> int:
    """How many happenings have one of each in a role of its own, of the newest facts."""
    facts = library.store.facts(
        library.workspace,
        library.audiences,
        actors=mine,
        beside=theirs,
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=library.as_of,
        limit=_FACTS,
    )
    return len({one.happening or one.id for one in facts if _both(one, mine, theirs)})


def _both(fact: Fact, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    roles = roles_of(fact)
    return bool(roles & mine) and bool(roles & theirs)


def roles_of(fact: Fact) -> set[str | None]:
    """Everybody who has a part in a fact, and where it took place."""
    return {fact.source_actor, fact.target_actor, fact.claimant, fact.place}


def of_all(facts: Sequence[Fact], groups: Sequence[frozenset[str]]) -> list[Fact]:
    """The facts of sentences whose facts, taken together, have one of each group in a role.

    What three did together is told as what each two of them did.
    """
    parts: dict[tuple[str, str, int], set[str | None]] = {}
    for fact in facts:
        parts.setdefault(_sentence(fact), set()).update(roles_of(fact))
    return [fact for fact in facts if all(parts[_sentence(fact)] & group for group in groups)]


def _sentence(fact: Fact) -> tuple[str, str, int]:
    first = fact.evidence[0]
    return first.article, first.field, first.start
