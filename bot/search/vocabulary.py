"""The words of an index that one may have been meant for."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy

from bot.search.query import running
from bot.search.spelling import may_mean, one_off, prefixes


def stemmed(searcher: tantivy.Searcher, typed: str) -> dict[str, bool]:
    """The terms there are of which a spelling is one edit from a word; see ``one_off``."""
    found: dict[str, bool] = {}
    for spelling, other_letter in one_off(typed).items():
        for one in running(spelling):
            if searcher.doc_freq("body", one):
                found[one] = found.get(one, True) and other_letter
    return found


def like(searcher: tantivy.Searcher, term: str, besides: Iterable[str]) -> list[str]:
    """The terms there are that a term may have been meant for, and some ``besides``."""
    every = (one for start in prefixes(term) for one in searcher.terms_with_prefix("body", start))
    found = [other for other, _ in every if may_mean(term, other)]
    return list(dict.fromkeys([*besides, *found]))
