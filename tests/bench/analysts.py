"""Questions as analysts type them: the right item first, and an honest no if there is none.

Reads PATH/questions/dev.jsonl (``question, as_of, gold`` ids, empty if nothing answers) and fills
a store from PATH/current-events/items.jsonl.gz. Each question is asked as of the end of its day,
through the rows that ``dragoman ask --batch`` prints. By the number in the id, even questions
(``dev``) are for tuning, odd ones (``test``) for reporting.

``first`` and ``first_four``: a right item is the first, or among the first four, of the snippets of
a question that has one. ``answered``: such a question is answered. ``wrongly``: a question that
nothing answers is answered all the same. ``removed``: the store is copied, and the items that
answer every other question are deleted; ``wrongly`` is then the share of those that are answered,
``stay`` the share of the others that were answered before and still are.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.curation.removing import remove
from bot.models import LOCAL
from tests.bench.asking import Row, asked, by_half, rows_of, share
from tests.bench.common import ITEMS, Result, needed
from tests.bench.filled import fill_once, opened

QUESTIONS = Path("questions") / "dev.jsonl"
SHOWN = 4


def run(path: Path, store: Path | None = None) -> Result:
    """Ask all questions of the file; raises MissingData."""
    file, items = needed(path, QUESTIONS), needed(path, ITEMS)
    questions = rows_of(file)
    with tempfile.TemporaryDirectory() as temporary:
        folder = fill_once(store or Path(temporary) / "items", items)
        rows = _rows(folder, questions)
        copy = Path(temporary) / "removed"
        shutil.copytree(folder, copy)
        gone = [one for n, one in enumerate(questions) if one["gold"] and n // 2 % 2]
        after = _rows(copy, questions, {key for one in gone for key in one["gold"]})
    return {
        name: {
            **_figures([(one, rows[one["qid"]]) for one in half]),
            "removed": _removed(half, {one["qid"] for one in gone}, rows, after),
        }
        for name, half in by_half(questions, "qid").items()
    }


def _rows(folder: Path, questions: Sequence[Row], gone: Collection[str] = ()) -> dict[str, Row]:
    """Ask every question, once the articles with the ids in ``gone`` are deleted."""
    with opened(folder) as desk:
        for key in gone:
            remove(desk.store, LOCAL, key, datetime.now(UTC))
        desk.catch_up()
        return {one["qid"]: asked(desk, one["question"], one["as_of"]) for one in questions}


def _figures(told: Sequence[tuple[Row, Row]]) -> Result:
    places = [_place(one, row) for one, row in told if one["gold"]]
    return {
        "questions": len(told),
        "answerable": len(places),
        "unanswerable": len(told) - len(places),
        "first": share(at == 0 for at in places),
        "first_four": share(at is not None and at < SHOWN for at in places),
        "answered": share(row["answered"] for one, row in told if one["gold"]),
        "wrongly": share(row["answered"] for one, row in told if not one["gold"]),
    }


def _place(one: Row, row: Row) -> int | None:
    """Return the place of the first snippet from a right item."""
    shown = [snippet["article"] for snippet in row["snippets"]]
    return next((at for at, key in enumerate(shown) if key in one["gold"]), None)


def _removed(
    half: Sequence[Row], gone: Collection[str], before: dict[str, Row], after: dict[str, Row]
) -> Result:
    answerable = [one["qid"] for one in half if one["gold"]]
    deleted = [key for key in answerable if key in gone]
    stayed = [key for key in answerable if key not in gone and before[key]["answered"]]
    return {
        "questions": len(deleted),
        "wrongly": share(after[key]["answered"] for key in deleted),
        "answered before": len(stayed),
        "stay": share(after[key]["answered"] for key in stayed),
    }
