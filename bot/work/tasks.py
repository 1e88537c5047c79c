"""Background tasks, and the loop that repeats them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from functools import partial

from bot.corrections.correcting import Correcting
from bot.desk import Desk
from bot.digests.issuing import DigestSender
from bot.digests.schedule import send_time
from bot.errors import DragomanError
from bot.feeds.following import notify
from bot.feeds.poll import Polled, Poller, finished, keep_polling, polling
from bot.health.doctor import Staleness
from bot.retention import Thinner
from bot.settings import Settings
from bot.watches.alerts import Alerts
from bot.workspaces import Coming, feed_recipients

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""The lease of feeds, digests and posts; that of requests is a setting."""

MUCH = 32
"""After a pass with so much work there may be more, so the next one follows at once."""


class Tries:
    """Retries work that may fail; a failure is logged once until the work succeeds again.

    ``expected`` errors are logged as a sentence, others with a traceback.
    """

    def __init__(self, name: str, expected: tuple[type[Exception], ...] = (DragomanError,)) -> None:
        self._name = name
        self._expected = expected
        self._failing = False

    @contextmanager
    def once(self) -> Iterator[None]:
        """Run the block; any exception is logged and ends here."""
        try:
            yield
        except Exception as error:
            # No error may keep the process from trying again, or fill the log.
            if not self._failing:
                known = isinstance(error, self._expected)
                log.warning("%s: waits. %s", self._name, error, exc_info=not known)
            self._failing = True
        else:
            self._failing = False


class Look:
    """A background task: ``step`` does some of what is due, and returns how much that was.

    One of all processes runs it, the one for which ``hold`` returns True. ``shared`` tasks run in
    all, since each claims its work.
    """

    def __init__(self, name: str, step: Callable[[], int], *, shared: bool = False) -> None:
        self.name, self.shared = name, shared
        self._step = step
        self._tries = Tries(name)

    def take(self, hold: Callable[[str], bool] = lambda _: True) -> bool:
        """Run once; returns whether there may be more. What fails is tried again later."""
        done = 0
        with self._tries.once():
            done = self._step() if self.shared or hold(self.name) else 0
        return done >= MUCH


def following(desk: Desk) -> list[Look]:
    """What each process does for itself: keep its indexes up to date with the store."""
    return [Look("the index", desk.catch_up), Look("vectors", desk.embed_more)]


def shared(desk: Desk, settings: Settings, now: Callable[[], datetime]) -> list[Look]:
    """What any process does for all; ``now`` is the clock."""
    age = timedelta(hours=settings.dragoman_digest_age)
    grace = timedelta(days=settings.dragoman_grace_days)
    alerts = Alerts(desk, send_time=send_time, now=now)
    digests = DigestSender(desk, age=age, now=now)
    correcting = Correcting(desk, days=settings.dragoman_corrections_days, now=now)
    coming = Coming(desk, grace=grace, now=now)
    recipients = partial(feed_recipients, desk.store, admins=settings.admins)
    stale = Staleness(desk.store, recipients, hours=settings.dragoman_stale_hours, now=now)
    thinner = Thinner(desk.store, days=settings.dragoman_keep_days, now=now)
    longest = max(timedelta(seconds=settings.dragoman_lease_seconds), LEASE)

    def reset_leases() -> int:
        # By the clock of the database server, if there is one: this machine's may be wrong.
        return desk.store.maintenance.reset_leases(desk.store.maintenance.clock() or now(), longest)

    return [
        Look("alerts", alerts.look),
        Look("digests", digests.look, shared=True),
        Look("corrections", correcting.look),
        Look("workspaces", coming.look),
        Look("leases", reset_leases),
        Look("facts", lambda: desk.read_backlog(now())),
        Look("old texts", thinner.look),
        Look("age of articles", stale.look),
    ]


class Polls:
    """Polls feeds while the context of ``polls`` is open."""

    def __init__(
        self, desk: Desk, settings: Settings, poller: Poller, now: Callable[[], datetime]
    ) -> None:
        self._store = desk.store
        self._people = settings.admins
        self._poller = poller
        self._now = now

    async def keep(self) -> None:
        """Poll feeds as they become due, endlessly."""
        await keep_polling(self._poller, self._notify)

    async def _notify(self, polled: Polled) -> None:
        if polled.notice is not None:
            log.warning("%s", polled.notice.said)
        workspace = polled.feed.workspace
        recipients = await finished(feed_recipients, self._store, workspace, self._people)
        await finished(notify, self._store, workspace, recipients, self._now())


@asynccontextmanager
async def polls(
    desk: Desk, settings: Settings, now: Callable[[], datetime]
) -> AsyncIterator[Polls]:
    """Open what polling needs; raises SettingsError."""
    async with polling(settings, desk.store, desk.ingest, now=now) as poller:
        yield Polls(desk, settings, poller, now)


SECONDS = 1.0


@asynccontextmanager
async def repeating(
    looks: Sequence[Look],
    polls: Polls | None = None,
    hold: Callable[[str], bool] = lambda _: True,
) -> AsyncIterator[None]:
    """Run these tasks concurrently, and poll feeds, until the context ends.

    Tasks under way are finished then, and feeds being polled are released. ``hold`` returns whether
    this process is to run the task with a name.
    """
    tasks = [asyncio.create_task(_repeat(look, hold), name=look.name) for look in looks]
    if polls is not None:
        tasks.append(asyncio.create_task(polls.keep(), name="feeds"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def _repeat(look: Look, hold: Callable[[str], bool]) -> None:
    more = False
    while True:
        await asyncio.sleep(0 if more else SECONDS)
        more = await finished(look.take, hold)
