"""The measure of extraction: runs of words shared, as its benchmark counts them."""

from __future__ import annotations

import pytest

from tests.bench.extraction import scored, shared


@pytest.mark.parametrize(
    ("body", "text", "length", "precision", "recall"),
    [
        ("a b c d e", "a b c d e", 4, 1.0, 1.0),
        ("a b c d e", "a b c d", 4, 1.0, 0.5),
        ("a b c d", "a b c d x y", 4, 1 / 3, 1.0),
        ("a b c d", "a, b; c. d", 4, 1.0, 1.0),
        ("a b c d", "A b c d", 4, 0.0, 0.0),
        ("a b", "a b", 4, 1.0, 1.0),  # shorter than a run: one run of all there is
        ("a a b", "a b b", 1, 2 / 3, 2 / 3),
        ("a b", "", 4, None, 0.0),
        ("", "a b", 4, 0.0, None),
        ("", "", 4, None, None),
    ],
)
def test_shared(
    body: str, text: str, length: int, precision: float | None, recall: float | None
) -> None:
    assert shared(body, text, length) == (precision, recall)


def test_an_average_is_over_pages_and_not_over_words() -> None:
    bodies = {"one": "a b c d", "two": "e " * 400}
    texts = {"one": "w x y z", "two": "e " * 400}
    found = scored(bodies, texts, ["one", "two"])
    assert found["f1_tokens"] == found["precision_shingles"] == 0.5
