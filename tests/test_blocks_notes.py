import json
import re
from datetime import date
from typing import Any

import pytest

from bot.models import (
    DidYouMean,
    Nothing,
    Period,
)
from handlers.blocks import limits, notes
from handlers.blocks.layout import Payload
from handlers.blocks.notes import Do
from handlers.blocks.reply import answer_message, brief_message, reply_message
from tests.payloads import spoken
from tests.replies import answer, brief, buttons, line, match, sentence, texts

HOSTILE = [
    "<!channel> *Qatar* met <@U1> & _Iran_ <https://evil.example|click>",
    "\u202eQatar met Iran `code` ```block``` ~no~ :smile:",
    "التقى أمير قطر رئيس إيران <!here>",
    "> not a block quote | either",
]


@pytest.mark.parametrize("quote", HOSTILE)
def test_hostile_text_is_only_text(quote: str) -> None:
    reply = brief(
        query=quote,
        subjects=(match(name=quote, query=quote[:20]),),
        in_short=(line(quote, publisher=quote, url="https://example.org/?a=<b>|c"),),
        happened=(line(quote[::-1], 1, actor=quote, act=quote, target=quote, claimant=quote),),
    )
    for payload in (brief_message(reply), nothing_for(quote), notes.sentence(quote)):
        assert limits.problems(payload) == []
        for text in spoken(payload):
            powers = re.sub(r"<https://(jpost\.com|example\.org)/[^|<>]*\|[^<>]*>", "", text)
            assert "<" not in powers, text
            assert "\u202e" not in text


def nothing_for(query: str) -> Payload:
    return reply_message(Nothing(query=query, nearest=(match(),)), do="brief")


def test_nothing_is_said_honestly_with_the_nearest_names() -> None:
    near = (match("Rwanda", "Wakanda"), match("Canada", "Wakanda"))
    payload = notes.nothing(Nothing(query="Wakanda", nearest=near, undated_left_out=2))
    said = "Nothing stored about “Wakanda”; nearest: *Rwanda* (state), *Canada* (state)."
    assert payload["text"].startswith(said)
    assert texts(payload).startswith("Nothing stored about “Wakanda”.\n")
    assert "*Rwanda* (state), *Canada* (state)" in texts(payload)
    assert "2 undated articles left out." in texts(payload)
    assert [json.loads(b["value"]) for b in buttons(payload)] == [
        {"do": "brief", "q": "Rwanda"},
        {"do": "brief", "q": "Canada"},
    ]
    assert limits.problems(payload) == []


def test_nothing_in_a_period_names_the_period() -> None:
    reply = Nothing(
        query="Qatar since 2030", subjects=(match(),), period=Period(start=date(2030, 1, 1))
    )
    assert notes.nothing(reply)["text"] == "Nothing stored about *Qatar* since 1 Jan 2030."
    week = Period(start=date(2026, 3, 16), end=date(2026, 3, 22), label="last week")
    said = "Nothing stored about *Qatar*, last week (16 Mar 2026 to 22 Mar 2026)."
    assert notes.nothing(reply.model_copy(update={"period": week}))["text"] == said


@pytest.mark.parametrize(
    ("articles", "asked", "said"),
    [
        (23, Period(start=date(2030, 1, 1)), "Outside that period: 23 articles."),
        (23, None, "23 articles name Qatar."),
        (1, None, "One article names Qatar."),
    ],
)
def test_nothing_says_what_there_is_all_the_same(
    articles: int, asked: Period | None, said: str
) -> None:
    reply = Nothing(query="q", subjects=(match(),), period=asked, articles=articles)
    assert said in texts(notes.nothing(reply, do="ask"))


def test_did_you_mean_offers_a_button_for_each() -> None:
    reply = DidYouMean(query="guinea", candidates=(match("Guinea"), match("Guinea-Bissau")))
    payload = notes.did_you_mean(reply)
    assert limits.problems(payload) == []
    assert [b["action_id"] for b in buttons(payload)] == ["choose:0", "choose:1"]
    assert [b["text"]["text"] for b in buttons(payload)] == ["Guinea", "Guinea-Bissau"]


def test_an_actor_is_offered_once() -> None:
    reply = DidYouMean(query="x", candidates=(match("A"), match("B"), match("A"), match("C")))
    payload = notes.did_you_mean(reply)
    assert [b["text"]["text"] for b in buttons(payload)] == ["A", "B", "C"]
    assert texts(payload).count("*A*") == 1


def test_a_choice_asks_the_same_question_again() -> None:
    reply = DidYouMean(
        query="what did guinea do?", candidates=(match("Guinea-Bissau", query="Guinea"),)
    )
    (choice,) = buttons(notes.did_you_mean(reply, do="ask"))
    assert json.loads(choice["value"]) == {"do": "ask", "q": "what did Guinea-Bissau do?"}


def test_a_button_that_could_not_carry_its_value_is_not_there() -> None:
    reply = DidYouMean(query="x" * 2500 + " guinea", candidates=(match("Guinea", "guinea"),))
    payload = notes.did_you_mean(reply, do="ask")
    assert buttons(payload) == []
    assert limits.problems(payload) == []


def test_an_answer_begins_with_its_sentence() -> None:
    payload = answer_message(answer())
    assert limits.problems(payload) == []
    assert texts(payload).startswith("“Leaders of Hamas left Doha for Turkey.” —")
    assert payload["text"].startswith("“Leaders")
    assert "*Türkiye* (state; you typed _Turkey_ — showing Türkiye)" in texts(payload)


def test_an_answer_not_found_is_an_honest_no() -> None:
    payload = answer_message(answer(answered=False, lines=(), nearest=(match("Iran", "Turkey"),)))
    assert payload["text"].startswith(
        "Nothing stored answers “who moved to Turkey?”; nearest: *Iran* (state)."
    )
    assert texts(payload).startswith("Nothing stored answers “who moved to Turkey?”.")
    assert json.loads(buttons(payload)[0]["value"])["q"] == "who moved to Iran?"
    assert limits.problems(payload) == []


NEAREST: list[tuple[dict[str, Any], Do, str]] = [
    ({}, "brief", "Nothing stored about “penguins”."),
    (
        {"near": (line("Emperors of the ice met.", 1), line("Ice melts.", 2))},
        "brief",
        "No stored article clearly answers that. Nearest: “Emperors of the ice met.” — ",
    ),
    (
        {"near": (line("Emperors of the ice met.", 1),), "subjects": (match(),)},
        "ask",
        "No stored article clearly answers that. Nearest: “Emperors of the ice met.” — ",
    ),
    (
        {"near": (line("Ice melts.", 1),), "near_only_named": True, "subjects": (match("Iran"),)},
        "ask",
        "No stored article clearly answers that. Other reports about Iran: “Ice melts.” — ",
    ),
    (
        {"nearest": (match("Penn"),), "near": (line("Ice melts.", 1),)},
        "brief",
        "No stored article clearly answers that. Nearest: “Ice melts.” — ",
    ),
    (
        {"near": (line("Ice melts.", 1),), "period": Period(start=date(2030, 1, 1))},
        "ask",
        "No stored article clearly answers that since 1 Jan 2030. Nearest: “Ice melts.” — ",
    ),
]


@pytest.mark.parametrize(("more", "do", "begins"), NEAREST)
def test_a_notification_never_shows_what_is_near_as_an_answer(
    more: dict[str, Any], do: Do, begins: str
) -> None:
    payload = notes.nothing(Nothing(query="penguins", **more), do=do)
    assert payload["text"].startswith(begins)
    assert limits.problems(payload) == []
    for moved in (notes.instead(payload, "C1", "not_in_channel"), notes.for_guest(payload)):
        assert moved["text"].startswith(begins)


def test_a_notification_says_first_what_the_lines_do_not_tell() -> None:
    lacking = "No stored sentence gives a reason; these tell of it."
    payload = answer_message(answer(notes=("16 articles name Hamas.", lacking), lacking=lacking))
    assert payload["text"].startswith(f"{lacking} “Leaders of Hamas left Doha for Turkey.” — ")
    assert limits.problems(payload) == []


def test_an_answer_of_many_lines_says_how_many_it_left_out() -> None:
    lines = tuple(line(sentence(n), n) for n in range(9))
    payload = answer_message(answer(lines=lines))
    assert "5 more sentences left out." not in texts(payload)  # they are behind More
    asked = answer(lines=lines, query="who " * 600)
    assert "5 more sentences left out." in texts(answer_message(asked))
    assert limits.problems(payload) == []


def test_usage_and_sentences_are_messages() -> None:
    assert limits.problems(notes.usage()) == []
    assert limits.problems(notes.sentence("x" * 40_000)) == []
