import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.answer.words import count, day, published
from bot.models import (
    ActorType,
    Answer,
    Brief,
    DidYouMean,
    Line,
    Match,
    Nothing,
    Period,
    Snippet,
    Status,
)
from handlers.blocks import limits, notes
from handlers.blocks.answer import answer_message
from handlers.blocks.brief import MORE, brief_message
from handlers.blocks.layout import Payload, visible
from handlers.blocks.reply import reply_message
from handlers.blocks.words import attribution, period, standing, subject

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ZERO_WIDTH = re.compile("[\u2060\u2068\u2069]")


def snippet(quote: str = "Iran met Qatar.", n: int = 0, **more: Any) -> Snippet:
    values: dict[str, Any] = {
        "quote": quote,
        "start": 0,
        "end": len(quote),
        "article": f"a{n}",
        "revision": 1,
        "title": "",
        "publisher": "jpost.com",
        "url": "https://jpost.com/a",
        "published": datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
        "published_precision": "day",
    }
    return Snippet(**(values | more))


def line(quote: str = "Iran met Qatar.", n: int = 0, **more: Any) -> Line:
    of_line = {key: more.pop(key) for key in list(more) if key in Line.model_fields}
    return Line(snippet=snippet(quote, n, **more), **of_line)


def match(name: str = "Qatar", query: str = "Quatar", kind: ActorType = ActorType.STATE) -> Match:
    return Match(
        query=query,
        actor=f"{kind.value}:{name.casefold()}",
        name=name,
        type=kind,
        alias=name,
        how="typo",
        score=0.9,
        why="one letter more",
    )


def sentence(n: int, words: int = 40) -> str:
    return " ".join(f"word{n}x{k}" for k in range(words)) + "."


def brief(**more: Any) -> Brief:
    values: dict[str, Any] = {
        "query": "Quatar",
        "subjects": (match(),),
        "as_of": NOW,
        "articles": 6,
        "sources": 3,
        "newest": date(2026, 3, 28),
        "bottom_line": line(sentence(0), 0, sources=3),
        "planned": (line(sentence(1), 1, who="the Emir", did="to visit", whom="Tehran"),),
        "happened": tuple(
            line(
                sentence(n),
                n,
                who="Iran",
                did="met",
                whom="Qatar",
                event_date=date(2026, 3, 30 - n),
                date_precision="day",
                sources=2,
                status=Status.HAPPENED,
            )
            for n in (2, 3, 4, 5)
        ),
        "undated": (line(sentence(6), 6, published=None, publisher=None, original_source="j.com"),),
        "more": (line(sentence(7), 7),),
    }
    return Brief(**(values | more))


def texts(payload: Payload) -> str:
    return "\n".join(limits.texts(payload["blocks"]))


def buttons(payload: Payload) -> list[Payload]:
    return [e for b in payload["blocks"] if b["type"] == "actions" for e in b["elements"]]


def quotes(text: str) -> list[str]:
    return [ZERO_WIDTH.sub("", found) for found in re.findall("“([^”]*)”", text)]


def test_a_brief_is_in_order_and_fits_a_phone() -> None:
    payload = brief_message(brief())
    text = texts(payload)
    assert limits.problems(payload) == []
    places = [text.index(f"*{w}*") for w in ("Bottom line", "Planned", "Happened", "Undated")]
    assert places == sorted(places)
    assert text.startswith(
        "*Qatar* (state; you typed _Quatar_ — showing Qatar) · 6 articles, "
        "3 independent sources · newest 28 Mar 2026"
    )
    assert "• 28 Mar 2026 · Iran *met* Qatar: “word2x0" in text
    assert "<https://jpost.com/a|jpost.com, 28 Mar 2026>, 2 sources" in text
    assert "— <https://jpost.com/a|after j.com, undated>, _one source_" in text
    assert text.count("\n") <= 10
    assert payload["unfurl_links"] is False
    assert payload["unfurl_media"] is False


def test_every_quote_is_verbatim_and_at_most_25_words() -> None:
    shown = quotes(texts(brief_message(brief())))
    stored = [sentence(n) for n in range(8)]
    assert len(shown) == 6
    for words in shown:
        assert len(words.split()) <= 25
        assert any(words.strip("…") in text for text in stored)


def test_three_happenings_stand_and_the_rest_is_behind_more() -> None:
    payload = brief_message(brief())
    assert texts(payload).count("*met*") == 3
    (more,) = buttons(payload)
    assert more["action_id"] == MORE
    assert json.loads(more["value"]) == {
        "do": "brief",
        "q": "Quatar",
        "as_of": NOW.isoformat(),
    }
    whole = brief_message(brief(), whole=True)
    assert texts(whole).count("*met*") == 4
    assert "word7x0" in texts(whole)
    assert buttons(whole) == []
    assert limits.problems(whole) == []


def test_no_more_button_where_there_is_no_more() -> None:
    assert buttons(brief_message(brief(happened=(), more=()))) == []


def test_no_sentence_stands_twice() -> None:
    same = line("Iran met Qatar in Doha on Monday.", 1)
    copy = line("Iran met Qatar, in Doha, on Monday", 2, who="Iran", did="met", whom="Qatar")
    clause = line("met Qatar in Doha", 1)
    other = line("Iran met Qatar in Doha on Monday again.", 3)
    payload = brief_message(
        brief(bottom_line=same, planned=(clause,), happened=(copy, other), undated=(), more=())
    )
    assert len(quotes(texts(payload))) == 1, "a clause or a copy of it, or more of it, is the same"


def test_overlapping_spans_of_one_text_are_one() -> None:
    a = line("x one two", 1, start=10, end=19)
    b = line("two three", 1, start=16, end=25)
    c = line("four five", 1, start=25, end=34)
    payload = brief_message(brief(bottom_line=a, planned=(), happened=(b, c), undated=(), more=()))
    assert quotes(texts(payload)) == ["x one two", "four five"]


def test_the_fallback_begins_with_the_answer_and_keeps_the_sources() -> None:
    payload = brief_message(brief())
    assert payload["text"].startswith("“word0x0")
    assert payload["text"].count("|jpost.com, 28 Mar 2026>") == 5
    assert "after j.com, undated" in payload["text"]
    assert len(payload["text"]) <= limits.MESSAGE_TEXT_ADVISED


def test_quotes_shorten_towards_a_screen_and_sources_never() -> None:
    payload = brief_message(brief())
    assert visible(payload) <= 1300
    assert texts(payload).count("https://jpost.com/a|jpost.com, 28 Mar 2026>") == 5


def test_a_brief_with_everything_too_long_counts_what_it_left_out() -> None:
    lines = tuple(
        line("y" * 50 + f" {n} " + sentence(n, 60), n, publisher="p" * 280, url=long_url(n))
        for n in range(40)
    )
    payload = brief_message(brief(happened=lines, more=()), whole=True)
    assert limits.problems(payload) == []
    assert "more lines left out for length." in texts(payload)
    for publisher in re.findall("p{20,}", texts(payload)):
        assert publisher == "p" * 280


def long_url(n: int) -> str:
    return f"https://example.org/{n}/" + "a" * 2000


def test_a_publisher_that_cannot_be_shown_whole_takes_its_line_along() -> None:
    monster = line(sentence(9), 9, publisher="p" * 5000, url=None)
    payload = brief_message(brief(happened=(monster,), more=()))
    assert limits.problems(payload) == []
    assert "One more line left out for length." in texts(payload)


STANDINGS: list[tuple[dict[str, Any], list[str]]] = [
    ({"status": Status.HAPPENED, "sources": 3}, ["3 sources"]),
    ({"status": Status.ONGOING}, ["_one source_"]),
    ({"status": Status.PLANNED}, ["_planned_", "_one source_"]),
    ({"status": Status.DENIED, "sources": 2}, ["_denied_", "2 sources"]),
    ({"status": Status.POSSIBLE}, ["_possible_", "_one source_"]),
    ({"status": Status.CALLED_FOR}, ["_called for_", "_one source_"]),
    ({"claimant": "<!here> Iran"}, ["_claimed by &lt;!here&gt; Iran_", "_one source_"]),
    ({}, ["_one source_"]),
]


@pytest.mark.parametrize(("values", "words"), STANDINGS)
def test_status_is_said_without_a_click(values: dict[str, Any], words: list[str]) -> None:
    assert standing(line(**values)) == words


def test_a_heading_that_says_planned_is_enough() -> None:
    assert standing(line(status=Status.PLANNED), implied=Status.PLANNED) == ["_one source_"]


SOURCES: list[tuple[dict[str, Any], str]] = [
    ({}, "<https://jpost.com/a|jpost.com, 28 Mar 2026>"),
    ({"url": None}, "jpost.com, 28 Mar 2026"),
    ({"original_source": "isna.ir"}, "<https://jpost.com/a|jpost.com, after isna.ir, 28 Mar 2026>"),
    ({"original_source": "JPost.com"}, "<https://jpost.com/a|jpost.com, 28 Mar 2026>"),
    ({"publisher": None, "original_source": "isna.ir", "url": None}, "after isna.ir, 28 Mar 2026"),
    ({"publisher": None, "url": None}, "unnamed source, 28 Mar 2026"),
    ({"publisher": " ", "url": None, "published": None}, "unnamed source, undated"),
    ({"url": None, "published_precision": "month"}, "jpost.com, Mar 2026"),
    ({"url": None, "published_precision": "year"}, "jpost.com, 2026"),
    ({"publisher": "A|B > C*"}, "<https://jpost.com/a|A|B &gt; C∗, 28 Mar 2026>"),
]


@pytest.mark.parametrize(("values", "shown"), SOURCES)
def test_attribution(values: dict[str, Any], shown: str) -> None:
    assert attribution(snippet(**values), "UTC") == shown


DATES = [
    ("minute", "UTC", "28 Mar 2026"),
    ("minute", "Asia/Qatar", "29 Mar 2026"),
    ("day", "Asia/Qatar", "28 Mar 2026"),
    ("day", "America/New_York", "28 Mar 2026"),
    ("month", "Asia/Qatar", "Mar 2026"),
]


@pytest.mark.parametrize(("precision", "tz", "shown"), DATES)
def test_dates_are_the_readers(precision: str, tz: str, shown: str) -> None:
    assert published(snippet(published_precision=precision), tz) == shown


COUNTS = [(0, "no articles"), (1, "one article"), (2, "2 articles"), (1200, "1,200 articles")]


@pytest.mark.parametrize(("n", "words"), COUNTS)
def test_counts_in_words(n: int, words: str) -> None:
    assert count(n, "article") == words


def test_one_article_is_said_to_be_one_article() -> None:
    payload = brief_message(brief(articles=1, sources=1, newest=None))
    assert "· One article, one independent source · all undated" in texts(payload)


PERIODS = [
    (None, ""),
    (Period(), ""),
    (Period(start=date(2024, 1, 1)), "since 1 Jan 2024"),
    (Period(end=date(2024, 1, 1)), "until 1 Jan 2024"),
    (Period(start=date(2024, 1, 1), end=date(2024, 1, 1)), "1 Jan 2024"),
    (
        Period(start=date(2026, 3, 16), end=date(2026, 3, 22), label="last week"),
        "last week (16 Mar 2026 to 22 Mar 2026)",
    ),
]


@pytest.mark.parametrize(("value", "words"), PERIODS)
def test_periods(value: Period | None, words: str) -> None:
    assert period(value) == words


SUBJECTS = [
    (match(), "*Qatar* (state; you typed _Quatar_ — showing Qatar)"),
    (match(query="qatar"), "*Qatar* (state)"),
    (match(query="<!here>"), "*Qatar* (state; you typed _&lt;!here&gt;_ — showing Qatar)"),
]


@pytest.mark.parametrize(("value", "words"), SUBJECTS)
def test_subjects(value: Match, words: str) -> None:
    assert subject(value) == words


def test_what_a_period_left_out_is_counted() -> None:
    payload = brief_message(brief(undated_left_out=2, period=Period(start=date(2024, 1, 1))))
    assert "2 undated articles left out of this period." in texts(payload)
    assert "· since 1 Jan 2024" in texts(payload)


def test_reference_facts_are_labelled() -> None:
    payload = brief_message(brief(reference=("Emir of Qatar: <Name> (reference list)",)))
    assert "Emir of Qatar: &lt;Name&gt; (reference list)" in texts(payload)


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
        bottom_line=line(quote, publisher=quote, url="https://example.org/?a=<b>|c"),
        happened=(line(quote[::-1], 1, who=quote, did=quote, whom=quote, claimant=quote),),
    )
    for payload in (brief_message(reply), nothing_for(quote), notes.sentence(quote)):
        assert limits.problems(payload) == []
        for text in (*limits.texts(payload["blocks"]), payload["text"]):
            powers = re.sub(r"<https://(jpost\.com|example\.org)/[^|<>]*\|[^<>]*>", "", text)
            assert "<" not in powers, text
            assert "\u202e" not in text


def nothing_for(query: str) -> Payload:
    return reply_message(Nothing(query=query, nearest=(match(),)), do="brief")


def test_nothing_is_said_honestly_with_the_nearest_names() -> None:
    near = (match("Rwanda", "Wakanda"), match("Canada", "Wakanda"))
    payload = notes.nothing(Nothing(query="Wakanda", nearest=near, undated_left_out=2))
    assert payload["text"].startswith("Nothing stored about “Wakanda”.")
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


def test_did_you_mean_offers_a_button_for_each() -> None:
    reply = DidYouMean(query="guinea", candidates=(match("Guinea"), match("Guinea-Bissau")))
    payload = notes.did_you_mean(reply)
    assert limits.problems(payload) == []
    assert [b["action_id"] for b in buttons(payload)] == ["choose:0", "choose:1"]
    assert [b["text"]["text"] for b in buttons(payload)] == ["Guinea", "Guinea-Bissau"]


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


def answer(**more: Any) -> Answer:
    values: dict[str, Any] = {
        "query": "who moved to Turkey?",
        "subjects": (match("Türkiye", "Turkey"),),
        "as_of": NOW,
        "answered": True,
        "lines": (line("Leaders of Hamas left Doha for Turkey.", who="Hamas", did="left for"),),
    }
    return Answer(**(values | more))


def test_an_answer_begins_with_its_sentence() -> None:
    payload = answer_message(answer())
    assert limits.problems(payload) == []
    assert texts(payload).startswith("Hamas *left for*: “Leaders of Hamas left Doha for Turkey.” —")
    assert payload["text"].startswith("Hamas *left for*: “Leaders")
    assert "*Türkiye* (state; you typed _Turkey_ — showing Türkiye)" in texts(payload)


def test_an_answer_not_found_is_an_honest_no() -> None:
    payload = answer_message(answer(answered=False, lines=(), nearest=(match("Iran", "Turkey"),)))
    assert payload["text"].startswith("Nothing stored answers “who moved to Turkey?”.")
    assert json.loads(buttons(payload)[0]["value"])["q"] == "who moved to Iran?"
    assert limits.problems(payload) == []


def test_an_answer_of_many_lines_says_how_many_it_left_out() -> None:
    lines = tuple(line(sentence(n), n) for n in range(9))
    payload = answer_message(answer(lines=lines))
    assert "4 more sentences left out." in texts(payload)
    assert limits.problems(payload) == []


def test_usage_and_sentences_are_messages() -> None:
    assert limits.problems(notes.usage()) == []
    assert limits.problems(notes.sentence("x" * 40_000)) == []


DAYS = [
    ("day", "7 Mar 2026"),
    ("minute", "7 Mar 2026"),
    (None, "7 Mar 2026"),
    ("month", "Mar 2026"),
    ("period", "Mar 2026"),
    ("year", "2026"),
]


@pytest.mark.parametrize(("precision", "shown"), DAYS)
def test_a_date_is_said_as_far_as_it_is_known(precision: str | None, shown: str) -> None:
    assert day(date(2026, 3, 7), precision) == shown
