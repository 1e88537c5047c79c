"""An arrival, checked and laid out as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bot.errors import BadEvidence, StoreError
from bot.match.provisional import introduced_as, named
from bot.models import Arrival, FoundFact
from bot.store.keys import fact_id, publisher_key, reading_id

Row = dict[str, Any]


@dataclass
class Rows:
    """The rows of one wave, table by table."""

    articles: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    readings: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)


def check(arrival: Arrival) -> None:
    """Raise BadEvidence unless every span lies in its text and every quote is verbatim."""
    about = arrival.article.id
    if (arrival.revision.workspace, arrival.revision.article) != (arrival.article.workspace, about):
        raise StoreError(f"The words of article {about} belong to another article.", about=about)
    words = {"title": arrival.revision.title, "text": arrival.revision.text}
    found = arrival.reading
    for piece in found.mentions:
        if not piece.start < piece.end <= len(words[piece.field]):
            raise BadEvidence(
                f"A mention of {piece.actor} lies outside the {piece.field} of article {about}.",
                about=about,
            )
    for new in found.introduced:
        if any(not span.start < span.end <= len(words[span.field]) for span in new.spans):
            raise BadEvidence(f"{new.name} stands outside of article {about}.", about=about)
    numbers = {introduced_as(one) for fact in found.facts for one in named(fact)} - {None}
    if not numbers <= set(range(len(found.introduced))):
        raise BadEvidence(f"A fact of article {about} is about nobody introduced.", about=about)
    for start, end in found.passages:
        if not 0 <= start < end <= len(words["text"]):
            raise BadEvidence(f"A passage lies outside the text of article {about}.", about=about)
    for stated in found.facts:
        _check_words(stated, about)
        for proof in stated.evidence:
            if words[proof.field][proof.start : proof.end] != proof.quote:
                raise BadEvidence(
                    f"A quote is not verbatim in the {proof.field} of article {about} "
                    f"at {proof.start}: {proof.quote[:60]!r}.",
                    about=about,
                )


def _check_words(stated: FoundFact, about: str) -> None:
    for told in filter(None, (stated.source_words, stated.target_words, stated.claimant_words)):
        if not any(told in proof.quote for proof in stated.evidence):
            raise BadEvidence(
                f"No evidence of article {about} has the words {told[:60]!r}.", about=about
            )


def collect(rows: Rows, arrival: Arrival) -> None:
    """Lay out one arrival, with the words it brings and what was read from them."""
    one, words = arrival.article, arrival.revision
    w, key = one.workspace, one.id
    rows.articles.append(
        {
            "workspace": w,
            "id": key,
            "audience": one.audience,
            "identity": one.identity,
            "external_id": one.external_id,
            "url": one.url,
            "publisher": one.publisher,
            "original_source": one.original_source or arrival.reading.original_source,
            "published": one.published,
            "published_precision": one.published_precision,
            "first_seen": one.first_seen,
            "tombstoned_at": one.tombstoned_at,
            "author": one.author,
            "modified": one.modified,
            "language": one.language or arrival.reading.language,
        }
    )
    rows.revisions.append(
        {
            "workspace": w,
            "article": key,
            "n": words.n,
            "sha256": words.sha256,
            "seen_at": words.seen_at,
            "title": words.title,
            "text": words.text,
        }
    )
    folded: dict[str, str] = {}
    for name in arrival.sources:
        folded.setdefault(publisher_key(name), name)
    rows.sources += [
        {"workspace": w, "article": key, "key": one_key, "n": n, "name": name}
        for n, (one_key, name) in enumerate(folded.items())
    ]
    _collect_reading(rows, arrival)


def _collect_reading(rows: Rows, arrival: Arrival) -> None:
    words, found = arrival.revision, arrival.reading
    w, key = arrival.article.workspace, arrival.article.id
    named = reading_id(key, words.n, found.reader_version, found.gazetteer_version)
    rows.readings.append(
        {
            "workspace": w,
            "id": named,
            "article": key,
            "revision": words.n,
            "reader_version": found.reader_version,
            "gazetteer_version": found.gazetteer_version,
            "passages": json.dumps(found.passages, separators=(",", ":")),
            "superseded_at": None,
        }
    )
    rows.mentions += [
        {
            "workspace": w,
            "article": key,
            "field": piece.field,
            "start": piece.start,
            "end": piece.end,
            "actor": piece.actor,
            "alias": piece.alias,
            "kind": piece.kind.value,
        }
        for piece in found.mentions
    ]
    for stated in found.facts:
        _collect_fact(rows, arrival, stated, named)


def _collect_fact(rows: Rows, arrival: Arrival, stated: FoundFact, named: str) -> None:
    w, key = arrival.article.workspace, arrival.article.id
    identity = fact_id(key, stated)
    rows.facts.append(
        {
            "workspace": w,
            "id": identity,
            "article": key,
            "reading": named,
            "source_actor": stated.source_actor,
            "source_words": stated.source_words,
            "class": stated.event_class.value,
            "act": stated.act,
            "target_actor": stated.target_actor,
            "target_words": stated.target_words,
            "status": stated.status.value,
            "claimant": stated.claimant,
            "claimant_words": stated.claimant_words,
            "event_date": stated.event_date,
            "day": stated.event_date or _day(arrival.article.published),
            "precision": stated.date_precision,
            "place": stated.place,
            "happening": identity,  # its own, until another is found that tells the same
            "retired_at": None,
            "source_for": stated.source_for or stated.source_actor,
            "target_for": stated.target_for or stated.target_actor or "",
        }
    )
    rows.evidence += [
        {
            "workspace": w,
            "fact": identity,
            "article": key,
            "revision": arrival.revision.n,
            "field": proof.field,
            "start": proof.start,
            "end": proof.end,
            "quote": proof.quote,
        }
        for proof in stated.evidence
    ]


def _day(published: datetime | None) -> date | None:
    return published.astimezone(UTC).date() if published else None
