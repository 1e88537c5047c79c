"""Facts against PLOVER's gold sentences: PATH/plover-gsr/events.json.

How a triple counts:

- The events of one sentence are its gold together. A sentence belongs to the half of its
  first event: an even index in the file, from 0, is ``dev``, an odd one ``test``.
- An actor is the ISO 3166 code of the state that it is or acts for; any other is ``ORG``,
  as are all IGO, NGO, IMG and ISM of the gold. Wrong codes are corrected (JAP is JPN).
- Labels fold: DEMAND is REQUEST, DISAPPROVE and INVESTIGATE are ACCUSE, FIGHT is ASSAULT.
- An event with several sources or targets is a triple for each pair of them. An event with
  several sources and no target is what they do to each other, one triple for each two. An
  event with neither is a triple without a target. An event without a source is left out.
- A fact is the triple of its actors' codes and its class, whatever its status. Equal triples
  of a sentence count once.
- Actors are ordered, except for the classes that both sides do (AGREE, CONSULT, COOPERATE) and
  for gold with sources and no target: there either order is right.
- Precision, recall and F1 are over all triples of a half (micro). A fact that the gold does
  not list counts as wrong, though the sentence may state it: for most sentences the gold has
  one event. So does MOVE, a class of ours that the gold lacks.

``class accuracy`` is over the triples read with the same two actors as a gold triple of the
sentence, in either order: the share with the class of one of those. Sentences have no date (the
file's is made up), so offices are those of today or of the last holder.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any, NamedTuple

from bot.match.actors import ActorIndex
from bot.models import FoundFact
from bot.read.reading import read
from tests.bench.common import Result, needed

EVENTS = Path("plover-gsr") / "events.json"

BODY = "ORG"
_BODIES = {"IGO", "NGO", "IMG", "ISM"}
_CODES = {"JAP": "JPN", "ROM": "ROU", "ITL": "ITA", "VTN": "VNM"}
_FOLDED = {
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
    "FIGHT": "ASSAULT",
}
_BOTH_SIDED = {"AGREE", "CONSULT", "COOPERATE"}


class Triple(NamedTuple):
    """Who did what kind of act to whom, as codes."""

    source: str
    event_class: str
    target: str | None


@dataclass(frozen=True)
class Sentence:
    """A gold sentence; ``unordered`` are its triples whose actors may be in either order."""

    text: str
    half: str
    gold: frozenset[Triple]
    unordered: frozenset[Triple]


def sentences(path: Path) -> list[Sentence]:
    """Return the gold sentences in the order of their first events."""
    events = json.loads(needed(path, EVENTS).read_text("utf-8"))
    grouped: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, event in enumerate(events):
        grouped.setdefault(event["text"].strip(), []).append((number, event))
    found = []
    for text, some in grouped.items():
        told = [pair for _, event in some for pair in _triples(event)]
        found.append(
            Sentence(
                text=text,
                half="test" if some[0][0] % 2 else "dev",
                gold=frozenset(triple for triple, _ in told),
                unordered=frozenset(triple for triple, loose in told if loose),
            )
        )
    return found


def read_triples(text: str, index: ActorIndex) -> frozenset[Triple]:
    """Return the triples found in a sentence; of both-sided acts one order only."""
    return frozenset(_triple(fact, index) for fact in read("", text, None, index, "bench").facts)


def right(sentence: Sentence, told: Iterable[Triple]) -> dict[Triple, Triple]:
    """Match right triples to their gold triples; each gold triple is found once."""
    free = set(sentence.gold)
    found: dict[Triple, Triple] = {}
    for triple in sorted(told, key=repr):
        turned = Triple(triple.target or "", triple.event_class, triple.source)
        if triple in free:
            found[triple] = triple
        elif turned in free & sentence.unordered:
            found[triple] = turned
        else:
            continue
        free.discard(found[triple])
    return found


def measure(path: Path, index: ActorIndex, half: str) -> Result:
    """Return precision, recall, F1 and class accuracy of one half, and F1 by gold class."""
    gold = told = hits = paired = same_class = 0
    by_class: dict[str, Counter[str]] = {}
    some = [sentence for sentence in sentences(path) if sentence.half == half]
    for sentence in some:
        found = read_triples(sentence.text, index)
        matched = right(sentence, found)
        gold, told, hits = gold + len(sentence.gold), told + len(found), hits + len(matched)
        for triple in found:
            classes = _classes_of(triple, sentence.gold)
            paired += bool(classes)
            same_class += triple.event_class in classes
        for name, triples in (("gold", sentence.gold), ("told", found), ("right", matched)):
            for triple in triples:
                by_class.setdefault(triple.event_class, Counter())[name] += 1
    return {
        "sentences": len(some),
        "gold": gold,
        "told": told,
        "right": hits,
        "precision": round(hits / max(told, 1), 4),
        "recall": round(hits / max(gold, 1), 4),
        "triple F1": round(2 * hits / max(gold + told, 1), 4),
        "both actors match": paired,
        "class accuracy": round(same_class / max(paired, 1), 4),
        "right of told / gold": {
            name: f"{some['right']} of {some['told']} / {some['gold']}"
            for name, some in sorted(by_class.items())
        },
    }


def misses(path: Path, index: ActorIndex) -> Iterator[tuple[str, str]]:
    """Yield the errors in the dev half, sentence by sentence, for debugging."""
    for sentence in sentences(path):
        if sentence.half != "dev":
            continue
        found = read_triples(sentence.text, index)
        matched = right(sentence, found)
        missed = sorted(map(_said, sentence.gold - set(matched.values())))
        wrong = sorted(map(_said, found - matched.keys()))
        if missed or wrong:
            yield sentence.text, f"\n      missed {missed}\n      wrong  {wrong}"


def _classes_of(triple: Triple, gold: Iterable[Triple]) -> set[str]:
    pair = {triple.source, triple.target}
    return {one.event_class for one in gold if {one.source, one.target} == pair}


def _triples(event: dict[str, Any]) -> Iterator[tuple[Triple, bool]]:
    """Yield the triples of an event, each with whether either order fits."""
    name = _FOLDED.get(event["event"], event["event"])
    sources, targets = _codes(event.get("source")), _codes(event.get("target"))
    if not targets and len(sources) > 1:
        for one, other in combinations(sources, 2):
            yield Triple(one, name, other), True
        return
    none: list[str | None] = [None]
    for source, target in product(sources, targets or none):
        yield Triple(source, name, target), name in _BOTH_SIDED and target is not None


def _codes(actors: object) -> list[str]:
    listed = actors if isinstance(actors, list) else []
    codes = [str(actor["code"]) for actor in listed if isinstance(actor, dict)]
    return [BODY if code in _BODIES else _CODES.get(code, code) for code in codes]


def _triple(fact: FoundFact, index: ActorIndex) -> Triple:
    source, target = fact.source_actor, fact.target_actor
    code = None if target is None else index.iso3(target) or BODY
    return Triple(index.iso3(source) or BODY, fact.event_class.value, code)


def _said(triple: Triple) -> str:
    return f"{triple.source} {triple.event_class} {triple.target or '-'}"
