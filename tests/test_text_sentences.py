"""Sentences of hostile texts: what is looked at grows as the text does, and spans are exact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentencex import get_sentence_boundaries

from bot.text import sentences as module
from bot.text.sentences import sentences

RUNS = [
    "“",
    "‘",
    "«",
    "„",
    "‹",
    "“‘«„‹",
    "’",
    "'",
    '"',
    "(",
    "[",
    "([{",
    ".",
    "?!",
    "…",
    "\n",
    "\u0301",
]
RUNS += ["Mr. ", "“a", "‘ a b. ", "«Iran said. ", "“\u0301", "(“", "a's ", "A. “", "“ \n"]


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pieces that are given to sentencex."""
    pieces: list[str] = []

    def counted(language: str, text: str) -> Iterator[dict[str, Any]]:
        pieces.append(text)
        yield from get_sentence_boundaries(language, text)

    monkeypatch.setattr(module, "get_sentence_boundaries", counted)
    return pieces


def work(pieces: list[str]) -> int:
    """Bound what sentencex does: from each mark it may look through all that follows."""
    return sum(len(one) * (1 + len(module._MARK.findall(one))) for one in pieces)


@pytest.mark.parametrize("unit", RUNS)
def test_work_grows_as_the_text_does(unit: str, looked: list[str]) -> None:
    spent = []
    for size in (50_000, 100_000, 200_000):
        looked.clear()
        sentences((unit * size)[:size])
        spent.append(work(looked))
        assert sum(map(len, looked)) <= 2 * size + module._MOST_CHARACTERS
        assert all(len(one) <= module._MOST_CHARACTERS for one in looked)
    assert spent[2] <= 2.2 * spent[1] <= 4.84 * spent[0]


@pytest.mark.parametrize("unit", RUNS)
def test_spans_are_in_order_and_hold_every_word(unit: str) -> None:
    text = f"Iran met Qatar. {unit * 5_000} Oman thanked Kuwait.\n\nAll went home."
    found = sentences(text)
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    outside = set(range(len(text))) - {at for span in found for at in range(*span)}
    assert all(text[at].isspace() for at in outside)
    assert text[slice(*found[-1])] == "All went home."


def test_a_long_paragraph_is_split_where_its_sentences_end() -> None:
    told = [
        f"Delegate {n} of the “Blue Council” met {n + 1} others, didn't she?" for n in range(900)
    ]
    text = " ".join(told)
    assert [text[start:end] for start, end in sentences(text)] == told


@given(st.text(st.sampled_from("“‘«'”’ab. \nA"), max_size=400))
def test_what_is_within_the_limits_is_split_as_ever(text: str) -> None:
    whole = sentences(text)
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(module, "_MOST_MARKS", 10_000)
        limits.setattr(module, "_MOST_CHARACTERS", 10_000_000)
        unlimited = sentences(text)
    if len(module._MARK.findall(text)) <= 200:
        assert whole == unlimited


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("• Iran met Qatar.", "Iran met Qatar."),
        ("• ‣ Iran met Qatar.", "Iran met Qatar."),
        ("•", "•"),
        ("- 3.2 million in May.", "- 3.2 million in May."),
        ("— Reuters", "— Reuters"),
        ("• – 3 degrees", "– 3 degrees"),
    ],
)
def test_bullets_are_left_out_and_dashes_kept(text: str, words: str) -> None:
    [(start, end)] = sentences(text)
    assert text[start:end] == words
