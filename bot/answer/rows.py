"""A reply as one row of a file: what was shown, and what was looked at for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from bot.answer.briefs.headed import first, headed, once
from bot.answer.evidence.gathered import Gathered
from bot.answer.lines import place_of
from bot.answer.plain import plain, without_marks
from bot.answer.shown import answer_phrase, shown
from bot.answer.words import published, source
from bot.models import Answer, Brief, Line, Nothing, Reply, Snippet

SNIPPETS = 10
MATCHES = 10


def row_of(reply: Reply, looked: Gathered, tz: str) -> dict[str, Any]:
    """Lay a reply out: its lines as a reader sees them, then what else was found, each once.

    ``answered`` says whether a reader is shown an answer; then the first snippets are it, and
    ``bears`` is true of them. ``matches`` are articles, the likeliest first, those shown
    before all others. Articles are told by the id that their file or feed gave them, else by
    the store's.
    """
    told = list(lines_of(reply))
    bearing = {place_of(line) for line in told}
    found = [one.line for one in looked.candidates]
    near = reply.near if isinstance(reply, Nothing) else ()
    lines = _once([*told, *near, *found])[:SNIPPETS]
    # A brief is laid out by kind and date, not by how well a line fits what was typed.
    likely = _once(_in_turn(found, told))[:SNIPPETS] if isinstance(reply, Brief) else lines
    leading = next(iter(told), None)
    return {
        "kind": reply.kind,
        "answered": leading is not None,
        "matches": _matches(
            likely,
            looked,
            {line.snippet.article for line in told},
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
        "summary": without_marks(_summary(reply, leading, tz) if leading else plain(reply, tz)),
    }


def brief_row(reply: Reply, tz: str) -> dict[str, Any]:
    """Lay out a reply to ``/brief`` as one row of a file.

    ``opening`` and ``first_view`` are the articles cited by the first line and by all lines that
    stand without a click, each once, in the order shown, by the id their file or feed gave them
    (else the store's). ``summary`` is the reply in words.
    """
    return {"kind": reply.kind, **views(reply), "summary": without_marks(plain(reply, tz))}


def views(reply: Reply) -> dict[str, list[str]]:
    """Return ``opening`` and ``first_view`` of a reply: see ``brief_row``."""
    if isinstance(reply, Brief):
        standing = [row.line for row in first(once(headed(reply)))]
    elif isinstance(reply, Answer):
        standing = shown(reply.lines)
    else:
        standing = []
    cited = [line.snippet.external_id or line.snippet.article for line in standing]
    return {"opening": cited[:1], "first_view": list(dict.fromkeys(cited))}


def lines_of(reply: Reply) -> Iterator[Line]:
    """Every line that a reply has, in the order a reader meets them."""
    if isinstance(reply, Answer):
        told = shown(reply.lines)
        yield from told
        yield from (line for line in reply.lines if line not in told)
    elif isinstance(reply, Brief):
        rows = once(headed(reply))
        standing = first(rows)
        yield from (row.line for row in standing)
        yield from (row.line for row in rows if row not in standing)


def _in_turn(first: list[Line], second: list[Line]) -> list[Line]:
    return [line for pair in zip_longest(first, second) for line in pair if line is not None]


def _once(lines: Iterable[Line]) -> list[Line]:
    """Keep the first line of each quote, in order."""
    kept: dict[tuple[str, str, int], Line] = {}
    for line in lines:
        kept.setdefault(place_of(line), line)
    return list(kept.values())


def _matches(
    lines: list[Line], looked: Gathered, shown: set[str], *, in_turn: bool
) -> list[dict[str, Any]]:
    names = {line.snippet.article: line.snippet.external_id for line in lines}
    names |= {one.article.article: one.article.external_id for one in looked.articles}
    cited = [one.line.snippet for one in looked.candidates]
    names |= {snippet.article: snippet.external_id for snippet in cited}
    scored = sorted(looked.probability, key=lambda key: -looked.probability[key])
    ranked = list(dict.fromkeys([*scored, *(one.article.article for one in looked.articles)]))
    ahead = [line.snippet.article for line in lines]
    if in_turn:
        turns = zip_longest(ahead, ranked)
        order = dict.fromkeys(key for pair in turns for key in pair if key is not None)
    else:
        order = dict.fromkeys([*(key for key in ahead if key in shown), *ranked])
    return [
        {
            "article": names[key] or key,
            "score": round(looked.probability.get(key, 1.0 if key in shown else 0.0), 4),
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


def _summary(reply: Reply, line: Line, tz: str) -> str:
    snippet = line.snippet
    told = f"“{' '.join(snippet.quote.split())}” — {source(snippet)}, {published(snippet, tz)}"
    phrase = answer_phrase(reply) if isinstance(reply, Answer) else ""
    return f"{phrase}: {told}" if phrase else told
