"""Queries of the index, built term by term, and counts of what they match.

No query parser reads typed text, so no text can be a syntax error or a command.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA
from tantivy import FieldType, Occur, Query, Schema, Searcher

from bot.models import Period
from bot.search.schema import UNDATED, View, instant, moment, term, words

TITLE_BOOST = 0.5
"""A title applies to all passages of its article: it should not outweigh the passage itself."""

ACTOR_BOOST = 2.0
ABOUT_BOOST = 1.0
MOST_TERMS = 64

NEAR = ((timedelta(days=4), 4.0), (timedelta(days=7), 4.0), (timedelta(days=14), 3.0))
"""Passages published no further from the requested time are raised by so much, each added to the
next: in points of BM25, of which a rare word earns about 10. Chosen on the even half of 639
questions about the news of their day: the share of those answered first rose from .70 to .87."""

_WITHIN = tuple(within // timedelta(microseconds=1) for within, _ in NEAR)

_FEW = 200
"""Up to so many terms, single lookups take a third of the time of a term set, which scans every
term of the field."""

_FOLD = words()
_FOLD_STOP = words(stop=True)


def terms(text: str) -> list[str]:
    """Return the search terms, each once; stop words only if there are no others."""
    return list(dict.fromkeys(running(text) or _FOLD.analyze(text)))[:MOST_TERMS]


def looked_for(text: str | Sequence[str]) -> list[str]:
    """Return the terms of a text; a list contains terms already."""
    return terms(text) if isinstance(text, str) else list(dict.fromkeys(text))[:MOST_TERMS]


def running(text: str) -> list[str]:
    """Return the words of a text in order, without stop words."""
    return _FOLD_STOP.analyze(text)


def raised(away: timedelta) -> float:
    """Return the bonus of a passage published this far from the requested time."""
    return sum(points for within, points in NEAR if away <= within)


def build(
    schema: Schema,
    text: str | Sequence[str],
    *,
    workspace: str,
    audiences: Collection[str],
    actors: Sequence[Collection[str]],
    require_actor: bool,
    since: date | None,
    until: date | None,
    as_of: datetime | None,
    undated: bool,
    names: Sequence[Collection[str]] = (),
    near: tuple[datetime, datetime] | None = None,
) -> Query:
    """Return a query for passages in scope with a word of ``text``, or for all if it has none."""
    must = [_silent(in_scope(schema, workspace, audiences))]
    must += [_silent(one) for one in _times(schema, since, until, as_of, undated)]
    wanted = _words(schema, looked_for(text))
    spelt = list(names) or [()] * len(actors)
    # Without search words, scores mean nothing: one lookup is enough.
    naming = _actors if wanted else _named
    named = [
        naming(schema, [term(workspace, one) for one in sorted(group)], sorted(words))
        for group, words in zip(actors, spelt, strict=True)
    ]
    parts = [(Occur.Must, one) for one in must]
    if wanted:
        parts.append((Occur.Must, _any(wanted)))
    needed = require_actor or not wanted
    parts += [(Occur.Must if needed else Occur.Should, one) for one in named]
    if near is not None:
        parts += [(Occur.Should, one) for one in _near(schema, *near)]
    return Query.boolean_query(parts)


def in_scope(schema: Schema, workspace: str, audiences: Collection[str]) -> Query:
    """Return a query for all passages that these audiences of a workspace may see."""
    scopes = [
        Query.term_query(schema, "scope", term(workspace, audience), "basic")
        for audience in sorted(set(audiences))
    ]
    # A single term query is faster than a disjunction of one.
    return scopes[0] if len(scopes) == 1 else _any(scopes)


def holding(schema: Schema, word: str | None, workspace: str, audiences: Collection[str]) -> Query:
    """Return a query for all passages in scope that contain a word; all of them if it is None."""
    scope = in_scope(schema, workspace, audiences)
    if word is None:
        return _silent(scope)
    held = Query.term_query(schema, "body", word, "basic")
    return _silent(Query.boolean_query([(Occur.Must, held), (Occur.Must, scope)]))


def any_of(
    schema: Schema, actors: Collection[str], workspace: str, audiences: Collection[str]
) -> Query:
    """Return a query for all passages in scope that name one of these actors."""
    wanted = [term(workspace, one) for one in sorted(actors)]
    named = any_term(schema, "named", wanted)
    scope = in_scope(schema, workspace, audiences)
    return _silent(Query.boolean_query([(Occur.Must, named), (Occur.Must, scope)]))


def articles(
    schema: Schema,
    actors: Sequence[Collection[str]],
    *,
    workspace: str,
    audiences: Collection[str],
    as_of: datetime | None,
    since: date | None = None,
    until: date | None = None,
) -> Query:
    """Return a query for whole articles, each once, that name one actor of every group; undated
    ones too, unless there is a period."""
    found = [any_term(schema, "within", [term(workspace, one) for one in sorted(audiences)])]
    found += [
        any_term(schema, "whole", [term(workspace, one) for one in sorted(group)])
        for group in actors
    ]
    bound = since is not None or until is not None
    found += _times(schema, since, until, as_of, not bound)
    return Query.boolean_query([(Occur.Must, _silent(one)) for one in found])


def any_term(schema: Schema, field: str, wanted: Sequence[str]) -> Query:
    """Return a query for any of these terms in a field, however many match."""
    if len(wanted) > _FEW:
        return Query.term_set_query(schema, field, list(wanted))
    if len(wanted) == 1:
        return Query.term_query(schema, field, wanted[0], "basic")
    return _any([Query.term_query(schema, field, one, "basic") for one in wanted])


def undated(query: Query, schema: Schema) -> Query:
    """Restrict a query to articles without a date."""
    without = _silent(_between(schema, "published", UNDATED, UNDATED))
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, without)])


def _silent(query: Query) -> Query:
    """Return a filter: it restricts the results, and adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def _any(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, one) for one in queries])


def _words(schema: Schema, wanted: list[str]) -> list[Query]:
    found = [Query.term_query(schema, "body", one, "freq") for one in wanted]
    return found + [
        Query.boost_query(Query.term_query(schema, "title", one, "freq"), TITLE_BOOST)
        for one in wanted
    ]


def _actors(schema: Schema, wanted: list[str], words: list[str]) -> Query:
    """Return a query for any of these, or all words of the name: how many ids of one actor a
    passage names must not raise its score."""
    boosts = (("actors", "body", ACTOR_BOOST), ("about", "title", ABOUT_BOOST))
    known = [
        Query.const_score_query(any_term(schema, field, wanted), boost)
        for field, _, boost in boosts
    ]
    spelt = [
        Query.const_score_query(_holding_all(schema, field, words), boost)
        for _, field, boost in boosts
        if words
    ]
    return Query.disjunction_max_query(known + spelt)


def _named(schema: Schema, wanted: list[str], words: list[str]) -> Query:
    """Return the same without scores."""
    known = any_term(schema, "named", wanted)
    if not words:
        return _silent(known)
    spelt = [_holding_all(schema, field, words) for field in ("body", "title")]
    return _silent(_any([known, *spelt]))


def _holding_all(schema: Schema, field: str, words: list[str]) -> Query:
    held = [Query.term_query(schema, field, one, "basic") for one in words]
    return Query.boolean_query([(Occur.Must, one) for one in held])


def _times(
    schema: Schema, since: date | None, until: date | None, as_of: datetime | None, undated: bool
) -> list[Query]:
    found: list[Query] = []
    period: list[Query] = []
    if since is not None or until is not None:
        low = UNDATED + 1 if since is None else _midnight(since)
        high = None if until is None else _midnight(until + timedelta(days=1)) - 1
        period.append(_between(schema, "published", low, high))
        if undated:
            period.append(_between(schema, "published", UNDATED, UNDATED))
    elif not undated:
        period.append(_between(schema, "published", UNDATED + 1, None))
    if period:
        found.append(_any(period))
    if as_of is not None:
        found.append(_between(schema, "known", None, instant(as_of)))
    return found


def _near(schema: Schema, first: datetime, last: datetime) -> list[Query]:
    # As numbers: before the first day of the calendar there are instants, but no dates.
    ends = [(instant(first) - away, instant(last) + away) for away in _WITHIN]
    return [
        Query.const_score_query(_between(schema, "published", *end), points)
        for end, (_, points) in zip(ends, NEAR, strict=True)
    ]


def _between(schema: Schema, field: str, low: int | None, high: int | None) -> Query:
    return Query.range_query(schema, field, FieldType.Integer, low, high)


def _midnight(day: date) -> int:
    return instant(datetime.combine(day, time.min, UTC))


_MOST_SOURCES = 60_000
_MOST_NAMED = 60
_DAY = timedelta(days=1)
_FIRST_DATE = UNDATED // 2
"""Between no date and all dates: ranges use floating point, which cannot separate neighbours."""


class Scope(NamedTuple):
    """The audiences whose passages are counted; ``as_of`` leaves out later publications."""

    workspace: str
    audiences: Collection[str]
    as_of: datetime | None = None


class Coverage(NamedTuple):
    """How much is stored about some actors in a period.

    ``articles`` counts those in the period (without a period, all of them, undated too),
    ``sources`` their distinct independent sources, ``newest`` is the UTC day of the newest,
    ``undated`` counts those in scope without a date, whatever the period.
    """

    articles: int
    sources: int
    newest: date | None
    undated: int


def naming(
    schema: Schema, actors: Sequence[Collection[str]], scope: Scope, period: Period | None = None
) -> Query:
    """Return a query for passages that name one actor of every group, in a period if given."""
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
    """Return how many articles name one actor of every group, and from how many sources."""
    asked = _narrowed(view, "whole", actors, scope)
    return view.once(
        ("covered", _key(*asked), period), lambda: _covered(view.searcher, schema, *asked, period)
    )


def _covered(
    searcher: Searcher,
    schema: Schema,
    actors: Sequence[Collection[str]],
    scope: Scope,
    period: Period | None,
) -> Coverage:
    result = searcher.aggregate(
        _articles(schema, actors, scope, period),
        {
            "sources": {"terms": {"field": "source", "size": _MOST_SOURCES}},
            "newest": {"max": {"field": "published"}},
            "articles": {"value_count": {"field": "published"}},
            "undated": {"range": {"field": "published", "ranges": [{"to": _FIRST_DATE}]}},
        },
    )
    if period is None:
        # An empty index has no bucket; otherwise the first is below the first date.
        without = sum(int(one["doc_count"]) for one in result["undated"]["buckets"][:1])
    else:
        without = count(searcher, undated(_articles(schema, actors, scope, None), schema))
    return Coverage(
        articles=int(result["articles"]["value"]),
        sources=len(result["sources"]["buckets"]),
        newest=_day(result["newest"]["value"]),
        undated=without,
    )


def named_together(
    view: View,
    schema: Schema,
    actors: Sequence[Collection[str]],
    others: Collection[str] | None,
    scope: Scope,
    period: Period | None,
) -> dict[str, int]:
    """Return how many passages that name one actor of every group also name each of the others.

    Without others, the most-named actors are counted.
    """
    if others is not None and not others:
        return {}
    asked = _narrowed(view, "named", actors, scope)
    counted = None if others is None else frozenset(others)
    return view.once(
        ("named together", _key(*asked), counted, period),
        lambda: _named_together(
            view.searcher, schema, counted, naming(schema, *asked, period), asked[1]
        ),
    )


def _named_together(
    searcher: Searcher, schema: Schema, others: Collection[str] | None, query: Query, scope: Scope
) -> dict[str, int]:
    before = term(scope.workspace, "")
    terms: dict[str, Any] = {"field": "named", "size": _MOST_NAMED}
    if others is not None:
        terms = {"field": "named", "size": len(others)}
        terms["include"] = sorted(before + one for one in others)
        # Counting takes the most time, and most passages name none of the others.
        query = Query.boolean_query(
            [(Occur.Must, query), (Occur.Must, any_term(schema, "named", terms["include"]))]
        )
    result = searcher.aggregate(query, {"named": {"terms": terms}})
    found = result["named"]["buckets"]
    return {one["key"].removeprefix(before): int(one["doc_count"]) for one in found}


def days(
    view: View, schema: Schema, actors: Sequence[Collection[str]], scope: Scope, period: Period
) -> list[date]:
    """Return the UTC days of a period with such articles, in order."""
    step = _DAY // timedelta(microseconds=1)
    by_day: dict[str, Any] = {
        "days": {"histogram": {"field": "published", "interval": step, "min_doc_count": 1}}
    }
    asked = _narrowed(view, "whole", actors, scope)
    result = view.searcher.aggregate(_articles(schema, *asked, period), by_day)
    found = (_day(bucket["key"]) for bucket in result["days"]["buckets"])
    return sorted(day for day in found if day is not None)


def _narrowed(
    view: View, field: str, actors: Sequence[Collection[str]], scope: Scope
) -> tuple[list[Collection[str]], Scope]:
    """Drop ids that no document names, and an ``as_of`` that leaves nothing out."""
    groups = [view.present(field, scope.workspace, group) for group in actors]
    return groups, scope._replace(as_of=view.cutoff(scope.as_of))


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
    """Return how many documents match a query."""
    # Every document has this field; counting needs no sorting.
    result = searcher.aggregate(query, {"found": {"value_count": {"field": "published"}}})
    return int(result["found"]["value"])


def _day(value: float | None) -> date | None:
    """Return the day of an instant as counted by the engine; None for UNDATED or no value."""
    found = None if value is None or value == UNDATED else moment(int(value))
    return found.date() if found else None


_SHORTEST = 4
_TWO_EDITS_FROM = 8
_MUCH_COMMONER = 20
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG = 5
_HALF, _SHORT_HALF, _OFTEN = 4, 3, 25
_MEANT = 4
_NONE: Mapping[str, bool] = {}
_CUT_OFF = 3
"""Maximum letters missing at the end of a word: names are cut off, as at an accent."""


def allowed_edits(length: int) -> int:
    """Return how many letters of a word may be wrong: none under 4, one under 8, then two."""
    if length < _SHORTEST:
        return 0
    return 1 if length < _TWO_EDITS_FROM else 2


def prefixes(word: str) -> list[str]:
    """Return possible prefixes of the intended word: as typed, swapped, a letter lost or added."""
    return list(dict.fromkeys([word[:1], word[1:2] + word[:1], word[1:3]]))


def may_mean(word: str, other: str) -> bool:
    """Whether ``nearest`` or ``meant_as_well`` may choose a word, however frequent it is."""
    longer = len(other) - len(word)
    if abs(longer) > _CUT_OFF:
        return False
    most = max(allowed_edits(len(word)), 1)
    return other.startswith(word) or OSA.distance(word, other, score_cutoff=most) <= most


def one_off(word: str) -> dict[str, bool]:
    """Return every spelling one edit from a word, and whether one letter replaces another in it.

    Stemming cuts a misspelt word differently from the right one (*constittuion*, constitut), so the
    spellings are tried first, and then stemmed. The first letter is never replaced.
    """
    if len(word) < _LONG or not word.isascii() or not word.isalpha():
        return {}
    found = {
        word[:at] + new + word[at + 1 :]: True for at in range(1, len(word)) for new in _LETTERS
    }
    found |= {word[:at] + new + word[at:]: False for at in range(len(word) + 1) for new in _LETTERS}
    found |= dict.fromkeys((word[:at] + word[at + 1 :] for at in range(len(word))), False)
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    found |= dict.fromkeys(swapped, False)
    return {one: other for one, other in found.items() if one != word}


def parted(word: str, often: Callable[[str], int]) -> tuple[str, str] | None:
    """Return the two stored words that were typed as one (*riogrande*); None if there are none."""
    best: tuple[int, str, str] | None = None
    for at in range(_SHORT_HALF, len(word) - _SHORT_HALF + 1):
        halves = word[:at], word[at:]
        first = often(halves[0])
        rarest = min(first, often(halves[1])) if first else 0
        if min(map(len, halves)) < _HALF and rarest < _OFTEN:
            continue
        if rarest and (best is None or rarest > best[0]):
            best = rarest, *halves
    return best[1:] if best else None


def nearest(
    word: str, known: Iterable[tuple[str, int]], stemmed: Mapping[str, bool] = _NONE
) -> str | None:
    """Choose the known word (with its count) fewest edits away, then the most frequent.

    Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string
    alignment). Among equally near words, one with a replaced letter comes last: a letter is more
    often lost, doubled or swapped than replaced. ``stemmed`` has the stems of spellings one edit
    off, as from ``one_off``.
    """
    found = _nearest(word, known, stemmed)
    return found[0][3] if found else None


def _nearest(
    word: str, known: Iterable[tuple[str, int]], stemmed: Mapping[str, bool] = _NONE
) -> list[tuple[int, bool, int, str]]:
    """Return the known words that are near enough, the nearest first: each with the edits, whether
    a letter was replaced, and its count, negated."""
    most = allowed_edits(len(word))
    found: list[tuple[int, bool, int, str]] = []
    for other, count in known:
        if other in stemmed:
            found.append((1, stemmed[other], -count, other))
            continue
        edits = OSA.distance(word, other, score_cutoff=most)
        if edits <= most:
            found.append((edits, _another_letter(word, other), -count, other))
    return sorted(found)


def meant_as_well(
    word: str, count: int, known: Iterable[tuple[str, int]], stemmed: Mapping[str, bool] = _NONE
) -> list[str]:
    """Return known words that a rare one, found ``count`` times, may also have been meant for.

    These are the words that it is most likely a misspelling of, if they are more frequent (much
    more, if a letter was replaced), and the two most frequent that begin with it and are a little
    longer.
    """
    others = [(other, n) for other, n in known if other != word and n > count]
    much = _MUCH_COMMONER * max(count, 1)
    if len(word) < _SHORTEST:  # too short to be sure: a letter may be lost, or two swapped
        lost = [one for one in others if one[1] >= much and _lost_or_swapped(one[0], word)]
        meant = [max(lost, key=lambda one: one[1])[0]] if lost else []
    else:
        meant = [
            other
            for edits, another, less, other in _nearest(word, others, stemmed)
            if -less >= much or (edits == 1 and not another)
        ][:_MEANT]
    longer = sorted(
        (-n, other)
        for other, n in others
        if other.startswith(word) and len(other) <= len(word) + _CUT_OFF
    )
    return list(dict.fromkeys([*meant, *(one for _, one in longer[:2])]))


def _lost_or_swapped(other: str, word: str) -> bool:
    return (
        not _another_letter(word, other)
        and len(other) >= len(word)
        and OSA.distance(word, other, score_cutoff=1) == 1
    )


def _another_letter(word: str, other: str) -> bool:
    return len(word) == len(other) and sorted(word) != sorted(other)
