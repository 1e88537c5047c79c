"""The best documents of a query, equals in an order of their own."""

from __future__ import annotations

from typing import Any

from tantivy import DocAddress, Query, Searcher

_MOST_TIES = 4000
"""How many passages of one score are put in order at most."""


def best(
    searcher: Searcher, query: Query, limit: int, order: str | None
) -> list[tuple[Any, DocAddress]]:
    """The best ``limit`` and whatever ties with the last: tantivy cuts ties by where they lie."""
    size = limit + 64  # room for most ties, so that one search is enough
    while True:
        found = searcher.search(query, size, count=False, order_by_field=order).hits
        if len(found) < size or size > _MOST_TIES or found[-1][0] != found[limit - 1][0]:
            break
        size *= 4
    ties = searcher.fast_field_values("tie", [address for _, address in found])
    ranked = sorted(zip(found, ties, strict=True), key=lambda one: (-one[0][0], one[1] or 0))
    return [hit for hit, _ in ranked[:limit]]
