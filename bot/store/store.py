"""The one Store: everything that Dragoman stores is written and read here.

Calls are synchronous and safe from any thread: writes queue for the one writer
connection, reads take one of a few reader connections for one short transaction, and see
one snapshot in it. In PostgreSQL the writers of all processes queue, and requests, polls and
posts are claimed and ended beside them (``_help``). What the database raises comes out as
StoreUnavailable (the same call may succeed later) or StoreError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Self

from sqlalchemy import Connection

from bot.gather.intake import Known
from bot.models import Actor, Arrival, Change, EventClass, Fact, Mention, Tenure
from bot.store import actors, engine, facts, writing
from bot.store.actors import has_seeds, seed_actors
from bot.store.articles import (
    ArticleNames,
    Backlog,
    Cited,
    Indexable,
    Stored,
    articles_by_id,
    articles_total,
    cited_articles,
    indexable_articles,
    known_articles,
    mentions_in,
    record_names,
    source_counts,
)
from bot.store.changes import changes_after, last_seq, name_of, name_store
from bot.store.corrections import Corrections
from bot.store.curation import Curation, WrongFacts
from bot.store.digests import Digests
from bot.store.engine import Transaction, Transactions, WriteLock
from bot.store.facts import Events
from bot.store.feeds import Feeds
from bot.store.inbox import History, Inbox
from bot.store.installations import Installations
from bot.store.introductions import Introductions
from bot.store.migrate import is_at_head, migrate
from bot.store.monitoring import Maintenance, Metrics
from bot.store.outbox import Outbox, Pacing
from bot.store.preferences import FeedbackStore, LinkReading, PreferenceStore
from bot.store.retention import Deletion, Export, PersonalData, Thinning
from bot.store.sources import Sources, name_publishers
from bot.store.stories import IntakeSession, Stories
from bot.store.watches import HeldAlerts, News, Watches

AHEAD = 100
"""Articles whose stories an intake reads at once."""


class Connections:
    """The store's connections, for a library that brings statements of its own.

    Stands in for an Engine where only ``begin`` and ``connect`` are called.
    """

    def __init__(self, write: Transaction, read: Transaction) -> None:
        self.begin, self.connect = write, read


class Store:
    """Opened with ``Store.open``; close it, or use it as a context manager."""

    id = ""
    """Tells this store from another; a copy keeps it."""

    def __init__(self, where: str, engines: engine.Engines) -> None:
        self.where, self._engines = where, engines
        self._lock = WriteLock(where, engines.file)
        of = Transactions(self._write, self._help, self._read)
        self.curation = Curation(of)
        """Edits of actors and facts marked wrong, and the log of them."""
        self.backlog = Backlog(of)
        """Articles that wait for the reader."""
        self.introductions = Introductions(of)
        """Actors that articles introduce and no table has."""
        self.history = History(of)
        """What was published, asked and answered before."""
        self.events = Events(of)
        """Events that several articles report."""
        self.names = ArticleNames(of)
        """The names of articles."""
        self.outbox = Outbox(of)
        """Messages to be posted unasked."""
        self.feeds = Feeds(of)
        """Feeds that are followed, their entries, and notices about them."""
        self.feedback = FeedbackStore(of)
        """Feedback on replies."""
        self.inbox = Inbox(of)
        """Requests and their replies."""
        self.link_reading = LinkReading(of)
        """Where links are read as they are posted, and what was read."""
        self.stories = Stories(of)
        """Which articles are about the same event."""
        self.sources = Sources(of)
        """Who published what, and how far they are trusted."""
        self._serve_people(of)

    def _serve_people(self, of: Transactions) -> None:
        """Set up what is kept for those who ask and follow."""
        self.watches = Watches(of)
        """What is followed, and by whom."""
        self.digests = Digests(of)
        """Digests: what is posted at set times, and what was."""
        self.news = News(of)
        """What is new for those who follow something."""
        self.held_alerts = HeldAlerts(of)
        """Alerts held until quiet hours end."""
        self.metrics, self.maintenance = Metrics(of), Maintenance(of)
        """Metrics for operators; whether the store itself is sound."""
        self.installations = Installations(of)
        """The workspaces that installed Dragoman."""
        self.deletion = Deletion(of)
        """Deletion of a workspace."""
        self.connections = Connections(of.write, of.read)
        """The connections, for Slack's library, which stores tokens."""
        self.pacing = Pacing(of)
        """The pace of posting in each place."""
        self.export, self.personal_data = Export(of), PersonalData(of)
        """Export of a workspace; export and deletion of a person's data."""
        self.thinning = Thinning(of)
        """Old texts, thinned to what is quoted of them."""
        self.corrections = Corrections(of)
        """Messages that showed facts, and their corrections."""
        self.wrong_facts = WrongFacts(of)
        """Facts that people marked wrong."""
        self.preferences = PreferenceStore(of)
        """What people, places and workspaces prefer."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Open ``sqlite:////folder/file.db`` or ``postgresql://host/database``.

        Makes a file's folder, and brings the schema up to date. Raises StoreUnavailable
        (locked, no room, not reached, refused) or StoreError (not a database, another
        program's, too old or too new a schema, neither SQLite nor PostgreSQL).
        """
        parsed = engine.parse(url)
        store = cls(engine.place_of(parsed), engine.connect(parsed))
        try:
            store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self) -> None:
        # Reading first: a store that is up to date opens while another process writes to it.
        with self._read() as connection:
            if is_at_head(connection):
                self.id = name_of(connection)
        if not self.id:
            with self._write() as connection:
                migrate(connection, self.where)
                self.id = name_store(connection)

    def close(self) -> None:
        """Close every connection; SQLite's last one to close folds the log into the file."""
        self._engines.dispose()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with (
            self._lock.acquired(engine.BUSY_SECONDS),
            engine.in_words(self.where),
            self._engines.writer.begin() as connection,
        ):
            yield connection

    @contextmanager
    def _help(self) -> Iterator[Connection]:
        """Write beside the writer, where unique keys and locked rows keep writers apart."""
        if self._engines.helper is self._engines.writer:
            with self._write() as connection:
                yield connection
            return
        with engine.in_words(self.where), self._engines.helper.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with engine.in_words(self.where), self._engines.reader.begin() as connection:
            yield connection

    def empty_log(self) -> None:
        """Leave nothing of what was deleted in a log beside the store's file."""
        with self._lock.acquired(engine.BUSY_SECONDS), engine.in_words(self.where):
            engine.empty_log(self._engines.writer)

    # --- actors ---------------------------------------------------------------------

    def has_seeds(self, version: str) -> bool:
        """Whether this version of the seed actors is stored; waits for nobody."""
        with self._read() as connection:
            return has_seeds(connection, version)

    def seed_actors(self, actors: Sequence[Actor], tenures: Sequence[Tenure], version: str) -> bool:
        """Replace all seed actors, unless this version of them is stored; True if it did."""
        if self.has_seeds(version):
            return False
        with self._write() as connection:
            return seed_actors(connection, actors, tenures, version)

    def actors(self, workspace: str) -> list[Actor]:
        """The seed actors and the workspace's own, with their aliases; by id."""
        with self._read() as connection:
            return actors.all_actors(connection, workspace)

    def tenures(self, workspace: str) -> list[Tenure]:
        """Who held which office, by office and begin."""
        with self._read() as connection:
            return actors.all_tenures(connection, workspace)

    # --- articles in ----------------------------------------------------------------

    def known(self, workspace: str, audience: str, names: Collection[str]) -> dict[str, Known]:
        """What is stored under these names in one audience; absent where nothing is."""
        with self._read() as connection:
            return known_articles(connection, workspace, audience, names)

    def commit(
        self,
        arrivals: Sequence[Arrival],
        *,
        now: datetime | None = None,
        session: IntakeSession | None = None,
    ) -> None:
        """Store all arrivals in one transaction, or none.

        A new reading replaces the one before: facts that it no longer holds are retired,
        those that it holds again come back under the same id. ``now`` stamps what is
        withheld, ``session`` is one intake's. Raises BadEvidence where a quote is not verbatim.

        What takes long, comparing texts and reading stories, is done before the transaction
        begins: while it lasts nobody else can write.
        """
        session = session or IntakeSession()
        writing.check_all(arrivals)
        with self._read() as connection:
            writing.prepare(connection, arrivals, session)
        with session.transaction(self._write) as connection:
            writing.commit(connection, arrivals, now or datetime.now(UTC), session)
            record_names(connection, arrivals)

    def commit_in_batches(
        self, arrivals: Sequence[Arrival], *, now: datetime, session: IntakeSession
    ) -> None:
        """Store arrivals in their order, in transactions so short that others get their turns.

        Each article is stored whole or not at all. Raises as ``commit``; what was stored before
        an error stays.
        """
        for start in range(0, len(arrivals), AHEAD):
            ahead = arrivals[start : start + AHEAD]
            # Their days lie anywhere: read for each portion, stories would be read in crumbs.
            with self._read() as connection:
                writing.look_ahead(connection, ahead, session)
            for some in session.batches.split(ahead):
                self.commit(some, now=now, session=session)

    def name_publishers(self, now: datetime) -> int:
        """Name publishers by their links where no other name is known; returns how many."""
        with self._write() as connection:
            return name_publishers(connection, now)

    def tombstone(self, workspace: str, article: str, now: datetime) -> bool:
        """Mark an article as deleted: nothing shows it again, and it is not taken in again."""
        with self._write() as connection:
            return writing.tombstone(connection, workspace, article, now)

    # --- articles and facts out -----------------------------------------------------

    def articles(self, workspace: str, ids: Collection[str]) -> dict[str, Stored]:
        """Articles by id with their newest words; tombstoned ones say so, unknown are absent."""
        with self._read() as connection:
            return articles_by_id(connection, workspace, ids)

    def cited(self, workspace: str, ids: Collection[str]) -> dict[str, Cited]:
        """What is shown of live articles beside their words; others are absent."""
        with self._read() as connection:
            return cited_articles(connection, workspace, ids)

    def facts(
        self,
        workspace: str,
        audiences: Collection[str],
        *,
        actors: Collection[str] | None = None,
        beside: Collection[str] | None = None,
        classes: Collection[EventClass] | None = None,
        since: date | None = None,
        until: date | None = None,
        as_of: datetime | None = None,
        undated: bool | None = None,
        limit: int = 200,
    ) -> list[Fact]:
        """Live facts in which any of ``actors`` is source, target or claimant.

        With ``beside``, one of those must have a role too, or be where it took place.
        The day that counts is the event's, else the UTC day of publication; newest first,
        undated last, ties by id. ``since`` and ``until`` are inclusive, and leave undated
        facts out; ``undated=True`` gives only those, whatever the period. ``as_of`` leaves
        out articles published (without a date: first seen) after that instant.
        """
        with self._read() as connection:
            return facts.facts(
                connection,
                workspace,
                audiences,
                actors=actors,
                beside=beside,
                classes=classes,
                since=since,
                until=until,
                as_of=as_of,
                undated=undated,
                limit=limit,
            )

    def source_counts(
        self, workspace: str, article_ids: Collection[str]
    ) -> dict[str, tuple[str, ...]]:
        """The keys of each article's independent sources; absent where it has none."""
        with self._read() as connection:
            return source_counts(connection, workspace, article_ids)

    def mentions(self, workspace: str, article_ids: Collection[str]) -> dict[str, list[Mention]]:
        """The mentions of each article's live reading, in order; absent where it has none."""
        with self._read() as connection:
            return mentions_in(connection, workspace, article_ids)

    def articles_total(self, workspace: str) -> int:
        """How many live articles the workspace has."""
        with self._read() as connection:
            return articles_total(connection, workspace)

    # --- what indexes follow --------------------------------------------------------

    def last_seq(self) -> int:
        """The number of the newest change; 0 in an empty store."""
        with self._read() as connection:
            return last_seq(connection)

    def changes(self, after: int, limit: int) -> list[Change]:
        """At most ``limit`` changes numbered above ``after``, in order."""
        with self._read() as connection:
            return changes_after(connection, after, limit)

    def indexable(self, workspace: str, ids: Collection[str]) -> list[Indexable]:
        """What an index holds of these articles; tombstoned and unknown ones are absent."""
        with self._read() as connection:
            return indexable_articles(connection, workspace, ids)
