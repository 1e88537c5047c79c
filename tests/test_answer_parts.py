"""Which line stands where: disputes, plans, what was said, how sure, and what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.answer.brief_sections import (
    STORY_LINES,
    BriefRow,
    Material,
    brief_rows,
    citation_numbers,
    coming_up,
    coverage_gaps,
    disputed,
    last_day,
    related_words,
    rows_shown_first,
    sections,
    small_print,
)
from bot.answer.cli_output import plain_text
from bot.answer.importance import Report, Story
from bot.answer.lines import merge_same_event
from bot.models import ActorType, Asker, Brief, EventClass, Line, Period, Precision, Related, Status
from tests.replies import brief, line
from tests.stocked import TEAM, desk_at

TODAY = date(2026, 4, 1)
PAIR = ("state:qat", "state:irn")


def fact(quote: str, n: int, day: str | None, status: Status, **more: Any) -> Line:
    when = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    values: dict[str, Any] = {
        "fact": f"a{n}.1",
        "actor": "Qatar",
        "act": "met",
        "target": "Iran",
        "about": PAIR,
        "event_class": EventClass.CONSULT,
        "published": when,
    }
    return line(quote, n, status=status, **(values | more))


def words(*lines: Line) -> dict[str, frozenset[str]]:
    return {one.snippet.quote: frozenset(one.snippet.quote.lower().split()) for one in lines}


def material(*lines: Line) -> Material:
    sources = {one.snippet.article: {one.snippet.article} for one in lines}
    return Material(lines, words(*lines), sources, TODAY)


def report(one: Line) -> Report:
    published = one.snippet.published
    return Report(
        line=one,
        terms=frozenset(one.snippet.quote.lower().split()),
        sources=frozenset({one.snippet.article}),
        mentions=1,
        titled=False,
        vector=np.ones(384, dtype=np.float32),
        day=published.date() if published else TODAY,
    )


HAPPENED, DENIED = Status.HAPPENED, Status.DENIED


@pytest.mark.parametrize(
    ("one", "other", "is_disputed"),
    [
        (("2026-03-20", HAPPENED, {}), ("2026-03-21", DENIED, {}), True),
        (("2026-03-20", HAPPENED, {}), ("2026-03-21", HAPPENED, {}), False),
        (("2026-01-01", HAPPENED, {}), ("2026-03-21", DENIED, {}), False),
        (("2026-03-31", HAPPENED, {}), ("2026-03-21", DENIED, {}), False),
        (("2026-03-20", HAPPENED, {}), ("2026-03-21", DENIED, {"about": ("x", "y")}), False),
        (
            ("2026-03-20", HAPPENED, {}),
            ("2026-03-21", DENIED, {"event_class": EventClass.AGREE}),
            False,
        ),
        (("2026-03-20", HAPPENED, {}), (None, DENIED, {}), False),
    ],
)
def test_a_denial_disputes_what_was_told_shortly_before(
    one: tuple[str, Status, dict[str, Any]],
    other: tuple[str | None, Status, dict[str, Any]],
    is_disputed: bool,
) -> None:
    a = fact("Qatar met Iran in Doha.", 1, one[0], one[1], **one[2])
    b = fact("Qatar did not meet Iran.", 2, other[0], other[1], **other[2])
    assert disputed([b, a], {}) == ([a, b] if is_disputed else [])


def test_one_source_does_not_dispute_itself() -> None:
    a = fact("Qatar met Iran in Doha.", 1, "2026-03-20", HAPPENED)
    b = fact("Qatar did not meet Iran.", 2, "2026-03-21", DENIED)
    assert disputed([a, b], {"a1": {"x"}, "a2": {"x", "y"}}) == []
    assert disputed([a, b], {"a1": {"x"}, "a2": {"y"}}) == [a, b]


def test_plans_come_in_the_order_of_their_days() -> None:
    def plan(n: int, day: str | None, told: str = "2026-03-20", **more: Any) -> Line:
        when = date.fromisoformat(day) if day else None
        about = ("state:qat", f"state:{n}")
        return fact(f"plan {n}", n, told, Status.PLANNED, about=about, event_date=when, **more)

    later, sooner, open_ = plan(1, "2026-05-01"), plan(2, "2026-04-05"), plan(3, None)
    passed, forgotten = plan(4, "2026-03-25"), plan(5, "2025-06-01", "2025-05-01")
    kept_month = plan(6, "2026-04-01", date_precision="month")
    done = plan(7, "2026-03-25")
    report = fact("it met", 8, "2026-03-25", Status.HAPPENED, about=done.about)
    lines = [later, sooner, open_, passed, forgotten, kept_month, done, report]
    found = coming_up(lines, TODAY)
    assert [one.snippet.quote[-1] for one in found] == ["6", "2", "1"]


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        ("2026-02-03", "day", "2026-02-03"),
        ("2026-02-01", "month", "2026-02-28"),
        ("2026-12-01", "month", "2026-12-31"),
        ("2026-05-05", "year", "2026-12-31"),
        ("2026-05-05", None, "2026-05-05"),
    ],
)
def test_the_last_day_a_date_may_mean(day: str, precision: Precision | None, last: str) -> None:
    assert last_day(date.fromisoformat(day), precision) == date.fromisoformat(last)


def test_no_sentence_stands_under_two_headings() -> None:
    told = [
        fact(f"Qatar met Iran for the {n}th round of many talks.", n, f"2026-03-{n + 10}", HAPPENED)
        for n in range(1, 9)
    ]
    denial = fact("Qatar did not meet Iran.", 20, "2026-03-19", DENIED)
    stories = [Story((report(one),)) for one in [denial, *told]]
    found = sections(material(*told, denial), stories)
    names = ("disputed", "planned", "happened", "undated", "more")
    rows = [one for name in names for one in found[name]] + [*found["in_short"]]
    assert len(rows) == len({one.snippet.article for one in rows})
    assert [one.status for one in found["disputed"]] == [HAPPENED, DENIED]
    places = [one.snippet.article for one in (*found["in_short"], *found["happened"])]
    # The most important, which are older than 14 days: the newest stands first.
    assert places == ["a1", "a2", "a3", "a4", "a5"][:STORY_LINES][::-1]


def test_lines_of_one_happening_are_one_with_all_sources() -> None:
    a = fact("Qatar met Iran.", 1, "2026-03-20", HAPPENED, happening="h1")
    b = fact("Talks took place with Tehran.", 2, "2026-03-24", HAPPENED, happening="h1")
    c = fact("Qatar met Iran.", 3, "2026-03-20", HAPPENED, happening="h2")
    sources = {"a1": {"x"}, "a2": {"y"}, "a3": {"z"}}
    found = merge_same_event([a, b, c], sources, words(a, b, c))
    assert [(one.snippet.article, one.sources) for one in found] == [("a1", 2), ("a3", 1)]


def test_what_is_missing() -> None:
    assert coverage_gaps(None, [], date(2026, 3, 30), TODAY) == ()
    assert coverage_gaps(None, [], date(2026, 3, 1), TODAY) == (
        "The newest article is 31 days old (1 Mar 2026).",
    )
    asked = Period(start=date(2026, 1, 1), end=date(2026, 12, 31))
    days = [date(2026, 1, 2), date(2026, 2, 20), date(2026, 3, 31)]
    assert coverage_gaps(asked, days, None, TODAY) == (
        "No article from 3 Jan 2026 to 19 Feb 2026 is stored.",
    )
    assert coverage_gaps(
        asked.model_copy(update={"start": date(2026, 2, 19)}), days[1:2], None, TODAY
    ) == ("No article from 21 Feb 2026 to 1 Apr 2026 is stored.",)
    assert coverage_gaps(Period(start=date(2026, 3, 20)), days, None, TODAY) == (
        "No article from 3 Jan 2026 to 19 Feb 2026 is stored.",
    )


def test_few_lines_stand_without_a_click() -> None:
    full = brief(disputed=(line("a b c", 20), line("d e f", 21), line("g h i", 22)))
    headings = [row.heading for row in rows_shown_first(brief_rows(full))]
    stories = ["In short"] + ["What happened"] * 4
    assert headings[:7] == [*stories, "Disputed", "Disputed"]
    assert headings.count("Coming up") == 1


def test_articles_are_numbered_in_the_order_shown() -> None:
    rows = [BriefRow("In short", line("a b c", 1)), BriefRow("What happened", line("d e f", 2))]
    assert citation_numbers([*rows, BriefRow("More", line("g h i", 1))]) == {"a1": 1, "a2": 2}


def test_a_sentence_that_leans_on_another_waits_behind_more() -> None:
    leaning = line("He met the president of Iran in Doha on Monday.", 1)
    alone = line("Qatar met the president of Iran in Doha on Monday.", 2)
    found = sections(material(leaning, alone), [Story((report(one),)) for one in (leaning, alone)])
    assert [one.snippet.article for one in found["in_short"]] == ["a2"]
    assert found["happened"] == ()
    assert [one.snippet.article for one in found["more"]] == ["a1"]


def test_the_terminal_tells_what_slack_tells() -> None:
    beside = Related(actor="state:irn", name="Iran", type=ActorType.STATE, why="3 passages")
    full = brief(
        related=(beside,),
        members=("Qatar", "Oman"),
        gaps=("The newest article is 31 days old.",),
        planned=(line("x y z", 30, status=Status.PLANNED, act="plans"),),
    )
    shown = plain_text(full, "UTC")
    for text in small_print(full):
        assert text in shown
    assert "Qatar stands for Qatar, Oman." in shown
    assert related_words(full) in plain_text(full, "UTC", whole=True)
    assert "word7x0" in plain_text(full, "UTC", whole=True)
    assert "word7x0" not in shown


def test_a_plan_quotes_the_sentence_that_tells_it(tmp_path: Path) -> None:
    """Not the one before it, which only says who "he" is."""
    desk = desk_at(tmp_path / "desk")
    try:
        reply = desk.brief(Asker(workspace=TEAM, now=datetime(2026, 4, 1, tzinfo=UTC)), "Qatar")
    finally:
        desk.close()
    assert isinstance(reply, Brief)
    lines = [*reply.planned, *reply.happened, *reply.undated, *reply.more]
    visits = [one for one in lines if one.act == "plans to visit"]
    assert ["visit" in one.snippet.quote for one in visits] == [True]


def test_a_line_that_an_earlier_version_stored_is_read() -> None:
    new = line(actor="Qatar", act="met", target="Iran")
    old = new.model_dump_json()
    for name, before in (("actor", "who"), ("act", "did"), ("target", "whom")):
        old = old.replace(f'"{name}":', f'"{before}":')
    assert '"whom":"Iran"' in old
    assert Line.model_validate_json(old) == new
