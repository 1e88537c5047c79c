"""Questions about a time and an actor, over 113,510 dated events.

Reads PATH/current-events/temporal_dev.jsonl (``ref_date, query, query_typo, gold``). Each query is
asked as of the end of ``ref_date``, as written and with its typing error, through the rows of
``dragoman ask --batch``. ``hit10``: a gold item is among the first ten articles of
``matches``; ``shown10``: among those of which a reader sees a line. By half of the file,
even places (``dev``) and odd (``test``). ``verbatim`` is the share of ``quotes``, shown or
not, that are in the store where they claim to be.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.answer.cli_output import row_of
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import Asker
from tests.bench.common import Result
from tests.bench.verbatim import Verbatim

TEMPORAL = Path("current-events") / "temporal_dev.jsonl"


def run(desk: Desk, file: Path) -> Result:
    """Ask all questions of the file over the filled desk."""
    questions = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    quotes = Verbatim(desk)
    halves = (("dev", questions[::2]), ("test", questions[1::2]))
    figures = {
        name: {field: _figures(desk, half, field, quotes) for field in ("query", "query_typo")}
        for name, half in halves
    }
    return {**figures, **quotes.result()}


def _figures(
    desk: Desk, questions: Sequence[dict[str, Any]], field: str, quotes: Verbatim
) -> Result:
    hit = shown = 0
    for one in questions:
        day = date.fromisoformat(one["ref_date"])
        asker = Asker(now=datetime.now(UTC), as_of=datetime.combine(day, time.max, UTC))
        try:
            reply, looked = desk.ask_in_full(asker, one[field])
        except BadQuery:
            continue
        quotes.check(reply, looked)
        row = row_of(reply, looked, asker.tz)
        gold = set(one["gold"])
        hit += any(match["article"] in gold for match in row["matches"][:10])
        shown += any(
            match["article"] in gold and match["answered"] for match in row["matches"][:10]
        )
    total = max(len(questions), 1)
    return {
        "questions": len(questions),
        "hit10": round(hit / total, 3),
        "shown10": round(shown / total, 3),
    }
