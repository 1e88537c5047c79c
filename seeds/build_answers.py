"""Train question answering: ``python -m seeds.build_answers PATH MODEL --store ITEMS NEWS``.

PATH holds ``current-events/items.jsonl.gz``, ``news/articles_dev.jsonl.gz``,
``news/questions_dev.jsonl`` and ``questions/dev.jsonl``; MODEL is the cross-encoder
ms-marco-MiniLM-L-12-v2 as published (``config.json``, ``model.safetensors``;
https://huggingface.co/cross-encoder/ms-marco-MiniLM-L-12-v2, Apache-2.0), or as ``build_bert``
unpacks it. ITEMS and NEWS are folders of stores that both were ingested into, with their vectors
made.

1. ``weights/answers.onnx``, the question model. One network is trained on two tasks at once: does
   a passage answer a question (against passages near it in words or meaning), and which of its
   words do. The questions are ``weights/questions.jsonl``, written as analysts type them, and three
   quarters of the even half of the news questions, each read once; for the supplied weights 9,500
   of these 11,071 were drawn.
2. ``weights/question_matrix.npz``: the matrix that brings the vector of a question near that of the
   article that answers it (against all candidates). All vectors come from
   ``weights/encoder.onnx``. ``--skip-network`` keeps this matrix and the network.
3. ``weights/answers.json``: how articles are ranked before their sentences are judged, and how
   likely a line answers. Both are logistic models, learned on questions that the network has not
   seen: those marked ``held``, the even half of ``questions/dev.jsonl`` and the last quarter of the
   even half of the news questions, each also with the articles that answer it left out.

Needs the packages ``torch``, ``onnx``, ``safetensors`` and ``scikit-learn``, which Dragoman itself
does without. Training takes about 40 minutes on two cores that compute with 16-bit floats.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional

from bot.answer.ranking import RankingFeatures, ranking_weights
from bot.answer.retrieval import retrieve
from bot.answer.sufficiency import Features, sufficiency
from bot.desk import ALL_VECTORS, Desk
from bot.errors import BadQuery
from bot.models import Asker, Snippet
from bot.text.networks import PASSAGE_TOKENS, QUESTION_TOKENS, age_in_words, encode, tokenizer
from bot.text.sentences import sentences
from seeds.build_bert import Bert, export, optimize

WEIGHTS = Path(__file__).parent / "weights"

BATCH = 8
"""Questions at a time, each with its passages."""

RATE, HEADS_RATE = 5e-5, 5e-4
FROZEN = 3
"""The number of first layers that stay as published, with the embeddings of words."""

NEGATIVES = 3
"""Passages for a question that do not answer it."""

PUBLISHED = 0.5
"""What the log-odds of the published network count: it tells passages apart by larger ones."""

MATRIX_EPOCHS, MATRIX_BATCH, MATRIX_RATE = 4, 16, 5e-4

WRONG = 0.12
"""The share of unanswerable questions that may be answered all the same."""

_RECENT = 21
_BY_WORDS = 150
_K1, _B = 1.2, 0.75
_COMMON = 0.35
"""A word that more of the passages have is not searched for."""

_CHARACTERS = 300
"""Characters of a text that go into its vector, as in ``bot/search/vectors.py``."""

_FUNCTION_WORDS = frozenset(
    "who what when where why how did does do is are was were has have the a of in on to for".split()
)


class Candidates(NamedTuple):
    """Rows of a corpus that may answer a question: by words (0..1), age in days, and cosine."""

    rows: NDArray[np.int64]
    words: NDArray[np.float32]
    ages: NDArray[np.int64]


class Group(NamedTuple):
    """A question, passages with whether they answer and the words that do, and, where articles have
    vectors, those of its candidates with which of them answer and what else speaks for each."""

    question: str
    passages: list[tuple[str, bool, str]]
    near: tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]] | None = None


class Corpus:
    """Dated passages, found by BM25 over word pieces."""

    def __init__(self, texts: Sequence[str], dates: Sequence[str]) -> None:
        """Index ``texts``, each with its day."""
        self.texts = texts
        self.days = np.array([np.datetime64(one[:10]) for one in dates])
        self._coder = tokenizer()
        self._coder.enable_truncation(128)
        tokens = [one.ids[1:-1] for one in self._coder.encode_batch(list(texts))]
        length = np.array([len(one) for one in tokens], dtype=np.float32)
        self._norm = _K1 * (1 - _B + _B * length / length.mean())
        held: dict[int, tuple[list[int], list[int]]] = {}
        for row, one in enumerate(tokens):
            for token, count in Counter(one).items():
                rows, counts = held.setdefault(token, ([], []))
                rows.append(row)
                counts.append(count)
        self._held = {
            token: (np.array(rows), np.array(counts, dtype=np.float32))
            for token, (rows, counts) in held.items()
            if len(rows) < _COMMON * len(texts)
        }

    def candidates(self, question: str, day: str) -> Candidates:
        """Return what the question's words find, and what is of the last days."""
        scores = np.zeros(len(self.texts), dtype=np.float32)
        for token in set(self._coder.encode(question.lower()).ids[1:-1]):
            if token in self._held:
                rows, counts = self._held[token]
                rarity = math.log(len(self.texts) / len(rows))
                scores[rows] += rarity * counts * (_K1 + 1) / (counts + self._norm[rows])
        ages = (np.datetime64(day) - self.days).astype(np.int64)
        scores[ages < 0] = 0
        best = np.argpartition(-scores, _BY_WORDS)[:_BY_WORDS]
        rows = np.union1d(best, np.flatnonzero((ages >= 0) & (ages <= _RECENT)))
        rows = rows[ages[rows] >= 0]
        return Candidates(rows, scores[rows] / (scores.max() + 1e-9), ages[rows])


class Answerer(Bert):
    """MiniLM with heads: does a passage answer, and where its answer begins and ends.

    To the log-odds of the published network, whose head is kept, a new one adds its own.
    """

    def __init__(self, folder: Path, dropout: float = 0.1) -> None:
        """Start from the published weights."""
        super().__init__(folder, dropout)
        stored = load_file(folder / "model.safetensors")
        self.pool, self.fit = nn.Linear(self.size, self.size), nn.Linear(self.size, 1)
        for module, name in ((self.pool, "bert.pooler.dense"), (self.fit, "classifier")):
            module.weight.data = stored[f"{name}.weight"].clone()
            module.bias.data = stored[f"{name}.bias"].clone()
        self.answers = nn.Sequential(nn.Linear(2 * self.size, 128), nn.GELU(), nn.Linear(128, 1))
        nn.init.zeros_(self.answers[2].weight)
        nn.init.zeros_(self.answers[2].bias)
        self.spans = nn.Linear(self.size, 2)

    def forward(self, ids: Any, mask: Any, segment: Any) -> tuple[Any, Any]:
        """Return log-odds that each passage answers, and scores of its tokens."""
        found = self.states(ids, mask, segment)
        passage = (mask * segment).to(torch.float32)[:, :, None]
        mean = (found * passage).sum(1) / passage.sum(1).clamp(min=1.0)
        published = self.fit(torch.tanh(self.pool(found[:, 0])))[:, 0]
        answers = PUBLISHED * published + self.answers(torch.cat([found[:, 0], mean], -1))[:, 0]
        return answers, self.spans(found) + (passage - 1.0) * 1e4


class Pair(NamedTuple):
    """A question and a passage as the network reads them, and where its answer lies, if it has one:
    ``begins`` is the first token of the passage."""

    ids: list[int]
    begins: int
    span: tuple[int, int] | None


def paired(coder: Any, question: str, passage: str, answer: str = "") -> Pair:
    """Lay out a question and a passage; ``answer`` are words of the passage."""
    start, end = coder.token_to_id("[CLS]"), coder.token_to_id("[SEP]")
    asked = coder.encode(question.lower(), add_special_tokens=False).ids[:QUESTION_TOKENS]
    encoded = coder.encode(passage, add_special_tokens=False)
    ids, offsets = encoded.ids[:PASSAGE_TOKENS], encoded.offsets[:PASSAGE_TOKENS]
    begins = len(asked) + 2
    span = None
    if answer and (at := passage.rfind(answer)) >= 0:
        inside = [
            n for n, (first, last) in enumerate(offsets) if last > at and first < at + len(answer)
        ]
        span = (begins + inside[0], begins + inside[-1]) if inside else None
    return Pair([start, *asked, end, *ids, end], begins, span)


def tensors_of(pairs: Sequence[Pair]) -> tuple[Any, Any, Any]:
    """Return ids, mask and segment of pairs, padded to the longest."""
    length = max(len(one.ids) for one in pairs)
    ids, mask, segment = (torch.zeros(len(pairs), length, dtype=torch.long) for _ in range(3))
    for row, one in enumerate(pairs):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        mask[row, : len(one.ids)] = 1
        segment[row, one.begins : len(one.ids) - 1] = 1
    return ids, mask, segment


def loss_of(model: Answerer, coder: Any, batch: Sequence[Group]) -> Any:
    """Return the loss of some questions: each passage alone, against the others, and spans."""
    pairs = [
        paired(coder, one.question, *_text(passage)) for one in batch for passage in one.passages
    ]
    owner = torch.tensor([n for n, one in enumerate(batch) for _ in one.passages])
    wanted = torch.tensor([float(passage[1]) for one in batch for passage in one.passages])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answers, spans = (one.float() for one in model(*tensors_of(pairs)))
    weights = torch.where(wanted > 0, 3.0, 1.0)
    each = functional.binary_cross_entropy_with_logits(answers, wanted, reduction="none")
    loss = (each * weights).sum() / weights.sum()
    ranked = [
        torch.logsumexp(answers[own], 0) - torch.logsumexp(answers[own][wanted[own] > 0], 0)
        for n in range(len(batch))
        if 0 < wanted[own := owner == n].sum() < own.sum()
    ]
    loss = loss + 0.7 * sum(ranked) / max(len(ranked), 1)
    marked = [n for n, one in enumerate(pairs) if one.span]
    if marked:
        for side in (0, 1):
            goal = torch.tensor([pairs[n].span[side] for n in marked])  # type: ignore[index]
            loss = loss + 0.3 * functional.cross_entropy(spans[marked][:, :, side], goal)
    return loss


def _text(passage: tuple[str, bool, str]) -> tuple[str, str]:
    return passage[0], passage[2]


def trained(folder: Path, groups: Sequence[Group]) -> Answerer:
    """Train the network from the published weights, in one pass over the questions."""
    torch.manual_seed(1)
    chance = random.Random(1)  # noqa: S311 - any draw will do
    model, coder = Answerer(folder), tokenizer()
    heads = [*model.answers.parameters(), *model.spans.parameters()]
    for frozen in (model.words, model.places, *model.layers[:FROZEN]):
        frozen.requires_grad_(False)
    # Questions with passages of about one length go together, or most of a batch is padding.
    order = sorted(groups, key=lambda one: _length(one) // 50 + 2 * chance.random())
    batches = [order[n : n + BATCH] for n in range(0, len(order) - BATCH + 1, BATCH)]
    chance.shuffle(batches)
    optimize(model, heads, batches, lambda batch: loss_of(model, coder, batch), (RATE, HEADS_RATE))
    return model


def question_matrix(groups: Sequence[Group]) -> NDArray[np.float32]:
    """Learn the matrix that brings the vectors of questions near those of what answers them.

    Each question is read against all its candidates, beside what else speaks for each.
    """
    known = [one for one in groups if one.near is not None and one.near[1].any()]
    asked = torch.from_numpy(encode([one.question.lower() for one in known]))
    chance = random.Random(1)  # noqa: S311 - any draw will do
    matrix = torch.eye(asked.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([matrix], lr=MATRIX_RATE)
    order = list(range(len(known)))
    for _ in range(MATRIX_EPOCHS):
        chance.shuffle(order)
        for start in range(0, len(order), MATRIX_BATCH):
            batch = order[start : start + MATRIX_BATCH]
            vectors = functional.normalize(asked[batch] @ matrix)
            pairs = zip(vectors, (known[at] for at in batch), strict=True)
            loss = sum(_away(vector, one) for vector, one in pairs) / len(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    found: NDArray[np.float32] = matrix.detach().numpy()
    return found


def _away(vector: Any, asked: Group) -> Any:
    """Return how far the vector of a question is from those of the articles that answer it."""
    assert asked.near is not None  # noqa: S101 - those without are left out
    articles, right, beside = asked.near
    scores = 20 * (torch.from_numpy(articles) @ vector) + torch.from_numpy(beside)
    return torch.logsumexp(scores, 0) - torch.logsumexp(scores[torch.from_numpy(right)], 0)


def _length(group: Group) -> int:
    return max(len(text) for text, _, _ in group.passages)


# --- what it is trained on ------------------------------------------------------------------


def groups_of_items(
    items: Corpus, vectors: NDArray[np.float32], ids: Sequence[str], questions: Sequence[Any]
) -> list[Group]:
    """Return the questions over single sentences, each with sentences that do not answer it."""
    at = {key: row for row, key in enumerate(ids)}
    asked = encode([one["question"] for one in questions])
    return [
        _of_item(items, vectors, at, one, vector)
        for one, vector in zip(questions, asked, strict=True)
    ]


def _of_item(
    items: Corpus,
    vectors: NDArray[np.float32],
    at: Mapping[str, int],
    asked: Mapping[str, Any],
    vector: NDArray[np.float32],
) -> Group:
    chance = random.Random(asked["question"])  # noqa: S311 - any draw will do
    found = items.candidates(asked["question"], asked["as_of"])
    alike = vectors[found.rows] @ vector
    recent = np.exp(-found.ages / 12.0)
    order = found.rows[np.argsort(-(found.words + 2 * alike + recent / 2))][:40]
    right = [at[key] for key in asked["gold"] if key in at]
    beside = [at[key] for key in asked.get("near", ()) if key in at]
    others = [int(row) for row in order if row not in right and row not in beside]
    wrong = [*beside, *others[:4], *chance.sample(others[24:], 1)][:NEGATIVES]
    answer = items.texts[right[0]][slice(*asked["answer"])] if right else ""
    passages = [
        (_aged(items, row, asked["as_of"]), row in right, answer if row in right[:1] else "")
        for row in [*right[:2], *wrong]
    ]
    if not right:
        return Group(asked["question"], passages)
    rows = np.union1d(found.rows, right)
    known = {int(row): n for n, row in enumerate(found.rows)}
    words = np.array([found.words[known[int(r)]] if int(r) in known else 0.0 for r in rows])
    ages = (np.datetime64(asked["as_of"]) - items.days[rows]) / np.timedelta64(1, "D")
    speaks = (5 * words + 3 * np.exp(-ages / 12.0)).astype(np.float32)
    return Group(asked["question"], passages, (vectors[rows], np.isin(rows, right), speaks))


def _aged(corpus: Corpus, row: int, day: str, title: str = "") -> str:
    age = age_in_words(int((np.datetime64(day) - corpus.days[row]) / np.timedelta64(1, "D")))
    return ": ".join(filter(None, [age, title, corpus.texts[row]]))


class News(NamedTuple):
    """Sentences of articles: the corpus of them, and of each the id and title of its article."""

    corpus: Corpus
    owners: list[str]
    titles: dict[str, str]


def news_of(articles: Sequence[Mapping[str, Any]]) -> News:
    """Cut articles into sentences of 4 to 70 words, the first 40 of each."""
    texts, days, owners = [], [], []
    for one in articles:
        for start, end in list(sentences(one["text"]))[:40]:
            text = one["text"][start:end].strip()
            if 4 <= len(text.split()) <= 70:
                texts.append(text)
                days.append(one["publish_date"] or "2000-01-01")
                owners.append(one["id"])
    titles = {one["id"]: one["title"] for one in articles}
    return News(Corpus(texts, days), owners, titles)


def groups_of_news(
    news: News, articles: Mapping[str, Any], questions: Sequence[Any], asked: Sequence[Any]
) -> list[Group]:
    """Return our questions about news, and those ``asked`` of the set of news questions."""
    found = [_ours(news, articles, one) for one in questions]
    found += [group for one in asked if (group := _theirs(news, one)) is not None]
    return [one for one in found if len(one.passages) > 2]


def _by_words(news: News, question: str, day: str, most: int) -> list[int]:
    found = news.corpus.candidates(question, day)
    scores = found.words * (1 + 0.8 * np.exp(-found.ages / 14.0))
    order = np.argsort(-scores)[:most]
    return [int(found.rows[n]) for n in order if scores[n] > 0]


def _ours(news: News, articles: Mapping[str, Any], asked: Mapping[str, Any]) -> Group:
    chance = random.Random(asked["question"])  # noqa: S311 - any draw will do
    source = (asked["gold"] or asked["near"])[0]
    order = _by_words(news, asked["question"], asked["as_of"], 80)
    own = [row for row in order if news.owners[row] == source]
    passages = []
    if asked["gold"]:
        article = articles[source]
        answer = article["text"][slice(*asked["answer"])]
        sentence = article["text"][slice(*asked["sentence"])]
        own = [row for row in own if answer not in news.corpus.texts[row]]
        passages.append((f"today: {article['title']}: {sentence}", True, answer))
    others = [row for row in order if news.owners[row] != source]
    wrong = [*own[:5], *others[:2], *chance.sample(others[2:20], min(len(others[2:20]), 5))]
    return Group(
        asked["question"],
        [*passages, *(_of(news, row, asked["as_of"]) for row in wrong[:NEGATIVES])],
    )


def _theirs(news: News, asked: Mapping[str, Any]) -> Group | None:
    """Make a question's group: the sentences of its articles with the answer are right."""
    chance = random.Random(asked["question"])  # noqa: S311 - any draw will do
    answer = _bare(asked["answer"])
    articles = {*asked["gold"], *asked["silver"]}
    order = _by_words(news, asked["question"], asked["date"], 300)
    holds = [row for row in order if answer in news.corpus.texts[row].casefold()]
    right = [row for row in holds if news.owners[row] in articles][:2]
    if not right:
        return None
    lacks = [row for row in order[:60] if row not in holds]
    own = [row for row in lacks if news.owners[row] in articles][:3]
    others = [row for row in lacks if news.owners[row] not in articles]
    drawn = chance.sample(others[3:14], min(len(others[3:14]), 5))
    wrong = [*own, *others[:3], *drawn][:NEGATIVES]
    text = news.corpus.texts[right[0]]
    at = text.casefold().find(answer)
    first = _of(news, right[0], asked["date"])[0], True, text[at : at + len(answer)]
    more = [(_of(news, row, asked["date"])[0], True, "") for row in right[1:]]
    return Group(
        asked["question"], [first, *more, *(_of(news, row, asked["date"]) for row in wrong)]
    )


def _of(news: News, row: int, day: str) -> tuple[str, bool, str]:
    return _aged(news.corpus, row, day, news.titles[news.owners[row]]), False, ""


def _bare(text: str) -> str:
    return text.strip("“”\"'. ").casefold()


def without_function_words(question: str) -> str:
    """Return a question as keywords, which is how some people ask."""
    kept = [
        word for word in re.findall(r"[^\s?]+", question) if word.lower() not in _FUNCTION_WORDS
    ]
    return " ".join(kept) if len(kept) > 1 else question


# --- ranking and sufficiency ----------------------------------------------------------------


class Row(NamedTuple):
    """The numbers of everything found for a question; which of it is ``right``, and which is from
    an article that answers it (``gold``), whether it has the words or not."""

    numbers: NDArray[np.float64]
    right: NDArray[np.bool_]
    gold: NDArray[np.bool_]


def looked_at(desk: Desk, asked: Sequence[Asked]) -> tuple[list[Row], list[Row]]:
    """Ask questions; return the features that ranked articles, and those that judged lines."""
    articles, lines = [], []
    for one in asked:
        asker = Asker(now=datetime.now(UTC), as_of=one.as_of)
        try:
            question = desk.understood(asker, one.question)
        except BadQuery:
            continue
        library = replace(desk.library(asker), most_vectors=ALL_VECTORS)
        found = retrieve(library, question)
        gold = [(item.article.external_id or "") in one.right for item in found.articles]
        articles.append(_row([astuple(item.parts) for item in found.articles], gold, gold))
        told = [item.line.snippet for item in found.candidates]
        gold = [(snippet.external_id or "") in one.right for snippet in told]
        right = [one.answers(snippet) for snippet in told]
        lines.append(_row([item.features for item in found.candidates], right, gold))
    return [row for row in articles if len(row.gold)], [row for row in lines if len(row.gold)]


def _row(numbers: Sequence[Sequence[float]], right: Sequence[bool], gold: Sequence[bool]) -> Row:
    marks = (np.array(one, dtype=bool) for one in (right, gold))
    return Row(np.array(numbers, dtype=np.float64), *marks)


class Asked(NamedTuple):
    """A question, when it is asked, the ids of the articles that answer it, and their words."""

    question: str
    as_of: datetime
    right: frozenset[str]
    words: str = ""

    def answers(self, snippet: Snippet) -> bool:
        """Return whether a quote answers: it is from such an article, and has the words."""
        of_it = (snippet.external_id or "") in self.right
        return of_it and (not self.words or self.words in snippet.quote.casefold())


def ranking(rows: Sequence[Row], names: Sequence[str]) -> dict[str, float]:
    """Learn, by logistic regression within each question, how articles are ranked."""
    pairs, marks = [], []
    for row in rows:
        for good in row.numbers[row.right][:2] if row.right.any() else ():
            differences = good - row.numbers[~row.right]
            pairs += [differences, -differences]
            marks += [np.ones(len(differences)), np.zeros(len(differences))]
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
    model.fit(np.concatenate(pairs), np.concatenate(marks))
    return {name: round(float(one), 3) for name, one in zip(names, model.coef_[0], strict=True)}


def sufficient(rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """Learn the probability that a line answers, and the threshold from which it is shown.

    Each question counts once as it is, and once without the lines of the articles that answer it.
    The threshold lets ``WRONG`` of the questions without an answer be answered.
    """
    less = [
        Row(row.numbers[~row.gold], row.right[~row.gold], row.gold[~row.gold])
        for row in rows
        if row.gold.any() and not row.gold.all()
    ]
    every = [*rows, *less]
    weights = np.concatenate([np.full(len(row.right), 1 / len(row.right)) for row in every])
    numbers = np.concatenate([row.numbers for row in every])
    right = np.concatenate([row.right for row in every])
    model = LogisticRegression(C=0.5, max_iter=2000)
    model.fit(numbers, right, sample_weight=weights * len(weights) / len(every))
    wrong = sorted(
        (
            float(model.predict_proba(row.numbers)[:, 1].max())
            for row in every
            if not row.right.any()
        ),
        reverse=True,
    )
    return {
        "weights": {
            name: round(float(one), 3) for name, one in zip(names, model.coef_[0], strict=True)
        },
        "bias": round(float(model.intercept_[0]), 3),
        "enough": round(wrong[int(WRONG * len(wrong))], 3),
    }


def lines_of(file: Path) -> list[Any]:
    """Read a file of JSON lines, packed or not."""
    stored = file.read_bytes()
    text = gzip.decompress(stored) if file.suffix == ".gz" else stored
    return [json.loads(line) for line in text.decode("utf-8").splitlines()]


def held(path: Path, labels: Sequence[Any], set_: str) -> list[Asked]:
    """Return questions that the network has not seen, over single sentences or over news."""
    kept = [one for one in labels if one["set"] == set_ and one["part"] == "held"]
    articles = lines_of(path / "news" / "articles_dev.jsonl.gz") if set_ == "news" else []
    texts = {one["id"]: one["text"] for one in articles}
    asked = [
        Asked(one["question"], _end(one["as_of"]), frozenset(one["gold"]), _words(one, texts))
        for one in kept
    ]
    if set_ == "items":
        return asked + [
            Asked(one["question"], _end(one["as_of"]), frozenset(one["gold"]))
            for one in lines_of(path / "questions" / "dev.jsonl")
            if int(one["qid"][1:]) % 2 == 0
        ]
    for one in _even(path)[3::4]:
        day, right = _end(one["date"]), frozenset([*one["gold"], *one["silver"]])
        asked.append(Asked(one["question"], day, right, _bare(one["answer"])))
        # Sixty days earlier no article about its event had been published.
        asked.append(Asked(one["question"], day - timedelta(days=60), frozenset()))
    return asked


def _words(label: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return the words of a news article that answer."""
    if not (label["gold"] and texts):
        return ""
    return _bare(texts[label["gold"][0]][slice(*label["answer"])])


def _end(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.max, UTC)


def _even(path: Path) -> list[Any]:
    """Return the even half of the news questions, each once."""
    every = lines_of(path / "news" / "questions_dev.jsonl")
    odd = {one["question"] for one in every[1::2]}
    return list({o["question"]: o for o in every[::2] if o["question"] not in odd}.values())


def network(path: Path, model: Path, labels: Sequence[Any]) -> None:
    """Train the question model and the matrix of question vectors, and write both."""
    ours = [one for one in labels if one["part"] == "train"]
    rows = lines_of(path / "current-events" / "items.jsonl.gz")
    items = Corpus([one["text"] for one in rows], [one["date"] for one in rows])
    vectors = encode([one["text"][:_CHARACTERS] for one in rows])
    ids = [one["id"] for one in rows]
    groups = groups_of_items(items, vectors, ids, [one for one in ours if one["set"] == "items"])
    matrix = question_matrix(groups)
    np.savez_compressed(WEIGHTS / "question_matrix.npz", matrix=matrix.astype(np.float16))
    chance = random.Random(3)  # noqa: S311 - any draw will do
    short = chance.sample(groups, len(groups) // 12)
    groups += [one._replace(question=without_function_words(one.question)) for one in short]
    articles = {one["id"]: one for one in lines_of(path / "news" / "articles_dev.jsonl.gz")}
    asked = [one for n, one in enumerate(_even(path)) if n % 4 != 3]
    news = news_of(list(articles.values()))
    groups += groups_of_news(news, articles, [one for one in ours if one["set"] == "news"], asked)
    print(f"{len(groups)} questions, {sum(len(one.passages) for one in groups)} passages")
    example = torch.ones(2, 9, dtype=torch.int64)
    inputs, outputs = ("ids", "mask", "segment"), ("answers", "spans")
    found = trained(model, groups)
    export(found, (example, example, example), inputs, outputs, WEIGHTS / "answers.onnx")


def collected(path: Path, labels: Sequence[Any], stores: Sequence[Path]) -> list[list[Row]]:
    """Ask all questions that were held back; returns rows of articles, and rows of lines."""
    found: list[list[Row]] = [[], []]
    for folder, name in zip(stores, ("items", "news"), strict=True):
        desk = Desk.open(folder)
        try:
            articles, lines = looked_at(desk, held(path, labels, name))
            found[0].extend(articles)
            found[1].extend(lines)
        finally:
            desk.close()
    return found


def learn(path: Path, labels: Sequence[Any], stores: Sequence[Path]) -> None:
    """Learn how articles are ranked; then, over what that finds, how likely lines answer."""
    parts, features = [one.name for one in fields(RankingFeatures)], Features._fields
    file = WEIGHTS / "answers.json"
    start = {"weights": dict.fromkeys(features, 1.0), "bias": -4.0, "enough": 0.5}
    kept: dict[str, Any] = {"ranking": dict.fromkeys(parts, 1.0), "sufficiency": start}
    if file.is_file():
        kept = json.loads(file.read_text("utf-8"))
    _write(file, kept)
    _write(file, kept | {"ranking": ranking(collected(path, labels, stores)[0], parts)})
    ranking_weights.cache_clear()
    kept = json.loads(file.read_text("utf-8"))
    lines = collected(path, labels, stores)[1]
    _write(file, kept | {"sufficiency": sufficient(lines, features)})
    sufficiency.cache_clear()


def _write(file: Path, learned: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(learned, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_answers", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of data")
    parser.add_argument("model", type=Path, help="the folder of the published network")
    parser.add_argument("--store", type=Path, nargs=2, required=True, metavar=("ITEMS", "NEWS"))
    parser.add_argument(
        "--skip-network", action="store_true", help="keep the network and the matrix"
    )
    given = parser.parse_args()
    labels = lines_of(WEIGHTS / "questions.jsonl")
    if not given.skip_network:
        network(given.path, given.model, labels)
    learn(given.path, labels, given.store)


if __name__ == "__main__":
    main()
