"""Places in the news and territories that are not states: ``places.csv`` and its aliases.

A place is included if the portal's items put it into a state in their own words (*in Quetta,
Pakistan*; *the Iraqi city of Samarra*), or if a list has it (provinces and territories of
rigour, MIT; cities that Phoenix, MIT, keeps under their state) and the items name it together with
that state. Names that items put into two states, or use mostly as a part of longer names, are left
out; so are names of other actors.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bot.text.english import is_common
from bot.text.names import normalise
from seeds.build_items import Item, Seen, find, fold_words, seen_with
from seeds.build_names import pretty
from seeds.build_states import BuildError

PHOENIX_CODES = {"KSV": "xkx", "ROM": "rou", "ZAR": "cod", "TMP": "tls"}
"""Codes that Phoenix writes differently from today's ISO 3166."""

WITHIN = {"West Bank": "pse", "Gaza Strip": "pse", "Gaza": "pse"}
"""Territories that items name in place of their state."""

SIGHTED = 3
"""How many items must put a place into its state, if no list has it."""

AGREEING = 0.8
"""The share of them that must put it into the same state."""

TOGETHER = 0.15
"""The share of the items naming a listed place that must name its state as well."""

INSIDE = 0.35
"""A name used as a part of longer names more often than this is probably a person's."""

PLAINLY = 0.15
"""Unless this share of the items says in which state it is."""

SHORT, OFTEN = 6, 30
"""A word of fewer letters is easily a misspelling of another: so many items must have it."""

NO_PLACES = frozenset(
    "democratic midwestern northern southern eastern western central republic federal islamic "
    "muslim christian jewish parliament senate army navy police university europe asia africa "
    "kurdistan aussie nazi pilipinas scotsman somalian bucuresti lisboa moskva algerie siam scot "
    "briton pole dane finn swede kiwi mongol islanders soviet westgermany uk us usa drc kent "
    "turkishrepublic statesofamerica homelandsecurity tamileelam unitedstates koreanorth korea "
    "koreasouth congodrc cambridge sanjose sanjuan woodstock natal aurora paradise providence "
    "antioch mobile hidalgo flint essen perm lancaster lexington huntington olympia victoria "
    "quezon rizal sana jere fuego punjab hyderabad beni tripoli celebes commerce columbia "
    "cotedivoire udonthani pathumthani chimborazo cotopaxi surat leyte castilla".split()
)
"""Names without spaces that are not places, no longer are, or belong to several in different
states, whatever lists and items say."""

NEITHER = frozenset({"as", "in", "un", "eu", "zz", "ip", "cn-ha", "ps", "us-ga", "us-wa", "ge"})
"""Codes of rigour whose names mean something else in English text."""

_WORD = r"(?:(?:al|el|ar|as|an|ash|ad|az|at)-)?[A-Z][\w’'-]*[\w’]"
_NAME = rf"({_WORD}(?:(?: (?:de|del|la|do|da|dos|al|of|el|di|e|and|sur|ez|es))? {_WORD}){{0,2}})"
_KIND = (
    "city|town|village|port|province|region|district|suburb|governorate|island|county|prefecture"
)


class Place(NamedTuple):
    """A place before the check that it is in the news; ``iso3`` in lower case."""

    name: str
    iso3: str
    source: str


Rows = list[tuple[str, ...]]


def phoenix_places(folder: Path, states: Mapping[str, str]) -> list[Place]:
    """Return the other names that Phoenix has for a state: cities, provinces and misspellings."""
    path = folder / "phoenix-actors" / "Phoenix.Countries.actors.json"
    found = []
    for row in json.loads(path.read_text("utf-8")):
        codes = {PHOENIX_CODES.get(code, code.lower()) for code in row["codes"] if len(code) == 3}
        for iso3 in codes & set(states):
            found += [Place(pretty(text.replace("_", " ")), iso3, "phoenix") for text in row["al"]]
    return found


def provinces(folder: Path, states: Mapping[str, str]) -> list[Place]:
    """Return the provinces and territories of states that rigour lists, by their plain names."""
    rows = _rigour(folder)
    codes = {row["code"]: row["alpha3"] for row in rows if row.get("alpha3") in states}
    return [
        Place(re.sub(r" \(.*", "", row["name"]), codes[row["parent"]], "rigour")
        for row in rows
        if not row.get("is_country") and row.get("parent") in codes and row["code"] not in NEITHER
    ]


def _rigour(folder: Path) -> list[dict[str, Any]]:
    path = folder / "rigour" / "territories.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [row for row in rows if not row.get("is_historical")]


def sighted(
    items: Iterable[Item], states: Mapping[str, str], peoples: Mapping[str, str]
) -> dict[str, Counter[str]]:
    """Count how often items put each name into which state; ``states`` may include provinces."""
    within, anyone = (
        "|".join(sorted(map(re.escape, table), key=lambda text: (-len(text), text)))
        for table in (states, {**states, **peoples})
    )
    both = {**peoples, **states}
    container = re.compile(rf", (?:in )?(?:the )?(?:occupied )?({within})\b(?! State)")
    before = re.compile(
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]utside|[Oo]f|[Tt]o|{_KIND})(?: the)? "
        rf"{_NAME}(?:, {_NAME})?$"
    )
    of = re.compile(rf"\b({anyone})(?:['’]s)? (?:\w+ ){{0,2}}(?:{_KIND}) of (?:the )?{_NAME}")
    kind = re.compile(rf"(?:{_KIND}) of ")
    found: dict[str, Counter[str]] = {}
    for item in items:
        for match in container.finditer(item.text):
            # Search back from the state's name, which is found far faster than any name before it.
            at = before.search(item.text[max(0, match.start() - 70) : match.start()])
            for name in filter(None, at.groups() if at else ()):
                found.setdefault(name, Counter())[both[match[1]]] += 1
        if kind.search(item.text):
            for match in of.finditer(item.text):
                found.setdefault(match[2], Counter())[both[match[1]]] += 1
    return found


def place_rows(
    folder: Path, items: list[Item], names: Mapping[str, str], states: Mapping[str, str],
    peoples: Mapping[str, str], taken: set[str],
) -> Rows:  # fmt: skip
    """Return the rows of places.csv. ``names`` are the states' by code; ``taken`` others' names."""
    listed = [*provinces(folder, names), *phoenix_places(folder, names)]
    inside = {place.name: place.iso3 for place in provinces(folder, names)} | WITHIN
    counts = sighted(items, {**inside, **states}, peoples)
    wanted: dict[str, list[Place]] = {}
    for place in listed:
        wanted.setdefault(normalise(place.name), []).append(place)
    for name, where in counts.items():
        iso3, most = where.most_common(1)[0]
        if most >= SIGHTED and most / where.total() >= AGREEING:
            wanted.setdefault(normalise(name), []).append(Place(name, iso3, ""))
    kept = {key: some for key, some in wanted.items() if _usable(key, taken)}
    seen = find({fold_words(place.name) for some in kept.values() for place in some}, items)
    longer = _within_longer(kept.values(), items)
    spelt = {fold_words(place.name): key for key, some in kept.items() for place in some}
    near = seen_with(spelt, items, {**states, **peoples, **inside})
    by_key = {normalise(name): where for name, where in counts.items()}
    rows: Rows = []
    for key, some in sorted(kept.items()):
        one = seen.get(fold_words(some[0].name))
        where = by_key.get(key, Counter())
        if one is None or (" " not in key and len(key) < SHORT and one.count < OFTEN):
            continue
        if longer[key] > INSIDE * one.count and where.total() < PLAINLY * one.count:
            continue
        settled = _settled(some, one, where, near.get(key, {}))
        if settled is not None:
            rows.append(_row(settled, one, names))
    return rows


def _usable(key: str, taken: set[str]) -> bool:
    bare = key.removeprefix("the ")
    if {key, bare} & taken or len(key) < 4 or bare.replace(" ", "") in NO_PLACES:
        return False
    return " " in key or not (is_common(key) or key.isdigit())


def _settled(
    some: list[Place], seen: Seen, where: Counter[str], near: Mapping[str, list[Item]]
) -> Place | None:
    """Return the one state that lists and items agree on, if they do."""
    total = where.total()
    for place in some:
        mine = where[place.iso3]
        if total and mine / total < AGREEING:
            continue
        if not place.source or mine >= SIGHTED:
            return place if place.source else some[0]._replace(iso3=place.iso3, source="")
        if seen.count > 1 and (mine or len(near.get(place.iso3, ())) >= TOGETHER * seen.count):
            return place
    return None


_COMPASS = r"The|In|At|Of|On|North|South|East|West|Northern|Southern|Eastern|Western|Greater"
_PARTS = r"Province|City|State|Oblast|County|Governorate|District|Region|University|Airport"
_BEFORE = re.compile(rf"(?<![.;:] )\b(?!(?:{_COMPASS}) )[A-Z][\w’'-]+ $")
_AFTER = re.compile(rf" (?!{_PARTS})[A-Z]")


def _within_longer(places: Iterable[list[Place]], items: list[Item]) -> Counter[str]:
    """Count how often each place's first spelling is beside another capitalised word."""
    heads: dict[str, list[tuple[str, str]]] = {}
    for some in places:
        name = some[0].name
        heads.setdefault(name.split(" ")[0], []).append((name, normalise(name)))
    word = re.compile(r"[^\W\d_][\w’'-]*")
    found: Counter[str] = Counter()
    for item in items:
        for match in word.finditer(item.text):
            for name, key in heads.get(match[0], ()):
                if item.text.startswith(name, match.start()):
                    before = item.text[max(0, match.start() - 30) : match.start()]
                    after = item.text[match.start() + len(name) :][:20]
                    if _BEFORE.search(before) or _AFTER.match(after):
                        found[key] += 1
    return found


def place_id(name: str) -> str:
    """Return an id such as ``place:tel-aviv``."""
    return "place:" + re.sub(r"[^a-z0-9]+", "-", normalise(name)).strip("-")


def _row(place: Place, seen: Seen, names: Mapping[str, str]) -> tuple[str, ...]:
    first, last = seen.first, seen.last
    if first is None or last is None:
        raise BuildError(f"{place.name} was counted in no item")
    cited = "; ".join(dict.fromkeys(filter(None, (place.source, last.id))))
    name = seen.spelling if not seen.spelling.isupper() else place.name
    return (
        place_id(place.name), name, place.iso3.upper(), f"state:{place.iso3}",
        f"place in {names[place.iso3]}", last.day.isoformat(), cited,
    )  # fmt: skip
