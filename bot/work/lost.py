"""Jobs that are done but whose end did not get through to the queue.

Where a connection breaks just as a job is being ended, the queue has it for one that is under
way. Its process lives, so nobody takes it for dead, and its lock would keep that work from all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate.job_context import JobContext
from procrastinate.jobs import Status
from procrastinate.manager import JobManager


class Lost:
    """What this process is at, against what the queue says it is at."""

    def __init__(self) -> None:
        self._at_work: set[int] = set()
        self._workers: set[int] = set()
        self._missed: set[int] = set()

    @contextmanager
    def at(self, context: JobContext) -> Iterator[None]:
        """Say that a job is under way here, until the context ends."""
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
        """End those that the queue gives us and nobody here is at, now as at the last look.

        Between two looks, seconds apart, a job that is only being begun or ended is through.
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
