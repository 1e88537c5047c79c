from datetime import date
from typing import Any

import pytest

from bot.answer.formatting import count, day, days, event_day, published, written_as
from bot.answer.timeline import tick_label
from bot.models import (
    DateStyle,
    Match,
    Period,
    Status,
)
from handlers.blocks.layout import attribution, period, status_words, subject
from tests.replies import line, match, snippet

STANDINGS: list[tuple[dict[str, Any], list[str]]] = [
    ({"status": Status.HAPPENED, "sources": 3}, ["3 sources"]),
    ({"status": Status.ONGOING}, []),
    ({"status": Status.PLANNED}, ["_planned_"]),
    ({"status": Status.DENIED, "sources": 2}, ["_denied_", "2 sources"]),
    ({"status": Status.POSSIBLE}, ["_possible_"]),
    ({"status": Status.CALLED_FOR}, ["_called for_"]),
    ({"claimant": "<!here> Iran"}, ["_claimed by &lt;!here&gt; Iran_"]),
    (
        {"claimant_words": "two <!here> officials"},
        ["_according to “two &lt;!here&gt; officials”_"],
    ),
    ({}, []),
]


@pytest.mark.parametrize(("values", "words"), STANDINGS)
def test_status_is_said_without_a_click(values: dict[str, Any], words: list[str]) -> None:
    assert [one.mrkdwn for one in status_words(line(**values))] == words


def test_a_heading_that_says_planned_is_enough() -> None:
    assert status_words(line(status=Status.PLANNED), implied=Status.PLANNED) == []


SOURCES: list[tuple[dict[str, Any], str]] = [
    ({}, "<https://jpost.com/a|jpost.com, 28 Mar 2026>"),
    ({"url": None}, "jpost.com, 28 Mar 2026"),
    ({"original_source": "isna.ir"}, "<https://jpost.com/a|jpost.com, after isna.ir, 28 Mar 2026>"),
    ({"original_source": "JPost.com"}, "<https://jpost.com/a|jpost.com, 28 Mar 2026>"),
    ({"publisher": None, "original_source": "isna.ir", "url": None}, "after isna.ir, 28 Mar 2026"),
    ({"publisher": None}, "<https://jpost.com/a|The Jerusalem Post, 28 Mar 2026>"),
    ({"publisher": None, "url": None}, "unnamed source, 28 Mar 2026"),
    ({"publisher": " ", "url": None, "published": None}, "unnamed source, undated"),
    ({"url": None, "published_precision": "month"}, "jpost.com, Mar 2026"),
    ({"url": None, "published_precision": "year"}, "jpost.com, 2026"),
    ({"publisher": "A|B > C*"}, "<https://jpost.com/a|A∣B &gt; C∗, 28 Mar 2026>"),
]


@pytest.mark.parametrize(("values", "shown"), SOURCES)
def test_attribution(values: dict[str, Any], shown: str) -> None:
    assert attribution(snippet(**values), "UTC").mrkdwn == shown


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
    (Period(start=date(2026, 3, 23), label="since Monday"), "since Monday (23 Mar 2026)"),
    (Period(start=date(2024, 1, 1), label="since 2024"), "since 1 Jan 2024"),
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
    assert subject(value).mrkdwn == words


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


STYLES: list[tuple[DateStyle, str, str, str]] = [
    ("en-GB", "7 Mar 2026", "7 Mar", "Mar 2026"),
    ("en-US", "Mar 7, 2026", "Mar 7", "Mar 2026"),
    ("ISO", "2026-03-07", "2026-03-07", "2026-03"),
]


@pytest.mark.parametrize(("style", "whole", "short", "month"), STYLES)
def test_dates_are_written_as_their_reader_has_them(
    style: DateStyle, whole: str, short: str, month: str
) -> None:
    when = date(2026, 3, 7)
    told = line(event_date=when, date_precision="day")
    asked = Period(start=when, end=date(2026, 3, 7), label="then")
    with written_as(style):
        assert day(when) == days(asked) == whole
        assert day(when, "month") == day(when, "period") == month
        assert day(when, "year") == "2026"
        assert event_day(told) == short
        assert tick_label(when, "day") == short
        assert day(date(2026, 3, 28)) in attribution(snippet(), "UTC").mrkdwn
    assert day(when) == "7 Mar 2026"
