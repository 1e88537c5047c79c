"""Which spans of a quote may answer, by what was asked: names, dates, numbers and places."""

from __future__ import annotations

import re

import pytest

from bot.answer.question import understand
from bot.answer.retrieval import AnswerType, answer_spans, answer_type, is_history
from bot.match.actors import ActorIndex
from tests.arrivals import NOW
from tests.replies import snippet

NOBODY = ActorIndex([], [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who moved to Ankara?", "name"),
        ("Which show was renewed?", "name"),
        ("What is the name of the storm?", "name"),
        ("When did the talks begin?", "date"),
        ("In which year did the war begin?", "date"),
        ("How many people were hurt?", "count"),
        ("How many women were hurt?", "count"),
        ("How many dollars did it cost?", "number"),
        ("How many million US dollars did it cost?", "number"),
        ("How many per cent voted?", "number"),
        ("How often did they meet?", "number"),
        ("What percentage of voters stayed home?", "number"),
        ("Where did the ship sink?", "place"),
        ("Which African country left the bloc?", "place"),
        ("In which city was the summit?", "place"),
        ("Which statement was withdrawn?", "name"),
        ("Did the minister resign?", None),
        ("ceasefire talks", None),
    ],
)
def test_what_kind_of_span_is_sought(text: str, kind: AnswerType | None) -> None:
    assert answer_type(understand(text, NOBODY, NOW.date())) == kind


QUOTES: list[tuple[AnswerType, str, str, str | None]] = [
    ("name", "who resigned", "On Monday Prime Minister Ada Lindqvist resigned.", "Ada Lindqvist"),
    ("name", "who resigned", "The minister resigned on the same day.", None),
    ("name", "who met ada lindqvist", "Ada Lindqvist met Bo Ek.", "Bo Ek"),
    ("name", "which film won", "The prize went to “The Long Tide” again.", "“The Long Tide”"),
    ("date", "when did talks begin", "The talks began on 3 March 2024.", "3 March 2024"),
    ("date", "when did talks begin", "The talks began late.", None),
    ("date", "when in 2024 did talks begin", "In 2024 talks began on Tuesday.", "Tuesday"),
    ("count", "how many were hurt", "At least 1,200 people were hurt.", "1,200"),
    ("count", "how many were hurt", "Three were hurt, the mayor said.", "Three"),
    ("number", "how much was paid", "They paid $3.5 million for it.", "$3.5 million"),
    (
        "count",
        "how many died",
        "The flood did damage of 5.6 billion kips, a third of it in Laos.",
        None,
    ),
    ("count", "how many died", "It cost $12, €3 million, 40 per cent or 7% more.", None),
    ("count", "how many died", "It cost 12 million Swiss francs and 5 riyals a head.", None),
    ("count", "how many died", "Repairs cost two million dollars.", None),
    (
        "count",
        "how many died",
        "A 14-year-old spoke; so did a girl aged 9, and he is 71 years old.",
        None,
    ),
    ("count", "how many died", "A two-year-old spoke.", None),
    ("count", "how many died", "In 2019, as in the 1998 flood, it rained.", None),
    ("count", "how many died", "Of 2000 people, all lived.", "2000"),
    ("count", "how many died", "Of 2,019, all lived.", "2,019"),
    ("count", "how many died", "It was an F-16, the police said.", None),
    ("count", "how many seats did it win", "It took 12 seats.", "12"),
    ("number", "how much was paid", "They paid 300, or so.", "300"),
    ("count", "how many died", "Twenty-two died, and fifteen are missing.", "Twenty-two"),
    ("count", "how many died", "Nobody died.", "Nobody"),
    ("number", "how many of the 12 were hurt", "Of the 12, none spoke.", None),
    ("place", "where did it sink", "The ferry sank near Zanzibar at night.", "Zanzibar"),
    ("place", "where did it sink", "The ferry sank at night.", None),
]


@pytest.mark.parametrize(("kind", "asked", "quote", "expected"), QUOTES)
def test_a_span_that_may_answer(
    kind: AnswerType, asked: str, quote: str, expected: str | None
) -> None:
    found = [
        quote[one:two] for one, two in answer_spans(kind, quote, set(re.findall(r"\w+", asked)))
    ]
    assert (expected in found) if expected else not found


@pytest.mark.parametrize(
    ("words", "old"),
    [
        ("1957", True),
        ("February 1952", True),
        (str(NOW.year), False),
        ("Thursday", False),
        ("June", False),
    ],
)
def test_a_date_long_before_its_report_is_history(words: str, old: bool) -> None:
    one = snippet(f"She came in {words}.", published=NOW)
    assert is_history(one, (12, 12 + len(words))) is old
    assert not is_history(one, None)
