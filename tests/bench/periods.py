"""How often a phrase is read as the period it means.

Reads PATH/dates/cases.jsonl (phrases in everyday sentences, many of them about the future,
as planners write) and the queries of PATH/current-events/temporal_dev.jsonl (questions
about news). Both are split into halves by a hash of their text: rules are made while
looking at ``dev`` only, so ``test`` tells how they generalise.

How to read it: ``exact`` is the share whose first and last day both agree. An end that a
phrase leaves open (*since May*) counts as the day of asking, as the questions have it, and
so does an end that lies beyond that day. The date cases leave the last unit of a range out
(*from August to October* ends with September there, *2014 to 2018* with 2017): ``exact, ends
apart`` accepts for a phrase that joins two points also the end without its last unit. ``none`` is the share in
which no period was found.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.models import Period
from bot.text.periods import find_period
from tests.bench.common import Result, needed

CASES = Path("dates") / "cases.jsonl"
QUESTIONS = Path("current-events") / "temporal_dev.jsonl"

_JOINT = re.compile(r"\b(?:to|till|until|through|thru|and)\b|[-~–—]", re.IGNORECASE)
"""What joins two points in time to a range."""

Row = tuple[str, date, list[tuple[date, date]]]


def run(path: Path, _: Path | None = None) -> Result:
    """Measure both sets; returns shares by set and half."""
    return {
        "dates": _halves(list(_date_cases(path))),
        "questions": _halves(list(_questions(path)), clamp=True),
    }


def misses(path: Path) -> Iterator[str]:
    """What the dev half gets wrong, one line each, for whoever mends the rules."""
    for rows, clamp in (
        (_date_cases(path), False),
        (_questions(path), True),
    ):
        for text, today, meant in rows:
            found = find_period(text, today)
            if half(text) == "dev" and not _agrees(
                found.period if found else None, today, meant, clamp, apart=True
            ):
                ends = found and (found.period.label, found.period.start, found.period.end)
                yield f"{today} {text} | {ends} | {[f'{a}..{b}' for a, b in meant]}"


def half(text: str) -> str:
    """``dev`` or ``test``, by the text."""
    return "test" if int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 else "dev"


def _date_cases(path: Path) -> Iterator[Row]:
    for line in needed(path, CASES).read_text("utf-8").splitlines():
        row = json.loads(line)
        meant = [
            (date.fromisoformat(start), date.fromisoformat(end) - timedelta(days=1))
            for start, end in row["intervals"]
        ]
        yield row["text"], date.fromisoformat(row["ref"]), meant


def _questions(path: Path) -> Iterator[Row]:
    for line in needed(path, QUESTIONS).read_text("utf-8").splitlines():
        row = json.loads(line)
        meant = (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
        yield row["query"], date.fromisoformat(row["ref_date"]), [meant]


def _halves(rows: list[Row], *, clamp: bool = False) -> Result:
    counts: dict[str, Counter[str]] = {"dev": Counter(), "test": Counter()}
    for text, today, meant in rows:
        found = find_period(text, today)
        period = found.period if found else None
        count = counts[half(text)]
        count["all"] += 1
        count["none"] += found is None
        count["exact"] += _agrees(period, today, meant, clamp)
        count["exact, ends apart"] += _agrees(period, today, meant, clamp, apart=True)
    return {
        name: {"rows": count["all"]}
        | {key: round(count[key] / max(count["all"], 1), 3) for key in count if key != "all"}
        for name, count in counts.items()
    }


def _agrees(
    period: Period | None,
    today: date,
    meant: list[tuple[date, date]],
    clamp: bool,
    *,
    apart: bool = False,
) -> bool:
    if period is None:
        return False
    end = period.end or today
    if clamp:
        end = min(end, today)
    ends = {end}
    if apart and period.start != end and _JOINT.search(period.label):
        ends |= {first - timedelta(days=1) for first in _last_units(end)}
    return any(start == period.start and last in ends for start, last in meant)


def _last_units(end: date) -> Iterator[date]:
    """Where the last unit of a range begins: its last day, or month, quarter or year if whole."""
    yield end
    after = end + timedelta(days=1)
    if after.day == 1:
        yield end.replace(day=1)
        if after.month in (1, 4, 7, 10):
            yield end.replace(day=1, month=end.month - 2)
        if after.month == 1:
            yield end.replace(day=1, month=1)
