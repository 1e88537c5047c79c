"""Train the kinds of text: ``python -m seeds.build_kinds PATH``.

PATH holds ``news/articles_dev.jsonl.gz``. ``weights/kind_labels.jsonl`` names articles of it, and
sentences by their offsets, with their kinds, as labelled by three readers. A few dozen opinions,
which are rare, are labelled by their publisher's section. Writes ``weights/kinds.npz``; prints
scores by five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.read.text_kinds import (
    ARTICLES,
    SENTENCES,
    Kinds,
    Numbers,
    address_words,
    article_features,
    hardness,
    sentence_features,
)
from bot.search.vectors import CHARACTERS
from bot.text.networks import encode

WEIGHTS = Path(__file__).parent / "weights"
LABELS = WEIGHTS / "kind_labels.jsonl"

_FEWEST = 4
"""The fewest articles with a word in their address for the word to get a weight."""

_PENALTY = {"article": 3.0, "sentence": 1.0}
_FOLDS = 5


def main() -> None:
    """Cross-validate, train on all, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_kinds", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    rows = _labelled(parser.parse_args().path)
    fold = np.random.default_rng(0).permutation(len(rows)) % _FOLDS
    hits: Counter[str] = Counter()
    for held in range(_FOLDS):
        kinds = train([row for row, at in zip(rows, fold, strict=True) if at != held])
        for row, at in zip(rows, fold, strict=True):
            if at == held:
                hits += _score(kinds, row)
    for name in ("article", "hard", "sentence", "event"):
        print(f"{name}: {hits[name] / hits[f'{name} of']:.3f} right of {hits[f'{name} of']}")
    final = train(rows)
    np.savez_compressed(
        WEIGHTS / "kinds.npz",
        words=np.array(final.words),
        article=final.article.astype(np.float16),
        sentence=final.sentence.astype(np.float16),
    )


def _labelled(path: Path) -> list[dict[str, Any]]:
    labels = {row["id"]: row for row in map(json.loads, LABELS.open(encoding="utf-8"))}
    rows = []
    with gzip.open(path / "news" / "articles_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            if label := labels.get(article["id"]):
                text = article["text"]
                label["texts"] = [text[start:end] for start, end in label["spans"]]
                label["words"] = f"{article['title']}\n{text}"[:CHARACTERS].strip()
                rows.append(label | {"title": article["title"], "url": article["url"]})
    for row, vector in zip(rows, encode([row["words"] for row in rows]), strict=True):
        row["vector"] = vector
    return rows


def _score(kinds: Kinds, row: dict[str, Any]) -> Counter[str]:
    article = kinds.of_article(row["vector"], row["title"], row["url"])
    hard = row["kind"] in ("news", "analysis")
    hits = Counter({"article of": 1, "hard of": 1})
    hits["article"] += ARTICLES[article.argmax()] == row["kind"]
    hits["hard"] += (hardness(article) > 0.5) == hard
    for text, kind, (start, _) in zip(row["texts"], row["s"], row["spans"], strict=True):
        found = kinds.of_sentence(text, first=start == row["spans"][0][0], article=article)
        hits += Counter({"sentence of": 1, "event of": 1})
        hits["sentence"] += SENTENCES[found.argmax()] == kind
        hits["event"] += (found[0] > 0.5) == (kind == "event")
    return hits


def train(rows: Sequence[dict[str, Any]]) -> Kinds:
    """Fit both models; each article once with its address and title, and once without."""
    counts = Counter(word for row in rows for word in set(address_words(row["url"])))
    words = tuple(sorted(word for word, often in counts.items() if often >= _FEWEST))
    table = [article_features(row["vector"], row["title"], row["url"], words) for row in rows]
    table += [article_features(row["vector"], "", None, words) for row in rows]
    wanted = [ARTICLES.index(row["kind"]) for row in rows] * 2
    article = fit(np.array(table), np.array(wanted), len(ARTICLES), _PENALTY["article"])
    kinds = Kinds(words, article, np.zeros((0, 0)))
    table, wanted = [], []
    for row in rows:
        own = kinds.of_article(row["vector"], row["title"], row["url"])
        for text, kind, (start, _) in zip(row["texts"], row["s"], row["spans"], strict=True):
            first = start == row["spans"][0][0]
            table.append(sentence_features(text, first=first, article=own))
            wanted.append(SENTENCES.index(kind))
    sentence = fit(np.array(table), np.array(wanted), len(SENTENCES), _PENALTY["sentence"])
    return Kinds(words, article, sentence)


def fit(table: Numbers, wanted: np.ndarray, kinds: int, penalty: float) -> Numbers:
    """Fit a multinomial logistic regression with an L2 penalty, by Adam."""
    weights = np.zeros((table.shape[1], kinds))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    target = np.eye(kinds)[wanted]
    for step in range(1, 401):
        odds = table @ weights
        powers = np.exp(odds - odds.max(axis=1, keepdims=True))
        chance = powers / powers.sum(axis=1, keepdims=True)
        slope = (table.T @ (chance - target) + penalty * weights) / len(table)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        ahead = mean / (1 - 0.9**step), square / (1 - 0.999**step)
        weights -= 0.05 * ahead[0] / (np.sqrt(ahead[1]) + 1e-8)
    return weights


if __name__ == "__main__":
    main()
