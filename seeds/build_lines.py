"""Learn how good a line is for a brief: ``python -m seeds.build_lines NEWS STORE``.

NEWS is ``news/articles_dev.jsonl.gz``, STORE a data folder into which it was read.
``weights/line_labels.jsonl`` has grades that people gave to the headline and sentences of an
article, for a brief about one actor: ``{"article", "actor", "day", "about", "names": [[field,
start], …], "grades": [[field, start, end, grade], …]}``, ids and offsets alone; ``names`` are where
the actor is named, ``day`` is that of the brief, ``about`` is 0 if the actor is only mentioned.

Writes ``weights/lines.json``: ridge regression of the grade on the features of
``bot.answer.line_grade``, and the combination of that grade with the relevance of a report
(``importance``), by logistic regression of whether an article has a line of grade ``GOOD``. Prints,
by cross-validation over articles, the mean grade of the chosen lines and of the best there are.
Needs ``scikit-learn``.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold

from bot.answer.brief import WINDOW_STEPS, material_of
from bot.answer.importance import RELEVANT, features, newest, probabilities, stacked, trained
from bot.answer.line_grade import Passage, features_of
from bot.desk import Desk
from bot.models import Asker, Period
from bot.read import text_kinds
from bot.search.vectors import CHARACTERS
from bot.text.networks import encode
from seeds.labelled_facts import read_labels

WEIGHTS = Path(__file__).parent / "weights"
STRENGTH = 30.0
FOLDS = 8

GOOD = 2
LEAST_GOOD = 0.25
"""The probability of a good line that should count as ``importance.RELEVANT``: there, .32 of the
articles only mention the actor, and a fifth of those with a good line are lost."""

Row = tuple[int, Mapping[str, float], float]
"""A number for each article and actor, the features of a line, and its grade."""


def rows_of(news: Path) -> list[Row]:
    """Return the features and the grade of each labelled line."""
    articles = {one["id"]: one for one in read_labels(news)}
    labels = [json.loads(line) for line in (WEIGHTS / "line_labels.jsonl").open(encoding="utf-8")]
    texts = [_beginning(articles[label["article"]]) for label in labels]
    found: list[Row] = []
    for group, (label, vector) in enumerate(zip(labels, encode(texts), strict=True)):
        article = articles[label["article"]]
        kind = text_kinds.trained().of_article(vector, article["title"], article["url"])
        for field, start, end, grade in label["grades"]:
            names = [
                at - start for name, at in label["names"] if name == field and start <= at < end
            ]
            passage = Passage(field, start, article[field][start:end], names)
            found.append((group, features_of(passage, article["title"], kind), grade))
    return found


def _beginning(article: Mapping[str, Any]) -> str:
    return f"{article['title']}\n{article['text']}"[:CHARACTERS].strip()


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Learn the weights of the features, which are scaled only during learning."""
    names = sorted({name for _, features, _ in rows for name in features} - {"bias"})
    values = np.array([[features.get(name, 0.0) for name in names] for _, features, _ in rows])
    mean, spread = values.mean(0), np.maximum(values.std(0), 1e-6)
    model = Ridge(alpha=STRENGTH).fit((values - mean) / spread, [grade for *_, grade in rows])
    weights = model.coef_ / spread
    bias = float(model.intercept_ - weights @ mean)
    return {**dict(zip(names, weights.round(4).tolist(), strict=True)), "bias": round(bias, 4)}


def held_out(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Return the expected grade of each line, by weights learned without its article."""
    found = np.zeros(len(rows))
    for known, new in GroupKFold(FOLDS).split(found, groups=[row[0] for row in rows]):
        weights = fit([rows[at] for at in known])
        for at in new:
            found[at] = sum(weights.get(name, 0.0) * value for name, value in rows[at][1].items())
    return found


def combined(
    store: Path, expected: Mapping[int, float], good: Mapping[int, bool]
) -> dict[str, float]:
    """Learn the weights of relevance, as log-odds, and grade.

    ``expected`` are the held-out grades of the chosen lines, by the number of their label.
    """
    labels = [json.loads(line) for line in (WEIGHTS / "line_labels.jsonl").open(encoding="utf-8")]
    desk = Desk.open(store)
    try:
        known = relevances(desk, {(one["actor"], one["day"]) for one in labels})
    finally:
        desk.close()
    values, wanted = [], []
    for at, label in enumerate(labels):
        chance = known[label["actor"], label["day"]].get(label["article"])
        if chance is not None and at in expected:
            chance = min(max(chance, 1e-3), 1 - 1e-3)
            values.append([math.log(chance / (1 - chance)), expected[at]])
            wanted.append(good[at])
    model = LogisticRegression(C=1.0).fit(values, wanted)
    shift = math.log(RELEVANT / (1 - RELEVANT)) - math.log(LEAST_GOOD / (1 - LEAST_GOOD))
    relevance, grade = model.coef_[0].round(3).tolist()
    bias = round(float(model.intercept_[0]) + shift, 3)
    return {"relevance": relevance, "grade": grade, "bias": bias}


def relevances(
    desk: Desk, briefs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, float]]:
    """Return the relevance of each report of some briefs, without grades, by external id."""
    desk.catch_up()
    return {(actor, day): _relevance(desk, actor, date.fromisoformat(day)) for actor, day in briefs}


def _relevance(desk: Desk, actor: str, today: date) -> dict[str, float]:
    asker = Asker(now=datetime.now(UTC), as_of=datetime.combine(today, time.max, UTC))
    library, question = desk.library(asker), desk.understood(asker, actor)
    groups = [library.expand(one.actor) for one in question.subjects]
    found: dict[str, float] = {}
    for days in reversed(WINDOW_STEPS):
        window = Period(start=today - timedelta(days=days), end=today)
        reports = newest(material_of(library, groups, None, window).reports if groups else [])
        if reports:
            model = trained()
            table = features(reports, probabilities(reports, model), today, days)
            chances = model.relevance(table, stacked(reports)).tolist()
            names = [one.line.snippet.external_id or "" for one in reports]
            found |= dict(zip(names, chances, strict=True))
    return found


def main() -> None:
    """Learn, print the scores, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_lines", description=__doc__)
    parser.add_argument("news", type=Path, help="news/articles_dev.jsonl.gz")
    parser.add_argument("store", type=Path, help="a data folder into which it was read")
    given = parser.parse_args()
    rows = rows_of(given.news)
    held = held_out(rows)
    chosen: dict[int, int] = {}
    best: dict[int, float] = {}
    for at, (group, _, graded) in enumerate(rows):
        best[group] = max(best.get(group, 0.0), graded)
        if group not in chosen or held[at] > held[chosen[group]]:
            chosen[group] = at
    grades = {group: rows[at][2] for group, at in chosen.items()}
    print(f"chosen {np.mean(list(grades.values())):.2f} of {np.mean(list(best.values())):.2f}")
    expected = {group: float(held[at]) for group, at in chosen.items()}
    good = {group: graded >= GOOD for group, graded in grades.items()}
    learned = {"grade": fit(rows), "combination": combined(given.store, expected, good)}
    (WEIGHTS / "lines.json").write_text(json.dumps(learned, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
