"""Facts to take along: every stored fact asked for, with its quote and where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from datetime import date

from bot.answer.library import Library
from bot.errors import BadQuery
from bot.match.phrase import in_phrase
from bot.match.provisional import key_of
from bot.match.verdicts import verdict
from bot.models import EventClass, Evidence, Fact, Model, Period, Status
from bot.store.records import Stored

MOST = 50_000
"""Facts that one export looks at, the newest."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet would run; see OWASP, *CSV Injection*."""


class Exported(Model):
    """One fact with its first piece of evidence; names are display names, days ISO 8601.

    ``source_words`` are the quote's for who acts, where ``source`` is empty, ``target_words``
    those for whom it is done to or what it is about, where ``target`` is nobody known, and
    ``claimant_words`` those for who says so, where ``claimant`` is none.
    ``sources`` counts the independent sources of its happening that the asker may see;
    ``happening`` is the same for facts that tell the same. Spans are code points.
    """

    date: str
    precision: str
    source_actor: str
    source: str
    source_words: str
    event_class: str
    act: str
    target_actor: str
    target: str
    target_words: str
    status: str
    claimant: str
    claimant_words: str
    place: str
    quote: str
    publisher: str
    original_source: str
    url: str
    published: str
    title: str
    sources: int
    happening: str
    fact: str
    article: str
    revision: int
    field: str
    start: int
    end: int


def meant(library: Library, text: str) -> frozenset[str]:
    """All ids that count as the actor that a text names; raises BadQuery where that is unsure."""
    index = library.actors
    if index.get(text) is not None:
        return library.expand(text)
    found = in_phrase(index, text, library.today, 5)
    if verdict(found) == "sure":
        return library.expand(found[0].actor)
    new = library.store.introductions.named(library.workspace, library.audiences, [key_of(text)])
    if len(new) == 1:
        return library.expand(new[0].id)
    near = [(one.name, one.id) for one in new]
    near += [(one.name, one.actor) for one in found or ([] if new else index.nearest(text))]
    told = "; ".join(f"{name} ({actor})" for name, actor in near[:4])
    said = "may be several" if new or found else "is nobody known"
    raise BadQuery(f"“{text}” {said}: name one, or an id. Nearest: {told}.", about=text)


def facts_about(
    library: Library,
    groups: Sequence[Collection[str]],
    *,
    classes: Collection[EventClass] = (),
    statuses: Collection[Status] = (),
    period: Period | None = None,
    undated: bool | None = None,
) -> list[Fact]:
    """Live facts that the asker may see in which somebody of each group has a part.

    Newest first, of the newest MOST that name the first group; of a period, the dated only
    (``undated`` as for the store).
    """
    found = library.store.facts(
        library.workspace,
        library.audiences,
        actors=groups[0] if groups else None,
        classes=classes or None,
        since=period.start if period else None,
        until=period.end if period else None,
        as_of=library.as_of,
        undated=undated,
        limit=MOST,
    )
    return [
        fact
        for fact in found
        if (not statuses or fact.status in statuses)
        and all(_parts(fact) & set(group) for group in groups[1:])
    ]


def exported(library: Library, facts: Sequence[Fact]) -> list[Exported]:
    """Lay facts out with their evidence, in the order given; without any, a fact is left out."""
    first = [(fact, fact.evidence[0]) for fact in facts if fact.evidence]
    articles = library.articles({proof.article for _, proof in first})
    names = {fact.happening or fact.id for fact, _ in first}
    sources = library.store.happenings.sources(
        library.workspace, library.audiences, names, library.as_of
    )
    return [
        _row(library, fact, proof, articles[proof.article], len(sources.get(_name(fact), ())))
        for fact, proof in first
        if proof.article in articles
    ]


def as_csv(rows: Sequence[Exported]) -> str:
    """Rows as CSV with a header; no cell is one that a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["class" if key == "event_class" else key for key in Exported.model_fields])
    writer.writerows([_cell(value) for _, value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULAS) else text


def _name(fact: Fact) -> str:
    return fact.happening or fact.id


def _parts(fact: Fact) -> set[str]:
    return {one for one in (fact.source_actor, fact.target_actor, fact.claimant) if one}


def _row(library: Library, fact: Fact, proof: Evidence, stored: Stored, sources: int) -> Exported:
    article = stored.article

    def named(actor: str | None) -> str:
        return library.actors.name(actor) if actor else ""

    return Exported(
        date=_iso(fact.event_date),
        precision=fact.date_precision or "",
        source_actor=fact.source_actor,
        source=named(fact.source_actor),
        source_words=fact.source_words or "",
        event_class=fact.event_class.value,
        act=fact.act,
        target_actor=fact.target_actor or "",
        target=named(fact.target_actor),
        target_words=fact.target_words or "",
        status=fact.status.value,
        claimant=named(fact.claimant),
        claimant_words=fact.claimant_words or "",
        place=named(fact.place),
        quote=proof.quote,
        publisher=article.publisher or "",
        original_source=article.original_source or "",
        url=article.url or "",
        published=_iso(article.published.date() if article.published else None),
        title=stored.revision.title,
        sources=max(sources, 1),
        happening=_name(fact),
        fact=fact.id,
        article=article.external_id or article.id,
        revision=proof.revision,
        field=proof.field,
        start=proof.start,
        end=proof.end,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
