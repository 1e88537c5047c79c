"""Asking as of the end of a day, halves of the cases, and whether quotes are verbatim."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.answer.cli_output import lines_of, row_of
from bot.answer.retrieval import Retrieved
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import LOCAL, Asker, Reply, Snippet
from tests.bench.common import Result

Row = dict[str, Any]

_NUMBER = re.compile(r"\d+$")


class Verbatim:
    """Counts the quotes of replies, and those that are in the store exactly where they claim to be."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._quotes = self._right = 0

    def check(self, reply: Reply, looked: Retrieved | None = None) -> None:
        """Look up every quote of a reply, and of the passages considered for it."""
        found = [line.snippet for line in lines_of(reply)]
        found += [one.line.snippet for one in looked.candidates] if looked else []
        self._right += self._standing(found)
        self._quotes += len(found)

    def result(self) -> Result:
        """Return the number of quotes and the share that is verbatim."""
        share = self._right / self._quotes if self._quotes else 0.0
        return {"quotes": self._quotes, "verbatim": round(share, 6)}

    def _standing(self, snippets: Iterable[Snippet]) -> int:
        snippets = list(snippets)
        stored = self._desk.store.articles(LOCAL, {one.article for one in snippets})
        return sum(
            one.revision == stored[one.article].revision.n
            and one.quote == getattr(stored[one.article].revision, one.field)[one.start : one.end]
            for one in snippets
        )


def asker_on(day: str | date) -> Asker:
    """Return an asker as of the end of a day, which may be in ISO format."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return Asker(now=datetime.now(UTC), as_of=datetime.combine(day, time.max, UTC))


def asked(desk: Desk, question: str, day: str | date, quotes: Verbatim | None = None) -> Row:
    """Ask as of the end of a day; return the row of ``dragoman ask --batch``, and check its quotes.

    A question that is refused has a row without matches and snippets.
    """
    asker = asker_on(day)
    try:
        reply, looked = desk.ask_in_full(asker, question)
    except BadQuery:
        return {"answered": False, "matches": [], "snippets": []}
    if quotes is not None:
        quotes.check(reply, looked)
    return row_of(reply, looked, asker.tz)


def by_half(cases: Iterable[Row], key: str = "id") -> dict[str, list[Row]]:
    """Split cases by the number at the end of their ids: even is ``dev``, odd is ``test``."""
    halves: dict[str, list[Row]] = {"dev": [], "test": []}
    for case in cases:
        found = _NUMBER.search(case[key])
        if found is None:
            raise ValueError(f"{case[key]!r} does not end in a number.")
        halves["test" if int(found[0]) % 2 else "dev"].append(case)
    return halves


def share(of: Iterable[object]) -> float:
    """Return the share of true values; 0 if there are none."""
    values = [bool(one) for one in of]
    return round(sum(values) / max(len(values), 1), 3)


def rows_of(file: Path) -> list[Row]:
    """Return the rows of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
