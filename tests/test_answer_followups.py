"""What is typed in a thread after an answer becomes a question of its own."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answer.asked.followups import asks_for_more, follow_up
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load

TODAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def actors() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


@pytest.mark.parametrize(
    ("before", "typed", "asked"),
    [
        # another name
        ("who moved to turkey?", "and qatar?", "who moved to qatar?"),
        ("who moved to turkey?", "What about Qatar?", "who moved to Qatar?"),
        (
            "what happened between qatar and iran",
            "turkey?",
            "what happened between qatar and turkey",
        ),
        ("when will the emir visit tehran", "and baghdad?", "when will the emir visit baghdad"),
        ("latest news", "and for Qatar", "latest news Qatar"),
        # another time
        ("Qatar", "since May", "Qatar since May"),
        ("Qatar since March", "in 2024", "Qatar in 2024"),
        ("Qatar since March", "and last week?", "Qatar last week"),
        ("qatar", "what about doha last week", "doha last week"),
        # filters
        ("who attacked iran", "from:reuters", "who attacked iran from:reuters"),
        ("Iran", "only -israel", "Iran -israel"),
        # the same, otherwise
        ("who moved to turkey?", "when was that?", "when: who moved to turkey?"),
        ("did israel attack iran", "why?", "why: did israel attack iran"),
        ("why: did israel attack iran", "when?", "when: did israel attack iran"),
        ("hamas leaving doha", "is that true?", "is it true: hamas leaving doha"),
        ("hamas leaving doha", "who says so?", "who said: hamas leaving doha"),
        ("hamas in doha", "still true?", "still true: hamas in doha"),
        ("qatar visits", "how often?", "how often: qatar visits"),
        # pointing back
        (
            "qatar and iran",
            "how many times did they meet",
            "how many times did qatar and iran meet",
        ),
        ("erdogan", "what did he say about hamas?", "what did erdogan say about hamas?"),
        ("turkey and erdogan", "where is he now", "where is erdogan now"),
        ("iran", "and its allies?", "and iran's allies?"),
        ("Iran", "anything new?", "anything new: Iran"),
        # questions that need nothing of the old one
        ("qatar", "who leads hamas?", "who leads hamas?"),
        ("qatar", "who attacked iran?", "who attacked iran?"),
        ("qatar", "did iran deny it?", "did iran deny it?"),
        ("qatar", "thanks", "thanks"),
        ("ceasefire talks", "who attended them", "who attended them"),
    ],
)
def test_follow_ups(before: str, typed: str, asked: str, actors: ActorIndex) -> None:
    assert follow_up(before, typed, actors, TODAY) == asked


@pytest.mark.parametrize("text", ["more", "More?", "tell me more", "go on", "and what else?"])
def test_more_asks_for_the_rest(text: str) -> None:
    assert asks_for_more(text)


@pytest.mark.parametrize("text", ["more of the same", "no more", "what more do they want?", ""])
def test_what_asks_for_no_more(text: str) -> None:
    assert not asks_for_more(text)


def test_a_pasted_text_is_no_question_and_nobody_is_looked_for_in_it(actors: ActorIndex) -> None:
    pasted = "and Iran? " * 4_000
    assert follow_up("who moved to Turkey?", pasted, actors, TODAY) == pasted
