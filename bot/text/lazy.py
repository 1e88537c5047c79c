"""Regular expressions that are compiled when they are first used.

For large ones in modules that every command imports and few commands use: compiling costs up to
fifteen milliseconds each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property


class LazyPattern:
    """A regular expression that ignores case, with the methods of a compiled one."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self._source, re.IGNORECASE)

    def match(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """Match at ``pos``."""
        return self.compiled.match(text, pos)

    def search(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """Find the first match from ``pos`` on."""
        return self.compiled.search(text, pos)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match the whole text."""
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find all matches that do not overlap."""
        return self.compiled.finditer(text)
