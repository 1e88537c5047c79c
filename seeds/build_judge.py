"""Train the choice of lines for a brief: ``python -m seeds.build_judge``.

    python -m seeds.build_judge PATH MODEL --store ITEMS NEWS

PATH is the folder of the data sets, MODEL that of the network that ``build_answers`` starts from;
ITEMS and NEWS are data folders into which ``current-events/items.jsonl.gz`` and
``news/articles_dev.jsonl.gz`` of PATH were read.

1. ``weights/judge.onnx``: a network that reads an actor beside a line, with the title and the age
   of its article, and gives the log-odds that the line belongs in a brief about the actor (see
   ``bot.text.networks.judge_lines``). It starts from ``weights/answers.onnx`` (the supplied weights
   from the six layers that this had before), and learns from
   reports of the answer keys (``briefs/dev.jsonl``, even half, and
   ``weights/importance_labels.jsonl``: in a story or minor, or only passing) and from graded lines
   (``weights/line_labels.jsonl``: half of the grade, at most 1). ``--skip-network`` skips it.
2. ``weights/judge.json``: its weight beside the relevance of a report and the grade of its
   line, by logistic regression on the graded articles that the network has not seen, one in
   ``HELD_OUT``. It applies only to news articles: on items, which report one event in a sentence,
   it chose no better than relevance does.

Needs the packages ``torch``, ``onnx``, ``safetensors`` and ``scikit-learn``, which Dragoman itself
does not. Training takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from torch import nn
from torch.nn import functional

from bot.answer.importance import (
    RELEVANT,
    candidate,
)
from bot.answer.line_judge import Candidate, LineJudge
from bot.desk import Desk
from bot.text.networks import Passage, tokenizer
from seeds.build_answers import Answerer, Pair, paired, tensors_of
from seeds.build_bert import Bert, export, optimize, restore
from seeds.build_importance import Case, read_cases
from seeds.build_lines import GOOD, held_out, relevances, rows_of
from seeds.labelled_facts import read_labels

WEIGHTS = Path(__file__).parent / "weights"
JUDGE = WEIGHTS / "judge.onnx"

HELD_OUT = 4

EPOCHS_OF_LINES = 2
"""How often each graded line is read; reports are read once."""

REPORTS = 8
"""The most reports of a case that are read, half of them passing ones."""

FROZEN = 3
BATCH = 32
RATE = 5e-5
HEAD_RATE = 1e-3
HIDDEN = 64


class Judge(Bert):
    """MiniLM with a head: does a line belong in a brief about an actor?"""

    def __init__(self, folder: Path, dropout: float = 0.1) -> None:
        """Start from the published weights."""
        super().__init__(folder, dropout)
        self.judge = nn.Sequential(
            nn.Linear(2 * self.size, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, 1)
        )

    def forward(self, ids: Any, mask: Any, segment: Any) -> tuple[Any]:
        """Return the log-odds of each line, the only output."""
        found = self.states(ids, mask, segment)
        line = (mask * segment).to(torch.float32)[:, :, None]
        mean = (found * line).sum(1) / line.sum(1).clamp(min=1.0)
        return (self.judge(torch.cat([found[:, 0], mean], -1))[:, 0],)


class Row(NamedTuple):
    """A line as the network reads it, and how much it belongs in the brief: 0 to 1."""

    pair: Pair
    worth: float


def rows_of_cases(cases: Sequence[tuple[str, Case]], chance: random.Random) -> Iterator[Row]:
    """Return some reports of each case, as many belonging as passing if it has both.

    ``cases`` hold the name of the actor, too.
    """
    coder = tokenizer()
    for actor, case in cases:
        sides: tuple[list[int], list[int]] = ([], [])
        for at, worth in enumerate(case.worth):
            sides[bool(worth > 0)].append(at)
        for side in sides:
            chance.shuffle(side)
        passing, kept = sides
        few = min(len(passing), max(REPORTS // 2, REPORTS - len(kept)))
        for at in (*passing[:few], *kept[: REPORTS - few]):
            report = case.reports[at]
            one = candidate(report.line.snippet, report.day)
            title = one.title if case.news else ""
            passage = Passage(one.quote, title, max((case.today - one.day).days, 0))
            yield Row(_pair(coder, actor, passage), float(case.worth[at] > 0))


def rows_of_lines(news: Path) -> list[Row]:
    """Return the graded lines of the articles that are not held out."""
    coder = tokenizer()
    articles = {one["id"]: one for one in read_labels(news)}
    labels = [json.loads(line) for line in (WEIGHTS / "line_labels.jsonl").open(encoding="utf-8")]
    return [
        row
        for at, label in enumerate(labels)
        if at % HELD_OUT
        for row in _graded(coder, articles[label["article"]], label)
    ]


def _graded(coder: Any, article: dict[str, Any], label: dict[str, Any]) -> list[Row]:
    published = date.fromisoformat(article["publish_date"][:10])
    age = max((date.fromisoformat(label["day"]) - published).days, 0)
    passages = [
        (
            Passage(article[field][start:end], article["title"] if field == "text" else "", age),
            grade,
        )
        for field, start, end, grade in label["grades"]
    ]
    return [Row(_pair(coder, label["actor"], one), min(grade, 2) / 2) for one, grade in passages]


def _pair(coder: Any, actor: str, passage: Passage) -> Pair:
    return paired(coder, f"brief {actor}", passage.heading + passage.quote)


def trained(folder: Path, rows: Sequence[Row], chance: random.Random) -> Judge:
    """Train the network from the weights of the question model, for one pass over ``rows``."""
    torch.manual_seed(1)
    start, model = Answerer(folder), Judge(folder)
    restore(start, WEIGHTS / "answers.onnx")
    model.load_state_dict(start.state_dict(), strict=False)  # all but its heads
    for frozen in (model.words, model.places, *model.layers[:FROZEN]):
        frozen.requires_grad_(False)
    heads = list(model.judge.parameters())
    order = sorted(rows, key=lambda one: len(one.pair.ids) // 8 + 4 * chance.random())
    batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    chance.shuffle(batches)

    def loss_of(batch: Sequence[Row]) -> Any:
        wanted = torch.tensor([one.worth for one in batch])
        (odds,) = model(*tensors_of([one.pair for one in batch]))
        return functional.binary_cross_entropy_with_logits(odds, wanted)

    optimize(model, heads, batches, loss_of, (RATE, HEAD_RATE))
    return model


# --- the weight of a verdict ---------------------------------------------------------------

LEAST_SHOWN = 0.4
"""The probability of a good line that should count as ``importance.RELEVANT``."""


def learned(news: Path, store: Path) -> dict[str, float]:
    """Learn the weight of a verdict beside relevance and grade, on the held-out articles."""
    labels = [json.loads(line) for line in (WEIGHTS / "line_labels.jsonl").open(encoding="utf-8")]
    rows = rows_of(news)
    expected = held_out(rows)
    chosen: dict[int, int] = {}
    best: dict[int, float] = {}
    for at, (group, _, grade) in enumerate(rows):
        best[group] = max(best.get(group, 0.0), grade)
        if group not in chosen or expected[at] > expected[chosen[group]]:
            chosen[group] = at
    first = {group: at for at, (group, *_) in reversed(list(enumerate(rows)))}
    articles = {one["id"]: one for one in read_labels(news)}
    held = [group for group in chosen if group % HELD_OUT == 0]
    desk = Desk.open(store)
    try:
        known = relevances(desk, {(labels[one]["actor"], labels[one]["day"]) for one in held})
    finally:
        desk.close()
    values: list[list[float]] = []
    wanted: list[bool] = []
    for group in held:
        label = labels[group]
        chance = known[label["actor"], label["day"]].get(label["article"])
        if chance is None:
            continue
        article = articles[label["article"]]
        field, start, end, _ = label["grades"][chosen[group] - first[group]]
        title = article["title"] if field == "text" else ""
        published = date.fromisoformat(article["publish_date"][:10])
        one = Candidate(article[field][start:end], title, published)
        judge = LineJudge(label["actor"], date.fromisoformat(label["day"]))
        odds = math.log(min(max(chance, 1e-3), 1 - 1e-3) / (1 - min(max(chance, 1e-3), 1 - 1e-3)))
        values.append([odds, expected[chosen[group]], *judge.verdicts([one])])
        wanted.append(best[group] >= GOOD)
    return _logistic(("relevance", "grade", "judged"), values, wanted)


def _logistic(
    names: Sequence[str], values: Sequence[Sequence[float]], wanted: Sequence[bool]
) -> dict[str, float]:
    """Fit a logistic regression that maps ``LEAST_SHOWN`` to ``RELEVANT``."""
    model = LogisticRegression(C=1.0)
    chances = cross_val_predict(model, values, wanted, cv=8, method="predict_proba")[:, 1]
    print(f"{', '.join(names)}: area {roc_auc_score(wanted, chances):.3f} of {len(wanted)}")
    model.fit(values, wanted)
    shift = math.log(RELEVANT / (1 - RELEVANT)) - math.log(LEAST_SHOWN / (1 - LEAST_SHOWN))
    found = dict(zip(names, model.coef_[0].round(3).tolist(), strict=True))
    return {**found, "bias": round(float(model.intercept_[0]) + shift, 3)}


def main() -> None:
    """Train the network and write it."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_judge", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    parser.add_argument("model", type=Path, help="the folder of the published encoder")
    parser.add_argument("--store", type=Path, nargs=2, required=True, metavar=("ITEMS", "NEWS"))
    parser.add_argument("--skip-network", action="store_true", help="keep weights/judge.onnx")
    given = parser.parse_args()
    news = given.path / "news" / "articles_dev.jsonl.gz"
    if not given.skip_network:
        network(given.model, read_cases(given.path, given.store), news)
    found = learned(news, given.store[1])
    (WEIGHTS / "judge.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def network(folder: Path, cases: Sequence[tuple[str, Case]], news: Path) -> None:
    """Train the network on everything that is not held out, and write it."""
    chance = random.Random(1)  # noqa: S311 - any draw will do
    kept = [one for at, one in enumerate(cases) if at % HELD_OUT]
    lines = rows_of_lines(news)
    rows = [*rows_of_cases(kept, chance), *EPOCHS_OF_LINES * lines]
    print(f"{len(kept)} cases, {len(lines)} graded lines, {len(rows)} rows", flush=True)
    model = trained(folder, rows, chance)
    ids = torch.ones(2, 9, dtype=torch.int64)
    export(model, (ids, ids, ids), ("ids", "mask", "segment"), ("lines",), JUDGE)


if __name__ == "__main__":
    main()
