"""The durable path of a request: stored, acknowledged, worked on, answered once.

A handler calls ``take``; Slack gets its acknowledgement only once that returns. Workers claim
requests that are new or whose leases ran out, here or in another process, after a restart or
without one. So no acknowledged request is lost, and the store's claim ensures that only one worker
has a request at a time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, ParamSpec, TypeVar

from bot.errors import StoreError
from bot.models import Request, SentReply
from bot.store.store import Store
from bot.telemetry import counts, logs
from bot.telemetry.traces import span
from bot.work.tasks import Tries
from handlers.auth import CALL_SECONDS
from handlers.blocks.layout import Payload
from handlers.errors import (
    TOKEN_REFUSED,
    NotNow,
    TimeUp,
    Undeliverable,
    apology_message,
    reference,
    within_lease,
)
from handlers.sender import EPHEMERAL, Sender

# --- writes in batches -------------------------------------------------------------------


A = TypeVar("A")
R = TypeVar("R")


class WriteBatcher(Generic[A, R]):
    """Performs one write at a time in its own thread, or all waiting writes together.

    ``one`` performs one write; ``many`` performs several in one transaction and returns a result
    for each.
    """

    def __init__(
        self, one: Callable[[A], R], many: Callable[[Sequence[A]], list[R]], name: str
    ) -> None:
        self._one = one
        self._many = many
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._queue: list[tuple[A, asyncio.Future[R]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def write(self, item: A) -> R:
        """Perform the write with those that wait; return its result, or raise its error."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.append((item, done))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve(), name="write batch")
        return await done

    def shutdown(self) -> None:
        """Finish the writes under way; no more may come."""
        self._pool.shutdown()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            batch, self._queue = self._queue, []
            try:
                results = await loop.run_in_executor(
                    self._pool, self._all, [item for item, _ in batch]
                )
            except Exception as error:  # noqa: BLE001 - each waiting caller raises it
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, done), result in zip(batch, results, strict=True):
                if not done.done():  # the waiting caller may have been cancelled
                    done.set_result(result)

    def _all(self, items: Sequence[A]) -> list[R]:
        return self._many(items) if len(items) > 1 else [self._one(item) for item in items]


# --- apologies ---------------------------------------------------------------------------


log = logging.getLogger(__name__)

_WITHIN = timedelta(seconds=20)


async def apologise(
    sender: Sender, now: Callable[[], datetime], request: Request, why: Exception
) -> None:
    """Notify the asker in a sentence, with a reference that the log has, through any open way.

    Tries the response URL, then an ephemeral message in the place, then the direct messages.
    If no way is open, that is logged.
    """
    if getattr(why, "about", "") in TOKEN_REFUSED:
        log.error(
            "Slack no longer accepts our token (%s): set a valid SLACK_BOT_TOKEN, or have the app"
            " reinstalled",
            why,
        )
        return
    apology = apology_message(why, request)
    try:
        await _tell(sender, request, apology, now() + _WITHIN)
    except (NotNow, Undeliverable) as error:
        log.warning("who asked cannot be told, either: %s", error)


async def _tell(sender: Sender, request: Request, apology: Payload, until: datetime) -> None:
    asked = request.payload
    url = asked.get("response_url") or asked.get("hook")
    if await sender.responded(url, apology, until, EPHEMERAL):
        return
    if asked.get("place") and asked.get("person"):
        try:
            await sender.post_ephemeral(asked["place"], asked["person"], apology, until)
        except Undeliverable:
            await sender.post(asked["person"], apology, until)


# --- the inbox ---------------------------------------------------------------------------


P = ParamSpec("P")
T = TypeVar("T")

Work = Callable[[Request], Awaitable[SentReply]]
Apologise = Callable[[Request, Exception], Awaitable[None]]

ATTEMPTS = 12
"""Claims whose workers died before a request is given up."""

PATIENCE = 5
"""Attempts before reporting that the store is unreachable, instead of waiting longer."""

AT_ONCE_FIRST = 8
"""Requests that a new process works on at once before it has answered any.

A process that dies early then uses up few claims.
"""

STALE = timedelta(hours=1)
"""Age after which nobody waits any more for an answer that Slack would not take."""

LONGEST = timedelta(minutes=5)
"""How long an attempt may take whose lease is extended while it runs."""

_POLL_SECONDS = 2.0
_FINISH_WAITS = (0.1, 0.5, 2.0)


class Inbox:
    """Takes requests in and has them worked on, at most ``at_once`` at a time.

    ``work`` answers one request and returns the reply it sent; it raises NotNow for a request to
    retry later, Undeliverable for one that can never be answered. ``excuse`` notifies the asker of
    a request that is given up. Most requests at work wait for their turn to post, so there may be
    many.
    """

    def __init__(
        self,
        store: Store,
        work: Work,
        *,
        lease: timedelta,
        excuse: Apologise | None = None,
        at_once: int = 64,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        self._store = store
        self._work = work
        self._excuse = excuse
        self._lease = lease
        self._now = now
        # A separate thread takes requests in: an acknowledgement never waits for an answer.
        self._recorder = WriteBatcher(
            lambda one: store.inbox.record(*one), store.inbox.record_all, "inbox-record"
        )
        self._finisher = WriteBatcher(
            lambda one: store.inbox.finish(*one), store.inbox.finish_all, "inbox-finish"
        )
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="inbox-claims")
        self.claims = Claims(
            "requests",
            lambda most: self._run_in_pool(store.inbox.claim_some, now(), lease, most),
            self._one,
            self._release,
            most=at_once,
            first=AT_ONCE_FIRST,
            poll_seconds=poll_seconds,
        )
        self._limits: dict[str, asyncio.Timeout] = {}

    async def take(self, workspace: str, surface: str, key: str, payload: dict[str, Any]) -> bool:
        """Store a request; False if it is there already. Raises StoreError.

        The caller acknowledges only after this has returned.
        """
        new = await self._recorder.write((workspace, surface, key, _storable(payload), self._now()))
        if new:
            self.claims.wake.set()
        else:
            counts.REPEATED.inc()
        return new

    def start(self) -> None:
        """Start working on requests, including those left over from before."""
        self.claims.start()

    async def stop(self, grace: float = CALL_SECONDS + 2) -> None:
        """Finish the requests at work within ``grace`` seconds, and give back the rest."""
        await self.claims.stop(grace)
        self._recorder.shutdown()
        self._pool.shutdown()
        self._finisher.shutdown()

    async def _release(self, request: Request) -> None:
        await self._run_in_pool(self._store.inbox.release, request)

    async def _run_in_pool(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        whole = partial(call, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._pool, whole)

    async def _one(self, request: Request) -> None:
        surface = request.surface
        with logs.about(request=reference(request)), span("request", surface=surface):
            await self._handle(request)

    async def _handle(self, request: Request) -> None:
        try:
            await self._answer(request)
        except StoreError as error:
            log.error("request %s stays open. %s", reference(request), error)  # noqa: TRY400
        except Exception as error:
            log.exception("request %s failed", reference(request))
            await self._fail(request, "an error that is in the log", error)

    async def _answer(self, request: Request) -> None:
        if request.attempts > ATTEMPTS:
            why = f"no answer after {ATTEMPTS} attempts"
            await self._fail(request, why, NotNow(why))
            return
        try:
            async with within_lease(self._lease) as limit:
                self._limits[reference(request)] = limit
                reply = await self._work(request)
        except asyncio.CancelledError:
            await self._release(request)
            raise
        except TimeUp as error:
            # Treat it as a crash: a request that always takes too long is given up in the end.
            log.warning("request %s waits for its lease: %s", reference(request), error)
            return
        except NotNow as error:
            await self._postpone(request, error)
            return
        except Undeliverable as error:
            await self._fail(request, error.message, error)
            return
        finally:
            self._limits.pop(reference(request), None)
        await self._finish(request, reply)

    async def extend(self, request: Request) -> Request:
        """Extend the lease of a request, from now; return the request with its new lease.

        Raises TimeUp if another worker has claimed it meanwhile, or StoreError.
        """
        begun = asyncio.get_running_loop().time()
        until = self._now() + self._lease
        if not await self._run_in_pool(self._store.inbox.extend, request, until):
            raise TimeUp("Another has it by now.")
        if (limit := self._limits.get(reference(request))) is not None:
            limit.reschedule(begun + self._lease.total_seconds())
        return request.model_copy(update={"lease_until": until})

    @asynccontextmanager
    async def extending(self, request: Request) -> AsyncIterator[None]:
        """Extend the lease of a request repeatedly while the block runs.

        For work that takes long but does not hang, such as fetching pages of a slow site; after
        LONGEST it must end within one lease.
        """
        task = asyncio.create_task(
            self._extend_repeatedly(request), name=f"lease {reference(request)}"
        )
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _extend_repeatedly(self, request: Request) -> None:
        clock = asyncio.get_running_loop().time
        last = clock() + LONGEST.total_seconds()
        while clock() < last:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await self.extend(request)
            except TimeUp as error:
                log.warning("request %s is not kept: %s", reference(request), error)
                return  # the time limit ends the work
            except StoreError as error:
                log.warning("request %s is not kept yet: %s", reference(request), error)

    async def _postpone(self, request: Request, error: NotNow) -> None:
        """Postpone a request until Slack accepts the answer: rate limits only delay it."""
        if self._now() - request.received_at > STALE:
            await self._fail(request, error.message, error)
            return
        counts.REQUESTS.labels(request.surface, "later").inc()
        postpone = self._store.inbox.postpone
        if error.again_at is None:
            # Slack may have it: the next attempt checks. An outage of Slack is no attempt, either.
            log.warning("request %s waits for its lease: %s", reference(request), error)
            until = min(request.lease_until, self._now() + self._lease)
            await self._run_in_pool(partial(postpone, doubted=True), request, until)
        else:
            log.info("request %s waits until %s: %s", reference(request), error.again_at, error)
            await self._run_in_pool(postpone, request, error.again_at)

    async def _finish(self, request: Request, reply: SentReply) -> None:
        """Store the answer; Slack has it already, so storing it is retried."""
        self._count(request, "answered")
        for wait in _FINISH_WAITS:
            try:
                await self._note(request, reply)
            except StoreError as error:
                log.warning("request %s is answered, not yet noted: %s", reference(request), error)
                await asyncio.sleep(wait)
            else:
                return
        await self._note(request, reply)

    async def _note(self, request: Request, reply: SentReply) -> None:
        if not await self._finisher.write((request, reply, self._now())):
            log.error("request %s outlived its lease: it may be answered twice", reference(request))

    def _count(self, request: Request, outcome: str) -> None:
        seconds = max((self._now() - request.received_at).total_seconds(), 0.0)
        counts.REQUESTS.labels(request.surface, outcome).inc()
        counts.REQUEST_SECONDS.labels(request.surface).observe(seconds)
        log.info("%s: %s after %.2f s", request.surface, outcome, seconds)

    async def _fail(self, request: Request, why: str, error: Exception) -> None:
        self._count(request, "failed")
        log.error("request %s is given up: %s", reference(request), why)
        if self._excuse is not None:
            # First the apology: a crash between the two repeats it, and is never silent.
            await self._excuse(request, error)
        try:
            await self._run_in_pool(self._store.inbox.fail, request, why, self._now())
        except StoreError as error:
            log.error("request %s is not closed yet. %s", reference(request), error)  # noqa: TRY400


_NUL = re.compile(r"(?<!\\)\\u0000")
"""A NUL as it is written in the JSON that a button carries."""


def _storable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a payload without NULs and unpaired surrogates.

    JSON may contain them, and no store keeps them.
    """
    text = json.dumps(payload, ensure_ascii=False)
    if "\\u0000" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return payload
    whole: dict[str, Any] = json.loads(text.encode(errors="replace"), object_hook=_without_nul)
    return whole


def _without_nul(held: dict[str, Any]) -> dict[str, Any]:
    return {_blank(key): _blank(value) for key, value in held.items()}


def _blank(value: Any) -> Any:
    if isinstance(value, list):
        return [_blank(one) for one in value]
    if not isinstance(value, str):
        return value
    carried = _NUL.sub(" ", value) if value.startswith("{") else value
    return carried.replace("\x00", " ")


# --- claiming ----------------------------------------------------------------------------


Item = TypeVar("Item")


class Claims(Generic[Item]):
    """Claims items and works on them, at most ``most`` at a time, at first ``first``.

    ``claim`` returns up to so many items, ``work`` handles one and raises nothing, ``release``
    gives one back. The store is polled every ``poll_seconds``, and whenever ``wake`` is set.
    """

    def __init__(
        self,
        name: str,
        claim: Callable[[int], Awaitable[list[Item]]],
        work: Callable[[Item], Awaitable[None]],
        release: Callable[[Item], Awaitable[object]],
        *,
        most: int,
        first: int,
        poll_seconds: float,
    ) -> None:
        self._name = name
        self._claim, self._work, self._release = claim, work, release
        self._most = most
        self._allowed = min(first, most)
        self._poll = poll_seconds
        self._tries = Tries(name)
        self._loop: asyncio.Task[None] | None = None
        self.wake = asyncio.Event()
        self.at_work: set[asyncio.Future[None]] = set()

    def start(self) -> None:
        """Start working, including on items left over from before."""
        self._loop = asyncio.create_task(self._run(), name=self._name)

    async def stop(self, grace: float = CALL_SECONDS + 2) -> None:
        """Finish the items at work within ``grace`` seconds, and cancel the rest.

        By then any call to Slack has ended, so cancelled items have not been sent.
        """
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait([self._loop])
            self._loop = None
        if self.at_work:
            await asyncio.wait(self.at_work, timeout=grace)
        late = list(self.at_work)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            claimed = await self._claimed(self._allowed - len(self.at_work))
            for item in claimed:
                task = asyncio.ensure_future(self._work(item))
                self.at_work.add(task)
                task.add_done_callback(self._done)
            if claimed:
                continue
            with suppress(TimeoutError):
                # Not wait_for: before Python 3.12 it may swallow the cancellation that stops us.
                async with asyncio.timeout(self._poll):
                    await self.wake.wait()
            self.wake.clear()

    def _done(self, task: asyncio.Future[None]) -> None:
        self.at_work.discard(task)
        self._allowed = min(self._allowed + 2, self._most)
        self.wake.set()

    async def _claimed(self, most: int) -> list[Item]:
        if most < 1:
            return []
        # Shielded: a claim under way when we stop must not be lost with its items.
        claim = asyncio.ensure_future(self._claim(most))
        claimed: list[Item] = []
        try:
            # Whatever the error, the loop must go on: without it nobody gets an answer any more.
            with self._tries.once():
                claimed = await asyncio.shield(claim)
        except asyncio.CancelledError:
            with suppress(StoreError):  # otherwise they wait for their leases to expire
                for left in await claim:
                    await self._release(left)
            raise
        return claimed
