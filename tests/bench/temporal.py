"""Questions about a time and an actor, over 113,510 dated events.

Reads PATH/current-events/temporal_dev.jsonl (``ref_date, query, query_typo, gold``). Each query is
asked as of the end of ``ref_date``, as written and with its typing error, through the rows of
``dragoman ask --batch``. ``hit10``: a gold item is among the first ten articles of
``matches``; ``shown10``: among those of which a reader sees a line. By half of the file,
even places (``dev``) and odd (``test``). ``verbatim`` is the share of ``quotes``, shown or
not, that are in the store where they claim to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.desk import Desk
from tests.bench.asking import Row, Verbatim, asked, rows_of
from tests.bench.common import Result

TEMPORAL = Path("current-events") / "temporal_dev.jsonl"


def run(desk: Desk, file: Path) -> Result:
    """Ask all questions of the file over the filled desk."""
    questions, quotes = rows_of(file), Verbatim(desk)
    halves = (("dev", questions[::2]), ("test", questions[1::2]))
    figures = {
        name: {field: _figures(desk, half, field, quotes) for field in ("query", "query_typo")}
        for name, half in halves
    }
    return {**figures, **quotes.result()}


def _figures(desk: Desk, questions: Sequence[Row], field: str, quotes: Verbatim) -> Result:
    hit = shown = 0
    for one in questions:
        matches = asked(desk, one[field], one["ref_date"], quotes)["matches"][:10]
        right = [match for match in matches if match["article"] in one["gold"]]
        hit += bool(right)
        shown += any(match["answered"] for match in right)
    total = max(len(questions), 1)
    return {
        "questions": len(questions),
        "hit10": round(hit / total, 3),
        "shown10": round(shown / total, 3),
    }
