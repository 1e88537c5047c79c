"""The trained reader against PATH/facts/labelled.jsonl.gz: precision and recall by threshold.

A fact counts as in the data set's ``score.py`` (``seeds/labelled_facts.py``). ``state`` are the
facts that the reader states of a sentence, ``keep`` all that it finds from that threshold on.
``stored`` are facts as stored, linked to actors; a sentence that names no actors has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from bot.match.actors import ActorIndex
from bot.match.provisional import newcomers
from bot.read.extraction import Extracted, calibration, extract, extract_stated
from bot.read.reading import read
from seeds.labelled_facts import agreement, read_labels, same_claimant, same_status
from tests.bench.common import Result, needed, wilson

LABELLED = Path("facts/labelled.jsonl.gz")


class Prediction(NamedTuple):
    """A fact by its words, as ``agreement`` takes it, and its probability."""

    fact: Mapping[str, Any]
    probability: float


def measure(path: Path, index: ActorIndex, split: str) -> Result:
    """Score one split, at both thresholds and by corpus."""
    rows = [one for one in read_labels(needed(path, LABELLED)) if one["split"] == split]
    sentences = [one["sentence"] for one in rows]
    stated = predictions(sentences, extract_stated(sentences))
    whole = predictions(sentences, extract(sentences))
    likely = [[one for one in some if one.probability >= calibration().keep] for some in whole]
    result: Result = {}
    for name, kept in (("state", stated), ("keep", likely)):
        result[name] = {
            "all": score(rows, kept),
            **{corpus: score(*_only(rows, kept, corpus)) for corpus in ("current-events", "news")},
        }
    result["by class"] = by_class(rows, stated)
    result["stored"] = score(rows, [_stored(one, index) for one in rows])
    return result


def predictions(
    sentences: Sequence[str], read: Sequence[Sequence[Extracted]]
) -> list[list[Prediction]]:
    """Return the acts that were read in sentences, by their words."""
    return [
        [
            Prediction(
                {
                    "class": str(one.event_class),
                    "status": str(one.status),
                    **{
                        role: [sentence[slice(*span)] for span in spans]
                        for role, spans in one.roles.items()
                    },
                },
                one.probability,
            )
            for one in some
        ]
        for sentence, some in zip(sentences, read, strict=True)
    ]


def _stored(row: Mapping[str, Any], index: ActorIndex) -> list[Prediction]:
    """Read facts about actors from a sentence, each by its known name and its words."""
    published = datetime.combine(date.fromisoformat(row["date"][:10]), time(12), UTC)
    sentence = row["sentence"]
    reading = read("", sentence, published, index, "bench")
    names: dict[str, list[str]] = {}
    for one, new in zip(newcomers(reading.introduced), reading.introduced, strict=True):
        names[one.id] = [new.name]
    for mention in reading.mentions:
        words = sentence[mention.start : mention.end]
        names.setdefault(mention.actor, [index.name(mention.actor)]).append(words)

    def named(actor: str | None, words: str | None = None) -> list[str]:
        known = names.get(actor, [index.name(actor)]) if actor else []
        return [*known, *filter(None, [words])]

    return [
        Prediction(
            {
                "class": str(one.event_class),
                "status": str(one.status),
                "source": named(one.source_actor, one.source_words),
                "target": named(one.target_actor, one.target_words),
                "claimant": named(one.claimant, one.claimant_words),
            },
            one.probability or 1.0,
        )
        for one in reading.facts
    ]


def _only(
    rows: Sequence[Mapping[str, Any]], found: Sequence[Sequence[Prediction]], corpus: str
) -> tuple[list[Mapping[str, Any]], list[Sequence[Prediction]]]:
    kept = [n for n, one in enumerate(rows) if one["corpus"] == corpus]
    return [rows[n] for n in kept], [found[n] for n in kept]


def score(
    rows: Sequence[Mapping[str, Any]], found: Sequence[Sequence[Prediction]]
) -> dict[str, float | int | list[float]]:
    """Return precision with its interval (Wilson, 95 %), recall, and accuracy of what is right."""
    count: Counter[str] = Counter()
    for row, some in zip(rows, found, strict=True):
        count.update(_compared(row["facts"], some))
    right, said, labelled = count["right"], count["said"], count["labelled"]
    return {
        "labelled": labelled,
        "said": said,
        "right": right,
        "precision": _ratio(right, said),
        "interval": [round(end, 3) for end in wilson(right, said)],
        "recall": _ratio(right, labelled),
        "complete": _ratio(count["complete"], labelled),
        "status": _ratio(count["status"], right),
        "claimant": _ratio(count["claimant"], right),
    }


def by_class(
    rows: Sequence[Mapping[str, Any]], found: Sequence[Sequence[Prediction]]
) -> dict[str, list[float | int]]:
    """Return the counts labelled and found, and precision and recall, of each class."""
    count: Counter[str] = Counter()
    for row, some in zip(rows, found, strict=True):
        count.update(_compared(row["facts"], some))
    classes = sorted({fact["class"] for row in rows for fact in row["facts"]})
    return {
        one: [
            count[f"labelled {one}"],
            count[f"said {one}"],
            _ratio(count[f"right {one}"], count[f"said {one}"]),
            _ratio(count[f"found {one}"], count[f"labelled {one}"]),
        ]
        for one in classes
    }


def _compared(labels: Iterable[Mapping[str, Any]], found: Sequence[Prediction]) -> Counter[str]:
    """Count the found and right facts of one sentence; repeats of a fact do not count."""
    left, used = list(labels), list[Mapping[str, Any]]()
    count: Counter[str] = Counter(labelled=len(left))
    count.update(f"labelled {fact['class']}" for fact in left)
    for guess in sorted(found, key=lambda one: -one.probability):
        agreed = [
            (fact, whole) for fact in left if (whole := agreement(guess.fact, fact)) is not None
        ]
        if not agreed and any(agreement(guess.fact, fact) is not None for fact in used):
            continue
        count.update(("said", f"said {guess.fact['class']}"))
        if not agreed:
            continue
        fact, whole = max(agreed, key=lambda one: one[1])
        left.remove(fact)
        used.append(fact)
        count.update(("right", f"right {guess.fact['class']}", f"found {fact['class']}"))
        count["complete"] += whole
        count["status"] += same_status(guess.fact["status"], fact["status"])
        count["claimant"] += same_claimant(guess.fact, fact)
    return count


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0
