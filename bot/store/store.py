"""The one Store: everything that Dragoman stores is written and read here.

Calls are synchronous and safe from any thread. Writes queue for the one writer
connection; a read takes one of a few reader connections for one short transaction, and sees
one snapshot in it. In PostgreSQL the writers of all processes queue, while requests, polls and
posts are claimed and closed beside them (``_help``). Database errors become
StoreUnavailable (the same call may succeed later) or StoreError.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import Connection

from bot.models import Actor, Arrival, Tenure
from bot.store import actors as _actors
from bot.store import articles as _articles
from bot.store import changes as _changes
from bot.store import engine, sources, writing
from bot.store import facts as _facts
from bot.store.articles import ArticleNames, Backlog, record_names
from bot.store.corrections import Corrections
from bot.store.curation import Curation, WrongFacts
from bot.store.digests import Digests
from bot.store.engine import Transaction, Transactions, WriteLock, reads, writes
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
from bot.store.sources import Sources
from bot.store.stories import IntakeSession, Stories
from bot.store.watches import HeldAlerts, News, Watches

AHEAD = 100
"""How many articles an intake reads stories for at once."""


class Connections:
    """The store's connections, for a library that runs its own statements.

    Stands in for an Engine if the library only calls ``begin`` and ``connect``.
    """

    def __init__(self, write: Transaction, read: Transaction) -> None:
        self.begin, self.connect = write, read


class Store:
    """The store. Open it with ``Store.open``; close it, or use it as a context manager."""

    id = ""
    """Identifies this store; a copy keeps the id."""

    def __init__(self, where: str, engines: engine.Engines) -> None:
        self.where, self._engines = where, engines
        self._lock = WriteLock(where, engines.file)
        of = Transactions(self._write, self._help, self._read)
        self.curation = Curation(of)
        self.backlog = Backlog(of)
        self.introductions = Introductions(of)
        self.history = History(of)
        self.events = Events(of)
        self.names = ArticleNames(of)
        self.outbox = Outbox(of)
        self.pacing = Pacing(of)
        self.feeds = Feeds(of)
        self.feedback = FeedbackStore(of)
        self.inbox = Inbox(of)
        self.link_reading = LinkReading(of)
        self.stories = Stories(of)
        self.sources = Sources(of)
        self.watches = Watches(of)
        self.digests = Digests(of)
        self.news = News(of)
        self.held_alerts = HeldAlerts(of)
        self.metrics = Metrics(of)
        self.maintenance = Maintenance(of)
        self.installations = Installations(of)
        self.deletion = Deletion(of)
        self.export = Export(of)
        self.personal_data = PersonalData(of)
        self.thinning = Thinning(of)
        self.corrections = Corrections(of)
        self.wrong_facts = WrongFacts(of)
        self.preferences = PreferenceStore(of)
        self.connections = Connections(of.write, of.read)
        """The connections, for Slack's library, which stores tokens."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Open ``sqlite:////folder/file.db`` or ``postgresql://host/database``.

        Creates a file's folder, and upgrades the schema. Raises StoreUnavailable
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
        # Read first: a store that is up to date opens while another process writes to it.
        with self._read() as connection:
            if is_at_head(connection):
                self.id = _changes.name_of(connection)
        if not self.id:
            with self._write() as connection:
                migrate(connection, self.where)
                self.id = _changes.name_store(connection)

    def close(self) -> None:
        """Close every connection; the last one of SQLite folds the log into the file."""
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
        """Write beside the writer: unique keys and locked rows keep the two apart."""
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
        """Remove deleted data from the log beside the store's file."""
        with self._lock.acquired(engine.BUSY_SECONDS), engine.in_words(self.where):
            engine.empty_log(self._engines.writer)

    # --- actors ---------------------------------------------------------------------

    has_seeds = reads(_actors.has_seeds)
    actors = reads(_actors.all_actors)
    tenures = reads(_actors.all_tenures)

    def seed_actors(self, actors: Sequence[Actor], tenures: Sequence[Tenure], version: str) -> bool:
        """Replace all seed actors, unless this version of them is stored; True if it did."""
        if self.has_seeds(version):
            return False
        with self._write() as connection:
            return _actors.seed_actors(connection, actors, tenures, version)

    # --- articles in ----------------------------------------------------------------

    known = reads(_articles.known_articles)
    tombstone = writes(writing.tombstone)
    name_publishers = writes(sources.name_publishers)

    def commit(
        self,
        arrivals: Sequence[Arrival],
        *,
        now: datetime | None = None,
        session: IntakeSession | None = None,
    ) -> None:
        """Store all arrivals in one transaction, or none.

        A new reading replaces the one before: facts that it no longer has are retired,
        those that it has again return under the same id. ``now`` stamps withheld articles,
        ``session`` belongs to one intake. Raises BadEvidence if a quote is not verbatim.

        The slow parts, comparing texts and reading stories, come before the transaction, since
        nobody else can write during it.
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
        """Store arrivals in order, in transactions short enough to let others take turns.

        Each article is stored whole or not at all. Raises like ``commit``; articles stored before
        an error stay.
        """
        for start in range(0, len(arrivals), AHEAD):
            ahead = arrivals[start : start + AHEAD]
            # Their days lie anywhere: read stories for all of them, not in crumbs for each portion.
            with self._read() as connection:
                writing.look_ahead(connection, ahead, session)
            for some in session.batches.split(ahead):
                self.commit(some, now=now, session=session)

    # --- articles and facts out -----------------------------------------------------

    articles = reads(_articles.articles_by_id)
    cited = reads(_articles.cited_articles)
    facts = reads(_facts.facts)
    source_counts = reads(_articles.source_counts)
    mentions = reads(_articles.mentions_in)
    articles_total = reads(_articles.articles_total)

    # --- what indexes follow --------------------------------------------------------

    last_seq = reads(_changes.last_seq)
    changes = reads(_changes.changes_after)
    indexable = reads(_articles.indexable_articles)
    in_other_languages = reads(_articles.articles_in_other_languages)
