import json
import re
from datetime import date

import pytest

from bot.models import (
    Period,
)
from handlers.blocks import limits
from handlers.blocks.buttons import FOLLOW, MORE, SINCE, SOURCES, picked
from handlers.blocks.curation import WRONG_FACT
from handlers.blocks.layout import visible
from handlers.blocks.native import BAD, GOOD
from handlers.blocks.notes import WRONG
from handlers.blocks.reply import EXPORT, TIMELINE, brief_message
from handlers.interactions import button_value
from tests.replies import NOW, actions, brief, buttons, line, quotes, sentence, texts

LATER = [FOLLOW, GOOD, BAD, SOURCES, TIMELINE, EXPORT, SINCE, WRONG]


def test_a_brief_is_in_order_and_fits_a_phone() -> None:
    payload = brief_message(brief())
    text = texts(payload)
    assert limits.problems(payload) == []
    places = [text.index(f"*{w}*") for w in ("In short", "What happened", "Coming up", "Undated")]
    assert places == sorted(places)
    assert text.startswith(
        "*Qatar* (state; you typed _Quatar_ — showing Qatar) · 6 articles, "
        "3 independent sources · newest 28 Mar 2026"
    )
    assert "*In short* “word0x0" in text
    assert "• 28 Mar 2026 · “word2x0" in text
    assert "[1] <https://jpost.com/a|jpost.com, 28 Mar 2026> · [2] " in text
    assert "<https://jpost.com/a|The Jerusalem Post, after j.com, undated>" in text
    assert "one source" not in text
    assert payload["unfurl_links"] is False
    assert payload["unfurl_media"] is False


def test_every_quote_is_verbatim_and_short() -> None:
    shown = quotes(texts(brief_message(brief())))
    stored = [sentence(n) for n in range(8)]
    assert len(shown) == 7
    for words in shown:
        assert len(words.split()) <= 25
        assert any(words.strip("…") in text for text in stored)


def test_four_stories_stand_and_the_rest_is_behind_more() -> None:
    payload = brief_message(brief())
    assert texts(payload).count("“word") == 7
    assert actions(payload) == [MORE, *LATER]
    more, follow, *_, menu = buttons(payload)
    assert json.loads(follow["value"])["meant"] == [["Quatar", "state:qatar"]]
    assert json.loads(more["value"]) == {
        "do": "brief",
        "q": "Quatar",
        "as_of": NOW.isoformat(),
        "meant": [["Quatar", "state:qatar"]],
    }
    again = json.loads(picked(menu["action_id"], SOURCES)[1])
    assert again == json.loads(more["value"])
    later = json.loads(picked(menu["action_id"], SINCE)[1])
    assert later == again | {"q": "Quatar since last week"}
    whole = brief_message(brief(), whole=True)
    assert "word7x0" in texts(whole)
    assert actions(whole) == LATER
    assert limits.problems(whole) == []


def test_no_more_button_where_there_is_no_more() -> None:
    assert actions(brief_message(brief(happened=(), more=()))) == LATER


def test_where_facts_were_read_they_can_be_marked_wrong() -> None:
    facts = tuple(line(sentence(n), n, fact=f"a.{n}") for n in range(3))
    payload = brief_message(brief(happened=facts))
    assert actions(payload) == [MORE, *LATER, WRONG_FACT]
    *_, sources, menu = buttons(payload)
    assert (sources["type"], len(menu["options"])) == ("button", limits.OVERFLOW_OPTIONS)
    assert button_value({"value": picked(menu["action_id"], WRONG_FACT)[1]}) is not None
    assert limits.problems(payload) == []


def test_what_is_too_long_for_a_menu_keeps_its_buttons() -> None:
    payload = brief_message(brief(query="Quatar " + "and then some " * 20))
    assert actions(payload) == [MORE, *LATER]
    assert [one["type"] for one in buttons(payload)] == ["button"] * 9
    assert limits.problems(payload) == []


@pytest.mark.parametrize("menu", ["menu:", "menu:{}", 'menu:["brief","Qatar"]', "menu:[1,2,3e9,4]"])
def test_a_menu_of_another_version_is_not_read(menu: str) -> None:
    _, value = picked(menu, SOURCES)
    assert button_value({"value": value}) is None


def test_no_sentence_stands_twice() -> None:
    same = line("Iran met Qatar in Doha on Monday.", 1)
    copy = line("Iran met Qatar, in Doha, on Monday", 2, actor="Iran", act="met", target="Qatar")
    clause = line("met Qatar in Doha", 1)
    other = line("Iran met Qatar in Doha on Monday again.", 3)
    payload = brief_message(
        brief(in_short=(same,), planned=(clause,), happened=(copy, other), undated=(), more=())
    )
    assert len(quotes(texts(payload))) == 1, "a clause or a copy of it, or more of it, is the same"


def test_overlapping_spans_of_one_text_are_one() -> None:
    a = line("x one two", 1, start=10, end=19)
    b = line("two three", 1, start=16, end=25)
    c = line("four five", 1, start=25, end=34)
    payload = brief_message(brief(in_short=(a,), planned=(), happened=(b, c), undated=(), more=()))
    assert quotes(texts(payload)) == ["x one two", "four five"]


def test_the_fallback_begins_with_the_answer_and_keeps_the_sources() -> None:
    payload = brief_message(brief())
    assert payload["text"].startswith("“word0x0")
    assert payload["text"].count("|jpost.com, 28 Mar 2026>") == 6
    assert "after j.com, undated" in payload["text"]
    assert len(payload["text"]) <= limits.MESSAGE_TEXT_ADVISED


def test_quotes_shorten_towards_a_screen_and_sources_never() -> None:
    payload = brief_message(brief())
    assert visible(payload) <= 1300
    assert texts(payload).count("https://jpost.com/a|jpost.com, 28 Mar 2026>") == 6


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


def test_one_article_is_said_to_be_one_article() -> None:
    payload = brief_message(brief(articles=1, sources=1, newest=None))
    assert "· One article, one independent source · all undated" in texts(payload)


def test_what_a_period_left_out_is_counted() -> None:
    payload = brief_message(brief(undated_left_out=2, period=Period(start=date(2024, 1, 1))))
    assert "2 undated articles left out of this period." in texts(payload)
    assert "· since 1 Jan 2024" in texts(payload)


def test_reference_facts_are_labelled() -> None:
    payload = brief_message(brief(reference=("Emir of Qatar: <Name> (reference list)",)))
    assert "Emir of Qatar: &lt;Name&gt; (reference list)" in texts(payload)
