"""Import lists of actors: streamed, a batch at a time, with the rejected lines reported."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from bot.curation import ftm, tables
from bot.curation.rows import BadRow, Held, Hidden, Merged, Named, Row
from bot.errors import UnreadableFile
from bot.match.edits import slug
from bot.models import Actor, ActorType, TakeIn, Tenure
from bot.store.curation import EditResult
from bot.text.names import normalise

Form = Literal["csv", "ftm"]

BATCH = 500
REPORTED = 1_000
_FORMS: dict[str, Form] = {
    ".csv": "csv",
    ".json": "ftm",
    ".jsonl": "ftm",
    ".ndjson": "ftm",
    ".ijson": "ftm",
}


@dataclass
class ImportResult:
    """The result of an import: rows read, actors changed, and rejected lines.

    ``others`` counts entities that are not actors; ``names`` are texts that now name another
    actor; ``changes`` are the numbers of the changes in the log.
    """

    read: int = 0
    changed: int = 0
    rejected: int = 0
    others: int = 0
    rejections: list[BadRow] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)

    def reject(self, bad: BadRow) -> None:
        """Count a rejected row, and keep the reason unless there are very many."""
        self.rejected += 1
        if len(self.rejections) < REPORTED:
            self.rejections.append(bad)


class ListImport:
    """Imports a list into a workspace; ``apply`` stores a batch in one transaction."""

    def __init__(self, known: Iterable[Actor], apply: Callable[[TakeIn], EditResult]) -> None:
        """``known`` are the actors that tenures may refer to by name."""
        self._apply = apply
        self._ids: dict[ActorType, dict[str, str]] = {ActorType.PERSON: {}, ActorType.OFFICE: {}}
        for actor in known:
            self._note(actor)
        self.result = ImportResult()

    def run(
        self,
        rows: Iterator[Row | BadRow | None],
        progress: Callable[[ImportResult], None] | None = None,
    ) -> ImportResult:
        """Import all rows: actors as they come, tenures and merges when all actors exist."""
        later: list[Row] = []
        while some := list(islice(rows, BATCH)):
            now: list[Row] = []
            for row in some:
                self.result.read += 1
                if row is None:
                    self.result.others += 1
                elif isinstance(row, BadRow):
                    self.result.reject(row)
                elif isinstance(row.content, Held | Merged):
                    later.append(row)
                else:
                    now.append(row)
            self._import(now)
            if progress is not None:
                progress(self.result)
        for start in range(0, len(later), BATCH):
            self._import(later[start : start + BATCH])
        return self.result

    def _import(self, rows: list[Row]) -> None:
        batch: dict[str, list[object]] = {}
        lines: dict[tuple[str, int], int] = {}

        def put(what: str, value: object, line: int) -> None:
            lines[what, len(batch.setdefault(what, []))] = line
            batch[what].append(value)

        for line, content in rows:
            match content:
                case Actor():
                    put("actors", content, line)
                    self._note(content)
                case Named():
                    put("aliases", tuple(content), line)
                case Hidden():
                    put("hidden", tuple(content), line)
                case Merged():
                    put("merged", tuple(content), line)
                case Held():
                    for new in self._tenure(content, line, put):
                        put("actors", new, line)
        if batch:
            self._count(self._apply(TakeIn.model_validate(batch)), lines)

    def _count(self, done: EditResult, lines: dict[tuple[str, int], int]) -> None:
        for refusal in done.refused:
            self.result.reject(BadRow(lines[refusal.field, refusal.number], refusal.why))
        if done.change is not None:
            self.result.changed += len(done.change.after)
            self.result.changes.append(done.change.seq)
            self.result.actors.update(done.change.after)
        self.result.names += done.names

    def _tenure(
        self, held: Held, line: int, put: Callable[[str, object, int], None]
    ) -> Iterator[Actor]:
        """Add a tenure; an office or person given by name is found or created."""
        office, made = self._called(ActorType.OFFICE, held.office, held)
        if made is not None:
            yield made
        person, made = self._called(ActorType.PERSON, held.person, held)
        if made is not None:
            yield made
        tenure = Tenure(
            office=office, person=person, since=held.since, until=held.until, source=held.source
        )
        put("tenures", tenure, line)

    def _called(self, kind: ActorType, text: str, held: Held) -> tuple[str, Actor | None]:
        if ":" in text and " " not in text:
            return text, None
        if (known := self._ids[kind].get(normalise(text))) is not None:
            return known, None
        made = Actor(
            id=f"{kind.value}:{slug(text) or 'x'}",
            type=kind,
            name=text[:200],
            acts_for=held.acts_for if kind is ActorType.OFFICE else None,
            source=held.source,
        )
        self._note(made)
        return made.id, made

    def _note(self, actor: Actor) -> None:
        ids = self._ids.get(actor.type)
        if ids is not None:
            ids.setdefault(normalise(actor.name), actor.id)
            for alias in actor.aliases:
                ids.setdefault(normalise(alias.text), actor.id)


def form_of(path: Path) -> Form | None:
    """The format of a file, by its extension; None if that is unknown."""
    name = path.name.lower().removesuffix(".gz")
    return _FORMS.get(Path(name).suffix)


def rows(lines: IO[str], form: Form, source: str) -> Iterator[Row | BadRow | None]:
    """Read a list in either format."""
    return tables.read(lines, source) if form == "csv" else ftm.read(lines, source)


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """Open a list, gzipped or not; raises UnreadableFile. Bytes that are not UTF-8 fail by row."""
    try:
        if path.name.lower().endswith(".gz"):
            file: IO[str] = gzip.open(  # noqa: SIM115 - closed below
                path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline=""
            )
        else:
            file = path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        with file:
            yield file
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(f"{path} cannot be read: {reason}.", about=str(path)) from error
