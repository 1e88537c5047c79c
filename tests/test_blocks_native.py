"""Newer blocks: what stands in them is what the plain blocks say, and both are within the limits."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.answer.export import ExportedFact
from bot.answer.timeline import Timeline
from handlers.blocks import limits
from handlers.blocks.buttons import FOLLOW, MORE, leading_on
from handlers.blocks.native import (
    BAD,
    CHART,
    CONTAINER,
    FEEDBACK,
    FEEDBACK_ROW,
    GOOD,
    TABLE,
    TYPES,
    native_form,
    picked_feedback,
    plain_form,
    samples,
    types_in,
)
from handlers.blocks.notes import asked_by
from handlers.blocks.reply import (
    FACTS_SHOWN,
    answer_message,
    brief_message,
    export_message,
    sources_message,
    timeline_message,
)
from tests.replies import actions, answer, brief, line, sentence, texts

Json = dict[str, Any]


def of_type(payload: Json, kind: str) -> list[Json]:
    return [one for one in native_form(payload)["blocks"] if one["type"] == kind]


def wire(payload: Json) -> Json:
    """As Slack gets it: checked, and without what is only ours."""
    for form in (native_form(payload), plain_form(payload)):
        assert limits.problems(form) == []
        assert limits.NATIVE not in json.dumps(form)
    return native_form(payload)


def fact(n: int = 0, **more: Any) -> ExportedFact:
    values: Json = dict.fromkeys(ExportedFact.model_fields, "")
    values |= {"date": "2026-03-05", "precision": "day", "source": f"Iran {n}", "act": "met"}
    values |= {"status": "happened", "sources": n + 1, "revision": 1, "start": 0, "end": 1}
    values |= {"url": "https://jpost.com/a", "title": f"A report {n}"}
    return ExportedFact(**(values | more))


def timeline(steps: int, **more: Any) -> Timeline:
    days = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(steps))
    counts = tuple(n % 4 for n in range(steps))
    values: Json = {"title": "Qatar", "step": "day", "steps": days, "newest": (), "undated": 0}
    values |= {"cooperation": counts, "conflict": counts, "articles": counts}
    return Timeline(**(values | more))


# --- feedback ----------------------------------------------------------------------------


@pytest.mark.parametrize("payload", [brief_message(brief()), answer_message(answer())])
def test_thumbs_are_feedback_buttons(payload: Json) -> None:
    sent = wire(payload)
    (row,) = of_type(payload, FEEDBACK_ROW)
    assert sent["blocks"][-1] == row
    (element,) = row["elements"]
    assert element["action_id"] == FEEDBACK
    for side, action in (("positive_button", GOOD), ("negative_button", BAD)):
        picked, value = picked_feedback(element[side]["value"])
        (button,) = (b for b in plain_buttons(payload) if b["action_id"] == action)
        assert (picked, value) == (action, button["value"])
        assert element[side]["accessibility_label"] == button["accessibility_label"]
    assert {GOOD, BAD} & set(actions(sent)) == set()
    assert {GOOD, BAD} < set(actions(plain_form(payload)))


def plain_buttons(payload: Json) -> list[Json]:
    rows = (one for one in plain_form(payload)["blocks"] if one["type"] == "actions")
    return [element for row in rows for element in row["elements"]]


def test_a_value_of_nobody_s_is_not_read() -> None:
    for value in ("", "{}", "fine:{}", 'better:{"do":"ask"}'):
        assert picked_feedback(value)[1] == ""


def test_values_without_room_for_more_stay_buttons() -> None:
    long = {"do": "ask", "q": "q" * 1950}
    button = {"text": {"type": "plain_text", "text": "👍"}, "value": json.dumps(long)}
    row = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": a, **button} for a in (GOOD, BAD)],
    }
    assert types_in(native_form({"blocks": [row]})) == {FEEDBACK_ROW}
    for element in row["elements"]:
        element["value"] = "v" * limits.BUTTON_VALUE  # type: ignore[index]
    assert native_form({"blocks": [row]})["blocks"] == [row]


def test_what_is_added_later_stands_in_both_forms() -> None:
    payload = asked_by(leading_on(brief_message(brief()), {"do": "brief"}), "Ada")
    wire(payload)
    for form in (native_form(payload), plain_form(payload)):
        assert "Asked by Ada" in texts(form)
        assert actions(form)[:2] == [MORE, "share"]
        assert FOLLOW in actions(form)


# --- containers --------------------------------------------------------------------------


def test_sources_fold_and_their_words_are_the_same() -> None:
    payload = brief_message(brief())
    wire(payload)
    (sources,) = of_type(payload, CONTAINER)
    assert sources["title"]["text"] == "Sources (7)"
    assert (sources["is_collapsible"], sources["default_collapsed"]) == (True, True)
    plain = [one for one in plain_form(payload)["blocks"] if one["type"] == "context"]
    assert sources["child_blocks"] == plain


def test_headings_fold_behind_more_and_their_lines_are_the_same() -> None:
    payload = brief_message(brief(), whole=True)
    wire(payload)
    shown = of_type(payload, CONTAINER)
    titles = [one["title"]["text"] for one in shown]
    assert titles == ["What happened", "Coming up", "Undated", "More", "Sources (8)"]
    assert [one["default_collapsed"] for one in shown] == [False, True, True, True, True]
    plain = texts(plain_form(payload))
    for one in shown:
        for child in one["child_blocks"]:
            assert texts({"blocks": [child]}) in plain


def test_more_paragraphs_than_a_container_holds_stay_as_they_are() -> None:
    lines = tuple(line(sentence(n, 200), n, url=f"https://a.org/{n}{'x' * 600}") for n in range(12))
    payload = brief_message(brief(happened=lines, more=()), whole=True)
    wire(payload)


# --- tables ------------------------------------------------------------------------------


def test_sources_are_a_table_that_sorts_by_date() -> None:
    dates = [datetime(2026, 3, n, tzinfo=UTC) for n in (9, 10)]
    lines = [line(sentence(n), n, title=f"Title {n}", published=at) for n, at in enumerate(dates)]
    payload = sources_message("Qatar", [*lines, line(sentence(2), 2, published=None)])
    wire(payload)
    (table,) = of_type(payload, TABLE)
    header, *rows = table["rows"]
    assert [cell["text"] for cell in header] == ["Article", "Source", "Published"]
    assert [row[2]["text"] for row in rows] == ["10 Mar 2026", "9 Mar 2026", "undated"]
    assert [row[2]["value"] for row in rows] == sorted((r[2]["value"] for r in rows), reverse=True)
    (link,) = rows[0][0]["elements"][0]["elements"]
    assert (link["url"], link["text"]) == ("https://jpost.com/a", "Title 1")
    assert "Title 1" in texts(plain_form(payload))


@pytest.mark.parametrize("most", [1, 20, 25])
def test_articles_beyond_are_counted_in_both_forms(most: int) -> None:
    lines = [line(sentence(n), n, url=f"https://a.org/{'x' * 900}") for n in range(most)]
    payload = sources_message("Qatar", lines)
    wire(payload)
    (table,) = of_type(payload, TABLE)
    hidden = most - (len(table["rows"]) - 1)
    for form in (native_form(payload), plain_form(payload)):
        assert ("more article" in texts(form)) == bool(hidden)


def test_exported_facts_are_a_table() -> None:
    payload = export_message("I sent 2 facts.", [fact(), fact(1, date="", sources=7)])
    wire(payload)
    (table,) = of_type(payload, TABLE)
    _, first, second = table["rows"]
    assert [cell.get("text") for cell in first] == [
        "5 Mar 2026", "Iran 0", "met", "–", "happened", "1", None,
    ]  # fmt: skip
    assert (second[0]["value"], second[0]["text"]) == (0, "undated")
    assert second[5]["value"] == 7
    assert texts(plain_form(payload)) == "I sent 2 facts."


def test_facts_beyond_are_in_the_file_alone() -> None:
    many = [fact(n, act="met " * 40, source="x" * 500) for n in range(200)]
    payload = export_message("I sent 200 facts.", many)
    wire(payload)
    (table,) = of_type(payload, TABLE)
    shown = len(table["rows"]) - 1
    assert 1 < shown <= FACTS_SHOWN
    assert f"The newest {shown}:" in texts(native_form(payload))


# --- charts ------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 20, 21, 46])
def test_a_chart_has_every_event(steps: int) -> None:
    found = timeline(steps)
    payload = timeline_message(found)
    wire(payload)
    events, articles = of_type(payload, CHART)
    for chart, counts in ((events, found.cooperation), (articles, found.articles)):
        data = chart["chart"]["series"][0]["data"]
        assert len(data) <= limits.CHART_POINTS
        assert sum(point["value"] for point in data) == sum(counts)
    assert "events of cooperation" in texts(native_form(payload))
    assert "I sent the timeline" in texts(plain_form(payload))
    assert "I sent the timeline" not in texts(native_form(payload))


def test_days_of_several_years_have_names_of_their_own() -> None:
    days = tuple(date(2020 + n // 2, 1 + 6 * (n % 2), 6) for n in range(8))
    wire(timeline_message(timeline(8)._replace(step="week", steps=days)))


def test_there_is_a_sample_of_each_type() -> None:
    payload = {"text": "x", "blocks": samples()}
    assert types_in(payload) == TYPES
    assert limits.problems(payload) == []


# --- either form -------------------------------------------------------------------------


def test_each_type_is_refused_by_itself() -> None:
    payload = brief_message(brief())
    assert types_in(native_form(payload)) == {CONTAINER, FEEDBACK_ROW}
    assert types_in(native_form(payload, {CONTAINER})) == {FEEDBACK_ROW}
    assert types_in(native_form(payload, {FEEDBACK_ROW})) == {CONTAINER}
    assert types_in(native_form(payload, TYPES)) == set()


# --- stories -----------------------------------------------------------------------------


def test_more_of_what_is_new_is_a_table_of_stories() -> None:
    reported = [
        line(f"Iran met envoy {n} of Qatar.", n, sources=n + 1, heading="") for n in range(7)
    ]
    reply = answer(asked="new", lines=reported)
    assert of_type(answer_message(reply), TABLE) == []
    payload = answer_message(reply, whole=True)
    wire(payload)
    (table,) = of_type(payload, TABLE)
    assert [cell["text"] for cell in table["rows"][0]] == [
        "Published",
        "Story",
        "Source",
        "Sources",
    ]
    assert [row[3]["value"] for row in table["rows"][1:]] == [*range(1, 8)]
    for n, row in enumerate(table["rows"][1:]):
        assert f"Iran met envoy {n} of Qatar." in " ".join(limits.texts(row))
    shown = texts(plain_form(payload))
    assert all(f"Iran met envoy {n} of Qatar." in shown for n in range(7))
    assert of_type(answer_message(answer(lines=reported), whole=True), TABLE) == []
