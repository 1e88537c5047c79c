"""Train the model of agency: ``python -m seeds.build_agency LABELLED``.

LABELLED is ``facts/labelled.jsonl.gz``. ``weights/agency_labels.jsonl`` holds spans of its
sentences that name who acted or was acted on, a mention in each, and whether the span stands for
that actor, judged by reading: ids, offsets and labels. The last of them are invented: the words
before and after a mention. One of five of the others is held out for the score that is printed;
the weights are trained on all. Needs ``scikit-learn``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.models import AliasKind
from bot.read.linking import features
from seeds.labelled_facts import read_labels

WEIGHTS = Path(__file__).parent / "weights"

_STRENGTH = 0.3
"""The inverse of the L2 penalty."""


def main() -> None:
    """Train, print scores, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_agency", description=__doc__)
    parser.add_argument("labelled", type=Path, help="labelled.jsonl.gz")
    sentences = {one["id"]: one["sentence"] for one in read_labels(parser.parse_args().labelled)}
    labels = [
        json.loads(line)
        for line in (WEIGHTS / "agency_labels.jsonl").read_text("utf-8").splitlines()
    ]
    parts = []
    for one in labels:
        kind = AliasKind(one["kind"]) if one["kind"] and one["type"] != "person" else None
        if "before" in one:
            parts.append((one["before"], one["after"], kind, one["type"]))
            continue
        text, (start, end), (first, last) = sentences[one["id"]], one["span"], one["mention"]
        parts.append((text[start:first], text[last:end], kind, one["type"]))
    numbers = features(parts)
    wanted = np.array([one["acts"] for one in labels])
    held = np.array([n % 5 == 0 and "id" in one for n, one in enumerate(labels)])
    chances = _fit(numbers[~held], wanted[~held]).predict_proba(numbers[held])[:, 1]
    right = float(((chances >= 0.5) == wanted[held]).mean())
    print(
        f"held out: {held.sum()} spans, right {right:.3f}, "
        f"AUC {roc_auc_score(wanted[held], chances):.3f}, acting {wanted[held].mean():.3f}"
    )
    weights = _fit(numbers, wanted).coef_[0]
    np.savez_compressed(WEIGHTS / "agency.npz", weights=weights.astype(np.float16))


def _fit(numbers: np.ndarray, wanted: np.ndarray) -> LogisticRegression:
    model = LogisticRegression(C=_STRENGTH, fit_intercept=False, max_iter=2000)
    return model.fit(numbers, wanted)


if __name__ == "__main__":
    main()
