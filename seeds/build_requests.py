"""Train the model that distinguishes questions from other messages to a bot.

Run as ``python -m seeds.build_requests [QUESTIONS.jsonl ...]``. ``weights/request_labels.jsonl``
holds utterances in our own words with their intent: the part ``train`` is for training, ``held
out`` for scoring. For the questions in other files (``question`` or ``query`` of each line) it
counts how many would be taken for something else, though none of them names an actor for it. Writes
``weights/requests.npz``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.answer.intents import (
    INTENTS,
    NEWS_ABOVE,
    NONE_IF_NOTHING_FOUND,
    REMARK_ABOVE,
    SURELY_NONE,
    features,
    probabilities,
    without_emoji,
)
from bot.text.networks import encode
from seeds.build_kinds import fit

HERE = Path(__file__).parent / "weights"
LABELS = HERE / "request_labels.jsonl"
WEIGHTS = HERE / "requests.npz"

_PENALTY = 0.3
"""Strength of the L2 penalty."""


def main() -> None:
    """Train, write the weights, and print scores on the held-out part."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_requests", description=__doc__)
    parser.add_argument("questions", type=Path, nargs="*", help="files of real questions")
    rows = _read(LABELS)
    trains = [row for row in rows if row["part"] == "train"]
    wanted = np.array([INTENTS.index(row["intent"]) for row in trains])
    vectors = encode([without_emoji(row["text"]) for row in trains])
    weights = fit(features(vectors), wanted, len(INTENTS), _PENALTY)
    np.savez_compressed(WEIGHTS, weights=weights.astype(np.float16))
    held = [row for row in rows if row["part"] != "train"]
    for intent in INTENTS:
        texts = [row["text"] for row in held if row["intent"] == intent]
        print(f"held out, {intent}: {_scores(texts, weights)}")
    for file in parser.parse_args().questions:
        texts = [str(row.get("question") or row["query"]) for row in _read(file)]
        print(f"{file}: {_scores(texts, weights)}")


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _scores(texts: Sequence[str], weights: np.ndarray) -> str:
    found = probabilities(encode([without_emoji(text) for text in texts]), weights)
    surely, perhaps = (
        int((found[:, :2].sum(1) < below).sum()) for below in (SURELY_NONE, NONE_IF_NOTHING_FOUND)
    )
    silent = int((found[:, INTENTS.index("remark")] >= REMARK_ABOVE).sum())
    news = int((found[:, INTENTS.index("news")] >= NEWS_ABOVE).sum())
    return (
        f"{len(texts)}: no question {surely}, {perhaps} if nothing is found; in silence {silent};"
        f" news in general {news}"
    )


if __name__ == "__main__":
    main()
