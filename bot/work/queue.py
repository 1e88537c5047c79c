"""Background tasks shared by any number of processes, by Procrastinate's queue in PostgreSQL.

Each task is queued for one process at a time. The task for feeds queues each due feed by itself,
so that they spread over all processes. The store's own claims keep two processes from doing the
same work if a job comes twice, and the next run makes up for a lost job: so jobs are neither kept
nor retried.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition, Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

from bot.errors import DragomanError
from bot.feeds.poll import FEEDS_AT_ONCE, finished
from bot.store.jobs import connector, unreachable
from bot.work.tasks import Look, Polls, Tries


class Lost:
    """Jobs that the queue assigns to this process but that it is not working on."""

    def __init__(self) -> None:
        self._at_work: set[int] = set()
        self._workers: set[int] = set()
        self._missed: set[int] = set()

    @contextmanager
    def at(self, context: JobContext) -> Iterator[None]:
        """Record that a job is under way here, until the context ends."""
        job = context.job
        if job.id is None or job.worker_id is None:
            yield
            return
        self._workers.add(job.worker_id)
        self._at_work.add(job.id)
        try:
            yield
        finally:
            self._at_work.discard(job.id)

    async def free(self, jobs: JobManager) -> None:
        """End the jobs that were lost both now and at the last call.

        A job that is only starting or ending is through by the next call, seconds later.
        """
        missed: set[int] = set()
        for worker in self._workers:
            for job in await jobs.list_jobs_async(worker_id=worker, status=Status.DOING.value):
                if job.id is None or job.id in self._at_work:
                    continue
                if job.id in self._missed:
                    await jobs.finish_job(job, Status.FAILED, delete_job=True)
                else:
                    missed.add(job.id)
        self._missed = missed


FEEDS_SECONDS = 5
TIDY_SECONDS = 10

BEAT_SECONDS = 15.0
"""How often each process queues every task by itself. Procrastinate goes by the wall clock: if
that jumps back, it would queue none until the time is reached again."""

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
"""A process without a heartbeat for so long counts as dead, and its jobs are released."""

GRACE_SECONDS = 8.0
"""How long jobs may continue at shutdown before they are released."""

LOOKS_AT_ONCE = 4
_AGAIN_SECONDS = 1.0
_LOOKS, _FEEDS = "looks", "feeds"
_AWAY = (DragomanError, ConnectorException, psycopg.Error)

Asked = Callable[[], Awaitable[None]]


@asynccontextmanager
async def queued(url: str, looks: Sequence[Look], polls: Polls) -> AsyncIterator[None]:
    """Work off the queue of the store at ``url`` until the context ends.

    Jobs under way are finished then, or released. Raises StoreUnavailable if the store cannot
    be reached.
    """
    # Failures are logged by ``Tries``, once.
    for name, level in (("procrastinate", logging.CRITICAL), ("psycopg.pool", logging.ERROR)):
        logging.getLogger(name).setLevel(level)
    queue = _Queue(url, looks, polls)
    async with AsyncExitStack() as stack:
        await queue.open(stack)
        tasks = [asyncio.create_task(work, name=name) for name, work in queue.to_be_done().items()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


class _Queue:
    def __init__(self, url: str, looks: Sequence[Look], polls: Polls) -> None:
        self._url = url
        # Two, so that feeds that take minutes do not delay digests.
        self._connector = connector(url)
        self._looks, self._feeds = App(connector=self._connector), App(connector=connector(url))
        self._asked: list[Task[Any, Any, Any]] = []
        self._lost = Lost()
        for look in looks:
            self._add(look.name, _taking(look), look.seconds, alone=not look.shared)
        self._add_feeds(polls)
        # Not alone: a process that died while tidying would block all others.
        self._add("tidy", self._tidy, TIDY_SECONDS, alone=False)

    async def open(self, stack: AsyncExitStack) -> None:
        try:
            await stack.enter_async_context(self._looks.open_async())
            await stack.enter_async_context(self._feeds.open_async(self._connector.pool))
        except psycopg.Error as error:
            raise unreachable(self._url, error) from error

    def to_be_done(self) -> dict[str, Any]:
        """What runs concurrently, by name."""
        return {
            "looks": _keep_working(self._looks, _LOOKS, LOOKS_AT_ONCE),
            "polls": _keep_working(self._feeds, _FEEDS, FEEDS_AT_ONCE),
            "beat": self._beat(),
        }

    def _add(self, name: str, do: Asked, seconds: int, *, alone: bool = True) -> None:
        """Queue a task every ``seconds``; ``alone``: in one process at a time."""

        async def asked(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - its name
            with self._lost.at(context):
                await do()

        lock = name if alone else None
        made = self._looks.task(
            name=name, queue=_LOOKS, lock=lock, queueing_lock=name, pass_context=True
        )
        task = made(asked)
        self._looks.periodic(cron=f"* * * * * */{seconds}")(task)
        self._asked.append(task)

    def _add_feeds(self, polls: Polls) -> None:
        polling, looking = Tries("a feed", _AWAY), Tries("feeds", _AWAY)

        @self._feeds.task(name="feed", queue=_FEEDS, pass_context=True)
        async def feed(context: JobContext, workspace: str, key: str) -> None:
            with self._lost.at(context), polling.once():
                await polls.one(workspace, key)

        async def due() -> None:
            with looking.once():
                for workspace, key in await polls.due():
                    one = feed.configure(queueing_lock=f"feed {workspace} {key}")
                    with suppress(AlreadyEnqueued):
                        await one.defer_async(workspace=workspace, key=key)

        self._add("feeds", due, FEEDS_SECONDS)

    async def _beat(self) -> None:
        tries = Tries("the queue of jobs", _AWAY)
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with tries.once():
                await self._lost.free(self._looks.job_manager)
                for task in self._asked:
                    with suppress(AlreadyEnqueued):
                        await task.defer_async(timestamp=0)

    async def _tidy(self) -> None:
        """Remove dead processes, which would block tasks that run alone."""
        jobs = self._looks.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            with suppress(ConnectorException):  # its process is alive after all, and ended it
                await jobs.finish_job(job, Status.FAILED, delete_job=True)
        await jobs.prune_stalled_workers(STALLED_SECONDS)


def _taking(look: Look) -> Asked:
    async def take() -> None:
        while await finished(look.take):
            pass

    return take


async def _keep_working(app: App, queue: str, at_once: int) -> None:
    """Work off one queue; start again if its connections fail."""
    tries = Tries(f"the queue of {queue}", _AWAY)
    while True:
        with tries.once():
            await app.run_worker_async(
                queues=[queue],
                name=queue,
                concurrency=at_once,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
            )
        await asyncio.sleep(_AGAIN_SECONDS)
