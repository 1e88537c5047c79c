"""Does anything that a language model invents get into a brief? Needs no data, and no model.

A model of tests, behind the API on a real socket, is given sentences of the notes that come with
Dragoman and answers with inventions made from them: another name, number, date or verb, a
negation added or lost, actors exchanged, halves of two quotes joined, no ids, or ids of other
quotes. Then it answers honestly: quotes as they are, and quotes without their last phrase.

``invented``: how many sentences were invented, by kind, and how many of them were ``shown``: 0 is
right. ``honest``: the same of honest sentences: more is better. ``failures``: how many briefs were
left as they are when the model timed out, refused or wrote nonsense, of how many. ``added ms``:
what a brief with a model that answers at once takes longer, per request and check.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from aiohttp import web

from bot.models import Brief
from bot.text.english import forms_of, is_past
from bot.text.sentences import sentences
from handlers.writer import Writer
from tests.bench.common import Result, percentile
from tests.replies import brief, line
from tests.writer_stub import Model, completion, serving

NOTES = Path(__file__).parents[2] / "seeds" / "articles"
QUOTES = 3
"""Quotes a brief."""

_TIME_OUT = 0.2

_NAME = re.compile(r"(?<!^)\b[A-Z][a-z]{3,}\b")
_WORD = re.compile(r"[A-Za-z]+")
_NEGATION = re.compile(r" (?:not|never|no|denied that|refused to)\b")
_AUXILIARY = re.compile(r" (?:is|are|was|were|has|have|had|will|would) ")

Invented = tuple[str, str, list[int]]
"""The kind of an invention, the sentence, and the ids it cites."""


def run(path: Path, store: Path | None = None) -> Result:
    """Ask a writer about every note; ``path`` and ``store`` are not used."""
    del path, store
    return asyncio.run(_measured())


async def _measured() -> Result:
    chosen = random.Random(7)  # noqa: S311
    quotes = _quotes()
    groups = [quotes[n : n + QUOTES] for n in range(0, len(quotes) - QUOTES + 1, QUOTES)]
    made = [list(_inventions(group, chosen)) for group in groups]
    honest = [list(_honest(group)) for group in groups]
    invented, waits = await _counted(groups, made)
    fair, more = await _counted(groups, honest)
    waits += more
    return {
        "briefs": len(groups),
        "invented": invented,
        "honest": fair,
        "failures": await _failures(groups[:10]),
        "added ms": {
            "median": round(percentile(waits, 0.5) * 1000, 1),
            "p95": round(percentile(waits, 0.95) * 1000, 1),
        },
    }


def _quotes() -> list[str]:
    """The sentences of all notes, in order."""
    found = []
    for note in sorted(NOTES.glob("*.md")):
        text = note.read_text(encoding="utf-8").split("---", 2)[-1].strip()
        found += [" ".join(text[start:end].split()) for start, end in sentences(text)]
    return [quote for quote in found if len(quote.split()) > QUOTES]


async def _counted(
    groups: list[list[str]], made: list[list[Invented]]
) -> tuple[Result, list[float]]:
    """Offer sentences one a request; how many were shown, by kind, and the seconds of each."""
    offered: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    waits = []
    says: list[Invented] = []

    async def model(_: dict[int, str]) -> web.StreamResponse:
        return completion(json.dumps([{"text": text, "ids": ids} for _, text, ids in says]))

    async with serving(model) as stub:
        writer = Writer(stub.url, "stub")
        for group, sentences_of in zip(groups, made, strict=True):
            for one in sentences_of:
                says[:] = [one]
                began = time.perf_counter()
                found = await writer.write(_brief(group))
                waits.append(time.perf_counter() - began)
                offered[one[0]] += 1
                shown[one[0]] += found is not None
    kinds = {kind: f"{shown[kind]} of {number}" for kind, number in sorted(offered.items())}
    return {"offered": offered.total(), "shown": shown.total(), **kinds}, waits


async def _failures(groups: list[list[str]]) -> Result:
    """Count the briefs that are left as they are, by what goes wrong."""

    async def silent(_: dict[int, str]) -> web.StreamResponse:
        await asyncio.sleep(_TIME_OUT * 3)
        return completion("[]")

    async def refuses(_: dict[int, str]) -> web.StreamResponse:
        return web.Response(status=429)

    async def nonsense(_: dict[int, str]) -> web.StreamResponse:
        return completion("As a language model, I cannot do that.")

    models: dict[str, Model] = {"time-out": silent, "refusal": refuses, "nonsense": nonsense}
    done: Result = {}
    for kind, model in models.items():
        async with serving(model) as stub:
            writer = Writer(stub.url, "stub", seconds=_TIME_OUT)
            left = [await writer.write(_brief(group)) is None for group in groups]
            done[kind] = f"{sum(left)} of {len(left)}"
    return done


def _brief(quotes: list[str]) -> Brief:
    lines = tuple(line(quote, n) for n, quote in enumerate(quotes))
    return brief(in_short=lines, planned=(), happened=(), undated=(), more=())


# --- what is made up --------------------------------------------------------------------


def _inventions(group: list[str], chosen: random.Random) -> Iterator[Invented]:
    """Sentences that the quotes do not bear out, of each kind that a quote allows."""
    for n, quote in enumerate(group, start=1):
        for kind, change in _CHANGES.items():
            text = change(quote, chosen)
            if text and text != quote:
                yield kind, text, [n]
        other = group[n % len(group)]
        yield "joined", f"{_half(quote, first=True)} {_half(other, first=False)}", [1, 2, 3]
        yield "no ids", quote, []
        yield "id of none", quote, [len(group) + 1]
        yield "id of another", quote, [n % len(group) + 1]


def _honest(group: list[str]) -> Iterator[Invented]:
    for n, quote in enumerate(group, start=1):
        yield "whole quote", quote, [n]
        if ", " in quote:
            yield "without its end", quote.rpartition(", ")[0] + ".", [n]
    yield "two joined", f"{group[0].rstrip('.')}; {group[1]}", [1, 2]


def _other_name(quote: str, chosen: random.Random) -> str:
    names = list(_NAME.finditer(quote))
    new = next(name for name in ("Atlantis", "Wakanda") if name not in quote)
    return _replaced(quote, chosen.choice(names), new) if names else ""


def _other_number(quote: str, chosen: random.Random) -> str:
    numbers = list(re.finditer(r"\b\d+\b", quote))
    if numbers:
        one = chosen.choice(numbers)
        return _replaced(quote, one, str(int(one[0]) + 3))
    return re.sub(r" (?=[a-z]+s\b)", " 47 ", quote, count=1)


def _other_date(quote: str, _: random.Random) -> str:
    return quote.rstrip(".") + " on 3 July 2019."


def _negated(quote: str, _: random.Random) -> str:
    if (found := _AUXILIARY.search(quote)) is not None:
        return _replaced(quote, found, f"{found[0]}not ")
    return f"Nobody confirmed that {quote}"


def _asserted(quote: str, _: random.Random) -> str:
    return _NEGATION.sub("", quote, count=1)


def _other_act(quote: str, chosen: random.Random) -> str:
    acts = [one for one in _WORD.finditer(quote) if is_past(one[0])]
    verbs = (forms_of("bomb"), forms_of("betray"))
    past = [forms.past[0] for forms in verbs if forms]
    return _replaced(quote, chosen.choice(acts), chosen.choice(past)) if acts else ""


def _exchanged(quote: str, _: random.Random) -> str:
    names = list(_NAME.finditer(quote))
    if len({one[0] for one in names}) < 2:
        return ""
    first = names[0]
    second = next(one for one in names if one[0] != first[0])
    return (
        quote[: first.start()]
        + second[0]
        + quote[first.end() : second.start()]
        + first[0]
        + quote[second.end() :]
    )


def _replaced(quote: str, match: re.Match[str], new: str) -> str:
    return quote[: match.start()] + new + quote[match.end() :]


def _half(quote: str, *, first: bool) -> str:
    words = quote.split()
    middle = len(words) // 2
    return " ".join(words[:middle] if first else words[middle:])


_CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "name": _other_name,
    "number": _other_number,
    "date": _other_date,
    "negation": _negated,
    "negation lost": _asserted,
    "act": _other_act,
    "actors exchanged": _exchanged,
}
