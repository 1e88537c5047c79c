"""The question model: what answers scores higher, and the words that answer are marked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.text.networks import (
    Passage,
    age_in_words,
    embed_question,
    encode,
    score_passages,
    whole_name,
)

FERRY = "Rescuers brought 212 passengers of the ferry Marigold ashore near Zanzibar."
OPERA = "The opera house of Lagos opened with a gala."


def test_the_passage_that_answers_scores_highest() -> None:
    passages = [Passage(OPERA), Passage(FERRY, age=2), Passage("It rained in Bergen.", "Weather")]
    scores = [one.logit for one in score_passages("how many got off the marigold", passages)]
    assert max(scores) == scores[1]


def test_the_words_that_answer_are_marked_in_the_quote() -> None:
    passage = Passage(FERRY, "Ferry runs aground off Zanzibar: 3 hurt", 2)
    span = score_passages("how many passengers were brought ashore", [passage])[0].span
    assert span is not None
    assert "212" in FERRY[span[0] : span[1]]


@pytest.mark.parametrize(
    "quote", ["", "é" * 40, "Ж" * 500, "word " * 400, "a\u0301 tone", "\U0001f30d \U0001f30d"]
)
def test_any_quote_is_scored_and_its_span_lies_inside(quote: str) -> None:
    title = "A title that is so long that it leaves the quote no room at all " * 9
    for passage in (Passage(quote), Passage(quote, title), Passage(quote, "Short", 3)):
        for asked in ("?", "who won", "who " * 200):
            score = score_passages(asked, [passage])[0]
            if score.span is not None:
                assert 0 <= score.span[0] <= score.span[1] <= len(quote)


def test_a_passage_is_scored_by_itself() -> None:
    passages = [Passage(FERRY), Passage(OPERA, "Lagos", 900)]
    together = score_passages("what opened in lagos", passages)
    alone = [score_passages("what opened in lagos", [one])[0] for one in passages]
    assert [one.logit for one in together] == pytest.approx([one.logit for one in alone], abs=1e-3)
    assert [one.span for one in together] == [one.span for one in alone]
    assert score_passages("what opened in lagos", []) == []


def test_a_question_lies_near_what_answers_it() -> None:
    asked = embed_question("did they save the folks on that boat off zanzibar")
    ferry, opera = encode([FERRY, OPERA])
    assert asked @ ferry > asked @ opera
    assert asked @ asked == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "today"),
        (0, "today"),
        (1, "yesterday"),
        (13, "13 days ago"),
        (15, "2 weeks ago"),
        (100, "3 months ago"),
        (800, "2 years ago"),
    ],
)
def test_an_age_is_worded_as_it_was_in_training(days: int, words: str) -> None:
    assert age_in_words(days) == words


@pytest.mark.parametrize(
    ("quote", "words", "whole"),
    [
        ("Mohammed Shia’ al-Sudani resigned.", "Mohammed Shia", "Mohammed Shia’ al-Sudani"),
        ("Iraq's Mohammed Shia' al-Sudani left", "Mohammed Shia", "Mohammed Shia' al-Sudani"),
        ("It was Ursula von der Leyen.", "Ursula", "Ursula"),
        ("They met Ada van Buren in Doha.", "Ada", "Ada van Buren"),
        ("They met in Doha on Monday.", "Doha", "Doha"),
        ("They met in Doha Monday.", "Doha", "Doha"),
        ("They killed 12 people.", "12", "12"),
        ("The vaccinations began.", "vaccin", "vaccinations"),
        ("“Nobody,” Prime Minister Ana Brnabić said", "Ana Brnab", "Ana Brnabić"),
        ("Nobody.", "", ""),
    ],
)
def test_a_span_takes_in_the_rest_of_a_name(quote: str, words: str, whole: str) -> None:
    start = quote.index(words)
    assert quote[slice(*whole_name(quote, (start, start + len(words))))] == whole


def test_the_runtime_of_the_networks_reports_nothing(tmp_path: Path) -> None:
    """It leaves a file with the number of its session where it reports."""
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    env.pop("ORT_DISABLE_TELEMETRY", None)
    code = "from bot.text.networks import encode; encode(['Iran met Qatar.'])"
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=300)
    assert list(tmp_path.iterdir()) == []
