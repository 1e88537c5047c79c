"""Offices of states, their holders and tenures, from the factbook and the portal's items."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.text.names import normalise
from seeds.build_holders import (
    MONARCHS,
    Glimpse,
    Stay,
    Tenure,
    end_by_successors,
    runs,
    stays,
    tenures,
)
from seeds.build_items import Item, find, fold_words
from seeds.build_leaders import ROLES, Holder
from seeds.build_names import forms
from seeds.build_people import Counts, People, Person, settle
from seeds.build_roles import Sighting
from seeds.build_words import named, titles

HEADS = ("president", "prime-minister", "chancellor")
"""Offices so often in the news that a single sighting is more likely a slip."""

LATELY = date(2022, 1, 1)
"""The day since which a single sighting of a minister is worth a row."""


class Office(NamedTuple):
    """One office of one state, ``iso3`` in lower case."""

    id: str
    name: str
    iso3: str
    role: str
    source: str


class Built(NamedTuple):
    """The result of one build for a state's holders."""

    offices: list[Office]
    tenures: list[Tenure]
    people: list[Person]


def office_id(role: str, state_name: str) -> str:
    """Return an id such as ``office:president-of-poland``."""
    return f"office:{role}-of-{normalise(state_name).replace(' ', '-')}"


def curated_people(entries: Iterable[dict[str, Any]]) -> dict[str, Person]:
    """Return persons entered by hand, by each of their names except a surname alone."""
    famous: dict[str, Person] = {}
    for entry in entries:
        if entry.get("type") != "person":
            continue
        person = Person(str(entry.get("acts_for", "")).removeprefix("state:"), entry["id"])
        person.name = entry["name"]
        names = [entry["name"]] + [
            alias["text"]
            for alias in entry.get("aliases", [])
            if alias.get("kind", "name") in ("name", "transliteration")
        ]
        for name in names:
            person.keys[normalise(name)] = None
            famous.setdefault(normalise(name), person)
        person.curated_keys = frozenset(person.keys)
    return famous


def build_offices(
    names: dict[str, str],
    holders: list[Holder],
    seen: list[Sighting],
    items: list[Item],
    curated: list[dict[str, Any]],
) -> Built:
    """Return all offices with their tenures; ``names`` gives each state's name by alpha-3 code."""
    famous = curated_people(curated)
    taken = {entry["id"] for entry in curated}
    texts = {fold_words(text) for row in holders for text in forms(row.name)}
    counts = find(texts | {fold_words(one.name) for one in seen}, items)
    by_state: dict[str, list[Holder]] = {}
    for row in holders:
        by_state.setdefault(row.iso3, []).append(row)
    glimpsed: dict[str, list[Sighting]] = {}
    for one in seen:
        glimpsed.setdefault(one.iso3, []).append(one)
    offices: list[Office] = []
    terms: list[Tenure] = []
    people: dict[str, Person] = {}
    known = {entry["id"]: entry for entry in curated if entry.get("type") == "office"}
    for iso3, name in sorted(names.items()):
        made = _state(iso3, by_state.get(iso3, []), glimpsed.get(iso3, []), famous, counts)
        settle([person for person in made.people if not person.id], counts, taken)
        for office, rows in _finished(made, iso3, name):
            offices.append(office)
            terms += rows
        people |= {person.id: person for person in made.people}
    used = {term.person for term in terms}
    terms = [term for term in terms if term.office not in known or _adds(known, term)]
    return Built(offices, terms, [p for p in people.values() if p.id in used or p.curated])


class _Made(NamedTuple):
    people: list[Person]
    dated: dict[str, list[tuple[Person, Holder]]]
    glimpsed: dict[str, list[tuple[Person, Sighting]]]


def _state(
    iso3: str, rows: list[Holder], seen: list[Sighting],
    famous: dict[str, Person], counts: Counts,
) -> _Made:  # fmt: skip
    people = People(iso3, famous)
    for person in dict.fromkeys(famous.values()):
        if person.state == iso3:
            people.all.append(person)
    dated: dict[str, list[tuple[Person, Holder]]] = {}
    for row in sorted(rows, key=lambda row: (row.since, row.first_seen, row.role)):
        dated.setdefault(row.role, []).append((people.holder(row), row))
    groups: dict[tuple[str, str], list[Sighting]] = {}
    for one in seen:
        groups.setdefault((one.role, normalise(one.name)), []).append(one)
    glimpsed: dict[str, list[tuple[Person, Sighting]]] = {}
    for (role, _), group in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        if role == "vice-president" and role not in dated:
            continue  # one of several holders, so no office of that name
        once = len(group) == 1
        doubtful = once and (
            role in HEADS or group[0].day < LATELY or not _in_news(group[0].name, counts)
        )
        if doubtful and not people.find([group[0].name], role, group[0].day, group[0].day):
            continue
        person = people.sighted(group[0].name, group)
        glimpsed.setdefault(role, []).extend((person, one) for one in group)
    return _Made(people.all, dated, glimpsed)


def _in_news(name: str, counts: Counts) -> bool:
    seen = counts.get(fold_words(name))
    return seen is not None and seen.count > 1


def _finished(made: _Made, iso3: str, name: str) -> list[tuple[Office, list[Tenure]]]:
    by_role: dict[str, list[Tenure]] = {}
    for role in ROLES:
        office = office_id(role, named(name, iso3))
        dated = stays(
            Stay(person.id, row.since, row.last_seen, f"factbook ({row.gec})")
            for person, row in made.dated.get(role, [])
        )
        glimpses = [
            Glimpse(person.id, one.day, one.item) for person, one in made.glimpsed.get(role, [])
        ]
        if (
            role == "president"
            and not dated
            and "prime-minister" in made.dated
            and (any(other in made.dated for other in MONARCHS))
        ):
            continue  # of a parliament or a party, in a monarchy
        sighted, longer = runs(glimpses, dated)
        dated = [longer.get(i, stay) for i, stay in enumerate(dated)]
        if dated or sighted:
            by_role[role] = tenures(office, dated, sighted)
    crowns = {role: rows for role, rows in by_role.items() if role in MONARCHS}
    for role, rows in crowns.items():
        others = [row for other, found in crowns.items() if other != role for row in found]
        by_role[role] = end_by_successors(rows, others)
    return [(_office(role, rows, iso3, name), rows) for role, rows in by_role.items()]


def _office(role: str, rows: list[Tenure], iso3: str, name: str) -> Office:
    last = max(rows, key=lambda row: row.since)
    title = titles(role, iso3)[0]
    return Office(rows[0].office, f"{title} of {named(name, iso3)}", iso3, role, last.source)


def _adds(known: dict[str, Any], term: Tenure) -> bool:
    """Return whether a term ends before all hand-entered terms of the same office."""
    begins = [row["since"] for row in known[term.office].get("tenures", []) if row.get("since")]
    ends = [row["until"] for row in known[term.office].get("tenures", []) if row.get("until")]
    first = min([*begins, *ends], default=None)
    return first is not None and bool(begins) and term.until is not None and term.until <= first


def hold_back(
    holders: list[Holder], curated: list[dict[str, Any]], number: int, seed: int
) -> list[str]:
    """Return the states, by alpha-3 code, whose holders are left out of a build: chosen by ``seed``
    from those with at least two holders and no tenure entered by hand."""
    by_hand = {
        str(entry.get("acts_for", "")).removeprefix("state:")
        for entry in curated
        if entry.get("tenures")
    }
    counts = Counter(iso3 for iso3, _ in {(row.iso3, row.since) for row in holders})
    fit = sorted(iso3 for iso3, n in counts.items() if n > 1 and iso3 not in by_hand)
    return sorted(random.Random(seed).sample(fit, min(number, len(fit))))  # noqa: S311


def curated_entries(folder: Path) -> list[dict[str, Any]]:
    """Return all entries of the YAML tables of ``folder``."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml")):
        found += yaml.safe_load(path.read_text("utf-8")) or []
    return found
