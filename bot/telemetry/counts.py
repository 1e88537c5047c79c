"""Metrics of this process for Prometheus; deploy/README.md has the table.

Labels have few values, known in advance: surfaces, outcomes, kinds; never a workspace, person,
place, feed or word. The code that serves the metrics registers them, so that several servers may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.registry import Collector

# The creation time is the same for all, and useless.
disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

REQUESTS = Counter(
    "dragoman_requests_total",
    "Requests from Slack that were handled, by surface and outcome",
    ["surface", "outcome"],
    registry=None,
)
REQUEST_SECONDS = Histogram(
    "dragoman_request_seconds",
    "Seconds from the arrival of a request until it was answered or given up, by surface",
    ["surface"],
    buckets=_SECONDS,
    registry=None,
)
REPEATED = Counter(
    "dragoman_requests_repeated_total",
    "Requests that Slack sent again although they were stored already",
    registry=None,
)
POSTED = Counter(
    "dragoman_posted_total",
    "Messages of the outbox that were handled: alerts, digests, corrections, notices",
    ["kind", "outcome"],
    registry=None,
)
POLLS = Counter("dragoman_feed_polls_total", "Feeds polled, by outcome", ["outcome"], registry=None)
ARTICLES = Counter(
    "dragoman_articles_total",
    "Articles ingested, by outcome",
    ["became"],
    registry=None,
)
FACTS = Counter("dragoman_facts_total", "Facts read in articles", registry=None)
READING = Gauge(
    "dragoman_reading_batches", "Batches of articles given to reading processes now", registry=None
)
READ_SECONDS = Histogram(
    "dragoman_read_seconds",
    "Seconds until a batch of articles was read",
    buckets=_SECONDS,
    registry=None,
)
UNREAD = Counter(
    "dragoman_unread_total",
    "Articles that could not be read: it took too long, or ended its process",
    registry=None,
)

ALL: tuple[Collector, ...] = (
    REQUESTS,
    REQUEST_SECONDS,
    REPEATED,
    POSTED,
    POLLS,
    ARTICLES,
    FACTS,
    READING,
    READ_SECONDS,
    UNREAD,
)


def count_intake(became: Mapping[str, int]) -> None:
    """Count the articles of one intake."""
    for what, number in became.items():
        ARTICLES.labels(what).inc(number)


@contextmanager
def reading() -> Iterator[None]:
    """Count a batch as in progress, and measure its time."""
    since = perf_counter()
    with READING.track_inprogress():
        yield
    READ_SECONDS.observe(perf_counter() - since)
