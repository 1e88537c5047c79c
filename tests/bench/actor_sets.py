"""The sets of names that ``actors`` measures on, read from PATH.

A listed person's *LAST, First* is turned around for every matcher alike. An alias is asked for if
no other actor has it, and it differs from every other name of its own actor without case and
punctuation (as rapidfuzz's ``default_process`` removes them).
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.utils import default_process

from bot.match.aliases import given_first
from bot.models import ActorType
from tests.bench.common import needed

OFAC, OFAC_ALIASES = Path("ofac") / "sdn.csv", Path("ofac") / "alt.csv"
PHOENIX = Path("phoenix-actors")
COUNTRIES, GROUPS = "Phoenix.Countries.actors.json", "Phoenix.MilNonState.actors.json"
PAIRS = Path("name-pairs") / "cases.csv"

_ROLES = ("GOV", "ELI")


@dataclass(frozen=True, slots=True)
class Listed:
    """An actor of a list: its names, the first its main one."""

    id: str
    type: ActorType
    names: tuple[str, ...]


def half(text: str) -> str:
    """Return ``dev`` or ``test``, by a hash of the text."""
    return "test" if int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 else "dev"


def plain(name: str) -> str:
    """Return a name as aliases are compared, and as rapidfuzz gets it."""
    return " ".join(default_process(name).split())


def lists(path: Path) -> dict[str, list[Listed]]:
    """Return the four lists of names, by name."""
    ofac = list(_ofac(path))
    return {
        "ofac persons": [one for one in ofac if one.type is ActorType.PERSON],
        "ofac organisations": [one for one in ofac if one.type is not ActorType.PERSON],
        "phoenix persons": list(_phoenix(path, COUNTRIES, ActorType.PERSON)),
        "phoenix groups": list(_phoenix(path, GROUPS, ActorType.GROUP)),
    }


def asked(listed: list[Listed]) -> Iterator[tuple[int, int]]:
    """Yield (actor, alias), by position, of every alias that may be left out and asked for."""
    borne = Counter(key for one in listed for key in {plain(name) for name in one.names})
    for number, one in enumerate(listed):
        own = Counter(plain(name) for name in one.names)
        for at, name in enumerate(one.names):
            key = plain(name)
            if at and key and own[key] == 1 and borne[key] == 1:
                yield number, at


def _ofac(path: Path) -> Iterator[Listed]:
    aliases: dict[str, list[str]] = {}
    for row in _csv(needed(path, OFAC_ALIASES)):
        if len(row) > 3:
            aliases.setdefault(row[0], []).append(row[3])
    for row in _csv(needed(path, OFAC)):
        kind = row[2].strip() if len(row) > 2 else ""
        if kind not in ("individual", "-0-"):
            continue  # ships, aircraft, and the file's end mark
        person = kind == "individual"
        names = [row[1], *aliases.get(row[0], ())]
        yield Listed(
            f"ofac:{row[0]}",
            ActorType.PERSON if person else ActorType.ORGANISATION,
            tuple(given_first(name) if person else name for name in names),
        )


def _csv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.reader(file)


def _phoenix(path: Path, name: str, kind: ActorType) -> Iterator[Listed]:
    rows = json.loads(needed(path, PHOENIX / name).read_text("utf-8"))
    for number, row in enumerate(rows):
        if kind is ActorType.PERSON and not _official(row["codes"]):
            continue
        names = [" ".join(text.split("_")).strip() for text in (row["n"], *row["al"])]
        yield Listed(f"phoenix:{number}", kind, tuple(text for text in names if text))


def _official(codes: list[str]) -> bool:
    """Return whether an entry is a person: it has a government role with dates."""
    dated = any(re.search(r"\d", code) for code in codes)
    return dated and any(code[3:6] in _ROLES for code in codes)
