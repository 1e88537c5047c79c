"""The tables built last: complete, sourced, of nobody else's names, and what they must say."""

from __future__ import annotations

from datetime import date

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.lookup import verdict
from bot.models import AliasKind
from seeds.build_inflected import inflected
from seeds.build_past import one_person, perhaps_one
from tests.test_seeds import ID, table

NAMES = (
    "parties", "peoples", "bodies", "persons", "treaties", "territories", "places", "past_people",
)  # fmt: skip
ACTORS = [row for name in NAMES for row in table(f"{name}.csv")]
ALIASES = [row for name in NAMES for row in table(f"{name}_names.csv")]


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def test_rows_are_complete() -> None:
    ids = [row["id"] for row in ACTORS]
    assert len(set(ids)) == len(ids)
    for row in ACTORS:
        assert ID.fullmatch(row["id"]), row
        assert row["name"].strip() == row["name"] != ""
        assert row["source"], row
        assert not row["as_of"] or date.fromisoformat(row["as_of"]) <= date.today()  # noqa: DTZ011
    for row in ALIASES:
        assert row["actor"] in ids
        assert AliasKind(row["kind"])


def test_no_name_belongs_to_two() -> None:
    owners: dict[str, set[str]] = {}
    pairs = [(row["id"], row["name"]) for row in ACTORS]
    pairs += [(row["actor"], row["text"]) for row in ALIASES]
    for key, text in pairs:
        owners.setdefault(text.casefold(), set()).add(key)
    assert {text for text, who in owners.items() if len(who) > 1} == set()


@pytest.mark.parametrize(
    ("query", "actor", "iso3"),
    [
        ("Jean-Bertrand Aristide", "person:jean-bertrand-aristide", "HTI"),
        ("Askar Akayev", "person:askar-akayev", "KGZ"),
        ("Samarra", "place:samarra", "IRQ"),
        ("Jericho", "place:jericho", "PSE"),
        ("Darfur", "place:darfur", "SDN"),
        ("Greenland", "place:greenland", "GRL"),
        ("Hong Kongers", "place:hong-kong", "HKG"),
        ("Western Sahara", "place:western-sahara", "ESH"),
        ("NPT", "treaty:nuclear-non-proliferation-treaty", None),
        ("Abraham Accords", "treaty:abraham-accords", None),
        ("Bharatiya Janata Party", "org:bharatiya-janata-party", "IND"),
        ("CIA", "org:cia", "USA"),
        ("Rohingyas", "group:rohingya", "MMR"),
        ("رئيس الوزراء الإسرائيلي", "office:prime-minister-of-israel", "ISR"),
        ("министр иностранных дел Ирана", "office:foreign-minister-of-iran", "IRN"),
    ],
)
def test_who_is_meant(index: ActorIndex, query: str, actor: str, iso3: str | None) -> None:
    found = index.match(query)
    assert verdict(found) == "sure", found[:3]
    assert (found[0].actor, found[0].iso3) == (actor, iso3)


@pytest.mark.parametrize("text", ["Georgia", "Cambridge", "Punjab", "Labour Party"])
def test_names_of_several_are_no_places_or_parties(text: str) -> None:
    assert text not in {row["name"] for row in ACTORS}


@pytest.mark.parametrize(
    ("left", "right", "iso3", "one", "perhaps"),
    [
        ("Mahendra Chaudhry", "Mahendra Pal Chaudhry", "fji", True, True),
        ("Kim Yong Il", "Kim Jong Il", "prk", False, False),
        ("Abdul Rahim Hatef", "Abdul Rahim Ghafoorzai", "afg", False, True),
        ("Gordon Brown", "Nick Brown", "gbr", False, False),
    ],
)
def test_whose_spellings_are_one(
    left: str, right: str, iso3: str, one: bool, perhaps: bool
) -> None:
    assert one_person(left, right, iso3) is one
    assert perhaps_one(left, right, iso3) is perhaps


def test_inflected_offices() -> None:
    assert ("وزير الخارجية القطري", "ar") in set(inflected("foreign-minister", "qat"))
    assert ("президент США", "ru") in set(inflected("president", "usa"))
    assert list(inflected("president", "tuv")) == []
