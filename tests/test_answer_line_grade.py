"""How good a line is for a brief: features of its words and place, and what the weights make of them."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answer.line_grade import Passage, combination, features_of, grade
from bot.read import text_kinds

NEWS = np.array([0.9, 0.05, 0.0, 0.0, 0.0, 0.05])
TITLE = "Borduria closes its border with Syldavia"


def _features(quote: str, start: int = 0, field: str = "text", at: int = 0) -> dict[str, float]:
    return features_of(Passage(field, start, quote, [at]), TITLE, NEWS)


def _grade(quote: str, start: int = 0, at: int = 0) -> float:
    return grade(_features(quote, start, at=at))


GOOD = "Borduria closed its border with Syldavia on Monday, the interior ministry said."


@pytest.mark.parametrize(
    "worse",
    [
        "Hide Caption 11 of 31 Photos: Borduria and its border in 1996",
        "It closed the border after Borduria lost patience.",
        "What does Borduria want?",
        "– and Borduria again",
        "Tourists like the cafés of old towns in Ruritania, Zembla and also in Borduria.",
    ],
)
def test_what_happened_is_better_than_captions_questions_and_mentions(worse: str) -> None:
    assert _grade(GOOD) > _grade(worse, start=4_000, at=worse.index("Borduria")) + 0.3


def test_features_of_a_sentence() -> None:
    found = _features("Ruritania said that Borduria, too, had closed", start=700, at=20)
    assert (found["title"], found["named"], found["named first"]) == (0.0, 1.0, 0.0)
    assert found["named late"] == pytest.approx(3 / 7)
    assert (found["unfinished"], found["early"], found["question"]) == (1.0, 0.0, 0.0)
    assert found["place"] == pytest.approx(np.log1p(3.5))
    assert sum(found[f"sentence {kind}"] for kind in text_kinds.SENTENCES) == pytest.approx(1.0)
    assert found["article news"] == 0.9
    assert "headline of news" not in found


def test_a_passage_that_names_nobody() -> None:
    found = features_of(Passage("text", 0, "", []), "", NEWS)
    assert (found["named"], found["named late"], found["like the title"]) == (0.0, 0.0, 0.0)


def test_a_better_line_makes_an_article_more_relevant() -> None:
    weights = combination()
    assert weights["relevance"] > 0
    assert weights["grade"] > 0
