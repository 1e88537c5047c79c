"""The networks for text: sentence vectors, the question model, and the judge of lines.

The encoder is all-MiniLM-L6-v2 (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2,
Apache-2.0), its weights in eight bits; ``seeds/build_encoder.py`` made the files. It gives a text
as 384 numbers.

The question model says whether a passage answers a question, and with which words: a network of
twelve layers, trained from ms-marco-MiniLM-L-12-v2 by ``seeds/build_answers.py`` on questions as
analysts type them. For a question beside a passage it gives the log-odds that the passage answers
it, and the span of the words that do. A matrix, learned by the same script, turns the encoder's
vector of a question into one near the vectors of articles that answer it.

The judge of lines is such a network, too: it says whether a line belongs in a brief about an actor
(``seeds/build_judge.py``).

Weights are read on first use, not when this module is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.text.days import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer


DIMENSIONS = 384

_TOKENS = 96
"""Tokens of a text that are read, about 75 words; the rest is cut off."""

_BATCH = 16
"""Texts encoded at a time; of similar length, since all are padded to the longest."""

_PAIRS = 6
"""Passages scored at a time; of similar length, for the same reason."""

_THREADS = 2

Vectors = NDArray[np.float32]
"""One row a text, each of length 1: the product of two rows is their cosine."""


class _Encoder(NamedTuple):
    session: InferenceSession
    tokenizer: Tokenizer


def encode(texts: Sequence[str]) -> Vectors:
    """Return a row of ``DIMENSIONS`` numbers for each text; safe from any thread."""
    found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    if not texts:
        return found
    encoder = _encoder()
    tokens = [one.ids for one in encoder.tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        length = max(len(tokens[at]) for at in batch)
        ids = np.zeros((len(batch), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, at in enumerate(batch):
            ids[row, : len(tokens[at])] = tokens[at]
            mask[row, : len(tokens[at])] = 1
        found[batch] = encoder.session.run(["sentence"], {"ids": ids, "mask": mask})[0]
    return found


def tokenizer() -> Tokenizer:
    """Return a new tokenizer of the encoder's words, which pads nothing."""
    from tokenizers import Tokenizer

    words = resources.files("seeds").joinpath("weights", "encoder_tokenizer.json")
    coder = Tokenizer.from_str(words.read_text("utf-8"))
    coder.no_padding()
    return coder


def session_options() -> SessionOptions:
    """Return how networks are run here: on few threads, that wait without spinning."""
    from onnxruntime import SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # Threads that spin while they wait would take a core from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


@cache
def _encoder() -> _Encoder:
    coder = tokenizer()
    coder.enable_truncation(_TOKENS)
    return _Encoder(load_network("encoder.onnx"), coder)


QUESTION_TOKENS = 32
PASSAGE_TOKENS = 84
"""Tokens of a question, and of a passage with its title and age, that are read."""

SPAN_TOKENS = 24
"""Tokens that the words of an answer have at most."""

Vector = NDArray[np.float32]


_REST_OF_WORD = re.compile(r"\w*")
_MORE_OF_NAME = re.compile(
    r"['’]? (?:(?:al|el|ul|bin|ibn|abu|de|da|van|von)[- ])?(?P<word>[A-Z]\w*(?:[-’'](?=\w)\w+)*)"
)


class Passage(NamedTuple):
    """Words that may answer: a quote, the title of its article, and its age in days, if known."""

    quote: str
    title: str = ""
    age: int | None = None

    @property
    def heading(self) -> str:
        """What is read before the quote: the age and the title."""
        age = [] if self.age is None else [age_in_words(self.age)]
        return "".join(f"{part}: " for part in (*age, self.title.strip()) if part)


class PassageScore(NamedTuple):
    """The log-odds that a passage answers, and the span of its quote that does.

    ``span`` are code points into the quote; None where no token of the quote was read.
    """

    logit: float
    span: tuple[int, int] | None


FittingSpans = Callable[[str], Sequence[tuple[int, int]]]


class _Encoded(NamedTuple):
    ids: list[int]
    begins: int
    offsets: list[tuple[int, int]]
    prefix: int


def embed_question(question: str) -> Vector:
    """Return the vector of a question: its product with an article's vector says how near it is."""
    found: Vector = encode([question.lower()])[0] @ _question_matrix()
    return found / np.linalg.norm(found)


def score_passages(
    question: str, passages: Sequence[Passage], fitting: FittingSpans | None = None
) -> list[PassageScore]:
    """Score each passage by itself; safe from any thread.

    ``fitting`` returns the spans of a quote that are of the type asked for, as dates are: only a
    span that overlaps one of them is chosen.
    """
    if not passages:
        return []
    encoded = _pairs(question, passages)
    found: dict[int, PassageScore] = {}
    order = sorted(range(len(encoded)), key=lambda at: len(encoded[at].ids))
    for start in range(0, len(order), _PAIRS):
        batch = order[start : start + _PAIRS]
        inputs = _inputs([encoded[at] for at in batch])
        answers, spans = _session().run(["answers", "spans"], inputs)
        for at, score, starts_ends in zip(batch, answers, spans, strict=True):
            quote = passages[at].quote
            span = _span(encoded[at], starts_ends, None if fitting is None else fitting(quote))
            found[at] = PassageScore(float(score), span and whole_name(quote, span))
    return [found[at] for at in range(len(encoded))]


def judge_lines(actors: str, lines: Sequence[Passage]) -> list[float]:
    """Return the log-odds that each line belongs in a brief about ``actors``; from any thread.

    ``seeds/build_judge.py`` trained the network from the question model.
    """
    if not lines:
        return []
    encoded = _pairs(f"brief {actors}", lines)
    found: list[float] = _judge().run(["lines"], _inputs(encoded))[0].tolist()
    return found


def _pairs(question: str, passages: Sequence[Passage]) -> list[_Encoded]:
    words = _tokenizer().encode(question.lower(), add_special_tokens=False).ids[:QUESTION_TOKENS]
    return [_pair(words, one) for one in passages]


def _inputs(encoded: Sequence[_Encoded]) -> dict[str, NDArray[np.int64]]:
    """Return what a network reads of pairs, padded to the longest."""
    length = max(len(one.ids) for one in encoded)
    ids = np.zeros((len(encoded), length), dtype=np.int64)
    mask, segment = np.zeros_like(ids), np.zeros_like(ids)
    for row, one in enumerate(encoded):
        end = len(one.ids)
        ids[row, :end] = one.ids
        mask[row, :end] = 1
        segment[row, one.begins : end - 1] = 1
    return {"ids": ids, "mask": mask, "segment": segment}


def whole_name(quote: str, span: tuple[int, int]) -> tuple[int, int]:
    """Widen a span that ends within a word or a name to the end of it.

    *Mohammed Shia* in “Mohammed Shia’ al-Sudani” is widened, *Doha* in “Doha on Monday” is not.
    """
    start, end = span
    if start >= end or not quote[end - 1].isalnum():
        return span
    end += len(_REST_OF_WORD.match(quote, end)[0])  # type: ignore[index]  # it may be empty
    last = quote[:end].rpartition(" ")[2]
    while last[:1].isupper() and (more := _MORE_OF_NAME.match(quote, end)):
        if more["word"].lower() in {*MONTHS, *WEEKDAYS}:
            break
        last, end = more["word"], more.end()
    return start, end


def age_in_words(days: int) -> str:
    """Say how old something is, as the model was trained to read it."""
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    for unit, length, most in (("days", 1, 14), ("weeks", 7, 60), ("months", 30, 720)):
        if days < most:
            return f"{days // length} {unit} ago"
    return f"{days // 365} years ago"


def _pair(question: Sequence[int], passage: Passage) -> _Encoded:
    """Lay a question and a passage out as the network reads them."""
    coder = _tokenizer()
    start, end = _marks()
    before = passage.heading
    encoding = coder.encode(before + passage.quote, add_special_tokens=False)
    tokens, offsets = encoding.ids[:PASSAGE_TOKENS], encoding.offsets[:PASSAGE_TOKENS]
    ids = [start, *question, end, *tokens, end]
    return _Encoded(ids, len(question) + 2, offsets, len(before))


def _span(
    one: _Encoded, scores: NDArray[np.float32], fitting: Sequence[tuple[int, int]] | None
) -> tuple[int, int] | None:
    """Choose the likeliest span that begins and ends within the quote, and overlaps ``fitting``."""
    first = next((n for n, (_, end) in enumerate(one.offsets) if end > one.prefix), None)
    if first is None:
        return None
    inside = scores[one.begins + first : one.begins + len(one.offsets)]
    count = len(inside)
    total = inside[:, 0][:, None] + inside[:, 1][None, :]
    reach = np.arange(count)[None, :] - np.arange(count)[:, None]
    allowed = (reach >= 0) & (reach < SPAN_TOKENS)
    if fitting is not None:
        allowed &= _overlapping([one.offsets[first + n] for n in range(count)], one.prefix, fitting)
    if not allowed.any():
        return None
    total = np.where(allowed, total, -np.inf)
    begin, end = np.unravel_index(int(total.argmax()), total.shape)
    start = max(one.offsets[first + int(begin)][0] - one.prefix, 0)
    return start, one.offsets[first + int(end)][1] - one.prefix


def _overlapping(
    tokens: Sequence[tuple[int, int]], prefix: int, fitting: Sequence[tuple[int, int]]
) -> NDArray[np.bool_]:
    """Return which spans, by first and last token, overlap one that fits."""
    starts = np.array([start - prefix for start, _ in tokens])
    ends = np.array([end - prefix for _, end in tokens])
    found = np.zeros((len(tokens), len(tokens)), dtype=np.bool_)
    for start, end in fitting:
        found |= (starts < end)[:, None] & (ends > start)[None, :]
    return found


@cache
def _tokenizer() -> Tokenizer:
    coder = tokenizer()
    coder.no_truncation()
    return coder


@cache
def _marks() -> tuple[int, int]:
    """Return the ids of the tokens before a question and after a text."""
    first, last = _tokenizer().encode("").ids
    return first, last


@cache
def _question_matrix() -> Vectors:
    file = resources.files("seeds").joinpath("weights", "question_matrix.npz")
    with file.open("rb") as stream, np.load(stream) as stored:
        found: Vectors = stored["matrix"].astype(np.float32)
    return found


@cache
def _session() -> InferenceSession:
    return load_network("answers.onnx")


@cache
def _judge() -> InferenceSession:
    return load_network("judge.onnx")


def load_network(name: str) -> InferenceSession:
    """Load a network from ``seeds/weights``."""
    # Importing this takes a tenth of a second that whoever runs no network need not wait.
    from onnxruntime import InferenceSession

    file = resources.files("seeds").joinpath("weights", name)
    with resources.as_file(file) as weights:
        return InferenceSession(str(weights), session_options(), providers=["CPUExecutionProvider"])
