"""Arrivals made by hand: short texts in which tests say where names and facts stand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.models import (
    EVERYWHERE,
    LOCAL,
    AliasKind,
    Arrival,
    Article,
    EventClass,
    FoundFact,
    Mention,
    Quote,
    Reading,
    Revision,
    Status,
)
from bot.store.store import Store

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
QATAR, IRAN, EMIR = "state:qat", "state:irn", "office:emir-of-qatar"
NAMES = {"Qatar": QATAR, "Iran": IRAN, "the Emir": EMIR}


def day(text: str) -> datetime:
    """Midnight UTC of an ISO day."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_store(folder: Path, name: str = "dragoman.db") -> Store:
    return Store.open(f"sqlite:///{folder / name}")


def quote(text: str, words: str) -> Quote:
    start = text.index(words)
    return Quote(start=start, end=start + len(words), quote=words)


def met(text: str, words: str | None = None, **changes: object) -> FoundFact:
    """Qatar met Iran, as the words have it."""
    values: dict[str, object] = {
        "source_actor": QATAR,
        "event_class": EventClass.CONSULT,
        "act": "met",
        "target_actor": IRAN,
        "status": Status.HAPPENED,
        "evidence": (quote(text, words or text),),
    }
    return FoundFact.model_validate(values | changes)


def mentions(text: str, field: str = "text") -> list[Mention]:
    """Where the names of NAMES stand in a text."""
    return [
        Mention.model_validate(
            {
                "field": field,
                "start": text.index(name),
                "end": text.index(name) + len(name),
                "actor": actor,
                "alias": name,
                "kind": AliasKind.NAME,
            }
        )
        for name, actor in NAMES.items()
        if name in text
    ]


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Every full stop ends a passage."""
    spans, start = [], 0
    for piece in text.split(". "):
        end = min(start + len(piece) + 1, len(text))
        spans.append((start, end))
        start = end + 1
    return tuple(spans)


def arrival(
    key: str,
    text: str,
    *,
    title: str = "",
    n: int = 1,
    published: datetime | None = None,
    facts: Sequence[FoundFact] = (),
    sources: Sequence[str] = ("jpost.com",),
    audience: str = EVERYWHERE,
    workspace: str = LOCAL,
    first_seen: datetime = NOW,
    publisher: str | None = None,
    reader: str = "1",
) -> Arrival:
    """An article of one text, with its names found and cut at full stops."""
    return Arrival(
        article=Article(
            workspace=workspace,
            id=key,
            identity=f"https://news.example/{key}",
            audience=audience,
            publisher=publisher,
            published=published,
            published_precision="day" if published else None,
            first_seen=first_seen,
        ),
        revision=Revision(
            workspace=workspace,
            article=key,
            n=n,
            title=title,
            text=text,
            sha256=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
            seen_at=NOW,
        ),
        reading=Reading(
            reader_version=reader,
            gazetteer_version="g",
            passages=sentences(text),
            mentions=tuple(mentions(text) + mentions(title, "title")),
            facts=tuple(facts),
        ),
        sources=tuple(sources),
    )
