"""Times of digests as people type them."""

from __future__ import annotations

from datetime import time

import pytest

from bot.digests.schedule import (
    Command,
    parse_clock,
    parse_command,
    parse_hours,
    parse_times,
    parse_zone,
    times_in_words,
    zones,
)
from bot.errors import BadQuery
from bot.models import Hours, Often
from handlers.blocks.forms import PROFILE, modal, time_zone
from handlers.blocks.limits import modal_problems


@pytest.mark.parametrize(
    ("typed", "often", "at", "weekday"),
    [
        ("daily", "daily", "08:00", 0),
        ("daily at 8", "daily", "08:00", 0),
        ("every day at 7.30", "daily", "07:30", 0),
        ("every weekday at 6 pm", "weekdays", "18:00", 0),
        ("weekdays 12am", "weekdays", "00:00", 0),
        ("daily at noon", "daily", "12:00", 0),
        ("weekly on Friday at 9:15", "weekly", "09:15", 4),
        ("fridays 17h30", "weekly", "17:30", 4),
        ("every week on sun at 9", "weekly", "09:00", 6),
        ("twice a day", "twice", "08:00 18:00", 0),
        ("twice daily at 18:00 and 7", "twice", "07:00 18:00", 0),
        ("daily at 8:00 and 18:00", "twice", "08:00 18:00", 0),
    ],
)
def test_times(typed: str, often: Often, at: str, weekday: int) -> None:
    found = parse_times(typed, "UTC")
    assert (found.often, " ".join(f"{one:%H:%M}" for one in found.at)) == (often, at)
    assert found.weekday == weekday


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("daily at 25:00", "not a time of day"),
        ("daily at 13 pm", "not a time of day"),
        ("daily at 8:75", "not a time of day"),
        ("weekly on Monday at 8 and 9", "one time of day"),
        ("daily at 8, 9 and 10", "one time of day"),
        ("twice a day at 8", "both times"),
    ],
)
def test_odd_times_are_refused(typed: str, match: str) -> None:
    with pytest.raises(BadQuery, match=match):
        parse_times(typed, "UTC")


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("daily at noon", "12:00"),
        ("daily at midnight", "00:00"),
        ("daily at 8", "08:00"),
        ("daily 8am", "08:00"),
        ("daily at 08:00", "08:00"),
        ("daily at 8.30 pm", "20:30"),
        ("daily, at 8 o'clock", "08:00"),
        ("every day at 8:00.", "08:00"),
        ("send it daily at 8 in the morning", ""),
        ("set daily at 8 p.m.", "20:00"),
    ],
)
def test_times_of_the_day_as_people_write_them(typed: str, at: str) -> None:
    if at:
        assert f"{parse_times(typed, 'UTC').at[0]:%H:%M}" == at
    else:
        with pytest.raises(BadQuery, match="do not understand"):
            parse_times(typed, "UTC")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("daily at noonish", "noonish"),
        ("daily at 8ish", "8ish"),
        ("daily at half past eight", "half past eight"),
        ("weekdays after lunch", "after lunch"),
        ("weekly on Monday at 9 about Qatar", "about Qatar"),
        ("daily at 7:5", "7:5"),
    ],
)
def test_what_is_not_understood_is_refused_with_an_example(typed: str, words: str) -> None:
    with pytest.raises(BadQuery, match=f"“{words}”.*`/digest daily at 8:00`"):
        parse_times(typed, "UTC")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("daily at 8:00 Europe/Paris", "Europe/Paris"),
        ("weekdays at noon in New York", "America/New_York"),
        ("weekly on Monday at 6 pm Tokyo time", "Asia/Tokyo"),
        ("daily at 8 UTC", "UTC"),
        ("daily at 8", "Asia/Qatar"),
    ],
)
def test_a_zone_may_be_typed(typed: str, zone: str) -> None:
    assert parse_times(typed, "Asia/Qatar").tz == zone


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("daily at 8:00 Europe/Pariss", "Europe/Paris"),
        ("daily at 8:00 Amerika/New_York", "America/New_York"),
        ("daily at 8:00 Berlim", "Europe/Berlin"),
    ],
)
def test_a_misspelt_zone_gets_a_suggestion(typed: str, near: str) -> None:
    with pytest.raises(BadQuery, match=f"Did you mean {near}"):
        parse_times(typed, "UTC")


def test_a_list_of_zones_has_each_once() -> None:
    every = [name for names in zones().values() for name in names]
    assert len(every) == len(set(every)) > 400
    assert {"UTC", "Europe/Berlin", "Asia/Qatar", "America/New_York"} <= set(every)
    assert all(parse_zone(name) == name for name in every)


@pytest.mark.parametrize("first", ["Asia/Qatar", "UTC", "US/Eastern", ""])
def test_a_list_of_zones_is_within_the_limits_of_slack(first: str) -> None:
    made = time_zone("zone", "Time zone", first, profile=True)
    view = modal("callback", "Title", "Set", [made], {})
    assert modal_problems(view) == []
    assert made["element"]["initial_option"]["value"] == (first or PROFILE)
    assert max(len(group["options"]) for group in made["element"]["option_groups"]) <= 100


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Command("form", "", mine=False)),
        ("for me", Command("form", "", mine=True)),
        ("now", Command("now", "", mine=False)),
        ("preveiw", Command("preview", "", mine=False)),
        ("pause for me", Command("pause", "", mine=True)),
        ("daily at 8 for me", Command("set", "daily at 8", mine=True)),
        ("set twice a day at 8 and 18", Command("set", "set twice a day at 8 and 18", mine=False)),
        ("every Monday", Command("set", "every Monday", mine=False)),
        ("stop", Command("off", "", mine=False)),
        ("help", Command("help", "", mine=False)),
    ],
)
def test_commands(typed: str, wanted: Command) -> None:
    assert parse_command(typed) == wanted


def test_other_words_are_told_what_there_is() -> None:
    with pytest.raises(BadQuery, match="`/digest help`"):
        parse_command("Qatar")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_zones(typed: str, zone: str) -> None:
    assert parse_zone(typed) == zone


def test_a_misspelt_zone_is_asked_back() -> None:
    with pytest.raises(BadQuery, match="Did you mean Europe/Berlin"):
        parse_zone("Berlim")


def test_quiet_hours() -> None:
    assert parse_hours(" ") is None
    assert parse_hours("10 pm to 7") == Hours(begin=time(22), end=time(7))
    with pytest.raises(BadQuery, match="22:00 to 7:00"):
        parse_hours("at 22")
    with pytest.raises(BadQuery, match="“noonish” is not a time of day"):
        parse_hours("noonish to 7")
    assert parse_clock("8:00 and 8:00") == [time(8)]


def test_in_words() -> None:
    weekly = parse_times("weekly on Friday at 9", "Europe/Berlin")
    assert times_in_words(weekly) == "every Friday at 09:00, Europe/Berlin time"
    assert (
        times_in_words(parse_times("twice a day", "UTC"))
        == "twice a day at 08:00 and 18:00, UTC time"
    )


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("every other day at noon", "every other"),
        ("every 3 days at 8", "every 3"),
        ("every month at 8", "every month"),
        ("daily and hourly", "hourly"),
        ("biweekly on Monday", "biweekly"),
        ("weekly on Monday and Thursday at 8", "several days of the week"),
        ("every weekend at 9", "every weekend"),
    ],
)
def test_another_rhythm_is_refused_not_rounded(typed: str, other: str) -> None:
    with pytest.raises(BadQuery, match=f"does not come .*{other}.*: it comes daily"):
        parse_times(typed, "UTC")


@pytest.mark.parametrize("typed", ["every Monday, on monday at 8", "every weekday at 8", "daily"])
def test_what_looks_like_another_rhythm_is_none(typed: str) -> None:
    assert parse_times(typed, "UTC").at == (time(8),)
