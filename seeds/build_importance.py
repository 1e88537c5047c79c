"""Train the ranking of stories: ``python -m seeds.build_importance PATH --store ITEMS NEWS``.

PATH holds ``briefs/dev.jsonl`` (answer keys: ranked stories of an actor's last 14 days, as ids of
items). ITEMS and NEWS are data folders into which ``current-events/items.jsonl.gz`` and
``news/articles_dev.jsonl.gz`` of PATH were read. ``weights/importance_labels.jsonl`` has further
keys of the same form, ours: ids alone.

The output is ``weights/importance.npz`` (see ``bot.answer.importance``):

- a logistic regression over two reports of labelled stories: do they belong to the same one;
- ratings of reports: several small networks, each trained from other first weights and all
  averaged. The loss adds the cross-entropy of the rating with a report's worth (ListNet, Cao
  et al., 2007) and a pairwise one (RankNet, Burges et al., 2005).

Training uses our keys and keys with an even number in their id; ``python -m tests.bench briefs``
scores the odd ones, and ``seeds/README.md`` has the scores. Needs the package ``torch``, which
Dragoman itself does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from bot.answer.brief import WINDOW_DAYS, material_of
from bot.answer.importance import (
    FEATURES,
    PAIR_FEATURES,
    Matrix,
    Model,
    Report,
    features,
    newest,
    pair_features,
    probabilities,
    stacked,
    stories,
)
from bot.desk import Desk
from bot.models import Asker, Period

HERE = Path(__file__).parent / "weights"
LABELS = HERE / "importance_labels.jsonl"
WEIGHTS = HERE / "importance.npz"

NETWORKS = 3
HIDDEN = 24
_EPOCHS = 12
_BATCH = 64
_RATE = 0.005
_DECAY = 0.05
_LINEAR_DECAY = 0.00003
_DROPOUT = 0.4
_PAIRWISE = 0.3
_RELEVANT_PENALTY = 3.0
_VECTOR_SCALE = 5.0
"""Vectors have length 1; this brings their numbers to the size of the other features."""


class Case(NamedTuple):
    """The reports of one actor and day, and the worth of each: 5 for the top story to 0."""

    reports: list[Report]
    worth: Matrix
    story: list[int]
    today: date
    news: bool


class Table(NamedTuple):
    """A case as arrays: features and vectors, a row a report, and the worth of each."""

    features: Matrix
    vectors: Matrix
    worth: Matrix


def main() -> None:
    """Train on the keys, write the weights, and print scores by four-fold cross-validation."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_importance", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    parser.add_argument("--store", type=Path, nargs=2, required=True, help="filled data folders")
    given = parser.parse_args()
    cases = [case for _, case in read_cases(given.path, given.store)]
    print(f"{len(cases)} keys, {sum(len(case.reports) for case in cases)} reports")
    _cross_validate(cases)
    arrays = vars(train(cases))
    np.savez_compressed(WEIGHTS, **{k: v.astype(np.float16) for k, v in arrays.items()})


def read_cases(path: Path, stores: Sequence[Path]) -> list[tuple[str, Case]]:
    """Return the training cases that have several reports, each with the name of its actor.

    ``path`` is the folder of the data sets, ``stores`` those of ITEMS and NEWS.
    """
    keys = [*_read(path / "briefs" / "dev.jsonl"), *_read(LABELS)]
    items, news = ([key for key in keys if _of_news(key) == news] for news in (False, True))
    cases = [*_cases(stores[0], items), *_cases(stores[1], news)]
    return [(actor, case) for actor, case in cases if len(case.reports) > 1]


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _of_news(key: dict[str, Any]) -> bool:
    return bool(key["id"].startswith("n"))


def _trains(key: dict[str, Any]) -> bool:
    """Odd keys of the answer keys (b1-001) are kept for the score; ours (t001, n001) all train."""
    return not key["id"].startswith("b") or int(key["id"].rpartition("-")[2]) % 2 == 0


def _cases(folder: Path, keys: Iterable[dict[str, Any]]) -> list[tuple[str, Case]]:
    desk = Desk.open(folder)
    try:
        desk.catch_up()
        return [(key["actor"], _case(desk, key)) for key in keys if _trains(key)]
    finally:
        desk.close()


def _case(desk: Desk, key: dict[str, Any]) -> Case:
    today = date.fromisoformat(key["as_of"])
    end = datetime.combine(today, time.max, UTC)
    asker = Asker(now=datetime.now(UTC), as_of=end)
    question = desk.understood(asker, key["actor"])
    library = desk.library(asker)
    window = Period(start=today - timedelta(days=key.get("days", WINDOW_DAYS)), end=today)
    groups = [library.expand(one.actor) for one in question.subjects]
    found = newest(material_of(library, groups, None, window).reports if groups else [])
    rank = {item: n for n, story in enumerate(key["stories"]) for item in _items(story)}
    minor = set(key.get("minor", ()))
    ids = [one.line.snippet.external_id for one in found]
    worth = [max(6 - rank[one], 1) if one in rank else 0.5 * (one in minor) for one in ids]
    places = [rank.get(one or "", -1) for one in ids]
    return Case(found, np.array(worth, float), places, today, _of_news(key))


def _items(story: dict[str, list[str]] | list[str]) -> list[str]:
    return story["items"] if isinstance(story, dict) else story


def train(cases: Sequence[Case]) -> Model:
    """Fit both models, the second on the output of the first."""
    same = _same(cases)
    nothing = np.zeros(0)
    pairs = Model(same, nothing, nothing, nothing, nothing, nothing, nothing, nothing)
    tables = [_table(case, pairs) for case in cases]
    mean = np.concatenate([table.features for table in tables]).mean(0)
    spread = np.concatenate([table.features for table in tables]).std(0) + 1e-6
    scaled = [table._replace(features=(table.features - mean) / spread) for table in tables]
    found = [_network(scaled, seed) for seed in range(NETWORKS)]
    return Model(
        same,
        _relevant(scaled),
        mean,
        spread,
        linear=np.mean([one["linear"] for one in found], 0),
        inner=np.concatenate([one["inner"] for one in found], 1),
        bias=np.concatenate([one["bias"] for one in found]),
        outer=np.concatenate([one["outer"] for one in found]) / NETWORKS,
    )


def _same(cases: Iterable[Case]) -> Matrix:
    """Fit the logistic regression of two reports, by Newton's method."""
    rows, labels = [], []
    for case in cases:
        table = pair_features(case.reports)
        for at, story in enumerate(case.story):
            for other in range(at):
                if min(story, case.story[other]) >= 0:
                    rows.append([*table[at, other], 1.0])
                    labels.append(story == case.story[other])
    table, wanted = np.array(rows), np.array(labels, float)
    weights = np.zeros(len(PAIR_FEATURES) + 1)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chance - wanted) + 0.1 * weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + 0.1 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def _relevant(tables: Sequence[Table]) -> Matrix:
    """Fit the logistic regression of one report: is it in a story, or minor, or only passing."""
    rows = np.concatenate([np.hstack(table[:2]) for table in tables])
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    wanted = np.concatenate([table.worth > 0 for table in tables]).astype(float)
    weights = np.zeros(rows.shape[1])
    for _ in range(15):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - wanted) + _RELEVANT_PENALTY * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows
        weights -= np.linalg.solve(curve + _RELEVANT_PENALTY * np.eye(len(weights)), slope)
    return weights


def _table(case: Case, model: Model) -> Table:
    alike = probabilities(case.reports, model)
    rows = features(case.reports, alike, case.today, WINDOW_DAYS)
    return Table(rows, stacked(case.reports), case.worth)


def _network(tables: Sequence[Table], seed: int) -> dict[str, Matrix]:
    """Train one network; return its weights in the form of ``Model``."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    size = tables[0].vectors.shape[1]
    linear = torch.zeros(len(FEATURES) + size, requires_grad=True)
    inner = torch.nn.Linear(len(FEATURES) + 2 * size, HIDDEN)
    outer = torch.nn.Linear(HIDDEN, 1, bias=False)
    drop = torch.nn.Dropout(_DROPOUT)
    weights = [linear, *inner.parameters(), *outer.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=_RATE, weight_decay=_DECAY)
    scale = torch.cat([torch.ones(len(FEATURES)), torch.full((size,), 2 * _VECTOR_SCALE)])
    order = np.arange(len(tables))
    mixed = np.random.default_rng(seed)
    for _ in range(_EPOCHS):
        mixed.shuffle(order)
        for start in range(0, len(order), _BATCH):
            batch = [tables[at] for at in order[start : start + _BATCH]]
            own = torch.tensor(np.concatenate([np.hstack(table[:2]) for table in batch])).float()
            middle = torch.tensor(np.concatenate([_middle(table) for table in batch])).float()
            wide = torch.cat([own, middle], 1)
            wide[:, len(FEATURES) :] *= _VECTOR_SCALE
            rated = own @ (linear * scale)
            rated = rated + outer(drop(_gelu(inner(wide))))[:, 0]
            parts = torch.split(rated, [len(table.worth) for table in batch])
            loss = sum(
                _loss(part, torch.tensor(table.worth).float())
                for part, table in zip(parts, batch, strict=True)
            )
            loss = loss / len(batch) + _LINEAR_DECAY * (linear[len(FEATURES) :] ** 2 * 100).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    grown = np.concatenate([np.ones(len(FEATURES)), np.full(2 * size, _VECTOR_SCALE)])
    return {
        "linear": (linear * scale).detach().numpy().astype(float),
        "inner": inner.weight.detach().numpy().T * grown[:, None],
        "bias": inner.bias.detach().numpy(),
        "outer": outer.weight.detach().numpy()[0],
    }


def _middle(table: Table) -> Matrix:
    return np.repeat(table.vectors.mean(axis=0, keepdims=True), len(table.vectors), axis=0)


def _gelu(values: Any) -> Any:
    return torch.nn.functional.gelu(values, approximate="tanh")


def _loss(rated: Any, worth: Any) -> Any:
    gap = torch.clamp(worth[:, None] - worth[None, :], min=0) / len(worth)
    pairwise = (gap * torch.nn.functional.softplus(rated[None, :] - rated[:, None])).sum()
    listed = -(torch.softmax(worth, 0) * torch.log_softmax(rated, 0)).sum()
    return listed + _PAIRWISE * pairwise


def _cross_validate(cases: Sequence[Case], folds: int = 4) -> None:
    fold = np.random.default_rng(1).permutation(len(cases)) % folds
    sums = np.zeros((2, 6))
    for held in range(folds):
        model = train([case for case, at in zip(cases, fold, strict=True) if at != held])
        for case, at in zip(cases, fold, strict=True):
            if at == held:
                sums[int(case.news)] += _score(case, model)
    for name, (n, one, three, coverage, passing, lines) in zip(
        ("items", "news"), sums, strict=True
    ):
        print(
            f"{name}, cross-validated: top one {one / n:.3f}, top three {three / n:.3f},"
            f" coverage {coverage / n:.3f}, passing {passing / lines:.3f}, lines {lines / n:.1f}"
        )


def _score(case: Case, model: Model) -> Matrix:
    found = stories(case.reports, case.today, WINDOW_DAYS, model)
    places = {one.line.snippet.article: at for at, one in enumerate(case.reports)}
    shown = [places[one.lead.snippet.article] for one in found[:5]]
    ranks = [case.story[at] for at in shown]
    several = min(5, len({one for one in case.story if one >= 0}))
    told = len({one for one in ranks if 0 <= one < 5})
    passing = sum(case.worth[at] == 0 for at in shown)
    if not several:  # nothing to open with
        return np.array([0, 0, 0, 0, passing, len(shown)], float)
    first = ranks[0]
    return np.array([1, first == 0, 0 <= first < 3, told / several, passing, len(shown)], float)


if __name__ == "__main__":
    main()
