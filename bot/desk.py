"""The desk: the API that every surface calls. Synchronous; one call handles one whole request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answer.brief import brief, event_brief, is_of_event
from bot.answer.brief_sections import with_changes
from bot.answer.claims import NOTHING_NAMED, seen_claim, seen_link
from bot.answer.conversation import (
    asks_what_is_read,
    asks_who_else,
    continues_thread,
    follow_up,
    intent_of,
    link_in,
)
from bot.answer.disambiguation import (
    chosen_actor,
    correction_note,
    with_new_actors,
    with_typing_errors_fixed,
)
from bot.answer.intents import (
    NONE_IF_NOTHING_FOUND,
    NOT_FROM_NEWS,
    SURELY_NONE,
    Intent,
    without_emoji,
)
from bot.answer.library import Library
from bot.answer.other_languages import with_other_languages
from bot.answer.question import Question, understand
from bot.answer.reading_report import list_sources
from bot.answer.replies import (
    ask_back,
    reply_or_ask_back,
    reply_to,
    reply_to_follower,
    with_nearest,
)
from bot.answer.retrieval import Retrieved, retrieve
from bot.answer.timeline import Timeline, timeline
from bot.answer.writer import Writer, with_choice
from bot.curation.corrections import Corrections
from bot.curation.rosters import Rosters
from bot.errors import BadQuery, StoreUnavailable
from bot.match.actors import ActorIndex
from bot.match.gazetteer import Gazetteer, load
from bot.models import (
    EVERYWHERE,
    LOCAL,
    Answer,
    Asker,
    Brief,
    Draft,
    Match,
    Nothing,
    Period,
    Reply,
    SentReply,
)
from bot.private import FOLDER_MODE, close_to_others
from bot.search.index import PassageIndex, followed, following
from bot.search.vectors import HeadlineVectors, Vectors
from bot.settings import Settings
from bot.store.articles import BacklogSize
from bot.store.engine import DATABASE as DATABASE
from bot.store.engine import url_in, url_of
from bot.store.store import Store
from bot.text import multilingual

if TYPE_CHECKING:
    from bot.curation.backlog import Backlog
    from bot.curation.backlog import Progress as FactsProgress
    from bot.gather.records import Rejected
    from bot.ingest import Report
    from bot.read.pool import ReaderPool

ALL_VECTORS = 2_000
"""How many vectors one question may make when many questions are asked in a row."""

INDEX = "index"
KEPT_SEEDS = "match"


class Desk:
    """Store, passages and actors together; safe to call from several threads."""

    def __init__(
        self,
        store: Store,
        passages: PassageIndex,
        gazetteer: Gazetteer,
        *,
        workers: int = 0,
        vectors: Vectors | None = None,
        headlines: HeadlineVectors | None = None,
        writer: Writer | None = None,
    ) -> None:
        """Open the desk; seed the store with the gazetteer's actors if its seeds are outdated.

        ``headlines`` compares headlines across languages, if given; ``writer`` chooses the first
        lines of briefs.
        """
        self.store = store
        self._writer = writer
        self.passages = passages
        self.vectors = Vectors() if vectors is None else vectors
        self.headlines = headlines
        self._gazetteer = gazetteer
        self._workers = workers
        if not store.has_seeds(gazetteer.version):  # parsing the seeds is slow: skip it if possible
            store.seed_actors(gazetteer.actors, gazetteer.tenures, gazetteer.version)
        self._rosters = Rosters(store, gazetteer)
        self.care = Corrections(store, passages, self._rosters, gazetteer, workers)
        self._backlog: Backlog | None = None

    @classmethod
    def open(
        cls, folder: Path, *, url: str = "", workers: int = 0, writer: Writer | None = None
    ) -> Desk:
        """Open or create the indexes in ``folder``, and the store there or at ``url``.

        Raises StoreUnavailable or StoreError.
        """
        try:
            folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
            close_to_others(folder)
        except OSError as error:
            raise StoreUnavailable(
                f"The data folder {folder} cannot be made ({error.strerror}): "
                "set DRAGOMAN_DATA to a folder that can be written.",
                about=str(folder),
            ) from error
        with ExitStack() as opened:
            store = Store.open(url or url_in(folder))
            opened.callback(store.close)
            passages = PassageIndex.open(folder / INDEX)
            opened.callback(passages.close)
            desk = cls(
                store,
                passages,
                load(kept=folder / KEPT_SEEDS),
                workers=workers,
                vectors=Vectors(folder),
                headlines=HeadlineVectors(folder) if multilingual.is_installed() else None,
                writer=writer,
            )
            opened.pop_all()  # the desk closes them from now on
        return desk

    @classmethod
    def from_settings(cls, settings: Settings) -> Desk:
        """Open the desk that the settings describe; raises SettingsError."""
        return cls.open(
            settings.dragoman_data,
            url=url_of(settings),
            workers=settings.dragoman_workers,
            writer=Writer.from_settings(settings),
        )

    def close(self) -> None:
        """Close the index, the vectors and the store, and stop the backlog's readers."""
        if self._backlog is not None:
            self._backlog.close()
        self.passages.close()
        self.vectors.close()
        if self.headlines is not None:
            self.headlines.close()
        self.store.close()

    # --- in -------------------------------------------------------------------------

    def ingest(
        self,
        items: Iterable[Draft | Rejected],
        *,
        now: datetime,
        workspace: str = LOCAL,
        audience: str = EVERYWHERE,
        progress: Callable[[Report], None] | None = None,
        facts_later: bool = False,
        facts_progress: FactsProgress | None = None,
    ) -> Report:
        """Read and store articles, batch by batch; articles already stored are left alone.

        With ``facts_later``, articles are stored and searchable first, and ``read_backlog`` reads
        their facts.
        """
        # Import the reader late: callers that only ask questions need not wait for it.
        from bot.ingest import Ingest

        self._rosters.refresh()
        readers = self.readers(workspace)
        try:
            report = Ingest(
                self.store,
                readers,
                self._gazetteer.version,
                workspace=workspace,
                audience=audience,
                now=now,
                names_first=facts_later,
            ).run(items, following(self.passages, self.store, progress))
            followed(self.catch_up)
            if not facts_later:
                report.facts += self._read_facts(readers, workspace, now, facts_progress)
        finally:
            readers.close()
        return report

    def read_facts(self, *, now: datetime, workspace: str = LOCAL) -> int:
        """Read the facts of all articles that have none yet; return the number of facts."""
        readers = self.readers(workspace)
        try:
            return self._read_facts(readers, workspace, now)
        finally:
            readers.close()

    def _read_facts(
        self,
        readers: ReaderPool,
        workspace: str,
        now: datetime,
        progress: FactsProgress | None = None,
    ) -> int:
        backlog = self._new_backlog(readers)
        if backlog.work_off(workspace, now, progress):
            followed(self.catch_up)
        return backlog.facts

    def waiting(self, workspace: str | None = None) -> BacklogSize:
        """Count the articles that wait for the reader, in one workspace or in all."""
        from bot.curation.backlog import versions

        return self.store.backlog.size(versions(self._gazetteer), workspace)

    def read_backlog(self, now: datetime) -> int:
        """Read some of the waiting articles, of any workspace; return how many.

        Do not call this from several threads at once.
        """
        if self._backlog is None:
            self._backlog = self._new_backlog(self.readers())
        return self._backlog.look(now)

    def _new_backlog(self, readers: ReaderPool) -> Backlog:
        from bot.curation.backlog import Backlog

        return Backlog(self.store, self._rosters, self._gazetteer, readers)

    def readers(self, workspace: str = LOCAL) -> ReaderPool:
        """Create a pool that reads with a workspace's actors; the caller closes it."""
        from bot.read.pool import ReaderPool

        return ReaderPool(self._gazetteer, self._rosters.of(workspace).reading, self._workers)

    def ingest_seeds(
        self,
        *,
        now: datetime,
        workspace: str = LOCAL,
        facts_later: bool = False,
        facts_progress: FactsProgress | None = None,
    ) -> Report:
        """Read the notes that Dragoman ships with, like any other file."""
        from bot.gather.files import Defaults, drafts

        with resources.as_file(resources.files("seeds") / "articles") as folder:
            return self.ingest(
                drafts([str(folder)], defaults=Defaults(), now=now),
                now=now,
                workspace=workspace,
                facts_later=facts_later,
                facts_progress=facts_progress,
            )

    def catch_up(self) -> int:
        """Bring the index up to date with the store: articles, and corrections of actors.

        Returns the number of changes that the index applied, whoever made them.
        """
        self._rosters.refresh()
        return self.passages.catch_up(self.store)

    def embed_more(self) -> int:
        """Make vectors for a few more changes; 0 if none are left or another process does it."""
        if not self.passages.writable:
            return 0
        done = self.vectors.catch_up(self.store)
        return done + (self.headlines.catch_up(self.store) if self.headlines is not None else 0)

    def embed_some(self, most: int) -> None:
        """Make vectors for at most ``most`` changes; a few hundred take a few seconds.

        A request that comes before all vectors are made waits for those it needs; ``serve`` makes
        all of them.
        """
        done = 0
        while done < most and (more := self.embed_more()):
            done += more

    def reindex(self) -> int:
        """Rebuild the index; return the number of passages. Vectors are made again on demand.

        Articles whose publisher is known only from their links get its name first.
        """
        self.store.name_publishers(datetime.now(UTC))
        self.passages.rebuild(self.store)
        return self.passages.size

    def purge(self) -> None:
        """Remove from every file what was deleted from the store.

        The index is rebuilt beside the one in use, or by the process that writes it.
        """
        self._rosters.refresh()
        self.passages.purge(self.store)
        self.store.empty_log()

    def actors(self, workspace: str = LOCAL) -> ActorIndex:
        """Return the actors that a workspace knows: the seeds, and its own corrections."""
        return self._rosters.of(workspace).index

    def library(self, asker: Asker) -> Library:
        """Return the sources for answers; actors introduced by articles are known by id, too."""
        introduced = partial(self.store.introductions.by_id, asker.workspace)
        actors = self.actors(asker.workspace).asking(introduced)
        return Library(
            self.store, self.passages, actors, asker, self.vectors, headlines=self.headlines
        )

    # --- out ------------------------------------------------------------------------

    def brief(
        self,
        asker: Asker,
        query: str,
        period: Period | None = None,
        *,
        meant: Mapping[str, str] | None = None,
    ) -> Reply:
        """Brief on the actors or the event that ``query`` names; raise BadQuery.

        A question is answered; a query that names no actor is searched for in the text. ``meant``
        maps words of the query to the actor ids that they stand for.
        """
        self._refuse_others(asker, query, meant)
        library, question = self._understood(asker, query, period, meant)
        if (unclear := ask_back(question)) is not None:
            return unclear
        if is_of_event(question) and (about := event_brief(library, question)) is not None:
            return self._completed(library, question, about)
        reply = reply_to(library, question)
        if question.subjects and not question.general and isinstance(reply, Nothing):
            found = brief(library, question, question.subjects)
            reply = found.model_copy(update={"notes": (*reply.notes, *found.notes)})
        return self._completed(library, question, with_nearest(library, question, reply))

    def _completed(self, library: Library, question: Question, reply: Reply) -> Reply:
        """Add what is in other languages; let the writer choose how a brief begins, if any."""
        reply = with_other_languages(library, question, reply)
        if self._writer is None or not isinstance(reply, Brief):
            return reply
        return with_choice(library, reply, self._writer)

    def ask(
        self,
        asker: Asker,
        text: str,
        period: Period | None = None,
        *,
        meant: Mapping[str, str] | None = None,
        following: Sequence[Match] = (),
    ) -> Reply:
        """Answer a question, or brief on a bare name. Raises BadQuery.

        ``meant`` is as in ``brief``. *what is new?* covers the actors in ``following``.
        """
        if asks_what_is_read(text):
            return list_sources(self.library(asker), text)
        if (what := asks_who_else(text)) is not None:
            return self.seen(asker, what)
        self._refuse_others(asker, text, meant)
        library, question = self._understood(asker, text, period, meant)
        reply = reply_to_follower(library, question, following)
        self._refuse_others(asker, text, meant, reply)
        return self._completed(library, question, with_nearest(library, question, reply))

    def ask_in_full(
        self, asker: Asker, text: str, period: Period | None = None
    ) -> tuple[Reply, Retrieved]:
        """Answer a question, and return all evidence that was looked at."""
        library, question = self._understood(asker, text, period)
        library = replace(library, most_vectors=ALL_VECTORS)
        reply = with_nearest(library, question, reply_or_ask_back(library, question))
        return reply, retrieve(library, question)

    def seen(self, asker: Asker, what: str) -> Reply:
        """Say who else reports a link or a claim, and who denies it; raise BadQuery.

        A question is no claim: the first line of its answer is used instead.
        """
        if not what.strip():
            raise BadQuery(NOTHING_NAMED, about=what)
        if (link := link_in(what)) is not None:
            return seen_link(self.library(asker), link)
        library, question = self._understood(asker, what, None)
        if question.kind != "statement":
            answer = reply_or_ask_back(library, question)
            if isinstance(answer, Answer) and answer.answered and answer.lines:
                quote = answer.lines[0].snippet.quote
                library, question = self._understood(asker, quote, None)
        reply = seen_claim(library, question)
        return (isinstance(reply, Nothing) and ask_back(question)) or reply

    def timeline(self, asker: Asker, about: Brief) -> Timeline | None:
        """Return the events and coverage of a brief's actors; None if nothing has a date."""
        library, _ = self._understood(asker, about.query, about.period)
        return timeline(library, about.subjects, about.period) if about.subjects else None

    def changed(self, asker: Asker, about: Brief, earlier: Sequence[SentReply]) -> Brief:
        """Add to a brief what changed for its reader since the last of the ``earlier`` replies
        on the same subject."""
        library, question = self._understood(asker, about.query, about.period)
        return with_changes(library, question, about, earlier, partial(self.understood, asker))

    def understood(self, asker: Asker, text: str) -> Question:
        """Explain how a question is understood; raise BadQuery."""
        return self._understood(asker, text, None)[1]

    def intent(self, asker: Asker, text: str) -> Intent:
        """Classify a message: a question, thanks, a call for help, or a request beyond the news."""
        return intent_of(text, self.actors(asker.workspace))

    def _refuse_others(
        self, asker: Asker, text: str, meant: Mapping[str, str] | None, reply: Reply | None = None
    ) -> None:
        """Raise BadQuery for a text that is no question, sooner if ``reply`` has no answer."""
        if meant or not without_emoji(text) or isinstance(reply, Answer | Brief):
            return
        below = SURELY_NONE if reply is None else NONE_IF_NOTHING_FOUND
        if intent_of(text, self.actors(asker.workspace), below) != "question":
            raise BadQuery(NOT_FROM_NEWS, about=text[:80])

    def asks_on(self, asker: Asker, previous: str, text: str) -> bool:
        """Return whether a post below an answer is a follow-up question, not talk among people."""
        try:
            library, question = self._understood(asker, previous, None)
        except BadQuery:
            return False
        return continues_thread(text, question, library) and self.intent(asker, text) == "question"

    def follow_up(self, asker: Asker, previous: str, text: str) -> str:
        """Turn a text typed after a question into a question that stands alone.

        A text that is no question is returned unchanged.
        """
        if self.intent(asker, text) != "question":
            return text
        if (what := asks_who_else(text)) is not None:
            return text if what else f"who else reports: {asks_who_else(previous) or previous}"
        library = self.library(asker)
        return follow_up(previous, text, library.actors, library.today)

    def _understood(
        self, asker: Asker, text: str, period: Period | None, meant: Mapping[str, str] | None = None
    ) -> tuple[Library, Question]:
        library = self.library(asker)
        read = with_typing_errors_fixed(library, text)
        question = understand(read.text, library.actors, library.today, period)
        question = question.noting(*correction_note(read))
        # An ordinary word of the articles is no misspelt name: Angela is not Angola.
        words = [
            one
            for one in question.named
            if one.matches[0].how == "typo" and library.knows(one.text)
        ]
        library, question = with_new_actors(library, question.without(words) if words else question)
        for typed, actor in (meant or {}).items():
            if all(match.actor != actor for match in question.subjects):
                question = question.taking(typed, chosen_actor(library.actors, typed, actor))
        return library, question
