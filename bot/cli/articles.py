"""dragoman ingest, read, remove and thin: articles in and out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from bot.cli.common import Row, answered, in_words, of_workspace, open_desk, print_json
from bot.errors import BadQuery, BadRecord, SettingsError
from bot.match.provisional import newcomers
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.gather.formats import Amount
    from bot.gather.records import Defaults, Rejected
    from bot.ingest import Report
    from bot.match.actors import ActorIndex
    from bot.models import Draft, FoundFact, Mention, Reading
    from bot.read.pool import ReaderPool


SHOWN_REJECTIONS = 20
ARTICLES_LEFT = "What was stored stays; run the same command again to read the rest."
FACTS_LEFT = (
    "All articles are stored and can be found; `dragoman serve`, or the same command again, reads"
    " the facts that are missing."
)
"""The message about unread facts after Ctrl-C."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, by the convention of shells: 128 plus the signal's number."""


_ENCODED = 500
"""The articles per batch of vectors, a few seconds' work."""


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--date", help="Date of articles without one, such as 2024-03-05.")
@click.option("--publisher", help="Publisher of articles without one.")
@click.option("--url", help="Link of the article, if it has none.")
@click.option("--seeds", is_flag=True, help="Also read the notes that come with Dragoman.")
@click.option(
    "--facts-later",
    is_flag=True,
    help="Store the articles now; `dragoman serve` reads their facts.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@of_workspace
@in_words
def ingest(
    paths: tuple[str, ...],
    date: str | None,
    publisher: str | None,
    url: str | None,
    seeds: bool,
    facts_later: bool,
    as_json: bool,
    workspace: str,
) -> None:
    """Read articles from files, folders, links (https://…), or - for standard input.

    Web pages, PDF, plain text, Markdown with front matter, JSON and JSONL, each also gzipped.
    Running it twice adds nothing; an edited article becomes a revision. To add a missing
    date, publisher or link, read the same file again with it.
    """
    from bot.gather.formats import Amount, size_of
    from bot.gather.records import Defaults

    if not paths and not seeds:
        raise click.UsageError(
            "Name a file, folder or link to read, - for standard input, or --seeds."
        )
    now = datetime.now(UTC)
    settings = load_settings()
    facts_progress = _FactsProgress(shown=not as_json and sys.stderr.isatty())
    how: dict[str, Any] = {"now": now, "workspace": workspace}
    how |= {"facts_later": facts_later, "facts_progress": facts_progress}
    with _interruptible(facts_progress), open_desk(settings) as desk:
        reports = []
        if seeds:
            reports.append(desk.ingest_seeds(**how))
        if paths:
            defaults = Defaults(date=date, publisher=publisher, url=url)
            amount = Amount(size_of(paths))
            found = _drafts(paths, defaults, now, settings, amount)
            with _progress(as_json, amount) as progress:
                reports.append(desk.ingest(found, progress=progress, **how))
        desk.embed_some(_ENCODED)
        waiting = desk.waiting(workspace).facts
    _print_reports(reports, as_json, waiting)
    if not any(report.read for report in reports):
        sys.exit(1)


def _drafts(
    paths: Sequence[str], defaults: Defaults, now: datetime, settings: Settings, amount: Amount
) -> Iterator[Draft | Rejected]:
    if not any(path.lower().startswith(("http://", "https://")) for path in paths):
        from bot.gather.files import drafts

        return drafts(
            paths,
            defaults=defaults,
            now=now,
            stdin=_standard_input(),
            workers=settings.dragoman_workers,
            amount=amount,
        )
    # The HTTP client takes a while to import, and reading files does not need it.
    from bot.feeds.drafting import gathered
    from bot.gather.fetch import Fetcher

    return gathered(
        paths,
        Fetcher.from_settings(settings),
        defaults=defaults,
        now=now,
        stdin=_standard_input(),
        workers=settings.dragoman_workers,
        amount=amount,
    )


def _standard_input() -> BinaryIO | None:
    """Return standard input; None if the caller has closed it."""
    return sys.stdin.buffer if sys.stdin is not None else None


class _FactsProgress:
    """Prints how many articles have their facts, once reading of facts has begun."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self.begun = False

    def __call__(self, done: int, total: int) -> None:
        self.begun = True
        if self._shown:
            end = "\n" if done == total else ""
            click.echo(f"\rReading facts: {done:,} of {total:,}{end}", nl=False, err=True)


@contextmanager
def _interruptible(facts: _FactsProgress) -> Iterator[None]:
    """Print what is left to do after Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"Stopped. {FACTS_LEFT if facts.begun else ARTICLES_LEFT}", err=True)
        sys.exit(INTERRUPTED)


@contextmanager
def _progress(as_json: bool, amount: Amount) -> Iterator[Callable[[Report], None] | None]:
    if as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Reading"),
        BarColumn(),
        TextColumn("{task.percentage:.0f}%" if amount.total else ""),
        TextColumn("{task.fields[articles]:,.0f} articles, {task.fields[speed]:,.0f} a second"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=amount.total or None, articles=0, speed=0.0)

        def show(report: Report) -> None:
            elapsed = bar.tasks[0].elapsed or 1.0
            speed = report.settled / elapsed
            # Some of the batches read so far are not stored yet.
            done = amount.read * report.settled / max(report.read, 1)
            bar.update(task, completed=done, articles=report.settled, speed=speed)

        yield show


def _print_reports(reports: list[Report], as_json: bool, waiting: int) -> None:
    keys = ("read", "new", "unchanged", "revised", "reread", "removed", "rejected", "facts")
    total: dict[str, Any] = {key: sum(getattr(report, key) for report in reports) for key in keys}
    rejections = [one for report in reports for one in report.rejections]
    languages = sum((report.languages for report in reports), Counter[str]())
    if as_json:
        total["waiting_for_facts"] = waiting
        total["languages"] = dict(languages)
        total["rejections"] = [one.model_dump() for one in rejections]
        print_json(total)
        return
    click.echo(
        f"{total['read']:,} read: {total['new']:,} new, {total['unchanged']:,} unchanged, "
        f"{total['revised']:,} revised; {total['facts']:,} facts. {total['rejected']:,} rejected."
    )
    if waiting:
        click.echo(f"Articles whose facts are read later, by `dragoman serve`: {waiting:,}.")
    if total["removed"]:
        click.echo(
            f"{total['removed']:,} stay removed: `dragoman remove --undo` puts them back, `dragoman"
            " sources trust` those of a source that was removed."
        )
    if languages:
        from bot.text.language import name_of

        named = ", ".join(f"{name_of(one)} {n:,}" for one, n in languages.most_common())
        click.echo(f"Searchable, but facts are not read in these languages yet: {named}.")
    for one in rejections[:SHOWN_REJECTIONS]:
        click.echo(f"  {one.origin}: {one.reason}", err=True)
    if len(rejections) > SHOWN_REJECTIONS:
        click.echo(f"  and {total['rejected'] - SHOWN_REJECTIONS:,} more (--json)", err=True)


Read = Callable[[str, str, datetime | None], "Reading"]
"""Reads a title, a text and its date in a process with a timeout; raises BadRecord."""


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
            sys.exit(answered(batch, "text", lambda row: _as_row(row, reading, index, date, now)))
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
    """Print the reading of every article of a file in words; return the exit status."""
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


def _as_row(row: Row, reading: Read, index: ActorIndex, date: str | None, now: datetime) -> Row:
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
    """Return an index that also knows the actors that a text introduces, by id."""
    return index.with_others(newcomers(found.introduced)) if found.introduced else index


def _instant(text: str, now: datetime) -> datetime:
    from bot.gather.records import published

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
    """Turn a fact into a row with its first piece of evidence; ``evidence`` has them all."""
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
        target = index.name(fact.target_actor) if fact.target_actor else ""
        if fact.target_words:
            target = f"“{' '.join(fact.target_words.split())}”"
        arrow = f" → {target}" if target else ""
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
        acted = f"{who} – {fact.event_class} ({fact.act}){arrow}"
        said.append(f"probability {fact.probability:.2f}")
        lines.append(f"{acted}: {', '.join(said)}")
        lines += [f"  “{' '.join(piece.quote.split())}”" for piece in fact.evidence]
    return "\n".join(lines)


@click.command()
@click.argument("named", metavar="URL|FILE|ID…", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Put back what was removed.")
@of_workspace
@click.option("--json", "as_json", is_flag=True, help="Print the articles as JSON lines.")
@in_words
def remove(named: tuple[str, ...], undo: bool, workspace: str, as_json: bool) -> None:
    """Remove articles by link, file or id, until --undo puts them back.

    They stay out even if a feed, an AMP page or another link offers them again.
    """
    from bot.curation import removing

    now = datetime.now(UTC)
    with open_desk(load_settings()) as desk:
        for what in named:
            if undo:
                done = removing.restore(desk.store, desk.care, workspace, what, now)
            else:
                done = removing.remove(desk.store, workspace, what, now)
            desk.catch_up()
            for one in done:
                words = removing.in_words(one.article, one.revision.title)
                if as_json:
                    row = {"article": one.article.id, "url": one.article.url, "removed": not undo}
                    print_json(row)
                elif undo:
                    click.echo(f"Put back: {words}. It was read again.")
                else:
                    click.echo(
                        f"Removed: {words}. It stays out, whatever link or id it comes under."
                    )


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many there are.")
@click.option(
    "--days",
    type=click.IntRange(1, 36500),
    help="Days that a text is kept, in place of DRAGOMAN_KEEP_DAYS.",
)
@in_words
def thin(dry_run: bool, days: int | None) -> None:
    """Thin the texts that came more than DRAGOMAN_KEEP_DAYS ago, as `serve` does.

    Titles, links, facts and quoted passages stay. A thinned text never comes back, even if the
    article is read again.
    """
    from bot.answer.formatting import count
    from bot.retention import cutoff, thin_all

    settings, now = load_settings(), datetime.now(UTC)
    kept = days or settings.dragoman_keep_days
    if not kept:
        raise SettingsError(
            "DRAGOMAN_KEEP_DAYS is 0, which keeps every text: set it, or say --days N.",
            about="DRAGOMAN_KEEP_DAYS",
        )
    with open_desk(settings) as desk:
        texts, characters = desk.store.thinning.due(cutoff(now, kept))
        if dry_run:
            old = count(kept, "day")
            click.echo(f"Texts that came over {old} ago: {texts:,}, {characters:,} letters.")
            return
        done = thin_all(desk.store, now, kept)
        desk.catch_up()
    click.echo(f"Texts thinned: {done:,}.")
