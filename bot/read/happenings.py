"""Which facts of different articles tell the same happening. Pure, and in no order.

Two facts tell one happening where class and kind of status are the same; where each actor is
the same, or is on one side the state or body that the other side's acts for ("Iran met
Turkey", "the Iranian foreign minister met Turkey"); where days and places agree; and where
the words have enough in common, which acts that two do at most once a day need not when both
articles tell the day. Every fact of a happening agrees so with every other, so that no chain
of likenesses joins what is far apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from bot.match.actors import ActorIndex
from bot.models import ActorType, EventClass, FoundFact, Precision, Status

WITHIN = timedelta(days=1)
"""How far apart two articles may be published that tell the same and do not say when."""

LATE = timedelta(days=3)
"""How long after the day of an act an article without a day for it may still tell it."""

COMMON = 0.5
"""The share of the shorter sentence's words that the other must have, where a day is not
told, ..."""

COMMON_DATED = 1 / 3
"""... and where both tell the same day."""

_BOTH_SIDED = frozenset({EventClass.CONSULT, EventClass.AGREE, EventClass.COOPERATE})
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
"""Acts that one happening is told by: who visits is received, and holds talks."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?<=\s)[A-Z]\w{2,}")
_DAYS = frozenset(
    """monda tuesd wedne thurs frida satur sunda janua febru march april june july augus septe
    octob novem decem""".split()
)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*(?<![.,])")


@dataclass(frozen=True)
class Told:
    """A fact as one article tells it; ``published`` is the article's day.

    ``source_for`` and ``target_for`` are whom the two act for (``stands_for``), empty where
    there is no target.
    """

    id: str
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
        """What is compared of its words."""
        return frozenset(_WORD.findall(self.words.lower()))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of its words, years apart."""
        found = _NUMBER.findall(self.words)
        return frozenset(one for one in found if not (len(one) == 4 and one[:2] in ("19", "20")))

    @cached_property
    def names(self) -> frozenset[str]:
        """How its capitalised words begin: *Israel* and *Israeli* are one, days are none."""
        found = {name[:5].lower() for name in _NAME.findall(self.words)}
        return frozenset(found - _DAYS)

    @cached_property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Each actor with whom it acts for; of both-sided acts in one order."""
        source, target = (self.source_for, self.source), (self.target_for, self.target)
        if self.event_class in _BOTH_SIDED and target < source:
            return target, source
        return source, target

    @property
    def kind(self) -> tuple[str, ...]:
        """What must be the same of all that tell one happening."""
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
        """The day that it sorts by."""
        return self.day or self.published


def stands_for(index: ActorIndex, actor: str, on: date | None) -> str:
    """Return whom an actor acts for: of an office, its holder, a ministry or an army the state.

    A state, an armed group or a company of nobody acts for itself, as does whoever holds no
    office on the day.
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
    """Return a fact that says whom its actors act for on the day."""
    target = fact.target_actor
    return fact.model_copy(
        update={
            "source_for": stands_for(index, fact.source_actor, on),
            "target_for": stands_for(index, target, on) if target else "",
        }
    )


def happenings(told: Iterable[Told]) -> dict[str, str]:
    """Name the happening of each fact, by id: the least id of all that tell it."""
    alike: dict[tuple[str, ...], list[Told]] = {}
    for one in told:
        alike.setdefault(one.kind, []).append(one)
    found: dict[str, str] = {}
    for some in alike.values():
        for happening in _grouped(some):
            name = min(one.id for one in happening)
            found.update((one.id, name) for one in happening)
    return found


def _grouped(told: Sequence[Told]) -> Iterator[list[Told]]:
    """Put facts of one kind together, by day; what has a day of its own comes first of a day."""
    ordered = sorted(told, key=lambda t: (t.when or date.max, t.day is None, t.id))
    near: list[list[Told]] = []
    for one in ordered:
        for happening in [some for some in near if _is_over(some, one)]:
            near.remove(happening)
            yield happening
        for happening in near:
            if all(agree(other, one) for other in happening):
                happening.append(one)
                break
        else:
            near.append([one])
    yield from near


def _is_over(happening: Sequence[Told], now: Told) -> bool:
    """Tell whether nothing that sorts after ``now`` can belong to a happening any more."""
    last = max(one.when or date.max for one in happening)
    return (now.when or date.max) - last > max(WITHIN, LATE)


def agree(one: Told, other: Told) -> bool:
    """Tell whether two facts of one kind may tell the same happening."""
    if not all(map(one_side, one.sides, other.sides)):
        return False
    if one.place and other.place and one.place != other.place:
        return False
    if one.day and other.day:
        once = one.event_class in _ONCE_A_DAY and one.target and family(one) == family(other)
        alike = bool(once) or (not _differ(one, other) and share_words(one, other, COMMON_DATED))
        return (one.day, one.is_coarse) == (other.day, other.is_coarse) and alike
    if (one.event_class not in _ONCE_A_DAY or not one.target) and _differ(one, other):
        return False
    if one.published != other.published and _apart(one.numbers, other.numbers):
        return False
    return _published_together(one, other) and share_words(one, other, COMMON)


def family(told: Told) -> str:
    """What acts have in common that one happening may be told by."""
    return _FAMILIES.get(told.act, told.act)


def _differ(one: Told, other: Told) -> bool:
    """Tell whether two sentences are about different things, as attacks of one day are."""
    return bool(one.names - other.names and other.names - one.names) or _apart(
        one.numbers, other.numbers
    )


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether both count something and have no number in common: 53 killed, 72 killed."""
    return bool(one and other) and not one & other


def one_side(mine: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Tell whether an actor is the other, or the one that both act for."""
    return mine[1] == theirs[1] or mine[0] in (mine[1], theirs[1])


def _published_together(one: Told, other: Told) -> bool:
    """Tell whether the days of articles allow that they tell the same."""
    if one.day is None and other.day is None:
        if one.published is None or other.published is None:
            return False
        apart = abs(one.published - other.published)
        return apart <= (WITHIN if one.event_class in _ONCE_A_DAY else timedelta(0))
    dated, undated = (one, other) if one.day else (other, one)
    if undated.published is None or dated.day is None or dated.is_coarse:
        return False
    return dated.day <= undated.published <= dated.day + LATE


def share_words(one: Told, other: Told, share: float) -> bool:
    """Tell whether two facts have so many of the shorter one's words in common."""
    shorter = min(len(one.terms), len(other.terms))
    return shorter > 0 and len(one.terms & other.terms) >= share * shorter
