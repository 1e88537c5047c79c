"""How far a source is trusted, as whoever runs a workspace says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.errors import BadEdit
from bot.store.ids import publisher_key
from bot.store.sources import Level, TrustChange
from bot.store.store import Store

_VERBS: tuple[tuple[str, Level], ...] = (
    (r"distrust(?:\s+(?:the\s+)?source)?", "distrusted"),
    (r"remove\s+(?:the\s+)?source", "removed"),
    (r"trust(?:\s+(?:the\s+)?source)?(?=.*\s+(?:as\s+any\s+other|normally)[\s.!]*$)", "normal"),
    (r"trust(?:\s+(?:the\s+)?source)?", "trusted"),
)
_ORDERS = [
    (re.compile(rf"(?:please\s+)?{verb}\s+(?P<name>[^?]+?)[\s.!]*", re.IGNORECASE), level)
    for verb, level in _VERBS
]
_TAIL = re.compile(r"\s+(?:as\s+any\s+other|normally|again)$", re.IGNORECASE)

_LINK = re.compile(r"^https?://", re.IGNORECASE)


class Order(NamedTuple):
    """Which source is to be trusted how far."""

    name: str
    level: Level


class Done(NamedTuple):
    """What came of an order: ``change`` is None where it was so, ``articles`` moved."""

    name: str
    level: Level
    change: TrustChange | None
    articles: int


def order(text: str) -> Order | None:
    """Read *distrust NAME*, *remove source NAME*, *trust NAME* or *trust NAME as any other*.

    None for all else; what ends with a question mark is no order.
    """
    for pattern, level in _ORDERS:
        if match := pattern.fullmatch(" ".join(text.split())):
            name = _TAIL.sub("", match["name"]).strip(" \"'“”‘’")
            name = _LINK.sub("", name).rstrip("/")
            return Order(name, level) if name else None
    return None


def trust(
    store: Store,
    workspace: str,
    audiences: Collection[str],
    asked: Order,
    person: str,
    now: datetime,
) -> Done:
    """Do what was ordered; raises BadEdit where no source goes by that name.

    A source of which nothing came yet can be removed all the same.
    """
    name, level = asked
    known = {one.key: one.name for one in store.sources.all(workspace, audiences)}
    key = publisher_key(name)
    if key not in known and level != "removed":
        hint = "`dragoman sources` lists them."
        raise BadEdit(_unknown(name, list(known.values())), about=name, hint=hint)
    name = known.get(key, name)
    change, moved = store.sources.trust(workspace, name, level, person, now)
    return Done(name, level, change, moved)


def in_words(done: Done) -> str:
    """What came of it, in a sentence."""
    if done.change is None:
        return f"{done.name} is {done.level} already."
    way = "set aside" if done.level in ("distrusted", "removed") else "brought back"
    articles = "one article" if done.articles == 1 else f"{done.articles:,} articles"
    now = f"{done.name} is {done.level} now (#{done.change.seq}), was {done.change.before}"
    return f"{now}; {articles} {way}."


def _unknown(name: str, known: Sequence[str]) -> str:
    # What is imported last is what few commands need.
    from rapidfuzz.process import extract

    near = [one for one, *_ in extract(name, known, limit=3, score_cutoff=60)]
    offered = f" Did you mean {', '.join(near)}?" if near else ""
    return f"No source is called {name}.{offered}"
