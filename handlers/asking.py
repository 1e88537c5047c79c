"""From a query to a message: runs the desk in a thread, and turns its failures into sentences."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.answer.formatting import shown_records, written_as
from bot.answer.intents import NOT_FROM_NEWS, Intent, without_emoji
from bot.answer.library import audiences
from bot.desk import Desk
from bot.errors import DragomanError, StoreError, StoreUnavailable
from bot.models import (
    Answer,
    Asker,
    Brief,
    Line,
    MessageRecord,
    Period,
    Reply,
    Request,
    SentReply,
)
from bot.store.store import Store
from bot.telemetry.traces import span
from bot.watches.watchlist import WatchList
from handlers import errors
from handlers.blocks.buttons import leading_on
from handlers.blocks.layout import Payload
from handlers.blocks.notes import Do, for_guest, sentence, usage
from handlers.blocks.reply import lines_shown, reply_message, tells_anything
from handlers.inbox import PATIENCE
from handlers.people import People

log = logging.getLogger(__name__)

NOTES_SECONDS = 20.0
"""How long the first question of a workspace waits until its notes are read."""

_NOTES_LOOK = 0.25  # seconds between checks whether they are read
_TO_ANSWER = timedelta(seconds=8)
_DESK_THREADS = 4

STILL_READING = (
    "I was just installed here and am still reading my starter notes. Please ask again in a minute."
)

_IN_HOME = "Alerts and digests are set up in my Home tab."


# --- earlier questions -------------------------------------------------------------------


THREADS = 2000
"""How many threads' last questions are kept in memory."""

RECENTLY = timedelta(minutes=30)
"""How long after an answer *and Turkey?* still follows it in direct messages."""


class LastQuestion(NamedTuple):
    """The last question of a thread, its asker, and the ``ts`` of that post or of our message."""

    query: str
    person: str
    ts: str


class Conversations:
    """The last question of each thread: in memory for the newest threads, else from the store."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._threads: dict[tuple[str, str, str], LastQuestion] = {}

    def remember(self, workspace: str, place: str, thread: str, question: LastQuestion) -> None:
        """Keep the last question of a thread, for the newest threads."""
        # Two workspaces may share a place, and each is answered by its own.
        self._threads.pop((workspace, place, thread), None)
        self._threads[workspace, place, thread] = question
        while len(self._threads) > THREADS:
            del self._threads[next(iter(self._threads))]

    async def last_question(
        self, workspace: str, surface: str, place: str, thread: str
    ) -> LastQuestion | None:
        """Return the last question of a thread, or None if nobody asked the bot there.

        For a thread without a question since this process began, the store knows the last question,
        or the one that the thread began with.
        """
        if (last := self._threads.get((workspace, place, thread))) is not None:
            return last
        return await asyncio.to_thread(self._stored, workspace, surface, place, thread)

    def _stored(self, workspace: str, surface: str, place: str, thread: str) -> LastQuestion | None:
        store = self._store
        if (known := store.history.last_in_thread(workspace, place, thread)) is not None:
            asked_at = known.request.split(":")[1] if ":" in known.request else thread
            return LastQuestion(known.query, known.person, asked_at)
        known = store.inbox.reply(workspace, surface, f"{place}:{thread}")
        known = known or store.inbox.reply_at(workspace, place, thread)
        return LastQuestion(known.query, known.person, thread) if known else None

    async def recent_query(self, workspace: str, place: str, person: str) -> str | None:
        """Return a person's last question in a place, if it is recent."""
        earlier = await asyncio.to_thread(self._store.history.shown_in, workspace, place, person)
        since = self._now() - RECENTLY
        return next((one.query for one in earlier if one.query and one.sent_at > since), None)


class UserQuery(NamedTuple):
    """A request for a brief on ``query``, or for an answer to it.

    ``as_of`` repeats an earlier reply, ``whole`` shows all of it; ``meant`` maps words of the query
    to the actor ids that they mean; ``after`` is the previous question in the same thread.
    ``alone`` means that nobody else sees the reply: only then does it include what changed for
    this person.
    """

    do: Do
    query: str
    person: str
    place: str
    as_of: datetime | None = None
    whole: bool = False
    meant: Mapping[str, str] = MappingProxyType({})
    after: str = ""
    alone: bool = False


class Rendered(NamedTuple):
    """A message ready to be sent, and what the store keeps about it."""

    payload: Payload
    query: str
    as_of: datetime
    period: Period | None = None
    fact_ids: tuple[str, ...] = ()
    tells: MessageRecord | None = None


class Asking:
    """Passes requests to the desk, each whole request in one thread."""

    def __init__(
        self,
        desk: Desk,
        people: People,
        *,
        now: Callable[[], datetime],
        workspace: str | None = None,
    ) -> None:
        """``workspace`` is the source of articles; None means the asker's Slack workspace."""
        self.desk = desk
        self._people = people
        self._now = now
        self._workspace = workspace
        self._pool = ThreadPoolExecutor(_DESK_THREADS, thread_name_prefix="desk")

    async def is_follow_up(self, workspace: str, place: str, text: str, last_query: str) -> bool:
        """Return whether a post under an answer is a follow-up; see ``Desk.asks_on``."""
        of = Asker(workspace=self.content_workspace(workspace), place=place, now=self._now())
        loop, look = asyncio.get_running_loop(), self.desk.asks_on
        return await loop.run_in_executor(self._pool, look, of, last_query, text)

    async def intent(self, workspace: str, place: str, text: str) -> Intent:
        """Return the intent of a text; see ``Desk.intent``."""
        of = Asker(workspace=self.content_workspace(workspace), place=place, now=self._now())
        loop, look = asyncio.get_running_loop(), self.desk.intent
        try:
            return await loop.run_in_executor(self._pool, look, of, text)
        except StoreError:
            return "question"  # the answer reports that the store is unreadable

    def close(self) -> None:
        """Wait for the desk's work to finish, and end its threads."""
        self._pool.shutdown()

    async def ask(self, request: Request, asked: UserQuery) -> Rendered:
        """Work out the reply; a failure becomes a sentence, never silence.

        Raises StoreUnavailable while there are attempts left, so that the request is retried.
        """
        if (payload := await self._not_a_question(request, asked)) is not None:
            return Rendered(payload, "", self._now())
        ready = await self.wait_for_notes(request)

        def work(asker: Asker) -> Rendered:
            said = self.rendered(asked, asker, request.workspace)
            # Send what was found; an empty result will soon be outdated.
            return said if ready or said.tells else said._replace(payload=sentence(STILL_READING))

        return await self.work(request, asked, work)

    async def _not_a_question(self, request: Request, asked: UserQuery) -> Payload | None:
        """Return the reply to a text that is not a question: how to ask, or what can be asked."""
        if asked.meant or (asked.query.strip() and not without_emoji(asked.query)):
            return None
        wants = await self.intent(request.workspace, asked.place, asked.query)
        if wants == "help":
            return usage()
        return None if wants == "question" else sentence(f"{NOT_FROM_NEWS} {_IN_HOME}")

    async def wait_for_notes(self, request: Request) -> bool:
        """Wait until a workspace that just installed Dragoman has something to answer from.

        Waits only while nothing is stored there, at most ``NOTES_SECONDS``, and leaves enough time
        to answer. False if its notes are still being read by then.
        """
        installed, loop = self.desk.store.installations.of, asyncio.get_running_loop()
        workspace, content = request.workspace, self.content_workspace(request.workspace)

        def is_coming() -> bool:
            found = installed(workspace)
            return found is not None and found.here and found.begun_at is None

        def is_empty() -> bool:
            return not self.desk.library(Asker(workspace=content, now=self._now())).frequency(None)

        try:
            coming = await loop.run_in_executor(self._pool, is_coming)
            if not coming or not await loop.run_in_executor(self._pool, is_empty):
                return True
            left = (request.lease_until - self._now() - _TO_ANSWER).total_seconds()
            until = loop.time() + min(left, NOTES_SECONDS)
            while loop.time() < until:
                await asyncio.sleep(_NOTES_LOOK)
                if not await loop.run_in_executor(self._pool, is_coming):
                    return True
        except StoreError:
            return True  # the answer reports that the store is unreadable
        return False

    async def work(
        self,
        request: Request,
        asked: UserQuery,
        work: Callable[[Asker], Rendered],
        threads: ThreadPoolExecutor | None = None,
    ) -> Rendered:
        """Run ``work`` in a thread of the desk, or in one of ``threads``; fails as ``ask`` does."""
        who = await self._people.profile(request.workspace, asked.person)
        asker = Asker(
            workspace=self.content_workspace(request.workspace),
            person=asked.person,
            place=asked.place,
            tz=who.tz,
            now=self._now(),
            as_of=asked.as_of,
            guest=who.guest,
            operator=who.admin or asked.person in self._people.admins,
        )

        def reading() -> Rendered:
            of = self.desk.store.preferences.person(request.workspace, asked.person)
            with written_as(of.dates):
                return work(asker.model_copy(update={"tz": of.tz}) if of.tz else asker)

        try:
            with span(asked.do):
                loop, own = asyncio.get_running_loop(), copy_context()  # for the log and traces
                return await loop.run_in_executor(threads or self._pool, own.run, reading)
        except StoreUnavailable:
            if request.attempts < PATIENCE:
                raise
            log.exception("request %s: the store is unavailable", errors.reference(request))
            error = StoreUnavailable("The store cannot be reached.")
            return self._failed(request, asked, error, asker)
        except DragomanError as error:
            return self._failed(request, asked, error, asker)
        except Exception as error:
            log.exception("request %s failed", errors.reference(request))
            return self._failed(request, asked, error, asker)

    def content_workspace(self, workspace: str) -> str:
        """Return the workspace whose articles and actors a Slack workspace uses."""
        return self._workspace or workspace

    def rendered(self, asked: UserQuery, asker: Asker, team: str | None = None) -> Rendered:
        """Ask the desk, in the calling thread.

        ``team`` is the Slack workspace of the question, where earlier replies are looked up.
        """
        if asked.after:
            query = self.desk.follow_up(asker, asked.after, asked.query)
            asked = asked._replace(query=query, after="")
        if asked.do == "brief":
            reply = self.desk.brief(asker, asked.query, meant=asked.meant)
        else:
            following = (
                WatchList(self.desk, team).followed_actors(asker, alone=asked.alone) if team else ()
            )
            reply = self.desk.ask(asker, asked.query, meant=asked.meant, following=following)
        if isinstance(reply, Brief) and asked.alone and team is not None:
            earlier = self.desk.store.history.shown_in(team, asked.place, asked.person)
            reply = self.desk.changed(asker, reply, earlier)
        return _rendered(reply, asked, asker)

    def _failed(
        self, request: Request, asked: UserQuery, error: Exception, asker: Asker
    ) -> Rendered:
        says = errors.failure_message(error, request, operator=asker.operator)
        return Rendered(says, asked.query, self._now())


def _rendered(reply: Reply, asked: UserQuery, asker: Asker) -> Rendered:
    payload = reply_message(reply, do=asked.do, tz=asker.tz, whole=asked.whole)
    as_of = asker.as_of or asker.now
    if asker.guest and asked.place.startswith("D"):
        payload = for_guest(payload)
    if asked.alone and not asked.place.startswith("D") and tells_anything(reply):
        # It disappears with the next reload, and nobody else sees it.
        payload = leading_on(payload, _again(reply, asked, as_of))
    if not isinstance(reply, Brief | Answer):
        return Rendered(payload, asked.query, as_of)
    facts = tuple(sorted({line.fact for line in lines_of(reply) if line.fact}))
    shown = lines_shown(reply, whole=asked.whole)
    tells = MessageRecord(
        workspace=asker.workspace,
        audiences=audiences(asker),
        person=asker.person,
        query=asked.query,
        tz=asker.tz,
        as_of=asker.now,
        lines=shown_records(shown),
    )
    return Rendered(payload, asked.query, as_of, reply.period, facts, tells)


def _again(reply: Reply, asked: UserQuery, as_of: datetime) -> dict[str, Any]:
    meant = dict(asked.meant)
    if isinstance(reply, Brief | Answer):
        meant = {match.query: match.actor for match in reply.subjects}
    again = {"do": asked.do, "q": asked.query, "as_of": as_of.isoformat()}
    return {**again, "meant": list(meant.items())}


def lines_of(reply: Reply) -> list[Line]:
    """Return the lines of a reply that answer the question."""
    if isinstance(reply, Answer):
        return list(reply.lines)
    if not isinstance(reply, Brief):
        return []
    lines = [*reply.disputed, *reply.planned, *reply.happened]
    lines += [*reply.undated, *reply.more]
    return [*lines, *reply.in_short]


def sent_reply(
    request: Request, asked: UserQuery, said: Rendered, *, ts: str | None, at: datetime
) -> SentReply:
    """Make the record that the store keeps of a reply."""
    return SentReply(
        workspace=request.workspace,
        surface=request.surface,
        request=request.key,
        place=asked.place,
        person=asked.person,
        ts=ts,
        query=said.query,
        period=said.period,
        as_of=said.as_of,
        fact_ids=said.fact_ids,
        sent_at=at,
        tells=said.tells,
    )
