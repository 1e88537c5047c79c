"""Periods as people type them, and words that only look like one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import BadQuery
from bot.text.periods import find_period, parse_day, refuse_no_days

TODAY = date(2026, 3, 25)  # a Wednesday


def ends(text: str, today: date = TODAY) -> str | None:
    """The period as ``start..end``, an open end empty; None if there is none."""
    found = find_period(text, today)
    return None if found is None else f"{found.period.start or ''}..{found.period.end or ''}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # days
        ("what did Qatar say today", "2026-03-25..2026-03-25"),
        ("Any news about Iran yesterday?", "2026-03-24..2026-03-24"),
        ("the day before yesterday in Gaza", "2026-03-23..2026-03-23"),
        ("who meets tomorrow", "2026-03-26..2026-03-26"),
        ("strikes last night", "2026-03-24..2026-03-24"),
        ("talks this morning", "2026-03-25..2026-03-25"),
        ("Hamas on Monday", "2026-03-23..2026-03-23"),
        ("Hamas on Wednesday", "2026-03-25..2026-03-25"),
        ("Hamas last Wednesday", "2026-03-18..2026-03-18"),
        ("Hamas last Friday", "2026-03-20..2026-03-20"),
        ("Hamas this Friday", "2026-03-27..2026-03-27"),
        ("Hamas next Friday", "2026-04-03..2026-04-03"),
        ("Hamas this coming Friday", "2026-03-27..2026-03-27"),
        ("Hamas on Thu", "2026-03-19..2026-03-19"),
        ("Tuesday of last week", "2026-03-17..2026-03-17"),
        ("last week Tuesday", "2026-03-17..2026-03-17"),
        ("3 days ago in Doha", "2026-03-22..2026-03-22"),
        ("two weeks ago", "2026-03-09..2026-03-15"),
        ("a month ago", "2026-02-01..2026-02-28"),
        ("two years ago", "2024-01-01..2024-12-31"),
        ("two days before yesterday", "2026-03-22..2026-03-22"),
        ("3 weeks after 13 May 2019", "2019-06-03..2019-06-03"),
        # units
        ("Qatar this week", "2026-03-23..2026-03-29"),
        ("Qatar last week", "2026-03-16..2026-03-22"),
        ("Qatar next week", "2026-03-30..2026-04-05"),
        ("Qatar in the past week", "2026-03-19..2026-03-25"),
        ("Qatar this month", "2026-03-01..2026-03-31"),
        ("Qatar last month", "2026-02-01..2026-02-28"),
        ("Qatar over the past month", "2026-02-26..2026-03-25"),
        ("Qatar this quarter", "2026-01-01..2026-03-31"),
        ("Qatar last quarter", "2025-10-01..2025-12-31"),
        ("Qatar last year", "2025-01-01..2025-12-31"),
        ("Qatar this year so far", "2026-01-01..2026-03-25"),
        ("Qatar year to date", "2026-01-01..2026-03-25"),
        ("Qatar earlier this month", "2026-03-01..2026-03-25"),
        ("Qatar later this week", "2026-03-25..2026-03-29"),
        ("Qatar in the past 3 days", "2026-03-23..2026-03-25"),
        ("Qatar the last two weeks", "2026-03-12..2026-03-25"),
        ("Qatar during the last 6 months", "2025-09-26..2026-03-25"),
        ("Qatar in the last few days", "2026-03-23..2026-03-25"),
        ("Qatar in the past couple of weeks", "2026-03-12..2026-03-25"),
        ("Qatar in the last 24 hours", "2026-03-24..2026-03-25"),
        ("Qatar the last 2 quarters", "2025-07-01..2025-12-31"),
        ("Qatar in the next 3 days", "2026-03-26..2026-03-28"),
        ("Qatar in the next 24 hours", "2026-03-25..2026-03-26"),
        ("Qatar late last fortnight", "2026-03-21..2026-03-25"),
        ("Qatar over the weekend", "2026-03-21..2026-03-22"),
        ("Qatar last weekend", "2026-03-21..2026-03-22"),
        ("Qatar this weekend", "2026-03-28..2026-03-29"),
        # dates
        ("on 13 July 2020", "2020-07-13..2020-07-13"),
        ("on July 13, 2020", "2020-07-13..2020-07-13"),
        ("on Monday, 13th of July 2020", "2020-07-13..2020-07-13"),
        ("2020-07-13 attack", "2020-07-13..2020-07-13"),
        ("on 13/07/2020", "2020-07-13..2020-07-13"),
        ("on 13.7.2020", "2020-07-13..2020-07-13"),
        ("since 12/31/2020", "2020-12-31.."),
        ("on 13-Jul-2020", "2020-07-13..2020-07-13"),
        ("the fourth of July 2019", "2019-07-04..2019-07-04"),
        ("on March 20", "2026-03-20..2026-03-20"),
        ("on March 30", "2025-03-30..2025-03-30"),
        ("on Feb 29", "2024-02-29..2024-02-29"),
        ("the week of 3 March 2025", "2025-03-03..2025-03-09"),
        # months, quarters, years, decades
        ("in October 2020", "2020-10-01..2020-10-31"),
        ("October 2020 protests", "2020-10-01..2020-10-31"),
        ("in Oct. 2020", "2020-10-01..2020-10-31"),
        ("in october", "2025-10-01..2025-10-31"),
        ("in March", "2026-03-01..2026-03-31"),
        ("last March", "2025-03-01..2025-03-31"),
        ("in may 2024", "2024-05-01..2024-05-31"),
        ("in May", "2025-05-01..2025-05-31"),
        ("early March 2024", "2024-03-01..2024-03-10"),
        ("in mid-March 2024", "2024-03-11..2024-03-20"),
        ("in late February 2024", "2024-02-21..2024-02-29"),
        ("at the end of 2023", "2023-09-01..2023-12-31"),
        ("by the end of the month", "..2026-03-31"),
        ("at the start of the year", "2026-01-01..2026-04-30"),
        ("earlier in the week", "2026-03-23..2026-03-25"),
        ("the rest of the year", "2026-03-25..2026-12-31"),
        ("dump of 20200713", "2020-07-13..2020-07-13"),
        ("early last year", "2025-01-01..2025-04-30"),
        ("early this week", "2026-03-23..2026-03-24"),
        ("the end of the last day", "2026-03-25..2026-03-25"),
        ("in Q3 2023", "2023-07-01..2023-09-30"),
        ("2023 Q3", "2023-07-01..2023-09-30"),
        ("the third quarter of 2023", "2023-07-01..2023-09-30"),
        ("the first half of 2023", "2023-01-01..2023-06-30"),
        ("H2 2023", "2023-07-01..2023-12-31"),
        ("the first three months of 2023", "2023-01-01..2023-03-31"),
        ("the last 2 weeks of May 2023", "2023-05-15..2023-05-28"),
        ("first week of January 2015", "2014-12-29..2015-01-04"),
        ("in summer 2023", "2023-06-01..2023-08-31"),
        ("what did Niger do in 2023?", "2023-01-01..2023-12-31"),
        ("Niger 2023", "2023-01-01..2023-12-31"),
        ("the 7 October 2023 attack", "2023-10-07..2023-10-07"),
        ("Iran today", "2026-03-25..2026-03-25"),
        ("in the year 2023", "2023-01-01..2023-12-31"),
        ("in the 1990s", "1990-01-01..1999-12-31"),
        ("in the '90s", "1990-01-01..1999-12-31"),
        ("in the late 1990s", "1997-01-01..1999-12-31"),
        ("in 90 s", "1990-01-01..1999-12-31"),
        ("main events of 2017", "2017-01-01..2017-12-31"),
        ("2017: what did Iran do", "2017-01-01..2017-12-31"),
        ("in the following week", "2026-03-30..2026-04-05"),
        ("in the nineties", "1990-01-01..1999-12-31"),
        # days with a name, numbers that a preposition makes a day
        ("since Christmas", "2025-12-25.."),
        ("at the talks on Christmas Eve", "2025-12-24..2025-12-24"),
        ("Easter 2024 in Jerusalem", "2024-03-31..2024-03-31"),
        ("after last Easter", "2025-04-21.."),
        ("on Good Friday 2025", "2025-04-18..2025-04-18"),
        ("since Thanksgiving", "2025-11-27.."),
        ("on Black Friday 2010", "2010-11-26..2010-11-26"),
        ("attacks on 22/04", "2025-04-22..2025-04-22"),
        ("since 5/12", "2025-05-12.."),
        ("on the 18th", "2026-03-18..2026-03-18"),
        ("the week of the 18th", "2026-03-16..2026-03-22"),
        ("on Wed 18th", "2026-03-18..2026-03-18"),
        ("in week 12", "2026-03-16..2026-03-22"),
        ("in week 1 of 2011 in Cairo", "2011-01-03..2011-01-09"),
        ("wars of the 21st century", "2000-01-01..2099-12-31"),
        ("the next 4 business days", "2026-03-26..2026-03-31"),
        ("the past two decades", "2000-01-01..2019-12-31"),
        ("in two weeks' time", "2026-04-08..2026-04-08"),
        ("three weeks from now", "2026-04-15..2026-04-15"),
        ("agenda for the month", "2026-03-01..2026-03-31"),
        ("on 26 June to 28 June in 2020", "2020-06-26..2020-06-28"),
        # open ends
        ("since Monday", "2026-03-23.."),
        ("since yesterday", "2026-03-24.."),
        ("since last week", "2026-03-16.."),
        ("since 2019", "2019-01-01.."),
        ("since March", "2026-03-01.."),
        ("since May 3", "2025-05-03.."),
        ("since the start of 2024", "2024-01-01.."),
        ("from 2019 onwards", "2019-01-01.."),
        ("from 2019 onwards Qatar", "2019-01-01.."),
        ("news from 2019 on Qatar", "2019-01-01..2019-12-31"),
        ("after 13 July 2020", "2020-07-14.."),
        ("after 2020", "2021-01-01.."),
        ("before 2020", "..2019-12-31"),
        ("prior to March 2020", "..2020-02-29"),
        ("until March 2020", "..2020-03-31"),
        ("up to 13 July 2020", "..2020-07-13"),
        ("as of 13 July 2020", "..2020-07-13"),
        ("by 2020", "..2020-12-31"),
        # ranges
        ("between 13 July 2020 and 2 August 2020", "2020-07-13..2020-08-02"),
        ("between March and May 2024", "2024-03-01..2024-05-31"),
        ("from March to May 2024", "2024-03-01..2024-05-31"),
        ("from November to February", "2025-11-01..2026-02-28"),
        ("from 2019 to 2021", "2019-01-01..2021-12-31"),
        ("2019-2021", "2019-01-01..2021-12-31"),
        ("2019 – 2021", "2019-01-01..2021-12-31"),
        ("from 2020-07-13 to 2020-08-02", "2020-07-13..2020-08-02"),
        ("July 13-20, 2020", "2020-07-13..2020-07-20"),
        ("between 13 and 20 July 2020", "2020-07-13..2020-07-20"),
        ("13 July - 2 August 2020", "2020-07-13..2020-08-02"),
        ("from Monday to today", "2026-03-23..2026-03-25"),
        ("from Friday to Monday", "2026-03-20..2026-03-23"),
        ("from 2024 until now", "2024-01-01..2026-03-25"),
        ("between May 2024 and March 2024", "2024-03-01..2024-05-31"),
        ("since  last \n week", "2026-03-16.."),
    ],
)
def test_periods(text: str, expected: str) -> None:
    assert ends(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # years and days in words, of two digits, and glued or turned around
        ("on 6 April seventeen hundred forty", "1740-04-06..1740-04-06"),
        ("in October two thousand and seven", "2007-10-01..2007-10-31"),
        ("in January two thousand", "2000-01-01..2000-01-31"),
        ("since nineteen ninety-nine", "1999-01-01.."),
        ("on twenty three June nineteen eighty four", "1984-06-23..1984-06-23"),
        ("talks on July thirty one", "2025-07-31..2025-07-31"),
        ("in March of 88", "1988-03-01..1988-03-31"),
        ("in April '87", "1987-04-01..1987-04-30"),
        ("since '08", "2008-01-01.."),
        ("on 12-Jan-19", "2019-01-12..2019-01-12"),
        ("on 9-18-15", "2015-09-18..2015-09-18"),
        ("on 23/08/94", "1994-08-23..1994-08-23"),
        ("on Nov30, 1994", "1994-11-30..1994-11-30"),
        ("on 30Nov 1994", "1994-11-30..1994-11-30"),
        ("on May-2021-24", "2021-05-24..2021-05-24"),
        ("on 2021/24/May", "2021-05-24..2021-05-24"),
        ("on 24-2021-May", "2021-05-24..2021-05-24"),
        ("Friday 5/12", "2025-05-12..2025-05-12"),
        ("2015/3 in Cairo", "2015-03-01..2015-03-31"),
        # months, quarters, seasons and years told by another
        ("the 5th of next month", "2026-04-05..2026-04-05"),
        ("next month on the 5th", "2026-04-05..2026-04-05"),
        ("from 4 to 22 this month", "2026-03-04..2026-03-22"),
        ("March last year", "2025-03-01..2025-03-31"),
        ("Q3 last year", "2025-07-01..2025-09-30"),
        ("2016 third quarter", "2016-07-01..2016-09-30"),
        ("the second half of next year", "2027-07-01..2027-12-31"),
        ("the 2nd half of last month", "2026-02-16..2026-02-28"),
        ("last summer", "2025-06-01..2025-08-31"),
        ("this winter", "2025-12-01..2026-02-28"),
        ("summer of last year", "2025-06-01..2025-08-31"),
        ("the month after next", "2026-05-01..2026-05-31"),
        ("2016-W10", "2016-03-07..2016-03-13"),
        ("week 10 of last year", "2025-03-03..2025-03-09"),
        ("in the nineteen seventies", "1970-01-01..1979-12-31"),
        ("in the 1800s", "1800-01-01..1899-12-31"),
        ("wars of the twentieth century", "1900-01-01..1999-12-31"),
        # the nth of something, and what lies beside a day
        ("the first Friday of July 2019", "2019-07-05..2019-07-05"),
        ("on the last Monday in May", "2025-05-26..2025-05-26"),
        ("first week of July 2019 on Friday", "2019-07-05..2019-07-05"),
        ("the last day of 2019", "2019-12-31..2019-12-31"),
        ("the day after Christmas 2020", "2020-12-26..2020-12-26"),
        ("the week before 12 May 2020", "2020-05-05..2020-05-11"),
        ("less than 3 days after 12 May 2020", "2020-05-12..2020-05-14"),
        ("before the end of 2019", "..2019-12-31"),
        ("two months from today on Monday", "2026-05-25..2026-05-25"),
        ("Thursday, two weeks from now", "2026-04-09..2026-04-09"),
        ("Tuesday in three weeks", "2026-04-21..2026-04-21"),
        ("more than 3 weeks ago", "..2026-03-01"),
        ("less than 3 weeks ago", "2026-03-05..2026-03-25"),
        ("half a year ago", "2025-09-01..2025-09-30"),
        # stretches
        ("they will leave in two weeks", "2026-04-08..2026-04-08"),
        ("they will leave within two weeks", "2026-03-26..2026-04-08"),
        ("for 3 days from today", "2026-03-25..2026-03-27"),
        ("for a week, from 5 May 2020", "2020-05-05..2020-05-11"),
        ("two weeks starting on 5 May 2020", "2020-05-05..2020-05-18"),
        ("from tomorrow for two weeks", "2026-03-26..2026-04-08"),
        ("from 5/1-5/7, 2020", "2020-05-01..2020-05-07"),
        ("12/29-1/3/2020", "2019-12-29..2020-01-03"),
        ("22/4 to 25/4", "2025-04-22..2025-04-25"),
        ("2019/08/01-2019/08/05", "2019-08-01..2019-08-05"),
        ("from April twenty-seventh to the third", "2025-04-27..2025-05-03"),
        ("from Monday to Wednesday next week", "2026-03-30..2026-04-01"),
        ("2014 thru 2018", "2014-01-01..2018-12-31"),
        ("Halloween weekend 2021", "2021-10-30..2021-10-31"),
        ("since January 2019 till March 2020", "2019-01-01..2020-03-31"),
        ("from 5 May 2019 through to 7 May", "2019-05-05..2019-05-07"),
        ("news sep to nov", "2025-09-01..2025-11-30"),
        ("who will meet on May 5", "2026-05-05..2026-05-05"),
        ("what did they say they will do on March 3", "2026-03-03..2026-03-03"),
        ("the weekend of Thanksgiving 2023", "2023-11-23..2023-11-26"),
        ("Labor Day weekend 2020", "2020-09-05..2020-09-07"),
        ("the weekend of 5 May 2019", "2019-05-04..2019-05-05"),
        ("on Mother's Day 2019", "2019-05-12..2019-05-12"),
        ("events of September", "2025-09-01..2025-09-30"),
        ("the news of the day", "2026-03-25..2026-03-25"),
    ],
)
def test_periods_told_in_a_roundabout_way(text: str, expected: str) -> None:
    assert ends(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Qatar may attack Iran",
        "Theresa May in Brussels",
        "what did May say about Doha",
        "a speech by May",
        "protesters march on Tel Aviv",
        "the march to Jerusalem",
        "the second round of talks",
        "wait a second",
        "he sat down with the sun behind him",
        "Mar-a-Lago visit",
        "in Mar del Plata",
        "Jan Egeland said",
        "Russia Today report",
        "USA Today about Qatar",
        "on Good Friday agreement",
        "Black Friday sales",
        "Bloody Sunday inquiry",
        "Sunday Times report",
        "UN resolution 1929",
        "Vision 2030",
        "the October 7 attack",
        "September 11 attacks",
        "the September 11 Commission",
        "an October 10 deadline",
        "following two weeks of protests",
        "a man in his 50s",
        "Tax Cuts and Jobs Act of 2017",
        "2003 invasion of Iraq",
        "2000 troops in Niger",
        "since 2000 troops arrived",
        "they sent 2023 soldiers",
        "$2020 paid",
        "pre-2020 borders",
        "flight 2019",
        "latest news on Qatar",
        "recently in Doha",
        "day of rage",
        "the last visit of the Emir",
        "next steps for Hamas",
        "past presidents of Iran",
        "this is the week",
        "Q5 2023x",
        "on 31 Apr",
        "2020-13-40",
        "version 2.10.2020.1",
        "the fall of Damascus",
        "before the war",
        "since the attack",
        "from Doha to Tehran",
        "between Iran and Qatar",
        "the year of the dragon",
        "end of the war",
        "the start of the days of rage",
        "phone 20201399",
        "the Easter Rising",
        "Christmas sales in Bethlehem",
        "won 3/4 of the seats",
        "a score of 2.1",
        "the 18th attack",
        "his 5th visit to Cairo",
        "for the week of rage",
        "killed in two days",
        "first half of the match",
        "zero 0 days",
        "the past 0 days",
        "9999 years ago",
        "the past 9999 decades",
        "how many were killed in two weeks of fighting",
        "within two weeks of the truce they met",
        "Qatar may one day leave",
        "two thousand five hundred troops",
        "nineteen ten-year-olds",
        "twenty twenty vision",
        "won 6-3 6-4",
        "the first day of talks",
        "the week before the vote",
        "the day after the attack",
        "two Fridays in prison",
        "this fall of markets",
        "in two thousand five hundred cases",
        "Black September in Munich",
        "less than 3 days of ceasefire",
        "for 3 days from the border",
        "",
        "   ",
        "🙂 " * 50,
    ],
)
def test_near_misses(text: str) -> None:
    assert ends(text) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("What did Qatar do in the past 3 days?", "in the past 3 days"),
        ("Iran since Monday: what?", "since Monday"),
        ("Iran in Oct. 2020.", "in Oct. 2020"),
        ("yesterday's talks", "yesterday"),
        ("between  March and\tMay 2024 in Doha", "between  March and\tMay 2024"),
        ("Doha, 2019-2021 – talks", "2019-2021"),
    ],
)
def test_spans(text: str, span: str) -> None:
    found = find_period(text, TODAY)
    assert found is not None
    assert text[found.start : found.end] == span
    assert found.period.label == " ".join(span.split())


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-03-27", "2024-03-27", "2024-03-27"),
        (" 2024-03-27 ", "2024-03-27", "2024-03-27"),
        ("27 March 2024", "2024-03-27", "2024-03-27"),
        ("13/07/2020", "2020-07-13", "2020-07-13"),
        ("05/05/2020", "2020-05-05", "2020-05-05"),
        ("yesterday", "2026-03-24", "2026-03-24"),
        ("Last Monday", "2026-03-23", "2026-03-23"),
        ("3 days ago", "2026-03-22", "2026-03-22"),
        ("last week", "2026-03-16", "2026-03-22"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("March", "2026-03-01", "2026-03-31"),
        ("2024-03", "2024-03-01", "2024-03-31"),
    ],
)
def test_days_as_options(text: str, start: str, end: str) -> None:
    assert parse_day(text, TODAY).isoformat() == start
    assert parse_day(text, TODAY, edge="end").isoformat() == end


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a day"),
        ("soon", "is not a day"),
        ("2024-13-40", "is not a day"),
        ("31 April 2024", "is not a day"),
        ("since Monday", "is not a day"),
        ("Monday or so", "is not a day"),
        ("5/6/2024", "may be day or month first"),
        ("05.06.2024", "may be day or month first"),
        ("9" * 5000, "is not a day"),
        ("9999 years ago", "is not a day"),
        ("9999 years before Easter", "is not a day"),
        ("weeks 0 to 5", "is not a day"),
        ("the 0th day of 2023", "is not a day"),
    ],
)
def test_options_that_are_no_day(text: str, why: str) -> None:
    with pytest.raises(BadQuery, match=why) as told:
        parse_day(text, TODAY)
    assert len(str(told.value)) < 250


WORDS = [
    "since",
    "between",
    "from",
    "to",
    "and",
    "in",
    "the",
    "last",
    "past",
    "next",
    "3",
    "days",
    "weeks",
    "of",
    "May",
    "March",
    "2024",
    "2020-07-13",
    "Monday",
    "Q3",
    "early",
    "end",
    "-",
    ",",
    ".",
    "'s",
    "13",
    "July",
    "1990s",
    "ago",
    "week",
    "second",
    "half",
    "weekend",
    "now",
    "\n",
    "9999",
    "day",
    "decade",
    "century",
    "third",
    "quarter",
    "last year",
    "within",
    "nights",
    "or",
    "before last",
    "to date",
    "spring",
    "Easter",
    "fıve",
    "Aprİl",
    "ſunday",
    "penultimate",
    "1st",
    "0th",
    "0",
    "after",
    "less than",
    "next day",
]


@example("since 2024 decade", date(2000, 1, 1))
@example("the penultimate decade of the 1990s", date(2000, 1, 1))
@example("the last Monday of next day", date(2000, 1, 1))
@example("the second half of last week", date(2000, 1, 1))
@example("2 or fıve days ago", date(2000, 1, 1))
@example("the 0 weeks after 12 May", date(2000, 1, 1))
@example("less than 0 days ago", date(2000, 1, 1))
@example("5 ſeptember 2020", date(2000, 1, 1))
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=80),
    st.dates(date(1970, 1, 1), date(2100, 1, 1)),
)
def test_any_words_give_a_period_in_its_text_or_none(text: str, today: date) -> None:
    found = find_period(text, today)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert found.period.label == " ".join(text[found.start : found.end].split())
        period = found.period
        assert period.start or period.end
        assert not (period.start and period.end) or period.start <= period.end


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_last_week_is_the_week_before_this_one(today: date) -> None:
    found = find_period("last week", today)
    assert found is not None
    assert found.period.start is not None
    assert found.period.end is not None
    assert found.period.start.weekday() == 0
    assert found.period.end - found.period.start == timedelta(days=6)
    assert 0 < (today - found.period.end).days <= 7


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert ends("between 3 and the 2020- May last " * 60 + "yesterday") is not None
    assert ends("word " * 590 + "yesterday") == "2026-03-24..2026-03-24"
    assert ends("word " * 600 + "yesterday") is None
    assert ends(" " * 2_000 + "yesterday") == "2026-03-24..2026-03-24"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # short forms
        ("profit in 1H 2025", "2025-01-01..2025-06-30"),
        ("Q2'25 results", "2025-04-01..2025-06-30"),
        ("2025 3Q", "2025-07-01..2025-09-30"),
        ("FY2024 budget", "2024-01-01..2024-12-31"),
        ("the 2024-25 season", "2024-01-01..2025-12-31"),
        ("winter 2024-25", "2024-12-01..2025-02-28"),
        ("W30 2025", "2025-07-21..2025-07-27"),
        ("MTD", "2026-03-01..2026-03-25"),
        ("Oct 2,2025", "2025-10-02..2025-10-02"),
        ("archive-2018-09-23-page", "2018-09-23..2018-09-23"),
        # beside other days
        ("the week ending 15 March", "2026-03-09..2026-03-15"),
        ("the quarter ended on 30 June 2025", "2025-04-01..2025-06-30"),
        ("the month after May 2025", "2025-06-01..2025-06-30"),
        ("ten days before the end of February", "2026-02-18..2026-02-18"),
        ("this day last year", "2025-03-25..2025-03-25"),
        ("the 3rd of the month", "2026-03-03..2026-03-03"),
        ("two weeks from Friday", "2026-04-10..2026-04-10"),
        ("early in the week", "2026-03-23..2026-03-24"),
        ("late summer 2025", "2025-08-01..2025-08-31"),
        ("in recent weeks", "2026-03-05..2026-03-25"),
        ("in the weeks ahead", "2026-03-26..2026-04-15"),
        ("the entire year", "2026-01-01..2026-12-31"),
        # two that belong together
        ("June and July 2025", "2025-06-01..2025-07-31"),
        ("December/January 2025", "2024-12-01..2025-01-31"),
        ("from the 5th to the 8th", "2026-03-05..2026-03-08"),
        ("29.05.2025 - 03.06.2025", "2025-05-29..2025-06-03"),
        ("2025-06-05/2025-07-02", "2025-06-05..2025-07-02"),
        ("from spring to autumn 2025", "2025-03-01..2025-11-30"),
        ("from 1995 to 98", "1995-01-01..1998-12-31"),
        ("Mon-Fri", "2026-03-23..2026-03-27"),
        # before and after what stands there
        ("no later than May 2025", "..2025-05-31"),
        ("on or after 5 June 2025", "2025-06-05.."),
        ("earlier than 2018", "..2017-12-31"),
        ("2018 and later", "2018-01-01.."),
        ("2018 or earlier", "..2018-12-31"),
        # misspelt
        ("in febuary 2025", "2025-02-01..2025-02-28"),
        ("since septmber", "2025-09-01.."),
        ("on wensday", "2026-03-25..2026-03-25"),
        # feasts
        ("during Ramadan in Gaza", "2026-02-17..2026-03-18"),
        ("Eid al-Adha 2024", "2024-06-16..2024-06-16"),
        ("Passover 2024", "2024-04-23..2024-04-29"),
        ("Yom Kippur 2023", "2023-09-25..2023-09-25"),
        ("Hanukkah 2024", "2024-12-26..2025-01-02"),
        ("Orthodox Easter 2024", "2024-05-05..2024-05-05"),
        ("St. Patrick's Day", "2026-03-17..2026-03-17"),
    ],
)
def test_periods_in_other_words(text: str, expected: str) -> None:
    assert ends(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "every single day",
        "Chinese New Year",
        "the fall of Damascus",
        "a spring offensive",
        "won 4-2",
        "the 5th to the 8th grade",
        "two weeks later",
        "the same day",
    ],
)
def test_words_near_those_are_no_period(text: str) -> None:
    assert ends(text) is None


COMING, PAST = "2026-09-01..2026-09-30", "2025-09-01..2025-09-30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what will happen in September", COMING),
        ("in September, will Iran vote?", COMING),
        ("when in September will they meet", COMING),
        ("elections planned in September", COMING),
        ("the summit scheduled for September", COMING),
        ("the two are to meet in September", COMING),
        ("the summit is set for September", COMING),
        ("Iran said it would vote in September", COMING),
        ("they could meet in September", COMING),
        ("who may visit Doha in September", COMING),
        ("is the Pope coming in September", COMING),
        ("upcoming elections in September", COMING),
        ("what did they say they will do in September", COMING),
        ("who is visiting Qatar in September", COMING),
        ("they will stay until September", "..2026-09-30"),
        ("talks will run from June to August", "2026-06-01..2026-08-31"),
        ("talks will run from August to November", "2026-08-01..2026-11-30"),
        ("what happened in September", PAST),
        ("elections in September", PAST),
        ("what was planned in September", PAST),
        ("the vote had been expected in September", PAST),
        ("they would have met in September", PAST),
        ("what did Iran say in September about what it will do", PAST),
        ("what will follow from what happened in September", PAST),
        ("will the truce that began in September hold", PAST),
        ("will they sign what they agreed on in September", PAST),
        ("the government will fall. It lost a vote in September", PAST),
        ("will Iran have attacked since September", "2025-09-01.."),
        ("since September, who will have met?", "2025-09-01.."),
        ("the tariffs were set in September", PAST),
        ("the record he set in September", PAST),
        ("talks ran from June to August", "2025-06-01..2025-08-31"),
        ("who has been coming and going in September", PAST),
    ],
)
def test_a_month_that_is_yet_to_come(text: str, expected: str) -> None:
    assert ends(text) == expected


def test_a_month_that_is_over_is_the_coming_one_once_it_is_over_for_long() -> None:
    text = "what will happen in September"
    told = {month: ends(text, date(2026, month, 20)) for month in (8, 9, 10, 12)}
    assert told == {8: COMING, 9: COMING, 10: COMING, 12: "2027-09-01..2027-09-30"}


@pytest.mark.parametrize("text", ["since 2025-13-45", "on 2025-02-30", "31 April", "30 Feb 2024"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="no day of any calendar"):
        refuse_no_days(text)


@pytest.mark.parametrize(
    "text", ["2024-02-29", "29 Feb 2024", "May 5 people", "may 99 percent", "UN 2231-13-45x"]
)
def test_near_a_day_that_is_none(text: str) -> None:
    refuse_no_days(text)
