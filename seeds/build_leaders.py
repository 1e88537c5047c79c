"""Office-holders as The World Factbook dates them (CC0), cleaned.

A program extracted ``factbook/leaders_dated.csv`` from running text, with some noise: titles cut
off in the middle, several people in one cell, sentences in place of names. A row whose office, one
holder and day are not certain is left out and counted.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from seeds.build_names import clean_name

ROLES = {
    "president": "President",
    "prime-minister": "Prime Minister",
    "vice-president": "Vice President",
    "first-vice-president": "First Vice President",
    "king": "King",
    "queen": "Queen",
    "emir": "Emir",
    "sultan": "Sultan",
    "emperor": "Emperor",
    "pope": "Pope",
    "grand-duke": "Grand Duke",
    "prince": "Prince",
    "crown-prince": "Crown Prince",
    "chancellor": "Chancellor",
    "supreme-leader": "Supreme Leader",
    "governor-general": "Governor-General",
    "minister-of-state": "Minister of State",
    "foreign-minister": "Foreign Minister",
    "defence-minister": "Defence Minister",
    "interior-minister": "Interior Minister",
}
"""The offices of a state that the build knows, by the word in their ids."""

_TITLES = {
    "president": ("president",),
    "president of the republic": ("president",),
    "president president": ("president",),
    "president, presidential council": ("president",),
    "executive president": ("president",),
    "president of transitional government": ("president",),
    "prime minister": ("prime-minister",),
    "prime minister-equivalent": ("prime-minister",),
    "prime minister and minister of interior": ("prime-minister",),
    "prime minister and foreign minister": ("prime-minister",),
    "crown prince and prime minister": ("prime-minister", "crown-prince"),
    "prime minister crown prince": ("prime-minister", "crown-prince"),
    "sultan and prime minister": ("sultan", "prime-minister"),
    "king and prime minister": ("king", "prime-minister"),
    "king sultan": ("king",),
    "vice president": ("vice-president",),
    "executive vice president": ("vice-president",),
    "first vice president": ("first-vice-president",),
    "king": ("king",),
    "queen": ("queen",),
    "amir": ("emir",),
    "sultan": ("sultan",),
    "emperor": ("emperor",),
    "pope": ("pope",),
    "grand duke": ("grand-duke",),
    "prince": ("prince",),
    "chancellor": ("chancellor",),
    "premier": ("prime-minister",),
    "supreme leader": ("supreme-leader",),
    "governor general": ("governor-general",),
    "governor-general": ("governor-general",),
    "governor-general of": ("governor-general",),
    "governor general of": ("governor-general",),
    "governor general of the": ("governor-general",),
    "governor-general of the": ("governor-general",),
    "minister of state": ("minister-of-state",),
}
"""Titles as the table has them, without *acting* and the like, and their offices."""

REALMS = frozenset("aus can nzl jam bhs grd png slb tuv lca vct blz atg kna brb".split())
"""States that share another's monarch: the crown stays with the state that it is named for."""

WRONG = {
    ("bo", "MATYUSHEVSKIY", "27 December 2014"),  # a deputy
    ("cg", "MAKOSSO", "12 May 2021"),  # of the other Congo
    ("es", "RODRÍGUEZ", "1 December 2023"),  # for a leave of absence
    ("ic", "TOMASDOTTIR", "1 August 2024"),  # the president, as prime minister
    ("jm", "JEAN", "5 January 2015"),  # of another state
    ("ml", "GOITA", "25 September 2020"),  # vice president then
    ("mp", "VYAPOORY", "4 April 2016"),  # the vice president
    ("np", "SHRESTHA", "26 December 2022"),  # a deputy
    ("si", "PIRC MUSAR", "23 December 2022"),  # the president, as prime minister as well
}
"""Rows that contradict others of the table: code, part of the name, day as written. The two
presidents are left out as heads of government only."""

MISDATED = {("ro", "BOLOJAN", "23 June 2005")}
"""Rows whose day is a slip of decades: only the time when they were seen is known."""

_INTERIM = re.compile(
    r"^(?:acting|interim|caretaker|transition(?:al)?|appointed|provisional) ", re.IGNORECASE
)


class Holder(NamedTuple):
    """One dated row: who took which office of a state on a day, and when the factbook said so.

    ``name`` is as the factbook writes it, the surname in capitals; ``iso3`` in lower case.
    """

    gec: str
    iso3: str
    role: str
    name: str
    since: date
    first_seen: date
    last_seen: date


def read_holders(folder: Path, codes: dict[str, str]) -> tuple[list[Holder], Counter[str]]:
    """Return all usable rows, and how many were left out for which reason.

    ``codes`` gives the alpha-3 code of a factbook country code; a row without one is of a territory
    and left out.
    """
    path = folder / "factbook" / "leaders_dated.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    usual = _usual_titles(rows)
    holders: list[Holder] = []
    undated: list[Holder] = []
    out: Counter[str] = Counter()
    for row in rows:
        reason = _read(row, codes.get(row["gec"]), usual, holders, undated)
        if reason:
            out[reason] += 1
    return holders + _dated(undated, holders), out


def _read(
    row: dict[str, str], iso3: str | None, usual: dict[tuple[str, str], str],
    holders: list[Holder], undated: list[Holder],
) -> str:  # fmt: skip
    """Add what a row says to one of the lists; return why it is left out, if it is."""
    if iso3 is None:
        return "a territory, not a state"
    if _wrong(row):
        return "contradicted by other rows"
    title, name = _split(row["title"], row["name"])
    title = title or usual.get((row["gec"], row["office"]), "")
    roles = _TITLES.get(_INTERIM.sub("", title).casefold().strip(" ,"), ())
    if iso3 in REALMS:
        roles = tuple(role for role in roles if role not in ("king", "queen"))
    name, _, other = re.sub(", aka ", ", also spelled ", name).partition(", also spelled ")
    byname = re.sub(r'^[^"“]*["“]([^"”]+)["”] (.*)$', r"\1 \2", name)
    names = [one for one in map(clean_name, dict.fromkeys((name, other, byname))) if one]
    if not roles:
        return "another office, or none that can be told"
    if not clean_name(name):
        return "no single name"
    since = None if _among(MISDATED, row) else _day(row["since"])
    seen = date.fromisoformat(row["first_seen"]), date.fromisoformat(row["last_seen"])
    found = [
        Holder(row["gec"], iso3, role, one, since or date.min, *seen)
        for role in roles
        for one in names
    ]
    (holders if since else undated).extend(found)
    return "" if since else "no day of taking office, unless another row has it"


def _wrong(row: dict[str, str]) -> bool:
    if row["gec"] in ("si", "ic") and row["office"] == "chief of state":
        return False
    return _among(WRONG, row)


def _among(listed: set[tuple[str, str, str]], row: dict[str, str]) -> bool:
    return any(
        row["gec"] == gec and part in row["name"] and row["since"] == since
        for gec, part, since in listed
    )


def _dated(undated: list[Holder], holders: list[Holder]) -> list[Holder]:
    """Return rows without a day with the day of another row of the same holder and office. Else
    use the day on which the holder was first seen there, which understates the term, unless a dated
    row gives another the office then."""
    begun: dict[tuple[str, str, str], date] = {}
    for row in holders:
        for word in _high(row.name):
            key = row.iso3, row.role, word
            begun[key] = max(row.since, begun.get(key, row.since))
    matched: list[Holder] = []
    left: list[Holder] = []
    for row in undated:
        days = [begun.get((row.iso3, row.role, word)) for word in _high(row.name)]
        since = max((day for day in days if day), default=None)
        if since and since <= row.first_seen:
            matched.append(row._replace(since=since))
        else:
            left.append(row._replace(since=row.first_seen))
    return matched + [row for row in left if not _overlaps(row, [*holders, *matched])]


def _overlaps(row: Holder, others: list[Holder]) -> bool:
    return any(
        (other.iso3, other.role) == (row.iso3, row.role)
        and other.since <= row.last_seen
        and row.first_seen <= other.last_seen
        for other in others
    )


def _high(name: str) -> list[str]:
    """Return the words in capitals: the name that the person goes by."""
    return [word.casefold() for word in re.split(r"[ -]", name) if word.isupper() and len(word) > 2]


def _usual_titles(rows: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    """Return the commonest title of a country's chief of state or head of government."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if "ice" not in row["title"] and "eputy" not in row["title"] and row["title"]:
            counts.setdefault((row["gec"], row["office"]), Counter())[row["title"]] += 1
    return {key: count.most_common(1)[0][0] for key, count in counts.items()}


def _split(title: str, name: str) -> tuple[str, str]:
    """Repair titles that were cut off in the middle, with their rest in the name."""
    if title in ("Prime", "Vice", "Interim Prime", "Sultan and Prime"):
        head, _, rest = name.partition(" ")
        word = head.strip(",)")
        if word in ("Minister", "Minister-equivalent", "President"):
            return f"{title} {word}", rest
        return (f"{title} Minister" if "Prime" in title else ""), name
    if title == "President of the" and name.startswith(("Swiss Conf", "Islamic Republic of Af")):
        return "President", name
    if title == "Chairperson," or title == "Chairman,":
        return "", f"{title} {name}"  # of a council: not an office that news names that way
    return title.strip(" ,"), name


def _day(text: str) -> date | None:
    for form in ("%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
