"""The text of a revision in its column: as it came, or thinned to what is quoted of it.

A thinned text is kept as its quotes and where they stood, and is read as a text of the same
places: the quotes where they were, and line breaks in place of all that is gone. So a span
means the same as before, and no sentence runs from one quote into the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_THINNED = "\x1e\x1ethinned "
_PLAIN = "\x1e\x1eplain "
_ESCAPED = (_THINNED, _PLAIN)
_GONE = "\n"


class Thinned(str):
    """What is left of a text; ``spans`` are where the quotes in it stand."""

    __slots__ = ("spans",)
    spans: tuple[tuple[int, int], ...]


def thinned(text: str, spans: Iterable[tuple[int, int]]) -> Thinned:
    """Leave of a text what stands in these spans, which may overlap; each is within it."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    left, at = [], 0
    for start, end in joined:
        left += [_GONE * (start - at), text[start:end]]
        at = end
    found = Thinned("".join(left))
    found.spans = tuple(joined)
    return found


class Words(TypeDecorator[str]):
    """A text, which takes little room once it is thinned."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write a thinned text as its quotes, and any other as it is."""
        if isinstance(value, Thinned):
            quotes = [(start, value[start:end]) for start, end in value.spans]
            return _THINNED + json.dumps(quotes, ensure_ascii=False, separators=(",", ":"))
        if value is not None and value.startswith(_ESCAPED):
            return _PLAIN + value  # an article may say anything
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read it back."""
        if value is None or not value.startswith(_ESCAPED):
            return value
        if value.startswith(_PLAIN):
            return value.removeprefix(_PLAIN)
        left, at, spans = [], 0, []
        for start, quote in json.loads(value.removeprefix(_THINNED)):
            left += [_GONE * (start - at), quote]
            at = start + len(quote)
            spans.append((start, at))
        found = Thinned("".join(left))
        found.spans = tuple(spans)
        return found
