"""Questions that nothing stored can answer, made from those that something does.

Two ways, so that neither flatters. *before* asks a question as of 60 days before it was asked, when
no article about its event had been published (only earlier ones are searched). *invented* asks it
on its day with every name in it replaced by one that nobody bears, so that its other words still
fit an article. A question without a name is not used for the second.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta

BEFORE = timedelta(days=60)

_NAME = re.compile(r"(?<=[\w,’'”] )(?:[A-Z][\w’'.-]+)(?: (?:[A-Z][\w’'.-]+))*")
_FIRST = ("Bral", "Quen", "Vost", "Drim", "Zel", "Kor", "Plin", "Thav", "Jesk", "Wolm")
_SECOND = ("ava", "ido", "une", "asti", "ore", "elka", "ush", "inta")
_LAST = ("n", "rk", "vig", "zo", "mbe", "lt", "dra", "xis")


def before(day: date) -> date:
    """Return the day as of which no article reported the event."""
    return day - BEFORE


def invented(question: str) -> str | None:
    """Return the question with its names replaced, each consistently; None without any."""
    swapped, count = _NAME.subn(lambda match: _made_up(match[0]), question)
    return swapped if count else None


def _made_up(name: str) -> str:
    """Return a name made from the digest of another; as many words, two at most."""
    digest = hashlib.sha256(name.encode()).digest()
    words = [
        _FIRST[digest[at] % len(_FIRST)]
        + _SECOND[digest[at + 1] % len(_SECOND)]
        + _LAST[digest[at + 2] % len(_LAST)]
        for at in range(0, 3 * min(2, len(name.split())), 3)
    ]
    return " ".join(words)
