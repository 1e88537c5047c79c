"""Learn what the trained reader's numbers mean: ``python -m seeds.build_reader_scores DATA``.

DATA is the folder of the data sets. After ``build_reader``:

   1. The probability that an act is read right is learned (logistic regression) from the acts that
   the network reads in the ``dev`` sentences of ``facts/labelled.jsonl.gz``, right or wrong by the
   labels: for short items from those alone, for articles also from acts read in news that two
   people judged (``weights/judged_acts.jsonl``: ids, offsets and verdicts). Thresholds are chosen
   by cross-validation; ``test`` is not read. 2. Where reading stops is learned from what the
   network states in unlabelled sentences of ``news/articles_dev.jsonl.gz`` and
   ``current-events/items.jsonl.gz``.

Writes ``weights/reader.json`` and ``weights/reader_exits.npz``. Needs ``scikit-learn``, which
Dragoman itself does not. Takes about ten minutes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.read.extraction import (
    Act,
    Calibration,
    Encoded,
    encode,
    features_of,
    network,
    pooled,
    read_acts,
)
from bot.text.sentences import sentences
from seeds.labelled_facts import agreement, read_labels, words_of

WEIGHTS = Path(__file__).parent / "weights"

STATE, STATE_NEWS, KEEP = 0.86, 0.79, 0.66
"""The least precision of stated facts in items of ``dev``, in judged news, and of kept facts."""

OF_ITEMS = frozenset("right likely weakest class status source target object bias".split())
"""The features for the probability of an item's act; on ``dev`` the others add nothing."""

STRENGTH = 0.05
"""Inverse strength of the penalty on weights, of features scaled to unit variance."""

FOLDS, ROUNDS = 8, 4

ARTICLES, ITEMS = 170, 3000
"""The articles and items whose unlabelled sentences teach where to stop."""

LONGEST = 700
"""The most characters of a sentence; longer ones are lists."""

KEEP_SENTENCES, KEEP_ACTS = 0.98, 0.99
"""The shares of facts to be stated that the two exits let pass."""

_NAME = re.compile(r"\s[A-Z]\w")

Features = Mapping[str, float]
Row = tuple[int, Features, bool]
"""A group that stays together in cross-validation, the features of an act, and if it is right."""


class Fitted(NamedTuple):
    """A logistic regression over named features."""

    weights: dict[str, float]

    def odds(self, features: Features) -> float:
        """Return the log-odds for these features."""
        return sum(self.weights.get(name, 0.0) * value for name, value in features.items())


def fit(rows: Sequence[Features], right: Sequence[bool], strength: float = STRENGTH) -> Fitted:
    """Learn weights; features are scaled during learning, and the weights are scaled back.

    Features that are 0 or 1 are not scaled, so that the penalty restrains those with few acts: rare
    classes, for example.
    """
    names = sorted({name for row in rows for name in row} - {"bias"})
    values = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    mean, spread = values.mean(0), np.maximum(values.std(0), 1e-6)
    spread[((values == 0) | (values == 1)).all(0)] = 1.0
    model = LogisticRegression(C=strength, max_iter=3000).fit((values - mean) / spread, right)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ mean)
    return Fitted({**dict(zip(names, weights.tolist(), strict=True)), "bias": bias})


def held_out(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Return the probability of each act by models that were fitted without its sentence."""
    groups = np.unique([row[0] for row in rows], return_inverse=True)[1]
    found = np.zeros(len(rows))
    for seed in range(ROUNDS):
        mixed = np.random.default_rng(seed).permutation(groups.max() + 1)[groups]
        for known, new in GroupKFold(FOLDS).split(found, groups=mixed):
            model = fit([rows[at][1] for at in known], [rows[at][2] for at in known])
            odds = np.array([model.odds(rows[at][1]) for at in new])
            found[new] += 1 / (1 + np.exp(-odds)) / ROUNDS
    return found


def dev_rows(data: Path) -> list[Row]:
    """Return the acts read in labelled sentences of ``dev``; groups of news are odd numbers."""
    labelled = read_labels(data / "facts" / "labelled.jsonl.gz")
    found: list[Row] = []
    for n, row in enumerate(one for one in labelled if one["split"] == "dev"):
        group = 2 * n + (row["corpus"] == "news")
        sentence = encode(row["sentence"])
        for act in read_acts([sentence], network())[0]:
            words = words_of(sentence, act)
            right = any(agreement(words, fact) is not None for fact in row["facts"])
            found.append((group, features_of(sentence, act), right))
    return found


def judged_rows(data: Path) -> list[Row]:
    """Return the judged acts of news, as far as the network still reads them the same way."""
    texts = {one["id"]: one["text"] for one in read_labels(data / "news" / "articles_dev.jsonl.gz")}
    found: list[Row] = []
    groups: dict[tuple[str, int], int] = {}
    for line in (WEIGHTS / "judged_acts.jsonl").read_text("utf-8").splitlines():
        judged = json.loads(line)
        start, end = judged["sentence"]
        group = -1 - groups.setdefault((judged["article"], start), len(groups))
        sentence = encode(texts[judged["article"]][start:end])
        found += [
            (group, features_of(sentence, act), judged["right"])
            for act in read_acts([sentence], network())[0]
            if described(sentence, act) == judged["act"]
        ]
    return found


def feedback_rows(file: Path) -> list[Row]:
    """Return the acts that readers marked wrong (``dragoman feedback export``), as far as the
    network still reads them: the same class and status, and a word of the trigger."""
    found: list[Row] = []
    groups: dict[str, int] = {}
    for label in map(json.loads, file.read_text("utf-8").splitlines()):
        sentence = encode(label["sentence"])
        group = -1_000_000 - groups.setdefault(label["sentence"], len(groups))
        for act in read_acts([sentence], network())[0]:
            words = words_of(sentence, act)
            same = set(words["trigger"].split()) & set(label["trigger"].split())
            if same and all(words[name] == label[name] for name in ("class", "status")):
                found.append((group, features_of(sentence, act), label["right"]))
    return found


def described(sentence: Encoded, act: Act) -> dict[str, Any]:
    """Return an act by its class, its status and the code points of its spans."""
    return {
        "class": str(act.event_class),
        "status": str(act.status),
        "mutual": act.mutual,
        "trigger": list(sentence.span(act.trigger)),
        "roles": {
            role: [list(sentence.span(one)) for one in spans]
            for role, spans in sorted(act.roles.items())
        },
    }


def calibrated(rows: Sequence[Row], judged: Sequence[bool], state: float) -> Calibration:
    """Learn the probability of acts, and choose thresholds by held-out probabilities.

    ``state`` is the required precision of stated acts among those that are ``judged``.
    """
    chances = held_out(rows)
    right, counted = np.array([row[2] for row in rows]), np.array(judged)
    threshold = least(chances[counted], right[counted], state)
    keep = least(chances[counted], right[counted], KEEP)
    stated = counted & (chances >= threshold)
    print(f"{stated.sum()} stated, {right[stated].mean():.3f} right", flush=True)
    weights = fit([row[1] for row in rows], [row[2] for row in rows]).weights
    rounded = {name: round(value, 3) for name, value in weights.items()}
    return Calibration(rounded, round(threshold, 3), round(keep, 3))


def least(chances: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """Return the least probability above which ``precision`` of the acts are right."""
    order = np.argsort(-chances)
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    return float(chances[order][np.flatnonzero(reached >= precision)[-1]])


class Read(NamedTuple):
    """A sentence: pooled states of the first layers, features of its acts and which are stated."""

    pooled: NDArray[np.float64]
    acts: list[Features]
    stated: list[bool]


def unlabelled(data: Path) -> list[str]:
    """Draw sentences with a name in them."""
    chance = random.Random(5)  # noqa: S311 - to repeat it
    articles = read_labels(data / "news" / "articles_dev.jsonl.gz")
    items = read_labels(data / "current-events" / "items.jsonl.gz")
    texts = [one["text"] for one in chance.sample(articles, ARTICLES)]
    texts += [one["text"] for one in chance.sample(items, ITEMS)]
    found = [text[start:end] for text in texts for start, end in sentences(text)]
    return [one for one in found if _NAME.search(one) and len(one) < LONGEST]


def read_whole(text: str, scale: Calibration) -> Read:
    """Read a sentence without stopping early."""
    sentence = encode(text)
    ids = np.array([sentence.ids], dtype=np.int64)
    states = network().lower(ids, np.ones_like(ids))[0]
    acts = [(act, features_of(sentence, act)) for act in read_acts([sentence], network())[0]]
    return Read(
        pooled(states),
        [{name: value for name, value in some.items() if name != "right"} for _, some in acts],
        [scale.states(act.status, scale.probability(some)) for act, some in acts],
    )


def sentence_exit(read: Sequence[Read]) -> tuple[NDArray[np.float64], float]:
    """Learn which sentences state something; return weights, the bias last, and the threshold."""
    values = np.array([one.pooled for one in read])
    stated = np.array([any(one.stated) for one in read])
    mean, spread = values.mean(0), np.maximum(values.std(0), 1e-6)
    scaled = (values - mean) / spread
    odds = np.zeros(len(read))
    for known, new in GroupKFold(2).split(scaled, groups=np.arange(len(read))):
        half = LogisticRegression(C=0.001, max_iter=500).fit(scaled[known], stated[known])
        odds[new] = half.decision_function(scaled[new])
    threshold = float(np.quantile(odds[stated], 1 - KEEP_SENTENCES))
    print(f"sentences read on: {(odds >= threshold).mean():.2f}", flush=True)
    model = LogisticRegression(C=0.001, max_iter=500).fit(scaled, stated)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ mean)
    return np.append(weights, bias), threshold


def act_exit(read: Sequence[Read]) -> dict[str, Any]:
    """Learn which acts are stated in the end, from what is known before the third pass."""
    acts = [features for one in read for features in one.acts]
    stated = np.array([one for row in read for one in row.stated])
    model = fit(acts, stated.tolist(), strength=0.1)
    odds = np.array([model.odds(one) for one in acts])
    threshold = float(np.quantile(odds[stated], 1 - KEEP_ACTS))
    print(f"acts read on: {(odds >= threshold).mean():.2f}", flush=True)
    weights = {name: round(value, 3) for name, value in model.weights.items()}
    return {"weights": weights, "least": round(threshold, 3)}


def main() -> None:
    """Learn, and write the weights."""
    parser = argparse.ArgumentParser(
        prog="python -m seeds.build_reader_scores", description=__doc__
    )
    parser.add_argument("data", type=Path, help="the folder of the data sets")
    parser.add_argument("--feedback", type=Path, help="what dragoman feedback export printed")
    given = parser.parse_args()
    data = given.data
    labelled, judged = dev_rows(data), judged_rows(data)
    marked = feedback_rows(given.feedback) if given.feedback else []
    items = [
        (group, {name: value for name, value in features.items() if name in OF_ITEMS}, right)
        for group, features, right in labelled
        if group % 2 == 0
    ]
    every = labelled + judged + marked
    # Readers mark only wrong facts, so precision cannot be measured on them.
    in_news = [False] * len(labelled) + [True] * len(judged) + [False] * len(marked)
    scales = {
        "item": calibrated(items, [True] * len(items), STATE),
        "article": calibrated(every, in_news, STATE_NEWS),
    }
    # Use the lower threshold, so that the exits pass whatever either would state.
    read = [read_whole(text, scales["article"]) for text in unlabelled(data)]
    weights, threshold = sentence_exit(read)
    known = {kind: scale._asdict() for kind, scale in scales.items()}
    learned = {"calibration": known, "exit": act_exit(read)}
    (WEIGHTS / "reader.json").write_text(json.dumps(learned, indent=1) + "\n", encoding="utf-8")
    np.savez_compressed(
        WEIGHTS / "reader_exits.npz",
        sentence=weights.astype(np.float32),
        least=np.float32(threshold),
    )


if __name__ == "__main__":
    main()
