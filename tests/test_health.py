"""What probes and Prometheus are told: over sockets, with a real store that fails for real."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import event, text

from bot.desk import Desk
from bot.errors import NoReaders, SettingsError
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.health.probes import STUCK, Health, measured
from bot.match.gazetteer import load
from bot.models import Draft, Outgoing
from bot.read.pool import kept_ready
from bot.settings import Settings
from bot.store.tables import article
from tests.slack import DIRECT, answers, app_for, far_side, serving, settings
from tests.stocked import TEAM, desk_at
from tests.test_gather_workers import refuse_to_start
from tests.workspace import LocalWorkspace

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


@asynccontextmanager
async def health(desk: Desk, **more: object) -> AsyncIterator[Health]:
    made = Health(desk, now=lambda: NOW, **{"fresh": 0.0, **more})  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.close()


async def read(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


def value(metrics: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    assert found, name
    return float(found[1])


async def metrics_of(one: Health) -> str:
    return (await one.metrics()).decode()


async def test_a_process_at_work_is_ready_and_counts_what_it_did(desk: Desk) -> None:
    async with far_side() as far:
        app = app_for(far, desk)
        async with health(desk, linked=app.is_linked) as one:
            own = settings(far.api_url, metrics_port=0)
            async with serving(app) as url, measured(one, own) as base:
                far.connect(url)
                before = await metrics_of(one)
                await far.say(DIRECT, "who moved to Turkey?")
                await answers(far, DIRECT)
                assert await read(f"{base}/healthz") == (200, "ok")
                assert await read(f"{base}/readyz") == (200, "ready")
                status, after = await read(f"{base}/metrics")
    assert status == 200
    name = 'dragoman_requests_total{outcome="answered",surface="message"}'
    assert value(after, name) == (value(before, name) if name in before else 0) + 1
    assert value(after, 'dragoman_request_seconds_count{surface="message"}') >= 1
    assert value(after, "dragoman_index_lag_changes") == 0
    assert value(after, "dragoman_store_up") == 1
    assert "dragoman_slack_connected" not in after
    assert "T0LOCAL" not in after
    assert "D0DRAGOMAN" not in after


async def test_queues_and_feeds_are_counted_with_how_late_they_are(desk: Desk) -> None:
    store = desk.store
    late = NOW - timedelta(minutes=5)
    store.inbox.record(TEAM, "ask", "C1:1", {}, NOW - timedelta(seconds=90))
    waits = {"workspace": TEAM, "kind": "notice", "place": "U1", "content": {"said": "x"}}
    store.outbox.put([Outgoing(key="now", due_at=late, **waits)], NOW)
    store.outbox.put([Outgoing(key="later", due_at=NOW + timedelta(hours=1), **waits)], NOW)
    for n, failures in enumerate((0, 0, 3)):
        url = f"https://news.example.org/{n}.xml"
        followed = feed_of(Listed(url), workspace=TEAM, now=late, person="")
        store.feeds.add(followed.model_copy(update={"failures": failures}), key_of(url))
    async with health(desk) as one:
        found = await metrics_of(one)
    assert value(found, 'dragoman_queue_waiting{queue="inbox"}') == 1
    assert value(found, 'dragoman_queue_lag_seconds{queue="inbox"}') == 90
    assert value(found, 'dragoman_queue_waiting{queue="outbox"}') == 1
    assert value(found, 'dragoman_queue_lag_seconds{queue="outbox"}') == 300
    assert value(found, 'dragoman_feeds{state="active"}') == 2
    assert value(found, 'dragoman_feeds{state="failing"}') == 1
    assert value(found, "dragoman_feeds_lag_seconds") == 300
    newest = desk.store.metrics.newest(NOW)[TEAM]
    assert newest is not None
    assert value(found, "dragoman_newest_article_age_seconds") == (NOW - newest).total_seconds()


async def test_readers_that_do_not_start_are_told_of_until_they_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = kept_ready(load())
    readers.close()
    initializer = readers._initializer
    monkeypatch.setattr(readers, "_initializer", refuse_to_start)
    draft = Draft(origin="made up", text="Iran met Qatar.")
    async with health(desk) as one:
        with pytest.raises(NoReaders):
            await asyncio.to_thread(desk.ingest, [draft], now=NOW)
        assert [said for said in await one.unready() if "articles do not start" in said]
        monkeypatch.setattr(readers, "_initializer", initializer)
        report = await asyncio.to_thread(desk.ingest, [draft], now=NOW)
        assert report.new == 1
        assert await one.unready() == []


async def test_an_index_that_follows_nothing_is_not_ready(desk: Desk) -> None:
    seconds = 0.0
    async with health(desk, clock=lambda: seconds) as one:
        with desk.store._read() as connection:
            first = connection.execute(article.select()).first()
        assert first is not None
        assert desk.store.tombstone(TEAM, first.id, NOW)
        assert await one.unready() == []  # it may be about to follow
        assert value(await metrics_of(one), "dragoman_index_lag_changes") >= 1
        seconds = STUCK
        (why,) = await one.unready()
        assert "changes behind the store" in why
        assert "dragoman reindex" in why
        desk.catch_up()
        assert await one.unready() == []


async def test_a_store_that_fails_is_said_in_words(desk: Desk) -> None:
    with desk.store._write() as connection:
        connection.execute(text("ALTER TABLE request RENAME TO gone"))
    async with health(desk) as one:
        (why,) = await one.unready()
        assert why.startswith("The store ")
        found = await metrics_of(one)
    assert value(found, "dragoman_store_up") == 0
    assert "dragoman_queue_waiting" not in found
    assert "dragoman_reading_batches" in found


async def test_a_store_that_hangs_is_not_waited_for(desk: Desk) -> None:
    answers_again = threading.Event()
    reader = desk.store._engines.reader

    def hang(*_: object) -> None:
        assert answers_again.wait(60)

    event.listen(reader, "before_cursor_execute", hang)
    async with health(desk, patience=0.05) as one:
        try:
            (why,) = await one.unready()
            assert "has not answered" in why
            assert value(await metrics_of(one), "dragoman_store_up") == 0
        finally:
            answers_again.set()
        one._patience = 60.0
        assert await one.unready() == []


async def test_without_a_connection_it_is_not_ready_for_slack(desk: Desk) -> None:
    up = False

    async def linked() -> bool:
        return up

    async with health(desk, linked=linked) as one:
        assert await one.unready() == ["There is no connection to Slack; another is being opened."]
        assert value(await metrics_of(one), "dragoman_slack_connected") == 0
        up = True
        assert await one.unready() == []
        assert value(await metrics_of(one), "dragoman_slack_connected") == 1


async def test_only_whether_it_lives_is_told_on_the_public_port(
    desk: Desk, far: LocalWorkspace
) -> None:
    app = app_for(far, desk)
    async with serving(app) as url:
        base = url.removesuffix("/slack/events")
        for page in ("metrics", "readyz", "readyz/", "METRICS", "slack/metrics"):
            assert (await read(f"{base}/{page}"))[0] == 404
        assert await read(f"{base}/healthz") == (200, "ok")


async def test_metrics_are_on_loopback_whatever_slack_reaches(
    desk: Desk, far: LocalWorkspace
) -> None:
    own = settings(far.api_url, metrics_port=0, host="0.0.0.0")  # noqa: S104
    async with health(desk) as one, measured(one, own) as apart:
        assert apart.startswith("http://127.0.0.1:")
        assert (await read(f"{apart}/metrics"))[0] == 200
        assert await read(f"{apart}/readyz") == (200, "ready")
        assert await read(f"{apart}/healthz") == (200, "ok")
        elsewhere = settings(far.api_url, metrics_port=0, metrics_host="::1")
        async with measured(one, elsewhere) as other:
            assert other.startswith("http://[::1]:")
        taken = settings(far.api_url, metrics_port=int(apart.rsplit(":", 1)[1]))
        with pytest.raises(SettingsError, match="METRICS_PORT"):
            async with measured(one, taken):
                pass


async def test_a_default_port_that_is_taken_stops_nothing(
    desk: Desk, far: LocalWorkspace, caplog: pytest.LogCaptureFixture
) -> None:
    """Several processes on one machine start with no setting for each."""
    first = settings(far.api_url, metrics_port=0)
    async with health(desk) as one, measured(one, first) as apart:
        port = int(apart.rsplit(":", 1)[1])
        by_default = Settings.model_construct(
            _fields_set=set(), **{**dict(settings(far.api_url)), "metrics_port": port}
        )
        async with measured(one, by_default) as url:
            assert url == ""
        assert (await read(f"{apart}/metrics"))[0] == 200
    assert "Set METRICS_PORT to a port of its own." in caplog.text


@pytest.fixture
async def far() -> AsyncIterator[LocalWorkspace]:
    async with far_side() as workspace:
        yield workspace
