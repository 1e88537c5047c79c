"""Who held an office on a day, if the holders came in through the public import.

The tables are rebuilt without the holders of 40 states (``seeds.build --hold-back``), which are
then imported as ``dragoman actors import`` does. The questions are the rows of
PATH/factbook/leaders_dated.csv for those states with a plain title, as *Title of Country*
on the day in the middle of when it was seen there. An answer is right if it is the person in that
row, by any of that person's names, accents aside.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from rapidfuzz import fuzz

from bot.curation.lists import rows
from bot.desk import DATABASE, INDEX, Desk
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import ActorType, Asker
from bot.search.index import PassageIndex
from bot.store.store import Store
from bot.text.names import normalise
from tests.bench.actor_sets import half
from tests.bench.common import Result, needed

LEADERS = Path("factbook") / "leaders_dated.csv"
STATES = 40

_TITLES = frozenset(
    {"President", "Prime Minister", "Premier", "Chancellor", "King", "Emir", "Sultan"}
)
_SAME = 80


def run(path: Path) -> Result:
    """Return shares of rows by half of the states; with the holders imported, and before."""
    needed(path, LEADERS)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        folder = Path(name)
        held = folder / "held.csv"
        subprocess.run(
            [sys.executable, "-m", "seeds.build", str(path), "--to", str(folder / "actors"),
             "--hold-back", str(STATES), str(held)],
            check=True, capture_output=True,
        )  # fmt: skip
        store = Store.open(f"sqlite:///{folder / DATABASE}")
        passages = PassageIndex.open(folder / INDEX)
        desk = Desk(store, passages, load(folder / "actors"))
        try:
            before = desk.actors()
            with held.open(encoding="utf-8") as lines:
                told = rows(lines, "csv", "held back")
                desk.care.take_in(Asker(now=datetime.now(UTC)), told)
            index = desk.actors()
            asked = list(questions(path, index, _held(held, index)))
        finally:
            desk.close()
    return {"states": STATES, "before the import": shares(asked, before), **shares(asked, index)}


def _held(held: Path, index: ActorIndex) -> set[str]:
    """Return the codes of the states whose holders were held back."""
    lines = [line for line in held.read_text("utf-8").splitlines() if not line.startswith("#")]
    offices = {row["office"] for row in csv.DictReader(lines) if row["kind"] == "tenure"}
    return {code for office in offices if (code := index.iso3(office))}


def questions(
    path: Path, index: ActorIndex, states: set[str]
) -> Iterator[tuple[str, str, date, str]]:
    """Yield the state, the words of the question, the day and the person of each row."""
    with (path / LEADERS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["title"] not in _TITLES or not row["name"].strip():
                continue
            if not any(
                one.iso3 in states and one.type is ActorType.STATE
                for one in index.named(row["country"])
            ):
                continue  # another state, or a territory
            first, last = (date.fromisoformat(row[key]) for key in ("first_seen", "last_seen"))
            day = first + (last - first) / 2
            yield row["country"], f"{row['title']} of {row['country']}", day, row["name"]


def shares(asked: list[tuple[str, str, date, str]], index: ActorIndex) -> Result:
    """Return the number of rows and the share that is right, by half of the states."""
    result: Result = {}
    for which in ("dev", "test"):
        some = [one for one in asked if half(one[0]) == which]
        right = sum(_right(index, query, day, name) for _, query, day, name in some)
        result[which] = {"rows": len(some), "right": round(right / max(len(some), 1), 4)}
    return result


def _right(index: ActorIndex, query: str, day: date, name: str) -> bool:
    found = [one for one in index.match(query, day) if one.how == "office at date"]
    if not found:
        return False
    person = index.get(found[0].actor)
    names = [person.name, *(alias.text for alias in person.aliases)] if person else []
    asked = normalise(name)
    return any(" " in one and fuzz.token_set_ratio(normalise(one), asked) >= _SAME for one in names)
