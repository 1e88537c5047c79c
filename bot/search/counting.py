"""What is counted in the index rather than found: articles, their sources, their days."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tantivy import Occur, Query, Schema, Searcher

from bot.models import Period
from bot.search.query import any_term, articles, build, undated
from bot.search.schema import UNDATED, moment, term
from bot.search.view import View

_MOST_SOURCES = 60_000
_MOST_NAMED = 60
_DAY = timedelta(days=1)
_FIRST_DATE = UNDATED // 2
"""Between no date and every date: ranges are of floating point, which cannot tell neighbours."""


class Scope(NamedTuple):
    """Whose passages are counted; ``as_of`` leaves out what was published later."""

    workspace: str
    audiences: Collection[str]
    as_of: datetime | None = None


class Coverage(NamedTuple):
    """How much is stored about some actors in a period.

    ``articles`` are those in the period (without a period, all of them, undated too),
    ``sources`` their distinct independent sources, ``newest`` the UTC day of the newest,
    ``undated`` those in scope that have no date, counted whatever the period.
    """

    articles: int
    sources: int
    newest: date | None
    undated: int


def naming(
    schema: Schema,
    actors: Sequence[Collection[str]],
    scope: Scope,
    period: Period | None = None,
) -> Query:
    """Passages that name one actor of every group, in a period those published in it."""
    return build(
        schema,
        "",
        workspace=scope.workspace,
        audiences=scope.audiences,
        actors=actors,
        require_actor=True,
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=scope.as_of,
        undated=period is None,
    )


def covered(
    view: View,
    schema: Schema,
    actors: Sequence[Collection[str]],
    scope: Scope,
    period: Period | None,
) -> Coverage:
    """How many articles name one actor of every group, from how many sources."""
    asked = _narrowed(view, "whole", actors, scope)
    return view.once(
        ("covered", _key(*asked), period),
        lambda: _covered(view.searcher, schema, *asked, period),
    )


def _covered(
    searcher: Searcher,
    schema: Schema,
    actors: Sequence[Collection[str]],
    scope: Scope,
    period: Period | None,
) -> Coverage:
    told = searcher.aggregate(
        _articles(schema, actors, scope, period),
        {
            "sources": {"terms": {"field": "source", "size": _MOST_SOURCES}},
            "newest": {"max": {"field": "published"}},
            "articles": {"value_count": {"field": "published"}},
            "undated": {"range": {"field": "published", "ranges": [{"to": _FIRST_DATE}]}},
        },
    )
    if period is None:
        # An empty index has no bucket; else the first is below the first date.
        without = sum(int(one["doc_count"]) for one in told["undated"]["buckets"][:1])
    else:
        without = count(searcher, undated(_articles(schema, actors, scope, None), schema))
    return Coverage(
        articles=int(told["articles"]["value"]),
        sources=len(told["sources"]["buckets"]),
        newest=_day(told["newest"]["value"]),
        undated=without,
    )


def beside(
    view: View,
    schema: Schema,
    actors: Sequence[Collection[str]],
    others: Collection[str] | None,
    scope: Scope,
    period: Period | None,
) -> dict[str, int]:
    """How many passages that name one actor of every group name each of the others too.

    Without others it is each of those that are named most.
    """
    if others is not None and not others:
        return {}
    asked = _narrowed(view, "named", actors, scope)
    whom = None if others is None else frozenset(others)
    return view.once(
        ("beside", _key(*asked), whom, period),
        lambda: _beside(view.searcher, schema, whom, naming(schema, *asked, period), asked[1]),
    )


def _beside(
    searcher: Searcher,
    schema: Schema,
    others: Collection[str] | None,
    query: Query,
    scope: Scope,
) -> dict[str, int]:
    before = term(scope.workspace, "")
    terms: dict[str, Any] = {"field": "named", "size": _MOST_NAMED}
    if others is not None:
        terms = {"field": "named", "size": len(others)}
        terms["include"] = sorted(before + one for one in others)
        # To count is what takes the time, and most name none of the others.
        query = Query.boolean_query(
            [
                (Occur.Must, query),
                (Occur.Must, any_term(schema, "named", terms["include"])),
            ]
        )
    told = searcher.aggregate(query, {"named": {"terms": terms}})
    found = told["named"]["buckets"]
    return {one["key"].removeprefix(before): int(one["doc_count"]) for one in found}


def days(
    view: View,
    schema: Schema,
    actors: Sequence[Collection[str]],
    scope: Scope,
    period: Period,
) -> list[date]:
    """The UTC days of a period on which such an article was published, in order."""
    step = _DAY // timedelta(microseconds=1)
    by_day: dict[str, Any] = {
        "days": {"histogram": {"field": "published", "interval": step, "min_doc_count": 1}}
    }
    asked = _narrowed(view, "whole", actors, scope)
    told = view.searcher.aggregate(_articles(schema, *asked, period), by_day)
    found = (_day(bucket["key"]) for bucket in told["days"]["buckets"])
    return sorted(day for day in found if day is not None)


def _narrowed(
    view: View, field: str, actors: Sequence[Collection[str]], scope: Scope
) -> tuple[list[Collection[str]], Scope]:
    """What is asked for, without whom nothing names and what leaves nothing out."""
    groups = [view.present(field, scope.workspace, group) for group in actors]
    return groups, scope._replace(as_of=view.telling(scope.as_of))


def _key(groups: Sequence[Collection[str]], scope: Scope) -> tuple[Hashable, ...]:
    seen = (scope.workspace, frozenset(scope.audiences), scope.as_of)
    return (*seen, *(frozenset(group) for group in groups))


def _articles(
    schema: Schema, actors: Sequence[Collection[str]], scope: Scope, period: Period | None
) -> Query:
    return articles(
        schema,
        actors,
        workspace=scope.workspace,
        audiences=scope.audiences,
        as_of=scope.as_of,
        since=period.start if period else None,
        until=period.end if period else None,
    )


def count(searcher: Searcher, query: Query) -> int:
    """How many documents a query finds."""
    # Every document has this field; nothing is put in an order only to be counted.
    told = searcher.aggregate(query, {"found": {"value_count": {"field": "published"}}})
    return int(told["found"]["value"])


def _day(value: float | None) -> date | None:
    """The day of an instant as the engine counts it; None for no date, and for none at all."""
    found = None if value is None or value == UNDATED else moment(int(value))
    return found.date() if found else None
