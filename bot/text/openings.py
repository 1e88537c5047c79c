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
    a about academic advance after ahead all almost an around as at back balance before
    beginning between budget business by c ca calendar circa closing cob commencing coming cw cy
    current date dating day days decade decades during early earlier effective end entire eo eod
    eom eoq eow eoy eve ever exactly festive few final financial first fiscal following for
    fortnight fortnights from fy going h half halfway hour hours how hr hrs in iso last late
    later latter lead leading less m mid middle midway midday midmonth midnight midweek midyear
    month months more most mtd near next no noon not now of on onwards opening other over
    overnight past penultimate period preceding previous prior q qtd qtr quarter quarters recent
    remainder rest roughly run same school season second several since so some start starting
    stretching tax that the this through throughout thru thus till to today tomorrow tommorow
    tommorrow tomorow tmr tmw tmrw tonight trailing turn two until up upcoming very w week
    weekend weekends weeks whole within wk wks yday year years yesterday yr yrs yt ytd
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
