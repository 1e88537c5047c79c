"""What somebody wants who types to us: an answer from the news, or something else.

People also type thanks, greetings, and requests that stored news cannot meet (*translate this*).
A multinomial logistic regression over the sentence vector tells these from questions;
``seeds/build_requests.py`` trains ``seeds/weights/requests.npz``. Refusing a question is worse
than looking for thanks: only what is surely no question is refused before it is looked for, and
what is doubtful once nothing was found.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.answer.asked.followups import asks_for_more, is_asking
from bot.answer.asked.intake import asks_what_is_read, asks_who_else
from bot.answer.asked.kinds import kind_of
from bot.answer.asked.question import LONGEST
from bot.match.actors import ActorIndex
from bot.text.encoder import encode

Intent = Literal["question", "request", "help", "remark"]
"""``request`` is anything else that a bot may be asked for, ``help`` asks how to use this one,
also by a greeting, and a ``remark`` wants no reply: *thanks*, *ok*, an emoji."""

INTENTS: tuple[Intent, ...] = ("question", "request", "help", "remark")

SURELY_NONE, NONE_IF_NOTHING_FOUND = 0.25, 0.4
"""Probability of a question below which a text is none: in any case, and where the store has no
answer to it."""

REMARK_ABOVE = 0.6
"""Probability of a remark from which no reply is given."""

NOT_FROM_NEWS = (
    "I answer questions from the news stored here, and brief you on actors and events, with quotes"
    " and sources; I do nothing else. Try: who moved to Turkey? or: Qatar since March."
)

_LETTER = re.compile(r"[^\W_]")
_EMOJI = re.compile(r":[\w+'-]+:")
"""An emoji by its name, as Slack writes it: *:thumbsup:*"""

_MARKS = " ?!.,:;()…"
_KEPT = 1_000


def intent_of(text: str, actors: ActorIndex, below: float = SURELY_NONE) -> Intent:
    """Tell what a text wants, which is a question unless its probability is ``below`` that.

    The encoder is not needed for a text that names an actor.
    """
    if not text.strip(" ?\n\t"):
        return "help"
    plain = bare(text)
    if not plain:
        return "remark"
    return "question" if _surely_asks(text, actors) else _learned(plain, below)


def bare(text: str) -> str:
    """A text without emoji, and without the marks at its ends; empty where it has no letter."""
    plain = " ".join(_EMOJI.sub(" ", text).split()).strip(_MARKS)
    return plain if _LETTER.search(plain) else ""


def _surely_asks(text: str, actors: ActorIndex) -> bool:
    if len(text) > LONGEST or asks_for_more(text) or is_asking(text):
        return True
    if kind_of(text) == "new" or asks_what_is_read(text) or asks_who_else(text) is not None:
        return True
    names = actors.in_query(text)
    if len(names) == 1 and not _LETTER.search(text.replace(names[0].text, "", 1)):
        return names[0].verdict == "sure" or names[0].matches[0].how == "exact"
    return any(one.verdict == "sure" and one.matches[0].how == "exact" for one in names)


@lru_cache(_KEPT)
def _learned(text: str, below: float) -> Intent:
    chances = dict(zip(INTENTS, probabilities(encode([text]), trained())[0], strict=True))
    if chances.pop("question") >= below:
        return "question"
    likely = max(chances, key=lambda intent: chances[intent])
    return "request" if likely == "remark" and chances["remark"] < REMARK_ABOVE else likely


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
    """Read the weights that come with Dragoman: a row a feature, a column an intent."""
    file = resources.files("seeds").joinpath("weights", "requests.npz")
    with resources.as_file(file) as path, np.load(path) as arrays:
        weights: NDArray[np.float64] = arrays["weights"].astype(np.float64)
        return weights
