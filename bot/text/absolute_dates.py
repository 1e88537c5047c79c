"""Days and stretches of days that a phrase names outright, one pattern each.

A numeric date that may be read either way (5/6/2024) is read month first; one that is
written with dots (5.6.2024) day first.
"""

from __future__ import annotations

from bot.text import days as d
from bot.text import meanings as means
from bot.text import relative_dates as since
from bot.text.holidays import NAMES
from bot.text.numbers import DAY_WORDS, RANK_WORDS
from bot.text.phrases import DISTANT, Rules
from bot.text.wording import (
    CLOCK,
    COMPACT,
    COUNT,
    COUNT_2,
    D2,
    END,
    HALF,
    LAST_WORDS,
    NEXT_WORDS,
    NO_M,
    NOT_A_CENTURY,
    NUM,
    NUMERIC_M,
    OF_WEEKDAY,
    RANK_OF_FOUR,
    RANKED,
    SEP_Y,
    SHORT_YEAR,
    TO,
    TOMORROW,
    UNIT,
    WEEK_OF_DAY,
    WEEKDAY,
    WEEKDAYS,
    WHICH,
    WHICH_MONTH,
    YEAR,
    D,
    M,
    Y,
)

EXACT = DISTANT + Rules(
    (rf"(?:the\s)?{WEEKDAY}\s(?:(?P<way>before)\slast|after\snext)\b", since.weekday_beyond),
    (r"(?:the\s)?weekend\s(?:(?P<way>before)\slast|after\snext)\b", since.weekend_beyond),
    (rf"{COUNT}\sweekends\s(?:(?P<way>ago)|from\snow)\b", since.weekends_away),
    (rf"(?:an?|one)\sweek\son\s{WEEKDAY}", since.week_on),
    (rf"{WEEKDAYS}\sweek\b(?!\s\d)", since.week_on),
    (
        r"(?:(?:this|the\ssame|same)\s(?P<same>day|date|week|month|quarter|time)|today)"
        rf"(?:\s(?:of|in))?\s(?P<which>last|next)\s{UNIT}",
        since.this_day,
    ),
    (r"(?:the\s)?other\s(?P<unit>day|night|week|month)\b(?!\s(?:of|in|shift|care))", since.other),
    (r"overnight\b(?!\s(?:success|stays?|trains?|flights?|bus|guests?|trips?))", since.overnight),
    (rf"{COUNT}\s(?:minutes?|mins?)\sago\b", since.just_now),
    (rf"(?:the\s)?(?:{LAST_WORDS})\s{COUNT}\s(?:minutes?|mins?)\b", since.just_now),
    (rf"{COMPACT}\s(?:ago|back)\b", since.ago),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{COMPACT}", since.counted),
    (
        rf"(?:the\s)?(?:{LAST_WORDS})\s(?:(?:{COUNT}\s)?{HALF}"
        r"|half[\s-](?:a\s)?(?P<whole>year|decade)\b)",
        since.past_half,
    ),
    (r"(?:the\s)?turn\sof\s(?:the\s)?(?P<turned>year|century|millennium)\b", means.turn),
    (rf"(?:the\s)?turn\sof\sthe\s(?P<n>{RANKED})[\s-](?P<turned>century)\b", means.turn),
    (rf"(?:the\s)?(?:christmas|xmas|festive)\s(?:holidays?|period|season|break)\b(?:{SEP_Y})?",
     means.around_christmas),
    (rf"the\snew\syear{END}", means.new_year, True),
    (rf"(?:the\s)?(?P<day>{RANKED})(?:\sday)?\s(?:of|in)\sthe\smonth\b", since.days_of_month),
    (r"(?:the\s)?(?:end\sof\s(?:the\s)?(?:business\s)?day|eod|cob)\b", since.near),
    (rf"(?:the\s)?day\s(?P<way>before|after){END}", since.day_beside),
    (rf"(?:in\s)?(?:the\s)?recent\s{UNIT}", since.few),
    (rf"in\sthe\s{UNIT}\s(?P<which>to\scome|ahead)\b", since.few),
    (rf"(?:all|(?:the\s)?(?:whole|entire)(?:\sof\s(?:the|this))?)\s{UNIT}", since.this_one),
    (r"(?P<part>mid)[\s-]?(?P<unit>week|month|year)\b(?!\s\d)", since.part_of_this),
    (rf"(?:eoy|year[\s-]end|end\sof\syear)\s{YEAR}\b", since.end_of_year),
    (r"(?:the\s)?(?P<unit>week|month|quarter|year)(?:[’']?s)?[\s-]end\b", since.part_of_this),
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
    (r"(?:the\s)?(?P<letter>[mqwy])td\b", since.so_far),
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
    (rf"(?:the\s)?{D}{TO}{D2}\s(?:of\s|in\s)?(?:the\s)?{WHICH_MONTH}", since.days_of_month),
    (rf"(?:the\s)?(?P<day>{RANKED})\s(?:of\s|in\s)?(?:the\s)?{WHICH_MONTH}", since.days_of_month),
    (rf"{WHICH_MONTH}(?:\son)?\s(?:the\s)?(?P<day>{RANKED})\b", since.days_of_month),
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
    (rf"(?:the\s)?day\s(?:before\s(?:yesterday|yday)|after\s{TOMORROW})\b", since.near),
    (rf"(?:yesterday|yday|today|tonight|{TOMORROW}|last\s(?:night|evening))\b", since.near),
    (r"this\s(?:morning|afternoon|evening)\b", since.near),
    (
        rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s(?:{COUNT_2}\s?(?:or|to|-|–)\s?)?"
        rf"{COUNT}\s{UNIT}",
        since.counted,
    ),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{UNIT}\sor\s(?P<n>two)\b", since.counted),
    (rf"(?:the\s)?{COUNT}\s(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s{UNIT}", since.counted),
    (rf"less\sthan\s{COUNT}\s{UNIT}\sago\b", since.within),
    (rf"(?:earlier|so\sfar)\s(?:this|in\sthe)\s{UNIT}", since.so_far),
    (rf"this\s{UNIT}\s(?:so\sfar|to\sdate|(?:up\s)?(?:un)?to\snow)\b", since.so_far),
    (r"(?:(?:the\s)?(?P<unit>week|month|quarter|year)[\s-]to[\s-]date|ytd)\b", since.so_far),
    (r"(?:the\s)?eo(?P<letter>[wmqy])\b", since.end_of),
    (rf"(?:for|of|during|throughout)\sthe\s(?P<unit>day|week|month|quarter|year|decade){END}",
     since.this_one),
    (
        r"(?:later|(?:the\s)?(?:rest|remainder|balance)\sof)\s"
        rf"(?:(?:this|my|our|(?:in\s)?the(?:\scurrent)?)\s)?{UNIT}",
        since.later,
    ),
    (rf"{WEEK_OF_DAY}(?:['’]s)?(?:\son)?\s{WEEKDAY}", since.weekday),
    (rf"{WEEKDAY}(?:\sof)?\s{WEEK_OF_DAY}\b", since.weekday),
    (rf"{WHICH}\s{WEEKDAY}", since.weekday),
    (rf"(?:the\s)?(?:{WHICH}\s)?weekend\b(?!\sof\b)", since.weekend),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\sweekends\b", since.weekends),
    (rf"(?P<name>{NAMES})\sweekend\b(?:{SEP_Y})?", means.holiday_weekend),
    (rf"(?:the\s)?(?P<name>{NAMES})\sweek\b(?:{SEP_Y})?", means.holiday_week),
    (rf"{COUNT}\s{WEEKDAYS}s\s(?:(?P<way>ago)|from\snow)\b", since.weekdays_away),
    (rf"(?:the\s)?(?P<which>{LAST_WORDS}|{NEXT_WORDS})\s(?P<name>{NAMES})\b", means.holiday),
    (rf"(?P<name>{NAMES})\b{SEP_Y}", means.holiday),
    (rf"{YEAR}\s(?P<name>{NAMES})\b", means.holiday),
    (rf"(?P<name>{NAMES})\b(?!\s(?:rising|accords?|agreement|sales?|island))", means.holiday, True),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\s(?:business|working)\sdays\b", since.working_days),
    (
        rf"{COUNT}\s(?:business|working)\sdays?\s(?:(?P<way>ago)|from\s(?:now|today))\b",
        since.working_day,
    ),
    (rf"in\s{COUNT}\s(?:business|working)\sdays?\b", since.working_day, True),
    (rf"(?:the\s)?{WHICH}\s{COUNT}\s{WEEKDAYS}s\b", since.several_weekdays),
    (rf"{WEEKDAY}\s(?:and|or|&)\s{WEEKDAY.replace('<weekday>', '<weekday2>')}(?!\s(?:of|in)\b)",
     since.two_weekdays),
    (rf"(?P<which>this)\s(?P<name>{NAMES})\b(?!\sweek)", means.this_holiday),
    (rf"{WEEKDAY}\s(?:morning|afternoon|evening|night)\s(?:of\s)?{WEEK_OF_DAY}\b",
     since.weekday),
    (rf"the\s(?P<day>{RANK_WORDS}){END}", since.day_of_month, True),
    (r"(?:the\s)?(?P<which>this|last|next|current)\scentury\b", since.that_century),
    (rf"(?:the\s)?(?:week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b{SEP_Y}", means.numbered_week),
    (
        r"(?:the\s)?(?:(?:calendar\s|iso\s)?week|wk|cw)\.?\s?(?P<n>[1-4]?\d|5[0-3])\b",
        means.numbered_week,
        True,
    ),
    (rf"{YEAR}-?w(?P<n>[0-5]\d)\b", means.numbered_week),
    (rf"{WEEKDAY},?\s(?:the\s)?(?P<day>\d{{1,2}}(?:st|nd|rd|th))\b(?!\s\w)", since.weekday_and_day),
    (
        r"(?:the\s)?(?P<day>\d{1,2}(?:st|nd|rd|th))"
        r"(?=\s*(?:$|[.,;?!])|\s(?:to|until|till?|through)\s)",
        since.day_of_month,
        True,
    ),
    (
        r"(?:the\s)?(?P<day>\d\d?(?:st|nd|rd|th))\s?(?:-|–|—|to|and|through|thru|until|till?)\s?"
        rf"(?:the\s)?(?P<last>\d\d?(?:st|nd|rd|th)){NOT_A_CENTURY}",
        since.days_of_latest_month,
    ),
    (r"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)(?![\w%]|[/.-]\d)", means.day_and_month, True),
    (rf"in\s{COUNT}\s{UNIT}(?!['’\w])", since.ahead, True),
    (rf"(?P<which>within|in\sless\sthan)\s{COUNT}\s{UNIT}", since.soon, True),
    (rf"{WEEKDAYS}\b", since.weekday),
    (WEEKDAY, since.weekday, True),
)  # fmt: skip
