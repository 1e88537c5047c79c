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
threshold in use. ``verbatim`` is the share of ``quotes``, shown or not, that are in the store where
they claim to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.desk import Desk
from bot.models import LOCAL
from tests.bench.asking import Row, Verbatim, asked, rows_of, share
from tests.bench.common import Result
from tests.bench.unanswerable import before, invented

ARTICLES = Path("news") / "articles_dev.jsonl.gz"
QUESTIONS = Path("news") / "questions_dev.jsonl"
UNANSWERABLE = 150
QUOTE_WORDS = 60
WRONG_SHARES = (0.01, 0.02, 0.05, 0.10, 0.20)


def run(desk: Desk, file: Path) -> Result:
    """Ask all questions of the file over the filled desk."""
    questions, quotes = rows_of(file), Verbatim(desk)
    rows = [asked(desk, one["question"], one["date"], quotes) for one in questions]
    told = list(zip(questions, rows, strict=True))
    dev, test = told[::2], told[1::2]
    seen = {one["question"] for one, _ in dev}
    new = {one["question"]: (one, row) for one, row in test if one["question"] not in seen}
    unanswered = _unanswerable(desk, questions, quotes)
    return {
        "dev": _figures(dev),
        "test": _figures(test),
        "test_new": _figures(list(new.values())),
        "abstention": _abstention([row for _, row in test], unanswered),
        **quotes.result(),
    }


def _figures(told: Sequence[tuple[Row, Row]]) -> Result:
    places = [_place(one, row) for one, row in told]
    answered = [place for place, (_, row) in zip(places, told, strict=True) if row["answered"]]
    return {
        "questions": len(told),
        **{f"h{k}": share(at is not None and at < k for at in places) for k in (1, 4, 10)},
        "mrr": round(sum(1 / (at + 1) for at in places if at is not None) / len(told), 3),
        "quote4": share(_quoted(one, row) for one, row in told),
        "answered": share(row["answered"] for _, row in told),
        "right": share(at == 0 for at in answered),
    }


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


def _unanswerable(desk: Desk, questions: Sequence[Row], quotes: Verbatim) -> list[Row]:
    """Ask the odd half's questions in the two ways that have no answer."""
    half = list({one["question"]: one for one in questions[1::2]}.values())
    texts = _dated_texts(desk)
    early = [one for one in half if not _stands(one, texts)][: UNANSWERABLE // 2]
    rows = [asked(desk, one["question"], before(_day(one)), quotes) for one in early]
    named = [(text, one) for one in half if (text := invented(one["question"])) is not None]
    kept = named[: UNANSWERABLE - len(rows)]
    return rows + [asked(desk, text, _day(one), quotes) for text, one in kept]


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
    for wrong in WRONG_SHARES:
        allowed = int(wrong * len(bad))
        level = sorted(bad, reverse=True)[allowed]
        curve[f"wrong_{wrong:.0%}"] = share(score > level for score in good)
    return {
        "unanswerable": len(bad),
        "curve": curve,
        "shipped": {
            "wrong": share(row["answered"] for row in unanswerable),
            "answered": share(row["answered"] for row in answerable),
        },
    }


def _score(row: Row) -> float:
    return max((match["score"] for match in row["matches"][:1]), default=0.0)
