"""Stored facts as rows of a file, and facts marked wrong as labels for training."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from bot.answer.library import Library
from bot.answer.lines import places_in, proofs_of
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.lookup import verdict
from bot.match.provisional import key_of
from bot.match.query import in_phrase
from bot.models import EventClass, Evidence, Fact, Model, Period, Status, WrongFact
from bot.store.articles import Stored
from bot.text.sentences import sentences

MOST_EXPORTED = 50_000
"""The most facts of one export, the newest."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters of cells that a spreadsheet would execute; see OWASP, *CSV Injection*."""


class ExportedFact(Model):
    """One fact with its first piece of evidence; names are display names, days ISO 8601.

    ``source_words`` are the quote's words for the source, if ``source`` is empty; ``target_words``
    those for the target or the topic, if ``target`` is no known actor; and
    ``claimant_words`` those for the claimant, if ``claimant`` is empty.
    ``sources`` counts the independent sources of its event that the asker may see;
    ``happening`` is the same for facts about the same event. Spans are code points.
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


def actor_ids(library: Library, text: str) -> frozenset[str]:
    """Return all ids of the actor that a text names; raise BadQuery if that is unsure."""
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
    nearest = "; ".join(f"{name} ({actor})" for name, actor in near[:4])
    problem = "may be several actors" if new or found else "is not a known actor"
    advice = f"give a full name or an id. Nearest: {nearest}."
    raise BadQuery(f"“{text}” {problem}: {advice}", about=text)


def facts_about(
    library: Library,
    groups: Sequence[Collection[str]],
    *,
    classes: Collection[EventClass] = (),
    statuses: Collection[Status] = (),
    period: Period | None = None,
    undated: bool | None = None,
    most: int = MOST_EXPORTED,
) -> list[Fact]:
    """Return live facts that the asker may see with a role for an actor of each group.

    Newest first, out of the ``most`` newest of the first group; with a period only dated ones
    (``undated`` as for the store).
    """
    found = library.facts(
        period,
        actors=groups[0] if groups else None,
        classes=classes or None,
        undated=undated,
        limit=most,
    )
    return matching(found, groups[1:], statuses)


def matching(
    facts: Iterable[Fact], groups: Sequence[Collection[str]], statuses: Collection[Status]
) -> list[Fact]:
    """Keep facts of some statuses, if any are given, in which an actor of each group has a role."""
    return [
        fact
        for fact in facts
        if (not statuses or fact.status in statuses)
        and all({*fact.sides, fact.claimant} & set(group) for group in groups)
    ]


def export_rows(library: Library, facts: Sequence[Fact]) -> list[ExportedFact]:
    """Turn facts with evidence into rows, in the order given; facts without any are left out."""
    first = [(fact, fact.evidence[0]) for fact in facts if fact.evidence]
    articles = library.articles({proof.article for _, proof in first})
    sources = source_totals(library, [fact for fact, _ in first])
    return [
        _row(library, fact, proof, articles[proof.article], sources[fact.id])
        for fact, proof in first
        if proof.article in articles
    ]


def source_totals(library: Library, facts: Sequence[Fact]) -> dict[str, int]:
    """Count the independent sources of each fact's event that the asker may see, by fact id."""
    found = library.store.events.sources(
        library.workspace, library.audiences, set(map(_name, facts)), library.as_of
    )
    return {fact.id: max(len(found.get(_name(fact), ())), 1) for fact in facts}


def as_csv(rows: Sequence[ExportedFact]) -> str:
    """Format rows as CSV with a header; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["class" if key == "event_class" else key for key in ExportedFact.model_fields])
    writer.writerows([_cell(value) for _, value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULAS) else text


def _name(fact: Fact) -> str:
    return fact.happening or fact.id


def _row(
    library: Library, fact: Fact, proof: Evidence, stored: Stored, sources: int
) -> ExportedFact:
    article = stored.article

    def named(actor: str | None) -> str:
        return library.actors.name(actor) if actor else ""

    return ExportedFact(
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
        sources=sources,
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


# --- facts marked wrong -------------------------------------------------------------------


def wrong_label(mark: WrongFact, actors: ActorIndex) -> dict[str, Any]:
    """Return a fact marked wrong as a label: its sentence, and the fact by words of the sentence.

    ``python -m seeds.build_reader_scores --feedback`` reads these labels.
    """
    fact = mark.fact
    proof = proofs_of(fact, actors)[0]
    sentence, start = _sentence(mark, proof)
    places = places_in(sentence, fact, actors)
    words = {role: [sentence[slice(*one)] for one in getattr(places, role)] for role in _ROLES}
    return {
        "article": mark.external_id or proof.article,
        "revision": proof.revision,
        "field": proof.field,
        "start": start,
        "sentence": sentence,
        "trigger": "".join(words["act"][:1]),
        "class": fact.event_class.value,
        "status": fact.status.value,
        "source": words["source"],
        "target": words["target"],
        "right": False,
        "fault": mark.fault,
    }


_ROLES = ("act", "source", "target")


def _sentence(mark: WrongFact, proof: Evidence) -> tuple[str, int]:
    """Return the whole sentence of a piece of evidence, and its offset; only the quote is left of
    a thinned text."""
    if proof.field == "title" or mark.text[proof.start : proof.end] != proof.quote:
        return proof.quote, proof.start
    spans = sentences(mark.text)
    within = [span for span in spans if span[0] < proof.end and proof.start < span[1]]
    if not within:
        return proof.quote, proof.start
    start = within[0][0]
    return mark.text[start : within[-1][1]], start
