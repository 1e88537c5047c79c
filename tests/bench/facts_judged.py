"""Facts of unseen news, judged twice: what is drawn, and what the verdicts say.

``draw`` reads 300 articles of the test half of the news with the checked-out code, and draws 200 of
their facts, both with a seed made from the commit's hash: nobody chooses them. Each line of the
file holds what a judge needs, including copyrighted text, so the file must be outside the project.
``count`` takes two judges' verdicts, lines ``{"id", "verdict"}`` with "right" or "wrong", and
writes only ids and verdicts to ``judged/<commit>.csv``.

A fact is right if its article states it: who did what kind of act to whom, with that status,
claimant and date, all of them. It counts as right only if both judges say so.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path

from bot.match.actors import ActorIndex
from bot.models import FoundFact
from tests.bench.common import ROOT, MissingData, Result, commit, wilson
from tests.bench.facts_news import Article, articles

READ, DRAWN = 300, 200
JUDGED = Path(__file__).parent / "judged"

_VERDICTS = ("right", "wrong")
_READS = ("bot", "seeds")
"""The code that determines the facts: the commit's hash covers these folders."""


def draw(path: Path, index: ActorIndex, to: Path) -> Result:
    """Write the drawn facts to ``to``, a line each; raises MissingData if it may not be there."""
    if to.resolve().is_relative_to(ROOT):
        raise MissingData(f"{to} is inside the project: news texts must stay out of it.")
    drawn_at = commit(*_READS)
    chance = random.Random(drawn_at)  # noqa: S311 - to repeat it
    half = list(articles(path, "test"))
    found = [
        (article, fact, known)
        for article in chance.sample(half, min(READ, len(half)))
        for facts, known in [article.told(index)]
        for fact in facts
    ]
    chosen = chance.sample(found, min(DRAWN, len(found)))
    rows = [_row(drawn_at, n, *one) for n, one in enumerate(chosen, start=1)]
    to.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return {"commit": drawn_at, "facts": len(found), "drawn": len(rows), "written to": str(to)}


def count(one: Path, other: Path, folder: Path = JUDGED) -> Result:
    """Compare two judges' verdicts and write the table of them; raises MissingData."""
    first, second = _verdicts(one), _verdicts(other)
    if not first or first.keys() != second.keys():
        only = sorted(first.keys() ^ second.keys())
        raise MissingData(f"{one} and {other} must judge the same facts; not both do {only[:5]}.")
    if len(commits := {key.split("-")[0] for key in first}) > 1:
        raise MissingData(f"{one} judges facts of several commits: {sorted(commits)}.")
    rows = [(key, first[key], second[key]) for key in sorted(first)]
    table = folder / f"{commits.pop()}.csv"
    folder.mkdir(exist_ok=True)
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("id", "first", "second"), *rows])
    pairs = [(a == "right", b == "right") for _, a, b in rows]
    both = sum(a and b for a, b in pairs)
    return {
        "judged": len(rows),
        "agreement": round(sum(a == b for a, b in pairs) / len(rows), 4),
        "kappa": round(kappa(pairs), 4),
        "precision, first": round(sum(a for a, _ in pairs) / len(rows), 4),
        "precision, second": round(sum(b for _, b in pairs) / len(rows), 4),
        "precision, both": round(both / len(rows), 4),
        "lower 95 % bound": round(wilson(both, len(rows))[0], 4),
        "written to": str(table),
    }


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Cohen's kappa of two judges (Cohen 1960); 1 if both always give the same single verdict."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def _row(
    commit: str, number: int, article: Article, fact: FoundFact, index: ActorIndex
) -> dict[str, object]:
    source = index.name(fact.source_actor) if fact.source_actor else None
    if fact.source_words:
        source = f"“{fact.source_words}”"
    target = index.name(fact.target_actor) if fact.target_actor else None
    if fact.target_words:
        target = f"“{fact.target_words}”"
    return {
        "id": f"{commit[:10]}-{number:03}-{article.id}",
        "article": article.id,
        "published": article.published.date().isoformat() if article.published else None,
        "title": article.title,
        "fact": f"{source} – {fact.event_class} ({fact.act}) – {target}",
        "status": fact.status,
        "claimant": _claimant(fact, index),
        "date": fact.event_date.isoformat() if fact.event_date else None,
        "precision": fact.date_precision,
        "place": index.name(fact.place) if fact.place else None,
        "evidence": [
            {"field": quote.field, "quote": quote.quote, "around": _around(article, quote.start)}
            for quote in fact.evidence
        ],
    }


def _claimant(fact: FoundFact, index: ActorIndex) -> str | None:
    if fact.claimant_words:
        return f"“{fact.claimant_words}”"
    return index.name(fact.claimant) if fact.claimant else None


def _around(article: Article, at: int) -> str:
    """Return the paragraph that holds a place of the text, with the one before."""
    text = article.text
    first = text.rfind("\n", 0, at)
    before = text.rfind("\n", 0, len(text[:first].rstrip())) if first > 0 else -1
    last = text.find("\n", at)
    return text[before + 1 : last if last >= 0 else len(text)]


def _verdicts(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise MissingData(f"{path} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(lines, start=1):
        row = json.loads(line)
        if row.get("verdict") not in _VERDICTS or row.get("id") in {None, *found}:
            raise MissingData(f'{path}:{number}: a new "id", and a "verdict": right or wrong.')
        found[row["id"]] = row["verdict"]
    return found
