"""The tables of states and their names: ``states.csv`` and ``state_aliases.csv``.

They are made of ``rigour/territories.jsonl`` (MIT) and ``factbook/extract.json`` with
``factbook/leaders_dated.csv`` (CC0). Data that neither has in a usable form is in
``seeds/build_tables.py``, with the reason.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from seeds import build_tables as by_hand
from seeds.build_native import SCRIPTS, native_names

KINDS = ("name", "acronym", "transliteration", "demonym", "capital")
HEADER = (
    "# Built by `python -m seeds.build`; do not edit by hand.\n"
    "# Sources: rigour, territories (OpenSanctions, MIT); The World Factbook, extract (CC0,\n"
    "# public domain); hand = entered by hand in seeds/build_tables.py.\n"
)
MEMBERS = 193

Row = dict[str, Any]


class State(NamedTuple):
    """One row of states.csv; ``iso3`` is upper case."""

    id: str
    name: str
    iso3: str
    description: str
    as_of: str
    source: str


class StateAlias(NamedTuple):
    """One row of state_aliases.csv."""

    actor: str
    text: str
    kind: str
    lang: str
    source: str


class BuildError(Exception):
    """The input or the tables contradict what the build promises."""


def read_rigour(folder: Path) -> list[Row]:
    """Return all territories, including historical and subnational ones."""
    path = folder / "rigour" / "territories.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read_factbook(folder: Path) -> tuple[list[Row], dict[str, str]]:
    """Return the extract, and the last day the leaders were seen for each of its country codes."""
    rows = json.loads((folder / "factbook" / "extract.json").read_text("utf-8"))
    seen: dict[str, str] = {}
    with (folder / "factbook" / "leaders_dated.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seen[row["gec"]] = max(row["last_seen"], seen.get(row["gec"], ""))
    return rows, seen


def fold(text: str) -> str:
    """Return lower case without accents or a leading article, for joining the two data sets."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")
    return re.sub(r"^the ", "", plain).strip()


def joined(rigour: list[Row], factbook: list[Row]) -> dict[str, tuple[Row, Row | None]]:
    """Return rigour's and the factbook's row of each of our states, by lower-case alpha-3 code."""
    territories = {
        row["alpha3"]: row for row in rigour if row.get("alpha3") and not row.get("is_historical")
    }
    by_name: dict[str, str] = {}
    for iso3, row in territories.items():
        news_name = by_hand.NEWS_NAMES.get(iso3)
        for name in (row["name"], row["full_name"], *([news_name] if news_name else [])):
            by_name[fold(name)] = iso3
    pages: dict[str, Row] = {}
    members: set[str] = set()
    for row in factbook:
        keys = [fold(row[key]) for key in ("short", "long") if row[key]]
        iso3 = by_hand.FACTBOOK_CODES.get(row["gec"]) or next(
            (by_name[key] for key in keys if key in by_name), ""
        )
        if not iso3:
            continue
        if iso3 in pages:
            raise BuildError(f"two factbook pages for {iso3}: mend FACTBOOK_CODES")
        pages[iso3] = row
        if re.search(r"(^|, )UN( \(permanent\))?(,|$)", row["igo"] or ""):
            members.add(iso3)
    if len(members) != MEMBERS:
        raise BuildError(f"{len(members)} UN members found, not {MEMBERS}: mend FACTBOOK_CODES")
    wanted = sorted({*members, *by_hand.OBSERVERS, *by_hand.NOT_MEMBERS})
    return {iso3: (territories[iso3], pages.get(iso3)) for iso3 in wanted}


def state_row(iso3: str, territory: Row, page: Row | None, seen: dict[str, str]) -> State:
    """Return the row of one state; ``as_of`` is the last day its factbook page was seen, if any."""
    standing = (
        "UN observer state"
        if iso3 in by_hand.OBSERVERS
        else "not a UN member"
        if iso3 in by_hand.NOT_MEMBERS
        else "UN member state"
    )
    return State(
        id=f"state:{iso3}",
        name=by_hand.NEWS_NAMES.get(iso3) or str(territory["name"]),
        iso3=iso3.upper(),
        description=f"{standing}, {territory['subregion']}",
        as_of=seen.get(page["gec"], "") if page else "",
        source="rigour; factbook" if page else "rigour",
    )


def demonyms(page: Row | None) -> set[str]:
    """Return adjective and nouns of a page whose fields are regular: ``Omani(s)`` and ``Omani``."""
    found: set[str] = set()
    if not page:
        return found
    for part in re.split(r",| or ", f"{page['noun'] or ''}, {page['adj'] or ''}"):
        word = re.sub(r"\((singular and plural|colloquial)\)", "", part).strip()
        stem = word.removesuffix("(s)")
        if not stem or stem == "none":
            continue
        if "(" in stem or ";" in stem:
            raise BuildError(f"irregular demonym {part!r} ({page['gec']}): add it to DEMONYMS")
        found |= {stem, f"{stem}s"} if word.endswith("(s)") else {stem}
    return found


def capitals(page: Row | None) -> set[str]:
    """Return the capital of a page whose field is a plain name."""
    text = (page or {}).get("cap") or ""
    if re.search(r"[;(,]| in ", text):
        raise BuildError(f"irregular capital {text!r}: add it to CAPITALS")
    return {text} if text else set()


def aliases(
    state: State, territory: Row, page: Row | None, native: list[tuple[str, str]]
) -> list[StateAlias]:
    """Return all aliases of one state, without those equal to one of an earlier kind."""
    iso3 = state.iso3.lower()
    in_rigour = {
        territory["name"],
        territory["full_name"],
        *territory["names_strong"],
        *territory["names_weak"],
    }
    in_factbook = set() if page is None else {page["short"], page["long"], page["cap"]}
    rows: dict[str, StateAlias] = {}

    def add(texts: Iterable[str], kind: str, lang: str, source: str = "") -> None:
        for text in sorted(texts):
            credit = source or (
                "rigour" if text in in_rigour else "factbook" if text in in_factbook else "hand"
            )
            rows.setdefault(text, StateAlias(state.id, text, kind, lang, credit))

    official = {state.name, territory["name"], territory["full_name"]}
    if page:
        official |= {re.sub(r"[(;].*", "", page[key] or "").strip() for key in ("short", "long")}
    official = {name for name in official if name not in ("", "none") and "(" not in name}
    official = {re.sub(r"^The ", "", name) for name in official} - {"Dominican", "DRC"}
    add(official, "name", "en")
    other = by_hand.NAMES.get(iso3, [])
    acronyms = {text for text in other if re.fullmatch(r"(?:[A-Z]\.?){2,5}", text)}
    add(set(other) - acronyms, "name", "en")
    add(acronyms, "acronym", "en")
    for lang, table in by_hand.FOREIGN.items():
        if iso3 in table:
            if table[iso3] not in in_rigour:
                raise BuildError(f"{table[iso3]!r} is not a name of {iso3} in rigour")
            add([table[iso3]], "name", lang)
    for name, script in sorted(native):
        add([name], "name", SCRIPTS[script])
    people = by_hand.DEMONYMS.get(iso3)
    known = demonyms(page) if people is None else set(people)
    add(known, "demonym", "en", "factbook" if people is None else "hand")
    seats = by_hand.CAPITALS.get(iso3)
    add(capitals(page) if seats is None else seats, "capital", "en")
    return list(rows.values())


def check(states: list[State], rows: list[StateAlias]) -> None:
    """Refuse duplicates, empty cells, unknown kinds, and names that two states share."""
    ids = [state.id for state in states]
    if len(set(ids)) != len(ids) or len({state.name for state in states}) != len(ids):
        raise BuildError("two states share an id or a name")
    holders: dict[str, set[str]] = {}
    for row in rows:
        if not row.text.strip() or row.text != row.text.strip() or row.kind not in KINDS:
            raise BuildError(f"not a usable alias: {row}")
        if row.actor not in ids:
            raise BuildError(f"alias of an unknown state: {row}")
        holders.setdefault(fold(row.text), set()).add(row.actor)
    if len({(row.actor, row.text) for row in rows}) != len(rows):
        raise BuildError("an alias stands twice")
    shared = {fold(t): {f"state:{c}" for c in codes} for t, codes in by_hand.AMBIGUOUS.items()}
    for text, owners in by_hand.NEAR_MISSES.items():
        if holders.get(fold(text), set()) != {f"state:{iso3}" for iso3 in owners}:
            raise BuildError(f"{text!r} does not name {sorted(owners)} and nobody else")
    for text, actors in holders.items():
        if len(actors) > 1 and actors != shared.get(text):
            raise BuildError(f"{text!r} would name {sorted(actors)}: decide in build_tables.py")


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return CSV with the header comment, ``\\n`` line ends, rows as given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return HEADER + out.getvalue()


class States(NamedTuple):
    """All states with their aliases, and the factbook's page of each by alpha-3 code
    with the last day it was seen."""

    states: list[State]
    aliases: list[StateAlias]
    pages: dict[str, Row]
    seen: dict[str, str]

    def tables(self) -> dict[str, str]:
        """Return the text of states.csv and of state_aliases.csv."""
        return {
            "states.csv": table(State._fields, self.states),
            "state_aliases.csv": table(StateAlias._fields, self.aliases),
        }


def build_states(folder: Path) -> States:
    """Return all states; raises BuildError."""
    rigour = read_rigour(folder)
    factbook, seen = read_factbook(folder)
    native = native_names(rigour)
    states: list[State] = []
    rows: list[StateAlias] = []
    pages: dict[str, Row] = {}
    for iso3, (territory, page) in joined(rigour, factbook).items():
        if page:
            pages[iso3] = page
        state = state_row(iso3, territory, page, seen)
        states.append(state)
        found = aliases(state, territory, page, native.get(iso3, []))
        rows += sorted(found, key=lambda row: (KINDS.index(row.kind), row.lang, row.text))
    check(states, rows)
    last = {iso3: seen[page["gec"]] for iso3, page in pages.items() if page["gec"] in seen}
    return States(states, rows, pages, last)
