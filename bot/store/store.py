"""The one Store: everything that Dragoman keeps goes in and comes out here.

Calls are synchronous and safe from any thread: writes queue for the one writer
connection, reads take one of a few reader connections for one short transaction, and see
one picture in it. In PostgreSQL the writers of all processes queue, and requests, polls and
posts are claimed and ended beside them (``_help``). What the database raises comes out as
StoreUnavailable (the same call may succeed later) or StoreError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Self

from sqlalchemy import Connection

from bot.models import Actor, Arrival, Change, EventClass, Fact, Mention, Tenure
from bot.store import actors, engine, facts, naming, publishers, queries, seeding, writing
from bot.store.backlog import Backlogs
from bot.store.care import Care
from bot.store.counting import Counting
from bot.store.deleting import Deleting
from bot.store.digests import Digests
from bot.store.exporting import Exporting
from bot.store.feedback import Feedbacks
from bot.store.feeds import Feeds
from bot.store.happenings import Happenings
from bot.store.held import Holding
from bot.store.history import History
from bot.store.inbox import Inboxes
from bot.store.installed import Installs
from bot.store.intake import Intakes
from bot.store.introductions import Introductions
from bot.store.lent import Lent
from bot.store.migrate import is_at_head, migrate
from bot.store.naming import Names
from bot.store.news import News
from bot.store.outbox import Outboxes
from bot.store.pacing import Pacing
from bot.store.personal import Personal
from bot.store.preferences import Preferring
from bot.store.records import Cited, Indexable, Known, Stored
from bot.store.sources import Sources
from bot.store.storied import Kept
from bot.store.stories import Stories
from bot.store.tending import Tending
from bot.store.thinning import Thinning
from bot.store.told import Remembered
from bot.store.turns import Turns
from bot.store.watches import Watches
from bot.store.wrong import WrongFacts

AHEAD = 100
"""Articles whose stories an intake reads at once."""


class Store:
    """Opened with ``Store.open``; close it, or use it as a context manager."""

    id = ""
    """Tells this store from another; a copy keeps it."""

    def __init__(self, where: str, engines: engine.Engines) -> None:
        self.where, self._engines = where, engines
        self._turns = Turns(where, engines.file)
        self.care = Care(self._write, self._read)
        """What a workspace says of actors, and the log of it."""
        self.backlog = Backlogs(self._read)
        """Articles that wait for the reader."""
        self.introductions = Introductions(self._read)
        """Whom articles introduce that no table knows."""
        self.history = History(self._read)
        """How much was published when."""
        self.happenings = Happenings(self._read)
        """What several articles tell."""
        self.names = Names(self._write, self._read)
        """What articles go by."""
        self.outbox = Outboxes(self._help, self._read)
        """What is to be posted unasked."""
        self.feeds = Feeds(self._write, self._help, self._read)
        """The feeds that are followed, what they had, and the notices about them."""
        self.feedback = Feedbacks(self._write, self._read)
        """What people say of replies."""
        self.inbox = Inboxes(self._help, self._read)
        """Requests that were taken in, and the replies they got."""
        self.intakes = Intakes(self._write, self._read)
        """Where links are read as they are posted."""
        self.stories = Stories(self._read)
        """Which articles are about the same happening."""
        self.sources = Sources(self._write, self._read)
        """Who published what, and how far they are trusted."""
        self._serve_people()

    def _serve_people(self) -> None:
        """Set up what is kept for those who ask and follow."""
        self.watches = Watches(self._write, self._read)
        """What is followed, and by whom."""
        self.digests = Digests(self._write, self._help, self._read)
        """What is told at set times, and what was."""
        self.news = News(self._write, self._read)
        """What is new for those who follow something."""
        self.holding = Holding(self._write, self._read)
        """Alerts that wait for quiet hours to end."""
        self.counting, self.tending = Counting(self._read), Tending(self._write, self._read)
        """What waits, and how new the newest article is; whether the store itself is sound."""
        self.installed = Installs(self._write, self._read)
        """The workspaces that it is installed in."""
        self.deleting = Deleting(self._write, self._read)
        """All of a workspace, deleted."""
        self.lent = Lent(self._write, self._read)
        """The connections, for Slack's library, which keeps tokens."""
        self.pacing = Pacing(self._help)
        """Whose turn it is to post in a place."""
        self.exporting, self.personal = Exporting(self._read), Personal(self._write, self._read)
        """All of a workspace, to take along; all of a person, to take along or to forget."""
        self.thinning = Thinning(self._write, self._read)
        """Texts that are old, thinned to what is quoted of them."""
        self.told = Remembered(self._write, self._read)
        """What was told to whom, for corrections."""
        self.wrong = WrongFacts(self._read)
        """Facts that people marked wrong."""
        self.preferences = Preferring(self._write, self._read)
        """What people, places and workspaces prefer."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Open ``sqlite:////folder/file.db`` or ``postgresql://host/database``.

        Makes a file's folder, and brings the schema up to date. Raises StoreUnavailable
        (locked, no room, not reached, refused) or StoreError (not a database, another
        program's, a newer schema, neither SQLite nor PostgreSQL).
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
            if is_at_head(connection) and seeding.mark_of(connection, publishers.MARK):
                self.id = seeding.name_of(connection)
        if not self.id:
            with self._write() as connection:
                migrate(connection, self.where)
                self.id = seeding.name_store(connection)
                publishers.name_once(connection, datetime.now(UTC))

    def close(self) -> None:
        """Close every connection; SQLite's last one to close folds the log into the file."""
        self._engines.dispose()
        self._turns.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with (
            self._turns.taken(engine.BUSY_SECONDS),
            engine.in_words(self.where),
            self._engines.writer.begin() as connection,
        ):
            yield connection

    @contextmanager
    def _help(self) -> Iterator[Connection]:
        """Write beside the writer, for what is told apart by unique keys and locked rows."""
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
        with self._turns.taken(engine.BUSY_SECONDS), engine.in_words(self.where):
            engine.empty_log(self._engines.writer)

    # --- actors ---------------------------------------------------------------------

    def has_seeds(self, version: str) -> bool:
        """Whether this version of the seed actors is stored; waits for nobody."""
        with self._read() as connection:
            return seeding.has_seeds(connection, version)

    def seed_actors(self, actors: Sequence[Actor], tenures: Sequence[Tenure], version: str) -> bool:
        """Replace all seed actors, unless this version of them is stored; True if it did."""
        if self.has_seeds(version):
            return False
        with self._write() as connection:
            return seeding.seed_actors(connection, actors, tenures, version)

    def actors(self, workspace: str) -> list[Actor]:
        """The seed actors and the workspace's own, with their aliases; by id."""
        with self._read() as connection:
            return actors.actors(connection, workspace)

    def tenures(self, workspace: str) -> list[Tenure]:
        """Who held which office, by office and begin."""
        with self._read() as connection:
            return actors.tenures(connection, workspace)

    # --- articles in ----------------------------------------------------------------

    def known(self, workspace: str, audience: str, names: Collection[str]) -> dict[str, Known]:
        """What is stored under these names in one audience; absent where nothing is."""
        with self._read() as connection:
            return queries.known(connection, workspace, audience, names)

    def commit(
        self, arrivals: Sequence[Arrival], *, now: datetime | None = None, kept: Kept | None = None
    ) -> None:
        """Store all arrivals in one transaction, or none.

        A new reading replaces the one before: facts that it no longer holds are retired,
        those that it holds again come back under the same id. ``now`` stamps what is set
        aside, ``kept`` is one intake's. Raises BadEvidence where a quote is not verbatim.

        What takes long, comparing texts and reading stories, is done before the transaction
        begins: while it lasts nobody else can write.
        """
        kept = kept or Kept()
        writing.check_all(arrivals)
        with self._read() as connection:
            writing.prepare(connection, arrivals, kept)
        with kept.within(self._write) as connection:
            writing.commit(connection, arrivals, now or datetime.now(UTC), kept)
            naming.keep(connection, arrivals)

    def commit_in_portions(self, arrivals: Sequence[Arrival], *, now: datetime, kept: Kept) -> None:
        """Store arrivals in their order, in transactions so short that others get their turns.

        Each article is stored whole or not at all. Raises as ``commit``; what was stored before
        an error stays.
        """
        for start in range(0, len(arrivals), AHEAD):
            ahead = arrivals[start : start + AHEAD]
            # Their days lie anywhere: read for each portion, stories would be read in crumbs.
            with self._read() as connection:
                writing.look_ahead(connection, ahead, kept)
            for some in kept.portions.cut(ahead):
                self.commit(some, now=now, kept=kept)

    def name_publishers(self, now: datetime) -> int:
        """Name publishers by their links where no other name is known; returns how many."""
        with self._write() as connection:
            return publishers.name_publishers(connection, now)

    def tombstone(self, workspace: str, article: str, now: datetime) -> bool:
        """Mark an article as deleted: nothing shows it again, and it is not taken in again."""
        with self._write() as connection:
            return writing.tombstone(connection, workspace, article, now)

    # --- articles and facts out -----------------------------------------------------

    def articles(self, workspace: str, ids: Collection[str]) -> dict[str, Stored]:
        """Articles by id with their newest words; tombstoned ones say so, unknown are absent."""
        with self._read() as connection:
            return queries.articles(connection, workspace, ids)

    def cited(self, workspace: str, ids: Collection[str]) -> dict[str, Cited]:
        """What is shown of live articles beside their words; others are absent."""
        with self._read() as connection:
            return queries.cited(connection, workspace, ids)

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
            return queries.source_counts(connection, workspace, article_ids)

    def mentions(self, workspace: str, article_ids: Collection[str]) -> dict[str, list[Mention]]:
        """The mentions of each article's live reading, in order; absent where it has none."""
        with self._read() as connection:
            return queries.mentions(connection, workspace, article_ids)

    def articles_total(self, workspace: str) -> int:
        """How many live articles the workspace has."""
        with self._read() as connection:
            return queries.articles_total(connection, workspace)

    # --- what indexes follow --------------------------------------------------------

    def last_seq(self) -> int:
        """The number of the newest change; 0 in an empty store."""
        with self._read() as connection:
            return queries.last_seq(connection)

    def changes(self, after: int, limit: int) -> list[Change]:
        """At most ``limit`` changes numbered above ``after``, in order."""
        with self._read() as connection:
            return queries.changes(connection, after, limit)

    def indexable(self, workspace: str, ids: Collection[str]) -> list[Indexable]:
        """What an index holds of these articles; tombstoned and unknown ones are absent."""
        with self._read() as connection:
            return queries.indexable(connection, workspace, ids)
