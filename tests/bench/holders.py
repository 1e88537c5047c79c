"""Whether sentences that contradict the list of holders are noticed when newer, and only those.

    python -m tests.bench holders PATH [--store FOLDER]

Fills a store from PATH/current-events/items.jsonl.gz, in a temporary folder or, to keep it, in
``items`` of the folder that ``--store`` names. The questions are about heads of states and
governments.

``changes``: dated changes of holder since 2005, 30 days after each, with the list cut off 45 days
before it. ``named`` names the new holder against the list, ``elected`` reports that holder as
elected; ``left`` only that the old one left; ``other`` is another person, as often an interim
holder missing from the list as an error. Of ``silent`` most have no item on the new holder at all:
``silent, though told`` counts those with a sentence that has surname and title.

``quiet``: days in the middle of a tenure of more than 400 days, with the list cut off 100 days
before. ``contradicted`` are false alarms, except for errors of the list itself.
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from bot.answer.library import Library
from bot.answer.office_holders import OfficeStatus, is_name_of, office_status
from bot.match.actors import ActorIndex
from bot.match.gazetteer import Gazetteer, load
from bot.models import Asker, Tenure
from bot.text.names import normalise
from tests.bench.common import ITEMS, Result, needed
from tests.bench.filled import fill_once, opened

MOST = 400
"""The most changes, and the most quiet days, that are asked about."""

_FIRST = date(2005, 1, 1)
_LATER, _CUT = timedelta(days=30), timedelta(days=45)
_GAP = timedelta(days=40)
_LONG, _MIDDLE, _QUIET_CUT = timedelta(days=400), timedelta(days=150), timedelta(days=100)
_HEADS = ("president-of", "prime-minister-of", "king-of", "pope", "chancellor", "emir", "leader-of")


def run(path: Path, store: Path | None = None) -> Result:
    """Count changes and quiet days by the reply about them."""
    if store is None:
        with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
            return run(path, Path(name))
    items = needed(path, ITEMS)
    with opened(fill_once(store / "items", items)) as desk:
        library, list_ = desk.library(Asker(now=datetime.now(UTC))), load()
        texts = _texts(items)
        chance = random.Random(1)  # noqa: S311 - not used for secrets
        changes = Counter(_changed(library, list_, texts, chance))
        quiet = Counter(_quiet(library, list_, chance))
    return {"changes": dict(changes), "quiet": dict(quiet)}


def _texts(items: Path) -> dict[date, list[str]]:
    found: dict[date, list[str]] = defaultdict(list)
    with gzip.open(items, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found[date.fromisoformat(row["date"])].append(row["text"])
    return found


def _rows(list_: Gazetteer) -> dict[str, list[Tenure]]:
    """Return rows by office, of heads of states and governments, in order."""
    found: dict[str, list[Tenure]] = defaultdict(list)
    for row in list_.tenures:
        head = any(title in row.office for title in _HEADS) and "vice-" not in row.office
        if head and row.since is not None:
            found[row.office].append(row)
    return {office: sorted(rows, key=lambda row: str(row.since)) for office, rows in found.items()}


def _cut(
    library: Library, list_: Gazetteer, office: str, day: date, cut: date
) -> OfficeStatus | None:
    """Return the holder of an office on a day, by a list that ends earlier."""
    rows = [
        row.model_copy(update={"until": None}) if row.until and row.until > cut else row
        for row in list_.tenures
        if row.office == office and not (row.since and row.since > cut)
    ]
    known = {office, *(row.person for row in rows)}
    capped = {
        one.id: one.model_copy(update={"as_of": min(one.as_of or cut, cut)})
        for one in map(library.actors.get, known)
        if one is not None
    }
    actors = ActorIndex(list_.actors, rows).asking(library.actors.get)
    actors._actors = ChainMap(capped, library.actors._actors)
    asker = Asker(now=datetime.combine(day, time(12), UTC))
    return office_status(replace(library, actors=actors, asker=asker), office)


def _changed(
    library: Library,
    list_: Gazetteer,
    texts: dict[date, list[str]],
    chance: random.Random,
) -> Iterator[str]:
    dated = [
        (old, new)
        for rows in _rows(list_).values()
        for old, new in pairwise(rows)
        if new.since and new.since > _FIRST and "factbook" in new.source
        if old.person != new.person and old.until and abs(new.since - old.until) < _GAP
    ]
    for _, new in chance.sample(dated, min(MOST, len(dated))):
        since, person = new.since or date.min, library.actors.get(new.person)
        found = _cut(library, list_, new.office, since + _LATER, since - _CUT)
        if person is None or found is None:
            continue
        named = [one.statement.name for one in found.against if one.statement.kind != "leaves"]
        if any(is_name_of(name, person) for name in named):
            yield "named"
        elif named:
            yield "other"
        elif found.elected and is_name_of(found.elected.statement.name, person):
            yield "elected"
        elif found.against:
            yield "left"
        else:
            yield "silent, though told" if _is_told(texts, new, person.name) else "silent"


def _is_told(texts: dict[date, list[str]], row: Tenure, name: str) -> bool:
    """Return whether any item of those days has the new holder's surname and the title."""
    since, title = row.since or date.min, row.office.partition(":")[2].partition("-of-")[0]
    days = range((_CUT + _LATER).days + 1)
    around: Sequence[str] = [
        normalise(text) for n in days for text in texts[since - _CUT + timedelta(days=n)]
    ]
    surname, said = normalise(name).split()[-1], title.replace("-", " ")
    return any(surname in text.split() and said in text for text in around)


def _quiet(library: Library, list_: Gazetteer, chance: random.Random) -> Iterator[str]:
    last = max(one.as_of for one in list_.actors if one.as_of)
    long = [
        (row, row.since, row.until or last)
        for rows in _rows(list_).values()
        for row in rows
        if row.since and "factbook" in row.source and (row.until or last) - row.since > _LONG
    ]
    for row, since, until in chance.choices(long, k=MOST if long else 0):
        first = max(since + _MIDDLE, date(2003, 1, 1))
        days = (until - _QUIET_CUT - first).days
        if days < 1:
            continue
        day = first + timedelta(days=chance.randrange(days))
        found = _cut(library, list_, row.office, day, day - _QUIET_CUT)
        yield "contradicted" if found and found.against else "agreed"
