"""Ids derived from content, so that the same thing is never stored twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from bot.models import FoundFact

_UNIT = "\x1f"  # keeps ("ab", "c") apart from ("a", "bc")


def _digest(*parts: str) -> str:
    return hashlib.sha256(_UNIT.join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=4096)
def publisher_key(name: str) -> str:
    """Fold the spellings of one publisher, so that it counts once.

    Case, runs of blanks, a leading "the " or "www." and a trailing ".com" do not count:
    ``The Reuters``, ``reuters.com`` and ``www.Reuters.com`` are one publisher. A domain and a
    name that differ in more than that (jpost.com, The Jerusalem Post) stay two.
    """
    folded = " ".join(name.casefold().split())
    key = folded.removeprefix("www.").removeprefix("the ").removesuffix(".com").strip()
    return key or folded


@lru_cache(maxsize=256)
def _versions(reader_version: str, gazetteer_version: str) -> str:
    return _digest(reader_version, gazetteer_version)[:12]


def reading_id(article: str, revision: int, reader_version: str, gazetteer_version: str) -> str:
    """Return the id of a reading: of one revision by one reader with one gazetteer."""
    return f"{article}.{revision}.{_versions(reader_version, gazetteer_version)}"


def fact_id(article: str, fact: FoundFact) -> str:
    """Return the id of a fact, from its content and its quotes, not from their position.

    An edit that moves a sentence does not change its fact. The article's id, a full stop
    and 16 hex digits: ``article_of`` parses it.
    """
    digest = _digest(
        fact.event_class.value,
        fact.source_actor,
        fact.target_actor or "",
        fact.status.value,
        fact.claimant or "",
        fact.event_date.isoformat() if fact.event_date else "",
        fact.place or "",
        *(piece.quote for piece in fact.evidence),
        *([fact.target_words] if fact.target_words else ()),
        *(["does", fact.source_words] if fact.source_words else ()),
        *(["says", fact.claimant_words] if fact.claimant_words else ()),
    )
    return f"{article}.{digest[:16]}"


def article_of(fact: str) -> str:
    """Return the article in a fact's id."""
    return fact.rpartition(".")[0]


def story_id(article: str, n: int) -> str:
    """Return the id of the ``n``-th story (from 0) that an article begins; 10 hex digits."""
    return _digest("story", article, str(n))[:10]


def reply_id(workspace: str, surface: str, request: str) -> str:
    """Return the id of a request's only reply; 32 hex digits."""
    return _digest(workspace, surface, request)[:32]


def asked_id(do: str, query: str, as_of: str, meant: Sequence[tuple[str, str]]) -> str:
    """Return the id of a reply, from question, time and actors understood; 32 hex digits."""
    return _digest(do, query, as_of, *chain.from_iterable(meant))[:32]


def tenure_id(office: str, person: str, since: str) -> str:
    """Return the id of a tenure; 32 hex digits."""
    return _digest(office, person, since)[:32]
