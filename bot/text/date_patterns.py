"""Patterns of English dates, one a rule: parts, whole months and years, exact days.

``WHOLE`` are months and years of which a part can be taken, ``DISTANT`` days so far from today,
``EXACT`` days and stretches that a phrase names outright. Phrases made of others (*early March*,
*3 weeks after Easter*) are in ``date_phrases.py``, and what stands before or between phrases
(*since*, *between ... and*) in ``periods.py``. A numeric date that may be read either way
(5/6/2024) is read month first; one written with dots (5.6.2024) day first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import NamedTuple

from bot.text import date_meanings as means
from bot.text import days as d
from bot.text.date_meanings import FOLLOWING, LAST, NEXT, Rule
from bot.text.days import COUNT_WORDS, DAY_WORDS, NAMES, RANK_WORDS, YEAR_WORDS, When


class LazyPattern:
    """A regular expression that ignores case, with the methods of a compiled one."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self._source, re.IGNORECASE)

    def match(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """Match at ``pos``."""
        return self.compiled.match(text, pos)

    def search(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """Find the first match from ``pos`` on."""
        return self.compiled.search(text, pos)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match the whole text."""
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find all matches that do not overlap."""
        return self.compiled.finditer(text)


END = r"(?=\s*(?:$|[.,;:?!)]))"
SURE_YEAR = r"(?:1[6-9]|20|21)\d\d(?![\w%]|[.,]\d|[-/]\d\d?\b)"
TWO_DIGITS = rf"(?<=\sof\s)['’]?\d\d{END}|(?<=\s)['’]\d\d(?!\w)"
M = rf"(?P<month>{d.MONTH_PATTERN})\b\.?"
Y = rf"(?P<year>{SURE_YEAR})"
YEAR_AFTER = rf"(?P<year>{SURE_YEAR}|(?:{YEAR_WORDS}|two\sthousand)\b|{TWO_DIGITS})"
COUNT = rf"(?:a\s)?(?P<n>\d{{1,4}}|{COUNT_WORDS})(?:\sof)?"
THAT_YEAR = (
    r"(?:(?P<which_year>this|last|next)\syear\b"
    rf"|{COUNT.replace('<n>', '<years>')}\syears?\sago\b)"
)
SEP_Y = (
    rf"(?:(?:\s?,\s?(?:in\s)?|[\s/-]{{1,2}}|\s(?:of|in)\s){YEAR_AFTER}|\s(?:of\s|in\s)?{THAT_YEAR})"
)
RANKED = rf"\d{{1,2}}(?:st|nd|rd|th)|{RANK_WORDS}"
NO_FIGURE = r"(?![\w%]|:\d|[./]\d|,\d(?!\d{3}\b))"
D = rf"(?P<day>(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{RANK_WORDS}){NO_FIGURE}"
D2 = D.replace("<day>", "<last>")
WEEKDAY = rf"(?P<weekday>{d.WEEKDAY_PATTERN})\b\.?"
OF_WEEKDAY = rf"(?:{WEEKDAY},?\s\(?)?"
NO_M = rf"(?!\s?(?:{d.MONTH_PATTERN})\b)"
UNIT = r"(?P<unit>hour|hr|day|night|week|wk|fortnight|month|mth|quarter|year|yr|decade)s?\b"
COMPACT = r"(?P<n>\d{1,3})\s?(?P<unit>h|hr|d|wk?|mo|yr?)s?\b"
"""How much in short, as it is written for a machine: *24h, 7d*."""
TO = r"\s?(?:-|–|—|~|to|and|through|thru|until|till?)\s?(?:the\s)?"
LAST_WORDS = "|".join(w.replace(" ", r"\s") for w in sorted(LAST, key=len, reverse=True))
NEXT_WORDS = "|".join(w.replace(" ", r"\s") for w in sorted(NEXT, key=len, reverse=True))
WHICH = rf"(?P<which>{LAST_WORDS}|{NEXT_WORDS}|this)"
WHICH_UNIT = rf"(?P<which>{LAST_WORDS}|{NEXT_WORDS}|{FOLLOWING}|this|current)"
WEEK_OF_DAY = (
    r"(?P<week>this|(?:the\s)?(?:last|next|previous|past|coming|upcoming|following))\sweek"
)
NUM = r"[012]?\d|3[01]"
WHICH_MONTH = rf"{WHICH_UNIT}\smonth\b"
YEAR = r"(?P<year>(?:19|20)\d\d)"
TOMORROW = r"(?:tomm?orr?ow|tmrw?|tmw)"
HUNDREDS = "sixteen|seventeen|eighteen|nineteen|twenty"
NUMERIC_M = r"(?P<a>\d\d?)/(?P<b>\d\d?)"
WEEKDAYS = rf"(?P<weekday>{'|'.join(d.WEEKDAYS)})"
CLOCK = r"(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
HALF = r"(?:and\sa\shalf\s(?P<half>year|month)s?|(?P<half2>year|month)s?\sand\sa\shalf)"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)(?:\smonths)?"
RANK_OF_FOUR = r"(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)"
FISCAL = r"(?:fy|cy|(?:fiscal|financial|school|academic|tax|budget)(?:\syear)?)"
SHORT_YEAR = rf"(?:\s?['’]|\s?{FISCAL}\s?['’]?)(?P<year>(?:20)?\d\d)(?![\w%])"
COUNT_2, UNIT_2 = (
    part.replace("<n>", "<n2>").replace("<unit>", "<unit2>") for part in (COUNT, UNIT)
)
M2 = M.replace("<month>", "<month2>")
NOT_A_CENTURY = r"(?!\s?[\w%]|[-/]\w)"


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
    (rf"(?:the\s)?{WHICH_UNIT}\s(?:calendar\s)?{UNIT}", means.relative),
    (r"(?:the\s)?(?P<digits>(?:1[6-9]|20)\d0)\s?['’]?s\b", means.decade),
    (r"(?:the\s['’]?|['’])(?P<digits>\d0)\s?['’]?s\b", means.decade),
    (r"(?P<digits>\d0)\s?['’]?s\b", means.decade, True),
    (rf"(?:the\s)?(?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"(?:the\s)?(?P<hundred>{HUNDREDS})[\s-](?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"(?:the\s)?{UNIT}\s(?:(?P<way>before)\slast|after\snext)\b", means.beyond),
    (rf"(?:the\s)?{SEASON}\sbefore\slast\b", means.season_before),
    (rf"{WHICH}\s{M}", means.which_month),
    (rf"(?:the\s)?(?P<n>\d\d(?:st|nd|rd|th)|{RANK_WORDS})[\s-]century\b", means.century),
    (rf"(?:the\s)?years\s{YEAR}\s?[-–/]\s?(?P<to>(?:20)?\d\d)\b", means.two_years),
    (rf"(?:the\s)?(?:calendar\s)?(?:(?:year|cy)\s(?:of\s)?){Y}", means.year),
    (Y, means.year, True),
    (rf"(?P<year>{YEAR_WORDS}|['’]\d\d)\b(?!\s?s\b)", means.year, True),
    (rf"{M}(?!['’]s\b)", means.month, True),
    (rf"{SEASON}(?:\sof)?\s{YEAR}[-–/]\d\d(?:\d\d)?\b", means.season),
    (rf"(?:the\s)?{SEASON}(?:{SEP_Y})", means.season),
    (rf"{WHICH}\s{SEASON}\b(?!\sof\b)", means.which_season),
    (rf"(?:the\s)?{SEASON}\b(?!\s(?:of|offensive|fighting|session|transfer|olympics|games|break)\b)",
     means.season, True),
)  # fmt: skip


# A day so far from today, of which the weekday may be told too: "two weeks from now on Monday".
DISTANT = Rules(
    (
        rf"{COUNT}\s{UNIT}(?:\s?,\s?|\s)(?:and\s)?{COUNT_2}\s{UNIT_2}\s"
        r"(?:(?P<way>ago|back|earlier)|from\s(?:now|today)|later|hence)\b",
        means.two_units_away,
    ),
    (rf"exactly\s{COUNT}\s{UNIT}\sago\b", means.to_the_day),
    (
        rf"{COUNT}\s{UNIT}\sago\s(?:today|(?P<yesterday>yesterday)|this\s(?P<same>day|week|month)|to\sthe\sday)\b",
        means.to_the_day,
    ),
    (
        rf"{COUNT_2}(?:\s{UNIT_2})?\s?(?:or|to|-|–|and(?=\s\w+\s\w+\sago))\s?{COUNT}(?:\s{UNIT})?\s(?:ago|back)\b",
        means.ago_between,
    ),
    (rf"{COUNT}\s{UNIT}(?:\sor\sso)?\s(?:ago|back|earlier)\b", means.ago),
    (rf"{COUNT}\scentur(?:y|ies)\sago\b", means.centuries_ago),
    (
        rf"(?:half\sa\s(?:year|(?P<decade>decade))|{COUNT}\s{HALF})\s(?:(?P<way>ago)|from\s(?:now|today))",
        means.half_away,
    ),
    (rf"in\s{COUNT}\s{UNIT}['’]?s?['’]?\stime\b", means.ahead),
    (rf"{COUNT}\s{UNIT}\sfrom\s(?:now|today)\b", means.ahead),
)
# The same, but only with a weekday: "Tuesday in three weeks".
IN_TIME = Rules((rf"in\s{COUNT}\s{UNIT}", means.ahead))
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


EXACT = DISTANT + Rules(
    (rf"(?:the\s)?{WEEKDAY}\s(?:(?P<way>before)\slast|after\snext)\b", means.weekday_beyond),
    (r"(?:the\s)?weekend\s(?:(?P<way>before)\slast|after\snext)\b", means.weekend_beyond),
    (rf"{COUNT}\sweekends\s(?:(?P<way>ago)|from\snow)\b", means.weekends_away),
    (rf"(?:an?|one)\sweek\son\s{WEEKDAY}", means.week_on),
    (rf"{WEEKDAYS}\sweek\b(?!\s\d)", means.week_on),
    (
        r"(?:(?:this|the\ssame|same)\s(?P<same>day|date|week|month|quarter|time)|today)"
        rf"(?:\s(?:of|in))?\s(?P<which>last|next)\s{UNIT}",
        means.this_day,
    ),
    (r"(?:the\s)?other\s(?P<unit>day|night|week|month)\b(?!\s(?:of|in|shift|care))", means.other),
    (r"overnight\b(?!\s(?:success|stays?|trains?|flights?|bus|guests?|trips?))", means.overnight),
    (rf"{COUNT}\s(?:minutes?|mins?)\sago\b", means.just_now),
    (rf"(?:the\s)?(?:{LAST_WORDS})\s{COUNT}\s(?:minutes?|mins?)\b", means.just_now),
    (rf"{COMPACT}\s(?:ago|back)\b", means.ago),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{COMPACT}", means.counted),
    (
        rf"(?:the\s)?(?:{LAST_WORDS})\s(?:(?:{COUNT}\s)?{HALF}"
        r"|half[\s-](?:a\s)?(?P<whole>year|decade)\b)",
        means.past_half,
    ),
    (r"(?:the\s)?turn\sof\s(?:the\s)?(?P<turned>year|century|millennium)\b", means.turn),
    (rf"(?:the\s)?turn\sof\sthe\s(?P<n>{RANKED})[\s-](?P<turned>century)\b", means.turn),
    (rf"(?:the\s)?(?:christmas|xmas|festive)\s(?:holidays?|period|season|break)\b(?:{SEP_Y})?",
     means.around_christmas),
    (rf"the\snew\syear{END}", means.new_year, True),
    (rf"(?:the\s)?(?P<day>{RANKED})(?:\sday)?\s(?:of|in)\sthe\smonth\b", means.days_of_month),
    (r"(?:the\s)?(?:end\sof\s(?:the\s)?(?:business\s)?day|eod|cob)\b", means.near),
    (rf"(?:the\s)?day\s(?P<way>before|after){END}", means.day_beside),
    (rf"(?:in\s)?(?:the\s)?recent\s{UNIT}", means.few),
    (rf"in\sthe\s{UNIT}\s(?P<which>to\scome|ahead)\b", means.few),
    (rf"(?:all|(?:the\s)?(?:whole|entire)(?:\sof\s(?:the|this))?)\s{UNIT}", means.this_one),
    (r"(?P<part>mid)[\s-]?(?P<unit>week|month|year)\b(?!\s\d)", means.part_of_this),
    (rf"(?:eoy|year[\s-]end|end\sof\syear)\s{YEAR}\b", means.end_of_year),
    (r"(?:the\s)?(?P<unit>week|month|quarter|year)(?:[’']?s)?[\s-]end\b", means.part_of_this),
    (
        r"(?P<a>\d\d?)\.?(?:(?P<b>\d\d?)\.)?\s?[-–]\s?(?P<c>\d\d?)\.(?P<e>\d\d?)\."
        rf"{YEAR}\b",
        means.span_with_dots,
    ),
    (rf"(?P<day>\d\d?)/(?P<last>\d\d?)\s{M}{SEP_Y}?", means.day_range),
    (
        rf"weeks\s(?P<n>\d\d?)\s?(?:to|-|–|and)\s?(?P<last>\d\d?)\b(?:{SEP_Y})?",
        means.numbered_weeks,
    ),
    (rf"(?:the\s)?(?P<name>{NAMES})\sbefore\slast\b", means.holiday_before_last),
    (r"(?:the\s)?(?P<letter>[mqwy])td\b", means.so_far),
    (
        rf"(?:the\s)?{D}\s?(?:of\s)?{M}\s(?:to|until|till?|through)\s(?:the\s)?"
        rf"(?P<last>\d\d?(?:st|nd|rd|th)){NO_M}(?!\s?\w|[-/]\w)",
        means.day_range,
    ),
    (
        rf"{M}\s?(?P<day>\d\d?)(?:st|nd|rd|th)?"
        r"(?:\s?,\s?\d\d?(?:st|nd|rd|th)?)?,?\s(?:and|&)\s"
        rf"(?P<last>\d\d?)(?:st|nd|rd|th)?(?![\w%]|[.,/]\d){NO_M}{SEP_Y}?",
        means.day_range,
    ),
    (rf"q(?P<q>[1-4])\s?(?:and|or|&|/)\s?q?(?P<last>[1-4])\b(?:{SEP_Y})?", means.two_quarters),
    (rf"(?P<part>[qh])(?P<q>[1-4]){SHORT_YEAR}", means.quarter),
    (rf"{YEAR}(?P<part>[qh])(?P<q>[1-4])\b", means.quarter),
    (rf"(?P<q>[1-4])(?P<part>[qh]){SHORT_YEAR}", means.quarter),
    (rf"(?P<q>[1-4])(?P<part>[qh]){SEP_Y}", means.quarter),
    (r"(?P<q>[1-4])(?P<part>[qh])(?P<year>(?:20)?\d\d)\b", means.quarter),
    (rf"(?:the\s)?{RANK_OF_FOUR}[\s-](?P<part>q(?:uarter|tr)?|h(?:alf)?)\b{SEP_Y}", means.quarter),
    (rf"(?:the\s)?{RANK_OF_FOUR}\s(?P<part>quarter)\b(?!\s(?:of|in)\b)", means.quarter, True),
    (r"(?P<q>[1-4])(?P<part>q)\b", means.quarter, True),
    (rf"(?P<which_year>this|last|next)\syear['’]s\s(?P<name>{NAMES})\b", means.holiday),
    (rf"{YEAR},?\s(?:week|wk)\s?(?P<n>[1-4]?\d|5[0-3])\b", means.numbered_week),
    (rf"w(?P<n>[0-5]?\d)[\s/,-]{{1,2}}{YEAR}(?!\w)", means.numbered_week),
    (rf"{D}[/-]{M}[/-](?P<year>\d\d)(?![\w%]|[/.-]\d)", means.one_day),
    (r"(?P<a>\d\d)\.(?P<b>\d\d)\.(?P<year>\d\d)(?![\w%]|[/.-]\d)", means.numeric),
    (
        rf"(?P<year>\d{{4}})[-/.](?P<m>{NUM})[-/.](?P<d>{NUM}){CLOCK}"
        r"(?![\w]|[-/]\d\d?(?!\d))",
        means.iso,
    ),
    (
        rf"{NUMERIC_M}{TO}(?P<c>\d\d?)/(?P<e>\d\d?)"
        r"(?:(?:\s?,\s?|/|\s)(?P<year>(?:19|20)\d\d|(?<=/)\d\d))?(?![\w%/])",
        means.numeric_span,
    ),
    (rf"{NUMERIC_M}/(?P<year>\d\d)(?![\w%]|[/.-]\d)", means.numeric),
    (r"(?P<a>\d\d?)-(?P<b>\d\d?)-(?P<year>\d\d)(?![\w%]|[/.-]\d)", means.numeric),
    (rf"(?:(?:{WHICH}\s)?{WEEKDAY},?\s){NUMERIC_M}(?![\w%]|[/.-]\d)", means.day_and_month),
    (rf"(?:the\s)?{D}{TO}{D2}\s(?:of\s|in\s)?(?:the\s)?{WHICH_MONTH}", means.days_of_month),
    (rf"(?:the\s)?(?P<day>{RANKED})\s(?:of\s|in\s)?(?:the\s)?{WHICH_MONTH}", means.days_of_month),
    (rf"{WHICH_MONTH}(?:\son)?\s(?:the\s)?(?P<day>{RANKED})\b", means.days_of_month),
    (rf"{YEAR}(?P<m>0[1-9]|1[012])(?P<d>[012]\d|3[01])\b", means.iso),
    (rf"(?P<a>{NUM})(?P<s>[-/.])(?P<b>{NUM})(?P=s)(?P<year>\d{{4}})\b(?!\.\d)", means.numeric),
    (
        rf"{OF_WEEKDAY}(?:the\s)?{D}(?:,\s\d\d?(?:st|nd|rd|th)?)*\.?{TO}{D2}\.?\s?(?:of\s)?{M}"
        rf"{SEP_Y}?",
        means.day_range,
    ),
    (rf"(?:{WEEKDAY},?\s)?{M}\s?(?:the\s)?{D}{TO}{D2}{NO_M}{SEP_Y}?", means.day_range),
    (rf"{OF_WEEKDAY}(?:the\s)?{D}(?:\.?\s|[./-])?(?:of\s)?{M}(?:{SEP_Y})?", means.one_day),
    (rf"{OF_WEEKDAY}{M}[\s/-]?(?:the\s)?{D}(?:{SEP_Y})?", means.one_day),
    (rf"{Y}[/-]{M}[/-]{D}", means.one_day),
    (rf"{YEAR}[/-]{D}[/-]{M}", means.one_day),
    (rf"{YEAR},?\s{M}\s{D}", means.one_day),
    (rf"{D}[/-]{YEAR}[/-]{M}", means.one_day),
    (rf"{M}[/-]{YEAR}[/-]{D}", means.one_day),
    (rf"(?P<month>{d.MONTH_PATTERN}){D}(?:{SEP_Y})?", means.one_day),
    (rf"(?P<day>\d\d?)(?P<month>{d.MONTH_PATTERN}){YEAR}\b", means.one_day),
    (rf"(?P<day>\d\d?)(?:st|nd|rd|th)?{M}(?:{SEP_Y})?", means.one_day),
    (rf"(?:{WEEKDAY},?\s)?(?P<day>{DAY_WORDS})\s(?:of\s)?{M}(?:{SEP_Y})?(?!\s\d)", means.one_day),
    (rf"{M}\s(?P<day>{DAY_WORDS})(?:{SEP_Y}|{END})", means.one_day),
    (r"(?P<part>q)(?P<q>[1-4])\b" + rf"(?:{SEP_Y})?", means.quarter),
    (rf"(?P<part>quarter|qtr)\s(?P<q>[1-4])\b(?:{SEP_Y})?", means.quarter),
    (rf"{Y}[\s-]?(?P<part>[qh])(?P<q>[1-4])\b", means.quarter),
    (rf"{Y}[\s-](?P<q>[1-4])(?P<part>[qh])\b", means.quarter),
    (rf"{Y},?\s(?P<q>first|second|third|fourth)\s(?P<part>quarter|half)\b", means.quarter),
    (rf"(?P<part>h)(?P<q>[12])\b{SEP_Y}", means.quarter),
    (rf"(?:the\s)?day\s(?:before\s(?:yesterday|yday)|after\s{TOMORROW})\b", means.near),
    (rf"(?:yesterday|yday|today|tonight|{TOMORROW}|last\s(?:night|evening))\b", means.near),
    (r"this\s(?:morning|afternoon|evening)\b", means.near),
    (
        rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s(?:{COUNT_2}\s?(?:or|to|-|–)\s?)?"
        rf"{COUNT}\s{UNIT}",
        means.counted,
    ),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{UNIT}\sor\s(?P<n>two)\b", means.counted),
    (rf"(?:the\s)?{COUNT}\s(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{UNIT}", means.counted),
    (rf"less\sthan\s{COUNT}\s{UNIT}\sago\b", means.within),
    (rf"(?:earlier|so\sfar)\s(?:this|in\sthe)\s{UNIT}", means.so_far),
    (rf"this\s{UNIT}\s(?:so\sfar|to\sdate|(?:up\s)?(?:un)?to\snow)\b", means.so_far),
    (r"(?:(?:the\s)?(?P<unit>week|month|quarter|year)[\s-]to[\s-]date|ytd)\b", means.so_far),
    (r"(?:the\s)?eo(?P<letter>[wmqy])\b", means.end_of),
    (rf"(?:for|of|during|throughout)\sthe\s(?P<unit>day|week|month|quarter|year|decade){END}",
     means.this_one),
    (
        r"(?:later|(?:the\s)?(?:rest|remainder|balance)\sof)\s"
        rf"(?:(?:this|my|our|(?:in\s)?the(?:\scurrent)?)\s)?{UNIT}",
        means.later,
    ),
    (rf"{WEEK_OF_DAY}(?:['’]s)?(?:\son)?\s{WEEKDAY}", means.weekday),
    (rf"{WEEKDAY}(?:\sof)?\s{WEEK_OF_DAY}\b", means.weekday),
    (rf"{WHICH}\s{WEEKDAY}", means.weekday),
    (rf"(?:the\s)?(?:{WHICH}\s)?weekend\b(?!\sof\b)", means.weekend),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\sweekends\b", means.weekends),
    (rf"(?P<name>{NAMES})\sweekend\b(?:{SEP_Y})?", means.holiday_weekend),
    (rf"(?:the\s)?(?P<name>{NAMES})\sweek\b(?:{SEP_Y})?", means.holiday_week),
    (rf"{COUNT}\s{WEEKDAYS}s\s(?:(?P<way>ago)|from\snow)\b", means.weekdays_away),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s(?P<name>{NAMES})\b", means.holiday),
    (rf"(?P<name>{NAMES})\b{SEP_Y}", means.holiday),
    (rf"{YEAR}\s(?P<name>{NAMES})\b", means.holiday),
    (rf"(?P<name>{NAMES})\b(?!\s(?:rising|accords?|agreement|sales?|island))", means.holiday, True),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\s(?:business|working)\sdays\b", means.working_days),
    (
        rf"{COUNT}\s(?:business|working)\sdays?\s(?:(?P<way>ago)|from\s(?:now|today))\b",
        means.working_day,
    ),
    (rf"in\s{COUNT}\s(?:business|working)\sdays?\b", means.working_day, True),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\s{WEEKDAYS}s\b", means.several_weekdays),
    (rf"{WEEKDAY}\s(?:and|or|&)\s{WEEKDAY.replace('<weekday>', '<weekday2>')}(?!\s(?:of|in)\b)",
     means.two_weekdays),
    (rf"(?P<which>this)\s(?P<name>{NAMES})\b(?!\sweek)", means.this_holiday),
    (rf"{WEEKDAY}\s(?:morning|afternoon|evening|night)\s(?:of\s)?{WEEK_OF_DAY}\b",
     means.weekday),
    (rf"the\s(?P<day>{RANK_WORDS}){END}", means.day_of_month, True),
    (r"(?:the\s)?(?P<which>this|last|next|current)\scentury\b", means.that_century),
    (rf"(?:the\s)?(?:week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b{SEP_Y}", means.numbered_week),
    (
        r"(?:the\s)?(?:(?:calendar\s|iso\s)?week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b",
        means.numbered_week,
        True,
    ),
    (rf"{YEAR}-?w(?P<n>[0-5]\d)\b", means.numbered_week),
    (rf"{WEEKDAY},?\s(?:the\s)?(?P<day>\d{{1,2}}(?:st|nd|rd|th))\b(?!\s\w)", means.weekday_and_day),
    (
        r"(?:the\s)?(?P<day>\d{1,2}(?:st|nd|rd|th))"
        r"(?=\s*(?:$|[.,;?!])|\s(?:to|until|till?|through)\s)",
        means.day_of_month,
        True,
    ),
    (
        r"(?:the\s)?(?P<day>\d\d?(?:st|nd|rd|th))\s?(?:-|–|—|to|and|through|thru|until|till?)\s?"
        rf"(?:the\s)?(?P<last>\d\d?(?:st|nd|rd|th)){NOT_A_CENTURY}",
        means.days_of_latest_month,
    ),
    (r"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)(?![\w%]|[/.-]\d)", means.day_and_month, True),
    (rf"in\s{COUNT}\s{UNIT}(?!['’\w])", means.ahead, True),
    (rf"(?P<which>within|in\sless\sthan)\s{COUNT}\s{UNIT}", means.soon, True),
    (rf"{WEEKDAYS}\b", means.weekday),
    (WEEKDAY, means.weekday, True),
)  # fmt: skip
