"""dragoman read: what reading finds in a text, without storing anything."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.batch import Row, answered
from bot.cli.common import in_words, of_workspace, open_desk
from bot.errors import BadQuery, BadRecord
from bot.match.provisional import newcomers
from bot.settings import load_settings

if TYPE_CHECKING:
    from bot.match.actors import ActorIndex
    from bot.models import FoundFact, Mention, Reading
    from bot.read.pool import ReaderPool

Read = Callable[[str, str, datetime | None], "Reading"]
"""Reads a title, a text and its date in a process with a limit of time; raises BadRecord."""


@click.command()
@click.argument("path", required=False)
@click.option("--batch", metavar="FILE.jsonl", help="Read every line of a file; - is stdin.")
@click.option("--date", help="When the text was published, such as 2024-03-05.")
@of_workspace
@in_words
def read(path: str | None, batch: str | None, date: str | None, workspace: str) -> None:
    """Show which actors and facts are found in a file; nothing of it is stored.

    With --batch, lines {"id", "text", "date", "title"} become lines {"id", "mentions",
    "facts": [{"source_actor", "source_words", "class", "target_actor", "target_words", "status",
    "claimant", "claimant_words", "date", "precision", "place", "probability", "quote", "field",
    "start", "end"}]}. Spans are code points into the text or the title; "source_words" are the
    quote's for who acts, "target_words" for whom it is done to or what it is about,
    "claimant_words" for who says so, where that is nobody known; "probability" is how likely the
    fact is read right; date and title may be left out.
    "introduced" are those whom no list has: facts name them by the "actor" given there. A line
    that cannot be used is reported by its number, the others are read, and the exit status is 1.
    """
    if (path is None) == (batch is None):
        raise click.UsageError("Name a file to read, or one of many texts with --batch.")
    now = datetime.now(UTC)
    with open_desk(load_settings()) as desk:
        desk.catch_up()
        index = desk.actors(workspace)
        reading = _limited(desk.readers(workspace))
        if batch is not None:
            sys.exit(answered(batch, "text", lambda row: _told(row, reading, index, date, now)))
        sys.exit(_shown(str(path), reading, index, date, now))


def _limited(readers: ReaderPool) -> Read:
    from bot.read.pool import Unread
    from bot.read.reading import Page

    def reading(title: str, text: str, published: datetime | None) -> Reading:
        [found] = readers.read([Page(title, text, published)])
        if isinstance(found, Unread):
            raise BadRecord(f"{found.reason[:1].upper()}{found.reason[1:]}.", about="text")
        return found

    return reading


def _shown(path: str, reading: Read, index: ActorIndex, date: str | None, now: datetime) -> int:
    """Print the reading of every article of a file in words; returns the exit status."""
    from bot.gather.files import Defaults, drafts
    from bot.gather.records import Rejected

    failed = 0
    stdin = sys.stdin.buffer
    for draft in drafts([path], defaults=Defaults(date=date), now=now, stdin=stdin):
        if isinstance(draft, Rejected):
            click.echo(f"{draft.origin}: {draft.reason}", err=True)
            failed = 1
            continue
        try:
            found = reading(draft.title, draft.text, draft.published)
        except BadRecord as error:
            click.echo(f"{draft.origin}: {error.message}", err=True)
            failed = 1
            continue
        click.echo(_in_words(draft.title, found, _with(index, found)))
    return failed


def _told(row: Row, reading: Read, index: ActorIndex, date: str | None, now: datetime) -> Row:
    title, on = row.get("title") or "", row.get("date") or date
    if not isinstance(title, str) or not (on is None or isinstance(on, str)):
        raise BadQuery('"title" and "date" must be text, or be left out.', about="line")
    found = reading(title, row["text"], _instant(on, now) if on else None)
    words = {"title": title, "text": row["text"]}
    known = _with(index, found)
    return {
        "mentions": [_mention(one, words[one.field], index) for one in found.mentions],
        "introduced": [
            {"actor": one.id, **new.model_dump()}
            for one, new in zip(newcomers(found.introduced), found.introduced, strict=True)
        ],
        "facts": [_fact(one, known) for one in found.facts],
    }


def _with(index: ActorIndex, found: Reading) -> ActorIndex:
    """Return an index that knows by id those whom a text introduces."""
    return index.beside(newcomers(found.introduced)) if found.introduced else index


def _instant(text: str, now: datetime) -> datetime:
    from bot.gather.dates import published

    try:
        return published(text, now=now)[0]
    except ValueError as error:
        raise BadRecord(f"date is {error}.", about="date") from error


def _mention(one: Mention, words: str, index: ActorIndex) -> dict[str, Any]:
    known = index.get(one.actor)
    return {
        "actor": one.actor,
        "name": index.name(one.actor),
        "type": known.type.value if known else None,
        "iso3": index.iso3(one.actor),
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "text": words[one.start : one.end],
    }


def _fact(one: FoundFact, index: ActorIndex) -> dict[str, Any]:
    """Lay out a fact with the first place where it stands; ``evidence`` has them all."""
    first = one.evidence[0]
    return {
        "source_actor": one.source_actor or None,
        "source_iso3": index.iso3(one.source_actor) if one.source_actor else None,
        "source_words": one.source_words,
        "class": one.event_class.value,
        "act": one.act,
        "target_actor": one.target_actor,
        "target_iso3": index.iso3(one.target_actor) if one.target_actor else None,
        "target_words": one.target_words,
        "status": one.status.value,
        "claimant": one.claimant,
        "claimant_words": one.claimant_words,
        "date": one.event_date.isoformat() if one.event_date else None,
        "precision": one.date_precision,
        "place": one.place,
        "probability": one.probability,
        **first.model_dump(include={"quote", "field", "start", "end"}),
        "evidence": [piece.model_dump() for piece in one.evidence],
    }


def _in_words(title: str, found: Reading, index: ActorIndex) -> str:
    lines = [title] if title else []
    names = dict.fromkeys(index.name(one.actor) for one in found.mentions)
    lines.append(f"Actors: {', '.join(names) or 'none known'}")
    if found.introduced:
        lines.append(f"Introduces: {', '.join(one.name for one in found.introduced)}")
    if not found.facts:
        lines.append("No fact is stated plainly enough to be kept.")
    for fact in found.facts:
        whom = index.name(fact.target_actor) if fact.target_actor else ""
        if fact.target_words:
            whom = f"“{' '.join(fact.target_words.split())}”"
        target = f" → {whom}" if whom else ""
        said = [f"{fact.status}"]
        if fact.claimant:
            said.append(f"says {index.name(fact.claimant)}")
        elif fact.claimant_words:
            said.append(f"says “{' '.join(fact.claimant_words.split())}”")
        said.append(fact.event_date.isoformat() if fact.event_date else "undated")
        if fact.place:
            said.append(f"in {index.name(fact.place)}")
        who = index.name(fact.source_actor) if fact.source_actor else "Somebody"
        if fact.source_words:
            who = f"“{' '.join(fact.source_words.split())}”"
        acted = f"{who} – {fact.event_class} ({fact.act}){target}"
        said.append(f"probability {fact.probability:.2f}")
        lines.append(f"{acted}: {', '.join(said)}")
        lines += [f"  “{' '.join(piece.quote.split())}”" for piece in fact.evidence]
    return "\n".join(lines)
