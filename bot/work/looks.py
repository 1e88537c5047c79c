"""What is looked for unasked, how often, and by how many at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from bot.corrections.correcting import Correcting
from bot.desk import Desk
from bot.digests.schedule import send_time
from bot.digests.sending import DigestSender
from bot.errors import DragomanError
from bot.health.stale import Staleness
from bot.retention.texts import Thinner
from bot.settings import Settings
from bot.watches.alerts import Alerts
from bot.workspaces import Coming, told_of_feeds

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""How long feeds, digests and posts are given; of requests that is a setting."""

MUCH = 32
"""Where a look found so much to do there may be more, and it is looked again at once."""


class Tries:
    """What may fail, and is tried again later; a fault is logged once until it is over.

    ``expected`` are told in a sentence, anything else with its traceback.
    """

    def __init__(self, name: str, expected: tuple[type[Exception], ...] = (DragomanError,)) -> None:
        self._name = name
        self._expected = expected
        self._failing = False

    @contextmanager
    def once(self) -> Iterator[None]:
        """Try what is within; whatever it raises ends here."""
        try:
            yield
        except Exception as error:
            # Nothing may keep the process from trying again, nor fill the log.
            if not self._failing:
                known = isinstance(error, self._expected)
                log.warning("%s: waits. %s", self._name, error, exc_info=not known)
            self._failing = True
        else:
            self._failing = False


class Look:
    """One look: ``step`` does some of what is due, and returns how much that was.

    ``seconds``, which divide a minute, is how often the queue has one of all processes look.
    ``shared``: several may look at a time, and each takes what no other has; else those who
    come second would do the same, only for nothing.
    """

    def __init__(
        self, name: str, step: Callable[[], int], seconds: int = 1, *, shared: bool = False
    ) -> None:
        self.name, self.seconds, self.shared = name, seconds, shared
        self._step = step
        self._tries = Tries(name)

    def take(self) -> bool:
        """Look once; whether there may be more. What fails is left for later."""
        done = 0
        with self._tries.once():
            done = self._step()
        return done >= MUCH


def following(desk: Desk) -> list[Look]:
    """What each process does for itself: its indexes follow the store, whoever writes that."""
    return [Look("the index", desk.catch_up), Look("vectors", desk.embed_more)]


def shared(desk: Desk, settings: Settings, now: Callable[[], datetime]) -> list[Look]:
    """What any process does for all, each piece of it once; ``now`` is the clock."""
    age = timedelta(hours=settings.dragoman_digest_age)
    grace = timedelta(days=settings.dragoman_grace_days)
    alerts = Alerts(desk, send_time=send_time, now=now)
    sender = DigestSender(desk, age=age, now=now)
    correcting = Correcting(desk, days=settings.dragoman_corrections_days, now=now)
    coming = Coming(desk, grace=grace, now=now)
    whom = partial(told_of_feeds, desk.store, admins=settings.admins)
    stale = Staleness(desk.store, whom, hours=settings.dragoman_stale_hours, now=now)
    thinner = Thinner(desk.store, days=settings.dragoman_keep_days, now=now)
    longest = max(timedelta(seconds=settings.dragoman_lease_seconds), LEASE)

    def anew() -> int:
        # By the server's clock, if there is one: a single machine's may be wrong by itself.
        return desk.store.maintenance.reset_leases(desk.store.maintenance.clock() or now(), longest)

    return [
        Look("alerts", alerts.look, 2),
        Look("digests", sender.look, 2, shared=True),
        Look("corrections", correcting.look, 5),
        Look("workspaces", coming.look, 3),
        Look("leases", anew, 15),
        Look("facts", lambda: desk.read_backlog(now())),
        Look("old texts", thinner.look, 30),
        Look("age of articles", stale.look, 30),
    ]
