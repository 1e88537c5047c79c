"""How often a phrase is read as the period it means.

Reads PATH/dates/cases.jsonl (phrases in everyday sentences, many of them about the future,
as planners write) and the queries of PATH/current-events/temporal_dev.jsonl (questions
about news). Both are split into halves by a hash of their text: rules are written while
looking at ``dev`` only, so ``test`` shows how they generalise.

How to read it: ``exact`` is the share whose first and last day both agree. An end that a
phrase leaves open (*since May*) counts as the day of asking, as in the questions, and so does an
end beyond that day. ``exact, as written`` takes the date cases without ``as_meant``, which undoes
two conventions of theirs. ``none`` is the share in which no period was found.
"""

from __future__ import annotations

import calendar
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

_JOINT = re.compile(
    r"\b(?:to|til|till|until|through|thru|and)\b(?!\sdate\b)|(?<!mid)\s?[-~–—](?!\s?[qhw]\d)",
    re.IGNORECASE,
)
"""What joins two points in time to a range (but not *2019-Q1*, *mid-May*, *year to date*)."""
_END_OF = re.compile(rf"(?:{_JOINT.pattern})\s(?:the\s)?(?:end|middle)\sof\b", re.IGNORECASE)
_PART = re.compile(
    r"(?:the\s)?(?:(?P<part>earlier|later)\s(?:in\s)?|(?P<edge>end\sof\s|eo(?=[ymw]\b)))",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?P<year>\d{4})|(?P<month>\d{4}-\d\d)|(?P<week>\d{4}-W\d\d)")
_RANGE = re.compile(r"\(\S+,\S+,P\d+(?P<unit>[DWMY])\)")

Span = tuple[date, date]
Spans = list[Span]
Row = tuple[str, date, Spans, Spans]
"""The phrase, the day of asking, what people mean by it, and what the cases say."""


def run(path: Path, _: Path | None = None) -> Result:
    """Measure both sets; return shares by set and half."""
    return {
        "dates": _halves(list(_date_cases(path))),
        "questions": _halves(list(_questions(path)), clamp=True),
    }


def misses(path: Path) -> Iterator[str]:
    """Yield the errors in the dev half, one line each, for improving the rules."""
    for rows, clamp in (
        (_date_cases(path), False),
        (_questions(path), True),
    ):
        for text, today, meant, _ in rows:
            found = find_period(text, today)
            if half(text) == "dev" and not _agrees(
                found.period if found else None, today, meant, clamp
            ):
                ends = found and (found.period.label, found.period.start, found.period.end)
                yield f"{today} {text} | {ends} | {[f'{a}..{b}' for a, b in meant]}"


def half(text: str) -> str:
    """Return ``dev`` or ``test``, by the text."""
    return "test" if int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 else "dev"


def as_meant(mention: str, timex: str, today: date, span: Span) -> Span:
    """Return the days that people mean, where the date cases have others by a convention.

    For two joined points the cases leave out the whole second one (*from August to October* ends
    with September there, *2014 to 2018* with 2017, *3 to 12 May* with the 11th). The second point
    is as long as the unit they count the range in (``P2M``), or a quarter if one is named. The end
    or middle of something is a point without length.

    *Earlier*, *later* and the *end* of a running year, month or week are halves of it there;
    for a reader they end or begin today, and an end is the last third, as the cases themselves have
    it for a named year (*the end of 2000*). This depends on the form of the phrase alone, for every
    case; all others are taken as written.
    """
    start, last = span
    if (part := _PART.match(mention)) and (unit := _UNIT.fullmatch(timex)):
        if part["edge"]:
            return _last_third(unit.lastgroup or "", last), last
        return (start, today) if part["part"] == "earlier" else (today, last)
    counted = _RANGE.fullmatch(timex)
    if not counted or not _JOINT.search(mention) or _END_OF.search(mention):
        return span
    after, size = last + timedelta(days=1), counted["unit"]
    if size == "Y":
        return start, after.replace(month=12, day=31)
    if size == "M":
        month = after.month + (2 if re.search(r"\bq\d|quarter", mention) else 0)
        return start, date(after.year, month, calendar.monthrange(after.year, month)[1])
    return start, after + timedelta(days=6 if size == "W" else 0)


def _last_third(unit: str, last: date) -> date:
    """Return where the last third begins of a year, month or week that ends on a day."""
    if unit == "year":
        return last.replace(month=9, day=1)
    return last.replace(day=21) if unit == "month" else last - timedelta(days=2)


def _date_cases(path: Path) -> Iterator[Row]:
    for line in needed(path, CASES).read_text("utf-8").splitlines():
        row = json.loads(line)
        written = [
            (date.fromisoformat(start), date.fromisoformat(end) - timedelta(days=1))
            for start, end in row["intervals"]
        ]
        timex = row["values"][0]["timex"]
        today = date.fromisoformat(row["ref"])
        meant = [as_meant(row["mention"], timex, today, span) for span in written]
        yield row["text"], today, meant, written


def _questions(path: Path) -> Iterator[Row]:
    for line in needed(path, QUESTIONS).read_text("utf-8").splitlines():
        row = json.loads(line)
        meant = [(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))]
        yield row["query"], date.fromisoformat(row["ref_date"]), meant, meant


def _halves(rows: list[Row], *, clamp: bool = False) -> Result:
    counts: dict[str, Counter[str]] = {"dev": Counter(), "test": Counter()}
    for text, today, meant, written in rows:
        found = find_period(text, today)
        period = found.period if found else None
        count = counts[half(text)]
        count["all"] += 1
        count["none"] += found is None
        count["exact"] += _agrees(period, today, meant, clamp)
        count["exact, as written"] += _agrees(period, today, written, clamp)
    return {
        name: {"rows": count["all"]}
        | {key: round(count[key] / max(count["all"], 1), 3) for key in count if key != "all"}
        for name, count in counts.items()
    }


def _agrees(period: Period | None, today: date, meant: Spans, clamp: bool) -> bool:
    if period is None:
        return False
    end = period.end or today
    return (period.start, min(end, today) if clamp else end) in meant
