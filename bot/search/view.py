"""One state of the index, with what was counted in it: it holds until the index changes.

To count is to walk through all that is met, which of a state in a million articles takes tens of
milliseconds; what is asked about again, in one question or the next, is not counted again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from datetime import datetime
from typing import Any, TypeVar

import tantivy

from bot.search.schema import instant, term

_MOST_KEPT = 5_000

_MISSING: Any = object()

_T = TypeVar("_T")


class View:
    """What one ``searcher`` sees; safe from any thread."""

    def __init__(self, index: tantivy.Index) -> None:
        self.searcher = index.searcher()
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], _T]) -> _T:
        """Find what is asked for by this key, or take what was found before."""
        kept: _T = self._kept.get(key, _MISSING)
        if kept is _MISSING:
            kept = find()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = kept
        return kept

    def present(self, field: str, workspace: str, ids: Collection[str]) -> Collection[str]:
        """Those of some ids that the field has at all: a state has hundreds that nothing names.

        One of them where it has none, so that nothing is found by them.
        """

        def look() -> tuple[str, ...]:
            every = sorted(ids)
            there = [
                one for one in every if self.searcher.doc_freq(field, term(workspace, one)) > 0
            ]
            return tuple(there or every[:1])

        return self.once(("present", field, workspace, frozenset(ids)), look)

    def telling(self, as_of: datetime | None) -> datetime | None:
        """An ``as_of`` that leaves anything out; None where nothing that is held is newer."""
        if as_of is None:
            return None
        return as_of if instant(as_of) < self.once("latest", self._latest) else None

    def _latest(self) -> int:
        """The newest instant that something is known since; of the farthest past if there is
        nothing."""
        told = self.searcher.aggregate(
            tantivy.Query.all_query(), {"latest": {"max": {"field": "known"}}}
        )
        value = told["latest"]["value"]
        return -(2**63) if value is None else int(value)
