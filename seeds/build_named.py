"""Actors that the other tables do not hold: parties, peoples, territories, places, past leaders.

They are built last, so that none of their names belongs to another actor already.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.text.names import normalise
from seeds.build_bodies import body_rows, person_rows
from seeds.build_items import read_items
from seeds.build_more import ACTORS, ALIASES, Known, table
from seeds.build_parties import dweller_rows, party_rows, people_rows
from seeds.build_past import past_rows
from seeds.build_places import place_rows
from seeds.build_territories import territory_rows
from seeds.build_treaties import treaty_rows


def named_tables(
    folder: Path, known: Known, entries: list[dict[str, Any]], tables: Mapping[str, str], held: str
) -> dict[str, str]:
    """Return the last tables by file name. ``entries`` are those of the YAML tables, ``tables`` the
    text of the others, and ``held`` that of the office-holders held back from them."""
    items = read_items(folder)
    rows = [row for text in (*tables.values(), held) for row in _rows(text)]
    names = [*_named(rows), *_entered(entries)]
    people = _people(names, [*rows, *entries])
    taken = {normalise(text) for _, text in names}
    ids = {key for key, _ in names}
    owners = {**known.states, **known.peoples}
    listed = {
        "parties": party_rows(items, known.names, taken),
        "peoples": people_rows(items, known.names, owners, taken),
        "bodies": body_rows(items, known.names, taken),
        "persons": person_rows(items, known.names, dict(reversed(names)), taken),
        "treaties": treaty_rows(items, taken),
        "territories": territory_rows(folder, known.names, taken),
    }
    taken |= {normalise(row[1]) for both in listed.values() for some in both for row in some}
    ids |= {row[0] for actors, _ in listed.values() for row in actors}
    places = place_rows(folder, items, known.names, known.states, known.peoples, taken)
    places = [row for row in places if row[0] not in ids]
    taken |= {normalise(row[1]) for row in places}
    dwellers = dweller_rows(ids | {row[0] for row in places}, taken)
    listed["places"] = places, dwellers
    taken |= {normalise(row[1]) for row in dwellers}
    listed["past_people"] = past_rows(folder, items, known.names, owners, people, taken, ids)
    return {f"{name}.csv": table(ACTORS, actors) for name, (actors, _) in listed.items()} | {
        f"{name}_names.csv": table(ALIASES, others) for name, (_, others) in listed.items()
    }


def _people(
    names: Iterable[tuple[str, str]], rows: Iterable[Mapping[str, Any]]
) -> dict[str, set[str]]:
    """Return the names of persons, by the state that they act for."""
    of = {row["id"]: row.get("acts_for") or "" for row in rows if row.get("id")}
    people: dict[str, set[str]] = {}
    for key, text in names:
        if key.startswith("person:"):
            people.setdefault(of.get(key, "").removeprefix("state:"), set()).add(text)
    return people


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def _named(rows: Iterable[dict[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield the actors that the rows of tables name, and their names."""
    for row in rows:
        if row.get("id") and row.get("name"):
            yield row["id"], row["name"]
            yield from ((row["id"], text) for text in row.get("aliases", "").split("|") if text)
        elif row.get("actor") and row.get("text"):
            yield row["actor"], row["text"]


def _entered(entries: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    for entry in entries:
        if "name" in entry:
            yield entry["id"], entry["name"]
        yield from ((entry["id"], alias["text"]) for alias in entry.get("aliases", []))
