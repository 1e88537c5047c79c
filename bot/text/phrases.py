"""English phrases for whole months, years and the like, and for days so far from today.

One pattern each; what names days otherwise is ``absolute_dates.py``'s, phrases made of others
(*early March*, *3 weeks after Easter*) are ``compound.py``'s, and what stands before or between
phrases (*since*, *between ... and*) is ``periods.py``'s.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import NamedTuple

from bot.text import days as d
from bot.text import meanings as means
from bot.text import relative_dates as since
from bot.text.days import When
from bot.text.meanings import Rule
from bot.text.numbers import RANK_WORDS, YEAR_WORDS
from bot.text.wording import (
    COUNT,
    COUNT_2,
    END,
    FISCAL,
    HALF,
    HUNDREDS,
    M2,
    SEASON,
    SEP_Y,
    UNIT,
    UNIT_2,
    WHICH,
    WHICH_UNIT,
    YEAR,
    M,
    Y,
)


class Phrase(NamedTuple):
    """What a phrase means, and where it ends; ``weak`` if it may be another word (*may*)."""

    end: int
    when: When
    weak: bool = False


class Rules:
    """A table of patterns and what they mean, compiled when a text is first read by it.

    A third value in a row marks a pattern that may mean no time at all. Compiling all tables
    takes a third of a second, which a command that meets no date need not wait for.
    """

    def __init__(self, *rows: tuple[str, Rule] | tuple[str, Rule, bool]) -> None:
        self._rows = rows

    def __add__(self, other: Rules) -> Rules:
        return Rules(*self._rows, *other._rows)

    @cached_property
    def compiled(self) -> list[tuple[re.Pattern[str], Rule, bool]]:
        """Each pattern, what it means, and whether it may mean no time."""
        return [(re.compile(row[0], re.IGNORECASE), row[1], len(row) > 2) for row in self._rows]


# Whole months and years, of which a part can be taken: "early ...", "the end of ...".
WHOLE = Rules(
    (rf"(?:the\s)?{FISCAL}\s?['’]?(?P<year>(?:19|20)?\d\d)\b(?![-/]\d)", means.year),
    (
        rf"(?:(?:the\s)?(?:{FISCAL}|season)\s?)?{YEAR}(?:/|[-–](?!0\d|1[012]))"
        r"(?P<to>(?:20)?\d\d)(?![\w%]|[-/.]\d)",
        means.two_years,
    ),
    (rf"{YEAR}\s(?:and|or|&)\s(?P<to>(?:19|20)\d\d)(?!\w)", means.two_years, True),
    (rf"{YEAR}\s(?:to|till?|until|through|[-–])\s['’]?(?P<to>\d\d){END}", means.two_years),
    (rf"{M}(?:/|\s?&\s?|\s(?:and|or)\s){M2}{SEP_Y}", means.two_months),
    (rf"{M}(?:/|\s?&\s?|\s(?:and|or)\s){M2}", means.two_months, True),
    (rf"(?P<which_year>this|last|next)\syear['’]s\s{M}", means.month),
    (rf"(?:(?:the\s)?month\sof\s)?{M}{SEP_Y}", means.month),
    (rf"{M}\s?['’](?P<year>\d\d)\b", means.month),
    (rf"(?:the\s)?month\sof\s{M}", means.month),
    (rf"{YEAR}(?:/|\.(?=\d\d?{END}))(?P<m>0?[1-9]|1[012])(?![\w%]|[-/.]\d)", means.iso_month),
    (r"(?:the\s)?(?P<hundred>two)\sthousands\b", means.decade),
    (rf"{Y}[\s/-]{M}(?![\s/-]\d)", means.month),
    (rf"{YEAR}[-/](?P<m>0\d|1[012])\b(?![-/.]\d)", means.iso_month),
    (rf"(?P<m>0?\d|1[012])[-/]{YEAR}\b(?![-/.]\d(?!\d?/\d{{4}}))", means.iso_month),
    (rf"(?:the\s)?{WHICH_UNIT}\s(?:calendar\s)?{UNIT}", since.relative),
    (r"(?:the\s)?(?P<digits>(?:1[6-9]|20)\d0)\s?['’]?s\b", means.decade),
    (r"(?:the\s['’]?|['’])(?P<digits>\d0)\s?['’]?s\b", means.decade),
    (r"(?P<digits>\d0)\s?['’]?s\b", means.decade, True),
    (rf"(?:the\s)?(?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"(?:the\s)?(?P<hundred>{HUNDREDS})[\s-](?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"(?:the\s)?{UNIT}\s(?:(?P<way>before)\slast|after\snext)\b", since.beyond),
    (rf"(?:the\s)?{SEASON}\sbefore\slast\b", since.season_before),
    (rf"{WHICH}\s{M}", since.which_month),
    (rf"(?:the\s)?(?P<n>\d\d(?:st|nd|rd|th)|{RANK_WORDS})[\s-]century\b", means.century),
    (rf"(?:the\s)?years\s{YEAR}\s?[-–/]\s?(?P<to>(?:20)?\d\d)\b", means.two_years),
    (rf"(?:the\s)?(?:calendar\s)?(?:(?:year|cy)\s(?:of\s)?){Y}", means.year),
    (Y, means.year, True),
    (rf"(?P<year>{YEAR_WORDS}|['’]\d\d)\b(?!\s?s\b)", means.year, True),
    (rf"{M}(?!['’]s\b)", means.month, True),
    (rf"{SEASON}(?:\sof)?\s{YEAR}[-–/]\d\d(?:\d\d)?\b", means.season),
    (rf"(?:the\s)?{SEASON}(?:{SEP_Y})", means.season),
    (rf"{WHICH}\s{SEASON}\b(?!\sof\b)", since.which_season),
    (rf"(?:the\s)?{SEASON}\b(?!\s(?:of|offensive|fighting|session|transfer|olympics|games|break)\b)",
     means.season, True),
)  # fmt: skip


# A day so far from today, of which the weekday may be told too: "two weeks from now on Monday".
DISTANT = Rules(
    (
        rf"{COUNT}\s{UNIT}(?:\s?,\s?|\s)(?:and\s)?{COUNT_2}\s{UNIT_2}\s"
        r"(?:(?P<way>ago|back|earlier)|from\s(?:now|today)|later|hence)\b",
        since.two_units_away,
    ),
    (rf"exactly\s{COUNT}\s{UNIT}\sago\b", since.to_the_day),
    (
        rf"{COUNT}\s{UNIT}\sago\s(?:today|(?P<yesterday>yesterday)|this\s(?P<same>day|week|month)|to\sthe\sday)\b",
        since.to_the_day,
    ),
    (
        rf"{COUNT_2}(?:\s{UNIT_2})?\s?(?:or|to|-|–|and(?=\s\w+\s\w+\sago))\s?{COUNT}(?:\s{UNIT})?\s(?:ago|back)\b",
        since.ago_between,
    ),
    (rf"{COUNT}\s{UNIT}(?:\sor\sso)?\s(?:ago|back|earlier)\b", since.ago),
    (rf"{COUNT}\scentur(?:y|ies)\sago\b", since.centuries_ago),
    (
        rf"(?:half\sa\s(?:year|(?P<decade>decade))|{COUNT}\s{HALF})\s(?:(?P<way>ago)|from\s(?:now|today))",
        since.half_away,
    ),
    (rf"in\s{COUNT}\s{UNIT}['’]?s?['’]?\stime\b", since.ahead),
    (rf"{COUNT}\s{UNIT}\sfrom\s(?:now|today)\b", since.ahead),
)
# The same, but only with a weekday: "Tuesday in three weeks".
IN_TIME = Rules((rf"in\s{COUNT}\s{UNIT}", since.ahead))
THIS_ONE = Rules(
    (
        r"(?P<unit>week|month|quarter|year|decade)\b",
        lambda m, today: d.unit_of(today, m["unit"].lower()),
    )
)


def read(rules: Rules, text: str, pos: int, today: date) -> Phrase | None:
    """The phrase that the first fitting rule reads at a place, or None."""
    for pattern, rule, weak in rules.compiled:
        if m := pattern.match(text, pos):
            when = rule(m, today)
            if when is not None and not d.is_backwards(when):
                return Phrase(m.end(), when, weak)
    return None
