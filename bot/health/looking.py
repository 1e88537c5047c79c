"""What is looked at to say whether this process is ready, and what it counts of the store.

A look has a thread of its own and is given a few seconds: where the store hangs, so does that
one thread, and whoever asks is told so meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic
from typing import NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from bot import __version__
from bot.desk import Desk
from bot.errors import DragomanError
from bot.gather.workers import out_of_order
from bot.store.monitoring import StoreMetrics
from bot.telemetry import counts

PATIENCE = 3.0
"""Seconds that the store has to answer; probes are often given no more than five."""

FRESH = 1.0
"""Seconds for which a look is good, however many ask."""

STUCK = 60.0
"""Seconds after which an index that is behind and follows nothing is out of order."""

Linked = Callable[[], Awaitable[bool | None]]
"""Whether there is a connection to Slack; None where Slack comes to us instead."""


class Look(NamedTuple):
    """``counted`` is None where the store cannot be read, and ``why`` says so."""

    counted: StoreMetrics | None
    indexed: int
    why: str = ""

    @property
    def behind(self) -> int:
        """The changes that the index has not taken in."""
        return max(self.counted.seq - self.indexed, 0) if self.counted else 0


class Health:
    """Looks at a desk for whoever asks; close it in the end."""

    def __init__(
        self,
        desk: Desk,
        linked: Linked | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = monotonic,
        patience: float = PATIENCE,
        fresh: float = FRESH,
    ) -> None:
        """``clock`` counts seconds."""
        self._desk = desk
        self._linked = linked
        self._now = now
        self._clock = clock
        self._patience = patience
        self._fresh = fresh
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._looking: asyncio.Future[Look] | None = None
        self._last: tuple[float, Look] | None = None
        self._stood: tuple[int, float] | None = None

    def close(self) -> None:
        """End the thread that looks, when it is back."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def unready(self) -> list[str]:
        """Why nobody should be sent here now, each in a sentence; nothing where all is well."""
        look = await self.look()
        wrong = [look.why] if look.why else []
        if look.counted is not None and self._is_stuck(look):
            wrong.append(
                f"The index is {look.behind:,} changes behind the store and follows nothing: "
                "the log says why; `dragoman reindex` makes it anew."
            )
        if what := self._desk.passages.damage:
            wrong.append(f"The search index is damaged ({what}); it is rebuilt from the store.")
        wrong += await asyncio.to_thread(out_of_order)
        if self._linked is not None and await self._linked() is False:
            wrong.append("There is no connection to Slack; another is being opened.")
        return wrong

    async def metrics(self) -> bytes:
        """Everything that is counted, as Prometheus reads it."""
        linked = await self._linked() if self._linked is not None else None
        registry = CollectorRegistry(auto_describe=False)
        for counter in counts.ALL:
            registry.register(counter)
        ProcessCollector(registry=registry)
        registry.register(_Now(await self.look(), linked, self._now()))
        return generate_latest(registry)

    async def look(self) -> Look:
        """Look at the store and the index, or hand out a look that is fresh."""
        if self._last is not None and self._clock() - self._last[0] < self._fresh:
            return self._last[1]
        if self._looking is None or self._looking.done():
            loop = asyncio.get_running_loop()
            self._looking = loop.run_in_executor(self._pool, self._look)
        looking = self._looking
        await asyncio.wait([looking], timeout=self._patience)
        if not looking.done():
            why = f"The store {self._desk.store.where} has not answered for some seconds."
            return Look(None, 0, why)
        self._last = (self._clock(), looking.result())
        return looking.result()

    def _look(self) -> Look:
        try:
            # The index first: what is committed in between is not yet to be in it.
            indexed = self._desk.passages.seq
            return Look(self._desk.store.metrics.now(self._now()), indexed)
        except DragomanError as error:
            return Look(None, 0, error.message)

    def _is_stuck(self, look: Look) -> bool:
        if not look.behind:
            self._stood = None
            return False
        if self._stood is None or self._stood[0] != look.indexed:
            self._stood = (look.indexed, self._clock())
        return self._clock() - self._stood[1] >= STUCK


class _Now(Collector):
    """One look, as gauges."""

    def __init__(self, look: Look, linked: bool | None, now: datetime) -> None:
        self._look = look
        self._linked = linked
        self._at = now

    def collect(self) -> Iterator[Metric]:
        """Give each gauge that there is something to say for."""
        info = GaugeMetricFamily("dragoman_info", "The version that runs", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        counted = self._look.counted
        yield _gauge("dragoman_store_up", "Whether the store can be read", counted is not None)
        if self._linked is not None:
            yield _gauge(
                "dragoman_slack_connected", "Whether Socket Mode is connected", self._linked
            )
        if counted is None:
            return
        yield _gauge(
            "dragoman_index_lag_changes",
            "Changes of the store that this process's index has not taken in",
            self._look.behind,
        )
        yield from _queues(counted)
        yield _gauge(
            "dragoman_facts_waiting",
            "Articles that are stored and found, and whose facts are still to be read",
            counted.facts.waiting,
        )
        yield _gauge(
            "dragoman_facts_lag_seconds",
            "For how long the article that came first of those has waited",
            counted.facts.lag.total_seconds(),
        )
        feeds = GaugeMetricFamily("dragoman_feeds", "Feeds, by how they fare", labels=["state"])
        for state, number in counted.feeds.items():
            feeds.add_metric([state], number)
        yield feeds
        yield _gauge(
            "dragoman_feeds_lag_seconds",
            "For how long the feed has been due that waits longest to be polled",
            counted.feeds_late.total_seconds(),
        )
        if counted.newest is not None:
            yield _gauge(
                "dragoman_newest_article_age_seconds",
                "Seconds since the newest article was published",
                (self._at - counted.newest).total_seconds(),
            )


def _queues(counted: StoreMetrics) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "dragoman_queue_waiting", "Requests and messages that are due", labels=["queue"]
    )
    lag = GaugeMetricFamily(
        "dragoman_queue_lag_seconds",
        "For how long the first of a queue has been due",
        labels=["queue"],
    )
    for name, queue in (("inbox", counted.requests), ("outbox", counted.posts)):
        waiting.add_metric([name], queue.waiting)
        lag.add_metric([name], queue.lag.total_seconds())
    yield waiting
    yield lag


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(value))
