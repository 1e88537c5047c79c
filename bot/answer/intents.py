"""The trained model of intents: a question, a call for the news in general, or something else.

A multinomial logistic regression over the vector of a text, trained by ``seeds/build_requests.py``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.text.networks import encode

Intent = Literal["question", "news", "request", "help", "remark"]
"""``news`` asks for the news in general: *top stories*; ``request`` is any other request to a bot,
``help`` asks how to use this one, or greets it, and a ``remark`` wants no reply: *thanks*, *ok*, an
emoji."""

INTENTS: tuple[Intent, ...] = ("question", "news", "request", "help", "remark")

SURELY_NONE, NONE_IF_NOTHING_FOUND = 0.25, 0.4
"""A text with a lower probability is no question: in any case, and if the store has no answer."""

REMARK_ABOVE = 0.6
"""A text with at least this probability of being a remark gets no reply."""

NEWS_ABOVE = 0.5
"""A text with at least this probability of ``news`` lists what matters."""

NOT_FROM_NEWS = (
    "I answer questions from the news stored here, and brief you on actors and events, with quotes"
    " and sources; I do nothing else. Try: who moved to Turkey? or: Qatar since March."
)

_LETTER = re.compile(r"[^\W_]")
_EMOJI = re.compile(r":[\w+'-]+:")
"""The name of an emoji, as Slack writes it: *:thumbsup:*"""

_MARKS = " ?!.,:;()…"
_KEPT = 1_000


def without_emoji(text: str) -> str:
    """Return a text without emoji and outer punctuation; empty if it has no letter."""
    plain = " ".join(_EMOJI.sub(" ", text).split()).strip(_MARKS)
    return plain if _LETTER.search(plain) else ""


@lru_cache(_KEPT)
def _chances(text: str) -> dict[Intent, float]:
    found = probabilities(encode([text.lower()]), trained())[0].tolist()
    return dict(zip(INTENTS, found, strict=True))


def learned_intent(text: str, below: float = SURELY_NONE) -> Intent:
    """Classify a text without emoji; it is a question unless its probability is ``below`` that.

    The news in general count as a question here.
    """
    chances = dict(_chances(text))
    if chances.pop("question") + chances.pop("news") >= below:
        return "question"
    likely = max(chances, key=lambda intent: chances[intent])
    return "request" if likely == "remark" and chances["remark"] < REMARK_ABOVE else likely


def asks_for_news(text: str) -> bool:
    """Return whether a text asks for the news in general: *top stories*, *today's headlines*.

    The names of actors may be left out of it, as in *key events in*.
    """
    plain = without_emoji(text)
    return bool(plain) and _chances(plain)["news"] >= NEWS_ABOVE


def features(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the features of texts, a row each: their vectors, and the bias."""
    return np.column_stack([vectors, np.ones(len(vectors))]).astype(np.float64)


def probabilities(
    vectors: NDArray[np.floating[Any]], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a row for each vector: the probability of each of ``INTENTS``."""
    odds = features(vectors) @ weights
    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return found


@cache
def trained() -> NDArray[np.float64]:
    """Read the weights that Dragoman ships with: a row per feature, a column per intent."""
    file = resources.files("seeds").joinpath("weights", "requests.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        weights: NDArray[np.float64] = arrays["weights"].astype(np.float64)
        return weights
