"""The trained reader: who did what to whom, as spans of one sentence, with probabilities.

One network of six layers, trained from all-MiniLM-L6-v2 (Apache-2.0) by ``seeds/build_reader.py``,
reads a sentence up to three times:

1. unmarked: each token is tagged as the trigger of an act of some class (BIO tags);
2. with one trigger marked: its roles are tagged (source, target, object, claimant, place, when),
  and its class and status are chosen, and whether it is mutual;
3. with the trigger and the roles marked, preceded by class and status: whether the sentence
  really says all of that.

The third pass gives the probability that the act is read right. Most sentences state nothing, so
reading stops after the network's first two layers if their states rule out a fact, and before the
third pass if the act is too unlikely (``Exits``; ``seeds/build_reader_scores.py`` learns the
limits). Nothing here knows actors or dates.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.models import EventClass, Status
from bot.text.networks import load_network, tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLASSES = tuple(EventClass)
STATUSES = (Status.HAPPENED, Status.ONGOING, Status.PLANNED, Status.POSSIBLE, Status.DENIED)
ROLES = ("source", "target", "object", "claimant", "place", "when")
TOKENS = 160
"""Tokens of a sentence that are read; the rest is cut off."""

OUTSIDE_BIAS = 2.0
"""How much the log-odds of *no trigger* are lowered, so that doubtful triggers are read too."""


LEAST_ACT = 0.05
"""Acts less probable than this after the second pass are dropped."""

LEAST_TRIGGER = 0.4
"""If only stated acts are wanted, triggers less probable than this are dropped too."""

SHORT = 16
"""Sentences up to this many tokens are always read in full."""

_OPEN, _CLOSE = 2, 3
"""Tokens around a trigger; BERT's vocabulary leaves ids 1 to 99 unused."""

_ROLE_MARKS = {"source": (4, 5), "target": (6, 7), "object": (8, 9), "claimant": (10, 11)}
_CLASS_MARK, _STATUS_MARK = 20, 50

REMEMBERED = 4_000
"""Sentences whose acts each process caches."""

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]
Tokens = tuple[int, int]
"""First token of the sentence's span, and the one after the last."""

Network = Callable[[Ids, Ids, Ids], Sequence[Floats]]
"""Takes token ids, mask, and the position of the opening mark in each row. Returns log-odds of
triggers and of roles for each token, and of class, status, mutual and right for each row."""


DENIED = 0.55
"""The probability from which a denial is stated. The labels have too few denials to calibrate it:
on ``dev`` none of seven reaches more than half, and plain ones reach .55 to .72."""


class Encoded(NamedTuple):
    """A sentence in tokens, including special ones; ``offsets`` are code points."""

    text: str
    ids: list[int]
    offsets: list[tuple[int, int]]

    def span(self, tokens: Tokens) -> tuple[int, int]:
        """Return the code points that a span of tokens covers."""
        return self.offsets[tokens[0]][0], self.offsets[tokens[1] - 1][1]

    def words(self, tokens: Tokens) -> str:
        """Return the text that a span of tokens covers."""
        return self.text[slice(*self.span(tokens))]

    def whole_words(self, tags: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return BIO tags in which all tokens of a word follow the word's first token."""
        found = tags.copy()
        for n in range(1, len(found)):
            before, (start, end) = self.offsets[n - 1], self.offsets[n]
            inside = before[0] < before[1] == start < end
            if inside and self.text[start - 1].isalnum() and self.text[start].isalnum():
                found[n] = found[n - 1] + found[n - 1] % 2  # the inside tag of that kind
        return found


class Act(NamedTuple):
    """One act that a sentence may state; spans are in tokens of the sentence.

    ``likely`` is the product of the probabilities of trigger and act, ``weakest`` the lowest
    probability of a token of source, target or object; ``right`` is the result of the third pass.
    """

    event_class: EventClass
    status: Status
    mutual: bool
    trigger: Tokens
    roles: dict[str, list[Tokens]]
    likely: float
    weakest: float
    class_probability: float
    status_probability: float
    right: float = 0.0


class Calibration(NamedTuple):
    """Learned weights of an act's features, and thresholds for the resulting probability.

    From ``state`` on a fact is stated; from ``keep`` on it may help to rank, but is never shown.
    """

    weights: dict[str, float]
    state: float
    keep: float

    def states(self, status: Status, probability: float) -> bool:
        """Return whether an act with a status is probable enough to be stated."""
        return probability >= (DENIED if status is Status.DENIED else self.state)

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that an act is read right."""
        odds = sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-odds))


class Exits(NamedTuple):
    """When to stop reading for stated acts: weights of two logistic regressions, and the minimum
    log-odds to continue.

    ``sentence`` weighs the result of ``pooled``, with the bias last; ``act`` weighs the
    ``features_of`` an act before the third pass.
    """

    sentence: NDArray[np.float64]
    least_sentence: float
    act: dict[str, float]
    least_act: float

    def passes(self, states: Floats) -> bool:
        """Return whether a sentence may contain a fact, by the states of the first layers."""
        odds = self.sentence[:-1] @ pooled(states) + self.sentence[-1]
        return float(odds) >= self.least_sentence

    def passes_act(self, features: Mapping[str, float]) -> bool:
        """Return whether an act may be stated, by its features except ``right``."""
        odds = sum(self.act.get(name, 0.0) * value for name, value in features.items())
        return odds >= self.least_act


class Extracted(NamedTuple):
    """An act that a sentence states, with the spans of its roles in code points of the text."""

    event_class: EventClass
    status: Status
    mutual: bool
    trigger: tuple[int, int]
    roles: dict[str, list[tuple[int, int]]]
    probability: float


def extract(sentences: Sequence[str]) -> list[list[Extracted]]:
    """Read the acts of sentences, each by itself; thread-safe."""
    encoded = [encode(one) for one in sentences]
    return [
        [_extracted(one, act, calibration()) for act in acts]
        for one, acts in zip(encoded, read_acts(encoded, network()), strict=True)
    ]


def extract_stated(sentences: Sequence[str], *, article: bool = False) -> list[list[Extracted]]:
    """Read the acts that are probable enough to be stated; faster than ``extract``.

    The network makes more errors in articles than in short items, so articles have their own
    calibration.

    Unlikely sentences, triggers and acts are dropped early, and recent results are cached: reports
    of one event share sentences.
    """
    return [list(_stated(one, article)) for one in sentences]


@lru_cache(maxsize=REMEMBERED)
def _stated(sentence: str, article: bool) -> tuple[Extracted, ...]:
    encoded = encode(sentence)
    if not is_promising(encoded):
        return ()
    (acts,) = read_acts([encoded], network(), exits())
    scale = calibration(article=article)
    found = [_extracted(encoded, act, scale) for act in acts]
    return tuple(one for one in found if scale.states(one.status, one.probability))


def is_promising(sentence: Encoded) -> bool:
    """Return whether a sentence may contain a fact, by the states of the first layers.

    Short ones always pass: they cost little, and there were few in the news to learn from.
    """
    if len(sentence.ids) <= SHORT:
        return True
    ids = np.array([sentence.ids], dtype=np.int64)
    return exits().passes(network().lower(ids, np.ones_like(ids))[0])


def pooled(states: Floats) -> NDArray[np.float64]:
    """Return the mean and the maximum of a sentence's token states, concatenated."""
    found: NDArray[np.float64] = np.concatenate([states.mean(0), states.max(0)]).astype(np.float64)
    return found


def _extracted(sentence: Encoded, act: Act, scale: Calibration) -> Extracted:
    roles = {role: [sentence.span(one) for one in found] for role, found in act.roles.items()}
    return Extracted(
        act.event_class,
        act.status,
        act.mutual,
        sentence.span(act.trigger),
        roles,
        scale.probability(features_of(sentence, act)),
    )


MULTIPLE = ("source", "target", "object", "claimant")
"""Roles of which an act may have several spans."""

_ODD_LENGTH = 4
"""Characters below which a span of one token (*the*, a hyphen) hardly names an actor."""


def features_of(sentence: Encoded, act: Act) -> dict[str, float]:
    """Return the features for the probability of an act, by name.

    ``right``, ``likely``, ``weakest``, ``class`` and ``status`` are log-odds; the rest describe the
    sentence and the spans, and the class and status that were read.
    """
    spans = {role: act.roles.get(role, []) for role in ROLES}
    named = spans["source"] + spans["target"]
    first, last = act.trigger
    return {
        "right": _log_odds(act.right),
        "likely": _log_odds(act.likely),
        "weakest": _log_odds(act.weakest),
        "class": _log_odds(act.class_probability),
        "status": _log_odds(act.status_probability),
        **{role: float(bool(spans[role])) for role in MULTIPLE},
        **{f"more {role}": max(len(spans[role]) - 1.0, 0.0) for role in MULTIPLE},
        "tokens": math.log(len(sentence.ids)),
        "quotation": float(any(mark in sentence.text for mark in '"“”')),
        "odd": float(sum(_is_odd(sentence, one) for one in named)),
        "to source": math.log1p(min((abs(one[0] - first) for one in spans["source"]), default=0)),
        "to target": math.log1p(min((abs(one[0] - last) for one in spans["target"]), default=0)),
        "mutual with nobody": float(act.mutual and len(named) < 2),
        f"class {act.event_class}": 1.0,
        f"status {act.status}": 1.0,
        "bias": 1.0,
    }


def _is_odd(sentence: Encoded, span: Tokens) -> bool:
    return span[1] - span[0] == 1 and len(sentence.words(span)) < _ODD_LENGTH


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


def encode(text: str) -> Encoded:
    """Cut a sentence into tokens."""
    found = _coder().encode(text)
    return Encoded(text, found.ids, found.offsets)


def read_acts(
    encoded: Sequence[Encoded], network: Network, exits: Exits | None = None
) -> list[list[Act]]:
    """Run the three passes; return the acts of each sentence, in its order.

    With ``exits``, triggers and acts that are unlikely to be stated are dropped.
    """
    triggers = list(_triggers(encoded, network))
    if exits:
        triggers = [one for one in triggers if one[2] >= LEAST_TRIGGER]
    found = _with_roles(encoded, triggers, network)
    if exits:
        found = [
            (row, act) for row, act in found if exits.passes_act(features_of(encoded[row], act))
        ]
    return _judged(encoded, found, network)


def _triggers(encoded: Sequence[Encoded], network: Network) -> list[tuple[int, Tokens, float]]:
    """First pass: return the sentence, span and probability of each trigger."""
    rows = [(one.ids, 0) for one in encoded]
    found = []
    for row, outputs in _run(network, rows):
        count = len(encoded[row].ids)
        odds = outputs[0][:count].astype(np.float64)
        sure = softmax(odds)
        odds[:, 0] -= OUTSIDE_BIAS
        for first, last, _ in tagged(encoded[row].whole_words(odds.argmax(-1))):
            if first > 0 and last < count:
                chance = float((1 - sure[first:last, 0]).mean())
                found.append((row, (first, last), chance))
    return found


def _with_roles(
    encoded: Sequence[Encoded],
    triggers: Sequence[tuple[int, Tokens, float]],
    network: Network,
) -> list[tuple[int, Act]]:
    """Second pass: return the sentence and the act of each trigger that has one."""
    marks = [marked(encoded[row], span) for row, span, _ in triggers]
    found: list[tuple[int, Act]] = []
    inputs = [(ids, at) for ids, at, _ in marks]
    for n, (_, roles, classes, statuses, mutual, _) in _run(network, inputs):
        row, span, chance = triggers[n]
        places = marks[n][2]
        sure = softmax(classes.astype(np.float64))
        kind = int(sure[:-1].argmax())
        likely = chance * float(1 - sure[-1])
        if likely < LEAST_ACT:
            continue
        spans, weakest = _roles(encoded[row], softmax(roles[places].astype(np.float64)))
        chances = softmax(statuses.astype(np.float64))
        status = int(chances.argmax())
        act = Act(
            CLASSES[kind],
            STATUSES[status],
            bool(mutual[1] > mutual[0]),
            span,
            spans,
            likely,
            weakest,
            float(sure[kind]),
            float(chances[status]),
        )
        found.append((row, act))
    return sorted(found, key=lambda one: (one[0], one[1].trigger))


def _roles(sentence: Encoded, sure: NDArray[np.float64]) -> tuple[dict[str, list[Tokens]], float]:
    """Return the spans of each role, and the lowest probability in source, target and object.

    Adjacent spans of one role are joined: several sources have words between them.
    """
    spans: dict[str, list[Tokens]] = {}
    weakest = 1.0
    for first, last, kind in tagged(sentence.whole_words(sure.argmax(-1))):
        if first == 0 or last >= len(sure):
            continue
        role = ROLES[kind]
        found = spans.setdefault(role, [])
        touching = bool(found) and found[-1][1] == first
        found.append((found.pop()[0] if touching else first, last))
        if role in ("source", "target", "object"):
            weakest = min(weakest, float(sure[first:last].max(-1).min()))
    return spans, weakest


def _judged(
    encoded: Sequence[Encoded], acts: Sequence[tuple[int, Act]], network: Network
) -> list[list[Act]]:
    """Third pass: give each act the probability that it is read right."""
    rows = []
    for row, act in acts:
        ids, at, _ = marked_act(encoded[row], act)
        rows.append((ids, at))
    found: list[list[Act]] = [[] for _ in encoded]
    rights = {n: float(outputs[5][0]) for n, outputs in _run(network, rows)}
    for n, (row, act) in enumerate(acts):
        found[row].append(act._replace(right=1 / (1 + math.exp(-rights[n]))))
    return found


def marked(sentence: Encoded, trigger: Tokens) -> tuple[list[int], int, list[int]]:
    """Return the ids with a trigger marked, its mark's position, and each token's new position."""
    return _with_marks(sentence, [(*trigger, _OPEN, _CLOSE)], [])


def marked_act(sentence: Encoded, act: Act) -> tuple[list[int], int, list[int]]:
    """Return the ids with an act marked, its trigger mark's position, and all token positions."""
    marks = [(*act.trigger, _OPEN, _CLOSE)]
    for role, pair in _ROLE_MARKS.items():
        marks += [(*span, *pair) for span in act.roles.get(role, ())]
    kinds = [
        _CLASS_MARK + CLASSES.index(act.event_class),
        _STATUS_MARK + STATUSES.index(act.status),
    ]
    return _with_marks(sentence, marks, kinds)


def _with_marks(
    sentence: Encoded, marks: Sequence[tuple[int, int, int, int]], before: Sequence[int]
) -> tuple[list[int], int, list[int]]:
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for first, last, start, end in marks:
        opening.setdefault(first, []).append(start)
        closing.setdefault(last, []).append(end)
    ids: list[int] = []
    places = []
    at = 0
    for n, token in enumerate(sentence.ids):
        ids += closing.get(n, [])
        for mark in opening.get(n, []):
            if mark == _OPEN:
                at = len(ids)
            ids.append(mark)
        places.append(len(ids))
        ids.append(token)
        if n == 0:
            ids += before
    return ids, at, places


def tagged(tags: Sequence[int] | NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Yield the first token, the one after the last and the kind of each span of BIO tags.

    Kind k begins with the tag 1 + 2k and continues with 2 + 2k; a span may begin with either.
    """
    at = 0
    while at < len(tags):
        tag = int(tags[at])
        at += 1
        if tag == 0:
            continue
        kind, first = (tag - 1) // 2, at - 1
        while at < len(tags) and int(tags[at]) == 2 + 2 * kind:
            at += 1
        yield first, at, kind


def softmax(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log-odds along the last axis into probabilities."""
    powers = np.exp(odds - odds.max(-1, keepdims=True))
    total: NDArray[np.float64] = powers / powers.sum(-1, keepdims=True)
    return total


def _run(
    network: Network, rows: Sequence[tuple[list[int], int]]
) -> Iterator[tuple[int, list[Floats]]]:
    """Run rows one by one; yields the number of each and its outputs.

    Alone, a sentence gives the same result in any context; a batch would be a tenth faster.
    """
    for n, (tokens, at) in enumerate(rows):
        ids = np.array([tokens], dtype=np.int64)
        outputs = network(ids, np.ones_like(ids), np.array([at], dtype=np.int64))
        yield n, [one[0] for one in outputs]


@cache
def _coder() -> Tokenizer:
    coder = tokenizer()
    coder.enable_truncation(TOKENS)
    return coder


def calibration(*, article: bool = False) -> Calibration:
    """Return the weights and thresholds of ``seeds/weights/reader.json``, for items or articles."""
    return _calibrations()["article" if article else "item"]


@cache
def _calibrations() -> dict[str, Calibration]:
    stored = _reader_settings()["calibration"]
    return {kind: Calibration(**values) for kind, values in stored.items()}


@cache
def _reader_settings() -> dict[str, Any]:
    file = resources.files("seeds").joinpath("weights", "reader.json")
    settings: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return settings


@cache
def exits() -> Exits:
    """Return the weights of ``seeds/weights/reader_exits.npz`` and ``reader.json``."""
    folder = resources.files("seeds").joinpath("weights")
    act = _reader_settings()["exit"]
    with resources.as_file(folder.joinpath("reader_exits.npz")) as path, np.load(path) as arrays:
        sentence = arrays["sentence"].astype(np.float64)
        return Exits(sentence, float(arrays["least"]), act["weights"], act["least"])


OUTPUTS = ("triggers", "roles", "classes", "statuses", "mutual", "right")


class TrainedNetwork:
    """The trained network in two parts, so that reading can stop after the lower one."""

    def __init__(self) -> None:
        """Load the weights."""
        self._lower = load_network("reader_lower.onnx")
        self._upper = load_network("reader_upper.onnx")

    def lower(self, ids: Ids, mask: Ids) -> Floats:
        """Run the first two layers; returns the states of each token of each row."""
        found: Floats = self._lower.run(["states"], {"ids": ids, "mask": mask})[0]
        return found

    def __call__(self, ids: Ids, mask: Ids, at: Ids) -> Sequence[Floats]:
        """Run all layers, as described for ``Network``."""
        states = self.lower(ids, mask)
        found: Sequence[Floats] = self._upper.run(
            list(OUTPUTS), {"states": states, "mask": mask, "at": at}
        )
        return found


@cache
def network() -> TrainedNetwork:
    """Return the trained network; its weights are loaded once."""
    return TrainedNetwork()
