"""Lists of actors into the store: streamed, a batch at a time, what cannot be used reported."""

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
class Taken:
    """What became of a list: rows read, actors changed, and what was left out with its line.

    ``others`` counts entities that are no actors; ``names`` are texts that now name
    somebody else than before; ``changes`` are the numbers of the lines of the log.
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
        """Count a row that cannot be used, and keep why unless there are very many."""
        self.rejected += 1
        if len(self.rejections) < REPORTED:
            self.rejections.append(bad)


class Taking:
    """One list into one workspace; ``apply`` stores a batch in one transaction."""

    def __init__(self, known: Iterable[Actor], apply: Callable[[TakeIn], EditResult]) -> None:
        """``known`` are the actors that tenures may name by their names."""
        self._apply = apply
        self._ids: dict[ActorType, dict[str, str]] = {ActorType.PERSON: {}, ActorType.OFFICE: {}}
        for actor in known:
            self._note(actor)
        self.taken = Taken()

    def run(
        self,
        rows: Iterator[Row | BadRow | None],
        progress: Callable[[Taken], None] | None = None,
    ) -> Taken:
        """Take all rows in: actors as they come, tenures and merges when all are there."""
        later: list[Row] = []
        while some := list(islice(rows, BATCH)):
            now: list[Row] = []
            for row in some:
                self.taken.read += 1
                if row is None:
                    self.taken.others += 1
                elif isinstance(row, BadRow):
                    self.taken.reject(row)
                elif isinstance(row.says, Held | Merged):
                    later.append(row)
                else:
                    now.append(row)
            self._take(now)
            if progress is not None:
                progress(self.taken)
        for start in range(0, len(later), BATCH):
            self._take(later[start : start + BATCH])
        return self.taken

    def _take(self, rows: list[Row]) -> None:
        batch: dict[str, list[object]] = {}
        lines: dict[tuple[str, int], int] = {}

        def put(what: str, value: object, line: int) -> None:
            lines[what, len(batch.setdefault(what, []))] = line
            batch[what].append(value)

        for line, says in rows:
            match says:
                case Actor():
                    put("actors", says, line)
                    self._note(says)
                case Named():
                    put("aliases", tuple(says), line)
                case Hidden():
                    put("hidden", tuple(says), line)
                case Merged():
                    put("merged", tuple(says), line)
                case Held():
                    for new in self._tenure(says, line, put):
                        put("actors", new, line)
        if batch:
            self._count(self._apply(TakeIn.model_validate(batch)), lines)

    def _count(self, done: EditResult, lines: dict[tuple[str, int], int]) -> None:
        for refusal in done.refused:
            self.taken.reject(BadRow(lines[refusal.field, refusal.number], refusal.why))
        if done.change is not None:
            self.taken.changed += len(done.change.after)
            self.taken.changes.append(done.change.seq)
            self.taken.actors.update(done.change.after)
        self.taken.names += done.names

    def _tenure(
        self, held: Held, line: int, put: Callable[[str, object, int], None]
    ) -> Iterator[Actor]:
        """Put a tenure down; an office or person that only has a name is found or made."""
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
    """What a file is written in, by the end of its name; None where that does not tell."""
    name = path.name.lower().removesuffix(".gz")
    return _FORMS.get(Path(name).suffix)


def rows(lines: IO[str], form: Form, source: str) -> Iterator[Row | BadRow | None]:
    """Read a list in either form."""
    return tables.read(lines, source) if form == "csv" else ftm.read(lines, source)


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """Open a list, gzipped or not; raises UnreadableFile. What is not UTF-8 shows in its row."""
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
