"""Train the reader of facts: ``python -m seeds.build_reader LABELLED MODEL NEWS --work FOLDER``.

LABELLED is ``facts/labelled.jsonl.gz``, MODEL is all-MiniLM-L6-v2 as published (see
``build_encoder``). FOLDER keeps the finished steps of a run, so that a stopped run can go on.
NEWS is ``news/articles_dev.jsonl.gz``, over which our own labels were made
(``weights/fact_labels.jsonl``: ids, offsets and labels). ``weights/invented_facts.jsonl`` are plain
sentences that were written for training, with all that they state.

1. Two networks, each trained on half of the sentences, read the other half. Their results, right or
   wrong by the labels, teach the third pass (see ``bot/read/extraction.py``).
2. One network is trained on all three passes over all sentences, from the first of the two, then
   once more at half the rate, and finally at a quarter of it on our own labels with a sample of the
   others, since most of those are of one-sentence items.

Writes ``weights/reader_lower.onnx`` and ``weights/reader_upper.onnx``, matrices in eight bits.
``build_reader_scores`` comes next: the probability of acts, and where reading stops. Needs the
packages ``torch``, ``onnx`` and ``safetensors``, which Dragoman itself does not.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from bot.read.extraction import (
    CLASSES,
    OUTPUTS,
    ROLES,
    STATUSES,
    Act,
    Encoded,
    Network,
    Tokens,
    encode,
    marked,
    marked_act,
    read_acts,
)
from seeds.build_bert import Bert, export, optimize, split
from seeds.labelled_facts import agreement, our_labels, read_labels, same_status, words_of

WEIGHTS = Path(__file__).parent / "weights"

HALF_EPOCHS, EPOCHS = 4, 2
BATCH = 24
RATE, HEADS_RATE = 1e-4, 8e-4
FROZEN = 1
"""The number of first layers that stay as published, with the embeddings of positions."""

SAMPLE = 2500

LOWER = "/layers.1/last/LayerNormalization_output_0"
"""The export's name for the states after two layers, where the network is cut in two."""

WEAK = 0.5
"""The weight of tokens that are not triggers."""

_IGNORE = -100


class Row(NamedTuple):
    """One input with its labels; labels that a pass does not have are None."""

    ids: list[int]
    at: int = 0
    triggers: list[int] | None = None
    roles: list[int] | None = None
    classes: tuple[int, ...] = ()
    status: int | None = None
    mutual: bool = False
    right: float | None = None


class ReaderNetwork(Bert):
    """MiniLM with the heads of all three passes."""

    def __init__(self, folder: Path, dropout: float = 0.1) -> None:
        """Start from the published weights."""
        super().__init__(folder, dropout)
        self.triggers = nn.Linear(self.size, 1 + 2 * len(CLASSES))
        self.roles = nn.Linear(self.size, 1 + 2 * len(ROLES))
        self.classes, self.statuses, self.mutual, self.right = (
            nn.Sequential(nn.Linear(2 * self.size, 128), nn.GELU(), nn.Linear(128, count))
            for count in (len(CLASSES) + 1, len(STATUSES), 2, 1)
        )

    def forward(self, ids: Any, mask: Any, at: Any) -> tuple[Any, ...]:
        """Return the log-odds of ``extraction.OUTPUTS``."""
        found = self.states(ids, mask, torch.zeros_like(ids))
        place = at[:, None, None].expand(-1, 1, found.shape[2])
        act = torch.cat([found[:, 0], found.gather(1, place)[:, 0]], -1)
        heads = (self.classes, self.statuses, self.mutual, self.right)
        return self.triggers(found), self.roles(found), *(head(act) for head in heads)


# --- examples -------------------------------------------------------------------------------


class Gold(NamedTuple):
    """A labelled fact, with the tokens of its trigger and roles."""

    act: Act
    classes: tuple[int, ...]


def gold_of(sentence: Encoded, facts: Sequence[Mapping[str, Any]]) -> list[Gold]:
    """Find labelled facts in their sentence; facts with one trigger are merged, with all roles."""
    found: dict[Tokens, Gold] = {}
    for fact in facts:
        place = _find(sentence.text, fact.get("trigger") or "", None)
        trigger = place and _tokens(sentence, place)
        if not trigger or not place:
            continue
        roles = {role: _role(sentence, fact.get(role), place[0]) for role in ROLES}
        kinds = tuple(
            CLASSES.index(one)
            for one in dict.fromkeys((fact["class"], *fact.get("also", ())))
            if one in CLASSES
        )
        if trigger in found:
            _add(found[trigger].act.roles, roles)
            continue
        status = STATUSES[[str(one) for one in STATUSES].index(fact["status"])]
        mutual = bool(fact.get("mutual"))
        act = Act(CLASSES[kinds[0]], status, mutual, trigger, roles, 1.0, 1.0, 1.0, 1.0)
        found[trigger] = Gold(act, kinds)
    return list(found.values())


def _role(sentence: Encoded, labelled: str | Sequence[str] | None, near: int) -> list[Tokens]:
    spans = []
    for words in [labelled] if isinstance(labelled, str) else labelled or ():
        place = _find(sentence.text, words, near)
        tokens = place and _tokens(sentence, place)
        if tokens:
            spans.append(tokens)
    return spans


def _add(roles: dict[str, list[Tokens]], more: Mapping[str, Sequence[Tokens]]) -> None:
    for role, spans in more.items():
        if role in ("source", "target"):
            roles[role] += [span for span in spans if span not in roles[role]]


def _find(text: str, words: str, near: int | None) -> tuple[int, int] | None:
    """Return where words are in a text: whole ones, nearest to a place, or else the first."""
    best: tuple[int, int] | None = None
    at = text.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        whole = not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum()
        cost = (abs(at - near) if near is not None else at) + (0 if whole else 1000)
        if best is None or cost < best[0]:
            best = cost, at
        at = text.find(words, at + 1)
    return (best[1], best[1] + len(words)) if best else None


def _tokens(sentence: Encoded, place: tuple[int, int]) -> Tokens | None:
    inside = [
        n
        for n, (start, end) in enumerate(sentence.offsets)
        if end > start and start < place[1] and end > place[0]
    ]
    return (inside[0], inside[-1] + 1) if inside else None


def _tags(length: int, spans: Sequence[tuple[Tokens, int]]) -> list[int]:
    tags = [0] * length
    for (first, last), kind in spans:
        if not any(tags[first:last]):
            tags[first:last] = [2 + 2 * kind] * (last - first)
            tags[first] = 1 + 2 * kind
    return tags


def rows_of(sentence: Encoded, gold: Sequence[Gold], chance: random.Random) -> list[Row]:
    """Return the first two passes' targets for a sentence, and for a false trigger."""
    triggers = [(one.act.trigger, one.classes[0]) for one in gold]
    rows = [Row(sentence.ids, triggers=_tags(len(sentence.ids), triggers))]
    for one in gold:
        ids, at, places = marked(sentence, one.act.trigger)
        spans = [(span, n) for n, role in enumerate(ROLES) for span in one.act.roles[role]]
        tags = [_IGNORE] * len(ids)
        for place, tag in zip(places, _tags(len(sentence.ids), spans), strict=True):
            tags[place] = tag
        status = STATUSES.index(one.act.status)
        rows.append(Row(ids, at, None, tags, one.classes, status, one.act.mutual))
    if (count := len(sentence.ids) - 2) > 1 and chance.random() < 0.4:
        place = chance.randrange(1, count + 1)
        if not rows[0].triggers[place]:  # type: ignore[index]  # it has been set
            ids, at, _ = marked(sentence, (place, place + 1))
            rows.append(Row(ids, at, classes=(len(CLASSES),)))
    return rows


def judged_rows(
    sentence: Encoded, acts: Sequence[Act], gold: Sequence[Gold], facts: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """Return acts that were read, with whether they are right, and false triggers for the second
    pass."""
    rows = []
    places = {token for one in gold for token in range(*one.act.trigger)}
    for act in acts:
        found = words_of(sentence, act)
        agreed = [
            same_status(found["status"], fact["status"])
            for fact in facts
            if agreement(found, fact) is not None
        ]
        ids, at, _ = marked_act(sentence, act)
        rows.append(Row(ids, at, right=float(any(agreed))))
        if not agreed and not places.intersection(range(*act.trigger)):
            ids, at, _ = marked(sentence, act.trigger)
            rows.append(Row(ids, at, classes=(len(CLASSES),)))
    for one in gold[:1]:
        ids, at, _ = marked_act(sentence, one.act)
        rows.append(Row(ids, at, right=1.0))
    return rows


# --- training -------------------------------------------------------------------------------


def loss_of(model: ReaderNetwork, rows: Sequence[Row]) -> Any:
    """Return the loss of some rows, each by its pass's targets."""
    length = max(len(one.ids) for one in rows)
    ids, mask = (torch.zeros(len(rows), length, dtype=torch.long) for _ in range(2))
    triggers, roles = (torch.full((len(rows), length), _IGNORE) for _ in range(2))
    for n, row in enumerate(rows):
        ids[n, : len(row.ids)] = torch.tensor(row.ids)
        mask[n, : len(row.ids)] = 1
        if row.triggers is not None:
            triggers[n, : len(row.ids)] = torch.tensor(row.triggers)
        if row.roles is not None:
            roles[n, : len(row.ids)] = torch.tensor(row.roles)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = model(ids, mask, torch.tensor([one.at for one in rows]))
    found = [one.float() for one in outputs]
    weights = torch.ones(1 + 2 * len(CLASSES))
    weights[0] = WEAK
    loss = torch.zeros(())
    if any(one.triggers is not None for one in rows):
        loss = loss + functional.cross_entropy(
            found[0].flatten(0, 1), triggers.flatten(), weight=weights, ignore_index=_IGNORE
        )
    if any(one.roles is not None for one in rows):
        loss = loss + 1.5 * functional.cross_entropy(
            found[1].flatten(0, 1), roles.flatten(), ignore_index=_IGNORE
        )
    return loss + _act_loss(found[2:], rows)


def _act_loss(found: Sequence[Any], rows: Sequence[Row]) -> Any:
    classes, statuses, mutual, right = found
    loss = torch.zeros(())
    kinds = [n for n, one in enumerate(rows) if one.classes]
    if kinds:
        odds = functional.log_softmax(classes[kinds], -1)
        each = [
            torch.logsumexp(row[list(rows[n].classes)], 0)
            for n, row in zip(kinds, odds, strict=True)
        ]
        loss = loss - 0.5 * torch.stack(each).mean()
    acts = [n for n, one in enumerate(rows) if one.status is not None]
    if acts:
        wanted = torch.tensor([rows[n].status for n in acts])
        both = torch.tensor([int(rows[n].mutual) for n in acts])
        loss = loss + 0.5 * functional.cross_entropy(statuses[acts], wanted)
        loss = loss + 0.2 * functional.cross_entropy(mutual[acts], both)
    known = [n for n, one in enumerate(rows) if one.right is not None]
    if known:
        goal = torch.tensor([rows[n].right for n in known])
        loss = loss + functional.binary_cross_entropy_with_logits(right[known, 0], goal)
    return loss


def train(model: ReaderNetwork, rows: Sequence[Row], epochs: int, rate: float = RATE) -> None:
    """Train a network, and print its progress."""
    chance = random.Random(1)  # noqa: S311 - any draw will do
    torch.manual_seed(1)
    for frozen in (model.places, model.segments, *model.layers[:FROZEN]):
        frozen.requires_grad_(False)
    heads = [
        one
        for part in (
            model.triggers,
            model.roles,
            model.classes,
            model.statuses,
            model.mutual,
            model.right,
        )
        for one in part.parameters()
    ]
    batches: list[list[Row]] = []
    for _ in range(epochs):
        order = sorted(rows, key=lambda one: len(one.ids) + 8 * chance.random())
        epoch = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        chance.shuffle(epoch)
        batches += epoch
    rates = (rate, rate * HEADS_RATE / RATE)
    optimize(model, heads, batches, lambda batch: loss_of(model, batch), rates, warm=0.1)


def run(model: ReaderNetwork) -> Network:
    """Return the network as ``extraction`` calls it."""

    def called(ids: Any, mask: Any, at: Any) -> Sequence[Any]:
        with torch.no_grad():
            return [one.numpy() for one in model(*map(torch.from_numpy, (ids, mask, at)))]

    return called


def half(labels: Sequence[Any], folder: Path, work: Path, side: int) -> None:
    """Train on one half of the sentences; keep the network and what it reads in the other."""
    mine = [one for n, one in enumerate(labels) if n % 2 == side]
    others = [one for n, one in enumerate(labels) if n % 2 != side]
    chance = random.Random(side)  # noqa: S311 - any draw will do
    rows = []
    for one in mine:
        sentence = encode(one["sentence"])
        rows += rows_of(sentence, gold_of(sentence, one["facts"]), chance)
    print(f"half {side}: {len(mine)} sentences, {len(rows)} rows", flush=True)
    model = ReaderNetwork(folder)
    train(model, rows, HALF_EPOCHS)
    torch.save(model.state_dict(), work / f"half{side}.pt")
    encoded = [encode(one["sentence"]) for one in others]
    rows = []
    for sentence, acts, one in zip(encoded, read_acts(encoded, run(model)), others, strict=True):
        rows += judged_rows(sentence, acts, gold_of(sentence, one["facts"]), one["facts"])
    written = [one._asdict() for one in rows]
    (work / f"judged{side}.json").write_text(json.dumps(written), encoding="utf-8")
    print(f"half {side}: {sum(one.right == 0 for one in rows)} wrong of {len(rows)}", flush=True)


def whole(model: ReaderNetwork, labels: Sequence[Any], work: Path) -> None:
    """Train all three passes on all sentences, from the first half's network or from ``whole``."""
    rows = _all_rows(labels) + _judged_rows(work)
    print(f"whole: {len(labels)} sentences, {len(rows)} rows", flush=True)
    if not (work / "whole.pt").is_file():
        model.load_state_dict(torch.load(work / "half0.pt"))
        train(model, rows, EPOCHS)
        torch.save(model.state_dict(), work / "whole.pt")
    model.load_state_dict(torch.load(work / "whole.pt"))
    train(model, rows, 1, RATE / 2)
    torch.save(model.state_dict(), work / "whole2.pt")


def finish(model: ReaderNetwork, labels: Sequence[Any], ours: Sequence[Any], work: Path) -> None:
    """Train once more on our own labels, with a sample of the others and of the judged acts."""
    chance = random.Random(7)  # noqa: S311 - any draw will do
    others = chance.sample(list(labels), min(SAMPLE, len(labels)))
    judged = _judged_rows(work)
    rows = _all_rows([*ours, *others]) + chance.sample(judged, min(SAMPLE, len(judged)))
    print(f"finish: {len(ours) + len(others)} sentences, {len(rows)} rows", flush=True)
    model.load_state_dict(torch.load(work / "whole2.pt"))
    train(model, rows, 1, RATE / 4)
    torch.save(model.state_dict(), work / "last.pt")


def _all_rows(labels: Sequence[Any]) -> list[Row]:
    chance = random.Random(5)  # noqa: S311 - any draw will do
    rows: list[Row] = []
    for one in labels:
        sentence = encode(one["sentence"])
        rows += rows_of(sentence, gold_of(sentence, one["facts"]), chance)
    return rows


def _judged_rows(work: Path) -> list[Row]:
    files = [work / f"judged{side}.json" for side in (0, 1)]
    return [Row(**one) for file in files for one in json.loads(file.read_text("utf-8"))]


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_reader", description=__doc__)
    parser.add_argument("labelled", type=Path, help="labelled.jsonl.gz")
    parser.add_argument("model", type=Path, help="the folder of the published encoder")
    parser.add_argument("news", type=Path, help="news/articles_dev.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="keeps what is finished")
    parser.add_argument("--half", type=int, choices=(0, 1), help="train only this half")
    given = parser.parse_args()
    every = read_labels(given.labelled)
    labels = [one for one in every if one["split"] == "train"]
    ours = our_labels(WEIGHTS / "fact_labels.jsonl", given.news)
    invented = (WEIGHTS / "invented_facts.jsonl").read_text("utf-8")
    ours += [json.loads(line) for line in invented.splitlines()]
    labels, others = labels + ours, labels
    given.work.mkdir(parents=True, exist_ok=True)
    for side in (0, 1) if given.half is None else (given.half,):
        if not (given.work / f"judged{side}.json").is_file():
            half(labels, given.model, given.work, side)
    if given.half is not None:
        return
    model = ReaderNetwork(given.model)
    if (given.work / "last.pt").is_file():
        model.load_state_dict(torch.load(given.work / "last.pt"))
        model.eval()
    else:
        if not (given.work / "whole2.pt").is_file():
            whole(model, labels, given.work)
        finish(model, others, ours, given.work)
    ids = torch.ones(2, 9, dtype=torch.int64)
    example = (ids, ids, torch.zeros(2, dtype=torch.int64))
    exported = given.work / "reader.onnx"
    export(model, example, ("ids", "mask", "at"), OUTPUTS, exported)
    split(exported, LOWER, WEIGHTS / "reader_lower.onnx", WEIGHTS / "reader_upper.onnx")


if __name__ == "__main__":
    main()
