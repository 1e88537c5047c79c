"""How an answer looks, in Slack and on the command line: the words that answer, then lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.answer.cli_output import plain_text, row_of, without_marks
from bot.answer.formatting import answer_phrase, first_lines
from bot.answer.retrieval import Retrieved
from bot.models import Answer, Line, Nothing, Period, Reply, Status
from handlers.blocks.layout import ONE_SCREEN, Payload, visible
from handlers.blocks.limits import problems
from handlers.blocks.limits import texts as shown_texts
from handlers.blocks.notes import nothing
from handlers.blocks.reply import answer_lines_shown, reply_message
from tests.replies import NOW, actions, answer, buttons, line, match, quotes, sentence, texts

SEATS = "The Lantern Party won 348 seats in the Assembly of Quenora."
NEAR = "No stored article clearly answers that. Nearest:"


def telling(quote: str, words: str, n: int = 0, **more: Any) -> Line:
    """A line whose quote answers with ``words``."""
    start = quote.index(words)
    return line(quote, n, answer=(start, start + len(words)), **more)


def written(reply: Reply) -> str:
    return without_marks(plain_text(reply, "UTC"))


def messages(reply: Reply) -> Payload:
    payload = reply_message(reply, do="ask")
    assert problems(payload) == []
    return payload


def test_the_words_that_answer_stand_first_and_then_the_sentence() -> None:
    reply = answer(lines=(telling(SEATS, "348 seats"), line(sentence(1), 1)))
    payload = messages(reply)
    first, second, *_ = texts(payload).splitlines()
    assert first == "*348 seats*"
    assert second.startswith("“The Lantern Party won *348 seats* in the Assembly of Quenora.” — <")
    assert payload["text"].startswith("*348 seats*: “The Lantern Party won *348 seats* in")
    told = written(reply).splitlines()
    assert told[0] == "348 seats"
    assert told[1] == f"  “{SEATS}”"
    assert told[2].startswith("    — jpost.com, 28 Mar 2026")
    assert plain_text(reply, "UTC").startswith("\x1b[1m348 seats\x1b[0m\n")


def test_a_summary_begins_with_the_words_that_answer() -> None:
    looked = Retrieved(articles=(), candidates=())
    row = row_of(answer(lines=(telling(SEATS, "348 seats"),)), looked, "UTC")
    assert row["summary"] == f"348 seats: “{SEATS}” — jpost.com, 28 Mar 2026"
    row = row_of(answer(lines=(line(SEATS),)), looked, "UTC")
    assert row["summary"] == f"“{SEATS}” — jpost.com, 28 Mar 2026"


def test_without_a_span_the_sentence_is_first() -> None:
    reply = answer(lines=(line(SEATS), telling(sentence(1), "word1x3 word1x4", 1)))
    assert texts(messages(reply)).startswith("• “The Lantern Party won 348 seats in the Assembly")
    assert messages(reply)["text"].startswith("“The Lantern Party won 348 seats")
    assert written(reply).startswith(f"  “{SEATS}”\n")


def test_long_words_are_cut_after_the_twelfth() -> None:
    long = sentence(0)
    reply = answer(lines=(telling(long, " ".join(long.split()[4:24])),))
    phrase = answer_phrase(reply)
    assert phrase == " ".join(long.split()[4:16]) + "…"
    assert texts(messages(reply)).startswith(f"*{phrase}*\n")
    assert written(reply).startswith(f"{phrase}\n")


@pytest.mark.parametrize(
    ("quote", "words", "phrase"),
    [
        ("It is 5 * 3 _kg_, he said.", "5 * 3 _kg_", "5 * 3 _kg_"),
        ("The *ferry* sank off\nZanzibar on Monday.", "off\nZanzibar,".rstrip(","), "off Zanzibar"),
        ("Officials counted 348 seats, all in Quenora.", "348 seats,", "348 seats"),
        ("She lives in the U.S. now, friends say.", "the U.S.", "the U.S."),
        ("多哈的部长星期二会见了伊朗外长并讨论停火。", "伊朗外长", "伊朗外长"),
        ("<!channel> was in <@U1> there, it said.", "<@U1>", "<@U1>"),
        (f"One {'x' * 200} {'stood there ' * 10}today.", "x" * 200, "…"),
    ],
)
def test_words_that_answer_are_verbatim(quote: str, words: str, phrase: str) -> None:
    reply = answer(lines=(telling(quote, words),))
    found = answer_phrase(reply)
    assert found.endswith(phrase)
    assert found.removesuffix("…") in " ".join(quote.split())
    assert len(found) <= 121
    payload = messages(reply)
    assert "<!channel>" not in payload["text"]
    assert "<@U1>" not in payload["text"]


@pytest.mark.parametrize("words", [SEATS, SEATS.rstrip("."), SEATS.partition(" ")[2]])
def test_words_that_are_nearly_all_of_the_quote_do_not_stand_twice(words: str) -> None:
    reply = answer(lines=(telling(SEATS, words),))
    assert answer_phrase(reply) == ""
    assert texts(messages(reply)).count("Assembly of Quenora") == 1
    assert written(reply).count("Assembly of Quenora") == 1


def test_what_does_not_answer_has_no_words_in_bold() -> None:
    lacking = "No stored sentence gives a reason; these tell of it."
    reply = answer(lines=(telling(SEATS, "348 seats"),), notes=("A.", lacking), lacking=lacking)
    payload = messages(reply)
    assert texts(payload).startswith(f"{lacking}\n“The Lantern Party won 348 seats in")
    assert texts(payload).count(lacking) == 1
    assert payload["text"].startswith(f"{lacking} “The Lantern Party won 348 seats in")
    told = plain_text(reply, "UTC")
    assert told.startswith(f"{lacking}\n  “{SEATS}”")
    assert told.count(lacking) == 1
    assert "\x1b" not in told


@pytest.mark.parametrize("asked", ["versus", "is it true", "still"])
def test_no_side_of_two_is_taken_for_the_answer(asked: str) -> None:
    both = (
        telling(SEATS, "348 seats", heading="Reported"),
        line("The party denies it.", 1, heading="Denied"),
    )
    assert answer_phrase(answer(lines=both, asked=asked)) == ""
    assert answer_phrase(answer(lines=both[:1], asked=asked)) == "348 seats"
    told = texts(messages(answer(lines=both[:1], asked=asked)))
    assert told.startswith("*348 seats*\n*Reported* “The Lantern")
    assert written(answer(lines=both[:1], asked=asked)).startswith("348 seats\n\nReported\n  “")
    assert not written(answer(lines=both, asked=asked)).startswith("\n")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": Status.PLANNED}, "planned"),
        ({"claimant": "Iran", "status": Status.DENIED}, "denied, claimed by Iran"),
    ],
)
def test_the_standing_of_what_answers_is_said_once_beside_it(
    more: dict[str, Any], said: str
) -> None:
    reply = answer(lines=(telling(SEATS, "348 seats", **more),))
    first, second, *_ = texts(messages(reply)).splitlines()
    assert first == f"*348 seats* (_{said}_)"
    assert said.partition(",")[0] not in second
    assert messages(reply)["text"].startswith(f"*348 seats* (_{said}_): “")
    assert written(reply).startswith(f"348 seats ({said})\n  “")
    assert written(reply).count(said) == 1


def test_an_answer_has_at_most_four_lines_and_the_rest_is_under_more() -> None:
    lines = tuple(line(sentence(n), n) for n in range(9))
    reply = answer(lines=lines)
    payload = messages(reply)
    assert len(quotes(texts(payload))) == 4
    assert actions(payload) == ["more", "good", "bad", "sources", "wrong"]
    assert len(buttons(payload)) == 4
    assert visible(payload) <= ONE_SCREEN
    assert answer_lines_shown(reply) == list(lines[:4])
    assert written(reply).count("    — ") == 4
    assert "5 more lines" in written(reply)
    whole = reply_message(reply, do="ask", whole=True)
    assert problems(whole) == []
    assert len(quotes(texts(whole))) == 9
    assert "more" not in actions(whole)
    assert answer_lines_shown(reply, whole=True) == list(lines)


def test_more_is_there_only_where_there_is_more() -> None:
    lines = tuple(line(sentence(n), n) for n in range(4))
    assert actions(messages(answer(lines=lines))) == ["sources", "wrong", "good", "bad"]
    read = tuple(one.model_copy(update={"fact": "a.1"}) for one in lines)
    menu = ["sources", "good", "bad", "wrong", "wrong_fact"]
    assert actions(messages(answer(lines=read))) == menu


@pytest.mark.parametrize(
    ("lists", "kept"),
    [
        ("AAAAAA", "AAAA"),
        ("AAABBB", "AABB"),
        ("ABBBBB", "ABBB"),
        ("AAAAB", "AAAB"),
        ("AAABBBCC", "AABC"),
        ("ABCDEF", "ABCDEF"),
        ("AABCDEF", "ABCDEF"),
        ("", ""),
    ],
)
def test_of_several_lists_each_has_a_line(lists: str, kept: str) -> None:
    lines = [line(sentence(n), n, heading=one) for n, one in enumerate(lists)]
    assert "".join(one.heading for one in first_lines(lines)) == kept


def test_a_label_does_not_say_what_the_quote_says() -> None:
    act: dict[str, Any] = {"actor": "Hamas", "act": "moved to", "target": "Turkey"}
    reply = answer(lines=(line("Hamas moved its leaders to Turkey.", **act),))
    assert "moved to" not in texts(messages(reply))
    assert "moved to" not in written(reply)
    reply = answer(lines=(line("It said that Hamas moved its leaders to Turkey.", **act),))
    assert "moved to" not in texts(messages(reply)) + written(reply)
    reply = answer(lines=(line("It moved its leaders to Turkey.", **act),))
    assert texts(messages(reply)).startswith("Hamas *moved to* Turkey: “It moved its leaders")
    assert written(reply).startswith("  Hamas moved to Turkey: “It moved its leaders")


@pytest.mark.parametrize(
    ("quote", "day", "when"),
    [
        ("Qatar met Iran.", date(2026, 3, 27), "27 Mar · "),
        ("Qatar met Iran.", date(2026, 3, 28), ""),
        ("Qatar met Iran on 27 March 2026.", date(2026, 3, 27), ""),
        ("Qatar met Iran on March 27.", date(2026, 3, 27), ""),
        ("Qatar met Iran on March 2.", date(2026, 3, 27), "27 Mar · "),
        ("Qatar met 27 envoys.", date(2026, 3, 27), "27 Mar · "),
    ],
)
def test_a_day_is_told_where_neither_quote_nor_source_has_it(
    quote: str, day: date, when: str
) -> None:
    reply = answer(lines=(line(quote, event_date=day, date_precision="day"),))
    assert texts(messages(reply)).startswith(f"{when}“Qatar met")
    assert written(reply).startswith(f"  {when}“Qatar met")


def test_the_first_of_a_month_is_told_where_the_source_has_only_the_month() -> None:
    told = line("Qatar met Iran.", event_date=date(2026, 3, 1), date_precision="day")
    month = told.snippet.model_copy(
        update={"published": NOW.replace(month=3), "published_precision": "month"}
    )
    reply = answer(lines=(told.model_copy(update={"snippet": month}),))
    assert written(reply).startswith("  1 Mar · “Qatar met Iran.”")


def test_sources_are_counted_where_there_are_several() -> None:
    one, three = answer(lines=(line(SEATS),)), answer(lines=(line(SEATS, sources=3),))
    assert "one source" not in texts(messages(one)) + written(one)
    assert ", 3 sources" in texts(messages(three))
    assert ", 3 sources" in written(three)


def test_who_was_understood_is_told_below_the_lines() -> None:
    told = written(answer(lines=(telling(SEATS, "348 seats"),))).splitlines()
    assert told[-1] == "Türkiye (state; showing Türkiye for “Turkey”)"


NEAREST: list[dict[str, Any]] = [
    {},
    {"subjects": (match(),), "articles": 3},
    {"subjects": (match(),), "articles": 3, "asked": "how many"},
    {"nearest": (match("Penn"), match("Rwanda"))},
]


@pytest.mark.parametrize("more", NEAREST)
@pytest.mark.parametrize("do", ["ask", "brief"])
def test_what_is_near_has_one_head_that_says_so(more: dict[str, Any], do: Any) -> None:
    near = (telling(SEATS, "348 seats"), line("Ice melts.", 1))
    reply = Nothing(query="penguins", near=near, notes=("Looked for “penguins”.",), **more)
    payload = nothing(reply, do=do)
    assert problems(payload) == []
    assert texts(payload).startswith(f"{NEAR}\n• “The Lantern Party won 348 seats in")
    assert payload["text"].startswith(f"{NEAR} “The Lantern Party won 348 seats in")
    told = plain_text(reply, "UTC")
    assert told.startswith(f"{NEAR}\n  “{SEATS}”\n")
    for text in (texts(payload), payload["text"], told):
        assert "Nothing stored" not in text
        assert "no answer" not in text
        assert "*348" not in text
        assert "\x1b" not in text
        assert text.count("Looked for “penguins”.") == 1
        if one := more.get("nearest"):
            assert text.index("Ice melts") < text.index(one[0].name)


@pytest.mark.parametrize(
    ("asked", "said", "slack"),
    [
        (Period(start=date(2030, 1, 1)), " since 1 Jan 2030", " since 1 Jan 2030"),
        (
            Period(start=date(2026, 3, 16), end=date(2026, 3, 22), label="last week"),
            ", 16 Mar 2026 to 22 Mar 2026",
            ", last week (16 Mar 2026 to 22 Mar 2026)",
        ),
    ],
)
def test_the_head_names_the_days_that_have_no_answer(asked: Period, said: str, slack: str) -> None:
    reply = Nothing(query="penguins", near=(line("Ice melts."),), period=asked)
    assert written(reply).startswith(f"No stored article clearly answers that{said}. Nearest:\n")
    head = f"No stored article clearly answers that{slack}. Nearest:"
    assert texts(nothing(reply)).startswith(f"{head}\n")
    assert nothing(reply)["text"].startswith(f"{head} “Ice melts.”")


def test_of_one_line_that_is_near_the_head_stands_above() -> None:
    payload = nothing(Nothing(query="penguins", near=(line("Ice melts."),)), do="ask")
    assert texts(payload).startswith(f"{NEAR}\n“Ice melts.” — ")


def test_what_nothing_tells_is_said_in_the_words_of_the_question() -> None:
    lacking = "No stored report says so, and none denies it."
    reply = Nothing(
        query="q", asked="seen", near=(line("Ice melts."),), lacking=lacking, notes=(lacking,)
    )
    payload = nothing(reply, do="ask")
    for text in (texts(payload), payload["text"], plain_text(reply, "UTC")):
        assert text.startswith(f"{lacking} Nearest:")
        assert text.count(lacking) == 1


NOTHING_NEAR: list[tuple[dict[str, Any], str]] = [
    ({}, "Nothing stored about “penguins”."),
    ({"nearest": (match("Penn"),)}, "Nothing stored about “penguins”"),
    ({"subjects": (match(),)}, "Nothing stored about Qatar."),
    ({"subjects": (match(),), "articles": 3}, "Nothing stored answers “penguins”."),
    ({"asked": "seen"}, "Nothing stored answers “penguins”."),
    (
        {"subjects": (match(),), "articles": 3, "period": Period(start=date(2030, 1, 1))},
        "Nothing stored about Qatar",
    ),
    (
        {
            "subjects": (match(),),
            "articles": 3,
            "period": Period(start=date(2030, 1, 1)),
            "asked": "how many",
        },
        "Nothing stored answers “penguins”",
    ),
]


@pytest.mark.parametrize(("more", "begins"), NOTHING_NEAR)
@pytest.mark.parametrize("do", ["ask", "brief"])
def test_nothing_is_said_alike_everywhere(more: dict[str, Any], begins: str, do: Any) -> None:
    reply = Nothing(query="penguins", **more)
    payload = nothing(reply, do=do)
    for text in (texts(payload), payload["text"], plain_text(reply, "UTC")):
        assert text.replace("*", "").startswith(begins)


def test_lines_too_long_for_a_message_leave_no_words_without_their_sentence() -> None:
    url = "https://example.org/" + "a" * 2950
    first = telling(SEATS, "348 seats", url=url, publisher="p" * 200)
    reply = answer(lines=(first, line("Ice melts.", 1)))
    payload = messages(reply)
    shown_first = "\n".join(shown_texts(payload["blocks"]))
    assert ("348 seats" in shown_first) == ("Lantern" in shown_first)


def test_an_answer_of_every_kind_fits_a_phone() -> None:
    lines = tuple(
        telling(sentence(n), " ".join(sentence(n).split()[9:29]), n, status=Status.PLANNED)
        for n in range(6)
    )
    reply: Answer = answer(lines=lines, notes=("A note of a few words.",))
    assert visible(messages(reply)) <= ONE_SCREEN + 200
