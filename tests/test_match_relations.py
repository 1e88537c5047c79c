"""Who counts as whom: holders of offices by date, those who act for a state, merges."""

from __future__ import annotations

from datetime import date

import pytest

from bot.match.actors import ActorIndex
from bot.models import Actor, ActorType, Tenure


def _actor(actor: str, name: str, acts_for: str | None = None, merged: str | None = None) -> Actor:
    kind = {"org": "organisation"}.get(actor.split(":")[0], actor.split(":")[0])
    return Actor(
        id=actor,
        type=ActorType(kind),
        name=name,
        acts_for=acts_for,
        merged_into=merged,
        source="test",
    )


ACTORS = [
    _actor("state:one", "Oneland"),
    _actor("state:two", "Twoland"),
    _actor("office:head", "President of Oneland", "state:one"),
    _actor("office:chief", "Chief of the Guard of Oneland", "org:guard"),
    _actor("org:guard", "Guard of Oneland", "state:one"),
    _actor("person:ana", "Ana First", "state:one"),
    _actor("person:ben", "Ben Second", "state:one"),
    _actor("person:cyd", "Cyd Third"),
    _actor("person:dee", "Dee Fourth"),
    _actor("person:anna", "Anna Firste", merged="person:ana"),
    _actor("state:old", "Old Oneland", merged="state:one"),
]

TENURES = [
    Tenure(office="office:head", person="person:ben", since=date(2020, 3, 1), source="t"),
    Tenure(
        office="office:head",
        person="person:ana",
        since=date(2010, 1, 1),
        until=date(2020, 3, 1),
        source="t",
    ),
    Tenure(office="office:chief", person="person:cyd", until=date(2015, 6, 30), source="t"),
    Tenure(office="office:chief", person="person:dee", source="t"),
]


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    return ActorIndex(ACTORS, TENURES)


@pytest.mark.parametrize(
    ("office", "on", "person"),
    [
        ("office:head", None, "person:ben"),
        ("office:head", date(2009, 12, 31), None),
        ("office:head", date(2010, 1, 1), "person:ana"),
        ("office:head", date(2020, 2, 29), "person:ana"),
        ("office:head", date(2020, 3, 1), "person:ben"),
        ("office:head", date(2050, 1, 1), "person:ben"),
        ("office:chief", date(1990, 1, 1), "person:cyd"),
        ("office:chief", date(2015, 6, 29), "person:cyd"),
        ("office:chief", date(2015, 7, 1), "person:dee"),
        ("office:chief", None, "person:dee"),
        ("office:nobody", None, None),
    ],
)
def test_holder(index: ActorIndex, office: str, on: date | None, person: str | None) -> None:
    assert index.holder(office, on) == person


def test_offices_of_a_person(index: ActorIndex) -> None:
    assert index.offices("person:ana") == []
    assert index.offices("person:ana", date(2015, 1, 1)) == ["office:head"]
    assert index.offices("person:ben") == ["office:head"]
    assert index.offices("person:nobody") == []


def test_a_state_counts_all_who_act_for_it(index: ActorIndex) -> None:
    assert index.expand("state:one") == {
        "state:one",
        "state:old",
        "office:head",
        "org:guard",
        "office:chief",
        "person:ana",
        "person:anna",
        "person:ben",
        "person:dee",
    }
    assert index.expand("state:two") == {"state:two"}


def test_an_office_counts_its_holder_at_the_date(index: ActorIndex) -> None:
    assert index.expand("office:head") == {"office:head", "person:ben"}
    then = index.expand("office:head", date(2015, 1, 1))
    assert then == {"office:head", "person:ana", "person:anna"}


def test_a_person_counts_the_offices_held(index: ActorIndex) -> None:
    assert index.expand("person:ben") == {"person:ben", "office:head"}
    assert index.expand("person:ana") == {"person:ana", "person:anna"}
    assert "office:head" in index.expand("person:ana", date(2015, 1, 1))


def test_merged_actors_are_one(index: ActorIndex) -> None:
    assert index.expand("person:anna") == {"person:ana", "person:anna"}
    (first, *_) = index.match("Anna Firste")
    assert first.actor == "person:ana"
    assert [m.actor for m in index.match("Ana First")].count("person:ana") == 1


def test_merges_in_a_circle_end() -> None:
    circle = [
        _actor("person:a", "Aaa Bbb", merged="person:b"),
        _actor("person:b", "Bbb Aaa", merged="person:a"),
    ]
    index = ActorIndex(circle)
    assert index.expand("person:a") == {"person:a", "person:b"}
    assert index.match("Aaa Bbb")


def test_an_unknown_id_counts_as_itself(index: ActorIndex) -> None:
    assert index.expand("state:nowhere") == {"state:nowhere"}


def test_an_empty_index_knows_nobody() -> None:
    index = ActorIndex([])
    assert index.match("Qatar") == []
    assert index.nearest("Qatar") == []
    assert index.in_query("what about Qatar") == []
    assert index.trie.scan("Qatar") == []


def test_a_grouping_stands_for_its_members() -> None:
    states = [
        Actor(id=f"state:{name}", type=ActorType.STATE, name=name.title(), source="made up")
        for name in ("ruritania", "zembla", "graustark")
    ]
    few = Actor(id="org:r2", type=ActorType.ORGANISATION, name="R2", source="made up",
                members=("state:ruritania", "state:zembla"))  # fmt: skip
    king = Actor(id="office:king-of-zembla", type=ActorType.OFFICE, name="King of Zembla",
                 acts_for="state:zembla", source="made up")  # fmt: skip
    index = ActorIndex([*states, few, king])
    assert index.expand("org:r2") == {"org:r2", *few.members, "office:king-of-zembla"}
    assert "org:r2" not in index.expand("state:zembla")
    assert index.match("R2")[0].why.endswith("It stands for its members: Ruritania, Zembla.")
    assert "stands for" not in index.match("Zembla")[0].why


@pytest.mark.parametrize("why", ["it has an office of its own", "it has many members"])
def test_a_body_that_acts_by_itself_stands_for_nobody(why: str) -> None:
    ids = [f"state:s{number}" for number in range(2 if "office" in why else 20)]
    states = [Actor(id=one, type=ActorType.STATE, name=one, source="made up") for one in ids]
    body = Actor(id="org:body", type=ActorType.ORGANISATION, name="The Body", source="made up",
                 members=tuple(ids))  # fmt: skip
    head = Actor(id="office:head", type=ActorType.OFFICE, name="Head of the Body", source="made up",
                 acts_for="org:body" if "office" in why else "state:s0")  # fmt: skip
    index = ActorIndex([*states, body, head])
    assert not set(ids) & index.expand("org:body")
