"""A reply as one row of a file: what was shown, and what was looked at for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from bot.answer.evidence.gathered import Gathered
from bot.answer.lines import place_of
from bot.answer.plain import plain
from bot.answer.words import published, source
from bot.models import Answer, Brief, Line, Reply, Snippet

SNIPPETS = 10
MATCHES = 10


def row_of(reply: Reply, looked: Gathered, tz: str) -> dict[str, Any]:
    """Lay a reply out: its lines, then what else was found, each snippet once.

    ``answered`` says whether a reader is shown an answer; then the first snippets are it, and
    ``bears`` is true of them. ``matches`` are articles, the likeliest first, those shown
    before all others. Articles are told by the id that their file or feed gave them, else by
    the store's.
    """
    shown = list(lines_of(reply))
    bearing = {place_of(line) for line in shown}
    found = [one.line for one in looked.candidates]
    # A brief is laid out by kind and date, not by how well a line fits what was typed.
    ordered = _in_turn(found, shown) if isinstance(reply, Brief) else [*shown, *found]
    lines = _once(ordered)[:SNIPPETS]
    first = next(iter(shown), None)
    return {
        "kind": reply.kind,
        "answered": first is not None,
        "matches": _matches(
            lines,
            looked,
            {line.snippet.article for line in shown},
            in_turn=isinstance(reply, Brief),
        ),
        "subjects": [
            {"actor": one.actor, "name": one.name, "query": one.query}
            for one in getattr(reply, "subjects", ())
        ],
        "period": _period(reply),
        "snippets": [
            {**_snippet(line.snippet), "bears": place_of(line) in bearing} for line in lines
        ],
        "summary": _summary(first, tz) if first else plain(reply, tz),
    }


def lines_of(reply: Reply) -> Iterator[Line]:
    """Every line that a reply has, in the order a reader meets them."""
    if isinstance(reply, Answer):
        yield from reply.lines
    elif isinstance(reply, Brief):
        if reply.bottom_line:
            yield reply.bottom_line
        yield from (*reply.happened, *reply.said, *reply.disputed, *reply.planned)
        yield from (*reply.undated, *reply.more)


def _in_turn(first: list[Line], second: list[Line]) -> list[Line]:
    return [line for pair in zip_longest(first, second) for line in pair if line is not None]


def _once(lines: Iterable[Line]) -> list[Line]:
    return list({place_of(line): line for line in reversed(list(lines))}.values())[::-1]


def _matches(
    lines: list[Line], looked: Gathered, shown: set[str], *, in_turn: bool
) -> list[dict[str, Any]]:
    names = {line.snippet.article: line.snippet.external_id for line in lines}
    names |= {one.article.article: one.article.external_id for one in looked.articles}
    sure = {one.article.article: one.sure for one in looked.articles}
    ranked = [one.article.article for one in looked.articles]
    ahead = [line.snippet.article for line in lines]
    if in_turn:
        turns = zip_longest(ahead, ranked)
        order = dict.fromkeys(key for pair in turns for key in pair if key is not None)
    else:
        order = dict.fromkeys([*(key for key in ahead if key in shown), *ranked])
    return [
        {
            "article": names[key] or key,
            "score": round(sure.get(key, 1.0), 4),
            "answered": key in shown,
        }
        for key in list(order)[:MATCHES]
    ]


def _period(reply: Reply) -> dict[str, str | None] | None:
    period = getattr(reply, "period", None)
    if period is None:
        return None
    return {
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat() if period.end else None,
        "label": period.label,
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
    answer = snippet.answer
    return {
        "article": snippet.external_id or snippet.article,
        "revision": snippet.revision,
        "field": snippet.field,
        "url": snippet.url,
        "source": source(snippet),
        "published": snippet.published.isoformat() if snippet.published else None,
        "quote": snippet.quote,
        "start": snippet.start,
        "end": snippet.end,
        "answer": snippet.quote[answer[0] : answer[1]] if answer else None,
        "score": snippet.score,
    }


def _summary(line: Line, tz: str) -> str:
    snippet = line.snippet
    return f"“{' '.join(snippet.quote.split())}” — {source(snippet)}, {published(snippet, tz)}"
