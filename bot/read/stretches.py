"""From the line of a shape back to the text: which items a stretch of it stands for."""

from __future__ import annotations

from bot.read.phrases import Item, Phrase
from bot.read.shape import BESIDE, Shape


def kept(shaped: Shape) -> list[Item | Phrase]:
    """Return the items that the words of the line stand for, in order."""
    left = [match.span() for match in BESIDE.finditer(shaped.whole)]
    found: list[Item | Phrase] = []
    at = 0
    for item, word in zip(shaped.items, shaped.whole.split(" ")[1:], strict=False):
        if not any(start <= at < end for start, end in left):
            found.append(item)
        at += len(word) + 1
    return found


def index(line: str, at: int) -> int:
    """Count the words of a line up to a place: each is one of the shape's items."""
    return line.count(" ", 0, at + 1) - 1
