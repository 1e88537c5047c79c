"""What an article is compared with others by, worked out where it is read."""

from __future__ import annotations

from bot.models import Compared
from bot.read.copies import sketch
from bot.read.terms import weigh


def compared(title: str, text: str) -> Compared:
    """Return the terms that stories are found by, and the sketch that near-copies are."""
    sketched = sketch(text)
    return Compared(
        terms=weigh(title, text), words=sketched.words, hashes=tuple(sorted(sketched.hashes))
    )
