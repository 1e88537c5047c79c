"""English phrases for days and stretches of days, one pattern each: *13 July 2020*, *last week*.

Phrases made of others (*early March*, *3 weeks after Easter*) are ``compound.py``'s, and what
stands before or between phrases (*since*, *between ... and*) is ``periods.py``'s.

A numeric date that may be read either way (5/6/2024) is read month first.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from bot.text import days as d
from bot.text import from_today as since
from bot.text import meanings as means
from bot.text import weekdays as named
from bot.text.days import When
from bot.text.holidays import NAMES
from bot.text.meanings import FOLLOWING, LAST, NEXT, Rule
from bot.text.numbers import COUNT_WORDS, DAY_WORDS, RANK_WORDS, YEAR_WORDS


class Phrase(NamedTuple):
    """What a phrase means, and where it ends; ``weak`` if it may be another word (*may*)."""

    end: int
    when: When
    weak: bool = False


_END = r"(?=\s*(?:$|[.,;:?!)]))"
_SURE_YEAR = r"(?:1[6-9]|20|21)\d\d(?![\w%]|[.,]\d|[-/]\d\d?\b)"
_TWO_DIGITS = rf"(?<=\sof\s)['’]?\d\d{_END}|(?<=\s)['’]\d\d(?!\w)"
_M = rf"(?P<month>{d.MONTH_PATTERN})\b\.?"
_Y = rf"(?P<year>{_SURE_YEAR})"
_YEAR_AFTER = rf"(?P<year>{_SURE_YEAR}|(?:{YEAR_WORDS}|two\sthousand)\b|{_TWO_DIGITS})"
_THAT_YEAR = r"(?P<which_year>this|last|next)\syear\b"
_SEP_Y = rf"(?:(?:\s?,\s?|[\s/-]{{1,2}}|\s(?:of|in)\s){_YEAR_AFTER}|\s(?:of\s|in\s)?{_THAT_YEAR})"
_RANKED = rf"\d{{1,2}}(?:st|nd|rd|th)|{RANK_WORDS}"
_NO_FIGURE = r"(?![\w%]|:\d|[./]\d|,\d(?!\d{3}\b))"
_D = rf"(?P<day>(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{RANK_WORDS}){_NO_FIGURE}"
_D2 = _D.replace("<day>", "<last>")
WEEKDAY = rf"(?P<weekday>{d.WEEKDAY_PATTERN})\b\.?"
COUNT = rf"(?:a\s)?(?P<n>\d{{1,4}}|{COUNT_WORDS})(?:\sof)?"
_NO_M = rf"(?!\s?(?:{d.MONTH_PATTERN})\b)"
UNIT = r"(?P<unit>hour|day|week|wk|fortnight|month|mth|quarter|year|yr|decade)s?\b"
_TO = r"\s?(?:-|–|—|~|to|and|through|thru|until|till?)\s?(?:the\s)?"
_LAST = "|".join(w.replace(" ", r"\s") for w in sorted(LAST, key=len, reverse=True))
_NEXT = "|".join(w.replace(" ", r"\s") for w in sorted(NEXT, key=len, reverse=True))
_WHICH = rf"(?P<which>{_LAST}|{_NEXT}|this)"
_WHICH_UNIT = rf"(?P<which>{_LAST}|{_NEXT}|{FOLLOWING}|this|current)"
_NUM = r"[012]?\d|3[01]"
_WHICH_MONTH = rf"{_WHICH_UNIT}\smonth\b"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TOMORROW = r"(?:tomm?orr?ow|tmrw?|tmw)"
_HUNDREDS = "sixteen|seventeen|eighteen|nineteen|twenty"
_NUMERIC_M = r"(?P<a>\d\d?)/(?P<b>\d\d?)"
_WEEKDAYS = rf"(?P<weekday>{'|'.join(d.WEEKDAYS)})"
_HALF = r"(?:and\sa\shalf\s(?P<half>year|month)s?|(?P<half2>year|month)s?\sand\sa\shalf)"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_RANK_OF_FOUR = r"(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)"
_FISCAL = r"(?:fy|cy|(?:fiscal|financial|school|academic|tax|budget)(?:\syear)?)"
_SHORT_YEAR = rf"(?:\s?['’]|\s?{_FISCAL}\s?['’]?)(?P<year>(?:20)?\d\d)(?![\w%])"
_COUNT_2, _UNIT_2 = (
    part.replace("<n>", "<n2>").replace("<unit>", "<unit2>") for part in (COUNT, UNIT)
)
_M2 = _M.replace("<month>", "<month2>")
_NOT_A_CENTURY = r"(?!\s?[\w%]|[-/]\w)"


def _rules(
    *rows: tuple[str, Rule] | tuple[str, Rule, bool],
) -> list[tuple[re.Pattern[str], Rule, bool]]:
    return [(re.compile(row[0], re.IGNORECASE), row[1], len(row) > 2) for row in rows]


# Whole months and years, of which a part can be taken: "early ...", "the end of ...".
WHOLE = _rules(
    (rf"(?:the\s)?{_FISCAL}\s?['’]?(?P<year>(?:19|20)?\d\d)\b(?![-/]\d)", means.year),
    (
        rf"(?:(?:the\s)?(?:{_FISCAL}|season)\s?)?{_YEAR}(?:/|[-–](?!0\d|1[012]))"
        r"(?P<to>(?:20)?\d\d)(?![\w%]|[-/.]\d)",
        means.two_years,
    ),
    (rf"{_YEAR}\s(?:and|or|&)\s(?P<to>(?:19|20)\d\d)(?!\w)", means.two_years, True),
    (rf"{_YEAR}\s(?:to|till?|until|through|[-–])\s['’]?(?P<to>\d\d){_END}", means.two_years),
    (rf"{_M}(?:/|\s?&\s?|\s(?:and|or)\s){_M2}{_SEP_Y}", means.two_months),
    (rf"{_M}(?:/|\s?&\s?|\s(?:and|or)\s){_M2}", means.two_months, True),
    (rf"(?P<which_year>this|last|next)\syear['’]s\s{_M}", means.month),
    (rf"(?:(?:the\s)?month\sof\s)?{_M}{_SEP_Y}", means.month),
    (rf"{_M}\s?['’](?P<year>\d\d)\b", means.month),
    (rf"(?:the\s)?month\sof\s{_M}", means.month),
    (rf"{_YEAR}(?:/|\.(?=\d\d?{_END}))(?P<m>0?[1-9]|1[012])(?![\w%]|[-/.]\d)", means.iso_month),
    (r"(?:the\s)?(?P<hundred>two)\sthousands\b", means.decade),
    (rf"{_Y}[\s/-]{_M}(?![\s/-]\d)", means.month),
    (r"(?P<year>(?:19|20)\d\d)[-/](?P<m>0\d|1[012])\b(?![-/.]\d)", means.iso_month),
    (r"(?P<m>0?\d|1[012])[-/](?P<year>(?:19|20)\d\d)\b(?![-/.]\d)", means.iso_month),
    (rf"(?:the\s)?{_WHICH_UNIT}\s(?:calendar\s)?{UNIT}", since.relative),
    (r"(?:the\s)?(?P<digits>(?:1[6-9]|20)\d0)\s?['’]?s\b", means.decade),
    (r"(?:the\s['’]?|['’])(?P<digits>\d0)\s?['’]?s\b", means.decade),
    (r"(?P<digits>\d0)\s?['’]?s\b", means.decade, True),
    (rf"(?:the\s)?(?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"(?:the\s)?(?P<hundred>{_HUNDREDS})[\s-](?P<word>{'|'.join(d.DECADES)})\b", means.decade),
    (rf"(?:the\s)?{UNIT}\s(?:(?P<way>before)\slast|after\snext)\b", since.beyond),
    (rf"{_WHICH}\s{_M}", since.which_month),
    (rf"(?:the\s)?(?:calendar\s)?(?:(?:year|cy)\s(?:of\s)?){_Y}", means.year),
    (_Y, means.year, True),
    (rf"(?P<year>{YEAR_WORDS}|['’]\d\d)\b(?!\s?s\b)", means.year, True),
    (rf"{_M}(?!['’]s\b)", means.month, True),
    (rf"{_SEASON}(?:\sof)?\s(?P<year>(?:19|20)\d\d)[-–/]\d\d(?:\d\d)?\b", means.season),
    (rf"{_SEASON}(?:{_SEP_Y})", means.season),
    (rf"{_WHICH}\s{_SEASON}\b(?!\sof\b)", since.which_season),
    (rf"the\s{_SEASON}\b(?!\s(?:of|offensive|fighting|session|transfer|olympics|games)\b)",
     means.season, True),
)  # fmt: skip


# A day so far from today, of which the weekday may be told too: "two weeks from now on Monday".
DISTANT = _rules(
    (
        rf"{COUNT}\s{UNIT}(?:\s?,\s?|\s)(?:and\s)?{_COUNT_2}\s{_UNIT_2}\s"
        r"(?:(?P<way>ago|back|earlier)|from\s(?:now|today)|later|hence)\b",
        since.two_units_away,
    ),
    (rf"{COUNT}\s{UNIT}\s(?:ago|back|earlier)\b", since.ago),
    (rf"{COUNT}\scentur(?:y|ies)\sago\b", since.centuries_ago),
    (
        rf"(?:half\sa\syear|{COUNT}\s{_HALF})\s(?:(?P<way>ago)|from\s(?:now|today))",
        since.half_away,
    ),
    (rf"in\s{COUNT}\s{UNIT}['’]?s?['’]?\stime\b", since.ahead),
    (rf"{COUNT}\s{UNIT}\sfrom\s(?:now|today)\b", since.ahead),
)
# The same, but only with a weekday: "Tuesday in three weeks".
IN_TIME = _rules((rf"in\s{COUNT}\s{UNIT}", since.ahead))
EXACT = DISTANT + _rules(
    (rf"(?:the\s)?{WEEKDAY}\s(?:(?P<way>before)\slast|after\snext)\b", named.weekday_beyond),
    (r"(?:the\s)?weekend\s(?:(?P<way>before)\slast|after\snext)\b", named.weekend_beyond),
    (rf"{COUNT}\sweekends\s(?:(?P<way>ago)|from\snow)\b", named.weekends_away),
    (rf"(?:an?|one)\sweek\son\s{WEEKDAY}", named.week_on),
    (rf"{_WEEKDAYS}\sweek\b(?!\s\d)", named.week_on),
    (rf"(?:(?:this|the\ssame|same)\s(?:day|date)|today)\s(?P<which>last|next)\s{UNIT}",
     since.this_day),
    (rf"(?:the\s)?(?P<day>{_RANKED})(?:\sday)?\s(?:of|in)\sthe\smonth\b", since.days_of_month),
    (r"(?:the\s)?(?:end\sof\s(?:the\s)?(?:business\s)?day|eod|cob)\b", since.near),
    (rf"(?:the\s)?day\s(?P<way>before|after){_END}", since.day_beside),
    (rf"(?:in\s)?(?:the\s)?recent\s{UNIT}", since.few),
    (rf"in\sthe\s{UNIT}\s(?P<which>to\scome|ahead)\b", since.few),
    (rf"(?:all|(?:the\s)?(?:whole|entire)(?:\sof\s(?:the|this))?)\s{UNIT}", since.this_one),
    (r"(?P<part>mid)[\s-]?(?P<unit>week|month|year)\b(?!\s\d)", since.part_of_this),
    (r"(?:the\s)?(?P<unit>week|month|quarter|year)[\s-]end\b", since.part_of_this),
    (r"(?:the\s)?(?P<letter>[mqwy])td\b", since.so_far),
    (
        rf"(?:the\s)?{_D}\s?(?:of\s)?{_M}\s(?:to|until|till?|through)\s(?:the\s)?"
        rf"(?P<last>\d\d?(?:st|nd|rd|th)){_NO_M}(?!\s?\w|[-/]\w)",
        means.day_range,
    ),
    (
        rf"{_M}\s?(?P<day>\d\d?)(?:st|nd|rd|th)?"
        r"(?:\s?,\s?\d\d?(?:st|nd|rd|th)?)?,?\s(?:and|&)\s"
        rf"(?P<last>\d\d?)(?:st|nd|rd|th)?(?![\w%]|[.,/]\d){_NO_M}{_SEP_Y}?",
        means.day_range,
    ),
    (rf"(?P<part>[qh])(?P<q>[1-4]){_SHORT_YEAR}", means.quarter),
    (rf"(?P<q>[1-4])(?P<part>[qh]){_SHORT_YEAR}", means.quarter),
    (rf"(?P<q>[1-4])(?P<part>[qh]){_SEP_Y}", means.quarter),
    (r"(?P<q>[1-4])(?P<part>[qh])(?P<year>(?:20)?\d\d)\b", means.quarter),
    (rf"(?:the\s)?{_RANK_OF_FOUR}\s(?P<part>q(?:uarter|tr)?|h(?:alf)?)\b{_SEP_Y}", means.quarter),
    (rf"the\s{_RANK_OF_FOUR}\s(?P<part>quarter)\b(?!\s(?:of|in)\b)", means.quarter, True),
    (r"(?P<q>[1-4])(?P<part>q)\b", means.quarter, True),
    (rf"(?P<which_year>this|last|next)\syear['’]s\s(?P<name>{NAMES})\b", means.holiday),
    (rf"{_YEAR},?\s(?:week|wk)\s?(?P<n>[1-4]?\d|5[0-3])\b", means.numbered_week),
    (rf"w(?P<n>[0-5]?\d)[\s/,-]{{1,2}}{_YEAR}(?!\w)", means.numbered_week),
    (rf"{_D}[/-]{_M}[/-](?P<year>\d\d)(?![\w%]|[/.-]\d)", means.one_day),
    (r"(?P<a>\d\d)\.(?P<b>\d\d)\.(?P<year>\d\d)(?![\w%]|[/.-]\d)", means.numeric),
    (rf"(?P<year>\d{{4}})[-/.](?P<m>{_NUM})[-/.](?P<d>{_NUM})(?![\w]|[-/]\d\d?(?!\d))", means.iso),
    (
        rf"{_NUMERIC_M}{_TO}(?P<c>\d\d?)/(?P<e>\d\d?)"
        r"(?:(?:\s?,\s?|/|\s)(?P<year>(?:19|20)\d\d|(?<=/)\d\d))?(?![\w%/])",
        means.numeric_span,
    ),
    (rf"{_NUMERIC_M}/(?P<year>\d\d)(?![\w%]|[/.-]\d)", means.numeric),
    (r"(?P<a>\d\d?)-(?P<b>\d\d?)-(?P<year>\d\d)(?![\w%]|[/.-]\d)", means.numeric),
    (rf"(?:(?:{_WHICH}\s)?{WEEKDAY},?\s){_NUMERIC_M}(?![\w%]|[/.-]\d)", means.day_and_month),
    (rf"(?:the\s)?{_D}{_TO}{_D2}\s(?:of\s|in\s)?(?:the\s)?{_WHICH_MONTH}", since.days_of_month),
    (rf"(?:the\s)?(?P<day>{_RANKED})\s(?:of\s|in\s)?(?:the\s)?{_WHICH_MONTH}", since.days_of_month),
    (rf"{_WHICH_MONTH}(?:\son)?\s(?:the\s)?(?P<day>{_RANKED})\b", since.days_of_month),
    (r"(?P<year>(?:19|20)\d\d)(?P<m>0[1-9]|1[012])(?P<d>[012]\d|3[01])\b", means.iso),
    (rf"(?P<a>{_NUM})(?P<s>[-/.])(?P<b>{_NUM})(?P=s)(?P<year>\d{{4}})\b(?!\.\d)", means.numeric),
    (rf"(?:{WEEKDAY},?\s)?(?:the\s)?{_D}{_TO}{_D2}\s?(?:of\s)?{_M}{_SEP_Y}?", means.day_range),
    (rf"(?:{WEEKDAY},?\s)?{_M}\s?(?:the\s)?{_D}{_TO}{_D2}{_NO_M}{_SEP_Y}?", means.day_range),
    (rf"(?:{WEEKDAY},?\s)?(?:the\s)?{_D}[\s./-]?(?:of\s)?{_M}(?:{_SEP_Y})?", means.one_day),
    (rf"(?:{WEEKDAY},?\s)?{_M}[\s/-]?(?:the\s)?{_D}(?:{_SEP_Y})?", means.one_day),
    (rf"{_Y}[/-]{_M}[/-]{_D}", means.one_day),
    (rf"{_YEAR}[/-]{_D}[/-]{_M}", means.one_day),
    (rf"{_YEAR},?\s{_M}\s{_D}", means.one_day),
    (rf"{_D}[/-]{_YEAR}[/-]{_M}", means.one_day),
    (rf"{_M}[/-]{_YEAR}[/-]{_D}", means.one_day),
    (rf"(?P<month>{d.MONTH_PATTERN}){_D}(?:{_SEP_Y})?", means.one_day),
    (rf"(?P<day>\d\d?)(?P<month>{d.MONTH_PATTERN}){_YEAR}\b", means.one_day),
    (rf"(?P<day>\d\d?)(?:st|nd|rd|th)?{_M}(?:{_SEP_Y})?", means.one_day),
    (rf"(?:{WEEKDAY},?\s)?(?P<day>{DAY_WORDS})\s(?:of\s)?{_M}(?:{_SEP_Y})?(?!\s\d)", means.one_day),
    (rf"{_M}\s(?P<day>{DAY_WORDS})(?:{_SEP_Y}|{_END})", means.one_day),
    (r"(?P<part>q)(?P<q>[1-4])\b" + rf"(?:{_SEP_Y})?", means.quarter),
    (rf"(?P<part>quarter|qtr)\s(?P<q>[1-4])\b(?:{_SEP_Y})?", means.quarter),
    (rf"{_Y}[\s-]?(?P<part>[qh])(?P<q>[1-4])\b", means.quarter),
    (rf"{_Y}[\s-](?P<q>[1-4])(?P<part>[qh])\b", means.quarter),
    (rf"{_Y},?\s(?P<q>first|second|third|fourth)\s(?P<part>quarter|half)\b", means.quarter),
    (rf"(?P<part>h)(?P<q>[12])\b{_SEP_Y}", means.quarter),
    (rf"(?:the\s)?day\s(?:before\s(?:yesterday|yday)|after\s{_TOMORROW})\b", since.near),
    (rf"(?:yesterday|yday|today|tonight|{_TOMORROW}|last\snight)\b", since.near),
    (r"this\s(?:morning|afternoon|evening)\b", since.near),
    (rf"(?:the\s)?(?P<which>{_LAST}|{_NEXT})\s{COUNT}\s{UNIT}", since.counted),
    (rf"(?:the\s)?{COUNT}\s(?P<which>{_LAST}|{_NEXT})\s{UNIT}", since.counted),
    (rf"less\sthan\s{COUNT}\s{UNIT}\sago\b", since.within),
    (rf"(?:earlier|so\sfar)\s(?:this|in\sthe)\s{UNIT}", since.so_far),
    (rf"this\s{UNIT}\sso\sfar\b", since.so_far),
    (r"(?:(?:the\s)?(?P<unit>week|month|quarter|year)[\s-]to[\s-]date|ytd)\b", since.so_far),
    (r"(?:the\s)?eo(?P<letter>[wmqy])\b", since.end_of),
    (r"(?:for|of)\sthe\s(?P<unit>day|week|month|quarter|year)(?=\s*(?:$|[.,;?!]))", since.this_one),
    (
        r"(?:later|(?:the\s)?(?:rest|remainder|balance)\sof)\s"
        rf"(?:(?:this|my|our|(?:in\s)?the(?:\scurrent)?)\s)?{UNIT}",
        since.later,
    ),
    (rf"(?P<week>this|last|next)\sweek(?:['’]s)?(?:\son)?\s{WEEKDAY}", named.weekday),
    (rf"{WEEKDAY}(?:\sof)?\s(?P<week>this|last|next)\sweek\b", named.weekday),
    (rf"{_WHICH}\s{WEEKDAY}", named.weekday),
    (rf"(?:the\s)?(?:{_WHICH}\s)?weekend\b(?!\sof\b)", named.weekend),
    (rf"(?:the\s)?{_WHICH}\s{COUNT}\sweekends\b", named.weekends),
    (rf"(?P<name>{NAMES})\sweekend\b(?:{_SEP_Y})?", means.holiday_weekend),
    (rf"(?:the\s)?(?P<name>{NAMES})\sweek\b(?:{_SEP_Y})?", means.holiday_week),
    (rf"{COUNT}\s{_WEEKDAYS}s\s(?:(?P<way>ago)|from\snow)\b", named.weekdays_away),
    (rf"(?:the\s)?(?P<which>{_LAST}|{_NEXT})\s(?P<name>{NAMES})\b", means.holiday),
    (rf"(?P<name>{NAMES})\b{_SEP_Y}", means.holiday),
    (rf"(?P<name>{NAMES})\b(?!\s(?:rising|accords?|agreement|sales?|island))", means.holiday, True),
    (rf"(?:the\s)?{_WHICH}\s{COUNT}\s(?:business|working)\sdays\b", named.working_days),
    (
        rf"{COUNT}\s(?:business|working)\sdays?\s(?:(?P<way>ago)|from\s(?:now|today))\b",
        named.working_day,
    ),
    (rf"in\s{COUNT}\s(?:business|working)\sdays?\b", named.working_day, True),
    (rf"(?:the\s)?{_WHICH}\s{COUNT}\s{_WEEKDAYS}s\b", named.several_weekdays),
    (rf"{WEEKDAY}\s(?:and|or|&)\s{WEEKDAY.replace('<weekday>', '<weekday2>')}(?!\s(?:of|in)\b)",
     named.two_weekdays),
    (rf"(?P<which>this)\s(?P<name>{NAMES})\b(?!\sweek)", means.this_holiday),
    (rf"{WEEKDAY}\s(?:morning|afternoon|evening|night)\s(?:of\s)?(?P<week>this|last|next)\sweek\b",
     named.weekday),
    (rf"the\s(?P<day>{RANK_WORDS}){_END}", since.day_of_month, True),
    (rf"(?:the\s)?(?P<n>\d\d(?:st|nd|rd|th)|{RANK_WORDS})[\s-]century\b", means.century),
    (r"(?:the\s)?(?P<which>this|last|next|current)\scentury\b", since.that_century),
    (rf"(?:the\s)?(?:week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b{_SEP_Y}", means.numbered_week),
    (r"(?:the\s)?(?:week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b", means.numbered_week, True),
    (rf"{_YEAR}-?w(?P<n>[0-5]\d)\b", means.numbered_week),
    (rf"{WEEKDAY},?\s(?:the\s)?(?P<day>\d{{1,2}}(?:st|nd|rd|th))\b(?!\s\w)", named.weekday_and_day),
    (r"(?:the\s)?(?P<day>\d{1,2}(?:st|nd|rd|th))(?=\s*(?:$|[.,;?!]))", since.day_of_month, True),
    (
        r"(?:the\s)?(?P<day>\d\d?(?:st|nd|rd|th))\s?(?:-|–|—|to|and|through|thru|until|till?)\s?"
        rf"(?:the\s)?(?P<last>\d\d?(?:st|nd|rd|th)){_NOT_A_CENTURY}",
        since.days_of_latest_month,
    ),
    (rf"{_M}/{_D}", means.one_day),
    (r"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)(?![\w%]|[/.-]\d)", means.day_and_month, True),
    (rf"in\s{COUNT}\s{UNIT}(?!['’\w])", since.ahead, True),
    (rf"(?P<which>within|in\sless\sthan)\s{COUNT}\s{UNIT}", since.soon, True),
    (rf"{_WEEKDAYS}\b", named.weekday),
    (WEEKDAY, named.weekday, True),
)  # fmt: skip

BARE_SEASON = _rules((rf"{_SEASON}\b", means.season, True))
"""A season with nothing before it: at an end of a range alone (*from spring to autumn 2018*)."""

THIS_ONE = _rules(
    (
        r"(?P<unit>week|month|quarter|year|decade)\b",
        lambda m, today: d.unit_of(today, m["unit"].lower()),
    )
)


def read(
    rules: list[tuple[re.Pattern[str], Rule, bool]], text: str, pos: int, today: date
) -> Phrase | None:
    """The phrase that the first fitting rule reads at a place, or None."""
    for pattern, rule, weak in rules:
        if m := pattern.match(text, pos):
            when = rule(m, today)
            if when is not None:
                return Phrase(m.end(), when, weak)
    return None
