"""Questions about the news of their day, over full articles: found, quoted, or honestly not.

Reads PATH/news/articles_dev.jsonl.gz (``id, title, publish_date, text``) and
questions_dev.jsonl (``date, question, answer, gold, silver``). Each question is asked as of the end
of its day, through the same rows that ``dragoman ask --batch`` prints. ``dev`` are the questions
at even places of the file, from which weights and thresholds were learned, ``test`` those at
odd places. The file asks many questions more than once, so ``test_new`` has each question of
the odd half once that the even half does not ask.

How to read it: ``h1``, ``h4``, ``h10`` and ``mrr`` rank the ``matches`` (articles, shown or
not) against gold and silver; ``quote4`` is the share of questions for which a quote of at most
60 words among the first four holds the answer; ``answered`` is the share for which a reader sees
an answer, ``right`` the share of those whose first article is gold or silver.

``abstention`` adds up to 150 questions that nothing stored answers (see ``unanswerable``). Half are
asked before their event, and count only if no article published until then has the answer; half
have invented names. ``wrong`` is the share of these that is answered; ``curve`` is the share of
answerable questions answered at the score where so many of them are, and ``shipped`` at the
threshold in use.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.answer.cli_output import row_of
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import LOCAL, Asker
from tests.bench.common import Result
from tests.bench.unanswerable import before, invented

ARTICLES = Path("news") / "articles_dev.jsonl.gz"
QUESTIONS = Path("news") / "questions_dev.jsonl"
UNANSWERABLE = 150
QUOTE_WORDS = 60
WRONG_SHARES = (0.01, 0.02, 0.05, 0.10, 0.20)

Row = dict[str, Any]


def run(desk: Desk, file: Path) -> Result:
    """Ask all questions of the file over the filled desk."""
    questions = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [_asked(desk, one["question"], date.fromisoformat(one["date"])) for one in questions]
    told = list(zip(questions, rows, strict=True))
    dev, test = told[::2], told[1::2]
    seen = {one["question"] for one, _ in dev}
    new = {one["question"]: (one, row) for one, row in test if one["question"] not in seen}
    unanswered = _unanswerable(desk, questions)
    return {
        "dev": _figures(dev),
        "test": _figures(test),
        "test_new": _figures(list(new.values())),
        "abstention": _abstention([row for _, row in test], unanswered),
        **_verbatim(desk, [*rows, *unanswered]),
    }


def _asked(desk: Desk, question: str, day: date) -> Row:
    asker = Asker(now=datetime.now(UTC), as_of=datetime.combine(day, time.max, UTC))
    try:
        return row_of(*desk.ask_in_full(asker, question), asker.tz)
    except BadQuery:
        return {"answered": False, "matches": [], "snippets": []}


def _figures(told: Sequence[tuple[Row, Row]]) -> Result:
    places = [_place(one, row) for one, row in told]
    answered = [place for place, (_, row) in zip(places, told, strict=True) if row["answered"]]
    return {
        "questions": len(told),
        **{f"h{k}": _share(at is not None and at < k for at in places) for k in (1, 4, 10)},
        "mrr": round(sum(1 / (at + 1) for at in places if at is not None) / len(told), 3),
        "quote4": _share(_quoted(one, row) for one, row in told),
        "answered": _share(row["answered"] for _, row in told),
        "right": _share(at == 0 for at in answered),
    }


def _share(of: Iterable[object]) -> float:
    values = [bool(one) for one in of]
    return round(sum(values) / max(len(values), 1), 3)


def _place(question: Row, row: Row) -> int | None:
    """Return the place of the first article that answers."""
    right = {*question["gold"], *question["silver"]}
    found = [match["article"] for match in row["matches"]]
    return next((at for at, article in enumerate(found) if article in right), None)


def _quoted(question: Row, row: Row) -> bool:
    answer = _bare(question["answer"])
    return any(
        answer in _bare(one["quote"]) and len(one["quote"].split()) <= QUOTE_WORDS
        for one in row["snippets"][:4]
    )


def _bare(text: str) -> str:
    return text.strip("“”\"'. ").casefold()


def _unanswerable(desk: Desk, questions: Sequence[Row]) -> list[Row]:
    """Ask the odd half's questions in the two ways that have no answer."""
    half = list({one["question"]: one for one in questions[1::2]}.values())
    texts = _dated_texts(desk)
    early = [one for one in half if not _stands(one, texts)][: UNANSWERABLE // 2]
    asked = [_asked(desk, one["question"], before(_day(one))) for one in early]
    named = [(text, one) for one in half if (text := invented(one["question"])) is not None]
    kept = named[: UNANSWERABLE - len(asked)]
    return asked + [_asked(desk, text, _day(one)) for text, one in kept]


def _day(question: Row) -> date:
    return date.fromisoformat(question["date"])


def _dated_texts(desk: Desk) -> list[tuple[date, str]]:
    changes = {one.key for one in desk.store.changes(0, 1_000_000) if one.kind == "article"}
    return [
        (one.article.published.date(), f"{one.revision.title}\n{one.revision.text}".casefold())
        for one in desk.store.articles(LOCAL, changes).values()
        if one.article.published
    ]


def _stands(question: Row, texts: Iterable[tuple[date, str]]) -> bool:
    """Return whether the answer appears in any article published before the day."""
    until, answer = before(_day(question)), _bare(question["answer"])
    return any(day <= until and answer in text for day, text in texts)


def _abstention(answerable: Sequence[Row], unanswerable: Sequence[Row]) -> Result:
    good, bad = [_score(row) for row in answerable], [_score(row) for row in unanswerable]
    curve = {}
    for share in WRONG_SHARES:
        allowed = int(share * len(bad))
        level = sorted(bad, reverse=True)[allowed]
        curve[f"wrong_{share:.0%}"] = _share(score > level for score in good)
    return {
        "unanswerable": len(bad),
        "curve": curve,
        "shipped": {
            "wrong": _share(row["answered"] for row in unanswerable),
            "answered": _share(row["answered"] for row in answerable),
        },
    }


def _score(row: Row) -> float:
    return max((match["score"] for match in row["matches"][:1]), default=0.0)


def _verbatim(desk: Desk, rows: Iterable[Row]) -> Result:
    """Count the snippets whose words are in the store exactly where they claim to be."""
    snippets = [one for row in rows for one in row["snippets"]]
    changes = {one.key for one in desk.store.changes(0, 1_000_000) if one.kind == "article"}
    stored = {
        one.article.external_id or key: one.revision
        for key, one in desk.store.articles(LOCAL, changes).items()
    }
    right = sum(
        one["quote"] == getattr(stored[one["article"]], one["field"])[one["start"] : one["end"]]
        for one in snippets
        if one["revision"] == stored[one["article"]].n
    )
    return {"snippets": len(snippets), "verbatim": round(right / max(len(snippets), 1), 4)}
