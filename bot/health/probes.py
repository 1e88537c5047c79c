"""Probes and metrics of this process: ``/healthz``, ``/readyz`` and ``/metrics``.

The store is checked in a thread of its own, within a few seconds: if it hangs, only that thread
hangs, and the probes report it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import NamedTuple

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from bot import __version__
from bot.desk import Desk
from bot.errors import DragomanError, SettingsError
from bot.gather.workers import out_of_order
from bot.settings import Settings
from bot.store.monitoring import StoreMetrics
from bot.telemetry import counts

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that the store has to answer; probes often time out after five."""

FRESH = 1.0
"""Seconds for which a result is reused."""

STUCK = 60.0
"""Seconds after which an index that is behind without progress counts as stuck."""

Linked = Callable[[], Awaitable[bool | None]]
"""Whether there is a connection to Slack; None if Slack connects to us instead."""


class Look(NamedTuple):
    """The state of store and index; ``counted`` is None if the store cannot be read (``why``)."""

    counted: StoreMetrics | None
    indexed: int
    why: str = ""

    @property
    def behind(self) -> int:
        """The number of changes not yet in the index."""
        return max(self.counted.seq - self.indexed, 0) if self.counted else 0


class Health:
    """Checks a desk for probes and Prometheus; must be closed."""

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
        """``clock`` returns seconds."""
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
        """Stop the thread after its current check."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def unready(self) -> list[str]:
        """Return the reasons not to send requests here now, a sentence each; empty if none."""
        look = await self.look()
        wrong = [look.why] if look.why else []
        if look.counted is not None and self._is_stuck(look):
            wrong.append(
                f"The index is {look.behind:,} changes behind the store and is not catching up: "
                "the log says why; `dragoman reindex` rebuilds it."
            )
        if what := self._desk.passages.damage:
            wrong.append(f"The search index is damaged ({what}); it is rebuilt from the store.")
        wrong += await asyncio.to_thread(out_of_order)
        if self._linked is not None and await self._linked() is False:
            wrong.append("There is no connection to Slack; another is being opened.")
        return wrong

    async def metrics(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        linked = await self._linked() if self._linked is not None else None
        registry = CollectorRegistry(auto_describe=False)
        for counter in counts.ALL:
            registry.register(counter)
        ProcessCollector(registry=registry)
        registry.register(_Now(await self.look(), linked, self._now()))
        return generate_latest(registry)

    async def look(self) -> Look:
        """Check the store and the index, or return a result that is still fresh."""
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
            # The index first: it need not contain later commits yet.
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
    """One check, exported as gauges."""

    def __init__(self, look: Look, linked: bool | None, now: datetime) -> None:
        self._look = look
        self._linked = linked
        self._at = now

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges that have a value."""
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
            "Changes of the store that are not yet in the index of this process",
            self._look.behind,
        )
        yield from _queues(counted)
        yield _gauge(
            "dragoman_facts_waiting",
            "Articles that are stored and searchable, but not yet read for facts",
            counted.facts.waiting,
        )
        yield _gauge(
            "dragoman_facts_lag_seconds",
            "How long the oldest of those articles has waited",
            counted.facts.lag.total_seconds(),
        )
        feeds = GaugeMetricFamily("dragoman_feeds", "Feeds, by state", labels=["state"])
        for state, number in counted.feeds.items():
            feeds.add_metric([state], number)
        yield feeds
        yield _gauge(
            "dragoman_feeds_lag_seconds",
            "How long the most overdue feed has been due",
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
        "How long the first item of a queue has been due",
        labels=["queue"],
    )
    for name, queue in (("inbox", counted.requests), ("outbox", counted.posts)):
        waiting.add_metric([name], queue.waiting)
        lag.add_metric([name], queue.lag.total_seconds())
    yield waiting
    yield lag


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(value))


# --- the pages ------------------------------------------------------------------------


async def healthz(_: web.Request) -> web.Response:
    """Answer that this process is alive."""
    return web.Response(text="ok")


@asynccontextmanager
async def measured(health: Health, settings: Settings) -> AsyncIterator[str]:
    """Serve all three on ``METRICS_PORT``; yields the address.

    If the port is taken, raises SettingsError if it was set explicitly. The default port may be in
    use by another Dragoman on the same machine: then it logs a warning and yields "".
    """

    async def readyz(_: web.Request) -> web.Response:
        wrong = await health.unready()
        return web.Response(text="\n".join(wrong) or "ready", status=503 if wrong else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=await health.metrics(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    app = web.Application()
    pages = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
    app.add_routes([web.get(path, page) for path, page in pages.items()])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        yield await _listen(runner, settings)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    host, port = settings.metrics_host, settings.metrics_port
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        said = f"Nothing can listen at {host}, port {port} ({error.strerror})"
        if "metrics_port" in settings.model_fields_set:
            raise SettingsError(
                f"{said}: set METRICS_HOST and METRICS_PORT to an address that is free.",
                about="METRICS_PORT",
            ) from error
        log.warning(
            "%s: this process serves no /metrics and no /readyz. Set METRICS_PORT to a port"
            " of its own.",
            said,
        )
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{runner.addresses[0][1]}"
