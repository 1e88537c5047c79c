"""Quotes within a sentence: where they open and close, which of the marks are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.read.phrases import Item, Phrase, word_at

_GOES_ON_AFTER = re.compile(
    r"\s{1,3}(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:E[SD]?T|GMT|UTC|[CMP][SD]?T)\b|local\b)"
)
"""What follows "at 9 a.m." where a sentence seems to end with it."""

_OPEN, _CLOSED, _EITHER = "“", "”", '"'


def quote_at(found: Sequence[Item | Phrase], n: int, open_marks: Sequence[str]) -> str:
    """Tell whether a mark opens or closes a quote; that of "the clerks' rules" does neither."""
    word = word_at(found, n)
    if word in (_OPEN, "‘"):
        return "open"
    if word == _CLOSED:
        return "close"
    if word == _EITHER:
        later = any(word_at(found, m) == _EITHER for m in range(n + 1, len(found)))
        return "open" if later and _EITHER not in open_marks else "close"
    if word not in ("'", "’"):
        return ""
    if n == 0 or found[n - 1].end < found[n].start:
        return "open"
    whose = not {"'", "‘"} & set(open_marks) and _is_whose(found, n)
    return "" if whose else "close"


def _is_whose(found: Sequence[Item | Phrase], n: int) -> bool:
    """Tell whether an apostrophe is that of a plural: "the clerks' rules"."""
    if n + 1 >= len(found) or found[n].end == found[n + 1].start:
        return False
    plural = word_at(found, n - 1).endswith("s") or isinstance(found[n - 1], Phrase)
    return plural and (isinstance(found[n + 1], Phrase) or word_at(found, n + 1).isalnum())


def splits_quote(found: Sequence[Item | Phrase], at: int, end: int) -> bool:
    """Tell whether a quote is opened in a stretch of words and not closed."""
    open_marks: list[str] = []
    for n in range(at, end):
        mark = quote_at(found, n, open_marks)
        if mark == "open":
            open_marks.append(word_at(found, n))
        elif mark == "close" and open_marks:
            open_marks.pop()
    return bool(open_marks)


def breaks_off(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence ends before it tells who says so: at a quote that a comma closes,
    or at "9 a.m." """
    if text.endswith((",”", ',"'), start, end):
        return True
    return text.endswith((" a.m.", " p.m."), start, end) and bool(_GOES_ON_AFTER.match(text, end))
