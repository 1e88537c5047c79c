"""Words before a phrase that make it a period: *since*, *until*, *ahead of*, *going back to*."""

from __future__ import annotations

import re
from datetime import date

from bot.text.believed import FROM
from bot.text.days import DAY, MONTH_PATTERN, Days
from bot.text.lazy import LazyPattern

Ends = tuple[date | None, date | None]

PREFIX = LazyPattern(
    r"(?P<prefix>(?:no|not)\slater\sthan|on\sor\sbefore|before\s(?:or\son|and\sincluding)|not\safter"
    r"|(?:in\s)?advance\sof|ahead\sof|(?:in\s)?(?:the\s)?(?:run|lead)[\s-]up\sto|leading\sup\sto"
    r"|as\sfrom|effective(?:\sfrom)?|(?:dating|going|stretching)\sback\sto|as\sfar\sback\sas"
    rf"|following(?=\s(?:the\s)?(?:\d|(?:{MONTH_PATTERN})\b))"
    r"|(?:no|not)\searlier\sthan|on\sor\safter"
    r"|not\sbefore|earlier\sthan|later\sthan|ever\ssince|since"
    r"|starting(?:\s(?:in|on|from))?|beginning(?:\s(?:in|on))?|from"
    r"|after|before|prior\sto|up\s(?:until|to|through)|(?:up\sto|until)\sand\sincluding|until|till|through|by|as\s(?:of|at)"
    r"|more\sthan(?=\s\w+(?:[\s-]\w+)*?\sago\b)"
    r"|in|on|during|over|within|throughout|for|of|between)\s"
)

_TILL = {"until", "till", "up to", "up until", "through", "by", "as of", "as at", "on or before"}
_TILL |= {"no later than", "not later than", "before or on", "before and including", "not after"}
_TILL |= {"up through", "up to and including", "until and including"}
BEFORE = {"before", "prior to", "more than", "earlier than"}

_SAME = (
    ("before", re.compile(r"ahead\sof|.*advance\sof|.*(?:run|lead)[\s-]up\sto|leading\sup\sto")),
    (
        "since",
        re.compile(r"as\sfrom|effective.*|(?:dating|going|stretching)\sback\sto|as\sfar\sback\sas"),
    ),
    ("after", re.compile(r"following")),
)
"""Prepositions in more words than those that mean the same."""


def plain(prefix: str) -> str:
    """A preposition in lower case; one of several words that mean the same as one, as that."""
    words = " ".join(prefix.lower().split())
    return next((plain for plain, same in _SAME if same.fullmatch(words)), words)


def ends(prefix: str, days: Days) -> Ends:
    """The ends of a period of some days and the preposition before them."""
    if prefix in FROM or prefix.startswith(("starting ", "beginning ")):
        return days.start, None
    if prefix in ("after", "later than"):
        return days.end + DAY, None
    if prefix in BEFORE:
        return None, days.start - DAY
    return (None if prefix in _TILL else days.start), days.end
