"""The tables of offices, people and tenures: ``offices.csv`` and its companions."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.text.names import normalise
from seeds.build_groupings import grouping_rows
from seeds.build_groups import group_rows
from seeds.build_holders import Tenure
from seeds.build_items import Item, read_items
from seeds.build_leaders import REALMS, ROLES, read_holders
from seeds.build_offices import Built, Office, build_offices, curated_entries, hold_back
from seeds.build_people import Person, crowned
from seeds.build_roles import sightings
from seeds.build_words import named, office_words, titles

ACTORS = ("id", "name", "iso3", "acts_for", "description", "as_of", "source")
ALIASES = ("actor", "text", "kind", "lang", "source")
MEMBERS = ("grouping", "member", "as_of", "source")
TENURES = ("office", "person", "since", "until", "source")
_SOURCES = (
    "# Sources: factbook (xx) = office-holders dated in The World Factbook (CC0, public\n"
    "# domain); wce-... = an item of Wikipedia's Current events portal (text CC BY-SA; only\n"
    "# facts are taken); composed = put together from an office and its state's names, which\n"
    "# are of rigour (OpenSanctions, MIT); phoenix = Phoenix actors (Open Event Data Alliance,\n"
    "# MIT); ofac = sanctions list of the US Treasury (US government work); hand = by hand.\n"
)
_TERMS = (
    "# since: the day of taking office, or where only items are cited, of the first that names\n"
    "# the holder; until: the next holder's first day, or the last day that the source has the\n"
    "# holder in office; empty if still there, as far as the source goes.\n"
)


class Known(NamedTuple):
    """What the tables of states hold, as far as offices need it; keys are alpha-3 codes.

    ``adjectives`` are those put before an office; ``states`` and ``peoples`` map English
    names and demonyms to their state; ``codes`` are the factbook's country codes; ``pages`` are
    its pages and ``seen`` the last day of each.
    """

    names: dict[str, str]
    adjectives: dict[str, str]
    native: dict[str, set[str]]
    states: dict[str, str]
    peoples: dict[str, str]
    codes: dict[str, str]
    pages: dict[str, dict[str, Any]]
    seen: dict[str, str]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], notes: str = "") -> str:
    """Return CSV under a comment that names sources and licences, with ``\\n`` line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    head = "# Built by `python -m seeds.build`; do not edit by hand.\n"
    return head + _SOURCES + notes + out.getvalue()


def office_tables(
    folder: Path, curated: Path, known: Known, number: int = 0, seed: int = 0
) -> tuple[dict[str, str], str, Counter[str]]:
    """Return the tables by file name, the rows held back as CSV, and counts of what was left out.

    ``number`` states, chosen by ``seed``, are built without holders: see ``held_back``.
    """
    entries = curated_entries(curated)
    items = read_items(folder)
    holders, left_out = read_holders(folder, known.codes)
    seen = sightings(items, known.states, known.peoples)
    held = hold_back(holders, entries, number, seed)
    built = build_offices(known.names, holders, seen, items, entries)
    out = set(held)
    by_hand = {entry["id"] for entry in entries}
    people = {person.id: person for person in built.people}
    iso3 = {office.id: office.iso3 for office in built.offices}
    terms = [term for term in built.tenures if iso3.get(term.office) not in out]
    gone = {term.person for term in built.tenures} - {term.person for term in terms}
    kept = [person for person in built.people if person.id not in gone]
    tables = {
        "offices.csv": table(ACTORS, _office_rows(built, items, by_hand)),
        "office_aliases.csv": table(ALIASES, _office_aliases(built.offices, known)),
        "people.csv": table(ACTORS, _people_rows(kept, built)),
        "people_aliases.csv": table(ALIASES, _people_aliases(kept)),
        "tenures.csv": table(TENURES, map(_cells, terms), _TERMS),
    }
    tables |= group_tables(folder, known, items)
    back = [term for term in built.tenures if iso3.get(term.office) in out]
    return tables, held_back(back, people), left_out


def group_tables(folder: Path, known: Known, items: list[Item]) -> dict[str, str]:
    """The tables of armed groups and of groupings of states."""
    groups, names = group_rows(folder, items)
    members, unions, others = grouping_rows(known.pages, known.seen)
    return {
        "groups.csv": table(ACTORS, groups),
        "group_aliases.csv": table(ALIASES, names),
        "groupings.csv": table(MEMBERS, members),
        "organisations.csv": table(ACTORS, unions),
        "organisation_aliases.csv": table(ALIASES, others),
    }


def _cells(term: Tenure) -> tuple[str, ...]:
    until = term.until.isoformat() if term.until else ""
    return term.office, term.person, term.since.isoformat(), until, term.source


def _dates(source: str, items: dict[str, date], default: date) -> date:
    return max((items[c] for c in source.split("; ") if c in items), default=default)


def _office_rows(built: Built, items: Iterable[Item], by_hand: set[str]) -> list[tuple[str, ...]]:
    days = {item.id: item.day for item in items}
    latest: dict[str, date] = {}
    for term in built.tenures:
        day = max(term.until or term.since, _dates(term.source, days, term.since))
        latest[term.office] = max(latest.get(term.office, day), day)
    return [
        (
            office.id, office.name, office.iso3.upper(), f"state:{office.iso3}",
            f"office of state: {titles(office.role, office.iso3)[0]}",
            latest[office.id].isoformat(), office.source,
        )
        for office in sorted(built.offices)
        if office.id not in by_hand
    ]  # fmt: skip


def _office_aliases(offices: Iterable[Office], known: Known) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for office in sorted(offices):
        words = office_words(
            office.role, office.iso3, known.names[office.iso3],
            known.adjectives.get(office.iso3, ""), known.native.get(office.iso3, set()),
        )  # fmt: skip
        seen = {office.name}
        for text, lang in (*words, *_of_realms(office, known)):
            if text not in seen:
                seen.add(text)
                rows.append((office.id, text, "office", lang, "composed"))
    return rows


def _of_realms(office: Office, known: Known) -> Iterator[tuple[str, str]]:
    """Yield the British crown under the names of the other states that share it."""
    if office.iso3 == "gbr" and office.role in ("king", "queen"):
        for iso3 in sorted(REALMS & known.names.keys()):
            yield f"{ROLES[office.role]} of {named(known.names[iso3], iso3)}", "en"


def _people_rows(people: Iterable[Person], built: Built) -> list[tuple[str, ...]]:
    names = {office.id: office.name for office in built.offices}
    held: dict[str, list[Tenure]] = {}
    for term in built.tenures:
        held.setdefault(term.person, []).append(term)
    rows: list[tuple[str, ...]] = []
    for person in sorted(people, key=lambda person: person.id):
        if person.curated or person.id not in held:
            continue
        terms = sorted(held[person.id], key=lambda term: (term.since, term.office))
        said = "; ".join(dict.fromkeys(_said(term, names) for term in terms[-3:]))
        sources = list(person.sources)
        rows.append((
            person.id, person.name, person.state.upper(), f"state:{person.state}", said,
            str(person.last_seen), "; ".join(dict.fromkeys([sources[0], person.latest])),
        ))  # fmt: skip
    return rows


def _said(term: Tenure, names: dict[str, str]) -> str:
    """Return ``President of Poland (2015–2025)``; with *named* if only items name the person."""
    office = names.get(term.office) or term.office.removeprefix("office:").replace("-", " ")
    years = f"{term.since.year}–{term.until.year if term.until else ''}"
    if term.until and term.until.year == term.since.year:
        years = str(term.since.year)
    return f"{office} ({years})" if "factbook" in term.source else f"{office} (named {years})"


def _people_aliases(people: Iterable[Person]) -> list[tuple[str, ...]]:
    """Return spellings that belong to one person alone, and have at least two words."""
    people = sorted(people, key=lambda person: person.id)
    owners: dict[str, set[str]] = {}
    for person in people:
        for text in (person.name, *person.texts):
            owners.setdefault(normalise(text), set()).add(person.id)
        for key in person.keys:
            owners.setdefault(key, set()).add(person.id)
    rows: list[tuple[str, ...]] = []
    for person in people:
        seen = {normalise(person.name)} | (set(person.curated_keys))
        for text, source in person.texts.items():
            key = normalise(text)
            if key not in seen and len(owners[key]) == 1 and " " in key:
                seen.add(key)
                rows.append((person.id, text, "transliteration", "", source))
        rows += [(person.id, text, "office", "en", "composed") for text in crowned(person)]
    return rows


def held_back(terms: Iterable[Tenure], people: dict[str, Person]) -> str:
    """Return the held-back rows as ``dragoman actors import`` reads them: persons, then tenures."""
    columns = (
        "kind", "id", "type", "name", "iso3", "acts_for", "aliases",
        "office", "person", "since", "until", "source",
    )  # fmt: skip
    terms = list(terms)
    rows: list[tuple[str, ...]] = []
    for key in sorted({term.person for term in terms}):
        one = people[key]
        names = "|".join(text for text in one.texts if text != one.name)
        state = f"state:{one.state}"
        of = ("actor", key, "person", one.name, one.state.upper(), state, names)
        rows.append((*of, "", "", "", "", "; ".join(one.sources)))
    rows += [("tenure", *[""] * 6, *_cells(term)) for term in terms]
    return table(columns, rows)
