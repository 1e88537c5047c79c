"""The parts that patterns of days are made of: months, years, counts, units, what joins them."""

from __future__ import annotations

from bot.text import days as d
from bot.text.meanings import FOLLOWING, LAST, NEXT
from bot.text.numbers import COUNT_WORDS, RANK_WORDS, YEAR_WORDS

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
