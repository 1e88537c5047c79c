"""From drafts to the store: decided batch by batch, read in workers, committed in one place."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from bot.gather.intake import (
    Decision,
    Known,
    New,
    Revised,
    Tombstoned,
    Unchanged,
    article_of,
    decide,
)
from bot.gather.links import names, publisher_of
from bot.gather.records import Rejected, agency
from bot.models import Arrival, Draft, Reading, is_names_only
from bot.read.pool import FEW_CHARACTERS, ReaderPool, Unread
from bot.read.reading import READER_VERSION, Page
from bot.store.ids import publisher_key
from bot.store.store import Store
from bot.store.stories import IntakeSession
from bot.store.trust import is_withheld
from bot.telemetry import counts
from bot.text.language import is_other

BATCH = 500
"""Articles that are read together, ..."""

BATCH_CHARACTERS = 200_000
"""... or fewer where they are long."""

FEW = 3
"""Articles whose facts are read at once in any case, where they are short."""

_REPORTED = 1_000


@dataclass
class Report:
    """What became of an intake.

    ``revised`` are articles that came with other words, or with a date, publisher or link
    where none was known. ``undated`` are those of ``new`` that have no date.
    ``reread`` were unchanged, but read by an older reader. ``facts`` counts those read so far:
    of many articles names are read first, and facts follow from the backlog.
    ``languages`` counts, by ISO 639-1, the articles in those that facts are not read in.
    ``settled`` are those of ``read`` that need nothing more: reading is some batches ahead.
    """

    read: int = 0
    settled: int = 0
    new: int = 0
    undated: int = 0
    unchanged: int = 0
    revised: int = 0
    reread: int = 0
    removed: int = 0
    rejected: int = 0
    facts: int = 0
    rejections: list[Rejected] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)

    def reject(self, rejection: Rejected) -> None:
        """Count a rejection, and keep its reason unless there are very many."""
        self.rejected += 1
        if len(self.rejections) < _REPORTED:
            self.rejections.append(rejection)


@dataclass(frozen=True, slots=True)
class _Batch:
    """``waiting`` says by place which decisions are of words that are stored already, and wait for
    their facts; ``read`` is how many articles were read when it was decided on."""

    decisions: list[New | Revised]
    waiting: frozenset[int]
    read: int

    @property
    def characters(self) -> int:
        return sum(len(one.draft.text) for one in self.decisions)

    def pages(self, *, names_first: bool = False) -> list[Page]:
        """What is to be read. What was revised is read whole in any case: until its facts are
        there, its readers would get a correction that says so no longer."""
        return [
            Page(
                one.draft.title,
                one.draft.text,
                one.draft.published,
                facts=not names_first or isinstance(one, Revised),
            )
            for one in self.decisions
        ]


class Ingest:
    """One intake into one workspace and audience.

    With ``names_first``, of more than a few texts only names are read: the articles can be found
    then, and wait for their facts (``curation.backlog``).
    """

    def __init__(
        self,
        store: Store,
        readers: ReaderPool,
        gazetteer_version: str,
        *,
        workspace: str,
        audience: str,
        now: datetime,
        names_first: bool = False,
    ) -> None:
        """``now`` is when everything of this intake was first seen."""
        self._store = store
        self._readers = readers
        self._gazetteer_version = gazetteer_version
        self._workspace = workspace
        self._audience = audience
        self._now = now
        self._names_first = names_first
        self._ahead: dict[str, Known] = {}
        self._report = Report()
        self._session = IntakeSession()
        self._refused = store.sources.removed(workspace)

    def run(
        self, items: Iterable[Draft | Rejected], progress: Callable[[Report], None] | None = None
    ) -> Report:
        """Take everything in; what was committed before an error stays."""
        try:
            return self._run(items, progress)
        finally:
            became = ("new", "revised", "unchanged", "removed", "rejected")
            counts.count_intake({one: getattr(self._report, one) for one in became})

    def _run(
        self, items: Iterable[Draft | Rejected], progress: Callable[[Report], None] | None
    ) -> Report:
        source = iter(items)
        first = self._next(source)
        if first is None:
            return self._report
        second = self._next(source)
        if second is None and first.characters < FEW_CHARACTERS:
            names_first = self._names_first and len(first.decisions) > FEW
            first = self._without_waiting(first) if names_first else first
            self._commit(first, self._readers.read(first.pages(names_first=names_first)))
            self._report.settled = self._report.read
            return self._report
        waiting: deque[_Batch] = deque()

        def pages() -> Iterator[Sequence[Page]]:
            batch: _Batch | None = first
            later = second
            while batch is not None:
                if self._names_first:
                    batch = self._without_waiting(batch)
                waiting.append(batch)
                yield batch.pages(names_first=self._names_first)
                batch, later = (later, None) if later is not None else (self._next(source), None)

        for readings in self._readers.stream(pages()):
            batch = waiting.popleft()
            self._commit(batch, readings)
            self._report.settled = batch.read
            if progress is not None:
                progress(self._report)
        return self._report

    def _next(self, source: Iterator[Draft | Rejected]) -> _Batch | None:
        """Decide on the next batch; None at the end."""
        batch: list[Draft] = []
        characters = 0
        exhausted = True
        for item in islice(source, BATCH):
            exhausted = False
            if isinstance(item, Rejected):
                self._report.reject(item)
                continue
            publisher = item.publisher or publisher_of(item.url)
            if is_withheld(publisher, tuple(map(agency, item.cited)), self._refused):
                self._report.read += 1
                self._report.removed += 1
                continue
            batch.append(item)
            characters += len(item.text)
            if characters >= BATCH_CHARACTERS:
                break
        if exhausted:
            return None
        return self._decided(batch)

    def _without_waiting(self, batch: _Batch) -> _Batch:
        """Leave to the backlog what waits there already."""
        left = [one for at, one in enumerate(batch.decisions) if at not in batch.waiting]
        self._report.reread -= len(batch.waiting)
        return replace(batch, decisions=left, waiting=frozenset())

    def _decided(self, batch: Sequence[Draft]) -> _Batch:
        asked = {name for draft in batch for name in names(draft)}
        known = self._store.known(self._workspace, self._audience, asked)
        known.update({name: self._ahead[name] for name in asked if name in self._ahead})
        keep: list[New | Revised] = []
        waiting: set[int] = set()
        whose = {"workspace": self._workspace, "audience": self._audience}
        for decision in decide(batch, known, **whose, longer=self._longer(batch, known)):
            self._count(decision)
            if isinstance(decision, New | Revised):
                keep.append(decision)
                for name in (decision.identity, *decision.names):
                    # As in the store, a name stays with the article that had it first.
                    if name not in known or known[name].article == decision.article:
                        known[name] = self._ahead[name] = self._as_known(decision)
            elif isinstance(decision, Unchanged) and self._stale(
                known.get(decision.identity), decision.sha256
            ):
                self._report.reread += 1
                if is_names_only(known[decision.identity].reader_version):
                    waiting.add(len(keep))
                what = (decision.draft, decision.identity, decision.article, decision.sha256)
                n = known[decision.identity].n
                keep.append(Revised(*what, decision.names, decision.earlier, n))
        return _Batch(keep, frozenset(waiting), self._report.read)

    def _longer(self, batch: Sequence[Draft], known: Mapping[str, Known]) -> set[str]:
        """The articles of which more is stored than a partial draft tells."""
        lengths = {
            known[name].article: len(draft.text)
            for draft in batch
            if draft.partial
            for name in names(draft)
            if name in known
        }
        stored = self._store.articles(self._workspace, lengths) if lengths else {}
        return {
            key
            for key, one in stored.items()
            if one.thinned or len(one.revision.text) > lengths[key]
        }

    def _count(self, decision: Decision) -> None:
        self._report.read += 1
        match decision:
            case New():
                self._report.new += 1
                self._report.undated += decision.draft.published is None
            case Revised():
                self._report.revised += 1
            case Unchanged():
                self._report.unchanged += 1
            case Tombstoned():
                self._report.removed += 1

    def _as_known(self, decision: New | Revised) -> Known:
        return Known(
            article=decision.article,
            n=decision.n if isinstance(decision, Revised) else 1,
            sha256=decision.sha256,
            title=decision.draft.title,
            tombstoned=False,
            reader_version=READER_VERSION,
            gazetteer_version=self._gazetteer_version,
            url=decision.draft.url,
            publisher=decision.draft.publisher,
            published=decision.draft.published,
            published_precision=decision.draft.published_precision,
            earlier=decision.earlier,
        )

    def _stale(self, known: Known | None, sha256: str) -> bool:
        """Whether these are the newest words of a stored article, read by an older reader."""
        if known is None or known.thinned or known.sha256 != sha256:
            return False  # a text that was thinned stays so
        read_by = (known.reader_version, known.gazetteer_version)
        return read_by != (READER_VERSION, self._gazetteer_version)

    def _commit(self, batch: _Batch, readings: Sequence[Reading | Unread]) -> None:
        arrivals = []
        for decision, reading in zip(batch.decisions, readings, strict=True):
            # A later batch may be waiting with newer words of the same article.
            for name in {decision.identity, *decision.names}:
                if self._ahead.get(name) == self._as_known(decision):
                    del self._ahead[name]
            if isinstance(reading, Unread):
                self._report.reject(Rejected(origin=decision.draft.origin, reason=reading.reason))
                self._uncount(decision)
                counts.UNREAD.inc()
                continue
            self._report.facts += len(reading.facts)
            if reading.language is not None and is_other(reading.language):
                self._report.languages[reading.language] += 1
            arrivals.append(self._arrival(decision, reading))
        counts.FACTS.inc(sum(len(one.reading.facts) for one in arrivals))
        self._store.commit_in_batches(arrivals, now=self._now, session=self._session)

    def _uncount(self, decision: New | Revised) -> None:
        if isinstance(decision, New):
            self._report.new -= 1
            self._report.undated -= decision.draft.published is None
        else:
            self._report.revised -= 1

    def _arrival(self, decision: New | Revised, reading: Reading) -> Arrival:
        reading = unsigned(reading, decision.draft.publisher)
        originals = decision.draft.cited or tuple(filter(None, [reading.original_source]))
        article, revision = article_of(
            decision,
            now=self._now,
            workspace=self._workspace,
            audience=self._audience,
            originals=originals,
        )
        return Arrival(
            article=article,
            revision=revision,
            reading=reading,
            sources=tuple(dict.fromkeys(map(agency, originals)))
            or tuple(filter(None, [article.publisher])),
            names=decision.names,
        )


def unsigned(reading: Reading, publisher: str | None) -> Reading:
    """Return a reading that names no original source where that is the publisher itself.

    An agency signs what it publishes, too.
    """
    named = reading.original_source
    if named and publisher and publisher_key(named) == publisher_key(publisher):
        return reading.model_copy(update={"original_source": None})
    return reading
