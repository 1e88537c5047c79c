"""Orders of admins on how far a source is trusted."""

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
    """A source, and how far it is to be trusted."""

    name: str
    level: Level


class Done(NamedTuple):
    """The result of an order: ``change`` is None if nothing changed; ``articles`` are affected."""

    name: str
    level: Level
    change: TrustChange | None
    articles: int


def order(text: str) -> Order | None:
    """Read *distrust NAME*, *remove source NAME*, *trust NAME* or *trust NAME as any other*.

    None for anything else; a question is not an order.
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
    """Carry out an order; raises BadEdit if there is no source of that name.

    A source without any article yet can be removed, too.
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
    """The result in a sentence."""
    if done.change is None:
        return f"{done.name} is {done.level} already."
    way = "set aside" if done.level in ("distrusted", "removed") else "brought back"
    articles = "one article" if done.articles == 1 else f"{done.articles:,} articles"
    now = f"{done.name} is {done.level} now (#{done.change.seq}), was {done.change.before}"
    return f"{now}; {articles} {way}."


def _unknown(name: str, known: Sequence[str]) -> str:
    # Imported here because few commands need it.
    from rapidfuzz.process import extract

    near = [one for one, *_ in extract(name, known, limit=3, score_cutoff=60)]
    offered = f" Did you mean {', '.join(near)}?" if near else ""
    return f"No source is called {name}.{offered}"
