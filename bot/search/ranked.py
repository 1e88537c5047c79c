"""The best documents of a query, equals in an order of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from tantivy import DocAddress, Document, Query, Searcher

from bot.search.schema import moment
from bot.search.view import View

_MOST_TIES = 4000
"""How many passages of one score are put in order at most."""


class Hit(NamedTuple):
    """A passage found: ``start`` and ``end`` are code points into that revision's text.

    ``score`` is comparable within one answer only; it is 0 where newest were asked first.
    """

    article: str
    revision: int
    start: int
    end: int
    score: float
    published: datetime | None


def hits(view: View, query: Query, limit: int, *, by_date: bool) -> list[Hit]:
    """The best passages; ``by_date`` the newest, as without a word to look for scores say
    nothing."""
    return [
        _hit(view.searcher.doc(address), 0.0 if by_date else float(score))
        for score, address in best(view.searcher, query, limit, "published" if by_date else None)
    ]


def _hit(document: Document, score: float) -> Hit:
    values = document.to_dict()
    return Hit(
        article=values["article"][0],
        revision=values["revision"][0],
        start=values["start"][0],
        end=values["end"][0],
        score=score,
        published=moment(values["published"][0]),
    )


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
