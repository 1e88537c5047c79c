"""The brief about an actor or a pair: what is stored, newest first, each line with its span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.answer.asked.question import Question
from bot.answer.briefs.gaps import gaps
from bot.answer.briefs.parts import Material, parts
from bot.answer.briefs.related import meetings, related
from bot.answer.library import Library
from bot.answer.lines import fact_lines, place_of, sentence_lines
from bot.models import ActorType, Brief, Fact, Line, Match, Mention, Nothing, Period
from bot.search.index import Hit

_FACTS = 120
_PASSAGES = 40

_MENTIONED = 0.7
"""How prominent those asked about are in a fact that is about others, which they only claim
or which took place there."""


def brief(library: Library, question: Question, subjects: Sequence[Match]) -> Brief | Nothing:
    """Compose the brief about ``subjects`` (one actor, or a pair that must stand together)."""
    groups = [library.expand(one.actor) for one in subjects]
    period = question.period
    covered = library.coverage(groups, period)
    if not covered.articles:
        return Nothing(
            query=question.text,
            subjects=tuple(subjects),
            period=period,
            undated_left_out=covered.undated,
            articles=library.coverage(groups, None).articles if period else 0,
        )
    hits = _newest(library, groups, period)
    mentions = library.store.mentions(library.workspace, {hit.article for hit in hits})
    material = Material.of(library, _lines(library, groups, period, hits, mentions))
    return Brief(
        query=question.text,
        subjects=tuple(subjects),
        members=_members(library, subjects),
        period=period,
        as_of=library.as_of,
        articles=covered.articles,
        sources=covered.sources,
        newest=covered.newest,
        undated_left_out=covered.undated if period else 0,
        related=related(library, groups, mentions, material.once(meetings(material.lines)), period),
        gaps=gaps(period, _published(library, groups, period), covered.newest, library.today),
        reference=_reference(library, subjects),
        **parts(material, undated=period is None),
    )


def _newest(library: Library, groups: Sequence[frozenset[str]], period: Period | None) -> list[Hit]:
    return library.found("", groups, period, newest_first=True, limit=_PASSAGES)


def _lines(
    library: Library,
    groups: Sequence[frozenset[str]],
    period: Period | None,
    hits: Sequence[Hit],
    mentions: Mapping[str, Sequence[Mention]],
) -> list[Line]:
    lines = lines_of_facts(library, groups, period, _FACTS)
    quoted = {place_of(line) for line in lines}
    plain = sentence_lines(library, hits, mentions, groups)
    return lines + [line for line in plain if place_of(line) not in quoted]


def lines_of_facts(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None, limit: int
) -> list[Line]:
    """The facts in which one actor of each group has a role, newest first, then undated ones.

    ``limit`` is of facts about the first two groups, dated and undated each.
    """
    facts: list[Fact] = []
    for undated in (False,) if period else (False, True):
        facts += library.store.facts(
            library.workspace,
            library.audiences,
            actors=groups[0],
            beside=groups[1] if len(groups) > 1 else None,
            since=period.start if period else None,
            until=period.end if period else None,
            as_of=library.as_of,
            undated=undated,
            limit=limit,
        )
    lines = fact_lines(library, [fact for fact in facts if _about(fact, groups)])
    return [_weighed(line, groups) for line in lines]


def _about(fact: Fact, groups: Sequence[frozenset[str]]) -> bool:
    """A pair's facts have each of the two in a role of its own."""
    roles = {fact.source_actor, fact.target_actor, fact.claimant, fact.place}
    return all(roles & group for group in groups)


def _weighed(line: Line, groups: Sequence[frozenset[str]]) -> Line:
    if all(group & set(line.about) for group in groups):
        return line
    return line.model_copy(update={"prominence": _MENTIONED})


def _published(
    library: Library, groups: Sequence[frozenset[str]], period: Period | None
) -> list[date]:
    """The days of a period on which something was published; without a period nobody asks."""
    return [] if period is None else library.passages.days(groups, library.scope, period)


def _members(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Name whom the groupings among the subjects stood for."""
    actors = library.actors
    ids = [member for one in subjects for member in actors.members(one.actor)]
    return tuple(actors.name(member) for member in dict.fromkeys(ids))


def _reference(library: Library, subjects: Sequence[Match]) -> tuple[str, ...]:
    """Who holds an office that was asked about: the reference list's word, labelled as such."""
    offices = [one for one in subjects if one.type is ActorType.OFFICE]
    holders = [(one, library.actors.holder(one.actor, library.today)) for one in offices]
    return tuple(
        f"{one.name}: {library.actors.name(holder)} (reference list)"
        for one, holder in holders
        if holder
    )
