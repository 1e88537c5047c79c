"""What is typed in a thread after an answer becomes a question of its own."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.answer.conversation import asks_for_more, follow_up, looks_like_follow_up
from bot.answer.question import LONGEST, understand
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.text.periods import find_period

TODAY = date(2026, 4, 1)
PAIRS = Path(__file__).parent / "data" / "follow_ups.csv"


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
        ("who attacked qatar", "iran and israel?", "who attacked iran and israel"),
        ("did israel strike iran", "did iran?", "did iran strike israel"),
        ("who attacked qatar", "and the emir?", "who attacked the emir of qatar"),
        # another time
        ("Qatar", "since May", "Qatar since May"),
        ("Qatar since March", "in 2024", "Qatar in 2024"),
        ("Qatar since March", "and last week?", "Qatar last week"),
        ("qatar", "what about doha last week", "doha last week"),
        ("floods in peru", "n march?", "floods in peru in march"),
        ("Qatar since March", "and before that?", "Qatar before 1 March 2026"),
        ("Qatar", "and before that?", "Qatar before 18 March 2026"),
        ("truce in may 2025", "and after that?", "truce after 31 May 2025"),
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
        ("us tariffs on china", "why tho", "why: US tariffs on china"),
        # words of its own, about the same
        ("did israel strike beirut", "any deaths?", "any deaths: did israel strike beirut"),
        ("strike on doha", "did iran deny it?", "did iran deny it: strike on doha"),
        (
            "any deaths: did israel strike beirut last week",
            "and in may 2025?",
            "any deaths: did israel strike beirut in may 2025",
        ),
        ("who attacked qatar", "how did Iran react?", "how did Iran react: who attacked qatar"),
        ("did hamas leave doha", "where did they go?", "where did they go: did hamas leave doha"),
        # pointing back
        (
            "qatar and iran",
            "how many times did they meet",
            "how many times did qatar and iran meet",
        ),
        ("erdogan", "what did he say about hamas?", "what did erdogan say about hamas?"),
        ("turkey and erdogan", "where is he now", "where is erdogan now"),
        ("iran", "and its allies?", "and iran's allies?"),
        (
            "what did pezeshkian do last week",
            "did he speak with Modi?",
            "did pezeshkian speak with Modi last week",
        ),
        ("Iran", "anything new?", "anything new: Iran"),
        # questions that need nothing of the old one
        ("qatar", "who leads hamas?", "who leads hamas?"),
        ("qatar", "who attacked iran?", "who attacked iran?"),
        ("qatar", "did iran deny it?", "did iran deny it?"),
        ("who attacked qatar", "is it true that iran attacked israel?", None),
        ("who attacked qatar", "who is erdogan?", None),
        ("who attacked qatar", "any news on Iran?", None),
        ("who attacked qatar", "who won the election in Poland?", None),
        ("who attacked qatar", "what happened in santorini", None),
        ("ceasefire talks", "did he meet erdogan", None),
        ("qatar", "thanks", "thanks"),
        ("ceasefire talks", "who attended them", "who attended them: ceasefire talks"),
    ],
)
def test_follow_ups(before: str, typed: str, asked: str | None, actors: ActorIndex) -> None:
    assert follow_up(before, typed, actors, TODAY) == (asked or typed)


@pytest.mark.parametrize(("part", "right"), [("dev", 29), ("held out", 57)])
def test_a_table_of_pairs(part: str, right: int, actors: ActorIndex) -> None:
    """Actors, act and period are kept, but for what the follow-up gives: of 30, and of 60."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == part]
    lost = {f"{row['question']} + {row['typed']}": _lost(row, actors) for row in rows}
    assert sum(not one for one in lost.values()) >= right, {k: v for k, v in lost.items() if v}


def _lost(row: dict[str, str], actors: ActorIndex) -> list[str]:
    """What is not as expected in the question that a pair of the table makes."""
    asked = follow_up(row["question"], row["typed"], actors, TODAY)
    question = understand(asked, actors, TODAY)
    expected = {one for name in row["actors"].split("|") for one in _named(name, actors)}
    found = find_period(row["period"], TODAY) if row["period"] else None
    wanted, period = found.period if found else None, question.period
    lost = [] if question.kind in row["kind"].split("|") else [f"kind {question.kind}"]
    lost += [] if _named(asked, actors) == expected else [asked]
    lost += [word for word in row["words"].split() if word not in question.terms]
    if (period and (period.start, period.end)) != (wanted and (wanted.start, wanted.end)):
        lost.append(f"period {period}")
    return lost


def _named(text: str, actors: ActorIndex) -> set[str]:
    return {one.matches[0].actor for one in actors.in_query(text, TODAY)}


def test_a_long_thread_stays_a_question(actors: ActorIndex) -> None:
    asked = "did israel strike beirut last week"
    for typed in ("any deaths?", "which ports?", "whose plane was it?", "how many dead?") * 20:
        asked = follow_up(asked, typed, actors, TODAY)
        assert len(asked) <= LONGEST


@pytest.mark.parametrize(
    "text",
    ["and Qatar?", "when?", "why tho", "same for egypt", "since May", "n in march?", "any deaths?",
     "who did it", "was it confirmed", "source?", "how many?", "did they retaliate?"],
)  # fmt: skip
def test_what_says_that_it_leads_on(text: str) -> None:
    assert looks_like_follow_up(text)


@pytest.mark.parametrize(
    "text",
    ["Qatar", "latest news", "who won the election", "Iran Turkey talks", "how are you?",
     "did Iran strike Israel", "any news?", "thanks", "tell me about the floods"],
)  # fmt: skip
def test_what_stands_alone(text: str) -> None:
    assert not looks_like_follow_up(text)


@pytest.mark.parametrize("text", ["more", "More?", "tell me more", "go on", "and what else?"])
def test_more_asks_for_the_rest(text: str) -> None:
    assert asks_for_more(text)


@pytest.mark.parametrize("text", ["more of the same", "no more", "what more do they want?", ""])
def test_what_asks_for_no_more(text: str) -> None:
    assert not asks_for_more(text)


def test_a_pasted_text_is_no_question_and_nobody_is_looked_for_in_it(actors: ActorIndex) -> None:
    pasted = "and Iran? " * 4_000
    assert follow_up("who moved to Turkey?", pasted, actors, TODAY) == pasted
