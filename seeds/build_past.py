"""Leaders and ministers of the past thirty years, by Phoenix: ``past_people.csv``.

Phoenix (MIT) dates the roles of persons to the day for heads of state and government, to the
month for ministers, up to about 2014. The table has persons who governed in 1989 or later, who
either led or are named in the portal's items together with the state, and who are not among the
office-holders of ``people.csv`` or the persons entered by hand. Phoenix says which state they acted
for and when, not in which office, so they hold none here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.text.names import normalise
from seeds.build_items import Item, Seen, find, fold_words, seen_with
from seeds.build_leaders import REALMS
from seeds.build_names import pretty
from seeds.build_people import FAMILIES, SURNAME_FIRST, same_name
from seeds.build_places import PHOENIX_CODES
from seeds.build_words import named

SINCE = date(1989, 1, 1)
"""People who left office before this are hardly in today's news."""

NAMED = 3
"""How many items must name a minister together with the state. One must name the head of a
state that shares another's monarch, who may be a governor-general; other heads need none."""

_TERM = re.compile(r"([A-Z]{3})GOV[A-Z]*\s+(?:>\s?(\d+)|(\d+)-(\d+))$")
_TITLES = frozenset(
    "president prime minister premier king queen prince princess general secretary chief crown "
    "chairman chancellor vice deputy leader party committee council army of the and".split()
)

_RANKS = frozenset(
    "Hojatolislam Ayatollah Ambassador Sheikh Shaykh Ratu Sir Dame Colonel Sayyed Seyed Syed "
    "Sayyid Seyyed Haji Dato' Datuk Seri Tun".split()
)

Rows = list[tuple[str, ...]]


class Past(NamedTuple):
    """A person with the first and last day in government; ``last`` None is open.

    ``led`` is whether a term begins on a day within a month, as only those of heads do.
    """

    name: str
    others: tuple[str, ...]
    iso3: str
    first: date
    last: date | None
    led: bool


def read_past(folder: Path, states: Iterable[str]) -> list[Past]:
    """Return everyone whom Phoenix has in a government since ``SINCE``, in its order."""
    path = folder / "phoenix-actors" / "Phoenix.Countries.actors.json"
    known = set(states)
    found: list[Past] = []
    before: list[str] = []
    for row in json.loads(path.read_text("utf-8")):
        spelt = [row["n"], *row["al"]]
        if not row["codes"]:
            before += spelt
            continue
        terms = [term for code in row["codes"] if (term := _term(code)) and term[0] in known]
        names, before = _names(spelt, before), []
        if not terms or not names:
            continue
        iso3, _, last = terms[-1]
        first = min(first for _, first, _ in terms)
        if last is not None:
            last = max(end for _, _, end in terms if end)
        if last is None or last >= SINCE:
            led = any(code[3:] == "ELI" or "ELI " in code for code in row["codes"])
            led = led and any(begun.day != 1 for _, begun, _ in terms)
            others = tuple(n for n in dict.fromkeys(names[1:]) if one_person(n, names[0], iso3))
            found.append(Past(names[0], others, iso3, first, last, led))
    return found


def _names(spelt: list[str], before: list[str]) -> list[str]:
    """Return the names of a row, or else of the rows without codes before it with the same ending:
    there ``BORIS_YELTSIN`` is separate from ``RUSSIAN_PRESIDENT_YELTSIN``, which has the codes."""
    names = [_plain(text) for text in spelt]
    if _is_name(names[0]):
        return [name for name in names if _is_name(name)]
    last = names[0].rpartition(" ")[2]
    others = [_plain(text) for text in before]
    return [name for name in others if _is_name(name) and name.endswith(f" {last}")]


def _plain(text: str) -> str:
    words = pretty(text.replace("_", " ").strip()).split()
    while words and words[0] in _RANKS:
        words.pop(0)
    return " ".join(words)


def _term(code: str) -> tuple[str, date, date | None] | None:
    match = _TERM.fullmatch(code)
    first = _day(match[2] or match[3]) if match else None
    if match is None or first is None:
        return None
    last = _day(match[4]) if match[4] else None
    if match[4] and (last is None or last < first):
        return None
    return PHOENIX_CODES.get(match[1], match[1].lower()), first, last


def _day(text: str) -> date | None:
    """Parse ``901027`` and ``19901027``; two-figure years are of 1916 to 2015."""
    if len(text) == 6:
        text = ("20" if text[:2] < "16" else "19") + text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_name(text: str) -> bool:
    words = normalise(text).split()
    if words and words[-1] in FAMILIES:
        return False  # so common that one more would hide those in the news
    return len(words) > 1 and not _TITLES & set(words) and bool(re.fullmatch(r"[\w .'’-]+", text))


def one_person(left: str, right: str, iso3: str) -> bool:
    """Return whether two names in a state are spellings of one: first and last word agree."""
    a, b = (normalise(name) for name in (left, right))
    if iso3 in SURNAME_FIRST:
        return a.replace(" ", "") == b.replace(" ", "")
    ours, theirs = a.split(), b.split()
    if len(ours) == len(theirs):
        return all(fuzz.ratio(x, y) >= 75 for x, y in zip(ours, theirs, strict=True))
    ends = fuzz.ratio(ours[0], theirs[0]) >= 80 and fuzz.ratio(ours[-1], theirs[-1]) >= 85
    return same_name(a, b) or ends


def perhaps_one(left: str, right: str, iso3: str) -> bool:
    """Return whether they may be one person: two distinctive words of both agree, anywhere."""
    if iso3 in SURNAME_FIRST:
        return one_person(left, right, iso3)
    ours, theirs = (
        [word for word in normalise(name).split() if len(word) > 3 and word not in FAMILIES]
        for name in (left, right)
    )
    near = [word for word in ours if any(fuzz.ratio(word, other) >= 80 for other in theirs)]
    return len(near) > 1 or one_person(left, right, iso3)


def past_rows(
    folder: Path, items: list[Item], states: Mapping[str, str], owners: Mapping[str, str],
    known: Mapping[str, set[str]], taken: set[str], ids: set[str],
) -> tuple[Rows, Rows]:  # fmt: skip
    """Return the rows of past_people.csv and of past_people_names.csv.

    ``owners`` are names and demonyms of states with their codes; ``known`` the names of the
    persons already there, by alpha-3 code; ``taken`` all names of all actors, normalised;
    ``ids`` the ids in use.
    """
    past = read_past(folder, states)
    spelt = {fold_words(name) for one in past for name in (one.name, *one.others)}
    seen = find(spelt, items)
    near = seen_with({words: " ".join(words) for words in spelt if words in seen}, items, owners)
    with_state = {one: _items(one, near) for one in past}
    wanted = [
        one
        for one in past
        if len(with_state[one]) >= (NAMED if not one.led else one.iso3 in REALMS)
    ]
    wanted.sort(key=lambda one: (not one.led, -len(with_state[one]), one.name))
    people = _told_apart(wanted, known, taken)
    rows: Rows = []
    aliases: Rows = []
    for one, names in (pair for iso3 in sorted(people) for pair in people[iso3]):
        row = _row(one, seen.get(fold_words(one.name)), with_state[one], states, ids)
        rows.append(row)
        used = {normalise(row[1])}
        for name in names:
            if normalise(name) not in used | taken:
                used.add(normalise(name))
                aliases.append((row[0], name, "transliteration", "", "phoenix"))
    return _unshared(sorted(rows), sorted(aliases))


def _told_apart(
    wanted: Iterable[Past], known: Mapping[str, set[str]], taken: set[str]
) -> dict[str, list[tuple[Past, list[str]]]]:
    """Return, by state, each person who is not known yet, once, with all spellings."""
    people: dict[str, list[tuple[Past, list[str]]]] = {}
    for one in wanted:
        here = people.setdefault(one.iso3, [])
        namesakes = known.get(one.iso3, set())
        if any(normalise(name) in taken for name in (one.name, *one.others)) or any(
            perhaps_one(one.name, name, one.iso3) for name in namesakes
        ):
            continue
        for _, names in here:
            if one_person(names[0], one.name, one.iso3):
                names += [one.name, *one.others]
                break
        else:
            here.append((one, [one.name, *one.others]))
    return people


def _unshared(rows: Rows, aliases: Rows) -> tuple[Rows, Rows]:
    """Leave out the names that two persons share."""
    owners: dict[str, set[str]] = {}
    for key, text in [*((row[0], row[1]) for row in rows), *((row[0], row[1]) for row in aliases)]:
        owners.setdefault(normalise(text), set()).add(key)
    kept = [row for row in rows if len(owners[normalise(row[1])]) == 1]
    ids = {row[0] for row in kept}
    return kept, [row for row in aliases if row[0] in ids and len(owners[normalise(row[1])]) == 1]


def _items(one: Past, near: Mapping[str, Mapping[str, list[Item]]]) -> list[Item]:
    """Return the items that name a person together with the state, as few name a namesake."""
    keys = {" ".join(fold_words(name)) for name in (one.name, *one.others)}
    return [item for key in keys for item in near.get(key, {}).get(one.iso3, ())]


def _row(
    one: Past, seen: Seen | None, named_in: list[Item], states: Mapping[str, str], ids: set[str]
) -> tuple[str, ...]:
    name = seen.spelling if named_in and seen and not seen.spelling.isupper() else one.name
    base = "person:" + re.sub(r"[^a-z0-9]+", "-", normalise(name)).strip("-")
    key = base if base not in ids else f"{base}-{one.iso3}"
    ids.add(key)
    years = f"{one.first.year}–{one.last.year}" if one.last else f"from {one.first.year}"
    if one.last and one.last.year == one.first.year:
        years = str(one.first.year)
    said = f"in the government of {named(states[one.iso3], one.iso3)} ({years})"
    as_of, source = one.last or one.first, "phoenix"
    if named_in:
        last = max(named_in, key=lambda item: (item.day, item.id))
        as_of, source = last.day, f"phoenix; {last.id}"
    return key, name, one.iso3.upper(), f"state:{one.iso3}", said, as_of.isoformat(), source
