"""Group facts of different articles that report the same event. Pure, independent of their order.

Two facts report one event if class and kind of status are the same; if each actor is the same, or
one side names the state or body that the other side's actor acts for ("Iran met Turkey", "the
Iranian foreign minister met Turkey"); if days and places agree; and if the words have enough in
common, unless both articles date an act that two actors do at most once a day. Every fact of an
event must agree with every other, so that no chain of similar facts joins distant ones. A fact
without a known actor is an event by itself.

Public facts are grouped and named by themselves, so that a private article changes no public event.
Private facts join a public event that they agree with, which keeps its name and its other facts, or
else found events of their own audience.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from bot.match.actors import ActorIndex
from bot.models import EVERYWHERE, MUTUAL, ActorType, EventClass, FoundFact, Precision, Status

WITHIN = timedelta(days=1)
"""Maximum time between two articles that report one event without a date."""

LATE = timedelta(days=3)
"""How long after the day of an act an article that gives no day may still report it."""

EXTENT = max(WITHIN, LATE)
"""Maximum time between the days of two facts of one event."""

COMMON = 0.5
"""Minimum share of the shorter sentence's words found in the other if a day is missing, ..."""

COMMON_DATED = 1 / 3
"""... and if both give the same day."""

_ONCE_A_DAY = frozenset(
    {
        EventClass.AGREE,
        EventClass.CONSULT,
        EventClass.RETREAT,
        EventClass.SANCTION,
        EventClass.MOVE,
    }
)
_KINDS = {Status.ONGOING: Status.HAPPENED}
_FAMILIES = {"hold talks": "meet", "visit": "meet", "receive": "meet", "host": "meet"}
"""Acts that report one event: a visitor is received, and holds talks."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?<=\s)[A-Z]\w{2,}")
_DAYS = frozenset(
    """monda tuesd wedne thurs frida satur sunda janua febru march april june july augus septe
    octob novem decem""".split()
)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*(?<![.,])")


@dataclass(frozen=True)
class EventReport:
    """A fact as one article reports it; ``published`` is the article's day.

    ``audience`` is who may read the article. ``source_for`` and ``target_for`` are what the two
    sides act for (``stands_for``); these and ``source`` and ``target`` are empty if that side is
    not an actor.
    """

    id: str
    audience: str
    event_class: EventClass
    act: str
    status: Status
    source: str
    target: str
    source_for: str
    target_for: str
    day: date | None
    precision: Precision | None
    published: date | None
    place: str | None
    words: str

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its words, for comparison."""
        return frozenset(_WORD.findall(self.words.lower()))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in its words, except years."""
        found = _NUMBER.findall(self.words)
        return frozenset(one for one in found if not (len(one) == 4 and one[:2] in ("19", "20")))

    @cached_property
    def names(self) -> frozenset[str]:
        """Prefixes of its capitalised words, without weekdays: *Israel* matches *Israeli*."""
        found = {name[:5].lower() for name in _NAME.findall(self.words)}
        return frozenset(found - _DAYS)

    @cached_property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Each actor with what it acts for; sides of mutual acts in a fixed order."""
        source, target = (self.source_for, self.source), (self.target_for, self.target)
        if self.event_class in MUTUAL and target < source:
            return target, source
        return source, target

    @property
    def kind(self) -> tuple[str, ...]:
        """What all reports of one event must have in common."""
        return (
            self.event_class,
            _KINDS.get(self.status, self.status),
            self.sides[0][0],
            self.sides[1][0],
        )

    @property
    def is_coarse(self) -> bool:
        """Whether its day stands for a month, a year or the like."""
        return self.precision not in (None, "day", "minute")

    @property
    def when(self) -> date | None:
        """The day used for sorting."""
        return self.day or self.published


def stands_for(index: ActorIndex, actor: str, on: date | None) -> str:
    """Return what an actor acts for: an office for its holder, a ministry or army for the state.

    A state, an armed group or an unaffiliated company acts for itself, and so does a person without
    an office on the day.
    """
    known = index.get(actor)
    if known is None or known.type in (ActorType.STATE, ActorType.GROUP, ActorType.PLACE):
        return actor
    if known.acts_for:
        return stands_for(index, known.acts_for, on) if known.acts_for != actor else actor
    if known.type is ActorType.PERSON:
        offices = index.offices(actor, on)
        return stands_for(index, offices[0], on) if offices else actor
    return actor


def with_sides(fact: FoundFact, index: ActorIndex, on: date | None) -> FoundFact:
    """Return a fact with the actors that its sides act for on the day."""
    source, target = fact.source_actor, fact.target_actor
    return fact.model_copy(
        update={
            "source_for": stands_for(index, source, on) if source else "",
            "target_for": stands_for(index, target, on) if target else "",
        }
    )


def group_by_event(reports: Iterable[EventReport]) -> dict[str, str]:
    """Name the event of each fact, by id: the least id of its public facts, else of all."""
    found: dict[str, str] = {}
    for some in _by_kind(reports).values():
        for happening in _grouped(some, []):
            found.update(_named(happening))
    return found


def regrouped(
    reports: Iterable[EventReport], names: Mapping[str, str], first: date, last: date
) -> dict[str, str] | None:
    """Name the events of facts again after changes on days from ``first`` on.

    Returns the same as ``group_by_event`` would for all facts, but needs those of a few days only:
    ``reports`` are all from twice EXTENT before ``first`` up to ``last``, and ``names`` holds their
    current names. What was reported before ``first`` stays together. Returns None if the changes
    may also affect reports after ``last``: then call it with facts of more days.
    """
    found: dict[str, str] = {}
    for some in _by_kind(reports).values():
        before = _as_named([one for one in some if _when(one) < first], names)
        near = [group for group in before if not _is_over(group, first)]
        groups = _grouped([one for one in some if _when(one) >= first], near)
        there: dict[str, set[str]] = {}
        for one in some:
            there.setdefault(names[one.id], set()).add(one.id)
        for group in groups:
            if last == date.max or last - max(map(_when, group)) >= EXTENT:
                found.update(_named(group))
            elif there.get(_name_of(group)) != {one.id for one in group}:
                return None
    return found


def _by_kind(reports: Iterable[EventReport]) -> dict[tuple[str, ...], list[EventReport]]:
    found: dict[tuple[str, ...], list[EventReport]] = {}
    for one in reports:
        alone = () if one.source_for or one.target_for else (one.id,)
        found.setdefault((*one.kind, *alone), []).append(one)
    return found


def _as_named(reports: Iterable[EventReport], names: Mapping[str, str]) -> list[list[EventReport]]:
    """Group reports by name, in the order of ``_grouped``.

    Private facts of several audiences may share the name of a public one that is not among
    ``reports``; without it they are separate.
    """
    named: dict[str, list[EventReport]] = {}
    for one in sorted(reports, key=_order):
        named.setdefault(names[one.id], []).append(one)
    found: list[list[EventReport]] = []
    for group in named.values():
        if any(map(_is_public, group)):
            found.append(group)
            continue
        by_audience: dict[str, list[EventReport]] = {}
        for one in group:
            by_audience.setdefault(one.audience, []).append(one)
        found += by_audience.values()
    return sorted(found, key=lambda group: _order(_founder(group)))


def _named(happening: Sequence[EventReport]) -> dict[str, str]:
    return dict.fromkeys((one.id for one in happening), _name_of(happening))


def _name_of(happening: Sequence[EventReport]) -> str:
    ids = [one.id for one in happening if _is_public(one)]
    return min(ids or [one.id for one in happening])


def _is_public(one: EventReport) -> bool:
    return one.audience == EVERYWHERE


def _founder(happening: Sequence[EventReport]) -> EventReport:
    """Return the first public fact of an event, or else its first."""
    return min(happening, key=lambda one: (not _is_public(one), _order(one)))


def _grouped(
    reports: Sequence[EventReport], near: list[list[EventReport]]
) -> list[list[EventReport]]:
    """Group facts of one kind, by day; on each day, facts with a date of their own come first.

    ``near`` are the groups of earlier days that may still grow, in the order they were founded. A
    public fact that founds a group absorbs private ones of earlier days.
    """
    found = list(near)
    for one in sorted(reports, key=_order):
        near = [group for group in near if not _is_over(group, _when(one))]
        joined = next((group for group in near if _may_join(one, group)), None)
        if joined is not None:
            joined.append(one)
            continue
        group = [one]
        if _is_public(one):
            for taken in _taken_in(one, near):
                group += taken
                near.remove(taken)
                found.remove(taken)
        near.append(group)
        found.append(group)
    return found


def _may_join(one: EventReport, happening: Sequence[EventReport]) -> bool:
    """Return whether a fact agrees with all of an event that its readers can see.

    A public fact never joins an event of private ones: it founds its own.
    """
    seen = [other for other in happening if other.audience in (EVERYWHERE, one.audience)]
    return bool(seen) and all(agree(other, one) for other in seen)


def _taken_in(one: EventReport, near: Sequence[list[EventReport]]) -> list[list[EventReport]]:
    """Return the private groups that belong to the event founded by a public fact.

    Only the first of each audience: two separate groups stay separate.
    """
    found: dict[str, list[EventReport]] = {}
    for group in near:
        if not any(map(_is_public, group)) and all(agree(other, one) for other in group):
            found.setdefault(group[0].audience, group)
    return list(found.values())


def _when(one: EventReport) -> date:
    return one.when or date.max


def _order(one: EventReport) -> tuple[date, bool, bool, str]:
    """Sort by day; on one day public facts come first, so that private ones may join them."""
    return _when(one), not _is_public(one), one.day is None, one.id


def _is_over(happening: Sequence[EventReport], now: date) -> bool:
    """Return whether an event is closed to facts of the day ``now`` or later."""
    return now - max(map(_when, happening)) > EXTENT


def agree(one: EventReport, other: EventReport) -> bool:
    """Return whether two facts of one kind may report the same event."""
    if not all(map(one_side, one.sides, other.sides)):
        return False
    if one.place and other.place and one.place != other.place:
        return False
    if one.day and other.day:
        once = one.event_class in _ONCE_A_DAY and _is_between(one) and family(one) == family(other)
        alike = bool(once) or (not _differ(one, other) and share_words(one, other, COMMON_DATED))
        return (one.day, one.is_coarse) == (other.day, other.is_coarse) and alike
    if (one.event_class not in _ONCE_A_DAY or not _is_between(one)) and _differ(one, other):
        return False
    if one.published != other.published and _apart(one.numbers, other.numbers):
        return False
    return _published_together(one, other) and share_words(one, other, COMMON)


def _is_between(one: EventReport) -> bool:
    """Return whether both sides of an act are actors."""
    return bool(one.source and one.target)


def family(report: EventReport) -> str:
    """Return the common name of acts that may report one event."""
    act = report.act.removesuffix(" with")
    return _FAMILIES.get(act, act)


def _differ(one: EventReport, other: EventReport) -> bool:
    """Return whether two sentences are about different things, such as two attacks on one day."""
    return bool(one.names - other.names and other.names - one.names) or _apart(
        one.numbers, other.numbers
    )


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether both have numbers but none in common: 53 killed, 72 killed."""
    return bool(one and other) and not one & other


def one_side(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two actors are the same, or one is what the other acts for."""
    return one[1] == other[1] or one[0] in (one[1], other[1])


def _published_together(one: EventReport, other: EventReport) -> bool:
    """Return whether the articles' days allow that they report one event."""
    if one.day is None and other.day is None:
        if one.published is None or other.published is None:
            return False
        apart = abs(one.published - other.published)
        return apart <= (WITHIN if one.event_class in _ONCE_A_DAY else timedelta(0))
    dated, undated = (one, other) if one.day else (other, one)
    if undated.published is None or dated.day is None or dated.is_coarse:
        return False
    return dated.day <= undated.published <= dated.day + LATE


def share_words(one: EventReport, other: EventReport, share: float) -> bool:
    """Return whether two facts have this share of the shorter one's words in common."""
    shorter = min(len(one.terms), len(other.terms))
    return shorter > 0 and len(one.terms & other.terms) >= share * shorter
