"""Questions about the news are told from other things that people type to a bot."""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib import resources
from subprocess import run

import pytest

from bot.answer.conversation import intent_of
from bot.answer.intents import NONE_IF_NOTHING_FOUND, Intent, asks_for_news
from bot.answer.question import Kind, understand
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load


@pytest.fixture(scope="module")
def actors() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


@pytest.mark.parametrize(
    "text",
    [
        "translate: what did the emir say",
        "summary of gaza talks",
        "remind me what hamas said",
        "summarise the fighting around the airport",
        "who wrote the letter to the court?",
        "did the weather delay the launch?",
        "when is the meeting of the finance ministers",
        "why tho",
        "source?",
        "really?",
        "more",
        "what do you read?",
        "anyone else reporting this?",
        "hi Qatar",
        "thanks, and Qatar?",
        "Okay Iran",
        "who is Tom Chart?",
        "q" * 400,
    ],
)
def test_what_is_looked_for(text: str, actors: ActorIndex) -> None:
    assert intent_of(text, actors) == "question"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("", "help"),
        ("?", "help"),
        ("hello :wave:", "help"),
        (":+1: :tada:", "remark"),
        ("🙏🙏", "remark"),
        ("...", "remark"),
        ("thx!!", "remark"),
        ("Summarize this thread for me please", "request"),
        ("can you translate it for me", "request"),
    ],
)
def test_what_is_not(text: str, intent: Intent, actors: ActorIndex) -> None:
    assert intent_of(text, actors) == intent


def test_what_was_held_out(actors: ActorIndex) -> None:
    """Few questions are refused, though many of them were chosen to look like requests."""
    file = resources.files("seeds").joinpath("weights", "request_labels.jsonl")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    held = [row for row in rows if row["part"] == "held out"]
    asked = [row["text"] for row in held if row["intent"] == "question"]
    assert len([one for one in asked if intent_of(one, actors) != "question"]) <= 3
    for intent, share in (("request", 0.8), ("help", 0.9), ("remark", 0.85)):
        texts = [row["text"] for row in held if row["intent"] == intent]
        found = [intent_of(text, actors, NONE_IF_NOTHING_FOUND) for text in texts]
        assert sum(one != "question" for one in found) >= share * len(texts), intent


def test_news_in_general_is_told_from_questions_about_one_thing() -> None:
    file = resources.files("seeds").joinpath("weights", "request_labels.jsonl")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    held = [row for row in rows if row["part"] == "held out"]
    general = [row["text"] for row in held if row["intent"] == "news"]
    others = [row["text"] for row in held if row["intent"] != "news"]
    assert sum(map(asks_for_news, general)) >= 0.95 * len(general)
    assert sum(map(asks_for_news, others)) <= 0.01 * len(others)


@pytest.mark.parametrize(
    ("text", "kind", "terms"),
    [
        ("top stories source:reuters", "new", ()),
        ("show me the main headlines -sport", "new", ()),
        ("Key events in Iran", "statement", ()),
        ("Qatar digest", "statement", ()),
        ("sports news", "statement", ("sports",)),
        ("business headlines", "statement", ("business", "headlines")),
        ("IRS announced it will do what this week", "statement", ("announced",)),
    ],
)
def test_filters_and_names_stand_beside_a_call_for_the_news_but_topics_do_not(
    text: str, kind: Kind, terms: tuple[str, ...], actors: ActorIndex
) -> None:
    found = understand(text, actors, date(2026, 3, 28))
    assert (found.kind, found.terms) == (kind, terms)


def test_who_names_an_actor_needs_no_encoder() -> None:
    code = (
        "import sys; from bot.answer.conversation import intent_of;"
        "from bot.match.gazetteer import load; from bot.match.actors import ActorIndex;"
        "assert intent_of('who attacked Iran?', ActorIndex(load().actors)) == 'question';"
        "assert 'onnxruntime' not in sys.modules"
    )
    run([sys.executable, "-c", code], check=True)
