"""Words that a phrase of time, or a preposition before one, may begin with: all others are passed
over unread, which is most of a question."""

from __future__ import annotations

import re

from bot.text.days import DECADES, MONTHS, SEASONS, WEEKDAYS
from bot.text.holidays import FIRST_WORDS
from bot.text.numbers import FIRST_OF_NUMBERS

_LETTERS = re.compile(r"[^\W\d_]+")

_WORDS = frozenset(
    """
    a academic advance after ahead all an as balance before beginning between budget by calendar
    closing cob commencing coming cw cy current date dating day days decade decades during early
    earlier effective end entire eod eom eoq eow eoy eve ever exactly festive few final
    financial first fiscal following for fortnight fortnights from fy going h half halfway hour
    hours hr hrs in iso last late later latter lead leading less mid middle midway midmonth
    midweek midyear month months more most mtd next no not now of on opening other over
    overnight past penultimate preceding previous prior q qtd qtr quarter quarters recent
    remainder rest run same school season second several since so some start starting stretching
    tax the this through throughout thus till today tomorrow tommorow tommorrow tomorow tmr tmw
    tmrw tonight trailing turn two until up upcoming very w week weekend weeks whole within wk
    wks yday year years yesterday yr yrs ytd
    """.split()
)
_OPENING = _WORDS | FIRST_WORDS | FIRST_OF_NUMBERS | DECADES.keys() | SEASONS.keys()
_SHORT = frozenset(name[:3] for name in (*MONTHS, *WEEKDAYS)) | {"wen"}


def may_open(text: str, pos: int) -> bool:
    """Whether a phrase may begin at a place of a text: by its word, without its ending."""
    found = _LETTERS.match(text, pos)
    if found is None:
        return True  # a number, or an apostrophe before one
    word = found[0].lower()
    return word in _OPENING or word[:3] in _SHORT
