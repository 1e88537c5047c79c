"""Which facts tell the same happening: cases with near misses, and never by their order."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import count, permutations
from typing import Any

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import EVERYWHERE, EventClass, Status
from bot.read.event_coreference import (
    EXTENT,
    EventReport,
    group_by_event,
    regrouped,
    stands_for,
    with_sides,
)
from tests.arrivals import met

IRAN, TURKEY, QATAR = "state:irn", "state:tur", "state:qat"
MET = "Iran and Turkey held talks about gas in Ankara"
CALLED = "Turkey and Iran held talks in Ankara about gas and trade"
MINISTER, PRESIDENT = "office:foreign-minister-of-iran", "office:president-of-iran"


def told(key: str, **changes: Any) -> EventReport:
    values: dict[str, Any] = {
        "id": key,
        "audience": EVERYWHERE,
        "event_class": EventClass.CONSULT,
        "act": "meet",
        "status": Status.HAPPENED,
        "source": IRAN,
        "target": TURKEY,
        "source_for": IRAN,
        "target_for": TURKEY,
        "day": date(2024, 3, 5),
        "precision": "day",
        "published": date(2024, 3, 6),
        "place": None,
        "words": MET,
    }
    return EventReport(**(values | changes))


UNDATED = {"day": None, "precision": None}
TURNED = {"source": TURKEY, "target": IRAN, "source_for": TURKEY, "target_for": IRAN}
STRUCK = {
    "event_class": EventClass.ASSAULT,
    "act": "attack",
    "words": "Planes hit a Port near Basra",
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, TURNED),
        ({}, {"act": "visit", "words": "quite another thing"}),
        ({}, {"status": Status.ONGOING}),
        ({}, {"source": MINISTER}),
        ({"source": MINISTER}, {"source": MINISTER, "published": None}),
        ({"place": "place:ankara"}, {}),
        ({}, {**UNDATED, "words": CALLED}),
        ({}, {**UNDATED, "words": CALLED, "published": date(2024, 3, 8)}),
        (UNDATED, {**UNDATED, "words": CALLED, "published": date(2024, 3, 7)}),
        ({"precision": "month"}, {"precision": "month"}),
        (STRUCK, {**STRUCK, "words": "Planes hit a Port near Basra at dawn"}),
        ({**STRUCK, **UNDATED}, {**STRUCK, **UNDATED}),
    ],
)
def test_one_happening(one: dict[str, Any], other: dict[str, Any]) -> None:
    named = group_by_event([told("b", **one), told("a", **other)])
    assert named == {"a": "a", "b": "a"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"event_class": EventClass.AGREE}),
        ({}, {"status": Status.PLANNED}),
        ({}, {"status": Status.DENIED}),
        ({}, {"day": date(2024, 3, 6)}),
        ({}, {"precision": "month"}),
        ({}, {"target": QATAR, "target_for": QATAR}),
        ({"source": MINISTER}, {"source": PRESIDENT}),
        ({"place": "place:ankara"}, {"place": "place:doha"}),
        ({}, {"act": "speak", "words": "a call on quite another matter"}),
        ({}, {**UNDATED, "words": "They spoke of quite another matter"}),
        ({}, {**UNDATED, "published": date(2024, 3, 9)}),
        ({}, {**UNDATED, "published": date(2024, 3, 4)}),
        (UNDATED, {**UNDATED, "published": date(2024, 3, 8)}),
        (UNDATED, {**UNDATED, "published": None}),
        ({**STRUCK, **UNDATED}, {**STRUCK, **UNDATED, "published": date(2024, 3, 7)}),
        (STRUCK, {**STRUCK, "words": "Planes hit a Bridge near Basra"}),
        (STRUCK, {**STRUCK, "source": TURKEY, "target": IRAN, "source_for": TURKEY, "target_for": IRAN}),
        ({**STRUCK, "words": "53 killed near Basra"}, {**STRUCK, "words": "72 killed near Basra"}),
    ],
)  # fmt: skip
def test_two_happenings(one: dict[str, Any], other: dict[str, Any]) -> None:
    named = group_by_event([told("b", **one), told("a", **other)])
    assert named == {"a": "a", "b": "b"}


def test_no_chain_joins_what_is_apart() -> None:
    days = [told(f"d{n}", **UNDATED, published=date(2024, 3, n)) for n in range(1, 6)]
    named = group_by_event(days)
    assert len(set(named.values())) == 3
    # The state's meeting may be either's; the two persons' are two.
    three = [told("m", source=MINISTER), told("p", source=PRESIDENT), told("s")]
    assert len(set(group_by_event(three).values())) == 2


def test_the_order_does_not_matter() -> None:
    some = [
        told("a", source=MINISTER),
        told("b", **TURNED),
        told("c", source=PRESIDENT),
        told("d", **UNDATED, words=CALLED),
        told("e", day=date(2024, 3, 7)),
    ]
    named = {tuple(sorted(group_by_event(order).items())) for order in permutations(some)}
    assert len(named) == 1


def a_day(n: int) -> date:
    return date(2024, 3, n)


SIGNED = {**UNDATED, "words": CALLED}


def published(key: str, n: int, audience: str = EVERYWHERE) -> EventReport:
    """A report without a day for the act."""
    return told(key, **SIGNED, published=a_day(n), audience=audience)


@pytest.mark.parametrize(
    ("private", "joins"),
    [
        (published("a", 19, "C1"), True),
        (published("a", 18, "C1"), False),
        (published("a", 20, "C1"), True),
        (published("a", 21, "C1"), True),
        (published("a", 22, "C1"), False),
        (told("a", day=a_day(18), published=a_day(19), words=CALLED, audience="C1"), True),
    ],
)
def test_a_private_fact_founds_names_and_splits_no_public_event(
    private: EventReport, joins: bool
) -> None:
    public = [published("m", 20), published("n", 21)]
    named = group_by_event([*public, private])
    assert named == {"m": "m", "n": "m", "a": "m" if joins else "a"}


def test_private_facts_of_two_audiences_are_never_one_event_by_themselves() -> None:
    private = [published("a", 19, "C1"), published("b", 19, "C2"), published("c", 20, "C1")]
    assert group_by_event(private) == {"a": "a", "b": "b", "c": "a"}
    assert set(group_by_event([*private, published("z", 20)]).values()) == {"z"}


def test_a_private_fact_does_not_keep_one_of_another_audience_out() -> None:
    some = [published("z", 20), published("a", 19, "C1"), published("b", 21, "C2")]
    assert set(group_by_event(some).values()) == {"z"}


@pytest.mark.parametrize("seed", range(4))
def test_what_an_audience_sees_does_not_depend_on_other_private_facts(seed: int) -> None:
    facts = dense(120, seed, ("C1", "C2"))
    named = group_by_event(facts)
    for audience in (EVERYWHERE, "C1", "C2"):
        visible = [one for one in facts if one.audience in (EVERYWHERE, audience)]
        alone = group_by_event(visible)
        assert alone == {one.id: named[one.id] for one in visible}


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


@pytest.mark.parametrize(
    ("actor", "on", "whom"),
    [
        ("office:emir-of-qatar", None, QATAR),
        ("person:tamim-bin-hamad-al-thani", "2024-01-01", QATAR),
        ("org:idf", None, "state:isr"),
        ("group:hamas", None, "group:hamas"),
        ("org:un", None, "org:un"),
        ("state:qat", None, QATAR),
        ("place:gaza-strip", None, "place:gaza-strip"),
        ("person:nobody-at-all", None, "person:nobody-at-all"),
    ],
)
def test_whom_an_actor_stands_for(index: ActorIndex, actor: str, on: str | None, whom: str) -> None:
    assert stands_for(index, actor, date.fromisoformat(on) if on else None) == whom


def test_a_fact_says_whom_its_actors_stand_for(index: ActorIndex) -> None:
    fact = with_sides(met("x", source_actor="office:emir-of-qatar"), index, None)
    assert (fact.source_for, fact.target_for) == (QATAR, IRAN)
    assert with_sides(met("x", target_actor=None), index, None).target_for == ""


def dense(many: int, seed: int, private: tuple[str, ...] = ()) -> list[EventReport]:
    """Facts of few actors on days so near that each may belong to several happenings.

    With names of private audiences, about half of the facts are theirs.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    words = "talks about gas and trade in Ankara with ministers who came from Tehran".split()
    found = []
    for n in range(many):
        when = a_day(chance.randint(1, 28))
        found.append(
            told(
                f"{chance.randrange(10_000):04}-{n}",
                source=chance.choice((IRAN, MINISTER, PRESIDENT)),
                day=when if chance.random() < 0.4 else None,
                precision="day",
                published=when + timedelta(days=chance.randint(0, 2)),
                place=chance.choice((None, None, "place:ankara", "place:doha")),
                words=" ".join(chance.sample(words, 6)),
                audience=chance.choice((*[EVERYWHERE] * len(private), *private))
                if private
                else EVERYWHERE,
            )
        )
    return found


@pytest.mark.parametrize("private", [(), ("C1",), ("C1", "C2")])
@pytest.mark.parametrize(("at_a_time", "seed"), [(1, 1), (1, 2), (9, 3)])
def test_what_changes_is_named_as_if_all_were_named_together(
    at_a_time: int, seed: int, private: tuple[str, ...]
) -> None:
    facts = dense(120, seed, private)
    there: dict[str, EventReport] = {}
    names: dict[str, str] = {}

    def change(days: list[date]) -> None:
        first, last = min(days), max(days)
        for further in count(3, 3):
            since, end = first - 2 * EXTENT, last + timedelta(days=further)
            near = [one for one in there.values() if since <= (one.when or date.max) <= end]
            named = regrouped(near, names, first, end)
            if named is not None:
                names.update(named)
                break
        assert names == group_by_event(there.values())

    for start in range(0, len(facts), at_a_time):
        some = facts[start : start + at_a_time]
        there |= {one.id: one for one in some}
        names |= {one.id: one.id for one in some}
        change([one.when or date.max for one in some])
    for gone in facts[::3]:
        del there[gone.id], names[gone.id]
        change([gone.when or date.max])
